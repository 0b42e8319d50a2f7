//! Measures what each step does, for a profile: compares the state behind a step with that before it.
//!
//! Nothing is written to the guest.

use std::collections::BTreeMap;

use wasmtime::{Global, Instance, Memory, Ref, Store, Table, Val};

use super::ItemRun;
use super::figures::{Allocations, Figures, MemoryFigures};
use super::host::Host;
use super::owners::{Owner, Owners};
use super::running::Running;
use crate::capture::memory::touched_ranges;
use crate::guest::index::{GlobalIndex, InstanceId, MemoryIndex, TableIndex, enumerate};
use crate::guest::{SegmentMode, constant};
use crate::instrument::{Allocator, Counter, Injected, can_global_differ};

/// How many bytes of memories, and eight times how many slots and globals, are compared in all. A guest with many steps and much memory
/// would take minutes. The sizes alone count, so the same guest has the same figures on every machine.
const MOST_COMPARED: u64 = 64 << 30;

/// The owners of the bytes of memories.
pub(crate) type MemoryOwners = BTreeMap<(InstanceId, MemoryIndex), Owners>;

/// The state of all instances behind the last step.
pub(super) struct Profiler {
    memories: Vec<(InstanceId, MemoryIndex, Memory)>,
    owners: MemoryOwners,
    pages: u64,
    /// `None` if some cannot be compared.
    globals: Option<Vec<(Global, u128)>>,
    tables: Option<Vec<(Table, Vec<usize>)>>,
    counters: BTreeMap<InstanceId, Counters>,
    compared: u64,
    is_exhausted: bool,
}

struct Counters {
    by: Allocator,
    globals: [Global; Counter::ALL.len()],
    before: [u64; Counter::ALL.len()],
}

impl Profiler {
    /// Notes the state before the first step. Of a component, exported functions may have run before: `steps` are these, and if it is one, what
    /// it changed is its. Of several nobody knows which changed what.
    pub(super) fn new(store: &mut Store<Host>, instances: &[Running<'_>], steps: &mut [ItemRun]) -> Self {
        let mut this = Self {
            memories: Vec::new(),
            owners: BTreeMap::new(),
            pages: 0,
            globals: Some(Vec::new()),
            tables: Some(Vec::new()),
            counters: BTreeMap::new(),
            compared: 0,
            is_exhausted: false,
        };
        for running in instances {
            let (id, instance) = (running.node.id, running.instance);
            for (index, _) in enumerate(&running.node.memories) {
                let index = MemoryIndex(index);
                let memory = instance.get_memory(&mut *store, &Injected::Memory(index).name());
                this.memories.extend(memory.map(|memory| (id, index, memory)));
            }
            this.add_globals(store, running);
            this.add_tables(store, running);
            if let Some(by) = running.copy.allocator
                && let Some(counters) = counters(store, instance, by)
            {
                this.counters.insert(id, counters);
            }
        }
        match steps {
            // What is there belongs to no step.
            [] => {
                this.compare(store, 0, InstanceId(0));
            }
            [step] => {
                this.begin_with_data(store, instances);
                let id = step.instance;
                step.figures.memory = this.compare(store, 1, id).memory;
            }
            _ => {
                this.compare(store, 0, InstanceId(0));
                this.is_exhausted = true;
            }
        }
        this
    }

    /// Takes the contents of the guest's segments for the state before.
    fn begin_with_data(&mut self, store: &Store<Host>, instances: &[Running<'_>]) {
        let pages = |running: &Running<'_>| {
            let memories = running
                .node
                .memories
                .iter()
                .skip(running.node.imported_memories as usize);
            memories.map(|memory| memory.initial).sum::<u64>()
        };
        self.pages = instances.iter().map(pages).sum();
        for (id, index, memory) in &self.memories {
            let mut owners = Owners::zeros(memory.data_size(store));
            let node = instances
                .iter()
                .map(|running| &running.node)
                .find(|node| node.id == *id);
            for segment in node.iter().flat_map(|node| &node.data) {
                let offset = segment.offset.as_ref().and_then(constant);
                let offset = offset.and_then(|offset| usize::try_from(offset).ok());
                if let (SegmentMode::Active(of), Some(offset)) = (segment.mode, offset)
                    && of == *index
                {
                    owners.wrote(offset, segment.bytes);
                }
            }
            self.owners.insert((*id, *index), owners);
        }
    }

    fn add_globals(&mut self, store: &mut Store<Host>, running: &Running<'_>) {
        let node = &running.node;
        for (index, global) in enumerate(&node.globals) {
            let index = GlobalIndex(index);
            if global.init.is_none() || node.external.global(index) || !can_global_differ(node, index) {
                continue;
            }
            let global = running
                .instance
                .get_global(&mut *store, &Injected::Global(index).name());
            let value = global.and_then(|global| Some((global, bits(global.get(&mut *store), store)?)));
            match (value, &mut self.globals) {
                (Some(value), Some(globals)) => globals.push(value),
                _ => self.globals = None,
            }
        }
    }

    fn add_tables(&mut self, store: &mut Store<Host>, running: &Running<'_>) {
        let node = &running.node;
        for (index, table) in enumerate(&node.tables) {
            let index = TableIndex(index);
            if index.0 < node.imported_tables || !node.is_changeable_table(index) {
                continue;
            }
            let name = Injected::Table(index).name();
            let found = running.instance.get_table(&mut *store, &name);
            match (found, &mut self.tables) {
                (Some(found), Some(tables)) if table.ty.element_type.is_func_ref() => {
                    tables.push((found, Vec::new()));
                }
                _ => self.tables = None,
            }
        }
    }

    /// The figures of a step that has just run, in that instance. `owner` is its position, counted from 1; `None` if there are too many.
    pub(super) fn step(&mut self, store: &mut Store<Host>, owner: Option<Owner>, id: InstanceId) -> Figures {
        match owner {
            Some(owner) if !self.is_exhausted => self.compare(store, owner, id),
            _ => {
                self.is_exhausted = true;
                self.owners.clear();
                Figures {
                    allocations: self.count(store, id),
                    ..Figures::default()
                }
            }
        }
    }

    /// Takes over bytes that this tool wrote into a memory.
    pub(super) fn wrote(&mut self, id: InstanceId, memory: MemoryIndex, address: usize, bytes: &[u8]) {
        if let Some(owners) = self.owners.get_mut(&(id, memory)) {
            owners.wrote(address, bytes);
        }
    }

    /// Who wrote the memories' bytes; `None` if that was too much to find out.
    pub(super) fn into_owners(self) -> Option<MemoryOwners> {
        (!self.is_exhausted).then_some(self.owners)
    }

    fn compare(&mut self, store: &mut Store<Host>, owner: Owner, id: InstanceId) -> Figures {
        let allocations = self.count(store, id);
        let memories = self.memories.iter();
        let bytes: u64 = memories
            .map(|(.., memory)| memory.data_size(&*store) as u64)
            .sum();
        let tables = self.tables.iter().flatten();
        let slots: u64 = tables.map(|(table, _)| table.size(&*store)).sum();
        let globals = self.globals.as_ref().map_or(0, Vec::len) as u64;
        let words = slots.saturating_add(globals).saturating_mul(8);
        self.compared = self.compared.saturating_add(bytes).saturating_add(words);
        if self.compared > MOST_COMPARED {
            self.is_exhausted = true;
            self.owners.clear();
            return Figures {
                allocations,
                ..Figures::default()
            };
        }
        let mut bytes_changed = 0;
        let mut pages = 0_u64;
        for (id, index, memory) in &self.memories {
            pages = pages.saturating_add(memory.size(&*store));
            let owners = self.owners.entry((*id, *index)).or_default();
            let bytes = memory.data(&*store);
            bytes_changed += owners.update(bytes, &touched_ranges(bytes), owner);
        }
        let pages_grown = pages.saturating_sub(std::mem::replace(&mut self.pages, pages));
        let globals_changed = self.globals.as_mut().map(|globals| {
            let mut changed = 0;
            for (global, before) in globals {
                let now = bits(global.get(&mut *store), store).unwrap_or(*before);
                changed += u64::from(std::mem::replace(before, now) != now);
            }
            changed
        });
        let slots_changed = self.tables.as_mut().map(|tables| {
            let tables = tables.iter_mut();
            tables
                .map(|(table, before)| slots_changed(store, *table, before))
                .sum()
        });
        Figures {
            fuel: None,
            memory: Some(MemoryFigures {
                bytes_changed,
                pages_grown,
                bytes_kept: None,
                bytes_added: None,
            }),
            globals_changed,
            slots_changed,
            allocations,
        }
    }

    /// The calls of allocators since the last count. They are known if those of the step's own instance are.
    fn count(&mut self, store: &mut Store<Host>, id: InstanceId) -> Option<Allocations> {
        let by = self.counters.get(&id).map(|counters| counters.by);
        let mut sums = [0_u64; Counter::ALL.len()];
        let mut are_freed_bytes_known = true;
        for counters in self.counters.values_mut() {
            let now = read(store, &counters.globals);
            for ((sum, now), before) in sums.iter_mut().zip(now).zip(counters.before) {
                *sum = sum.wrapping_add(now.wrapping_sub(before));
            }
            are_freed_bytes_known &= counters.by == Allocator::Rust || now == counters.before;
            counters.before = now;
        }
        let of = |counter: Counter| sums[Counter::ALL.iter().position(|each| *each == counter).unwrap_or(0)];
        Some(Allocations {
            by: by?,
            allocations: of(Counter::Allocations),
            reallocations: of(Counter::Reallocations),
            frees: of(Counter::Frees),
            bytes_allocated: of(Counter::BytesAllocated),
            bytes_freed: are_freed_bytes_known.then(|| of(Counter::BytesFreed)),
        })
    }
}

fn counters(store: &mut Store<Host>, instance: Instance, by: Allocator) -> Option<Counters> {
    let mut globals = Vec::new();
    for counter in Counter::ALL {
        globals.push(instance.get_global(&mut *store, &Injected::Count(counter).name())?);
    }
    let globals: [Global; Counter::ALL.len()] = globals.try_into().ok()?;
    Some(Counters {
        by,
        before: read(store, &globals),
        globals,
    })
}

fn read<const N: usize>(store: &mut Store<Host>, globals: &[Global; N]) -> [u64; N] {
    globals.map(|global| global.get(&mut *store).i64().unwrap_or(0).cast_unsigned())
}

/// The bits of a value by which it can be compared; `None` for a reference to anything but a function.
fn bits(value: Val, store: &mut Store<Host>) -> Option<u128> {
    Some(match value {
        Val::I32(value) => value.cast_unsigned().into(),
        Val::I64(value) => value.cast_unsigned().into(),
        Val::F32(bits) => bits.into(),
        Val::F64(bits) => bits.into(),
        Val::V128(value) => value.as_u128(),
        Val::FuncRef(None) => 0,
        Val::FuncRef(Some(function)) => {
            let address = function.to_raw(&mut *store) as usize;
            store.data().address(address) as u128
        }
        Val::ExternRef(_) | Val::AnyRef(_) | Val::ExnRef(_) | Val::ContRef(_) => return None,
    })
}

/// How many slots differ from `before`, which becomes what they are.
fn slots_changed(store: &mut Store<Host>, table: Table, before: &mut Vec<usize>) -> u64 {
    let mut changed = 0;
    let size = table.size(&*store);
    let known = before.len();
    for slot in 0..size {
        let address = match table.get(&mut *store, slot) {
            Some(Ref::Func(Some(function))) => {
                let address = function.to_raw(&mut *store) as usize;
                store.data().address(address)
            }
            _ => 0,
        };
        let position = usize::try_from(slot).unwrap_or(usize::MAX);
        match before.get_mut(position) {
            Some(before) => changed += u64::from(std::mem::replace(before, address) != address),
            None => before.push(address),
        }
    }
    changed + before.len().saturating_sub(known) as u64
}
