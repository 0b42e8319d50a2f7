//! The segments to emit: a memory's state, shaped for the engine that will load it.
//!
//! **In** the memories of a snapshot. **Out** an [`Image`]. **Keeps** the contents: merging only writes zeros that are
//! there anyway. **Refuses** nothing.
//!
//! wasmtime maps a module's memory copy-on-write, so that an instance costs microseconds whatever its size, if [every
//! memory] spans less than 16 MiB from its first to its last segment byte, or if its segments fill more than half of
//! that span. One memory that does neither loses it for all. So where a memory is large and sparse, the smallest gaps
//! are filled until it is dense enough, unless that would add more than a cap.
//!
//! [every memory]: https://github.com/bytecodealliance/wasmtime/blob/v48.0.0/crates/environ/src/module.rs

use crate::index::MemoryIndex;
use crate::snapshot::{Run, Snapshot};

/// A span below this is mapped however sparse it is (wasmtime's `MAX_IMAGE_SIZE_ALWAYS_ALLOWED`).
const ALWAYS_MAPPED: u64 = 16 << 20;

/// How many zero bytes one memory may be filled up with.
const DENSIFY_CAP: u64 = 32 << 20;

/// How many segments a module may have; engines refuse 100,000 and more.
const MAX_SEGMENTS: usize = 50_000;

/// Active data segments, by memory and offset.
#[derive(Debug, PartialEq, Eq)]
pub struct Image {
    pub(crate) segments: Vec<(MemoryIndex, Run)>,
    pub(crate) mapping: Mapping,
}

/// Whether wasmtime maps the module's memories copy-on-write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mapping {
    /// Instances share the memory's pages until they write to them.
    CopyOnWrite,
    /// Each instance copies all segments.
    Copied {
        /// A memory that is too large and too sparse.
        memory: MemoryIndex,
        /// The distance from its first to its last byte that is not zero.
        span: u64,
    },
}

/// Lays the memories of a snapshot out.
#[must_use]
pub fn image(snapshot: &Snapshot) -> Image {
    let memories = &snapshot.memories;
    let mut image = Image {
        segments: Vec::new(),
        mapping: Mapping::CopyOnWrite,
    };
    let share = MAX_SEGMENTS / memories.len().max(1);
    for memory in memories {
        let filled = fill_gaps(&memory.runs, share);
        let runs = merge(&memory.runs, filled);
        let span = span(&runs);
        if !is_mapped(span, length(&runs)) {
            image.mapping = Mapping::Copied {
                memory: memory.index,
                span,
            };
        }
        image
            .segments
            .extend(runs.into_iter().map(|run| (memory.index, run)));
    }
    image
}

fn span(runs: &[Run]) -> u64 {
    match runs {
        [first, .., last] => last.end() - first.offset,
        [only] => only.bytes.len() as u64,
        [] => 0,
    }
}

fn length(runs: &[Run]) -> u64 {
    runs.iter().map(|run| run.bytes.len() as u64).sum()
}

fn is_mapped(span: u64, length: u64) -> bool {
    span < ALWAYS_MAPPED || 2 * length > span
}

/// The largest gap that is to be filled, so that the memory is dense enough and has few enough segments. 0: none.
fn fill_gaps(runs: &[Run], max_segments: usize) -> u64 {
    let mut gaps: Vec<u64> = runs
        .windows(2)
        .map(|pair| pair[1].offset - pair[0].end())
        .collect();
    gaps.sort_unstable();
    let must_fill = runs.len().saturating_sub(max_segments);
    let by_count = must_fill
        .checked_sub(1)
        .and_then(|last| gaps.get(last))
        .map_or(0, |gap| *gap);
    let span = span(runs);
    let mut filled = length(runs);
    let cap = filled.saturating_add(DENSIFY_CAP);
    let mut by_density = 0;
    for gap in gaps {
        if is_mapped(span, filled) {
            break;
        }
        filled += gap;
        by_density = gap;
    }
    // Half the way costs bytes and gains nothing.
    if !is_mapped(span, filled) || filled > cap {
        by_density = 0;
    }
    by_count.max(by_density)
}

/// Joins runs over gaps up to that size.
fn merge(runs: &[Run], largest_gap: u64) -> Vec<Run> {
    let mut merged: Vec<Run> = Vec::new();
    for run in runs {
        match merged.last_mut() {
            Some(last) if run.offset - last.end() <= largest_gap => {
                let gap = run.offset - last.offset;
                let zeros = usize::try_from(gap).expect("a run is in this process's memory");
                last.bytes.resize(zeros, 0);
                last.bytes.extend_from_slice(&run.bytes);
            }
            _ => merged.push(run.clone()),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::MemoryState;

    fn snapshot(state: MemoryState) -> Snapshot {
        Snapshot {
            memories: vec![state],
            ..Snapshot::default()
        }
    }

    fn memory(runs: &[(u64, usize)]) -> MemoryState {
        MemoryState {
            index: MemoryIndex(0),
            pages: 1,
            runs: runs
                .iter()
                .map(|&(offset, len)| Run {
                    offset,
                    bytes: vec![1; len],
                })
                .collect(),
        }
    }

    fn check(runs: &[(u64, usize)], expected: &[(u64, usize)], mapped: bool) {
        let image = image(&snapshot(memory(runs)));
        let found: Vec<(u64, usize)> = image
            .segments
            .iter()
            .map(|(_, run)| (run.offset, run.bytes.len()))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(image.mapping == Mapping::CopyOnWrite, mapped);
    }

    const MIB: u64 = 1 << 20;

    #[test]
    fn a_short_span_is_left_as_it_is() {
        check(&[], &[], true);
        check(&[(0, 1), (15 * MIB, 1)], &[(0, 1), (15 * MIB, 1)], true);
    }

    #[test]
    fn a_long_sparse_span_is_filled_from_the_smallest_gap_on() {
        // Span 20 MiB: more than 10 MiB have to be there. The gap of 9 MiB is filled, the one of 9.5 MiB is not.
        let runs = [(0, 1 << 20), (10 * MIB, 1 << 19), (20 * MIB, 1 << 10)];
        let filled = [(0, 10_usize * (1 << 20) + (1 << 19)), (20 * MIB, 1 << 10)];
        check(&runs, &filled, true);
    }

    #[test]
    fn what_the_cap_forbids_is_left_as_it_is() {
        let runs = [(0, 1), (1 << 30, 1)];
        check(&runs, &runs, false);
    }

    #[test]
    fn segments_are_bounded() {
        let runs: Vec<Run> = (0..60_000_u64)
            .map(|n| Run {
                offset: n * 100,
                bytes: vec![1],
            })
            .collect();
        let state = MemoryState {
            index: MemoryIndex(0),
            pages: 100,
            runs,
        };
        assert!(image(&snapshot(state)).segments.len() <= MAX_SEGMENTS);
    }
}
