//! Type anchors, which tell the module's type of an object. The engine represents types in its own way, so the run copy has a
//! global for each structure and array type, and the type of that global is the engine's representation.

use wasm_encoder::{ConstExpr, GlobalType, HeapType, RefType, ValType};
use wasmparser::CompositeInnerType;

use super::Additions;
use super::changeable::is_function_type;
use super::exports::{Injected, export_global};
use crate::guest::GuestModule;
use crate::guest::index::{TypeIndex, enumerate};

/// The structure and array types, if a global or a table can hold an object at all.
pub(super) fn types(module: &GuestModule<'_>) -> Vec<TypeIndex> {
    let can_hold = |ty: wasmparser::RefType| !is_function_type(module, ty);
    let in_global = module
        .globals
        .iter()
        .any(|global| matches!(global.ty.content_type, wasmparser::ValType::Ref(ty) if can_hold(ty)));
    let in_table = module.tables.iter().any(|table| can_hold(table.ty.element_type));
    if !in_global && !in_table {
        return Vec::new();
    }
    let types = enumerate(&module.types).filter(|(_, ty)| match ty.composite_type.inner {
        CompositeInnerType::Struct(_) | CompositeInnerType::Array(_) => true,
        CompositeInnerType::Func(_) | CompositeInnerType::Cont(_) => false,
    });
    types.map(|(index, _)| TypeIndex(index)).collect()
}

/// Adds the type anchors, and returns their types.
pub(super) fn expose_types(module: &GuestModule<'_>, additions: &mut Additions) -> Vec<TypeIndex> {
    let types = types(module);
    for index in &types {
        let heap_type = HeapType::Concrete(index.0);
        let ty = GlobalType {
            val_type: ValType::Ref(RefType {
                nullable: true,
                heap_type,
            }),
            mutable: false,
            shared: false,
        };
        let global = additions.global(module, ty, &ConstExpr::ref_null(heap_type));
        export_global(additions, Injected::Type(*index), global);
    }
    types
}
