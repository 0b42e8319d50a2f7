//! What both artifacts are spliced with: sections, and how entries are added to them.

use wasm_encoder::{ConstExpr, DataSection, Encode, SectionId};
use wasmparser::BinaryReader;

/// The sections that a module can have, in the order in which they must stand.
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

/// The LEB128 number at the start, and how many bytes it takes.
pub(crate) fn leading_number(bytes: &[u8]) -> (u32, usize) {
    let mut reader = BinaryReader::new(bytes, 0);
    let number = reader
        .read_var_u32()
        .expect("sections of a valid module start with a number");
    (number, reader.original_position())
}

/// The contents of a section, without the size that precedes them.
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

/// The contents of a section with more entries at its end; `None` if it stays absent.
pub(crate) fn extended(old: Option<&[u8]>, added: u32, entries: &[u8]) -> Option<Vec<u8>> {
    if added == 0 {
        return old.map(<[u8]>::to_vec);
    }
    let old = old.unwrap_or(&[0]);
    let (before, width) = leading_number(old);
    let mut contents = encoded(&(before + added));
    contents.reserve(old.len() + entries.len());
    contents.extend_from_slice(&old[width..]);
    contents.extend_from_slice(entries);
    Some(contents)
}

/// Adds an active segment. `DataSection::active` takes its bytes one by one, which is most of a rewrite.
pub(crate) fn add_active(section: &mut DataSection, memory: u32, offset: &ConstExpr, bytes: &[u8]) {
    let mut segment = match memory {
        0 => vec![0x00],
        _ => [vec![0x02], encoded(&memory)].concat(),
    };
    offset.encode(&mut segment);
    bytes.encode(&mut segment); // with their length
    section.raw(&segment);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_what_the_encoder_makes_of_it() {
        for memory in [0, 1, 200] {
            let (mut ours, mut theirs) = (DataSection::new(), DataSection::new());
            let offset = ConstExpr::i64_const(-1);
            let bytes = [7; 300];
            add_active(&mut ours, memory, &offset, &bytes);
            theirs.active(memory, &offset, bytes);
            assert_eq!(encoded(&ours), encoded(&theirs));
        }
    }
}
