//! State that the module does not decide: what init must not touch.

use std::collections::BTreeSet;

use super::facts::is_marked;
use crate::guest::index::{ElementIndex, GlobalIndex, MemoryIndex, TableIndex, enumerate};

/// State that the module does not decide: imported, or made at its start from an imported global.
///
/// What is here is unknown until the module is instantiated for real, so init must not touch it, and the output keeps
/// it as it is.
#[derive(Debug, Default)]
pub(crate) struct External {
    /// Memories that are imported.
    pub(super) imported_memories: Vec<bool>,
    /// Memories with data at a place that an imported global says.
    pub(super) placed_memories: Vec<bool>,
    /// Of those that are imported the ones that are promised to be fresh.
    pub(crate) fresh: BTreeSet<MemoryIndex>,
    pub(super) tables: Vec<bool>,
    pub(super) globals: Vec<bool>,
    /// Of these, imported immutable ones of references that init may hand on.
    pub(super) tokens: Vec<bool>,
    /// Element segments with such an item.
    pub(super) elements: Vec<bool>,
    /// How many tags are imported.
    pub(super) tags: u32,
}

impl External {
    pub(crate) fn memory(&self, index: MemoryIndex) -> bool {
        let is_unknown = is_marked(&self.imported_memories, index.0) && !self.fresh.contains(&index);
        is_unknown || self.is_placed(index)
    }

    /// Whether a memory has data at a place that an imported global says.
    pub(crate) fn is_placed(&self, index: MemoryIndex) -> bool {
        is_marked(&self.placed_memories, index.0)
    }

    pub(crate) fn table(&self, index: TableIndex) -> bool {
        is_marked(&self.tables, index.0)
    }

    pub(crate) fn global(&self, index: GlobalIndex) -> bool {
        is_marked(&self.globals, index.0)
    }

    /// Whether a global is imported and holds a reference that never changes. Init may hand that on, though not look into it: the
    /// output then says that it is the import's.
    pub(crate) fn is_token(&self, index: GlobalIndex) -> bool {
        is_marked(&self.tokens, index.0)
    }

    /// The globals for which that holds.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = GlobalIndex> {
        let marked = enumerate(&self.tokens).filter(|(_, is_token)| **is_token);
        marked.map(|(index, _)| GlobalIndex(index))
    }

    pub(crate) fn element(&self, index: ElementIndex) -> bool {
        is_marked(&self.elements, index.0)
    }

    /// Whether a tag may be the same as another: two names can be given to one.
    pub(crate) fn tag(&self, index: u32) -> bool {
        self.tags > 1 && index < self.tags
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        let is_marked = [&self.placed_memories, &self.tables, &self.globals, &self.elements]
            .iter()
            .any(|flags| !flags.is_empty());
        !is_marked && self.fresh.len() == self.imported_memories.len() && self.tags < 2
    }
}
