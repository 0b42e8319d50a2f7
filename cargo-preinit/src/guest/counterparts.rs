//! Which instance of a baked component is which of the guest's.

use std::collections::BTreeMap;

use super::graph::Guest;
use super::index::{InstanceId, ScopeId};
use super::module::count;

/// The instances of the output that are the guest's. Others are at the ends of their scopes.
#[derive(Debug)]
pub(crate) struct Counterparts {
    /// By the instance of the guest.
    pub(crate) in_output: BTreeMap<InstanceId, InstanceId>,
    /// By the instance of the output.
    pub(crate) in_guest: BTreeMap<InstanceId, InstanceId>,
    /// The others, with their scopes, in order.
    pub(crate) added: Vec<(ScopeId, InstanceId)>,
    /// What each core function is that the output's component makes, by its position in [`Wiring::made`](super::wiring::Wiring::made).
    pub(crate) made: Vec<MadeAs>,
}

/// What a core function is that the component of the output makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MadeAs {
    /// The guest's of this position.
    Guests(usize),
    /// One that is made behind the guest's in this scope, by its position among those.
    Added(ScopeId, usize),
}

impl Counterparts {
    pub(crate) fn of(output: &Guest<'_>, guest: &Guest<'_>) -> Self {
        let (mut in_output, mut in_guest) = (BTreeMap::new(), BTreeMap::new());
        let mut added = Vec::new();
        let scopes = |guest: &'_ Guest<'_>| guest.around.as_ref().map_or(0, |around| around.scopes.len());
        for scope in 0..scopes(output) {
            let instances = |guest: &Guest<'_>| -> Vec<InstanceId> {
                let scopes = guest.around.iter().flat_map(|around| around.scopes.get(scope));
                scopes.flat_map(|scope| scope.instances.clone()).collect()
            };
            let (found, expected) = (instances(output), instances(guest));
            for (found, expected) in found.iter().zip(&expected) {
                in_output.insert(*expected, *found);
                in_guest.insert(*found, *expected);
            }
            let others = found.into_iter().skip(expected.len());
            added.extend(others.map(|id| (ScopeId(count(scope)), id)));
        }
        Self {
            in_output,
            in_guest,
            added,
            made: made(output, guest),
        }
    }
}

fn made(output: &Guest<'_>, guest: &Guest<'_>) -> Vec<MadeAs> {
    let mut of_guest: BTreeMap<ScopeId, Vec<usize>> = BTreeMap::new();
    let made = |guest: &'_ Guest<'_>| -> Vec<ScopeId> {
        let made = guest.around.iter().flat_map(|around| &around.wiring.made);
        made.map(|made| made.scope).collect()
    };
    for (position, scope) in made(guest).into_iter().enumerate() {
        of_guest.entry(scope).or_default().push(position);
    }
    let mut in_scope: BTreeMap<ScopeId, usize> = BTreeMap::new();
    let made = made(output).into_iter().map(|scope| {
        let of_guest = of_guest.get(&scope).map_or(&[][..], Vec::as_slice);
        let position = in_scope.entry(scope).or_default();
        let made = match of_guest.get(*position) {
            Some(guests) => MadeAs::Guests(*guests),
            None => MadeAs::Added(scope, *position - of_guest.len()),
        };
        *position += 1;
        made
    });
    made.collect()
}
