//! Reads the state of the guest's instances after init.
//!
//! **In** the live instances. **Out** a [`Snapshot`] of plain values. **Keeps** every bit, NaNs included, every slot of every
//! table that init can have changed, and every structure and array that can be reached. **Refuses** references that no module
//! can make, all of them at once.
//!
//! Memories are read first, since the probe's cells can be in one. External state is not read: init did not touch it.

pub(crate) mod memory;
#[cfg(target_os = "linux")]
mod pagemap;

use wasmparser::{RefType, ValType};

use crate::guest::index::{GlobalIndex, InstanceId, MemoryIndex, TableIndex, enumerate};
use crate::guest::{Droppable, Guest, ImportKind, Node};
use crate::instrument::{GuestCopy, RunCopy, can_global_differ, is_function_type};
use crate::options::MemoryScan;
use crate::refusal::{ComponentRefusal, Place, Refusal, Refusals, found_in};
use crate::run::{LiveGuest, LiveInstance, LiveReference, LiveValue, RunError};
use crate::snapshot::{
    Foreign, ForeignPlace, FunctionRef, GlobalState, Hierarchy, InstanceState, Internal, MemoryState, Object,
    Reference, Snapshot, TableState, Value,
};

/// Reads a memory.
pub(crate) fn memory_state(
    live: &mut LiveInstance<'_>,
    index: MemoryIndex,
    scan: MemoryScan,
) -> Result<MemoryState, RunError> {
    let (pages, bytes) = live.memory_contents(index)?;
    Ok(MemoryState {
        index,
        pages,
        runs: memory::runs(bytes, scan),
    })
}

/// Takes the snapshot, and the refusals of what is in the state. If there are any, the snapshot must not be used.
///
/// # Errors
///
/// If the live instance lacks something that the run copy has, or its objects have too many fields.
pub fn capture(
    guest: &Guest<'_>,
    copy: &GuestCopy,
    live: &mut LiveGuest,
    scan: MemoryScan,
) -> Result<(Snapshot, Refusals), RunError> {
    let mut snapshot = Snapshot::default();
    let mut refusals = Refusals(Vec::new());
    for (node, copy) in guest.nodes().zip(&copy.nodes) {
        let mut found = Found {
            guest,
            node,
            refusals: Vec::new(),
            foreign: Vec::new(),
        };
        let state = instance_state(&node, copy, &mut live.instance(node.id), scan, &mut found)?;
        snapshot.instances.push(state);
        snapshot.foreign.extend(found.foreign);
        refusals.0.extend(found_in(node.id, found.refusals).0);
    }
    // Nothing tells whether two instances hold the same object.
    let with_objects = snapshot.instances.iter().filter(|state| !state.heap.is_empty());
    if with_objects.count() > 1 {
        let shared = Refusal::Component(ComponentRefusal::Objects);
        refusals.0.extend(found_in(InstanceId(0), vec![shared]).0);
    }
    let handles = live.handles();
    if guest.around.is_none() {
        return Ok((snapshot, refusals));
    }
    let mut refuse = |refusal| {
        refusals
            .0
            .extend(found_in(InstanceId(0), vec![Refusal::Component(refusal)]).0);
    };
    match &handles.tables {
        Some(tables) => {
            for table in tables {
                match table.streams() {
                    Some(streams) => {
                        snapshot.streams.insert(table.scope, streams);
                    }
                    None => refuse(ComponentRefusal::Handles {
                        count: table.others().count(),
                        of_host: table.others().flatten().collect(),
                        holder: guest.name_of_scope(table.scope),
                    }),
                }
            }
        }
        None if handles.count == 0 => refuse(ComponentRefusal::Full),
        None => refuse(ComponentRefusal::Handles {
            count: handles.count,
            of_host: handles.of_host.clone(),
            holder: None,
        }),
    }
    Ok((snapshot, refusals))
}

/// Reads the state of one instance.
fn instance_state(
    node: &Node<'_>,
    copy: &RunCopy,
    live: &mut LiveInstance<'_>,
    scan: MemoryScan,
    found: &mut Found<'_>,
) -> Result<InstanceState, RunError> {
    let mut state = InstanceState::default();
    for (index, _) in enumerate(&node.memories) {
        let index = MemoryIndex(index);
        if node.external.memory(index) {
            continue;
        }
        state.memories.push(memory_state(live, index, scan)?);
    }
    for (index, global) in enumerate(&node.globals) {
        let index = GlobalIndex(index);
        if node.external.global(index) || !can_global_differ(node, index) {
            continue;
        }
        let place = Place::Global(index);
        let Some(value) = found.value(live.global(index)?, place) else {
            continue;
        };
        if global.ty.mutable || matches!(value, Value::Reference(reference) if is_object(reference)) {
            state.globals.push(GlobalState { index, value });
        }
    }
    for (index, table) in enumerate(&node.tables) {
        let index = TableIndex(index);
        let is_changeable = node.is_changeable_table(index);
        let is_unread = !is_changeable && is_function_type(node, table.ty.element_type);
        let is_of_another = !node.has_stand_ins() && index.0 < node.imported_tables;
        if node.external.table(index) || is_unread || is_of_another {
            continue;
        }
        let mut slots = Vec::new();
        for (slot, reference) in (0_u64..).zip(live.slots(index)?) {
            let place = Place::Slot { table: index, slot };
            slots.extend(found.reference(reference, place));
        }
        if is_changeable || slots.iter().copied().any(is_object) {
            state.tables.push(TableState { index, slots });
        }
    }
    capture_heap(live, &mut state, found)?;
    for &segment in &copy.droppable {
        if live.is_dropped(segment)? {
            state.dropped.insert(segment);
        }
    }
    for &segment in &copy.allocating {
        // The objects that such a segment made may have changed since they were copied, and nothing can read the segment.
        let is_dropped = state.dropped.contains(&Droppable::Element(segment));
        if !is_dropped && live.is_used(segment)? {
            found.refusals.push(Refusal::SegmentOfObjects(segment));
        }
    }
    found.refusals.extend(grown_imports(node, &state));
    Ok(state)
}

/// Reads all objects that globals and tables lead to, directly or through other objects.
fn capture_heap(
    live: &mut LiveInstance<'_>,
    state: &mut InstanceState,
    found: &mut Found<'_>,
) -> Result<(), RunError> {
    while let Some(object) = live.next_object()? {
        let place = Place::Object(object.ty);
        let fields = object
            .fields
            .into_iter()
            .filter_map(|field| found.value(field, place))
            .collect();
        state.heap.push(Object {
            ty: object.ty,
            fields,
        });
    }
    Ok(())
}

/// The imported memories that init has grown. The output's segments can write to a memory, but cannot grow it.
fn grown_imports(node: &Node<'_>, state: &InstanceState) -> Vec<Refusal> {
    let grown = state.memories.iter().filter_map(|memory| {
        let mut imports = node.imports.iter();
        let import = imports.find(|import| import.kind == ImportKind::Memory(memory.index))?;
        let asked = node.memories[memory.index.position()].initial;
        (memory.pages != asked).then(|| Refusal::GrownImport {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            asked,
            pages: memory.pages,
        })
    });
    grown.collect()
}

fn is_object(reference: Reference) -> bool {
    matches!(reference, Reference::Internal(Internal::Object(_), _))
}

/// What is found in the state of an instance.
struct Found<'a> {
    guest: &'a Guest<'a>,
    node: Node<'a>,
    refusals: Vec<Refusal>,
    /// The places that hold functions which the instance cannot name.
    foreign: Vec<Foreign>,
}

impl Found<'_> {
    fn value(&mut self, value: LiveValue, place: Place) -> Option<Value> {
        Some(match value {
            LiveValue::I32(value) => Value::I32(value),
            LiveValue::I64(value) => Value::I64(value),
            LiveValue::F32(bits) => Value::F32(bits),
            LiveValue::F64(bits) => Value::F64(bits),
            LiveValue::V128(value) => Value::V128(value),
            LiveValue::Reference(live) => Value::Reference(self.reference(live, place)?),
        })
    }

    fn reference(&mut self, live: LiveReference, place: Place) -> Option<Reference> {
        match live {
            LiveReference::Null => Some(Reference::Null),
            LiveReference::Function(function) => {
                if let Some(index) = self
                    .guest
                    .index_in(&self.node, (function.instance, function.index))
                {
                    let instance = self.node.id;
                    return Some(Reference::Function(FunctionRef { instance, index }));
                }
                match foreign_place(&self.node, place).filter(|_| can_be_imported(self.guest, function)) {
                    Some(place) => {
                        self.foreign.push(Foreign {
                            instance: self.node.id,
                            place,
                            function,
                        });
                        Some(Reference::Null)
                    }
                    None => self.refuse(match self.guest.name_of(function.instance) {
                        Some(instance) => Refusal::Component(ComponentRefusal::Function {
                            place,
                            function: format!("function {} of {instance}", function.index),
                        }),
                        None => Refusal::ForeignFunction(place),
                    }),
                }
            }
            LiveReference::Any(internal) => Some(Reference::Internal(internal, Hierarchy::Any)),
            LiveReference::Converted(internal) => Some(Reference::Internal(internal, Hierarchy::Extern)),
            LiveReference::Imported(global, hierarchy) => Some(Reference::Imported(global, hierarchy)),
            LiveReference::ForeignFunction => self.refuse(Refusal::ForeignFunction(place)),
            LiveReference::Other(kind) => self.refuse(Refusal::Reference { place, kind }),
        }
    }

    fn refuse(&mut self, refusal: Refusal) -> Option<Reference> {
        self.refusals.push(refusal);
        None
    }
}

/// A place that another module can fill: a slot or a mutable global, of the type `funcref`, which takes any function.
fn foreign_place(node: &Node<'_>, place: Place) -> Option<ForeignPlace> {
    match place {
        Place::Slot { table, slot } => {
            let ty = node.tables[table.position()].ty.element_type;
            (ty == RefType::FUNCREF).then_some(ForeignPlace::Slot(table, slot))
        }
        Place::Global(global) => {
            let ty = node.globals[global.position()].ty;
            let is_any = ty.mutable && ty.content_type == ValType::FUNCREF;
            is_any.then_some(ForeignPlace::Global(global))
        }
        Place::Object(_) => None,
    }
}

/// Whether a module of its own can import a function: its type has to mean the same everywhere.
fn can_be_imported(guest: &Guest<'_>, function: FunctionRef) -> bool {
    let node = guest.instance(function.instance);
    node.is_some_and(|node| {
        let ty = node.functions.get(function.index.position());
        ty.is_some_and(|ty| node.is_plain_type(*ty))
    })
}
