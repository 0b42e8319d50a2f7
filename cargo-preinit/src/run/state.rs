//! The live guest: its store, and how the state of its instances is read.

use std::collections::BTreeMap;
use std::ops::Range;

use wasmtime::component::Instance as ComponentInstance;
use wasmtime::{Func, Global, Instance, Memory, Ref, Store, Table, Val};

use super::error::RunError;
use super::handles::Handles;
use super::heap::{Heap, Interned};
use super::host::Host;
use super::probe::Prober;
use super::runner::noted;
use super::started::Started;
use crate::guest::Droppable;
use crate::guest::index::{ElementIndex, GlobalIndex, InstanceId, MemoryIndex, TableIndex, TypeIndex};
use crate::instrument::{Chunks, Injected, UnsupportedFunction};
use crate::refusal::ReferenceKind;
use crate::snapshot::{FunctionRef, Hierarchy, Internal};

/// The live guest: a store with all its instances.
pub struct LiveGuest {
    store: Store<Host>,
    /// By [`InstanceId`].
    parts: Vec<Part>,
    /// The component that the instances are in, if it is one.
    component: Option<ComponentInstance>,
    prober: Prober,
    /// The handles that a component holds.
    handles: Handles,
}

/// What is known of an instance.
struct Part {
    id: InstanceId,
    instance: Instance,
    /// The functions that trap because the engine does not support their instructions.
    unsupported: Vec<UnsupportedFunction>,
    /// The functions that stand in for imported references, with the imported global of each, by their addresses.
    tokens: BTreeMap<usize, GlobalIndex>,
    chunks: Chunks,
    /// The reader function that was called last, and the values of the globals that it returned.
    chunk: Option<(u64, Vec<LiveValue>)>,
    heap: Heap,
}

/// An instance whose memories, globals and tables can be read, exported or not.
#[expect(missing_debug_implementations, reason = "it borrows the store")]
pub struct LiveInstance<'l> {
    pub(super) store: &'l mut Store<Host>,
    part: &'l mut Part,
    prober: &'l mut Prober,
}

/// A value in a live instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiveValue {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    V128(u128),
    Reference(LiveReference),
}

/// A reference in a live instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiveReference {
    Null,
    Function(FunctionRef),
    ForeignFunction,
    /// A struct, an array or an `i31`.
    Any(Internal),
    /// A struct, an array or an `i31` that the module converted to an `externref`.
    Converted(Internal),
    /// The reference that an imported immutable global holds.
    Imported(GlobalIndex, Hierarchy),
    Other(ReferenceKind),
}

/// A struct or an array in a live instance.
pub(crate) struct LiveObject {
    pub(crate) ty: TypeIndex,
    pub(crate) fields: Vec<LiveValue>,
}

fn missing(injected: Injected) -> RunError {
    RunError::Bug(format!("the run copy has no `{}`", injected.name()))
}

impl LiveGuest {
    /// `started` are all instances, by [`InstanceId`].
    pub(super) fn new(
        mut store: Store<Host>,
        started: Vec<Started<'_>>,
        component: Option<ComponentInstance>,
        handles: Handles,
    ) -> Result<Self, RunError> {
        let prober = Prober::new(&started, &mut store)?;
        let parts = started.into_iter().map(|started| {
            let Started {
                node,
                copy,
                instance,
                tokens,
            } = started;
            Ok(Part {
                id: node.id,
                instance,
                unsupported: copy.unsupported.clone(),
                tokens,
                chunks: copy.chunks.clone(),
                chunk: None,
                heap: Heap::new(&copy.type_anchors, &mut store, instance)?,
            })
        });
        let parts = parts.collect::<Result<Vec<_>, RunError>>()?;
        Ok(Self {
            store,
            parts,
            component,
            prober,
            handles,
        })
    }

    /// The handles that a component holds.
    pub(crate) fn handles(&self) -> &Handles {
        &self.handles
    }

    /// The store, and the component that the instances are in.
    pub(super) fn component(&mut self) -> (&mut Store<Host>, Option<ComponentInstance>) {
        (&mut self.store, self.component)
    }

    /// The instance of a node.
    pub(crate) fn instance(&mut self, id: InstanceId) -> LiveInstance<'_> {
        LiveInstance {
            store: &mut self.store,
            part: &mut self.parts[id.position()],
            prober: &mut self.prober,
        }
    }
}

impl LiveInstance<'_> {
    pub(super) fn id(&self) -> InstanceId {
        self.part.id
    }

    /// The entry of the functions that the engine does not support that init called last.
    pub(super) fn unsupported(&mut self) -> Option<UnsupportedFunction> {
        noted(
            &mut *self.store,
            self.part.instance,
            Injected::Unsupported,
            &self.part.unsupported,
        )
    }

    /// An exported function of the run copy.
    pub(super) fn function(&mut self, export: &str) -> Option<Func> {
        self.part.instance.get_func(&mut *self.store, export)
    }

    /// How often the instance's code changed the byte that the run copy watches, and what the last change left there; `None` if the copy
    /// does not watch one.
    #[cfg(feature = "cli")]
    pub(crate) fn changes(&mut self) -> Option<(u64, u8)> {
        let changes = self.global_named(Injected::Changes).ok()?;
        let last = self.global_named(Injected::LastChange).ok()?;
        let changes = changes.get(&mut *self.store).i64()?.cast_unsigned();
        Some((changes, last.get(&mut *self.store).i32()?.to_le_bytes()[0]))
    }

    fn memory(&mut self, index: MemoryIndex) -> Result<Memory, RunError> {
        let injected = Injected::Memory(index);
        self.part
            .instance
            .get_memory(&mut *self.store, &injected.name())
            .ok_or_else(|| missing(injected))
    }

    fn global_named(&mut self, injected: Injected) -> Result<Global, RunError> {
        self.part
            .instance
            .get_global(&mut *self.store, &injected.name())
            .ok_or_else(|| missing(injected))
    }

    pub(super) fn table(&mut self, index: TableIndex) -> Result<Table, RunError> {
        let injected = Injected::Table(index);
        self.part
            .instance
            .get_table(&mut *self.store, &injected.name())
            .ok_or_else(|| missing(injected))
    }

    /// The size of a memory, in pages of the memory's own page size, and all its bytes.
    pub(crate) fn memory_contents(&mut self, index: MemoryIndex) -> Result<(u64, &[u8]), RunError> {
        let memory = self.memory(index)?;
        Ok((memory.size(&self.store), memory.data(&self.store)))
    }

    /// Zeroes ranges of a memory, and returns how many of the bytes were not zero. Addresses beyond the memory's end are ignored.
    pub(crate) fn clear(&mut self, index: MemoryIndex, ranges: &[Range<u64>]) -> Result<u64, RunError> {
        let memory = self.memory(index)?;
        let bytes = memory.data_mut(&mut *self.store);
        let mut cleared = 0;
        for range in ranges {
            let place = |address: u64| usize::try_from(address).unwrap_or(usize::MAX).min(bytes.len());
            let place = place(range.start)..place(range.end);
            let bytes = &mut bytes[place];
            cleared += bytes.iter().filter(|byte| **byte != 0).count() as u64;
            bytes.fill(0);
        }
        Ok(cleared)
    }

    /// The value of a global.
    pub(crate) fn global(&mut self, index: GlobalIndex) -> Result<LiveValue, RunError> {
        let Some((function, position)) = self.part.chunks.find(index) else {
            let value = self.global_named(Injected::Global(index))?.get(&mut *self.store);
            return self.value(value);
        };
        let values = match self.part.chunk.take() {
            Some((known, values)) if known == function => values,
            _ => self.read_chunk(function)?,
        };
        let value = values.get(position).copied();
        self.part.chunk = Some((function, values));
        value.ok_or_else(|| missing(Injected::Readers))
    }

    /// Calls a reader function of the run copy, which returns the values of a chunk of globals.
    fn read_chunk(&mut self, function: u64) -> Result<Vec<LiveValue>, RunError> {
        let readers = self
            .part
            .instance
            .get_table(&mut *self.store, &Injected::Readers.name());
        let reader = match readers.and_then(|table| table.get(&mut *self.store, function)) {
            Some(Ref::Func(Some(reader))) => reader,
            _ => return Err(missing(Injected::Readers)),
        };
        let mut values = vec![Val::I32(0); reader.ty(&self.store).results().len()];
        reader
            .call(&mut *self.store, &[], &mut values)
            .map_err(|error| RunError::Bug(format!("globals cannot be read: {error:#}")))?;
        values.into_iter().map(|value| self.value(value)).collect()
    }

    pub(super) fn value(&mut self, value: Val) -> Result<LiveValue, RunError> {
        Ok(match value {
            Val::I32(value) => LiveValue::I32(value),
            Val::I64(value) => LiveValue::I64(value),
            Val::F32(bits) => LiveValue::F32(bits),
            Val::F64(bits) => LiveValue::F64(bits),
            Val::V128(value) => LiveValue::V128(value.as_u128()),
            Val::FuncRef(value) => LiveValue::Reference(self.reference(Ref::Func(value))?),
            Val::ExternRef(value) => LiveValue::Reference(self.reference(Ref::Extern(value))?),
            Val::AnyRef(value) => LiveValue::Reference(self.reference(Ref::Any(value))?),
            Val::ExnRef(value) => LiveValue::Reference(self.reference(Ref::Exn(value))?),
            Val::ContRef(value) => LiveValue::Reference(match value {
                None => LiveReference::Null,
                Some(_) => LiveReference::Other(ReferenceKind::Continuation),
            }),
        })
    }

    /// The next object that was interned and not read yet, in the order of the object indices.
    pub(crate) fn next_object(&mut self) -> Result<Option<LiveObject>, RunError> {
        let Some((ty, fields)) = self.part.heap.next(&mut *self.store)? else {
            return Ok(None);
        };
        let fields = fields
            .into_iter()
            .map(|field| self.value(field))
            .collect::<Result<_, _>>()?;
        Ok(Some(LiveObject { ty, fields }))
    }

    /// Every slot of a table.
    pub(crate) fn slots(&mut self, index: TableIndex) -> Result<Vec<LiveReference>, RunError> {
        let table = self.table(index)?;
        let size = table.size(&self.store);
        let mut slots = Vec::new();
        for slot in 0..size {
            let reference = table
                .get(&mut *self.store, slot)
                .ok_or_else(|| RunError::Bug(format!("table {index} lost slot {slot}")))?;
            slots.push(self.reference(reference)?);
        }
        Ok(slots)
    }

    /// Whether init dropped the segment.
    pub(crate) fn is_dropped(&mut self, segment: Droppable) -> Result<bool, RunError> {
        let flag = self.global_named(segment.flag())?;
        Ok(flag.get(&mut *self.store).i32() != Some(0))
    }

    /// Whether init ran an instruction that copies from the element segment.
    pub(crate) fn is_used(&mut self, segment: ElementIndex) -> Result<bool, RunError> {
        let flag = self.global_named(Injected::UsedElement(segment))?;
        Ok(flag.get(&mut *self.store).i32() != Some(0))
    }

    fn reference(&mut self, reference: Ref) -> Result<LiveReference, RunError> {
        Ok(match reference {
            Ref::Func(None) => LiveReference::Null,
            Ref::Func(Some(function)) => {
                let address = function.to_raw(&mut *self.store) as usize;
                if let Some(global) = self.part.tokens.get(&address) {
                    return Ok(LiveReference::Imported(*global, Hierarchy::Func));
                }
                match self.prober.identify(function, self.store)? {
                    Some(function) => LiveReference::Function(function),
                    None => LiveReference::ForeignFunction,
                }
            }
            Ref::Extern(None) | Ref::Any(None) | Ref::Exn(None) => LiveReference::Null,
            Ref::Extern(Some(value)) => match self.part.heap.intern_extern(&mut *self.store, value)? {
                Interned::Internal(internal) => LiveReference::Converted(internal),
                Interned::Imported(global) => LiveReference::Imported(global, Hierarchy::Extern),
                Interned::Other(kind) => LiveReference::Other(kind),
            },
            Ref::Any(Some(value)) => match self.part.heap.intern(&mut *self.store, value)? {
                Interned::Internal(internal) => LiveReference::Any(internal),
                Interned::Imported(global) => LiveReference::Imported(global, Hierarchy::Any),
                Interned::Other(kind) => LiveReference::Other(kind),
            },
            Ref::Exn(Some(_)) => LiveReference::Other(ReferenceKind::Exception),
        })
    }
}

impl std::fmt::Debug for LiveGuest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveGuest").finish_non_exhaustive()
    }
}
