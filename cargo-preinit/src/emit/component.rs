//! The output of a component: its own bytes, with the baked modules in place of its modules, without the exports that are
//! removed, and with modules at the ends of components that put functions of one instance into places of another, and that open
//! the standard streams again.

mod fixups;
mod names;
mod prune;
mod reopen;
mod split;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::guest::{Around, Guest};
use crate::wasm::component::splice_modules;
pub(crate) use fixups::Fixups;
pub(crate) use prune::{needed_exports, without_exports};
pub(crate) use reopen::{Imported, Reopens};
pub(crate) use split::Ambiguous;

/// The modules at the ends of components.
#[derive(Debug)]
pub(crate) struct Added {
    pub(crate) fixups: Fixups,
    pub(crate) reopens: Reopens,
}

/// The bytes of the component with the output of each instance, by [`InstanceId`](crate::guest::index::InstanceId), and with the
/// `added` modules. Modules that are never instantiated stay.
///
/// # Errors
///
/// If the instances of a module differ, and the module is passed on as a value.
pub(crate) fn emit(
    guest: &Guest<'_>,
    around: &Around<'_>,
    outputs: &[&[u8]],
    added: &Added,
) -> Result<Vec<u8>, Ambiguous> {
    if split::is_needed(guest, outputs) || !added.fixups.is_empty() || !added.reopens.is_empty() {
        return split::emit(guest, around, outputs, added);
    }
    let modules = guest.nodes().zip(outputs);
    let modules: BTreeMap<_, _> = modules
        .map(|(node, output)| (node.module_id, Cow::Borrowed(*output)))
        .collect();
    Ok(splice_modules(
        guest.wasm,
        &around.components,
        &modules,
        &BTreeMap::new(),
    ))
}
