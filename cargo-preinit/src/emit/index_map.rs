//! Maps the indices of a module to those of a module that was made from it.

use crate::guest::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex,
};
use crate::guest::{GuestModule, count};

/// The new indices by the old ones; `None` for what was removed.
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
    /// Maps every index of the guest to itself.
    pub(crate) fn unchanged(guest: &GuestModule<'_>) -> Self {
        let same = |len: usize| (0_u32..).take(len).map(Some).collect();
        Self {
            types: same(guest.types.len()),
            functions: same(guest.functions.len()),
            tables: same(guest.tables.len()),
            memories: same(guest.memories.len()),
            globals: same(guest.globals.len()),
            tags: same(guest.tags.len()),
            elements: same(guest.elements.len()),
            data: same(guest.data.len()),
        }
    }

    /// The map without the entries for what was added to the guest.
    pub(crate) fn of_guest(mut self, guest: &GuestModule<'_>) -> Self {
        for (indices, len) in [
            (&mut self.types, guest.types.len()),
            (&mut self.functions, guest.functions.len()),
            (&mut self.globals, guest.globals.len()),
            (&mut self.elements, guest.elements.len()),
            (&mut self.data, guest.data.len()),
        ] {
            indices.truncate(len);
        }
        self
    }

    /// Whether nothing was removed.
    pub(crate) fn has_all(&self) -> bool {
        let Self {
            types,
            functions,
            tables,
            memories,
            globals,
            tags,
            elements,
            data,
        } = self;
        [types, functions, tables, memories, globals, tags, elements, data]
            .iter()
            .all(|indices| indices.iter().all(Option::is_some))
    }

    /// How many data segments the new module has.
    pub(crate) fn data_segments(&self) -> u32 {
        count(self.data.iter().flatten().count())
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

    /// Tags have no index type, since they have no state.
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
