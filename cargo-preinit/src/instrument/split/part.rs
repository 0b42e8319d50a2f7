//! The parts of a split run copy.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, Encode as _, EntityType, ExportKind, ExportSection, FunctionSection, ImportSection,
    MemoryType, Module, TableType, TypeSection,
};
use wasmparser::Operator;

use super::super::Injected;
use super::{SegmentUse, Split, hidden_table, len, number, positions, reference};
use crate::guest::index::{FunctionIndex, MemoryIndex, enumerate};
use crate::guest::{OperandKind, count};

/// How many functions a part has besides the one that is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    /// How many calls lead to them at most.
    pub(crate) depth: u32,
    /// How many functions a part has at most.
    pub(crate) functions: usize,
}

/// What a module has that is made of some functions of the copy.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Part {
    /// The slots of its functions, in the order of its bodies.
    pub(crate) slots: Vec<u32>,
    /// Those of the functions that it exports, in this order: all but those that nothing outside calls.
    pub(crate) exported: Vec<u32>,
    /// What it imports behind the state.
    pub(crate) imports: Vec<Imported>,
}

impl Part {
    /// How many functions it imports: they come first in its index space.
    pub(crate) fn imported_functions(&self) -> u32 {
        let functions = self.imports.iter().filter(|import| import.is_function());
        count(functions.count())
    }
}

/// What a part imports behind the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Imported {
    /// A global with the number of a slot.
    Slot(u32),
    /// A global with a reference to the function with this index.
    Reference(u32),
    /// The function with this index, which the copy imports.
    Import(u32),
    /// The function of a slot that is loaded.
    Loaded(u32),
    /// A function that does what an instruction does to a segment.
    SegmentUse(SegmentUse),
}

impl Imported {
    fn is_function(self) -> bool {
        match self {
            Self::Slot(_) | Self::Reference(_) => false,
            Self::Import(_) | Self::Loaded(_) | Self::SegmentUse(_) => true,
        }
    }
}

/// An instruction that is written otherwise than it is read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsplittable {
    #[error("the operands of a body cannot be told apart")]
    Operands,
    #[error("an instruction names a {0} where none is expected")]
    Unexpected(&'static str),
}

type Result<T = ()> = std::result::Result<T, Error<Unsplittable>>;

impl Split {
    /// Makes a part for the function of a slot, and its module. `is_loaded` says of which slots the functions are loaded.
    ///
    /// # Errors
    ///
    /// If an instruction cannot be written with other indices, which [`Split::new`] rules out.
    pub(crate) fn part(
        &self,
        slot: u32,
        reach: Reach,
        is_loaded: &dyn Fn(u32) -> bool,
    ) -> Result<(Part, Vec<u8>)> {
        let slots = self.reached(slot, reach, is_loaded);
        let mut writer = Writer {
            split: self,
            places: positions(&slots),
            is_loaded,
            imports: Vec::new(),
            globals: BTreeMap::new(),
            functions: BTreeMap::new(),
            types: Vec::new(),
            type_places: BTreeMap::new(),
        };
        for slot in &slots {
            writer.note(*slot)?;
        }
        let exported = self.exported(&slots);
        let wasm = writer.module(&slots, &exported)?;
        let part = Part {
            slots,
            exported,
            imports: writer.imports,
        };
        Ok((part, wasm))
    }

    /// Those of a part's functions that something outside may call: the first, and those that references lead to, or other functions.
    fn exported(&self, slots: &[u32]) -> Vec<u32> {
        let mut calls: BTreeMap<u32, u32> = BTreeMap::new();
        for callee in slots.iter().flat_map(|slot| self.callees(*slot)) {
            *calls.entry(callee).or_default() += 1;
        }
        let is_called = |slot: &u32| {
            let inside = calls.get(slot).copied().unwrap_or(0);
            self.calls[*slot as usize] > inside || self.referenced.binary_search(&self.of_slot(*slot)).is_ok()
        };
        let rest = slots.iter().skip(1).copied().filter(is_called);
        slots.iter().take(1).copied().chain(rest).collect()
    }

    /// The slots of the functions that calls lead to from this one, breadth first, as far as they are not loaded.
    fn reached(&self, slot: u32, reach: Reach, is_loaded: &dyn Fn(u32) -> bool) -> Vec<u32> {
        let mut reached = vec![slot];
        let mut known = BTreeSet::from([slot]);
        let mut from = 0;
        for _ in 0..reach.depth {
            for caller in reached
                .clone()
                .into_iter()
                .skip(std::mem::replace(&mut from, reached.len()))
            {
                for callee in self.callees(caller) {
                    if reached.len() < reach.functions && !is_loaded(callee) && known.insert(callee) {
                        reached.push(callee);
                    }
                }
            }
        }
        reached
    }
}

// The instructions that are written otherwise than they are read: an opcode of one byte, and indices.
const OPCODE: usize = 1;
const CALL: u8 = 0x10;
const CALL_INDIRECT: u8 = 0x11;
const RETURN_CALL: u8 = 0x12;
const RETURN_CALL_INDIRECT: u8 = 0x13;
const GLOBAL_GET: u8 = 0x23;
const GLOBAL_SET: u8 = 0x24;

/// Writes a part.
struct Writer<'s> {
    split: &'s Split,
    /// The positions of the part's functions, by their slots.
    places: BTreeMap<u32, u32>,
    is_loaded: &'s dyn Fn(u32) -> bool,
    imports: Vec<Imported>,
    /// The positions of imported globals behind those of the state.
    globals: BTreeMap<Imported, u32>,
    /// The indices of imported functions.
    functions: BTreeMap<Imported, u32>,
    types: Vec<wasm_encoder::FuncType>,
    /// The part's types by the copy's.
    type_places: BTreeMap<u32, u32>,
}

/// What a direct call becomes.
enum Callee {
    /// A call of one of the part's functions, by its position.
    Own(u32),
    /// A call of an imported function.
    Imported(Imported),
    /// A call by the function's slot.
    BySlot(u32),
}

impl Writer<'_> {
    fn callee(&self, function: u32) -> Callee {
        let function = FunctionIndex(function);
        let Some(slot) = self.split.slot(function) else {
            return Callee::Imported(Imported::Import(function.0));
        };
        match self.places.get(&slot) {
            Some(place) => Callee::Own(*place),
            None if (self.is_loaded)(slot) => Callee::Imported(Imported::Loaded(slot)),
            None => Callee::BySlot(slot),
        }
    }

    /// Notes what a body needs to be imported.
    fn note(&mut self, slot: u32) -> Result {
        let body = self.split.body(slot);
        for operand in self
            .split
            .operands(slot)
            .ok_or(Error::UserError(Unsplittable::Operands))?
        {
            match operand.kind {
                OperandKind::Callee => match self.callee(operand.value) {
                    Callee::Own(_) => {}
                    Callee::Imported(imported) => self.import(imported),
                    Callee::BySlot(slot) => self.import(Imported::Slot(slot)),
                },
                OperandKind::Function => self.import(Imported::Reference(operand.value)),
                OperandKind::Instruction => {
                    if let Some(used) = SegmentUse::of(&operand.instruction(body)?) {
                        self.import(Imported::SegmentUse(used));
                    }
                }
                OperandKind::Global
                | OperandKind::TypeAndTable
                | OperandKind::Number
                | OperandKind::Offset
                | OperandKind::Nop => {}
            }
        }
        Ok(())
    }

    fn import(&mut self, imported: Imported) {
        let places = match imported.is_function() {
            true => &mut self.functions,
            false => &mut self.globals,
        };
        let next = count(places.len());
        if let std::collections::btree_map::Entry::Vacant(entry) = places.entry(imported) {
            entry.insert(next);
            self.imports.push(imported);
        }
    }

    /// The index of an imported global behind those of the state.
    fn global(&self, imported: Imported) -> u32 {
        len(&self.split.globals) + self.split.added_globals() + self.globals[&imported]
    }

    /// The part's index of one of the copy's types.
    fn ty(&mut self, ty: u32) -> u32 {
        let split = self.split;
        let types = &mut self.types;
        *self.type_places.entry(ty).or_insert_with(|| {
            types.push(split.types[ty as usize].clone());
            len(types) - 1
        })
    }

    fn module(&mut self, slots: &[u32], exported: &[u32]) -> Result<Vec<u8>> {
        let split = self.split;
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for slot in slots {
            functions.function(self.ty(split.functions[split.of_slot(*slot).position()]));
            let mut bytes = Vec::new();
            self.body(*slot, &mut bytes)?;
            code.raw(&bytes);
        }
        let mut exports = ExportSection::new();
        for (index, _) in enumerate(&split.memories) {
            exports.export(
                &Injected::Memory(MemoryIndex(index)).name(),
                ExportKind::Memory,
                index,
            );
        }
        let first = count(self.functions.len());
        for slot in exported {
            let place = self.places[slot];
            exports.export(&place.to_string(), ExportKind::Func, first + place);
        }
        let imports = self.import_section();
        let mut types = TypeSection::new();
        for ty in &self.types {
            types.ty().func_type(ty);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions);
        module.section(&exports).section(&code);
        Ok(module.finish())
    }

    fn import_section(&mut self) -> ImportSection {
        let split = self.split;
        let mut section = ImportSection::new();
        let mut import = |ty: EntityType| {
            section.import("", "", ty);
        };
        // Of any size, since that may differ from one version of a guest to the next.
        for ty in &split.memories {
            import(EntityType::Memory(MemoryType {
                minimum: 0,
                maximum: None,
                ..*ty
            }));
        }
        let tables = split.tables.iter().copied().chain([hidden_table(0)]);
        for ty in tables {
            import(EntityType::Table(TableType {
                minimum: 0,
                maximum: None,
                ..ty
            }));
        }
        for ty in &split.globals {
            import(EntityType::Global(*ty));
        }
        for _ in 0..split.added_globals() {
            import(EntityType::Global(number(true)));
        }
        for ty in &split.tags {
            let ty = wasm_encoder::TagType {
                func_type_idx: self.ty(ty.func_type_idx),
                ..*ty
            };
            import(EntityType::Tag(ty));
        }
        for imported in self.imports.clone() {
            import(match imported {
                Imported::Slot(_) => EntityType::Global(number(false)),
                Imported::Reference(_) => EntityType::Global(reference()),
                Imported::Import(function) => {
                    EntityType::Function(self.ty(split.functions[function as usize]))
                }
                Imported::Loaded(slot) => {
                    EntityType::Function(self.ty(split.functions[split.of_slot(slot).position()]))
                }
                Imported::SegmentUse(used) => {
                    self.types
                        .push(wasm_encoder::FuncType::new(used.parameters(split), []));
                    EntityType::Function(len(&self.types) - 1)
                }
            });
        }
        section
    }

    /// Writes a body. The bytes between the operands are copied.
    fn body(&mut self, slot: u32, output: &mut Vec<u8>) -> Result {
        let split = self.split;
        let body = split.body(slot);
        let first = count(self.functions.len());
        let (target, hidden) = (len(&split.globals), len(&split.tables));
        let mut copied = 0;
        for operand in split
            .operands(slot)
            .ok_or(Error::UserError(Unsplittable::Operands))?
        {
            let start = operand.offset as usize;
            match operand.kind {
                OperandKind::Callee => {
                    let opcode = start - OPCODE;
                    output.extend_from_slice(&body[copied..opcode]);
                    let is_tail = body[opcode] == RETURN_CALL;
                    let call = if is_tail { RETURN_CALL } else { CALL };
                    match self.callee(operand.value) {
                        Callee::Own(place) => {
                            output.push(call);
                            (first + place).encode(output);
                        }
                        Callee::Imported(imported) => {
                            output.push(call);
                            self.functions[&imported].encode(output);
                        }
                        Callee::BySlot(slot) => {
                            let number = self.global(Imported::Slot(slot));
                            output.push(GLOBAL_GET);
                            number.encode(output);
                            output.push(GLOBAL_SET);
                            target.encode(output);
                            output.push(GLOBAL_GET);
                            number.encode(output);
                            output.push(if is_tail {
                                RETURN_CALL_INDIRECT
                            } else {
                                CALL_INDIRECT
                            });
                            self.ty(split.functions[operand.value as usize]).encode(output);
                            hidden.encode(output);
                        }
                    }
                }
                OperandKind::Function => {
                    output.extend_from_slice(&body[copied..start - OPCODE]);
                    output.push(GLOBAL_GET);
                    self.global(Imported::Reference(operand.value)).encode(output);
                }
                OperandKind::TypeAndTable => {
                    let (ty, table) = operand.type_and_table(body)?;
                    output.extend_from_slice(&body[copied..start - OPCODE]);
                    if split.has_still_table() {
                        output.push(GLOBAL_SET);
                        split.entry_global().encode(output);
                        output.push(GLOBAL_GET);
                        split.entry_global().encode(output);
                    }
                    output.push(body[start - OPCODE]);
                    self.ty(ty).encode(output);
                    table.encode(output);
                }
                OperandKind::Instruction => {
                    output.extend_from_slice(&body[copied..start]);
                    let operator = operand.instruction(body)?;
                    self.instruction(operator, output)?;
                }
                OperandKind::Global | OperandKind::Number | OperandKind::Offset | OperandKind::Nop => {
                    continue;
                }
            }
            copied = operand.end();
        }
        output.extend_from_slice(&body[copied..]);
        Ok(())
    }

    /// Writes an instruction with the part's types.
    fn instruction(&mut self, operator: Operator<'_>, output: &mut Vec<u8>) -> Result {
        if let Some(used) = SegmentUse::of(&operator) {
            output.push(CALL);
            self.functions[&Imported::SegmentUse(used)].encode(output);
            return Ok(());
        }
        Types(self).instruction(operator)?.encode(output);
        Ok(())
    }
}

/// Gives the types of an instruction the part's indices. Functions and segments are not expected in it; other indices stay.
struct Types<'w, 's>(&'w mut Writer<'s>);

impl Reencode for Types<'_, '_> {
    type Error = Unsplittable;

    fn type_index(&mut self, ty: u32) -> Result<u32> {
        Ok(self.0.ty(ty))
    }

    fn function_index(&mut self, _: u32) -> Result<u32> {
        Err(Error::UserError(Unsplittable::Unexpected("function")))
    }

    fn data_index(&mut self, _: u32) -> Result<u32> {
        Err(Error::UserError(Unsplittable::Unexpected("data segment")))
    }

    fn element_index(&mut self, _: u32) -> Result<u32> {
        Err(Error::UserError(Unsplittable::Unexpected("element segment")))
    }
}
