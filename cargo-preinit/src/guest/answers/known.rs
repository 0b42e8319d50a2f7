//! Imports that answer by themselves, since what a host does there is known, and leaves nothing with it.

use wasmparser::{ExternalKind, ValType};

use super::{Answers, FunctionAnswer, has_zero};
use crate::guest::index::FunctionIndex;
use crate::guest::{ImportKind, Node};

impl Answers {
    /// Adds the answers of imports that are known to do no harm.
    pub(crate) fn add_known(&mut self, guest: &Node<'_>) {
        for import in &guest.imports {
            if let ImportKind::Function(index) = import.kind
                && let Some(answer) = known(guest, import.module, import.name, index)
            {
                self.known.insert(index, answer);
            }
        }
    }
}

/// The answer of an import by its name and type.
///
/// - Emscripten's `emscripten_resize_heap` grows the memory, which the host has nothing to add to; `emscripten_notify_memory_growth`
///   has the host look at it anew, which it does anyway once the module is instantiated.
/// - The functions of `weval` are hints for a later tool, and answer zero where that has not run.
///
/// Others that look harmless are not: what wasm-bindgen's `__wbindgen_init_externref_table` puts into a table of the host's values would be
/// missing from each instance.
fn known(guest: &Node<'_>, module: &str, name: &str, function: FunctionIndex) -> Option<FunctionAnswer> {
    let ty = guest.signature(function)?;
    match (module, name, ty.params(), ty.results()) {
        ("env", "emscripten_resize_heap", [ValType::I32 | ValType::I64], [ValType::I32])
            if has_memory(guest) =>
        {
            Some(FunctionAnswer::Grow)
        }
        ("env", "emscripten_notify_memory_growth", [ValType::I32 | ValType::I64], []) => {
            Some(FunctionAnswer::Zero)
        }
        ("weval", ..) if has_zero(guest, function) => Some(FunctionAnswer::Zero),
        _ => None,
    }
}

/// Whether it has a memory that a host grows: one that is exported as `memory`, or imported.
fn has_memory(guest: &Node<'_>) -> bool {
    match guest.export("memory") {
        Some(export) => export.kind == ExternalKind::Memory,
        None => guest.imported_memories > 0,
    }
}
