//! The ids that walrus gives to the guest's entities, and the constants that name them.

use std::ops::Deref;

use ::walrus::ir::Value as Constant;
use ::walrus::{
    ConstExpr, ConstOp, DataId, ElementId, ExportId, FunctionId, GlobalId, MemoryId, Module, RefType,
    TableId, TagId, ValType,
};

use super::WalrusError;
use crate::guest::index::FunctionIndex;
use crate::guest::{GuestModule, is_marked};
use crate::snapshot::{Hierarchy, Internal, Reference, Value};

/// The ids of a module's entities, each kind in ascending order, which is that of their indices.
#[derive(Debug, Clone, Default)]
pub(super) struct Entities {
    pub(super) functions: Vec<FunctionId>,
    pub(super) tables: Vec<TableId>,
    pub(super) memories: Vec<MemoryId>,
    pub(super) globals: Vec<GlobalId>,
    pub(super) tags: Vec<TagId>,
    pub(super) elements: Vec<ElementId>,
    pub(super) data: Vec<DataId>,
}

impl Entities {
    /// Those that the module has now.
    pub(super) fn of(module: &Module) -> Self {
        Self {
            functions: module.funcs.iter().map(|it| it.id()).collect(),
            tables: module.tables.iter().map(|it| it.id()).collect(),
            memories: module.memories.iter().map(|it| it.id()).collect(),
            globals: module.globals.iter().map(|it| it.id()).collect(),
            tags: module.tags.iter().map(|it| it.id()).collect(),
            elements: module.elements.iter().map(|it| it.id()).collect(),
            data: module.data.iter().map(|it| it.id()).collect(),
        }
    }
}

/// walrus's ids of the guest's entities, by their indices in the guest.
#[derive(Debug, Clone)]
pub(super) struct Ids {
    entities: Entities,
    pub(super) exports: Vec<ExportId>,
    /// By global: whether its type is `externref`.
    pub(super) externs: Vec<bool>,
}

impl Deref for Ids {
    type Target = Entities;

    fn deref(&self) -> &Entities {
        &self.entities
    }
}

impl Ids {
    /// walrus keeps everything in the order in which it has parsed it, which is the order of the indices.
    pub(super) fn of(module: &Module, guest: &GuestModule<'_>) -> Result<Self, WalrusError> {
        let ids = Self {
            entities: Entities::of(module),
            exports: module.exports.iter().map(|it| it.id()).collect(),
            externs: guest
                .globals
                .iter()
                .map(|global| matches!(global.ty.content_type, wasmparser::ValType::Ref(ty) if ty.heap_type() == wasmparser::HeapType::EXTERN))
                .collect(),
        };
        let names = module.exports.iter().map(|export| export.name.as_str());
        let are_same = ids.functions.len() == guest.functions.len()
            && ids.tables.len() == guest.tables.len()
            && ids.memories.len() == guest.memories.len()
            && ids.globals.len() == guest.globals.len()
            && ids.tags.len() == guest.tags.len()
            && ids.elements.len() == guest.elements.len()
            && ids.data.len() == guest.data.len()
            && names.eq(guest.exports.iter().map(|export| export.name));
        are_same.then_some(ids).ok_or(WalrusError::OtherModule)
    }

    pub(super) fn function(&self, index: FunctionIndex) -> FunctionId {
        self.functions[index.position()]
    }

    /// A value as a constant expression of the type.
    pub(super) fn constant(&self, value: Value, ty: ValType) -> ConstExpr {
        match value {
            Value::I32(value) => ConstExpr::Value(Constant::I32(value)),
            Value::I64(value) => ConstExpr::Value(Constant::I64(value)),
            Value::F32(bits) => ConstExpr::Value(Constant::F32(f32::from_bits(bits))),
            Value::F64(bits) => ConstExpr::Value(Constant::F64(f64::from_bits(bits))),
            Value::V128(value) => ConstExpr::Value(Constant::V128(value)),
            Value::Reference(reference) => self.reference(reference, ty),
        }
    }

    pub(super) fn reference(&self, reference: Reference, ty: ValType) -> ConstExpr {
        match (reference, ty) {
            (Reference::Null, ValType::Ref(ty)) => ConstExpr::RefNull(RefType { nullable: true, ..ty }),
            (Reference::Function(function), _) => ConstExpr::RefFunc(self.function(function.index)),
            (Reference::Imported(global, hierarchy), _) => {
                let id = self.globals[global.position()];
                match (is_marked(&self.externs, global.0), hierarchy) {
                    (true, Hierarchy::Any) => {
                        ConstExpr::Extended(vec![ConstOp::GlobalGet(id), ConstOp::AnyConvertExtern])
                    }
                    (false, Hierarchy::Extern) => {
                        ConstExpr::Extended(vec![ConstOp::GlobalGet(id), ConstOp::ExternConvertAny])
                    }
                    _ => ConstExpr::Global(id),
                }
            }
            (Reference::Internal(Internal::I31(bits), hierarchy), _) => {
                let mut code = vec![ConstOp::I32Const(bits.cast_signed()), ConstOp::RefI31];
                if hierarchy == Hierarchy::Extern {
                    code.push(ConstOp::ExternConvertAny);
                }
                ConstExpr::Extended(code)
            }
            (Reference::Null | Reference::Internal(Internal::Object(_), _), _) => {
                unreachable!(
                    "a guest with structures and arrays is refused, and null is in a place for references"
                )
            }
        }
    }
}
