//! Tables: their sizes and initial values.

use wasm_encoder::reencode::Reencode;
use wasm_encoder::{ConstExpr, Instruction, TableSection, TableType};

use super::draft::{Context, Draft, Encoded};
use super::layout::{Layout, Relinked};
use crate::guest::index::{TableIndex, enumerate};
use crate::snapshot::TableState;

/// The state of a table after init, if init can have changed it.
pub(super) fn state<'a>(context: &Context<'a>, table: TableIndex) -> Option<&'a TableState> {
    context.instance.tables.iter().find(|state| state.index == table)
}

/// The constant for a slot, or for a number of slots, of the table's index type.
pub(super) fn slot(slot: usize, table64: bool) -> Instruction<'static> {
    if table64 {
        Instruction::I64Const((slot as u64).cast_signed())
    } else {
        let slot = u32::try_from(slot).expect("a 32-bit table has 32-bit indices");
        Instruction::I32Const(slot.cast_signed())
    }
}

impl Draft<'_> {
    /// A table that is not imported: its type, and the initializer of its slots unless they start as null.
    pub(super) fn table<N: Reencode>(
        &self,
        names: &mut N,
        index: TableIndex,
    ) -> Encoded<(TableType, Option<ConstExpr>), N> {
        let table = &self.context.guest.tables[index.position()];
        let mut ty = names.table_type(table.ty)?;
        let state = state(&self.context, index);
        if let Some(state) = state {
            ty.minimum = state.slots.len() as u64;
        }
        // A nullable table starts as null, and segments set the other slots. A table that is not nullable keeps its
        // initializer, and segments set every slot.
        let init = table
            .init
            .as_ref()
            .filter(|_| state.is_none() || !ty.element_type.nullable);
        let init = init.map(|init| names.const_expr(init.clone())).transpose()?;
        Ok((ty, init))
    }
}

/// The table section.
pub(super) fn section(draft: &Draft<'_>, layout: &Layout) -> Relinked<TableSection> {
    let (indices, mut names) = (&layout.indices, layout.names());
    let mut section = TableSection::new();
    let guest = draft.context.guest;
    for (index, _) in enumerate(&guest.tables).skip(guest.imported_tables as usize) {
        let index = TableIndex(index);
        if indices.table(index).is_none() {
            continue;
        }
        match draft.table(&mut names, index)? {
            (ty, Some(init)) => section.table_with_init(ty, &init),
            (ty, None) => section.table(ty),
        };
    }
    Ok(section)
}
