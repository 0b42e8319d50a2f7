//! Which step the contents of the output's memories come from.

use std::ops::Range;

use crate::guest::index::MemoryIndex;
use crate::guest::{Guest, Node, SegmentMode, constant};
use crate::run::owners::Owners;
use crate::run::{ItemRun, MemoryOwners};
use crate::snapshot::{MemoryState, Snapshot};

/// Notes of each step how many bytes that are not zero in the snapshot it wrote last, and how many it adds to the data.
pub(super) fn attribute(
    guest: &Guest<'_>,
    snapshot: &Snapshot,
    owners: &MemoryOwners,
    items: &mut [ItemRun],
) {
    let (kept, added) = kept(guest, snapshot, owners, items.len());
    for (position, item) in items.iter_mut().enumerate() {
        if let Some(memory) = &mut item.figures.memory {
            memory.bytes_kept = Some(kept[position]);
            memory.bytes_added = added.as_ref().map(|added| added[position]);
        }
    }
}

/// Of each of `steps` steps, how many bytes that are not zero in the snapshot it wrote last; and how many it wrote where the guest has no data,
/// with zeros between them, if the guest's data has constant places.
pub(super) fn kept(
    guest: &Guest<'_>,
    snapshot: &Snapshot,
    owners: &MemoryOwners,
    steps: usize,
) -> (Vec<u64>, Option<Vec<u64>>) {
    let mut kept = vec![0; steps];
    let mut added = Some(vec![0; steps]);
    for node in guest.nodes() {
        for memory in &snapshot.instance(&node).memories {
            let Some(owners) = owners.get(&(node.id, memory.index)) else {
                continue;
            };
            let filled = filled(&node, memory.index);
            if filled.is_none() {
                added = None;
            }
            count(
                memory,
                owners,
                &filled.unwrap_or_default(),
                |position, is_zero, is_new| {
                    if let Some(kept) = kept.get_mut(position).filter(|_| !is_zero) {
                        *kept += 1;
                    }
                    if is_new && let Some(added) = added.as_mut().and_then(|added| added.get_mut(position)) {
                        *added += 1;
                    }
                },
            );
        }
    }
    (kept, added)
}

/// Calls `each` for every byte of a run that a step wrote, with the step's position, whether the byte is zero, and whether it is outside of
/// `filled`, which are ranges in ascending order. Zeros in a run are in the data as well, and are of whoever wrote what is before them.
fn count(
    memory: &MemoryState,
    owners: &Owners,
    filled: &[Range<u64>],
    mut each: impl FnMut(usize, bool, bool),
) {
    let mut next = 0;
    for run in &memory.runs {
        let mut last = None;
        for (address, byte) in (run.offset..).zip(&run.bytes) {
            let is_zero = *byte == 0;
            let written = usize::from(owners.of(address)).checked_sub(1);
            let Some(position) = (if is_zero { written.or(last) } else { written }) else {
                last = None;
                continue;
            };
            last = Some(position);
            while filled.get(next).is_some_and(|range| range.end <= address) {
                next += 1;
            }
            let is_filled = filled.get(next).is_some_and(|range| range.start <= address);
            each(position, is_zero, !is_filled);
        }
    }
}

/// The ranges that the guest's active segments fill, in ascending order and apart from each other; `None` if one has no constant place.
pub(super) fn filled(node: &Node<'_>, index: MemoryIndex) -> Option<Vec<Range<u64>>> {
    let active = node
        .data
        .iter()
        .filter(|segment| matches!(segment.mode, SegmentMode::Active(memory) if memory == index));
    let mut ranges = Vec::new();
    for segment in active {
        let start = segment.offset.as_ref().and_then(constant)?;
        ranges.push(start..start.saturating_add(segment.bytes.len() as u64));
    }
    ranges.sort_unstable_by_key(|range| range.start);
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use crate::options::{BakeOptions, Profile};
    use crate::pipeline::bake;
    use crate::run::MemoryFigures;

    /// What two functions did to a memory with data at 16..24, as (changed, kept, added) of each.
    fn check(one: &str, other: &str, expected: [(u64, u64, u64); 2]) {
        let text = format!(
            r#"(module (memory (export "memory") 1) (data (i32.const 16) "\01\01\01\01\01\01\01\01")
                (func (export "one") {one}) (func (export "other") {other}))"#
        );
        let options = BakeOptions {
            init_functions: vec!["one".to_owned(), "other".to_owned()],
            profile: Profile::Items,
            ..BakeOptions::default()
        };
        let baked = bake(text.as_bytes(), &options).expect("it can be baked");
        let items = baked.report.run.items.iter();
        let found: Vec<MemoryFigures> = items.filter_map(|item| item.figures.memory).collect();
        let found: Vec<(u64, Option<u64>, Option<u64>)> = found
            .iter()
            .map(|figures| (figures.bytes_changed, figures.bytes_kept, figures.bytes_added))
            .collect();
        let expected = expected.map(|(changed, kept, added)| (changed, Some(kept), Some(added)));
        assert_eq!(found, expected, "{one}, {other}");
    }

    #[test]
    fn each_byte_belongs_to_the_last_step_that_changed_it() {
        check("", "", [(0, 0, 0), (0, 0, 0)]);
        check(
            "(i32.store (i32.const 0) (i32.const 0x01010101))",
            "(i32.store16 (i32.const 2) (i32.const 0x0202))",
            // The zeros up to the guest's data are in the same segment.
            [(4, 2, 2), (2, 2, 14)],
        );
        // A value that is there already is no change.
        check(
            "(i32.store (i32.const 0) (i32.const 0x01010101))",
            "(i32.store (i32.const 0) (i32.const 0x01010101))",
            [(4, 4, 16), (0, 0, 0)],
        );
        // Inside the guest's data nothing is added, and zeros are not kept.
        check(
            "(i32.store (i32.const 14) (i32.const 0x02020202))",
            "(i64.store (i32.const 16) (i64.const 0))",
            [(4, 2, 2), (8, 0, 0)],
        );
    }
}
