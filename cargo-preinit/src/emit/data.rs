//! Memories and data segments.

use std::borrow::Cow;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ConstExpr, MemorySection};

use super::Context;
use super::segment_slots::{self, Entry, Fate};
use crate::guest::index::{DataIndex, MemoryIndex, enumerate};
use crate::guest::{DataSegment, Droppable, SegmentMode, count, is_marked};
use crate::snapshot::Run;
use crate::wasm::splice::{DataContents, contents};

/// The memory section, with the sizes after init.
pub(super) fn memories(context: &Context<'_>) -> Option<Vec<u8>> {
    let mut section = MemorySection::new();
    let own = context.guest.imported_memories as usize;
    for (index, memory) in enumerate(&context.guest.memories).skip(own) {
        let mut ty = RoundtripReencoder
            .memory_type(*memory)
            .expect("a valid module has no types that cannot be written");
        let state = context.snapshot.memories.iter();
        if let Some(state) = state.clone().find(|state| state.index == MemoryIndex(index)) {
            ty.minimum = state.pages;
        }
        section.memory(ty);
    }
    (!section.is_empty()).then(|| contents(&section))
}

/// The data section.
pub(super) struct Data {
    /// `None` where there are no segments.
    pub(super) contents: Option<Vec<u8>>,
    pub(super) count: u32,
}

pub(super) fn fate(context: &Context<'_>, index: DataIndex) -> Fate {
    let is_gone = match context.guest.data[index.position()].mode {
        SegmentMode::Active(memory) => !context.guest.external.memory(memory),
        SegmentMode::Passive | SegmentMode::Declared => {
            context.snapshot.dropped.contains(&Droppable::Data(index))
        }
    };
    Fate::of(is_gone, is_marked(&context.guest.code.used_data, index.0))
}

fn entries<'a>(context: &Context<'a>) -> Vec<Entry<'a, DataSegment<'a>, &'a (MemoryIndex, Cow<'a, Run>)>> {
    let fate = |index| fate(context, DataIndex(index));
    segment_slots::fill(&context.guest.data, fate, &context.image.segments)
}

/// The index that the first of the added passive segments gets.
pub(super) fn first_added(context: &Context<'_>) -> u32 {
    count(entries(context).len())
}

pub(super) fn section(context: &Context<'_>) -> Data {
    let entries = entries(context);
    let added = &context.added.data;
    let count = count(entries.len() + added.len());
    let lens = entries.iter().map(|entry| match entry {
        Entry::Kept(segment) => segment.range.len(),
        Entry::Empty(_) => 0,
        Entry::New((_, run)) => run.bytes.len(),
    });
    let mut section = DataContents::new(count, lens.chain(added.iter().map(Vec::len)).sum());
    for entry in entries {
        match entry {
            Entry::Kept(segment) => section.raw(context.guest.bytes(&segment.range)),
            Entry::Empty(_) => section.passive(&[]),
            Entry::New((memory, run)) => {
                let offset = if context.guest.memories[memory.position()].memory64 {
                    ConstExpr::i64_const(run.offset.cast_signed())
                } else {
                    let offset = u32::try_from(run.offset).expect("a 32-bit memory has 32-bit offsets");
                    ConstExpr::i32_const(offset.cast_signed())
                };
                section.active(memory.0, &offset, &run.bytes);
            }
        }
    }
    for bytes in added {
        section.passive(bytes);
    }
    Data {
        count,
        contents: (count > 0).then(|| section.finish()),
    }
}
