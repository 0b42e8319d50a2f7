//! What the run copy has in addition to the guest, collected before any section is written.

use std::collections::BTreeMap;

use wasm_encoder::{Encode as _, ExportKind, FuncType, Instruction, RefType, TableType, ValType};

use super::exports::Injected;
use crate::guest::index::{FunctionIndex, GlobalIndex, TableIndex, TypeIndex};
use crate::guest::{GuestModule, count};

/// The additions, collected before any section is written.
#[derive(Debug, Default)]
pub(super) struct Additions {
    pub(super) types: Vec<FuncType>,
    pub(super) tables: Vec<TableType>,
    /// An added table, and the functions that an active segment writes to it.
    pub(super) filled: Option<(TableIndex, Vec<u32>)>,
    pub(super) functions: Vec<AddedFunction>,
    /// Encoded globals.
    pub(super) globals: Vec<Vec<u8>>,
    pub(super) exports: Vec<(Injected, ExportKind, u32)>,
    /// Bytes to insert into existing code, by position in the file.
    pub(super) insertions: BTreeMap<usize, Vec<u8>>,
    /// A function whose body becomes empty.
    pub(super) emptied: Option<FunctionIndex>,
    /// Other instructions for these functions.
    pub(super) replaced: BTreeMap<FunctionIndex, Vec<u8>>,
}

/// A function that the run copy has in addition.
#[derive(Debug)]
pub(super) enum AddedFunction {
    /// A copy of one of the guest's.
    Copy(FunctionIndex),
    /// A function of this type that returns the values of globals.
    Reader(TypeIndex, Vec<GlobalIndex>),
    /// A function of this type with code of its own.
    Code(TypeIndex, wasm_encoder::Function),
}

impl Additions {
    pub(super) fn export(&mut self, injected: Injected, kind: ExportKind, index: u32) {
        self.exports.push((injected, kind, index));
    }

    pub(super) fn add_type(
        &mut self,
        module: &GuestModule<'_>,
        parameters: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> TypeIndex {
        let index = count(module.types.len() + self.types.len());
        self.types.push(FuncType::new(parameters, results));
        TypeIndex(index)
    }

    /// Adds a `funcref` table of that many slots.
    pub(super) fn add_table(&mut self, module: &GuestModule<'_>, slots: u64) -> TableIndex {
        let index = count(module.tables.len() + self.tables.len());
        self.tables.push(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: slots,
            maximum: None,
            shared: false,
        });
        TableIndex(index)
    }

    pub(super) fn add_function(
        &mut self,
        module: &GuestModule<'_>,
        function: AddedFunction,
    ) -> FunctionIndex {
        let index = count(module.functions.len() + self.functions.len());
        self.functions.push(function);
        FunctionIndex(index)
    }

    /// Adds a mutable `i32` that starts at zero.
    pub(super) fn flag(&mut self, module: &GuestModule<'_>) -> GlobalIndex {
        self.number(module, 0)
    }

    /// Adds a mutable `i32` that starts at this number.
    pub(super) fn number(&mut self, module: &GuestModule<'_>, number: i32) -> GlobalIndex {
        let ty = wasm_encoder::GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        self.global(module, ty, &wasm_encoder::ConstExpr::i32_const(number))
    }

    pub(super) fn global(
        &mut self,
        module: &GuestModule<'_>,
        ty: wasm_encoder::GlobalType,
        init: &wasm_encoder::ConstExpr,
    ) -> GlobalIndex {
        let index = count(module.globals.len() + self.globals.len());
        let mut bytes = Vec::new();
        ty.encode(&mut bytes);
        init.encode(&mut bytes);
        self.globals.push(bytes);
        GlobalIndex(index)
    }

    pub(super) fn insert(&mut self, position: usize, instructions: &[Instruction<'_>]) {
        let bytes = self.insertions.entry(position).or_default();
        for instruction in instructions {
            instruction.encode(bytes);
        }
    }
}
