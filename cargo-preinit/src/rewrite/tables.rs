//! Tables that init can have changed: sizes, and segments for every slot that is not null.
//!
//! wasmtime initialises a table lazily only from segments of function indices with constant offsets, and one segment of
//! expressions ends that for all later ones. So function indices are used wherever the table's type allows, and
//! segments stop at nulls.

use walrus::ir::Value;
use walrus::{ConstExpr, ElementItems, ElementKind, FunctionId, RefType};

use super::Subject;
use crate::index::{ElementIndex, TableIndex, enumerate};
use crate::module::{Droppable, GuestModule, SegmentMode, is_marked};
use crate::snapshot::{Reference, Snapshot, TableState};

pub(super) fn bake(subject: &mut Subject, guest: &GuestModule<'_>, snapshot: &Snapshot) {
    drop_segments(subject, guest, snapshot);
    // Segments of function indices first: see above.
    let (plain, typed): (Vec<&TableState>, Vec<&TableState>) = snapshot
        .tables
        .iter()
        .partition(|state| takes_indices(subject, state.index));
    for state in plain.into_iter().chain(typed) {
        bake_table(subject, state);
    }
}

/// Whether segments of function indices, whose type is `(ref func)`, fit into the table.
fn takes_indices(subject: &Subject, table: TableIndex) -> bool {
    let id = subject.ids.tables[table.position()];
    let ty = subject.module.tables.get(id).element_ty;
    ty.heap_type == RefType::FUNCREF.heap_type
}

fn bake_table(subject: &mut Subject, state: &TableState) {
    let by_index = takes_indices(subject, state.index);
    let id = subject.ids.tables[state.index.position()];
    let functions: Vec<Option<FunctionId>> = state
        .slots
        .iter()
        .map(|slot| match slot {
            Reference::Null => None,
            Reference::Function(function) => Some(subject.function(*function)),
        })
        .collect();
    let table = subject.module.tables.get_mut(id);
    table.initial = functions.len() as u64;
    let (ty, table64) = (table.element_ty, table.table64);
    // A nullable table starts as null. One that is not nullable must name some function, and any will do: each slot
    // is written below. Without slots the original expression stays.
    if ty.nullable {
        table.init = None;
    } else if let Some(first) = functions.first().copied().flatten() {
        table.init = Some(ConstExpr::RefFunc(first));
    }
    let mut slot = 0_u64;
    for stretch in functions.chunk_by(|a, b| a.is_some() == b.is_some()) {
        let present: Vec<FunctionId> = stretch.iter().copied().flatten().collect();
        if !present.is_empty() {
            let offset = if table64 {
                Value::I64(slot.cast_signed())
            } else {
                let slot = u32::try_from(slot).expect("a 32-bit table has 32-bit offsets");
                Value::I32(slot.cast_signed())
            };
            let items = if by_index {
                ElementItems::Functions(present)
            } else {
                let expressions = present.into_iter().map(ConstExpr::RefFunc).collect();
                ElementItems::Expressions(ty, expressions)
            };
            let kind = ElementKind::Active {
                table: id,
                offset: ConstExpr::Value(offset),
            };
            let segment = subject.module.elements.add(kind, items);
            let table = subject.module.tables.get_mut(id);
            table.elem_segments.insert(segment);
        }
        slot += stretch.len() as u64;
    }
}

/// As for data segments; but the active segments of a table that init cannot have changed stay, since they still say
/// what is in it. An instruction that names such a segment must find it empty, and an active segment is.
fn drop_segments(subject: &mut Subject, guest: &GuestModule<'_>, snapshot: &Snapshot) {
    for (index, mode) in enumerate(&guest.elements) {
        let id = subject.ids.elements[index as usize];
        let is_gone = match mode {
            SegmentMode::Active(table) => {
                let is_baked = snapshot.tables.iter().any(|state| state.index == *table);
                if is_baked {
                    let table = subject.ids.tables[table.position()];
                    let table = subject.module.tables.get_mut(table);
                    table.elem_segments.remove(&id);
                }
                is_baked
            }
            SegmentMode::Passive => snapshot
                .dropped
                .contains(&Droppable::Element(ElementIndex(index))),
            SegmentMode::Declared => false,
        };
        if !is_gone {
            continue;
        }
        if is_marked(&guest.code.used_elements, index) {
            let segment = subject.module.elements.get_mut(id);
            segment.kind = ElementKind::Passive;
            match &mut segment.items {
                ElementItems::Functions(functions) => functions.clear(),
                ElementItems::Expressions(_, expressions) => expressions.clear(),
            }
        } else {
            subject.module.elements.delete(id);
        }
    }
}
