//! Runs init again with other answers, and compares what it leaves.
//!
//! Init runs once more for each source that it asked: from the code that is compiled already, with all other answers as before. Where it
//! asked nothing, its state follows from the module alone, and nothing runs again.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use super::captured::{Captured, Runnable};
use super::hash_keys::{self, HashKeys};
use crate::capture::capture;
use crate::clock::Stage;
use crate::guest::Guest;
use crate::guest::index::{InstanceId, MemoryIndex};
use crate::guest::sdk::ItemKind;
use crate::impurity::{Difference, Effect, Part, Place, Tainted, differences};
use crate::leaks;
use crate::options::{Impurity, ScrubHeap, Wasi};
use crate::run::owners::Owners;
use crate::run::{Conditions, ItemRun, Keys, MemoryOwners, Ran, RunError, Source, Step, can_vary};
use crate::scrub::{self, MEMORY};
use crate::snapshot::Snapshot;

/// What follows from each source that init asked.
pub(crate) type Effects = BTreeMap<Source, Effect>;

/// What was found by running init again.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(super) effects: Effects,
    pub(super) keys: HashKeys,
    /// Secrets and texts of the machine: what they are, and where.
    pub(super) leaks: BTreeMap<String, Vec<Tainted>>,
}

/// Finds out what of the state follows from what init asked.
pub(super) fn second_init(runnable: &Runnable<'_>, captured: &Captured) -> Found {
    let mut all = Found {
        leaks: leaks(runnable, captured),
        ..Found::default()
    };
    let Wasi::Allowed(shown) = &runnable.options.wasi else {
        return all;
    };
    // What an embedder's functions answer a second time nobody knows.
    if runnable.options.impurity == Impurity::Off || runnable.compiled.host().are_any() {
        return all;
    }
    let sources = asked(captured)
        .into_iter()
        .filter(|source| can_vary(shown, *source));
    for source in sources {
        runnable.clock.enter(Stage::SecondInit);
        let (second, patches) = match source {
            Source::Random => {
                let (second, keys, patches) = with_other_keys(runnable, captured);
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
                Effect::State(known.tainted(&found))
            }
            Err(error) => Effect::Fails(failure(&error)),
        };
        all.effects.insert(source, effect);
    }
    all
}

/// What a run finds in memories before its first step.
type Patches = Vec<(InstanceId, u64, Vec<u8>)>;

/// Runs init with other random numbers, and finds the keys of hash maps.
fn with_other_keys(
    runnable: &Runnable<'_>,
    captured: &Captured,
) -> (Result<Second, RunError>, HashKeys, Patches) {
    let candidates = hash_keys::candidates(runnable, captured);
    for places in &candidates.tries {
        let patches = hash_keys::patches(places);
        // A byte that is not what it was taken for may have init fail.
        if let Ok(second) = second(runnable, captured, Some(Source::Random), Free::Kept, &patches)
            && hash_keys::are_proven(runnable, places, captured, (&second.snapshot, &second.hash_keys))
        {
            let places = places.clone();
            return (Ok(second), candidates.keys(&places), patches);
        }
    }
    let second = second(runnable, captured, Some(Source::Random), Free::Kept, &[]);
    (second, candidates.keys(&[]), Vec::new())
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
/// end, which must not fail the bake.
fn time(runnable: &Runnable<'_>, captured: &Captured) -> Duration {
    const TIMES: u32 = 20;
    const LEAST: Duration = Duration::from_secs(2);
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
    let ran = runnable.run(&Conditions {
        varied: source,
        has_owners: true,
        zeroes_free: match free {
            Free::Kept => Vec::new(),
            Free::Zeroed => scrub::scrubbed(guest).map(|node| node.id).collect(),
        },
        patches: patches.to_vec(),
        ..Conditions::of_bake(time(runnable, captured))
    })?;
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

/// What is known of the places that differ.
struct Known<'k> {
    guest: &'k Guest<'k>,
    snapshot: &'k Snapshot,
    items: &'k [ItemRun],
    /// Who wrote what in one of the runs. A byte that was zero in one of them has an owner in another.
    owners: Vec<&'k MemoryOwners>,
    keys: &'k HashKeys,
}

impl Known<'_> {
    /// The parts of the state that differ: what is of one kind, and was written by one step, is one part.
    fn tainted(&self, found: &[Difference]) -> Vec<Tainted> {
        let mut parts: BTreeMap<(InstanceId, Part, usize), (u64, u64)> = BTreeMap::new();
        let mut add = |instance: InstanceId, part: Part, owner: usize, count: u64, first: u64| {
            let (sum, least) = parts.entry((instance, part, owner)).or_insert((0, first));
            *sum += count;
            *least = first.min(*least);
        };
        let mut known: BTreeMap<(InstanceId, MemoryIndex), (Vec<&Owners>, Regions<'_>)> = BTreeMap::new();
        for Difference { instance, place } in found {
            let instance = *instance;
            match place {
                Place::Bytes(memory, range) => {
                    let key = (instance, *memory);
                    let (owners, regions) = known.entry(key).or_insert_with(|| {
                        let owners = self.owners.iter().filter_map(|owners| owners.get(&key));
                        (owners.collect(), Regions::new(self, instance, *memory))
                    });
                    for (part, owner, range) in self.divided(owners, regions, range) {
                        add(instance, part, owner, range.end - range.start, range.start);
                    }
                }
                Place::Size(memory) => add(instance, Part::Size(memory.0), 0, 1, 0),
                Place::Global(global) => add(instance, Part::Globals, 0, 1, global.0.into()),
                Place::Slot(table, slot) => add(instance, Part::Slots(table.0), 0, 1, *slot),
                Place::Slots(table) => add(instance, Part::Length(table.0), 0, 1, 0),
                Place::Objects => add(instance, Part::Objects, 0, 1, 0),
                Place::Other => add(instance, Part::Other, 0, 1, 0),
            }
        }
        let parts = parts
            .into_iter()
            .map(|((instance, part, owner), (count, first))| {
                let item = owner.checked_sub(1).and_then(|owner| self.items.get(owner));
                Tainted {
                    part,
                    step: item.map(|item| item.step.clone()),
                    place: self.guest.name_of(instance),
                    count,
                    first,
                }
            });
        parts.collect()
    }

    /// A range of bytes, divided by what it is of and by the step that wrote it.
    fn divided(
        &self,
        owners: &[&Owners],
        regions: &Regions<'_>,
        range: &Range<u64>,
    ) -> Vec<(Part, usize, Range<u64>)> {
        let mut found: Vec<(Part, usize, Range<u64>)> = Vec::new();
        for address in range.clone() {
            // Where another step wrote it last in each run, the earlier one did the same in both.
            let known = owners.iter().map(|owners| usize::from(owners.of(address)));
            let owner = known.max().unwrap_or(0);
            // A byte without an owner is a part of what is before it.
            match found.last_mut() {
                Some((known, by, range))
                    if (owner == 0 || *by == owner || *by == 0) && regions.is_in(known, address) =>
                {
                    *by = if *by == 0 { owner } else { *by };
                    range.end = address + 1;
                }
                _ => found.push((regions.part(address), owner, address..address + 1)),
            }
        }
        found
    }
}

/// What is where in a memory.
struct Regions<'k> {
    memory: MemoryIndex,
    /// The keys of hash maps, in ascending order.
    keys: Vec<Range<u64>>,
    /// The statics of items, with their names, in ascending order.
    statics: Vec<(Range<u64>, &'k str)>,
    heap: Option<u64>,
}

impl<'k> Regions<'k> {
    fn new(known: &Known<'k>, instance: InstanceId, memory: MemoryIndex) -> Self {
        let is_first = memory == MEMORY;
        let items = known
            .items
            .iter()
            .filter(|item| is_first && item.instance == instance);
        let statics = items.filter_map(|item| match &item.step {
            Step::Item(item) => match item.kind {
                ItemKind::Static { address, bytes } => {
                    Some((address..address.saturating_add(bytes), item.name.as_str()))
                }
                ItemKind::Function => None,
            },
            _ => None,
        });
        let mut statics: Vec<_> = statics.collect();
        statics.sort_by_key(|(range, _)| range.start);
        let heap = known
            .guest
            .instance(instance)
            .filter(|_| is_first)
            .and_then(|node| {
                let memories = &known.snapshot.instance(&node).memories;
                let state = memories.iter().find(|state| state.index == memory)?;
                scrub::layout(&node, state).1
            });
        let keys = known.keys.of_maps.iter();
        let keys = keys
            .filter(|(of, _)| is_first && *of == instance)
            .map(|(_, range)| range.clone());
        let mut keys: Vec<_> = keys.collect();
        keys.sort_by_key(|range| range.start);
        Self {
            memory,
            keys,
            statics,
            heap,
        }
    }

    fn is_key(&self, address: u64) -> bool {
        let next = self.keys.partition_point(|range| range.start <= address);
        next.checked_sub(1)
            .is_some_and(|last| self.keys[last].contains(&address))
    }

    fn static_at(&self, address: u64) -> Option<&'k str> {
        let next = self.statics.partition_point(|(range, _)| range.start <= address);
        let (range, name) = &self.statics[next.checked_sub(1)?];
        range.contains(&address).then_some(*name)
    }

    /// Whether an address is in a part.
    fn is_in(&self, part: &Part, address: u64) -> bool {
        match part {
            Part::MapKeys => self.is_key(address),
            Part::Static(name) => !self.is_key(address) && self.static_at(address) == Some(name),
            part => self.part(address) == *part,
        }
    }

    fn part(&self, address: u64) -> Part {
        if self.is_key(address) {
            return Part::MapKeys;
        }
        match (self.static_at(address), self.heap) {
            (Some(name), _) => Part::Static(name.to_owned()),
            (None, None) => Part::Memory(self.memory.0),
            (None, Some(heap)) if address >= heap => Part::Heap,
            (None, Some(_)) => Part::Data,
        }
    }
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
