//! Tables: their sizes, and what their slots start as.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{Instruction, TableSection};

use super::Context;
use crate::guest::index::{TableIndex, enumerate};
use crate::snapshot::TableState;
use crate::wasm::splice::contents;

/// What init left in a table, if it can have changed it.
pub(super) fn state<'a>(context: &Context<'a>, table: TableIndex) -> Option<&'a TableState> {
    context.snapshot.tables.iter().find(|state| state.index == table)
}

/// A slot, or a number of slots, as the table's instructions take it.
pub(super) fn slot(slot: usize, table64: bool) -> Instruction<'static> {
    if table64 {
        Instruction::I64Const((slot as u64).cast_signed())
    } else {
        let slot = u32::try_from(slot).expect("a 32-bit table has 32-bit indices");
        Instruction::I32Const(slot.cast_signed())
    }
}

/// `None` where no table changes.
pub(super) fn section(context: &Context<'_>) -> Option<Vec<u8>> {
    if context.snapshot.tables.is_empty() {
        return None;
    }
    let mut section = TableSection::new();
    let own = context.guest.imported_tables as usize;
    for (index, table) in enumerate(&context.guest.tables).skip(own) {
        let mut ty = RoundtripReencoder
            .table_type(table.ty)
            .expect("a valid module has no types that cannot be written");
        let state = state(context, TableIndex(index));
        if let Some(state) = state {
            ty.minimum = state.slots.len() as u64;
        }
        // A nullable table starts as null, and segments say the rest. One that is not nullable keeps its initialiser:
        // every slot is written by a segment.
        match &table.init {
            Some(init) if state.is_none() || !ty.element_type.nullable => {
                let init = RoundtripReencoder
                    .const_expr(init.clone())
                    .expect("the expression is valid");
                section.table_with_init(ty, &init);
            }
            _ => {
                section.table(ty);
            }
        }
    }
    Some(contents(&section))
}
