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
//! A part imports the state under the copy's own indices. Everything else that it names has indices of its own, and the number of a slot is
//! an imported global, so a part whose functions did not change has the same bytes, whatever else changed in the guest: they are the key
//! under which its code is cached.

mod part;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    EntityType, GlobalType, HeapType, MemoryType, RefType, SectionId, TableType, TagType, ValType,
};
use wasmparser::{
    CompositeInnerType, ElementItems, ExternalKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef,
    WasmFeatures,
};

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
    imports: u32,
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
    /// Whether some call is a tail call. Then a chain of calls may be longer than the stack, so none may lead through the host.
    has_tail_calls: bool,
    /// The operands of each body, once they were needed.
    operands: Vec<OnceLock<Option<Vec<Operand>>>>,
    names: OnceLock<BTreeMap<u32, String>>,
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

/// Whether a type is no typed reference to functions, which a reference that is read from a global would not be.
fn is_simple(ty: ValType) -> bool {
    match ty {
        ValType::Ref(ty) => ty.nullable && matches!(ty.heap_type, HeapType::Abstract { .. }),
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => true,
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
        if node.proposals.intersects(UNKNOWN)
            || node.globals.len() > MAX_GLOBALS
            || node.bodies.iter().any(is_irregular)
        {
            return None;
        }
        Self::read(node, wasm).ok().flatten()
    }

    fn read(node: &Node<'_>, wasm: &Arc<Vec<u8>>) -> wasmparser::Result<Option<Self>> {
        let mut this = Self {
            wasm: Arc::clone(wasm),
            sections: Vec::new(),
            types: Vec::new(),
            imports: 0,
            imported_functions: 0,
            functions: Vec::new(),
            bodies: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            globals: Vec::new(),
            tags: Vec::new(),
            exports: Vec::new(),
            referenced: Vec::new(),
            segment_uses: BTreeSet::new(),
            calls: Vec::new(),
            has_tail_calls: node.proposals.contains(WasmFeatures::TAIL_CALL),
            operands: Vec::new(),
            names: OnceLock::new(),
        };
        let mut referenced = BTreeSet::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            this.sections.extend(payload.as_section());
            if this.note(payload, &mut referenced)?.is_none() {
                return Ok(None);
            }
        }
        let exported = this
            .exports
            .iter()
            .filter(|(_, kind, _)| *kind == ExternalKind::Func);
        referenced.extend(exported.map(|(.., index)| *index));
        this.referenced = referenced.into_iter().map(FunctionIndex).collect();
        this.segment_uses = segment_uses(node)?;
        this.operands = this.bodies.iter().map(|_| OnceLock::new()).collect();
        this.calls = calls(node, &this);
        let of_tables = this.tables.iter().map(|table| ValType::Ref(table.element_type));
        let of_globals = this.globals.iter().map(|global| global.val_type);
        let mut of_state = of_tables.chain(of_globals);
        let is_simple = this.globals.len() <= MAX_GLOBALS && of_state.all(is_simple);
        Ok(is_simple.then_some(this))
    }

    /// Notes what a section has; `None` if it cannot be split.
    fn note(
        &mut self,
        payload: Payload<'_>,
        referenced: &mut BTreeSet<u32>,
    ) -> wasmparser::Result<Option<()>> {
        let mut types = RoundtripReencoder;
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        let CompositeInnerType::Func(function) = ty.composite_type.inner else {
                            return Ok(None);
                        };
                        match types.func_type(function) {
                            Ok(function)
                                if function
                                    .params()
                                    .iter()
                                    .chain(function.results())
                                    .copied()
                                    .all(is_simple) =>
                            {
                                self.types.push(function);
                            }
                            _ => return Ok(None),
                        }
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.imports += 1;
                    match import?.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                            self.imported_functions += 1;
                            self.functions.push(ty);
                        }
                        ty => match types.entity_type(ty) {
                            Ok(EntityType::Table(ty)) => self.tables.push(ty),
                            Ok(EntityType::Memory(ty)) => self.memories.push(ty),
                            Ok(EntityType::Global(ty)) => self.globals.push(ty),
                            Ok(EntityType::Tag(ty)) => self.tags.push(ty),
                            _ => return Ok(None),
                        },
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    let table = table?;
                    if let wasmparser::TableInit::Expr(init) = table.init {
                        note_references(&init, referenced)?;
                    }
                    let Ok(ty) = types.table_type(table.ty) else {
                        return Ok(None);
                    };
                    self.tables.push(ty);
                }
            }
            Payload::MemorySection(section) => {
                for ty in section {
                    let Ok(ty) = types.memory_type(ty?) else {
                        return Ok(None);
                    };
                    self.memories.push(ty);
                }
            }
            Payload::TagSection(section) => {
                for ty in section {
                    let Ok(ty) = types.tag_type(ty?) else {
                        return Ok(None);
                    };
                    self.tags.push(ty);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    note_references(&global.init_expr, referenced)?;
                    let Ok(ty) = types.global_type(global.ty) else {
                        return Ok(None);
                    };
                    self.globals.push(ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.exports
                        .push((export.name.to_owned(), export.kind, export.index));
                }
            }
            Payload::ElementSection(section) => {
                for segment in section {
                    match segment?.items {
                        ElementItems::Functions(functions) => {
                            for function in functions {
                                referenced.insert(function?);
                            }
                        }
                        ElementItems::Expressions(_, items) => {
                            for item in items {
                                note_references(&item?, referenced)?;
                            }
                        }
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
            _ => {}
        }
        Ok(Some(()))
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

    /// The name of a function, if the name section has one.
    pub(crate) fn name(&self, function: FunctionIndex) -> Option<&str> {
        let names = self.names.get_or_init(|| self.read_names().unwrap_or_default());
        names.get(&function.0).map(String::as_str)
    }

    fn read_names(&self) -> wasmparser::Result<BTreeMap<u32, String>> {
        let mut names = BTreeMap::new();
        for payload in Parser::new(0).parse_all(&self.wasm) {
            let Payload::CustomSection(section) = payload? else {
                continue;
            };
            let KnownCustom::Name(subsections) = section.as_known() else {
                continue;
            };
            for subsection in subsections {
                let Name::Function(functions) = subsection? else {
                    continue;
                };
                for naming in functions {
                    let naming = naming?;
                    names.insert(naming.index, naming.name.to_owned());
                }
            }
        }
        Ok(names)
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

/// Notes the functions that a constant expression refers to.
fn note_references(
    expression: &wasmparser::ConstExpr<'_>,
    referenced: &mut BTreeSet<u32>,
) -> wasmparser::Result<()> {
    for operator in expression.get_operators_reader() {
        if let Operator::RefFunc { function_index } = operator? {
            referenced.insert(function_index);
        }
    }
    Ok(())
}

/// The uses of segments by the instructions of a guest. The run copy adds none.
fn segment_uses(node: &Node<'_>) -> wasmparser::Result<BTreeSet<SegmentUse>> {
    let mut uses = BTreeSet::new();
    if !node.code.used_data.contains(&true) && !node.code.used_elements.contains(&true) {
        return Ok(uses);
    }
    for body in &node.bodies {
        let bytes = node.bytes(&body.range);
        for operand in &body.operands {
            if operand.kind == OperandKind::Instruction {
                uses.extend(SegmentUse::of(&operand.instruction(bytes)?));
            }
        }
    }
    Ok(uses)
}

/// How many instructions call each function that is not imported: those of the guest, and of what is added.
fn calls(node: &Node<'_>, split: &Split) -> Vec<u32> {
    let mut calls = vec![0_u32; split.own_functions()];
    let added = count(node.bodies.len())..count(split.own_functions());
    let of_added = added.flat_map(|slot| split.callees(slot).collect::<Vec<u32>>());
    let of_guest = node.bodies.iter().flat_map(|body| body.callees());
    let of_guest = of_guest.filter_map(|callee| split.slot(callee));
    for callee in of_guest.chain(of_added) {
        if let Some(calls) = calls.get_mut(callee as usize) {
            *calls = calls.saturating_add(1);
        }
    }
    calls
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
