//! A run copy in parts, so that only the functions are compiled that init reaches.
//!
//! **In** a [`Node`] and the bytes of its run copy. **Out** a [`Split`], which makes a *state module* and, whenever init calls a function
//! that is not compiled yet, a *part*: a module of that function and of others that it calls.
//!
//! The state module has all state of the copy, its imports and its exports, and none of its code. A function is in three places there:
//!
//! - Its *slot* in a hidden table, by which parts call it. Before it is loaded, the slot has the *stub* of its type, which asks the host to
//!   load it, and calls the slot again. Which function a stub is called for says a global, *target*, that callers set.
//! - If a reference can lead to it, an import: a function of the host's that loads it and calls it. This is what `ref.func`, element
//!   segments and exports lead to, so two references of a function are equal, whoever made them. Where the guest has tail calls it is a
//!   function that calls the slot, which costs more to compile.
//! - Once it is loaded, the part that has it.
//!
//! A table that is *still* needs no references: each slot has the stub of its type, and a part says in another global which slot it calls.
//!
//! A part imports the state under the copy's own indices. Everything else that it names has indices of its own, and the number of a slot is
//! an imported global, so a part whose functions did not change has the same bytes, whatever else changed in the guest: they are the key
//! under which its code is cached.

mod part;
mod read;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wasm_encoder::{GlobalType, MemoryType, RefType, SectionId, TableType, TagType, ValType};
use wasmparser::{ExternalKind, Operator, WasmFeatures};

use super::INJECTED_PREFIX;
use crate::guest::index::{FunctionIndex, enumerate};
use crate::guest::{Node, Operand, OperandKind, count, operands_of};

pub(crate) use part::{Imported, Part, Reach};
pub(crate) use state::StateModule;

/// How many globals a run copy may have that is split: each part imports all of them.
const MAX_GLOBALS: usize = 1000;

/// A run copy that can be split.
#[derive(Debug)]
pub(crate) struct Split {
    wasm: Arc<Vec<u8>>,
    /// The sections, by their ids.
    sections: Vec<(u8, Range<usize>)>,
    types: Vec<wasm_encoder::FuncType>,
    imported_functions: u32,
    /// The type of each function.
    functions: Vec<u32>,
    /// The bodies of the functions that are not imported.
    bodies: Vec<Range<usize>>,
    memories: Vec<MemoryType>,
    tables: Vec<TableType>,
    globals: Vec<GlobalType>,
    tags: Vec<TagType>,
    exports: Vec<(String, ExternalKind, u32)>,
    /// The functions that a reference can lead to, in ascending order.
    referenced: Vec<FunctionIndex>,
    /// The uses of segments by instructions: each becomes a call of a function of the state module.
    segment_uses: BTreeSet<SegmentUse>,
    /// How many instructions call each function that is not imported.
    calls: Vec<u32>,
    /// The function of each slot of the guest's table, if it is *still*: if nothing can change it, and it is so large that a function of the
    /// host's for each slot would be too many. `u32::MAX` stands for none.
    entries: Option<Vec<u32>>,
    /// Whether some call is a tail call. Then a chain of calls may be longer than the stack, so none may lead through the host.
    has_tail_calls: bool,
    /// The operands of each body, once they were needed.
    operands: Vec<OnceLock<Option<Vec<Operand>>>>,
    /// Where the names of functions are, in ascending order of the functions.
    names: OnceLock<Vec<(u32, Range<usize>)>>,
}

/// What an instruction does with a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum SegmentUse {
    /// Copies from a data segment to a memory.
    InitMemory {
        segment: u32,
        memory: u32,
    },
    DropData(u32),
    /// Copies from an element segment to a table.
    InitTable {
        segment: u32,
        table: u32,
    },
    DropElements(u32),
}

impl SegmentUse {
    fn of(operator: &Operator<'_>) -> Option<Self> {
        Some(match *operator {
            Operator::MemoryInit { data_index, mem } => Self::InitMemory {
                segment: data_index,
                memory: mem,
            },
            Operator::DataDrop { data_index } => Self::DropData(data_index),
            Operator::TableInit { elem_index, table } => Self::InitTable {
                segment: elem_index,
                table,
            },
            Operator::ElemDrop { elem_index } => Self::DropElements(elem_index),
            _ => return None,
        })
    }
}

/// The type of the hidden table with this many functions.
fn hidden_table(functions: usize) -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: functions as u64,
        maximum: Some(functions as u64),
        shared: false,
    }
}

/// A global that says which function is meant.
fn number(mutable: bool) -> GlobalType {
    GlobalType {
        val_type: ValType::I32,
        mutable,
        shared: false,
    }
}

/// A global with a reference to a function.
fn reference() -> GlobalType {
    GlobalType {
        val_type: ValType::FUNCREF,
        mutable: false,
        shared: false,
    }
}

impl Split {
    /// Reads a run copy; `None` if it cannot be split: if it has types that name others, or structures and arrays, or so many globals that
    /// each part would be large, or a body that cannot be written with other indices.
    pub(crate) fn new(node: &Node<'_>, wasm: &Arc<Vec<u8>>) -> Option<Self> {
        const UNKNOWN: WasmFeatures = WasmFeatures::FUNCTION_REFERENCES.union(WasmFeatures::GC);
        let is_irregular = |body: &crate::guest::Body| body.is_irregular && body.unsupported.is_none();
        if node.proposals.intersects(UNKNOWN) || node.bodies.iter().any(is_irregular) {
            return None;
        }
        read::read(node, wasm).ok().flatten()
    }

    /// How many tables the run copy has.
    pub(crate) fn tables(&self) -> usize {
        self.tables.len()
    }

    /// How many functions it has that are not imported: the size of the hidden table.
    pub(crate) fn own_functions(&self) -> usize {
        self.bodies.len()
    }

    /// The run copy.
    pub(crate) fn wasm(&self) -> &[u8] {
        &self.wasm
    }

    /// The functions that a reference can lead to, in ascending order.
    pub(crate) fn references(&self) -> &[FunctionIndex] {
        &self.referenced
    }

    /// A hash of what it imports and of what the guest exports, which the next version of a guest is likely to have in common.
    pub(crate) fn interface_hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let imports = self
            .sections
            .iter()
            .filter(|(id, _)| *id == u8::from(SectionId::Import));
        for (_, range) in imports {
            hasher.update(&self.wasm[range.clone()]);
        }
        for (name, ..) in self
            .exports
            .iter()
            .filter(|(name, ..)| !name.starts_with(INJECTED_PREFIX))
        {
            hasher.update([0]);
            hasher.update(name);
        }
        hasher.finalize().into()
    }

    /// The position of a function among those that are not imported, which is its slot; `None` if it is imported.
    pub(crate) fn slot(&self, function: FunctionIndex) -> Option<u32> {
        function.0.checked_sub(self.imported_functions)
    }

    /// The function of a slot.
    pub(crate) fn of_slot(&self, slot: u32) -> FunctionIndex {
        FunctionIndex(self.imported_functions + slot)
    }

    /// The function that a slot of a table that is still has at first.
    pub(crate) fn entry(&self, place: u32) -> Option<FunctionIndex> {
        let entry = self.entries.as_ref()?.get(place as usize)?;
        (*entry != u32::MAX).then_some(FunctionIndex(*entry))
    }

    /// Whether the guest's table is still: then its slots have stubs, and a global says which one is called.
    pub(crate) fn has_still_table(&self) -> bool {
        self.entries.is_some()
    }

    /// The global that says which slot of a still table is called.
    fn entry_global(&self) -> u32 {
        len(&self.globals) + 1
    }

    /// How many globals the state module has behind the copy's.
    fn added_globals(&self) -> u32 {
        1 + u32::from(self.has_still_table())
    }

    /// The name of a function, if the name section has one.
    pub(crate) fn name(&self, function: FunctionIndex) -> Option<&str> {
        let names = self.names.get_or_init(|| read::names(&self.wasm));
        let place = names
            .binary_search_by_key(&function.0, |(index, _)| *index)
            .ok()?;
        std::str::from_utf8(&self.wasm[names[place].1.clone()]).ok()
    }

    fn body(&self, slot: u32) -> &[u8] {
        &self.wasm[self.bodies[slot as usize].clone()]
    }

    /// The operands of a body; `None` if they cannot be told apart, which `new` rules out.
    fn operands(&self, slot: u32) -> Option<&[Operand]> {
        let read = || operands_of(self.body(slot)).ok().flatten();
        self.operands[slot as usize].get_or_init(read).as_deref()
    }

    /// The slots of the functions that a function calls directly, once for each call.
    fn callees(&self, slot: u32) -> impl Iterator<Item = u32> {
        let operands = self.operands(slot).unwrap_or_default().iter();
        let callees = operands.filter(|operand| operand.kind == OperandKind::Callee);
        callees.filter_map(|operand| self.slot(FunctionIndex(operand.value)))
    }
}

/// The index of each entry of a list.
fn positions<T: Ord + Copy>(list: &[T]) -> BTreeMap<T, u32> {
    enumerate(list)
        .map(|(position, entry)| (*entry, position))
        .collect()
}

/// The length of a list that has fewer entries than an index space.
fn len<T>(list: &[T]) -> u32 {
    count(list.len())
}
