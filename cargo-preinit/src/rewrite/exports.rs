//! Exports: init's are gone, and others move into place.

use wasm_encoder::ExportSection;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};

use super::Subject;
use crate::init::ExportFate;
use crate::wasm::splice::contents;

pub(super) fn section(subject: &Subject<'_>) -> Option<Vec<u8>> {
    let mut section = ExportSection::new();
    for export in &subject.guest.exports {
        let index = match subject.plan.fate(*export, subject.options) {
            ExportFate::Gone => continue,
            ExportFate::Kept => export.index,
            ExportFate::Unwrapped(inner) => inner.0,
            ExportFate::Emptied => subject.added.emptied[export.name].0,
        };
        let name = subject.options.name_in_output(export.name);
        let kind = RoundtripReencoder
            .export_kind(export.kind)
            .expect("a valid module has no kinds that cannot be written");
        section.export(name, kind, index);
    }
    (!section.is_empty()).then(|| contents(&section))
}
