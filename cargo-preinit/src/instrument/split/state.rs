//! The state module of a split run copy.

use std::collections::BTreeMap;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    ConstExpr, ElementSection, Elements, Encode as _, EntityType, ExportKind, ExportSection, Function,
    GlobalSection, SectionId, TableSection, ValType,
};
use wasmparser::{BinaryReader, ElementSectionReader, GlobalSectionReader, TableSectionReader};

use super::super::INJECTED_PREFIX;
use super::{SegmentUse, Split, hidden_table, len, number};
use crate::guest::index::FunctionIndex;
use crate::wasm::splice::{Output, SECTION_ORDER, contents, encoded, extended};

/// What the state module imports and exports beside what the copy does.
///
/// Behind the copy's imports it imports the function that loads a slot, for a still table one that loads an entry, and a function for each
/// of `referenced`.
pub(crate) struct StateModule {
    /// The functions that it imports from the host and that the copy defines: those that a reference can lead to, or none.
    pub(crate) referenced: Vec<FunctionIndex>,
    /// The names of what parts import first, in this order.
    pub(crate) state: Vec<String>,
    /// The name of the hidden table, which is among `state`.
    pub(crate) slots: String,
    /// The names of the functions that stand for instructions which name a segment.
    pub(crate) segment_uses: BTreeMap<SegmentUse, String>,
    exports: ExportSection,
    added: Added,
    /// The functions of the state module that stand for those that the copy defines and that a reference can lead to.
    indices: BTreeMap<FunctionIndex, u32>,
}

impl StateModule {
    /// The name under which a function is exported that a reference can lead to.
    pub(crate) fn reference(function: FunctionIndex) -> String {
        format!("{INJECTED_PREFIX}reference_{function}")
    }
}

/// The functions of the state module by those of the copy: imported ones stay, and others stand for those that it defines.
struct Renumber<'s> {
    imported: u32,
    referenced: &'s BTreeMap<FunctionIndex, u32>,
    entry_stubs: &'s BTreeMap<u32, u32>,
    /// The type of each of the copy's functions.
    types: &'s [u32],
}

/// A function that no reference leads to is named where only references are.
#[derive(Debug, thiserror::Error)]
#[error("function {0} is referred to, which is not expected")]
pub(crate) struct Unexpected(u32);

impl Reencode for Renumber<'_> {
    type Error = Unexpected;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Unexpected>> {
        if function < self.imported {
            return Ok(function);
        }
        let of_type = || self.entry_stubs.get(self.types.get(function as usize)?);
        let found = self
            .referenced
            .get(&FunctionIndex(function))
            .or_else(of_type)
            .copied();
        found.ok_or(Error::UserError(Unexpected(function)))
    }
}

impl Split {
    /// What the state module has.
    ///
    /// # Errors
    ///
    /// If an export cannot be encoded again, which is not expected of a valid module.
    pub(crate) fn state(&self) -> Result<StateModule, Error<Unexpected>> {
        let own = self
            .referenced
            .iter()
            .filter(|function| self.slot(**function).is_some());
        let own: Vec<FunctionIndex> = own.copied().collect();
        let load = self.imported_functions;
        // The function that loads an entry of a still table comes behind it.
        let first = load + self.added_globals();
        let (referenced, mut added, indices) = if self.has_tail_calls {
            let mut added = Added::new(self, first);
            let callers = own
                .iter()
                .map(|function| (*function, added.caller(self, *function)));
            let indices: BTreeMap<FunctionIndex, u32> = callers.collect();
            (Vec::new(), added, indices)
        } else {
            let added = Added::new(self, first + len(&own));
            let indices = own.iter().copied().zip(first..).collect();
            (own, added, indices)
        };
        added.stubs(self, load);
        if self.has_still_table() {
            added.entry_stubs(self, load + 1);
        }
        for used in &self.segment_uses {
            added.segment_use(self, *used);
        }
        let mut names = Renumber {
            imported: self.imported_functions,
            referenced: &indices,
            entry_stubs: &added.entry_stubs,
            types: &self.functions,
        };
        let (exports, state, slots, segment_uses) = self.exports(&mut names, &added)?;
        Ok(StateModule {
            referenced,
            state,
            slots,
            segment_uses,
            exports,
            added,
            indices,
        })
    }

    /// Makes the state module.
    ///
    /// # Errors
    ///
    /// If a section cannot be encoded again, which is not expected of a valid module.
    pub(crate) fn state_module(&self, state: &StateModule) -> Result<Vec<u8>, Error<Unexpected>> {
        let added = &state.added;
        let mut names = Renumber {
            imported: self.imported_functions,
            referenced: &state.indices,
            entry_stubs: &added.entry_stubs,
            types: &self.functions,
        };
        let mut wasm = Output::with_capacity(self.wasm.len());
        for id in SECTION_ORDER {
            let old = self.section(id);
            let data = match id {
                SectionId::Type => {
                    let mut entries = Vec::new();
                    for ty in &added.types {
                        entries.push(0x60); // a function
                        ty.params().encode(&mut entries);
                        ty.results().encode(&mut entries);
                    }
                    extended(old, len(&added.types), &entries)
                }
                SectionId::Import => Some(self.imports(old, &state.referenced, added.load).into()),
                SectionId::Function => Some(encoded_list(&added.functions).into()),
                SectionId::Table => {
                    let mut section = TableSection::new();
                    if let Some(old) = old {
                        names.parse_table_section(&mut section, TableSectionReader::new(reader(old))?)?;
                    }
                    section.table(hidden_table(self.own_functions()));
                    Some(contents(&section).into())
                }
                SectionId::Global => {
                    let mut section = GlobalSection::new();
                    if let Some(old) = old {
                        names.parse_global_section(&mut section, GlobalSectionReader::new(reader(old))?)?;
                    }
                    for _ in 0..self.added_globals() {
                        section.global(number(true), &ConstExpr::i32_const(0));
                    }
                    Some(contents(&section).into())
                }
                SectionId::Export => Some(contents(&state.exports).into()),
                SectionId::Element => {
                    let mut section = ElementSection::new();
                    if let Some(old) = old {
                        names.parse_element_section(&mut section, ElementSectionReader::new(reader(old))?)?;
                    }
                    let slots = Elements::Functions(added.stub_of_slot(self).into());
                    section.active(Some(len(&self.tables)), &ConstExpr::i32_const(0), slots);
                    Some(contents(&section).into())
                }
                SectionId::Code => Some(added.code().into()),
                // What the copy starts with is called like any other function.
                SectionId::Start => None,
                _ => old.map(Into::into),
            };
            if let Some(data) = data {
                wasm.section(u8::from(id), [&*data]);
            }
        }
        Ok(wasm.finish())
    }

    fn section(&self, id: SectionId) -> Option<&[u8]> {
        let found = self.sections.iter().find(|(of, _)| *of == u8::from(id));
        found.map(|(_, range)| &self.wasm[range.clone()])
    }

    /// The copy's imports, the function that loads a slot, and the host's functions for these.
    fn imports(&self, old: Option<&[u8]>, referenced: &[FunctionIndex], load: u32) -> Vec<u8> {
        let types = referenced
            .iter()
            .map(|function| self.functions[function.position()]);
        let loads = std::iter::repeat_n(load, self.added_globals() as usize);
        let mut entries = Vec::new();
        for ty in loads.chain(types) {
            "".encode(&mut entries);
            "".encode(&mut entries);
            EntityType::Function(ty).encode(&mut entries);
        }
        extended(old, self.added_globals() + len(referenced), &entries)
            .unwrap_or_default()
            .into_owned()
    }

    /// The copy's exports and those for parts, the names of what parts import first, that of the hidden table, and those of the functions
    /// for segments.
    #[expect(clippy::type_complexity, reason = "they are taken apart at once")]
    fn exports(
        &self,
        names: &mut Renumber<'_>,
        added: &Added,
    ) -> Result<(ExportSection, Vec<String>, String, BTreeMap<SegmentUse, String>), Error<Unexpected>> {
        let mut section = ExportSection::new();
        for (name, kind, index) in &self.exports {
            let index = names.external_index(*kind, *index)?;
            section.export(name, names.export_kind(*kind)?, index);
        }
        let mut state = Vec::new();
        let mut share = |kind, word: &str, number: u32| {
            let name = format!("{INJECTED_PREFIX}state_{word}_{number}");
            section.export(&name, kind, number);
            state.push(name.clone());
            name
        };
        for index in 0..len(&self.memories) {
            share(ExportKind::Memory, "memory", index);
        }
        for index in 0..len(&self.tables) {
            share(ExportKind::Table, "table", index);
        }
        let slots = share(ExportKind::Table, "table", len(&self.tables));
        for index in 0..len(&self.globals) + self.added_globals() {
            share(ExportKind::Global, "global", index);
        }
        for index in 0..len(&self.tags) {
            share(ExportKind::Tag, "tag", index);
        }
        for function in &self.referenced {
            let index = names.function_index(function.0)?;
            section.export(&StateModule::reference(*function), ExportKind::Func, index);
        }
        let mut segment_uses = BTreeMap::new();
        for (used, function) in &added.segment_uses {
            let name = format!("{INJECTED_PREFIX}segment_{function}");
            section.export(&name, ExportKind::Func, *function);
            segment_uses.insert(*used, name);
        }
        Ok((section, state, slots, segment_uses))
    }
}

/// The functions that the state module has itself, and their types.
struct Added {
    types: Vec<wasm_encoder::FuncType>,
    /// The type of the function that loads a slot.
    load: u32,
    functions: Vec<u32>,
    bodies: Vec<Function>,
    /// The index that the next function gets.
    next: u32,
    /// By the type.
    stubs: BTreeMap<u32, u32>,
    /// Those of the slots of a still table, by the type.
    entry_stubs: BTreeMap<u32, u32>,
    segment_uses: Vec<(SegmentUse, u32)>,
}

impl Added {
    /// `next` is the index of the first added function.
    fn new(split: &Split, next: u32) -> Self {
        Self {
            types: vec![wasm_encoder::FuncType::new([ValType::I32], [])],
            load: len(&split.types),
            functions: Vec::new(),
            bodies: Vec::new(),
            next,
            stubs: BTreeMap::new(),
            entry_stubs: BTreeMap::new(),
            segment_uses: Vec::new(),
        }
    }

    fn add(&mut self, ty: u32, body: Function) -> u32 {
        let index = self.next;
        self.next += 1;
        self.functions.push(ty);
        self.bodies.push(body);
        index
    }

    /// Adds a stub for each type of a function: it has the host load the target, and calls the target's slot.
    fn stubs(&mut self, split: &Split, load: u32) {
        let (target, hidden) = (len(&split.globals), len(&split.tables));
        for ty in &split.functions[split.imported_functions as usize..] {
            if !self.stubs.contains_key(ty) {
                let stub = self.stub(split, *ty, load, target, hidden);
                self.stubs.insert(*ty, stub);
            }
        }
    }

    /// Adds a stub for each type of a function in a still table: it has the host load the slot that is called, and calls it again.
    fn entry_stubs(&mut self, split: &Split, load: u32) {
        for function in split.entries.iter().flatten() {
            let Some(ty) = split.functions.get(*function as usize) else {
                continue;
            };
            if !self.entry_stubs.contains_key(ty) {
                let stub = self.stub(split, *ty, load, split.entry_global(), 0);
                self.entry_stubs.insert(*ty, stub);
            }
        }
    }

    /// Adds a function that calls `load` with what a global has, and then that slot of a table.
    fn stub(&mut self, split: &Split, ty: u32, load: u32, global: u32, table: u32) -> u32 {
        let parameters = len(split.types[ty as usize].params());
        let mut body = Function::new([(1, ValType::I32)]);
        let mut code = body.instructions();
        code.global_get(global).local_tee(parameters).call(load);
        for parameter in 0..parameters {
            code.local_get(parameter);
        }
        code.local_get(parameters);
        if split.has_tail_calls {
            code.return_call_indirect(table, ty);
        } else {
            code.call_indirect(table, ty);
        }
        code.end();
        self.add(ty, body)
    }

    /// Adds a function that calls the slot of another one.
    fn caller(&mut self, split: &Split, function: FunctionIndex) -> u32 {
        let ty = split.functions[function.position()];
        let slot = split.slot(function).unwrap_or_default().cast_signed();
        let mut body = Function::new([]);
        let mut code = body.instructions();
        code.i32_const(slot).global_set(len(&split.globals));
        for parameter in 0..len(split.types[ty as usize].params()) {
            code.local_get(parameter);
        }
        code.i32_const(slot)
            .return_call_indirect(len(&split.tables), ty)
            .end();
        self.add(ty, body)
    }

    /// Adds a function that does what an instruction does.
    fn segment_use(&mut self, split: &Split, used: SegmentUse) {
        let parameters = used.parameters(split);
        let mut body = Function::new([]);
        let mut code = body.instructions();
        for parameter in 0..len(&parameters) {
            code.local_get(parameter);
        }
        match used {
            SegmentUse::InitMemory { segment, memory } => code.memory_init(memory, segment),
            SegmentUse::DropData(segment) => code.data_drop(segment),
            SegmentUse::InitTable { segment, table } => code.table_init(table, segment),
            SegmentUse::DropElements(segment) => code.elem_drop(segment),
        };
        code.end();
        self.types.push(wasm_encoder::FuncType::new(parameters, []));
        let ty = self.load + len(&self.types) - 1;
        let function = self.add(ty, body);
        self.segment_uses.push((used, function));
    }

    /// The stub that each slot has at first.
    fn stub_of_slot(&self, split: &Split) -> Vec<u32> {
        let own = split.functions[split.imported_functions as usize..].iter();
        own.map(|ty| self.stubs[ty]).collect()
    }

    fn code(&self) -> Vec<u8> {
        let mut code = encoded(&len(&self.bodies));
        for body in &self.bodies {
            body.encode(&mut code);
        }
        code
    }
}

impl SegmentUse {
    /// The operands of the instruction.
    pub(super) fn parameters(self, split: &Split) -> Vec<ValType> {
        let address = |is_64: bool| if is_64 { ValType::I64 } else { ValType::I32 };
        match self {
            Self::InitMemory { memory, .. } => {
                let destination = address(split.memories[memory as usize].memory64);
                vec![destination, ValType::I32, ValType::I32]
            }
            Self::InitTable { table, .. } => {
                let destination = address(split.tables[table as usize].table64);
                vec![destination, ValType::I32, ValType::I32]
            }
            Self::DropData(_) | Self::DropElements(_) => Vec::new(),
        }
    }
}

fn reader(section: &[u8]) -> BinaryReader<'_> {
    BinaryReader::new_features(section, 0, crate::guest::features())
}

/// A list of numbers, behind its length.
fn encoded_list(numbers: &[u32]) -> Vec<u8> {
    let mut bytes = encoded(&len(numbers));
    for number in numbers {
        number.encode(&mut bytes);
    }
    bytes
}
