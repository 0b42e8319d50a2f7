//! The output of a component: its own bytes, with the baked modules in place of its modules, and without the exports that are
//! removed, and with a module that opens the standard streams again.

mod prune;
mod reopen;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::guest::index::ModuleId;
use crate::guest::{Around, Guest};
use crate::wasm::component::splice_modules;
pub(crate) use prune::without_exports;
pub(crate) use reopen::{Reopen, reopen};

/// The bytes of the component with these modules, and with what opens its streams again. Modules that are not among them are never instantiated, and stay.
pub(crate) fn emit(
    guest: &Guest<'_>,
    around: &Around<'_>,
    modules: &BTreeMap<ModuleId, Cow<'_, [u8]>>,
    reopen: Option<&Reopen>,
) -> Vec<u8> {
    let mut wasm = splice_modules(guest.wasm, &around.components, modules);
    wasm.extend(reopen.map_or(&[][..], |reopen| &reopen.sections));
    wasm
}
