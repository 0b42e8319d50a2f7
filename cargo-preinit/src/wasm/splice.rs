//! Sections of a module and their entries, for the run copy and the output, which are both spliced.

use std::borrow::Cow;

use wasm_encoder::{ConstExpr, Encode, SectionId};
use wasmparser::BinaryReader;

/// The sections of a module, in the order that the format requires.
pub(crate) const SECTION_ORDER: [SectionId; 13] = [
    SectionId::Type,
    SectionId::Import,
    SectionId::Function,
    SectionId::Table,
    SectionId::Memory,
    SectionId::Tag,
    SectionId::Global,
    SectionId::Export,
    SectionId::Start,
    SectionId::Element,
    SectionId::DataCount,
    SectionId::Code,
    SectionId::Data,
];

/// The LEB128 number at the start of `bytes`, and how many bytes it takes.
pub(crate) fn leading_number(bytes: &[u8]) -> (u32, usize) {
    let mut reader = BinaryReader::new(bytes, 0);
    let number = reader
        .read_var_u32()
        .expect("sections of a valid module start with a number");
    (number, reader.original_position())
}

/// The contents of a section, without its size.
pub(crate) fn contents(section: &impl Encode) -> Vec<u8> {
    let mut bytes = encoded(section);
    let (_, width) = leading_number(&bytes);
    bytes.drain(..width);
    bytes
}

pub(crate) fn encoded(value: &impl Encode) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes
}

/// The contents of a section with `added` more entries at its end; `None` if there is no section and nothing is added.
pub(crate) fn extended<'a>(old: Option<&'a [u8]>, added: u32, entries: &[u8]) -> Option<Cow<'a, [u8]>> {
    if added == 0 {
        return old.map(Cow::Borrowed);
    }
    let old = old.unwrap_or(&[0]);
    let (before, width) = leading_number(old);
    let mut contents = encoded(&(before + added));
    contents.reserve(old.len() + entries.len());
    contents.extend_from_slice(&old[width..]);
    contents.extend_from_slice(entries);
    Some(contents.into())
}

/// A module that is written section by section. The contents of each section are copied once.
#[derive(Debug)]
pub(crate) struct Output(Vec<u8>);

impl Output {
    /// A module without sections, with capacity for this many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut output = Vec::with_capacity(bytes);
        output.extend_from_slice(&wasm_encoder::Module::HEADER);
        Self(output)
    }

    /// Adds a section, whose contents are the parts one after the other.
    pub(crate) fn section<'a, Parts>(&mut self, id: u8, parts: Parts)
    where
        Parts: IntoIterator<Item = &'a [u8], IntoIter: Clone>,
    {
        let parts = parts.into_iter();
        self.0.push(id);
        parts.clone().map(<[u8]>::len).sum::<usize>().encode(&mut self.0);
        for part in parts {
            self.0.extend_from_slice(part);
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// The contents of a data section. They are most of a baked module, so they are copied no more often than necessary.
#[derive(Debug)]
pub(crate) struct DataContents {
    bytes: Vec<u8>,
}

impl DataContents {
    /// The contents of a section with `count` segments, which are added next. `capacity` is about the sum of their bytes.
    pub(crate) fn new(count: u32, capacity: usize) -> Self {
        /// How many bytes precede the bytes of a segment, at most: its flags, memory, offset and size.
        const HEAD: usize = 24;
        let mut bytes = Vec::with_capacity(capacity + HEAD * (count as usize + 1));
        count.encode(&mut bytes);
        Self { bytes }
    }

    /// Adds a segment that is encoded already.
    pub(crate) fn raw(&mut self, segment: &[u8]) {
        self.bytes.extend_from_slice(segment);
    }

    pub(crate) fn passive(&mut self, bytes: &[u8]) {
        self.bytes.push(0x01);
        bytes.encode(&mut self.bytes); // with their length
    }

    pub(crate) fn active(&mut self, memory: u32, offset: &ConstExpr, bytes: &[u8]) {
        if memory == 0 {
            self.bytes.push(0x00);
        } else {
            self.bytes.push(0x02);
            memory.encode(&mut self.bytes);
        }
        offset.encode(&mut self.bytes);
        bytes.encode(&mut self.bytes);
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::DataSection;

    use super::*;

    #[test]
    fn a_section_is_what_the_encoder_makes_of_it() {
        let offset = ConstExpr::i64_const(-1);
        let bytes = [7; 300];
        let mut ours = DataContents::new(5, 4 * bytes.len());
        let mut theirs = DataSection::new();
        for memory in [0, 1, 200] {
            ours.active(memory, &offset, &bytes);
            theirs.active(memory, &offset, bytes);
        }
        ours.passive(&bytes);
        theirs.passive(bytes);
        ours.raw(&[0x01, 0x00]);
        theirs.passive([]);
        assert_eq!(ours.finish(), contents(&theirs));
    }
}
