//! The export section, as the plan says.

use wasm_encoder::ExportSection;
use wasm_encoder::reencode::Reencode;

use super::draft::Draft;
use super::layout::{Layout, Relinked};

pub(super) fn section(draft: &Draft<'_>, layout: &Layout) -> Relinked<ExportSection> {
    let mut names = layout.names();
    let mut section = ExportSection::new();
    for export in draft.exports() {
        let kind = names.export_kind(export.kind)?;
        let index = names.external_index(export.kind, export.index)?;
        section.export(export.name, kind, index);
    }
    Ok(section)
}
