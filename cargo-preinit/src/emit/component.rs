//! The output of a component: its own bytes, with the baked modules in place of its modules, and without the exports that are
//! removed.

mod prune;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::guest::index::ModuleId;
use crate::guest::{Around, Guest};
use crate::wasm::component::splice_modules;
pub(crate) use prune::without_exports;

/// The bytes of the component with these modules. Modules that are not among them are never instantiated, and stay.
pub(crate) fn emit(
    guest: &Guest<'_>,
    around: &Around<'_>,
    modules: &BTreeMap<ModuleId, Cow<'_, [u8]>>,
) -> Vec<u8> {
    splice_modules(guest.wasm, &around.components, modules)
}
