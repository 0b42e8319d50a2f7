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
        }
    }
}
