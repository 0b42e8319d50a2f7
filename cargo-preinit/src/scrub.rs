//! Zeroes memory that the guest never reads again, so that the baked module need not carry it.
//!
//! **In** the guest and its [`Snapshot`]. **Out** a [`Scrubbed`] snapshot, in which the dead bytes of memory 0 are zero.
//! **Keeps** everything else. **Refuses** nothing: if bounds are not known for certain, the bytes stay.
//!
//! The free part of the shadow stack is dead: see `scrub/stack.rs`. Compiled code writes there before it reads; code that
//! does not has undefined behaviour in its source language. If the options ask for it, free memory of the heap is dead as
//! well: see `scrub/dlmalloc.rs`.

mod dlmalloc;
mod stack;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::capture::memory;
use crate::guest::index::{GlobalIndex, InstanceId, MemoryIndex};
use crate::guest::sdk;
use crate::guest::wiring::Source;
use crate::guest::{Guest, GuestModule, ImportKind, Node};
use crate::options::{MemoryScan, ScrubHeap};
use crate::snapshot::{InstanceState, MemoryState, Run, Snapshot, Value};

pub use dlmalloc::HeapKept;

/// The memory in which compilers put stack and heap.
pub(crate) const MEMORY: MemoryIndex = MemoryIndex(0);

/// A snapshot whose dead bytes are zero.
#[derive(Debug)]
pub struct Scrubbed {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// How many bytes became zero.
    pub bytes: u64,
    /// Why the heap was not scrubbed, if that was asked for.
    pub heap_kept: Option<HeapKept>,
}

/// The dead bytes of memory 0.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dead {
    /// The free part of the stack, whose bounds the linker states.
    pub(crate) stack: Option<Range<u64>>,
    /// What the allocator has free, as far as its data structures tell, in ascending order.
    pub(crate) heap: Vec<Range<u64>>,
    /// Why the heap was not scrubbed, if that was asked for.
    pub(crate) heap_kept: Option<HeapKept>,
}

impl Dead {
    /// All dead ranges, in ascending order.
    pub(crate) fn ranges(&self) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = self.stack.iter().chain(&self.heap).cloned().collect();
        ranges.sort_by_key(|range| range.start);
        ranges
    }
}

/// Zeroes the dead bytes of memory 0 of each instance.
pub fn scrub(guest: &Guest<'_>, mut snapshot: Snapshot, heap: ScrubHeap) -> Scrubbed {
    let (mut bytes, mut heap_kept) = (0, None);
    for node in scrubbed(guest) {
        let state = &mut snapshot.instances[node.id.position()];
        let (cleared, reason) = scrub_instance(&node, state, heap);
        bytes += cleared;
        heap_kept = heap_kept.or(reason);
    }
    Scrubbed {
        snapshot,
        bytes,
        heap_kept,
    }
}

/// Zeroes ranges of memories 0.
pub(crate) fn forget(snapshot: &mut Snapshot, ranges: &[(InstanceId, Range<u64>)]) {
    for (id, range) in ranges {
        let memories = snapshot.instances[id.position()].memories.iter_mut();
        for memory in memories.filter(|memory| memory.index == MEMORY) {
            let runs = std::mem::take(&mut memory.runs);
            (memory.runs, _) = cleared(runs, std::slice::from_ref(range));
        }
    }
}

/// The instances whose memory 0 has dead bytes: in a component those that define it, and that nobody shares it with.
pub(crate) fn scrubbed<'g>(guest: &'g Guest<'_>) -> impl Iterator<Item = Node<'g>> {
    let shared = shared_memories(guest);
    guest.nodes().filter(move |node| {
        let defines_it = !node.memories.is_empty() && node.imported_memories == 0;
        node.has_stand_ins() || (defines_it && !shared.contains(&node.id))
    })
}

/// The instances whose memory 0 another instance uses as well. That may have data of its own where the stack and the heap of the
/// first are free.
fn shared_memories(guest: &Guest<'_>) -> BTreeSet<InstanceId> {
    let sources = guest.nodes().filter_map(|node| node.place);
    let sources = sources.flat_map(|place| &place.sources);
    sources
        .filter_map(|source| match source {
            Source::Instance(id, ImportKind::Memory(MEMORY)) => Some(*id),
            Source::Instance(..) | Source::Component(_) => None,
        })
        .collect()
}

/// Zeroes the dead bytes of an instance. Returns how many became zero, and why the heap was not scrubbed.
fn scrub_instance(node: &Node<'_>, state: &mut InstanceState, heap: ScrubHeap) -> (u64, Option<HeapKept>) {
    let Some(dead) = dead_in(node, state, heap) else {
        return (0, (heap == ScrubHeap::Dlmalloc).then_some(HeapKept::NoMemory));
    };
    let mut bytes = 0;
    for memory in state.memories.iter_mut().filter(|memory| memory.index == MEMORY) {
        let (alive, count) = cleared(std::mem::take(&mut memory.runs), &dead.ranges());
        (memory.runs, bytes) = (alive, count);
    }
    (bytes, dead.heap_kept)
}

/// The dead bytes of an instance's memory 0; `None` if it has none whose contents are known.
pub(crate) fn dead_in(node: &Node<'_>, state: &InstanceState, heap: ScrubHeap) -> Option<Dead> {
    let memory = state.memories.iter().find(|memory| memory.index == MEMORY)?;
    let number = |index: GlobalIndex| {
        state.globals.iter().find_map(|global| match global.value {
            Value::I32(value) if global.index == index => Some(value.cast_unsigned()),
            _ => None,
        })
    };
    Some(dead(node, memory, heap, number))
}

/// Finds the dead bytes. `memory` is memory 0, and `number` returns the value of an `i32` global.
pub(crate) fn dead(
    guest: &GuestModule<'_>,
    memory: &MemoryState,
    heap: ScrubHeap,
    number: impl FnOnce(GlobalIndex) -> Option<u32>,
) -> Dead {
    let stack = stack::find(guest, memory).and_then(|stack| {
        let pointer = u64::from(number(stack.pointer)?);
        (stack.low..=stack.high)
            .contains(&pointer)
            .then_some(stack.low..pointer)
    });
    let heap = match heap {
        ScrubHeap::Off => Ok(Vec::new()),
        ScrubHeap::Dlmalloc => free_heap(guest, memory),
    };
    let heap_kept = heap.as_ref().err().copied();
    Dead {
        stack: stack.filter(|range| !range.is_empty()),
        heap: heap.unwrap_or_default(),
        heap_kept,
    }
}

/// Where the stack is in memory 0, and where the heap begins, as far as the linker tells.
pub(crate) fn layout(guest: &GuestModule<'_>, memory: &MemoryState) -> (Option<Range<u64>>, Option<u64>) {
    let stack = stack::find(guest, memory).map(|stack| stack.low..stack.high);
    (stack, heap_base(guest, memory))
}

fn heap_base(guest: &GuestModule<'_>, memory: &MemoryState) -> Option<u64> {
    let base = sdk::layout(guest, memory).map(|layout| layout.heap_base);
    base.or_else(|| guest.exported_constant("__heap_base"))
}

fn free_heap(guest: &GuestModule<'_>, memory: &MemoryState) -> Result<Vec<Range<u64>>, HeapKept> {
    let ty = &guest.memories[MEMORY.position()];
    if ty.memory64 {
        return Err(HeapKept::NoMemory);
    }
    let size = memory.pages << ty.page_size_log2.unwrap_or(16);
    dlmalloc::free(memory, size, heap_base(guest, memory).unwrap_or(0))
}

/// Zeroes ranges of runs, and divides the runs as a capture would. Also returns how many bytes became zero.
fn cleared(runs: Vec<Run>, ranges: &[Range<u64>]) -> (Vec<Run>, u64) {
    let mut cleared = Vec::new();
    let mut count = 0;
    for mut run in runs {
        let (start, end) = (run.offset, run.end());
        let place = |address: u64| usize::try_from(address.clamp(start, end) - start).unwrap_or(usize::MAX);
        let touched = ranges
            .iter()
            .filter(|range| range.start < end && start < range.end);
        let mut is_changed = false;
        for range in touched {
            let dead = &mut run.bytes[place(range.start)..place(range.end)];
            count += dead.iter().filter(|byte| **byte != 0).count() as u64;
            dead.fill(0);
            is_changed = true;
        }
        if is_changed {
            // Runs are a gap apart, which zeros only widen, so each run can be divided by itself.
            cleared.extend(
                memory::runs(&run.bytes, MemoryScan::Portable)
                    .into_iter()
                    .map(|part| Run {
                        offset: run.offset + part.offset,
                        bytes: part.bytes,
                    }),
            );
        } else {
            cleared.push(run);
        }
    }
    (cleared, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clears ranges of a memory in which every byte of `filled` is 1.
    fn check(filled: Range<usize>, ranges: &[Range<u64>], expected: &[(u64, usize)]) {
        let all = filled.len() as u64;
        let mut bytes = vec![0; 4096];
        bytes[filled].fill(1);
        let (found, count) = cleared(memory::runs(&bytes, MemoryScan::Portable), ranges);
        for range in ranges {
            let end = usize::try_from(range.end).unwrap_or(usize::MAX).min(bytes.len());
            bytes[usize::try_from(range.start).expect("it is small")..end].fill(0);
        }
        assert_eq!(
            found,
            memory::runs(&bytes, MemoryScan::Portable),
            "a capture would have cut otherwise"
        );
        let left = bytes.iter().filter(|byte| **byte != 0).count() as u64;
        assert_eq!(count + left, all, "other bytes were counted");
        let found: Vec<(u64, usize)> = found.iter().map(|run| (run.offset, run.bytes.len())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "a list of one range is meant")]
    fn runs_are_cut() {
        check(100..300, &[], &[(100, 200)]);
        check(100..300, &[0..100], &[(100, 200)]);
        check(100..300, &[300..4096], &[(100, 200)]);
        check(100..300, &[0..101], &[(101, 199)]);
        check(100..300, &[0..4096], &[]);
        check(100..300, &[299..u64::MAX], &[(100, 199)]);
        // A hole that is smaller than the gap leaves one run.
        check(100..300, &[120..130], &[(100, 200)]);
        check(100..300, &[120..200], &[(100, 20), (200, 100)]);
        check(100..300, &[90..120, 130..200, 290..310], &[(120, 10), (200, 90)]);
    }
}
