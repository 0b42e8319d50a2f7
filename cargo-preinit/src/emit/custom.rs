//! Custom sections: what is still true is kept as it stands.
//!
//! Names and debug information are by index and by position in the code section, and neither changes, as a rule. Where
//! something had to move, what tells positions is left out, and so is what leads to debug information elsewhere. What
//! tells positions in the whole file, or signs its bytes, is always wrong.

use std::borrow::Cow;

use wasm_encoder::{ProducersField, ProducersSection};
use wasmparser::{BinaryReader, CustomSectionReader, Name, NameSectionReader, ProducersSectionReader};

use super::draft::Draft;
use super::layout::{Layout, Style};
use super::{names, stamp};
use crate::wasm::splice::contents;

/// What becomes of a custom section.
pub(super) enum CustomEdit<'a> {
    /// It has these contents in the output, with its name.
    Keep(Cow<'a, [u8]>),
    /// It would be wrong; the name is for the user.
    Drop(String),
    /// Nothing is left of it, or another is written in its place.
    Replace,
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

/// Whether a section of this name tells where code is. Who looks for debug information by the build's id finds that of the code as the
/// linker wrote it.
pub(super) fn tells_positions(name: &str) -> bool {
    name.starts_with(".debug_")
        || name.starts_with("metadata.code.")
        || matches!(name, "external_debug_info" | "build_id")
}

/// Decides on a custom section. `bytes` begin with its name.
pub(super) fn edit<'a>(
    draft: &Draft<'_>,
    layout: &Layout,
    bytes: &'a [u8],
    are_positions_kept: bool,
) -> CustomEdit<'a> {
    let section = CustomSectionReader::new(BinaryReader::new(bytes, 0)).expect("the module is valid");
    let name = section.name();
    match name {
        _ if is_never_kept(name) => CustomEdit::Drop(name.to_owned()),
        // What an earlier bake said of itself.
        stamp::NAME if stamp::is_ours(section.data()) => CustomEdit::Replace,
        _ if tells_positions(name) && !are_positions_kept => CustomEdit::Drop(name.to_owned()),
        "name" => {
            let reader = NameSectionReader::new(BinaryReader::new(section.data(), 0));
            if layout.style == Style::Splice && !names_segments(reader.clone()) {
                return CustomEdit::Keep(Cow::Borrowed(bytes));
            }
            let names = names::section(reader, draft, layout);
            match names.as_custom().data.is_empty() {
                true => CustomEdit::Replace,
                false => CustomEdit::Keep(Cow::Owned(contents(&names))),
            }
        }
        "producers" => CustomEdit::Keep(Cow::Owned(contents(&producers(Some(section.data()))))),
        _ => CustomEdit::Keep(Cow::Borrowed(bytes)),
    }
}

pub(super) fn is_producers(contents: &[u8]) -> bool {
    contents.starts_with(b"\x09producers")
}

/// Whether a name section names segments, or cannot be read to its end.
fn names_segments(names: NameSectionReader<'_>) -> bool {
    let mut names = names.into_iter();
    names.any(|name| matches!(name, Ok(Name::Element(_) | Name::Data(_)) | Err(_)))
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
