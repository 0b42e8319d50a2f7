//! Memories and data segments.

use std::borrow::Cow;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ConstExpr, MemorySection};

use super::Subject;
use super::places::{self, Entry, Fate};
use crate::guest::index::{DataIndex, MemoryIndex, enumerate};
use crate::guest::{DataSegment, Droppable, SegmentMode, count, is_marked};
use crate::snapshot::Run;
use crate::wasm::splice::{DataContents, contents};

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
    /// `None` where there are no segments.
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
    let entries = entries(subject);
    let added = &subject.added.data;
    let count = count(entries.len() + added.len());
    let lens = entries.iter().map(|entry| match entry {
        Entry::Kept(segment) => segment.range.len(),
        Entry::Empty(_) => 0,
        Entry::New((_, run)) => run.bytes.len(),
    });
    let mut section = DataContents::new(count, lens.chain(added.iter().map(Vec::len)).sum());
    for entry in entries {
        match entry {
            Entry::Kept(segment) => section.raw(subject.guest.bytes(&segment.range)),
            Entry::Empty(_) => section.passive(&[]),
            Entry::New((memory, run)) => {
                let offset = if subject.guest.memories[memory.position()].memory64 {
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
