//! Custom sections: those that are still correct are copied.
//!
//! Names are by index and debug information by position in the code section; when an output is spliced, neither changes as a
//! rule. Where positions change, sections with positions are dropped, and so are links to debug information elsewhere. Sections
//! that have positions in the whole file, or sign its bytes, are always dropped.

use std::borrow::Cow;

use wasm_encoder::{ProducersField, ProducersSection};
use wasmparser::{BinaryReader, CustomSectionReader, Name, NameSectionReader, ProducersSectionReader};

use super::depends::Depends;
use super::draft::Draft;
use super::layout::{Layout, Style};
use super::names;
use crate::wasm::splice::contents;

/// What happens to a custom section.
pub(super) enum CustomEdit<'a> {
    /// The output has a section of this name with these contents.
    Keep(Cow<'a, [u8]>),
    /// The section would be wrong, so it is dropped. The user is told its name.
    Drop(String),
    /// Nothing is left of the section, or another one is written in its place.
    Replace,
}

/// Decides what happens to a custom section. `bytes` are its contents, which begin with its name.
pub(super) fn edit<'a>(
    draft: &Draft<'_>,
    layout: &Layout,
    bytes: &'a [u8],
    are_positions_kept: bool,
) -> CustomEdit<'a> {
    let section = CustomSectionReader::new(BinaryReader::new(bytes, 0)).expect("the module is valid");
    let name = section.name();
    let are_indices_kept = layout.style == Style::Splice;
    match Depends::of(name, section.data()) {
        Depends::OnFile => CustomEdit::Drop(name.to_owned()),
        Depends::OnBake => CustomEdit::Replace,
        Depends::OnPositions if !are_positions_kept => CustomEdit::Drop(name.to_owned()),
        Depends::Unknown if !(are_positions_kept && are_indices_kept) => CustomEdit::Drop(name.to_owned()),
        Depends::OnNames => {
            let reader = NameSectionReader::new(BinaryReader::new(section.data(), 0));
            if are_indices_kept && !names_segments(reader.clone()) {
                return CustomEdit::Keep(Cow::Borrowed(bytes));
            }
            let names = names::section(reader, draft, layout);
            match names.as_custom().data.is_empty() {
                true => CustomEdit::Replace,
                false => CustomEdit::Keep(Cow::Owned(contents(&names))),
            }
        }
        Depends::OnProducers => CustomEdit::Keep(Cow::Owned(contents(&producers(Some(section.data()))))),
        Depends::OnNothing | Depends::OnPositions | Depends::Unknown => {
            CustomEdit::Keep(Cow::Borrowed(bytes))
        }
    }
}

pub(super) fn is_producers(contents: &[u8]) -> bool {
    contents.starts_with(b"\x09producers")
}

pub(super) fn is_names(contents: &[u8]) -> bool {
    contents.starts_with(b"\x04name")
}

/// Whether a name section names segments, or does not parse to its end.
fn names_segments(names: NameSectionReader<'_>) -> bool {
    let mut names = names.into_iter();
    names.any(|name| matches!(name, Ok(Name::Element(_) | Name::Data(_)) | Err(_)))
}

/// A `producers` section with the entries of the guest's and this tool.
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
