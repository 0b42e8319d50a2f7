//! Memories and data segments.

use std::borrow::Cow;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ConstExpr, DataSection, MemorySection};

use super::Subject;
use super::places::{self, Entry, Fate};
use crate::index::{DataIndex, MemoryIndex, enumerate};
use crate::module::{DataSegment, Droppable, SegmentMode, count, is_marked};
use crate::snapshot::Run;
use crate::splice::{add_active, contents};

/// The memory section, with the sizes after init.
pub(super) fn memories(subject: &Subject<'_>) -> Option<Vec<u8>> {
    let mut section = MemorySection::new();
    let own = subject.guest.imported_memories as usize;
    for (index, memory) in enumerate(&subject.guest.memories).skip(own) {
        let mut ty = RoundtripReencoder
            .memory_type(*memory)
            .expect("a valid module has no types that cannot be written");
        let state = subject.snapshot.memories.iter();
        if let Some(state) = state.clone().find(|state| state.index == MemoryIndex(index)) {
            ty.minimum = state.pages;
        }
        section.memory(ty);
    }
    (!section.is_empty()).then(|| contents(&section))
}

/// The data section.
pub(super) struct Data {
    pub(super) contents: Option<Vec<u8>>,
    pub(super) count: u32,
}

pub(super) fn fate(subject: &Subject<'_>, index: DataIndex) -> Fate {
    let is_gone = match subject.guest.data[index.position()].mode {
        SegmentMode::Active(memory) => !subject.guest.external.memory(memory),
        SegmentMode::Passive | SegmentMode::Declared => {
            subject.snapshot.dropped.contains(&Droppable::Data(index))
        }
    };
    Fate::of(is_gone, is_marked(&subject.guest.code.used_data, index.0))
}

fn entries<'a>(subject: &Subject<'a>) -> Vec<Entry<'a, DataSegment<'a>, &'a (MemoryIndex, Cow<'a, Run>)>> {
    let fate = |index| fate(subject, DataIndex(index));
    places::fill(&subject.guest.data, fate, &subject.image.segments)
}

/// The index that the first of the added passive segments gets.
pub(super) fn first_added(subject: &Subject<'_>) -> u32 {
    count(entries(subject).len())
}

pub(super) fn section(subject: &Subject<'_>) -> Data {
    let mut section = DataSection::new();
    for entry in entries(subject) {
        match entry {
            Entry::Kept(segment) => {
                section.raw(subject.guest.bytes(&segment.range));
            }
            Entry::Empty(_) => {
                section.passive([]);
            }
            Entry::New((memory, run)) => {
                let offset = if subject.guest.memories[memory.position()].memory64 {
                    ConstExpr::i64_const(run.offset.cast_signed())
                } else {
                    let offset = u32::try_from(run.offset).expect("a 32-bit memory has 32-bit offsets");
                    ConstExpr::i32_const(offset.cast_signed())
                };
                add_active(&mut section, memory.0, &offset, &run.bytes);
            }
        }
    }
    for bytes in &subject.added.data {
        section.passive(bytes.iter().copied());
    }
    Data {
        count: section.len(),
        contents: (!section.is_empty()).then(|| contents(&section)),
    }
}
