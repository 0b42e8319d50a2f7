//! Runs init again with other answers, and compares what it leaves.
//!
//! Init runs once more for each source that it asked, from the code that is compiled already, with all other answers as before: see
//! `second_init/search.rs`. Where it asked nothing, its state follows from the module alone, and nothing runs again.

mod compare;
mod known;
mod search;

use std::collections::BTreeMap;
use std::time::Duration;

use super::captured::{Captured, Runnable};
use super::growth;
use super::hash_keys::HashKeys;
use crate::capture::capture;
use crate::clock::Stage;
use crate::guest::index::InstanceId;
use crate::impurity::{Difference, Effect, Place, Tainted};
use crate::leaks;
use crate::options::Wasi;
use crate::run::{Conditions, Keys, MemoryOwners, Ran, RunError, Source};
use crate::scrub;
use crate::snapshot::Snapshot;
use compare::{Dead, leave_out};
use known::Known;

/// What follows from each source that init asked.
pub(crate) type Effects = BTreeMap<Source, Effect>;

/// What was found by running init again.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(super) effects: Effects,
    pub(super) keys: HashKeys,
    /// Secrets and texts of the machine: what they are, and where.
    pub(super) leaks: BTreeMap<String, Vec<Tainted>>,
    /// Which step wrote what, if init ran again.
    pub(super) owners: Option<MemoryOwners>,
}

/// Finds out what of the state follows from what init asked.
///
/// # Errors
///
/// If there is too little time for the run that shows which bytes are the keys of hash maps: these bytes are others in the output, which must
/// not depend on how fast a machine is.
pub(super) fn second_init(runnable: &Runnable<'_>, captured: &Captured) -> Result<Found, RunError> {
    let mut found = Found::default();
    search::search(runnable, captured, &mut found)?;
    found.leaks = leaks(runnable, captured);
    if found.owners.is_none() {
        found.owners = owners_of_growth(runnable, captured);
    }
    Ok(found)
}

/// Runs init again to learn which step wrote what, if only that tells why the output will have grown.
fn owners_of_growth(runnable: &Runnable<'_>, captured: &Captured) -> Option<MemoryOwners> {
    let Captured {
        snapshot,
        summary,
        owners,
    } = captured;
    if owners.is_some() || !growth::needs_owners(runnable.guest, snapshot, summary, runnable.options) {
        return None;
    }
    runnable.clock.enter(Stage::SecondInit);
    owners_of(runnable, captured)
}

/// Runs init again to learn which step wrote what.
fn owners_of(runnable: &Runnable<'_>, captured: &Captured) -> Option<MemoryOwners> {
    let again = Again {
        has_owners: true,
        ..Again::of_bake(time(runnable, captured))
    };
    again.run(runnable).ok()?.owners
}

/// The sources from whose answers nothing follows.
pub(super) fn harmless(effects: &Effects) -> Vec<Source> {
    let harmless = effects
        .iter()
        .filter(|(_, effect)| matches!(effect, Effect::State(parts) if parts.is_empty()));
    harmless.map(|(source, _)| *source).collect()
}

/// Finds secrets and texts of the machine. If there are some, init runs again, unless it is known already which step wrote what.
fn leaks(runnable: &Runnable<'_>, captured: &Captured) -> BTreeMap<String, Vec<Tainted>> {
    let guest = runnable.guest;
    let shown: Vec<&str> = match &runnable.options.wasi {
        Wasi::Denied => Vec::new(),
        Wasi::Allowed(shown) => shown.env.iter().map(|(_, value)| value.as_str()).collect(),
    };
    let leaks = leaks::find(
        &captured.snapshot,
        guest.wasm,
        &runnable.options.machine_texts,
        &shown,
    );
    let mut by_what: BTreeMap<String, Vec<Difference>> = BTreeMap::new();
    let nodes = scrub::scrubbed(guest);
    let dead = nodes.filter_map(|node| {
        let state = captured.snapshot.instance(&node);
        let dead = scrub::dead_in(&node, state, runnable.options.scrub_heap)?;
        Some((node.id, dead.ranges()))
    });
    let dead: Dead = dead.collect();
    for leak in leaks {
        by_what.entry(leak.what).or_default().push(Difference {
            instance: leak.instance,
            place: Place::Bytes(leak.memory, leak.range),
        });
    }
    for found in by_what.values_mut() {
        leave_out(found, &dead);
    }
    by_what.retain(|_, found| !found.is_empty());
    let mut owners = None;
    if !by_what.is_empty() && captured.owners.is_none() {
        runnable.clock.enter(Stage::SecondInit);
        owners = owners_of(runnable, captured);
    }
    let known = Known {
        guest,
        snapshot: &captured.snapshot,
        items: &captured.summary.items,
        owners: captured.owners.iter().chain(&owners).collect(),
        only: None,
        keys: &HashKeys::default(),
    };
    let leaks = by_what
        .into_iter()
        .map(|(what, found)| (what, known.tainted(&found)));
    leaks.collect()
}

/// How long a run may take: many times as long as the first one, and no more than half of what is left. With other answers init may never
/// end, which must not fail the bake.
fn time(runnable: &Runnable<'_>, captured: &Captured) -> Duration {
    const TIMES: u32 = 20;
    const LEAST: Duration = Duration::from_secs(2);
    let enough = captured.summary.elapsed.saturating_mul(TIMES).max(LEAST);
    enough.min(runnable.time() / 2)
}

/// What a run finds in memories before its first step.
type Patches = Vec<(InstanceId, u64, Vec<u8>)>;

/// Whether what the allocator has free keeps its bytes while init runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Free {
    Kept,
    Zeroed,
}

/// What another run of init is like.
struct Again<'a> {
    time: Duration,
    /// The source whose answers are others.
    varied: Option<Source>,
    patches: &'a [(InstanceId, u64, Vec<u8>)],
    free: Free,
    has_owners: bool,
}

impl Again<'_> {
    /// A run as that of the bake.
    fn of_bake(time: Duration) -> Self {
        Self {
            time,
            varied: None,
            patches: &[],
            free: Free::Kept,
            has_owners: false,
        }
    }

    fn run(&self, runnable: &Runnable<'_>) -> Result<Second, RunError> {
        let guest = runnable.guest;
        let ran = runnable.run(&Conditions {
            varied: self.varied,
            has_owners: self.has_owners,
            zeroes_free: match self.free {
                Free::Kept => Vec::new(),
                Free::Zeroed => scrub::scrubbed(guest).map(|node| node.id).collect(),
            },
            patches: self.patches.to_vec(),
            ..Conditions::of_bake(self.time)
        });
        let ran = ran.map_err(|error| error.after(self.time))?;
        let Ran {
            mut live,
            summary,
            owners,
        } = ran;
        // What cannot be baked was refused of the first run, or else it differs.
        let (snapshot, _) = capture(guest, runnable.copy, &mut live, runnable.options.memory_scan)?;
        Ok(Second {
            snapshot,
            hash_keys: summary.hash_keys,
            owners,
        })
    }
}

/// What init left when it ran again.
struct Second {
    snapshot: Snapshot,
    hash_keys: Vec<Keys>,
    owners: Option<MemoryOwners>,
}
