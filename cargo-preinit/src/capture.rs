//! Reads the state of the instance after init.
//!
//! **In** the live instance. **Out** a [`Snapshot`] of plain values. **Keeps** every bit, NaNs included, and accounts
//! for every slot of every table that init can have changed. **Refuses** references that no constant can say, all of
//! them at once.
//!
//! Memories come first, since the probe's cells can be in one.

mod memory;

use wasmparser::ValType;

use crate::index::{GlobalIndex, MemoryIndex, TableIndex, enumerate};
use crate::instrument::{RunCopy, is_changeable_table, is_function_type};
use crate::module::{GuestModule, is_marked};
use crate::refusal::{Place, Refusal};
use crate::run::{Live, LiveReference, LiveValue, RunError};
use crate::snapshot::{GlobalState, MemoryState, Reference, Snapshot, TableState, Value};

/// Takes the snapshot. The refusals are those of the state; with any, the snapshot is not to be used.
pub fn capture(
    module: &GuestModule<'_>,
    copy: &RunCopy,
    live: &mut Live,
) -> Result<(Snapshot, Vec<Refusal>), RunError> {
    let mut snapshot = Snapshot::default();
    let mut refusals = Vec::new();
    for (index, _) in enumerate(&module.memories).skip(module.imported_memories as usize) {
        let index = MemoryIndex(index);
        let (pages, bytes) = live.memory_contents(index)?;
        snapshot.memories.push(MemoryState {
            index,
            pages,
            runs: memory::runs(bytes),
        });
    }
    for (index, global) in enumerate(&module.globals) {
        if global.init.is_none() {
            continue;
        }
        if is_original_function(module, index, global.ty.content_type) {
            continue;
        }
        let index = GlobalIndex(index);
        let place = Place::Global(index);
        if global.ty.mutable {
            if let Some(value) = value(live.global(index)?, place, &mut refusals) {
                snapshot.globals.push(GlobalState { index, value });
            }
        } else if is_collected(module, global.ty.content_type) {
            // The reference stays what its initialiser makes it, but what it refers to can have changed.
            let _ = value(live.global(index)?, place, &mut refusals);
        }
    }
    for (index, table) in enumerate(&module.tables).skip(module.imported_tables as usize) {
        let index = TableIndex(index);
        let changeable = is_changeable_table(module, index);
        if !changeable && !is_collected(module, ValType::Ref(table.element_type)) {
            continue;
        }
        let mut slots = Vec::new();
        for (slot, reference) in (0_u64..).zip(live.slots(index)?) {
            let place = Place::Slot { table: index, slot };
            slots.extend(self::reference(reference, place, &mut refusals));
        }
        if changeable {
            snapshot.tables.push(TableState { index, slots });
        }
    }
    for &segment in &copy.droppable {
        if live.is_dropped(segment)? {
            snapshot.dropped.insert(segment);
        }
    }
    Ok((snapshot, refusals))
}

/// Whether values of the type can refer to something that is made at run time and can be changed through them.
fn is_collected(module: &GuestModule<'_>, ty: ValType) -> bool {
    matches!(ty, ValType::Ref(ty) if !is_function_type(module, ty))
}

/// Whether a global refers to a function that init cannot have put there.
fn is_original_function(module: &GuestModule<'_>, index: u32, ty: ValType) -> bool {
    let is_function = matches!(ty, ValType::Ref(ty) if is_function_type(module, ty));
    is_function && !is_marked(&module.code.written_globals, index)
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
