//! Adds entries to the sections of a module, and leaves every other byte as it is.

use wasm_encoder::{Encode as _, SectionId};
use wasmparser::{BinaryReader, Result};

/// The order in which sections stand. Custom sections are nowhere in it, and may stand anywhere.
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

/// The contents of a section with more entries at its end. A section that is not there has none.
///
/// # Errors
///
/// If the contents do not start with a number.
pub fn extended(contents: Option<&[u8]>, count: u32, entries: &[u8]) -> Result<Vec<u8>> {
    let (before, rest) = without_number(contents.unwrap_or(&[0]))?;
    let mut longer = Vec::new();
    (before + count).encode(&mut longer);
    longer.extend_from_slice(rest);
    longer.extend_from_slice(entries);
    Ok(longer)
}

/// Splits the number at the start off.
///
/// # Errors
///
/// If there is none.
pub fn without_number(bytes: &[u8]) -> Result<(u32, &[u8])> {
    let mut reader = BinaryReader::new(bytes, 0);
    let number = reader.read_var_u32()?;
    Ok((number, &bytes[reader.original_position()..]))
}
