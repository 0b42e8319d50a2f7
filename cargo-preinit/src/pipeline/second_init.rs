//! Runs init again with other answers, and compares what it leaves.
//!
//! Init runs once more for each source that it asked: from the code that is compiled already, with all other answers as before. Where it
//! asked nothing, its state follows from the module alone, and nothing runs again.

mod known;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use super::captured::{Captured, Runnable};
use super::growth;
use super::hash_keys::{self, HashKeys};
use crate::capture::capture;
use crate::clock::Stage;
use crate::guest::Guest;
use crate::guest::index::InstanceId;
use crate::impurity::{Difference, Effect, Place, Tainted, differences};
use crate::leaks;
use crate::options::{Impurity, ScrubHeap, Wasi};
use crate::run::{Conditions, ItemRun, Keys, MemoryOwners, Ran, RunError, Source, can_vary};
use crate::scrub::{self, MEMORY};
use crate::snapshot::Snapshot;
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
    vary(runnable, captured, &mut found)?;
    found.leaks = leaks(runnable, captured);
    if found.owners.is_none() {
        found.owners = owners_of_growth(runnable, captured);
    }
    Ok(found)
}

/// Runs init with other answers of each source that it asked.
fn vary(runnable: &Runnable<'_>, captured: &Captured, all: &mut Found) -> Result<(), RunError> {
    let Wasi::Allowed(shown) = &runnable.options.wasi else {
        return Ok(());
    };
    // What an embedder's functions answer a second time nobody knows.
    if runnable.options.impurity == Impurity::Off || runnable.compiled.host().are_any() {
        return Ok(());
    }
    let sources = asked(captured)
        .into_iter()
        .filter(|source| can_vary(shown, *source));
    for source in sources {
        runnable.clock.enter(Stage::SecondInit);
        let (second, patches) = match source {
            Source::Random => {
                let (second, keys, patches) = with_other_keys(runnable, captured)?;
                all.keys = keys;
                (second, patches)
            }
            source => (
                second(runnable, captured, Some(source), Free::Kept, &[]),
                Vec::new(),
            ),
        };
        let effect = match second {
            Ok(second) => {
                let mut found = compared((runnable.guest, &captured.snapshot), &second.snapshot);
                leave_out(&mut found, &all.keys.by_instance());
                let mut owners = vec![second.owners];
                if !found.is_empty() && may_be_left_behind(&captured.summary.items, source) {
                    let again =
                        |source, patches| self::second(runnable, captured, source, Free::Zeroed, patches);
                    if let (Ok(first), Ok(second)) = (again(None, &[][..]), again(Some(source), &patches)) {
                        found = compared((runnable.guest, &first.snapshot), &second.snapshot);
                        leave_out(&mut found, &all.keys.by_instance());
                        owners = vec![first.owners, second.owners];
                    }
                }
                let known = Known {
                    guest: runnable.guest,
                    snapshot: &captured.snapshot,
                    items: &captured.summary.items,
                    owners: owners.iter().flatten().collect(),
                    keys: &all.keys,
                };
                let tainted = known.tainted(&found);
                // With names in another order, what is where may be otherwise.
                if source != Source::Directories {
                    all.owners = owners.pop().flatten();
                }
                match (source, &found[..]) {
                    // What a file has is not varied, so nobody knows what follows from that.
                    (Source::Directories, []) => Effect::Unknown,
                    _ => Effect::State(tainted),
                }
            }
            Err(error) => Effect::Fails(failure(&error)),
        };
        all.effects.insert(source, effect);
    }
    Ok(())
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
    let second = second(runnable, captured, None, Free::Kept, &[]).ok()?;
    second.owners
}

/// What a run finds in memories before its first step.
type Patches = Vec<(InstanceId, u64, Vec<u8>)>;

/// Runs init with other random numbers, and finds the keys of hash maps.
///
/// # Errors
///
/// If there was too little time to see whether the bytes that may be the keys are.
fn with_other_keys(
    runnable: &Runnable<'_>,
    captured: &Captured,
) -> Result<(Result<Second, RunError>, HashKeys, Patches), RunError> {
    let candidates = hash_keys::candidates(runnable, captured);
    for places in &candidates.tries {
        let patches = hash_keys::patches(places);
        // A byte that is not what it was taken for may have init fail.
        match second(runnable, captured, Some(Source::Random), Free::Kept, &patches) {
            Ok(second)
                if hash_keys::are_proven(
                    runnable,
                    places,
                    captured,
                    (&second.snapshot, &second.hash_keys),
                ) =>
            {
                let places = places.clone();
                return Ok((Ok(second), candidates.keys(&places), patches));
            }
            Err(error) if error.is_timeout() => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
    let second = second(runnable, captured, Some(Source::Random), Free::Kept, &[]);
    Ok((second, candidates.keys(&[]), Vec::new()))
}

/// Whether a step ran behind one that asked a source. What the first had in memory that it freed may be left behind in what the second
/// was given, and says nothing of what it made.
fn may_be_left_behind(items: &[ItemRun], source: Source) -> bool {
    let has_asked = |item: &ItemRun| {
        let sources = item.reads.iter().map(|read| read.source);
        sources.map(as_one).any(|asked| asked == source)
    };
    let first = items.iter().position(has_asked);
    // A component may have asked before the first step.
    first.is_none_or(|first| first + 1 < items.len())
}

/// To wait for a clock is to ask it.
fn as_one(source: Source) -> Source {
    match source {
        Source::Wait => Source::Clock,
        source => source,
    }
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
        owners = second(runnable, captured, None, Free::Kept, &[])
            .ok()
            .and_then(|second| second.owners);
    }
    let known = Known {
        guest,
        snapshot: &captured.snapshot,
        items: &captured.summary.items,
        owners: captured.owners.iter().chain(&owners).collect(),
        keys: &HashKeys::default(),
    };
    let leaks = by_what
        .into_iter()
        .map(|(what, found)| (what, known.tainted(&found)));
    leaks.collect()
}

/// The sources that init asked.
fn asked(captured: &Captured) -> BTreeSet<Source> {
    let steps = captured.summary.items.iter().flat_map(|item| &item.reads);
    let reads = steps.chain(&captured.summary.reads_at_start);
    reads.map(|read| as_one(read.source)).collect()
}

/// Why init failed, in a line.
fn failure(error: &RunError) -> String {
    match error {
        RunError::Stopped(stopped) => format!("{} {}", stopped.step, stopped.cause),
        error => error.to_string(),
    }
}

/// Whether what the allocator has free keeps its bytes while init runs.
#[derive(Clone, Copy)]
enum Free {
    Kept,
    Zeroed,
}

/// Compares two snapshots, but for what is dead in both.
fn compared((guest, one): (&Guest<'_>, &Snapshot), other: &Snapshot) -> Vec<Difference> {
    let mut found = differences(one, other);
    leave_out(&mut found, &dead_in_both(guest, one, other));
    found
}

/// How long a run may take: many times as long as the first one, and no more than half of what is left. With other answers init may never
/// end, which must not fail the bake. What decides about the output may take all that is left.
fn time(runnable: &Runnable<'_>, captured: &Captured, decides: bool) -> Duration {
    const TIMES: u32 = 20;
    const LEAST: Duration = Duration::from_secs(2);
    if decides {
        return runnable.time();
    }
    let enough = captured.summary.elapsed.saturating_mul(TIMES).max(LEAST);
    enough.min(runnable.time() / 2)
}

/// Runs init again, with other answers of a source, or with the same.
fn second(
    runnable: &Runnable<'_>,
    captured: &Captured,
    source: Option<Source>,
    free: Free,
    patches: &[(InstanceId, u64, Vec<u8>)],
) -> Result<Second, RunError> {
    let guest = runnable.guest;
    let time = time(runnable, captured, !patches.is_empty());
    let ran = runnable.run(&Conditions {
        varied: source,
        has_owners: true,
        zeroes_free: match free {
            Free::Kept => Vec::new(),
            Free::Zeroed => scrub::scrubbed(guest).map(|node| node.id).collect(),
        },
        patches: patches.to_vec(),
        ..Conditions::of_bake(time)
    });
    let ran = ran.map_err(|error| error.after(time))?;
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

/// What init left with other answers.
struct Second {
    snapshot: Snapshot,
    hash_keys: Vec<Keys>,
    owners: Option<MemoryOwners>,
}

/// What is dead in the memories 0 of both snapshots, in ascending order.
type Dead = BTreeMap<InstanceId, Vec<Range<u64>>>;

/// What the guest never reads again, whichever answers it was given: see [`crate::scrub`](mod@crate::scrub). What the allocator has free is
/// among it, also where it is kept: it says nothing of what init has made.
fn dead_in_both(guest: &Guest<'_>, one: &Snapshot, other: &Snapshot) -> Dead {
    let nodes = scrub::scrubbed(guest);
    let dead = nodes.filter_map(|node| {
        let ranges = |snapshot: &Snapshot| {
            let dead = scrub::dead_in(&node, snapshot.instance(&node), ScrubHeap::Dlmalloc)?;
            Some(dead.ranges())
        };
        Some((node.id, intersection(&ranges(one)?, &ranges(other)?)))
    });
    dead.collect()
}

/// What is in both of two lists of ranges, which are in ascending order and apart from each other.
fn intersection(one: &[Range<u64>], other: &[Range<u64>]) -> Vec<Range<u64>> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut found = Vec::new();
    while let (Some(left), Some(right)) = (one.peek(), other.peek()) {
        let both = left.start.max(right.start)..left.end.min(right.end);
        if left.end <= right.end {
            one.next();
        } else {
            other.next();
        }
        if !both.is_empty() {
            found.push(both);
        }
    }
    found
}

/// Leaves out the bytes that are dead.
fn leave_out(found: &mut Vec<Difference>, dead: &Dead) {
    let alive = found.drain(..).flat_map(|difference| match &difference.place {
        Place::Bytes(MEMORY, range) => {
            let dead = dead.get(&difference.instance).map_or(&[][..], Vec::as_slice);
            let rest = without(range, dead).into_iter();
            let rest = rest.map(|range| Difference {
                instance: difference.instance,
                place: Place::Bytes(MEMORY, range),
            });
            rest.collect()
        }
        _ => vec![difference],
    });
    *found = alive.collect();
}

/// What of a range is in none of the others, which are in ascending order.
fn without(range: &Range<u64>, others: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut rest = Vec::new();
    let mut start = range.start;
    let first = others.partition_point(|other| other.end <= range.start);
    for other in others[first..].iter().take_while(|other| other.start < range.end) {
        rest.push(start..other.start.max(start));
        start = other.end.max(start);
    }
    rest.push(start..range.end.max(start));
    rest.retain(|range| !range.is_empty());
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "a list of one range is meant")]
    fn ranges_are_intersected_and_left_out() {
        assert_eq!(
            intersection(&[0..10, 20..30], &[5..25, 28..40]),
            [5..10, 20..25, 28..30]
        );
        assert!(intersection(&[0..10], &[10..20]).is_empty());
        assert_eq!(without(&(0..100), &[10..20, 30..40]), [0..10, 20..30, 40..100]);
        assert_eq!(without(&(15..35), &[0..5, 10..20, 30..40, 50..60]), [20..30]);
        assert!(without(&(12..18), std::slice::from_ref(&(10..20))).is_empty());
        assert_eq!(without(&(0..5), &[]), [0..5]);
    }
}
