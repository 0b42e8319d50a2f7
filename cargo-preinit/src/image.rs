//! Lays out the state of an instance as segments, shaped for the engine that will load them.
//!
//! **In** the state of an instance. **Out** an [`Image`]: the segments of its memories, how its tables are filled, and the
//! order in which its objects are made. **Keeps** the contents: joined segments only add zeros that are there anyway.
//! **Refuses** objects that no module can make.
//!
//! wasmtime maps a module's memories copy-on-write, so that an instance costs microseconds whatever its size, if [every
//! memory] spans less than 16 MiB from its first to its last segment byte, or if its segments fill more than half of that
//! span. If one memory does neither, none is mapped. So in a large and sparse memory the smallest gaps are filled until it is
//! dense enough, unless that would add more than a cap. Other engines copy the zeros, so that is not done for modules of wasm-bindgen, or
//! where the options say so.
//!
//! [every memory]: https://github.com/bytecodealliance/wasmtime/blob/v48.0.0/crates/environ/src/module.rs

mod objects;
mod tables;

use std::borrow::{Borrow, Cow};

use crate::guest::Node;
use crate::guest::index::MemoryIndex;
use crate::options::MemoryLayout;
use crate::refusal::{Refusals, found_in};
use crate::snapshot::{InstanceState, Run};

pub(crate) use tables::{Stretch, Tables, takes_any_function};

pub(crate) use objects::{FixUp, Objects, field_type, first_element, is_array, is_long, is_uniform};

/// A span of fewer bytes is mapped however sparse it is (wasmtime's `MAX_IMAGE_SIZE_ALWAYS_ALLOWED`).
const ALWAYS_MAPPED: u64 = 16 << 20;

/// How many zero bytes may be added to one memory to make it dense enough.
const DENSIFY_CAP: u64 = 32 << 20;

/// How many data segments the output may have. Engines take 100,000, and objects may need a few.
const ENGINE_SEGMENTS: usize = 99_000;

/// How many segments the memories may have together.
const MAX_SEGMENTS: usize = 50_000;

/// The same if wasmtime does not map the memories, and compiles code for each segment.
const MAX_COPIED_SEGMENTS: usize = 10_000;

/// The layout of an instance's state in the output.
#[derive(Debug, PartialEq, Eq)]
pub struct Image<'s> {
    /// Active data segments, by memory and offset. Runs that were not joined are borrowed from the snapshot.
    pub(crate) segments: Vec<(MemoryIndex, Cow<'s, Run>)>,
    pub(crate) mapping: Mapping,
    pub(crate) objects: Objects,
    pub(crate) tables: Tables,
}

/// Whether wasmtime maps the module's memories copy-on-write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mapping {
    /// Instances share the memory's pages until they write to them.
    CopyOnWrite,
    /// Each instance copies all segments.
    Imported {
        /// An imported memory that is written to.
        memory: MemoryIndex,
    },
    /// Each instance copies all segments.
    Copied {
        /// A memory that is too large and too sparse.
        memory: MemoryIndex,
        /// The distance from its first to its last byte that is not zero, in bytes.
        span: u64,
    },
}

/// Lays out the state of an instance.
///
/// # Errors
///
/// If there are objects that no module can make.
pub fn image<'s>(
    node: &Node<'_>,
    instance: &'s InstanceState,
    layout: MemoryLayout,
) -> Result<Image<'s>, Refusals> {
    let objects = objects::lay_out(node, instance).map_err(|refusals| found_in(node.id, refusals))?;
    let tables = tables::lay_out(node, instance);
    let kept = node.code.used_data.iter().filter(|is_used| **is_used).count();
    let density = match layout {
        MemoryLayout::Auto if node.is_for_javascript() => Density::AsItIs,
        MemoryLayout::Auto | MemoryLayout::Mapped => Density::ForMapping,
        MemoryLayout::Compact => Density::AsItIs,
    };
    let (segments, mapping) = lay_out_memories(instance, node.imported_memories, kept, density);
    Ok(Image {
        segments,
        mapping,
        objects,
        tables,
    })
}

/// Lays out the memories. `imported` is how many memories are imported, and `kept` how many of the guest's data segments
/// stay, since instructions name them.
fn lay_out_memories(
    instance: &InstanceState,
    imported: u32,
    kept: usize,
    density: Density,
) -> (Vec<(MemoryIndex, Cow<'_, Run>)>, Mapping) {
    let memories = &instance.memories;
    let mut segments = Vec::new();
    let mut written = memories.iter().filter(|memory| !memory.runs.is_empty());
    let of_host = written.find(|memory| memory.index.0 < imported);
    let mut mapping = match of_host {
        Some(memory) => Mapping::Imported { memory: memory.index },
        None => Mapping::CopyOnWrite,
    };
    let free = ENGINE_SEGMENTS.saturating_sub(kept);
    let share = |segments: usize| segments.min(free) / memories.len().max(1);
    for memory in memories {
        if of_host.is_some() {
            // If an imported memory is written to, none is mapped, so a denser one gains nothing.
            let runs = merge(&memory.runs, share(MAX_COPIED_SEGMENTS), Density::AsItIs);
            segments.extend(runs.into_iter().map(|run| (memory.index, run)));
            continue;
        }
        let mut runs = merge(&memory.runs, share(MAX_SEGMENTS), density);
        if !is_mapped(span(&runs), length(&runs)) {
            runs = merge(&memory.runs, share(MAX_COPIED_SEGMENTS), density);
        }
        let span = span(&runs);
        if !is_mapped(span, length(&runs)) {
            mapping = Mapping::Copied {
                memory: memory.index,
                span,
            };
        }
        segments.extend(runs.into_iter().map(|run| (memory.index, run)));
    }
    (segments, mapping)
}

/// Whether the gaps of a memory are filled until it is dense enough to be mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Density {
    ForMapping,
    AsItIs,
}

fn span(runs: &[impl Borrow<Run>]) -> u64 {
    match (runs.first(), runs.last()) {
        (Some(first), Some(last)) => last.borrow().end() - first.borrow().offset,
        _ => 0,
    }
}

fn length(runs: &[impl Borrow<Run>]) -> u64 {
    runs.iter().map(|run| run.borrow().bytes.len() as u64).sum()
}

fn is_mapped(span: u64, length: u64) -> bool {
    span < ALWAYS_MAPPED || 2 * length > span
}

/// Joins runs over the smallest gaps between them, so that the memory is dense enough and has few enough segments.
fn merge(runs: &[Run], max_segments: usize, density: Density) -> Vec<Cow<'_, Run>> {
    let gap = |position: usize| runs[position + 1].offset - runs[position].end();
    // Each gap, by the position of the run before it.
    let mut gaps: Vec<usize> = (0..runs.len().saturating_sub(1)).collect();
    gaps.sort_by_key(|position| gap(*position));
    let for_count = runs.len().saturating_sub(max_segments);
    let span = span(runs);
    let mut filled = length(runs);
    let cap = filled.saturating_add(DENSIFY_CAP);
    let mut for_density = 0;
    for position in &gaps {
        if is_mapped(span, filled) {
            break;
        }
        filled += gap(*position);
        for_density += 1;
    }
    // Filling that does not make the memory dense enough costs bytes and gains nothing.
    if density == Density::AsItIs || !is_mapped(span, filled) || filled > cap {
        for_density = 0;
    }
    let mut is_filled = vec![false; runs.len()];
    for position in gaps.into_iter().take(for_count.max(for_density)) {
        is_filled[position + 1] = true;
    }
    let mut merged: Vec<Cow<'_, Run>> = Vec::new();
    for (run, is_filled) in runs.iter().zip(is_filled) {
        match merged.last_mut() {
            Some(last) if is_filled => {
                let last = last.to_mut();
                let gap = run.offset - last.offset;
                let zeros = usize::try_from(gap).expect("a run is in this process's memory");
                last.bytes.resize(zeros, 0);
                last.bytes.extend_from_slice(&run.bytes);
            }
            _ => merged.push(Cow::Borrowed(run)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::MemoryState;

    fn instance(state: MemoryState) -> InstanceState {
        InstanceState {
            memories: vec![state],
            ..InstanceState::default()
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
        let instance = instance(memory(runs));
        let (segments, mapping) = lay_out_memories(&instance, 0, 0, Density::ForMapping);
        let found: Vec<(u64, usize)> = segments
            .iter()
            .map(|(_, run)| (run.offset, run.bytes.len()))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(mapping == Mapping::CopyOnWrite, mapped);
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
    fn imported_memories_are_not_mapped_and_not_filled() {
        let runs = [(0, 1 << 20), (10 * MIB, 1 << 19), (20 * MIB, 1 << 10)];
        let written = instance(memory(&runs));
        let (segments, mapping) = lay_out_memories(&written, 1, 0, Density::ForMapping);
        assert_eq!(segments.len(), runs.len());
        assert_eq!(
            mapping,
            Mapping::Imported {
                memory: MemoryIndex(0)
            }
        );
        let zeros = instance(memory(&[]));
        assert_eq!(
            lay_out_memories(&zeros, 1, 0, Density::ForMapping).1,
            Mapping::CopyOnWrite
        );
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
        assert_eq!(
            lay_out_memories(&instance(state), 0, 0, Density::ForMapping)
                .0
                .len(),
            MAX_SEGMENTS
        );
    }
}
