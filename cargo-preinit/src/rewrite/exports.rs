//! Exports: init's are gone, and others move into place.

use super::Subject;
use crate::init::{Init, InitPlan};
use crate::options::{BakeOptions, KeepInit};
use crate::sdk::is_sdk_export;

pub(super) fn bake(subject: &mut Subject, plan: &InitPlan, options: &BakeOptions) {
    let exports = &mut subject.module.exports;
    let is_init = |name: &str| match &plan.init {
        Init::Items => false,
        Init::Functions(functions) => functions.iter().any(|named| named.export == name),
    };
    let removed: Vec<_> = exports
        .iter()
        .filter(|export| {
            is_sdk_export(&export.name)
                || (options.keep_init_functions == KeepInit::Remove && is_init(&export.name))
        })
        .map(walrus::Export::id)
        .collect();
    // All renames read the names that the guest has, so that two can swap.
    let moved: Vec<_> = options
        .renames
        .iter()
        .filter_map(|rename| {
            let export = exports.iter().find(|export| export.name == rename.old)?;
            Some((export.id(), rename.new.clone()))
        })
        .collect();
    let replaced: Vec<_> = exports
        .iter()
        .filter(|export| moved.iter().any(|(_, new)| *new == export.name))
        .map(walrus::Export::id)
        .collect();
    for id in removed.into_iter().chain(replaced) {
        if !moved.iter().any(|(kept, _)| *kept == id) && exports.iter().any(|export| export.id() == id) {
            exports.delete(id);
        }
    }
    for (id, new) in moved {
        exports.get_mut(id).name = new;
    }
}
