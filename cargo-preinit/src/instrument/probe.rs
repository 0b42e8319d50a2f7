//! The probe, which tells the function that a reference refers to.
//!
//! WebAssembly cannot compare function references, so the functions are called. Every function that can be in a table gets a
//! prologue: while *armed*, it stores the function's index in *slot* and returns, before anything else can happen. The idea
//! is from [Wizer's issue on table snapshots][issue].
//!
//! The two cells are those of `preinit-guest` if the guest has the SDK, and two added globals otherwise. The guest could
//! overwrite cells in memory by mistake, so *armed* means the number [`ARMED_VALUE`].
//!
//! An imported function has no body for a prologue, and a function with a non-nullable reference as a parameter cannot be
//! called without one. These are exported instead, so that the engine can identify them: see `run/probe.rs`.
//!
//! [issue]: https://github.com/bytecodealliance/wizer/issues/29

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{BlockType, Instruction, MemArg};
use wasmparser::{RefType, StorageType, ValType};

use super::Additions;
use super::changeable::{is_function_type, is_written_global};
use super::exports::{Injected, export_function, export_global};
use super::objects;
use crate::guest::index::{FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, enumerate};
use crate::guest::sdk::{Address, Sdk};
use crate::guest::{Node, is_marked};

/// The value of *armed* while functions are asked.
pub(crate) const ARMED_VALUE: i32 = 0x5052_4f42; // "PROB"

/// How the run asks functions for their indices.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) cells: Cells,
    /// The functions that a reference can lead to and that cannot answer, in ascending order. They are exported.
    pub(crate) mute: Vec<FunctionIndex>,
}

/// Where *armed* and *slot* are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cells {
    /// In memory 0, as statics of `preinit-guest`.
    Statics { armed: Address, slot: Address },
    /// In two globals that the run copy exports.
    Globals,
}

/// Where the prologue finds the cells.
enum Access {
    Statics {
        armed: Address,
        slot: Address,
        memory64: bool,
    },
    Globals {
        armed: GlobalIndex,
        slot: GlobalIndex,
    },
}

/// Whether init can have put a function in a table, a global or a field that a snapshot reads.
pub(super) fn is_needed(module: &Node<'_>) -> bool {
    let holds_functions = |ty: RefType| ty.is_func_ref() || is_function_type(module, ty);
    let table = enumerate(&module.tables).any(|(index, table)| {
        module.is_changeable_table(TableIndex(index)) && holds_functions(table.ty.element_type)
    });
    let global = enumerate(&module.globals).any(|(index, global)| {
        is_written_global(module, GlobalIndex(index))
            && matches!(global.ty.content_type, ValType::Ref(ty) if holds_functions(ty))
    });
    let field = !objects::types(module).is_empty() && module.fields().any(|(_, field)| matches!(field.element_type, StorageType::Val(ValType::Ref(ty)) if holds_functions(ty)));
    table || global || field
}

/// Adds the cells, the prologues and the exports.
pub(super) fn plan(module: &Node<'_>, sdk: Option<&Sdk>, additions: &mut Additions) -> Probe {
    let (cells, access) = match sdk.filter(|sdk| cells_are_usable(module, sdk)) {
        Some(&Sdk { armed, slot, .. }) => {
            let memory64 = module.memories[0].memory64;
            let access = Access::Statics {
                armed,
                slot,
                memory64,
            };
            (Cells::Statics { armed, slot }, access)
        }
        None => {
            let armed = additions.flag(module);
            let slot = additions.flag(module);
            export_global(additions, Injected::Armed, armed);
            export_global(additions, Injected::Slot, slot);
            (Cells::Globals, Access::Globals { armed, slot })
        }
    };
    let mut mute = Vec::new();
    for (index, _) in enumerate(&module.functions) {
        if !is_marked(&module.code.referenced_functions, index) {
            continue;
        }
        let function = FunctionIndex(index);
        let ty = module
            .signature(function)
            .filter(|ty| ty.params().iter().all(|ty| default_value(ty).is_some()));
        if let (Some(body), Some(ty)) = (module.body(function), ty) {
            let prologue = prologue(&access, function, ty.results());
            additions.insert(body.code_start, &prologue);
        } else {
            mute.push(function);
            export_function(additions, Injected::Function(function), function);
        }
    }
    Probe { cells, mute }
}

/// Whether the SDK's cells are in the initial size of memory 0, and that is neither external nor shared.
fn cells_are_usable(module: &Node<'_>, sdk: &Sdk) -> bool {
    let Some(memory) = module.memories.first() else {
        return false;
    };
    let page = 1_u64 << memory.page_size_log2.unwrap_or(16);
    let len = memory.initial.saturating_mul(page);
    let fits = |Address(start): Address| start.checked_add(4).is_some_and(|end| end <= len);
    let is_own = !module.external.memory(MemoryIndex(0)) && !memory.shared;
    is_own && fits(sdk.armed) && fits(sdk.slot) && sdk.armed != sdk.slot
}

fn prologue(access: &Access, function: FunctionIndex, results: &[ValType]) -> Vec<Instruction<'static>> {
    const CELL: MemArg = MemArg {
        offset: 0,
        align: 0, // An address that the guest names need not be aligned.
        memory_index: 0,
    };
    let address = |Address(address): Address, memory64: bool| {
        if memory64 {
            Instruction::I64Const(address.cast_signed())
        } else {
            let address = u32::try_from(address).expect("checked against the size of a 32-bit memory");
            Instruction::I32Const(address.cast_signed())
        }
    };
    let number = Instruction::I32Const(function.0.cast_signed());
    let mut code = match access {
        Access::Statics { armed, memory64, .. } => {
            vec![address(*armed, *memory64), Instruction::I32Load(CELL)]
        }
        Access::Globals { armed, .. } => vec![Instruction::GlobalGet(armed.0)],
    };
    code.extend([
        Instruction::I32Const(ARMED_VALUE),
        Instruction::I32Eq,
        Instruction::If(BlockType::Empty),
    ]);
    match access {
        Access::Statics { slot, memory64, .. } => {
            code.extend([address(*slot, *memory64), number, Instruction::I32Store(CELL)]);
        }
        Access::Globals { slot, .. } => code.extend([number, Instruction::GlobalSet(slot.0)]),
    }
    // A trap costs forty times as much as a return, but a non-nullable reference has no value to return.
    match results.iter().map(default_value).collect::<Option<Vec<_>>>() {
        Some(values) => {
            code.extend(values);
            code.push(Instruction::Return);
        }
        None => code.push(Instruction::Unreachable),
    }
    code.push(Instruction::End);
    code
}

/// The default value of a type, if it has one.
fn default_value(ty: &ValType) -> Option<Instruction<'static>> {
    Some(match ty {
        ValType::I32 => Instruction::I32Const(0),
        ValType::I64 => Instruction::I64Const(0),
        ValType::F32 => Instruction::F32Const(0.0_f32.into()),
        ValType::F64 => Instruction::F64Const(0.0_f64.into()),
        ValType::V128 => Instruction::V128Const(0),
        ValType::Ref(ty) if ty.is_nullable() => {
            Instruction::RefNull(RoundtripReencoder.heap_type(ty.heap_type()).ok()?)
        }
        ValType::Ref(_) => return None,
    })
}
