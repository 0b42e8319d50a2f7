//! Memories and data segments.
//!
//! Instructions name segments by their index, so a segment that one of them names keeps its place, if only as an empty
//! one. The places of all others are free for what the image has.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ConstExpr, DataSection, MemorySection};

use super::Subject;
use crate::index::{DataIndex, MemoryIndex, enumerate};
use crate::module::{DataSegment, Droppable, SegmentMode, count, is_marked};
use crate::snapshot::Run;
use crate::splice::contents;

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

/// What becomes of a segment of the guest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    /// Gone, but an instruction names it, and must find it empty.
    Emptied,
    Gone,
}

pub(super) fn fate(subject: &Subject<'_>, index: DataIndex) -> Fate {
    let is_gone = match subject.guest.data[index.position()].mode {
        SegmentMode::Active(memory) => !subject.guest.external.memory(memory),
        SegmentMode::Passive | SegmentMode::Declared => {
            subject.snapshot.dropped.contains(&Droppable::Data(index))
        }
    };
    match (is_gone, is_marked(&subject.guest.code.used_data, index.0)) {
        (false, _) => Fate::Kept,
        (true, true) => Fate::Emptied,
        (true, false) => Fate::Gone,
    }
}

/// A segment of the output.
enum Entry<'a> {
    /// As the guest has it.
    Kept(&'a DataSegment),
    Empty,
    Active(MemoryIndex, &'a Run),
}

fn entries<'a>(subject: &Subject<'a>) -> Vec<Entry<'a>> {
    let fates: Vec<Fate> = enumerate(&subject.guest.data)
        .map(|(index, _)| fate(subject, DataIndex(index)))
        .collect();
    let places = fates.iter().rposition(|fate| *fate != Fate::Gone);
    let mut image = subject
        .image
        .segments
        .iter()
        .map(|(memory, run)| Entry::Active(*memory, run));
    let mut entries = Vec::new();
    for (segment, fate) in subject
        .guest
        .data
        .iter()
        .zip(fates)
        .take(places.map_or(0, |last| last + 1))
    {
        entries.push(match fate {
            Fate::Kept => Entry::Kept(segment),
            Fate::Emptied => Entry::Empty,
            Fate::Gone => image.next().unwrap_or(Entry::Empty),
        });
    }
    entries.extend(image);
    entries
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
            Entry::Empty => {
                section.passive([]);
            }
            Entry::Active(memory, run) => {
                let offset = if subject.guest.memories[memory.position()].memory64 {
                    ConstExpr::i64_const(run.offset.cast_signed())
                } else {
                    let offset = u32::try_from(run.offset).expect("a 32-bit memory has 32-bit offsets");
                    ConstExpr::i32_const(offset.cast_signed())
                };
                section.active(memory.0, &offset, run.bytes.iter().copied());
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
