//! What can differ after init: the rest need not be read, since it is still what the file says.

use wasmparser::{ExternalKind, RefType, ValType};

use crate::guest::index::GlobalIndex;
use crate::guest::{GuestModule, Node, is_marked};

/// Whether a reference type is one of functions: `func`, `nofunc`, or a concrete function type.
pub(crate) fn is_function_type(module: &GuestModule<'_>, ty: RefType) -> bool {
    use wasmparser::{AbstractHeapType, HeapType};
    match ty.heap_type() {
        HeapType::Abstract { ty, .. } => {
            matches!(ty, AbstractHeapType::Func | AbstractHeapType::NoFunc)
        }
        HeapType::Concrete(index) | HeapType::Exact(index) => index.as_module_index().is_some_and(|index| {
            matches!(
                module.types[index as usize].composite_type.inner,
                wasmparser::CompositeInnerType::Func(_)
            )
        }),
    }
}

/// Whether an instruction can set a global: one of the module, or, in a component, one of another instance that imports it.
pub(crate) fn is_written_global(module: &Node<'_>, index: GlobalIndex) -> bool {
    let is_exported = || {
        let mut exports = module.exports.iter();
        exports.any(|export| export.kind == ExternalKind::Global && export.index == index.0)
    };
    let is_mutable = module.globals[index.position()].ty.mutable;
    is_marked(&module.code.written_globals, index.0)
        || (!module.has_stand_ins() && is_mutable && is_exported())
}

/// Whether a global can differ after init. A number that is immutable, and a function reference that no instruction sets,
/// keep their initial values. An object can change while the reference to it does not.
pub(crate) fn can_global_differ(module: &Node<'_>, index: GlobalIndex) -> bool {
    let global = &module.globals[index.position()];
    match global.ty.content_type {
        ValType::Ref(ty) if is_function_type(module, ty) => is_written_global(module, index),
        ValType::Ref(_) => true,
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => global.ty.mutable,
    }
}
