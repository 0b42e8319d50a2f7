//! Adds entries to the sections of a module, without a change to their other entries.

use wasm_encoder::{Encode as _, SectionId};
use wasmparser::{BinaryReader, Result};

/// The order of the sections. Custom sections are not in it, since they may stand anywhere.
pub const ORDER: [SectionId; 13] = [
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

/// The contents of a section with `count` more entries at its end. `None` is a missing section.
///
/// # Errors
///
/// If the contents do not start with a count.
pub fn extended(contents: Option<&[u8]>, count: u32, entries: &[u8]) -> Result<Vec<u8>> {
    let (before, rest) = without_number(contents.unwrap_or(&[0]))?;
    let mut longer = Vec::new();
    (before + count).encode(&mut longer);
    longer.extend_from_slice(rest);
    longer.extend_from_slice(entries);
    Ok(longer)
}

/// Splits off the LEB128 number at the start.
///
/// # Errors
///
/// If there is no such number.
pub fn without_number(bytes: &[u8]) -> Result<(u32, &[u8])> {
    let mut reader = BinaryReader::new(bytes, 0);
    let number = reader.read_var_u32()?;
    Ok((number, &bytes[reader.original_position()..]))
}
