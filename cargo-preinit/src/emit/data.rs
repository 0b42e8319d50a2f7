//! Memories and data segments.

use std::borrow::Cow;

use wasm_encoder::reencode::Reencode;
use wasm_encoder::{ConstExpr, MemorySection, MemoryType};

use super::draft::{Context, Draft, Encoded};
use super::layout::{Layout, Relinked, Style};
use super::segment_slots::{self, SegmentFate, Slot};
use crate::guest::index::{DataIndex, MemoryIndex, enumerate};
use crate::guest::{DataSegment, Droppable, SegmentMode, is_marked};
use crate::snapshot::Run;
use crate::wasm::splice::DataContents;

pub(super) fn fate(context: &Context<'_>, index: DataIndex) -> SegmentFate {
    let is_gone = match context.guest.data[index.position()].mode {
        SegmentMode::Active(memory) => context.guest.is_captured(memory),
        SegmentMode::Passive | SegmentMode::Declared => {
            context.instance.dropped.contains(&Droppable::Data(index))
        }
    };
    SegmentFate::of(is_gone, is_marked(&context.guest.code.used_data, index.0))
}

/// The slots of the data segments, without the added passive ones.
pub(super) fn slots<'a>(
    context: &Context<'a>,
) -> Vec<Slot<'a, DataSegment<'a>, &'a (MemoryIndex, Cow<'a, Run>)>> {
    let fate = |index| fate(context, DataIndex(index));
    segment_slots::fill(&context.guest.data, fate, &context.image.segments)
}

impl Draft<'_> {
    /// A memory that is not imported: its type, with its size after init.
    pub(super) fn memory<N: Reencode>(&self, names: &mut N, index: MemoryIndex) -> Encoded<MemoryType, N> {
        let mut ty = names.memory_type(self.context.guest.memories[index.position()])?;
        let mut states = self.context.instance.memories.iter();
        if let Some(state) = states.find(|state| state.index == index) {
            ty.minimum = state.pages;
        }
        Ok(ty)
    }

    /// The memory of an active data segment; `None` for a passive one.
    pub(super) fn memory_of(&self, slot: DataIndex) -> Option<MemoryIndex> {
        match self.data.get(slot.position())? {
            Slot::Kept(segment) => match segment.mode {
                SegmentMode::Active(memory) => Some(memory),
                SegmentMode::Passive | SegmentMode::Declared => None,
            },
            Slot::Empty(_) => None,
            Slot::New((memory, _)) => Some(*memory),
        }
    }

    /// The slots of all data segments, with the added passive ones.
    pub(super) fn data_slots(&self) -> impl Iterator<Item = DataIndex> + use<> {
        (0..self.data_segments()).map(DataIndex)
    }

    /// How many bytes of data a segment has.
    fn data_len(&self, slot: DataIndex) -> usize {
        match self.data.get(slot.position()) {
            Some(Slot::Kept(segment)) => segment.bytes.len(),
            Some(Slot::Empty(_)) => 0,
            Some(Slot::New((_, run))) => run.bytes.len(),
            None => self.added_data[slot.position() - self.data.len()].len(),
        }
    }
}

/// The memory section.
pub(super) fn memories(draft: &Draft<'_>, layout: &Layout) -> Relinked<MemorySection> {
    let (indices, mut names) = (&layout.indices, layout.names());
    let mut section = MemorySection::new();
    let guest = draft.context.guest;
    for (index, _) in enumerate(&guest.memories).skip(guest.imported_memories as usize) {
        let index = MemoryIndex(index);
        if indices.memory(index).is_some() {
            section.memory(draft.memory(&mut names, index)?);
        }
    }
    Ok(section)
}

/// The data section. If the memory of an active segment is removed and an instruction names the segment, an empty one takes its
/// slot: an active segment is empty after instantiation, too.
pub(super) fn section(draft: &Draft<'_>, layout: &Layout) -> Relinked<DataContents> {
    let (indices, mut names) = (&layout.indices, layout.names());
    let guest = draft.context.guest;
    let kept = || draft.data_slots().filter(|slot| indices.data(*slot).is_some());
    let len = kept().map(|slot| draft.data_len(slot)).sum();
    let mut section = DataContents::new(indices.data_segments(), len);
    for index in kept() {
        let is_gone = |memory| indices.memory(memory).is_none();
        match draft.data.get(index.position()) {
            _ if draft.memory_of(index).is_some_and(is_gone) => section.passive(&[]),
            Some(Slot::Kept(segment)) if layout.style == Style::Splice => {
                section.raw(guest.bytes(&segment.range));
            }
            Some(Slot::Kept(segment)) => match (segment.mode, &segment.offset) {
                (SegmentMode::Active(memory), Some(offset)) => {
                    let offset = names.const_expr(offset.clone())?;
                    section.active(names.memory_index(memory.0)?, &offset, segment.bytes);
                }
                _ => section.passive(segment.bytes),
            },
            Some(Slot::Empty(_)) => section.passive(&[]),
            Some(Slot::New((memory, run))) => {
                let offset = if guest.memories[memory.position()].memory64 {
                    ConstExpr::i64_const(run.offset.cast_signed())
                } else {
                    let offset = u32::try_from(run.offset).expect("a 32-bit memory has 32-bit offsets");
                    ConstExpr::i32_const(offset.cast_signed())
                };
                section.active(names.memory_index(memory.0)?, &offset, &run.bytes);
            }
            None => section.passive(&draft.added_data[index.position() - draft.data.len()]),
        }
    }
    Ok(section)
}
