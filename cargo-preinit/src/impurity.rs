//! What of the baked state follows from an answer of the outside, such as a random number or the time.
//!
//! **In** two snapshots of one guest whose init was given different answers. **Out** the places where they differ: state that is the same in
//! every instance of the baked module, and would not be if each ran its init. All else follows from the module alone. What is dead in both
//! (see [`crate::scrub`](mod@crate::scrub)) has to be gone from the snapshots before.

use std::fmt;
use std::ops::Range;

use crate::guest::index::{GlobalIndex, InstanceId, MemoryIndex, TableIndex, enumerate};
use crate::run::Step;
use crate::shown;
use crate::snapshot::{InstanceState, MemoryState, Run, Snapshot};

/// Ranges that are no further apart are one: a number of eight bytes may have some bytes in common with another.
const GAP: u64 = 8;

/// A place where two snapshots differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) instance: InstanceId,
    pub(crate) place: Place,
}

/// What differs in an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Bytes of a memory.
    Bytes(MemoryIndex, Range<u64>),
    /// The size of a memory.
    Size(MemoryIndex),
    Global(GlobalIndex),
    Slot(TableIndex, u64),
    /// The number of slots of a table.
    Slots(TableIndex),
    /// Structures and arrays.
    Objects,
    /// Which passive segments are dropped, or what a component holds.
    Other,
}

/// What follows from the answers of a source that init asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Effect {
    /// That was not found out: see [`Impurity`](crate::Impurity).
    #[default]
    Unknown,
    /// With other answers init fails; the text says how.
    Fails(String),
    /// This part of the baked state; if there is none, init has made nothing of the answers.
    State(Vec<Tainted>),
}

/// A part of the baked state that follows from an answer of the outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tainted {
    /// What it is.
    pub part: Part,
    /// The step that wrote it last; `None` if that is not known.
    pub step: Option<Step>,
    /// The instance that has it, in words; `None` if there is no other.
    pub place: Option<String>,
    /// How much it is: bytes, globals, slots, or 1.
    pub count: u64,
    /// The address of the first byte, or the index of the first global or slot.
    pub first: u64,
}

/// What a part of the state is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Bytes of a static: of an item, or one that the debug information names.
    Static(String),
    /// Bytes of the keys that std's hash maps have.
    MapKeys,
    /// Bytes of other static data.
    Data,
    /// Bytes of the heap.
    Heap,
    /// Bytes of a memory, where the linker does not tell what they are for.
    Memory(u32),
    /// The size of a memory.
    Size(u32),
    /// Globals.
    Globals,
    /// Slots of a table.
    Slots(u32),
    /// The number of slots of a table.
    Length(u32),
    /// Structures and arrays.
    Objects,
    /// Which passive segments are dropped, or which handles a component holds.
    Other,
}

impl fmt::Display for Tainted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            part,
            step,
            place,
            count,
            first,
        } = self;
        let counted = |one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        let bytes = counted("byte", "bytes");
        match part {
            Part::Static(name) => write!(f, "{bytes} of the static {} ({first:#x})", shown::name(name))?,
            Part::MapKeys => {
                let maps = match count.div_ceil(16) {
                    1 => "a hash map".to_owned(),
                    maps => format!("{maps} hash maps"),
                };
                write!(f, "the keys of {maps} ({first:#x})")?;
            }
            Part::Data => write!(f, "{bytes} of static data ({first:#x})")?,
            Part::Heap => write!(f, "{bytes} of the heap ({first:#x})")?,
            Part::Memory(index) => write!(f, "{bytes} of memory {index} ({first:#x})")?,
            Part::Size(index) => write!(f, "the size of memory {index}")?,
            Part::Globals => write!(f, "{} ({first})", counted("global", "globals"))?,
            Part::Slots(index) => write!(f, "{} of table {index} ({first})", counted("slot", "slots"))?,
            Part::Length(index) => write!(f, "the size of table {index}")?,
            Part::Objects => f.write_str("structures and arrays")?,
            Part::Other => f.write_str("which segments are dropped, or which handles are held")?,
        }
        if let Some(place) = place {
            write!(f, " in {place}")?;
        }
        match (part, step) {
            (Part::Static(name), Some(Step::Item(item))) if item.name == *name => Ok(()),
            (_, Some(step)) => write!(f, " by {step}"),
            (_, None) => Ok(()),
        }
    }
}

/// Compares two snapshots of one guest. The places are in the order of instances, and in an instance in that of [`Place`].
pub(crate) fn differences(one: &Snapshot, other: &Snapshot) -> Vec<Difference> {
    let mut found = Vec::new();
    let instances = enumerate(&one.instances).zip(&other.instances);
    for ((position, one), other) in instances {
        let places = of_instance(one, other).into_iter();
        found.extend(places.map(|place| Difference {
            instance: InstanceId(position),
            place,
        }));
    }
    if one.foreign != other.foreign || one.streams != other.streams {
        found.push(Difference {
            instance: InstanceId(0),
            place: Place::Other,
        });
    }
    found
}

fn of_instance(one: &InstanceState, other: &InstanceState) -> Vec<Place> {
    let mut places = Vec::new();
    for (one, other) in one.memories.iter().zip(&other.memories) {
        places.extend(
            ranges(one, other)
                .into_iter()
                .map(|range| Place::Bytes(one.index, range)),
        );
        places.extend((one.pages != other.pages).then_some(Place::Size(one.index)));
    }
    for (one, other) in one.globals.iter().zip(&other.globals) {
        places.extend((one.value != other.value).then_some(Place::Global(one.index)));
    }
    for (one, other) in one.tables.iter().zip(&other.tables) {
        let slots = (0..).zip(one.slots.iter().zip(&other.slots));
        let changed = slots.filter(|(_, (one, other))| one != other);
        places.extend(changed.map(|(slot, _)| Place::Slot(one.index, slot)));
        places.extend((one.slots.len() != other.slots.len()).then_some(Place::Slots(one.index)));
    }
    places.extend((one.heap != other.heap).then_some(Place::Objects));
    places.extend((one.dropped != other.dropped).then_some(Place::Other));
    places
}

/// The ranges of bytes that differ, in ascending order.
fn ranges(one: &MemoryState, other: &MemoryState) -> Vec<Range<u64>> {
    let ends = |runs: &[Run]| {
        let ends = runs.iter().flat_map(|run| [run.offset, run.end()]);
        ends.collect::<Vec<u64>>()
    };
    let mut cuts = ends(&one.runs);
    cuts.extend(ends(&other.runs));
    cuts.sort_unstable();
    cuts.dedup();
    let (mut left, mut right) = (Cursor(&one.runs), Cursor(&other.runs));
    let mut found: Vec<Range<u64>> = Vec::new();
    for cut in cuts.windows(2) {
        let part = cut[0]..cut[1];
        // Each run has all bytes of the part, or none.
        let (left, right) = (left.take(&part), right.take(&part));
        if left == right {
            continue;
        }
        let byte = |bytes: &[u8], position: usize| bytes.get(position).copied().unwrap_or(0);
        let length = left.len().max(right.len());
        for (address, position) in (part.start..).zip(0..length) {
            if byte(left, position) == byte(right, position) {
                continue;
            }
            match found.last_mut() {
                Some(last) if address - last.end < GAP => last.end = address + 1,
                _ => found.push(address..address + 1),
            }
        }
    }
    found
}

/// The runs that have not been passed.
struct Cursor<'r>(&'r [Run]);

impl<'r> Cursor<'r> {
    /// The bytes of a part, which is in a run or between two. Parts ascend.
    fn take(&mut self, part: &Range<u64>) -> &'r [u8] {
        while let Some((first, rest)) = self.0.split_first() {
            if first.end() > part.start {
                break;
            }
            self.0 = rest;
        }
        let Some(run) = self.0.first().filter(|run| run.offset <= part.start) else {
            return &[];
        };
        let place = |address: u64| usize::try_from(address - run.offset).unwrap_or(usize::MAX);
        run.bytes
            .get(place(part.start)..place(part.end))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::memory;
    use crate::options::MemoryScan;

    fn state(bytes: &[u8]) -> MemoryState {
        MemoryState {
            index: MemoryIndex(0),
            pages: 1,
            runs: memory::runs(bytes, MemoryScan::Portable),
        }
    }

    /// Compares with a comparison of all bytes.
    #[track_caller]
    fn check(one: &[u8], other: &[u8]) {
        let mut expected: Vec<Range<u64>> = Vec::new();
        for (address, (one, other)) in (0..).zip(one.iter().zip(other)) {
            if one != other {
                match expected.last_mut() {
                    Some(last) if address - last.end < GAP => last.end = address + 1,
                    _ => expected.push(address..address + 1),
                }
            }
        }
        assert_eq!(ranges(&state(one), &state(other)), expected);
        assert_eq!(ranges(&state(other), &state(one)), expected);
    }

    #[test]
    fn memories_are_compared_byte_by_byte() {
        let filled = |ranges: &[(Range<usize>, u8)]| {
            let mut bytes = vec![0; 4096];
            for (range, byte) in ranges {
                bytes[range.clone()].fill(*byte);
            }
            bytes
        };
        let base = filled(&[(100..300, 1), (1000..1010, 2), (4090..4096, 3)]);
        check(&base, &base);
        check(&base, &filled(&[]));
        check(&base, &filled(&[(100..300, 1), (1000..1010, 2)]));
        check(
            &base,
            &filled(&[(90..320, 1), (500..600, 4), (1000..1010, 2), (4090..4096, 3)]),
        );
        check(
            &base,
            &filled(&[(100..300, 1), (150..151, 9), (1001..1002, 9), (4095..4096, 9)]),
        );
        check(&base, &filled(&[(200..1005, 1)]));
        check(
            &filled(&[(0..4096, 7)]),
            &filled(&[(0..4096, 7), (8..9, 0), (15..16, 0), (24..25, 0)]),
        );
    }
}
