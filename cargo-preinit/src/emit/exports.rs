//! Exports: init's are gone, and others move into place.

use wasm_encoder::ExportSection;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};

use super::Context;
use crate::init::ExportFate;
use crate::wasm::splice::contents;

pub(super) fn section(context: &Context<'_>) -> Option<Vec<u8>> {
    let mut section = ExportSection::new();
    for export in &context.guest.exports {
        let index = match context.plan.fate(*export, context.options) {
            ExportFate::Gone => continue,
            ExportFate::Kept => export.index,
            ExportFate::Unwrapped(inner) => inner.0,
            ExportFate::Emptied => context.added.emptied[export.name].0,
        };
        let name = context.options.name_in_output(export.name);
        let kind = RoundtripReencoder
            .export_kind(export.kind)
            .expect("a valid module has no kinds that cannot be written");
        section.export(name, kind, index);
    }
    (!section.is_empty()).then(|| contents(&section))
}
