//! What a run has loaded of a run copy in parts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use wasmtime::{
    AsContextMut, Extern, FrameInfo, Func, Global, GlobalType, Instance, Module, Mutability, Ref, Store,
    Table, Val, ValType,
};

use super::super::guest_stack::Frame;
use super::{Made, NotCompiled, Parts, most_parts};
use crate::guest::index::FunctionIndex;
use crate::instrument::{Imported, SegmentUse, StateModule};
use crate::text::demangle;

/// What a run has loaded.
pub(in crate::run) struct Loader {
    code: Arc<Parts>,
    /// By slots.
    functions: Vec<Option<Func>>,
    /// What each part imports first.
    state: Vec<Extern>,
    slots: Table,
    /// The copy's imported functions.
    imports: Vec<Func>,
    /// Globals with the numbers of slots, by the slots.
    numbers: BTreeMap<u32, Global>,
    /// The one reference that each function has, until it is loaded.
    references: BTreeMap<FunctionIndex, Func>,
    segment_uses: BTreeMap<SegmentUse, Func>,
    /// Where the guest's tables had a function at first, by its slot.
    entries: BTreeMap<u32, Vec<(Table, u64)>>,
    /// The functions of the references with these addresses.
    by_address: BTreeMap<usize, FunctionIndex>,
    /// The addresses of the references to loaded functions, and those of the references that these had before.
    addresses: BTreeMap<usize, usize>,
    /// The slots of each part's functions behind the number of functions that it imports, by where its code is.
    parts: BTreeMap<usize, (u32, Vec<u32>)>,
}

/// How many slots a table of the guest may have so that its functions are called without the host once they are loaded.
const MAX_ENTRIES: u64 = 1 << 20;

impl Loader {
    pub(super) fn new<T: 'static>(
        code: Arc<Parts>,
        store: &mut Store<T>,
        instance: Instance,
        imports: &[Extern],
    ) -> wasmtime::Result<Self> {
        let missing = |name: &str| wasmtime::format_err!("the state module has no `{name}`");
        let mut state = Vec::new();
        for name in &code.described.state {
            let shared = instance.get_export(&mut *store, name);
            state.push(shared.ok_or_else(|| missing(name))?);
        }
        let slots = &code.described.slots;
        let slots = instance
            .get_table(&mut *store, slots)
            .ok_or_else(|| missing(slots))?;
        let mut segment_uses = BTreeMap::new();
        for (used, name) in &code.described.segment_uses {
            let function = instance
                .get_func(&mut *store, name)
                .ok_or_else(|| missing(name))?;
            segment_uses.insert(*used, function);
        }
        let mut references = BTreeMap::new();
        let mut by_address = BTreeMap::new();
        for function in code.split.references() {
            let name = StateModule::reference(*function);
            let reference = instance
                .get_func(&mut *store, &name)
                .ok_or_else(|| missing(&name))?;
            references.insert(*function, reference);
            by_address.insert(reference.to_raw(&mut *store) as usize, *function);
        }
        let mut entries: BTreeMap<u32, Vec<(Table, u64)>> = BTreeMap::new();
        let tables: Vec<Table> = state
            .iter()
            .filter_map(|shared| shared.clone().into_table())
            .collect();
        // The last is that of the slots.
        for table in tables.iter().rev().skip(1) {
            for place in 0..table.size(&*store).min(MAX_ENTRIES) {
                if let Some(Ref::Func(Some(function))) = table.get(&mut *store, place)
                    && let Some(function) = by_address.get(&(function.to_raw(&mut *store) as usize))
                    && let Some(slot) = code.split.slot(*function)
                {
                    entries.entry(slot).or_default().push((*table, place));
                }
            }
        }
        Ok(Self {
            functions: vec![None; code.split.own_functions()],
            imports: imports
                .iter()
                .filter_map(|import| import.clone().into_func())
                .collect(),
            code,
            state,
            slots,
            numbers: BTreeMap::new(),
            references,
            segment_uses,
            entries,
            by_address,
            addresses: BTreeMap::new(),
            parts: BTreeMap::new(),
        })
    }

    /// The function of a slot, if it is loaded.
    pub(super) fn loaded(&self, slot: u32) -> Option<Func> {
        self.functions.get(slot as usize).copied().flatten()
    }

    /// The function of a slot, which is loaded unless it was.
    pub(super) fn load(&mut self, mut store: impl AsContextMut, slot: u32) -> wasmtime::Result<Func> {
        if let Some(function) = self.loaded(slot) {
            return Ok(function);
        }
        if self.parts.len() >= most_parts(self.functions.len()) {
            self.code.were_too_many.store(true, Ordering::Relaxed);
            let error = wasmtime::Error::msg("init reaches too many functions");
            let compiler = self.code.compiler;
            return Err(NotCompiled { compiler, error }.into());
        }
        let compiler = self.code.compiler;
        let not_compiled = |error| NotCompiled { compiler, error };
        let is_loaded = |slot: u32| self.functions[slot as usize].is_some();
        let made = self.code.part(slot, &is_loaded).map_err(not_compiled)?;
        let module = self.module(&made).map_err(not_compiled)?;
        self.publish(&mut store, &made, &module).map_err(not_compiled)?;
        self.loaded(slot)
            .ok_or_else(|| wasmtime::Error::msg("a part lacks the function that it is for"))
    }

    /// Loads the function of a slot of the guest's still table, and puts it there.
    pub(super) fn load_entry(&mut self, mut store: impl AsContextMut, place: u32) -> wasmtime::Result<()> {
        let missing = || wasmtime::Error::msg("a table has what it had not at first");
        let split = &self.code.split;
        let slot = split.entry(place).and_then(|function| split.slot(function));
        let function = self.load(&mut store, slot.ok_or_else(missing)?)?;
        let table = self.tables().next().ok_or_else(missing)?;
        let before = table.get(store.as_context_mut(), place.into());
        if let Some(Ref::Func(Some(before))) = before {
            let after = function.to_raw(store.as_context_mut()) as usize;
            self.addresses
                .insert(after, before.to_raw(store.as_context_mut()) as usize);
        }
        table.set(store.as_context_mut(), place.into(), Ref::Func(Some(function)))
    }

    /// The guest's tables.
    fn tables(&self) -> impl Iterator<Item = Table> {
        let tables = self.state.iter().filter_map(|shared| shared.clone().into_table());
        // The last is that of the slots.
        tables.take(self.code.split.tables())
    }

    /// The code of a part. Parts with the same code have modules of their own, since a stack tells modules apart, and no instances.
    fn module(&self, made: &Made) -> wasmtime::Result<Module> {
        for copy in 0.. {
            let module = self.code.module(made, copy)?;
            if !self.parts.contains_key(&module.text().as_ptr().addr()) {
                return Ok(module);
            }
        }
        Err(wasmtime::Error::msg("there is no end of copies"))
    }

    /// Instantiates a part, and puts its functions into their slots.
    fn publish(
        &mut self,
        store: &mut impl AsContextMut,
        made: &Made,
        module: &Module,
    ) -> wasmtime::Result<()> {
        let part = &made.part;
        let mut externs = self.state.clone();
        for imported in &part.imports {
            externs.push(self.imported(store, *imported)?);
        }
        let instance = Instance::new(store.as_context_mut(), module, &externs)?;
        let exports = instance.exports(store.as_context_mut());
        let functions: Vec<Func> = exports.filter_map(wasmtime::Export::into_func).collect();
        for (slot, function) in part.exported.iter().zip(functions) {
            let reference = Ref::Func(Some(function));
            self.slots
                .set(store.as_context_mut(), u64::from(*slot), reference)?;
            self.functions[*slot as usize] = Some(function);
            self.replace(store, *slot, function)?;
        }
        let place = module.text().as_ptr().addr();
        let functions = (part.imported_functions(), part.slots.clone());
        self.parts.insert(place, functions);
        Ok(())
    }

    /// Has the guest's tables lead to a function without the host, where they lead to it still. No guest can tell.
    fn replace(&mut self, store: &mut impl AsContextMut, slot: u32, function: Func) -> wasmtime::Result<()> {
        let Some(before) = self.references.get(&self.code.split.of_slot(slot)) else {
            return Ok(());
        };
        let before = before.to_raw(store.as_context_mut()) as usize;
        let after = function.to_raw(store.as_context_mut()) as usize;
        self.addresses.insert(after, before);
        for (table, place) in self.entries.remove(&slot).unwrap_or_default() {
            if let Some(Ref::Func(Some(now))) = table.get(store.as_context_mut(), place)
                && now.to_raw(store.as_context_mut()) as usize == before
            {
                table.set(store.as_context_mut(), place, Ref::Func(Some(function)))?;
            }
        }
        Ok(())
    }

    /// The value of an import.
    fn imported(&mut self, store: &mut impl AsContextMut, imported: Imported) -> wasmtime::Result<Extern> {
        let constant = |store: &mut _, ty, value| {
            let ty = GlobalType::new(ty, Mutability::Const);
            Global::new(AsContextMut::as_context_mut(store), ty, value)
        };
        let found = match imported {
            Imported::Slot(slot) => {
                if let Some(number) = self.numbers.get(&slot) {
                    return Ok((*number).into());
                }
                let number = constant(store, ValType::I32, Val::I32(slot.cast_signed()))?;
                self.numbers.insert(slot, number);
                return Ok(number.into());
            }
            Imported::Reference(function) => {
                let reference = self.references.get(&FunctionIndex(function)).copied();
                let reference =
                    reference.ok_or_else(|| wasmtime::Error::msg("a reference is not declared"))?;
                return Ok(constant(store, ValType::FUNCREF, Val::FuncRef(Some(reference)))?.into());
            }
            Imported::Import(function) => self.imports.get(function as usize).copied(),
            Imported::Loaded(slot) => self.functions[slot as usize],
            Imported::SegmentUse(used) => self.segment_uses.get(&used).copied(),
        };
        found
            .map(Extern::Func)
            .ok_or_else(|| wasmtime::Error::msg("a part imports what there is not"))
    }

    /// The function of the references with this address.
    pub(in crate::run) fn function_at(&self, address: usize) -> Option<FunctionIndex> {
        self.by_address.get(&address).copied()
    }

    /// The address that stands for all references to the same function as this one does.
    pub(in crate::run) fn address(&self, address: usize) -> usize {
        self.addresses.get(&address).copied().unwrap_or(address)
    }

    /// The guest's function of a frame; `None` if the frame is of the state module.
    pub(in crate::run) fn frame(&self, frame: &FrameInfo) -> Option<Frame> {
        let place = frame.module().text().as_ptr().addr();
        if place == self.code.state.text().as_ptr().addr() {
            return None;
        }
        let of_part = self.parts.get(&place).and_then(|(imported, slots)| {
            let place = frame.func_index().checked_sub(*imported)?;
            let function = self.code.split.of_slot(*slots.get(place as usize)?);
            Some(Frame {
                index: function.0,
                name: self.code.split.name(function).map(demangle),
            })
        });
        Some(of_part.unwrap_or_else(|| Frame {
            index: frame.func_index(),
            name: frame.func_name().map(demangle),
        }))
    }

    /// How many functions were compiled, and how many there are.
    pub(in crate::run) fn compiled(&self) -> (usize, usize) {
        let slots: BTreeSet<&u32> = self.parts.values().flat_map(|(_, slots)| slots).collect();
        (slots.len(), self.functions.len())
    }
}
