//! Exports: init's are gone, and others move into place.

use wasm_encoder::ExportSection;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};

use super::Subject;
use crate::init::{INITIALIZE_EXPORT, Init};
use crate::options::KeepInit;
use crate::sdk::is_sdk_export;
use crate::splice::contents;

pub(super) fn section(subject: &Subject<'_>) -> Option<Vec<u8>> {
    let renames = &subject.options.renames;
    let is_init = |name: &str| match &subject.plan.init {
        Init::Items => false,
        Init::Functions(functions) => functions.iter().any(|named| named.export == name),
    };
    let mut section = ExportSection::new();
    for export in &subject.guest.exports {
        // All renames read the names that the guest has, so that two can swap.
        let renamed = renames.iter().find(|rename| rename.old == export.name);
        let is_replaced = renames.iter().any(|rename| rename.new == export.name);
        let is_gone = is_sdk_export(export.name)
            || is_replaced
            || (subject.options.keep_init_functions == KeepInit::Remove && is_init(export.name));
        let name = match renamed {
            Some(rename) => rename.new.as_str(),
            None if is_gone => continue,
            None => export.name,
        };
        let kind = RoundtripReencoder
            .export_kind(export.kind)
            .expect("a valid module has no kinds that cannot be written");
        // `_initialize` stays exported, since hosts call it by its name, and does nothing, also where it is renamed. The
        // function itself is left as it is: whoever can call it otherwise finds what the guest has there.
        let index = match subject.added.initialize {
            Some(empty) if export.name == INITIALIZE_EXPORT => empty.0,
            _ => export.index,
        };
        section.export(name, kind, index);
    }
    (!section.is_empty()).then(|| contents(&section))
}
