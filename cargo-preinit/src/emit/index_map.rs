//! Where the entities of one module are in another that was made from it.

use crate::guest::GuestModule;
use crate::guest::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex,
};

/// The new indices, by the old ones; `None` for what is gone.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct IndexMap {
    pub(crate) types: Vec<Option<u32>>,
    pub(crate) functions: Vec<Option<u32>>,
    pub(crate) tables: Vec<Option<u32>>,
    pub(crate) memories: Vec<Option<u32>>,
    pub(crate) globals: Vec<Option<u32>>,
    pub(crate) tags: Vec<Option<u32>>,
    pub(crate) elements: Vec<Option<u32>>,
    pub(crate) data: Vec<Option<u32>>,
}

fn get(indices: &[Option<u32>], index: u32) -> Option<u32> {
    indices.get(index as usize).copied().flatten()
}

impl IndexMap {
    /// Everything where it is in the guest, apart from globals, which come after `room` new ones.
    pub(crate) fn unchanged(guest: &GuestModule<'_>, room: u32) -> Self {
        let same = |len: usize| (0_u32..).take(len).map(Some).collect();
        let imported = guest.imported_globals;
        let global = |index: u32| if index < imported { index } else { index + room };
        Self {
            types: same(guest.types.len()),
            functions: same(guest.functions.len()),
            tables: same(guest.tables.len()),
            memories: same(guest.memories.len()),
            globals: (0..)
                .take(guest.globals.len())
                .map(|index| Some(global(index)))
                .collect(),
            tags: same(guest.tags.len()),
            elements: same(guest.elements.len()),
            data: same(guest.data.len()),
        }
    }

    /// Where entities are in a third module, if `next` says where those of the second are in it.
    pub(crate) fn then(&self, next: &Self) -> Self {
        let follow = |first: &[Option<u32>], next: &[Option<u32>]| {
            first
                .iter()
                .map(|index| index.and_then(|index| get(next, index)))
                .collect()
        };
        Self {
            types: follow(&self.types, &next.types),
            functions: follow(&self.functions, &next.functions),
            tables: follow(&self.tables, &next.tables),
            memories: follow(&self.memories, &next.memories),
            globals: follow(&self.globals, &next.globals),
            tags: follow(&self.tags, &next.tags),
            elements: follow(&self.elements, &next.elements),
            data: follow(&self.data, &next.data),
        }
    }

    pub(crate) fn ty(&self, index: TypeIndex) -> Option<TypeIndex> {
        get(&self.types, index.0).map(TypeIndex)
    }

    pub(crate) fn function(&self, index: FunctionIndex) -> Option<FunctionIndex> {
        get(&self.functions, index.0).map(FunctionIndex)
    }

    pub(crate) fn table(&self, index: TableIndex) -> Option<TableIndex> {
        get(&self.tables, index.0).map(TableIndex)
    }

    pub(crate) fn memory(&self, index: MemoryIndex) -> Option<MemoryIndex> {
        get(&self.memories, index.0).map(MemoryIndex)
    }

    pub(crate) fn global(&self, index: GlobalIndex) -> Option<GlobalIndex> {
        get(&self.globals, index.0).map(GlobalIndex)
    }

    /// Tags have no index type of their own: they have no state.
    pub(crate) fn tag(&self, index: u32) -> Option<u32> {
        get(&self.tags, index)
    }

    pub(crate) fn element(&self, index: ElementIndex) -> Option<ElementIndex> {
        get(&self.elements, index.0).map(ElementIndex)
    }

    pub(crate) fn data(&self, index: DataIndex) -> Option<DataIndex> {
        get(&self.data, index.0).map(DataIndex)
    }
}
