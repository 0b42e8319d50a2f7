//! Custom sections: what is still true is kept as it stands.
//!
//! Names and debug information are by index and by position in the code section, and neither changes, as a rule. Where
//! something had to move, what tells positions is left out, and so is what leads to debug information elsewhere. What
//! tells positions in the whole file, or signs its bytes, is always wrong.

use std::borrow::Cow;

use wasm_encoder::{NameMap, ProducersField, ProducersSection};
use wasmparser::{BinaryReader, CustomSectionReader, Name, NameSectionReader, ProducersSectionReader};

use super::Context;
use crate::guest::index::DataIndex;
use crate::wasm::splice::contents;

/// What becomes of a custom section.
pub(super) enum Fate<'a> {
    Kept(Cow<'a, [u8]>),
    /// It would be wrong; the name is for the user.
    LeftOut(String),
    /// Another is written in its place.
    Replaced,
}

/// Whether no output has a section of this name.
pub(crate) fn is_never_kept(name: &str) -> bool {
    // For a linker, and a baked module cannot be linked.
    let is_for_linking = name == "linking" || name.starts_with("reloc.");
    // What wasmsign2 has signed is the bytes of another module.
    let is_signature = name == "signature" || name == "signature_delimiter";
    // The map that it leads to counts from the start of the file.
    is_for_linking || is_signature || name == "sourceMappingURL"
}

/// Decides on a custom section. `bytes` begin with its name.
pub(super) fn rewrite<'a>(context: &Context<'_>, bytes: &'a [u8], are_positions_kept: bool) -> Fate<'a> {
    let section = CustomSectionReader::new(BinaryReader::new(bytes, 0)).expect("the module is valid");
    let name = section.name();
    // Who looks for debug information by the build's id finds that of the code as the linker wrote it.
    let tells_positions = name.starts_with(".debug_")
        || name.starts_with("metadata.code.")
        || matches!(name, "external_debug_info" | "build_id");
    match name {
        _ if is_never_kept(name) => Fate::LeftOut(name.to_owned()),
        // What an earlier bake said of itself.
        crate::emit::stamp::NAME if crate::emit::stamp::is_ours(section.data()) => Fate::Replaced,
        _ if tells_positions && !are_positions_kept => Fate::LeftOut(name.to_owned()),
        "name" => Fate::Kept(names(context, bytes, &section)),
        "producers" => Fate::Kept(Cow::Owned(contents(&producers(Some(section.data()))))),
        _ => Fate::Kept(Cow::Borrowed(bytes)),
    }
}

pub(super) fn is_producers(contents: &[u8]) -> bool {
    contents.starts_with(b"\x09producers")
}

/// The name section without the names of segments that are gone.
fn names<'a>(context: &Context<'_>, contents: &'a [u8], section: &CustomSectionReader<'_>) -> Cow<'a, [u8]> {
    /// Subsections of the [name section], as far as it is about segments.
    ///
    /// [name section]: https://github.com/WebAssembly/extended-name-section/blob/main/document/core/appendix/custom.rst
    const ELEMENTS: u8 = 8;
    const DATA: u8 = 9;
    let has_segments = |section: &CustomSectionReader<'_>| {
        let names = NameSectionReader::new(BinaryReader::new(section.data(), 0));
        names
            .into_iter()
            .any(|name| matches!(name, Ok(Name::Element(_) | Name::Data(_)) | Err(_)))
    };
    if !has_segments(section) {
        return Cow::Borrowed(contents);
    }
    let data = section.data();
    let mut kept = contents[..contents.len() - data.len()].to_vec();
    let mut reader = BinaryReader::new(data, 0);
    while !reader.eof() {
        let start = reader.original_position();
        let subsection = reader.read_u8().and_then(|id| {
            let len = reader.read_var_u32()?;
            Ok((id, reader.read_bytes(len as usize)?))
        });
        let Ok((id, bytes)) = subsection else {
            // Not a name section that anybody can read further.
            break;
        };
        let is_kept = |index: u32| match id {
            ELEMENTS => super::elements::is_kept(context, index),
            _ => {
                (index as usize) < context.guest.data.len()
                    && super::data::fate(context, DataIndex(index)) != super::segment_slots::Fate::Gone
            }
        };
        if id != ELEMENTS && id != DATA {
            kept.extend_from_slice(&data[start..reader.original_position()]);
            continue;
        }
        let mut map = NameMap::new();
        let names = wasmparser::NameMap::new(BinaryReader::new(bytes, 0));
        for naming in names.into_iter().flatten().flatten() {
            if is_kept(naming.index) {
                map.append(naming.index, naming.name);
            }
        }
        if !map.is_empty() {
            let mut names = wasm_encoder::NameSection::new();
            match id {
                ELEMENTS => names.elements(&map),
                _ => names.data(&map),
            }
            kept.extend(names.as_custom().data.iter());
        }
    }
    Cow::Owned(kept)
}

/// The section that says which tools made the module, with this one added.
pub(super) fn producers(old: Option<&[u8]>) -> ProducersSection {
    const PROCESSED_BY: &str = "processed-by";
    const TOOL: &str = env!("CARGO_PKG_NAME");
    let mut section = ProducersSection::new();
    let mut processed_by = ProducersField::new();
    let reader = old.and_then(|bytes| ProducersSectionReader::new(BinaryReader::new(bytes, 0)).ok());
    for field in reader.into_iter().flatten().flatten() {
        let mut values = ProducersField::new();
        for value in field.values.into_iter().flatten() {
            if field.name != PROCESSED_BY {
                values.value(value.name, value.version);
            } else if value.name != TOOL {
                processed_by.value(value.name, value.version);
            }
        }
        if field.name != PROCESSED_BY {
            section.field(field.name, &values);
        }
    }
    processed_by.value(TOOL, env!("CARGO_PKG_VERSION"));
    section.field(PROCESSED_BY, &processed_by);
    section
}
