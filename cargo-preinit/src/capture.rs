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

use crate::guest::index::{GlobalIndex, InstanceId, MemoryIndex, TableIndex, enumerate};
use crate::guest::{Droppable, Guest, ImportKind, Node};
use crate::instrument::{GuestCopy, RunCopy, can_global_differ, is_changeable_table, is_function_type};
use crate::options::MemoryScan;
use crate::refusal::{ComponentRefusal, Place, Refusal, Refusals, found_in};
use crate::run::{LiveGuest, LiveInstance, LiveReference, LiveValue, RunError};
use crate::snapshot::{
    GlobalState, Hierarchy, InstanceState, Internal, MemoryState, Object, Reference, Snapshot, TableState,
    Value,
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
        let (state, found) = instance_state(&node, copy, &mut live.instance(node.id), scan)?;
        snapshot.instances.push(state);
        refusals.0.extend(found_in(node.id, found).0);
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
    // A table of another component instance may be out of order as well.
    let has_one_table = guest.has_one_table_of_handles();
    if has_one_table && handles.streams.is_some() {
        let streams = handles.streams.clone();
        snapshot.streams = streams.filter(|streams| !streams.is_fresh());
    } else if handles.count > 0 || !handles.is_fresh {
        let refusal = Refusal::Component(match handles.count {
            0 => ComponentRefusal::Order,
            count => ComponentRefusal::Handles {
                count,
                of_host: handles.of_host.clone(),
            },
        });
        refusals.0.extend(found_in(InstanceId(0), vec![refusal]).0);
    }
    Ok((snapshot, refusals))
}

/// Reads the state of one instance.
fn instance_state(
    node: &Node<'_>,
    copy: &RunCopy,
    live: &mut LiveInstance<'_>,
    scan: MemoryScan,
) -> Result<(InstanceState, Vec<Refusal>), RunError> {
    let mut state = InstanceState::default();
    let mut refusals = Vec::new();
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
        let Some(value) = value(node.id, live.global(index)?, place, &mut refusals) else {
            continue;
        };
        if global.ty.mutable || matches!(value, Value::Reference(reference) if is_object(reference)) {
            state.globals.push(GlobalState { index, value });
        }
    }
    for (index, table) in enumerate(&node.tables) {
        let index = TableIndex(index);
        let is_changeable = is_changeable_table(node, index);
        let is_unread = !is_changeable && is_function_type(node, table.ty.element_type);
        if node.external.table(index) || is_unread {
            continue;
        }
        let mut slots = Vec::new();
        for (slot, reference) in (0_u64..).zip(live.slots(index)?) {
            let place = Place::Slot { table: index, slot };
            slots.extend(self::reference(node.id, reference, place, &mut refusals));
        }
        if is_changeable || slots.iter().copied().any(is_object) {
            state.tables.push(TableState { index, slots });
        }
    }
    capture_heap(node.id, live, &mut state, &mut refusals)?;
    for &segment in &copy.droppable {
        if live.is_dropped(segment)? {
            state.dropped.insert(segment);
        }
    }
    for &segment in &copy.allocating {
        // The objects that such a segment made may have changed since they were copied, and nothing can read the segment.
        let is_dropped = state.dropped.contains(&Droppable::Element(segment));
        if !is_dropped && live.is_used(segment)? {
            refusals.push(Refusal::SegmentOfObjects(segment));
        }
    }
    refusals.extend(grown_imports(node, &state));
    Ok((state, refusals))
}

/// Reads all objects that globals and tables lead to, directly or through other objects.
fn capture_heap(
    instance: InstanceId,
    live: &mut LiveInstance<'_>,
    state: &mut InstanceState,
    refusals: &mut Vec<Refusal>,
) -> Result<(), RunError> {
    while let Some(object) = live.next_object()? {
        let place = Place::Object(object.ty);
        let fields = object
            .fields
            .into_iter()
            .filter_map(|field| value(instance, field, place, refusals))
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

fn value(instance: InstanceId, value: LiveValue, place: Place, refusals: &mut Vec<Refusal>) -> Option<Value> {
    Some(match value {
        LiveValue::I32(value) => Value::I32(value),
        LiveValue::I64(value) => Value::I64(value),
        LiveValue::F32(bits) => Value::F32(bits),
        LiveValue::F64(bits) => Value::F64(bits),
        LiveValue::V128(value) => Value::V128(value),
        LiveValue::Reference(live) => Value::Reference(reference(instance, live, place, refusals)?),
    })
}

fn reference(
    instance: InstanceId,
    live: LiveReference,
    place: Place,
    refusals: &mut Vec<Refusal>,
) -> Option<Reference> {
    match live {
        LiveReference::Null => Some(Reference::Null),
        LiveReference::Function(function) if function.instance == instance => {
            Some(Reference::Function(function))
        }
        LiveReference::Any(internal) => Some(Reference::Internal(internal, Hierarchy::Any)),
        LiveReference::Converted(internal) => Some(Reference::Internal(internal, Hierarchy::Extern)),
        LiveReference::Imported(global, hierarchy) => Some(Reference::Imported(global, hierarchy)),
        LiveReference::Function(_) | LiveReference::ForeignFunction => {
            refusals.push(Refusal::ForeignFunction(place));
            None
        }
        LiveReference::Other(kind) => {
            refusals.push(Refusal::Reference { place, kind });
            None
        }
    }
}
