//! The run copy's segments.
//!
//! Segments that fill external state are left out, since they may not fit into its stand-in. Many active data segments are
//! joined, because the engine compiles code for each.

use std::borrow::Cow;

use wasm_encoder::reencode::{RoundtripReencoder, utils};
use wasm_encoder::{ConstExpr, ElementSection, ElementSegment, Elements, SectionId};

use super::Additions;
use crate::guest::index::MemoryIndex;
use crate::guest::{Node, SegmentMode, constant, count};
use crate::snapshot::Run;
use crate::wasm::splice::{DataContents, contents};

/// How many active data segments are kept as they are.
const MANY: usize = 64;

/// How many zero bytes may be added in all to join segments. They stay in memory during the run.
const MAX_PADDING: u64 = 64 << 20;

/// The element section. Segments that fill external tables become declarative, and one more segment fills an added table.
pub(super) fn elements(module: &Node<'_>, additions: &Additions) -> Option<Vec<u8>> {
    let mut section = ElementSection::new();
    for segment in &module.elements {
        match segment.mode {
            SegmentMode::Active(table) if module.has_stand_ins() && module.external.table(table) => {
                let elements = utils::element_items(&mut RoundtripReencoder, segment.items.clone())
                    .expect("the module is valid");
                section.segment(ElementSegment {
                    mode: wasm_encoder::ElementMode::Declared,
                    elements,
                });
            }
            SegmentMode::Active(_) | SegmentMode::Passive | SegmentMode::Declared => {
                section.raw(module.bytes(&segment.range));
            }
        }
    }
    if let Some((table, functions)) = &additions.filled {
        let functions = Elements::Functions(functions.as_slice().into());
        section.active(Some(table.0), &ConstExpr::i32_const(0), functions);
    }
    (!section.is_empty()).then(|| contents(&section))
}

/// The contents of the data section, and its number of segments. An active segment that is removed leaves an empty passive
/// one in its place: to instructions, both are empty once the module is instantiated.
pub(super) fn data<'a>(module: &Node<'a>) -> Option<(Cow<'a, [u8]>, u32)> {
    let joined = join(module);
    let id = u8::from(SectionId::Data);
    let old = module.sections.iter().find(|section| section.id == id)?;
    let is_external = |memory| module.has_stand_ins() && module.external.memory(memory);
    if joined.is_none()
        && !module
            .data
            .iter()
            .any(|segment| matches!(segment.mode, SegmentMode::Active(memory) if is_external(memory)))
    {
        return Some((module.bytes(&old.range).into(), count(module.data.len())));
    }
    let joined = joined.unwrap_or_default();
    let total = count(module.data.len() + joined.len());
    let len = joined.iter().map(|(_, run)| run.bytes.len()).sum::<usize>();
    let mut section = DataContents::new(total, len);
    for segment in &module.data {
        match segment.mode {
            SegmentMode::Active(memory) if !joined.is_empty() || is_external(memory) => {
                section.passive(&[]);
            }
            SegmentMode::Active(_) | SegmentMode::Passive | SegmentMode::Declared => {
                section.raw(module.bytes(&segment.range));
            }
        }
    }
    for (memory, run) in joined {
        let offset = if module.memories[memory.position()].memory64 {
            ConstExpr::i64_const(run.offset.cast_signed())
        } else {
            let offset = u32::try_from(run.offset).expect("a 32-bit memory has 32-bit offsets");
            ConstExpr::i32_const(offset.cast_signed())
        };
        section.active(memory.0, &offset, &run.bytes);
    }
    Some((section.finish().into(), total))
}

/// The bytes of the active segments in fewer ones; `None` if there are few, or if an offset is not constant or out of bounds.
fn join(module: &Node<'_>) -> Option<Vec<(MemoryIndex, Run)>> {
    let is_external = |memory| module.has_stand_ins() && module.external.memory(memory);
    let is_active = |mode| matches!(mode, SegmentMode::Active(memory) if !is_external(memory));
    if module
        .data
        .iter()
        .filter(|segment| is_active(segment.mode))
        .count()
        <= MANY
    {
        return None;
    }
    let mut segments: Vec<(MemoryIndex, u64, &[u8])> = Vec::new();
    for segment in module.data.iter().filter(|segment| is_active(segment.mode)) {
        let SegmentMode::Active(index) = segment.mode else {
            return None;
        };
        let offset = segment.offset.as_ref().and_then(constant)?;
        // A segment that is out of bounds has to trap in its own place.
        let memory = &module.memories[index.position()];
        let bytes = memory
            .initial
            .checked_mul(1 << memory.page_size_log2.unwrap_or(16))?;
        if offset.checked_add(segment.bytes.len() as u64)? > bytes {
            return None;
        }
        segments.push((index, offset, segment.bytes));
    }
    Some(apply(&segments, &spans(&segments)))
}

/// The ranges that the joined segments fill, in order.
fn spans(segments: &[(MemoryIndex, u64, &[u8])]) -> Vec<(MemoryIndex, u64, u64)> {
    let mut all: Vec<(MemoryIndex, u64, u64)> = segments
        .iter()
        .filter(|(.., bytes)| !bytes.is_empty())
        .map(|(memory, offset, bytes)| (*memory, *offset, *offset + bytes.len() as u64))
        .collect();
    all.sort_unstable();
    let join = |largest_gap: u64| {
        let mut joined: Vec<(MemoryIndex, u64, u64)> = Vec::new();
        let mut padding = 0;
        for (memory, start, end) in &all {
            match joined.last_mut() {
                Some((last, _, until)) if last == memory && *start <= until.saturating_add(largest_gap) => {
                    padding += start.saturating_sub(*until);
                    *until = (*until).max(*end);
                }
                _ => joined.push((*memory, *start, *end)),
            }
        }
        (joined, padding)
    };
    let gaps = [1 << 20, 1 << 16, 1 << 13, 1 << 10];
    let affordable = gaps
        .into_iter()
        .map(join)
        .find(|(_, padding)| *padding <= MAX_PADDING);
    affordable.map_or_else(|| join(0).0, |(joined, _)| joined)
}

fn apply(
    segments: &[(MemoryIndex, u64, &[u8])],
    spans: &[(MemoryIndex, u64, u64)],
) -> Vec<(MemoryIndex, Run)> {
    let len =
        |start: u64, end: u64| usize::try_from(end - start).expect("segments are in this process's memory");
    let mut runs: Vec<(MemoryIndex, Run)> = spans
        .iter()
        .map(|&(memory, offset, end)| {
            let bytes = vec![0; len(offset, end)];
            (memory, Run { offset, bytes })
        })
        .collect();
    // In their order, since a later one overwrites an earlier one.
    for (memory, offset, bytes) in segments {
        let after = runs.partition_point(|(other, run)| (*other, run.offset) <= (*memory, *offset));
        let Some((_, run)) = after.checked_sub(1).and_then(|position| runs.get_mut(position)) else {
            continue;
        };
        let start = len(run.offset, *offset);
        if let Some(target) = run.bytes.get_mut(start..start + bytes.len()) {
            target.copy_from_slice(bytes);
        }
    }
    runs
}
