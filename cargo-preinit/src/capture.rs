//! Reads the state of the instance after init.
//!
//! **In** the live instance. **Out** a [`Snapshot`] of plain values. **Keeps** every bit, NaNs included, and accounts
//! for every slot of every table that init can have changed, and for every structure and array that can be reached.
//! **Refuses** references that no module can make for itself, all of them at once.
//!
//! Memories come first, since the probe's cells can be in one. What is external is left out: init did not touch it.

pub(crate) mod memory;
#[cfg(target_os = "linux")]
mod pagemap;

use crate::guest::index::{GlobalIndex, MemoryIndex, TableIndex, enumerate};
use crate::guest::{Droppable, GuestModule, ImportKind};
use crate::instrument::{RunCopy, can_global_differ, is_changeable_table, is_function_type};
use crate::options::MemoryScan;
use crate::refusal::{Place, Refusal};
use crate::run::{Live, LiveReference, LiveValue, RunError};
use crate::snapshot::{
    GlobalState, Hierarchy, Internal, MemoryState, Object, Reference, Snapshot, TableState, Value,
};

/// Reads a memory.
pub(crate) fn memory_state(
    live: &mut Live,
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

/// Takes the snapshot. The refusals are those of the state; with any, the snapshot is not to be used.
pub fn capture(
    module: &GuestModule<'_>,
    copy: &RunCopy,
    live: &mut Live,
    scan: MemoryScan,
) -> Result<(Snapshot, Vec<Refusal>), RunError> {
    let mut snapshot = Snapshot::default();
    let mut refusals = Vec::new();
    for (index, _) in enumerate(&module.memories) {
        let index = MemoryIndex(index);
        if module.external.memory(index) {
            continue;
        }
        snapshot.memories.push(memory_state(live, index, scan)?);
    }
    for (index, global) in enumerate(&module.globals) {
        let index = GlobalIndex(index);
        if module.external.global(index) || !can_global_differ(module, index) {
            continue;
        }
        let place = Place::Global(index);
        let Some(value) = value(live.global(index)?, place, &mut refusals) else {
            continue;
        };
        if global.ty.mutable || matches!(value, Value::Reference(reference) if is_object(reference)) {
            snapshot.globals.push(GlobalState { index, value });
        }
    }
    for (index, table) in enumerate(&module.tables) {
        let index = TableIndex(index);
        let is_changeable = is_changeable_table(module, index);
        let is_unread = !is_changeable && is_function_type(module, table.ty.element_type);
        if module.external.table(index) || is_unread {
            continue;
        }
        let mut slots = Vec::new();
        for (slot, reference) in (0_u64..).zip(live.slots(index)?) {
            let place = Place::Slot { table: index, slot };
            slots.extend(self::reference(reference, place, &mut refusals));
        }
        if is_changeable || slots.iter().copied().any(is_object) {
            snapshot.tables.push(TableState { index, slots });
        }
    }
    capture_heap(live, &mut snapshot, &mut refusals)?;
    for &segment in &copy.droppable {
        if live.is_dropped(segment)? {
            snapshot.dropped.insert(segment);
        }
    }
    for &segment in &copy.allocating {
        // What such a segment made was handed out, and may have changed since; nothing can look into the segment.
        let is_dropped = snapshot.dropped.contains(&Droppable::Element(segment));
        if !is_dropped && live.is_used(segment)? {
            refusals.push(Refusal::SegmentOfObjects(segment));
        }
    }
    refusals.extend(grown_imports(module, &snapshot));
    Ok((snapshot, refusals))
}

/// Reads all objects that were met, and those that are met in them.
fn capture_heap(
    live: &mut Live,
    snapshot: &mut Snapshot,
    refusals: &mut Vec<Refusal>,
) -> Result<(), RunError> {
    while let Some(object) = live.next_object()? {
        let place = Place::Object(object.ty);
        let fields = object
            .fields
            .into_iter()
            .filter_map(|field| value(field, place, refusals))
            .collect();
        snapshot.heap.push(Object {
            ty: object.ty,
            fields,
        });
    }
    Ok(())
}

/// The imported memories that init has grown. Segments write to a memory, and cannot make it larger.
fn grown_imports(guest: &GuestModule<'_>, snapshot: &Snapshot) -> Vec<Refusal> {
    let grown = snapshot.memories.iter().filter_map(|state| {
        let mut imports = guest.imports.iter();
        let import = imports.find(|import| import.kind == ImportKind::Memory(state.index))?;
        let asked = guest.memories[state.index.position()].initial;
        (state.pages != asked).then(|| Refusal::GrownImport {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            asked,
            pages: state.pages,
        })
    });
    grown.collect()
}

fn is_object(reference: Reference) -> bool {
    matches!(reference, Reference::Internal(Internal::Object(_), _))
}

fn value(value: LiveValue, place: Place, refusals: &mut Vec<Refusal>) -> Option<Value> {
    Some(match value {
        LiveValue::I32(value) => Value::I32(value),
        LiveValue::I64(value) => Value::I64(value),
        LiveValue::F32(bits) => Value::F32(bits),
        LiveValue::F64(bits) => Value::F64(bits),
        LiveValue::V128(value) => Value::V128(value),
        LiveValue::Reference(live) => Value::Reference(reference(live, place, refusals)?),
    })
}

fn reference(live: LiveReference, place: Place, refusals: &mut Vec<Refusal>) -> Option<Reference> {
    match live {
        LiveReference::Null => Some(Reference::Null),
        LiveReference::Function(function) => Some(Reference::Function(function)),
        LiveReference::Any(internal) => Some(Reference::Internal(internal, Hierarchy::Any)),
        LiveReference::Converted(internal) => Some(Reference::Internal(internal, Hierarchy::Extern)),
        LiveReference::Imported(global, hierarchy) => Some(Reference::Imported(global, hierarchy)),
        LiveReference::ForeignFunction => {
            refusals.push(Refusal::ForeignFunction(place));
            None
        }
        LiveReference::Other(kind) => {
            refusals.push(Refusal::Reference { place, kind });
            None
        }
    }
}
