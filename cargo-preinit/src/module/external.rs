//! State that the module does not decide: what init must not touch.

use super::facts::is_marked;
use crate::index::{ElementIndex, GlobalIndex, MemoryIndex, TableIndex};

/// State that the module does not decide: imported, or made at its start from an imported global.
///
/// What is here is unknown until the module is instantiated for real, so init must not touch it, and the output keeps
/// it as it is.
#[derive(Debug, Default)]
pub(crate) struct External {
    pub(super) memories: Vec<bool>,
    pub(super) tables: Vec<bool>,
    pub(super) globals: Vec<bool>,
    /// Element segments with such an item.
    pub(super) elements: Vec<bool>,
    /// How many tags are imported.
    pub(super) tags: u32,
}

impl External {
    pub(crate) fn memory(&self, index: MemoryIndex) -> bool {
        is_marked(&self.memories, index.0)
    }

    pub(crate) fn table(&self, index: TableIndex) -> bool {
        is_marked(&self.tables, index.0)
    }

    pub(crate) fn global(&self, index: GlobalIndex) -> bool {
        is_marked(&self.globals, index.0)
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
        [&self.memories, &self.tables, &self.globals, &self.elements]
            .iter()
            .all(|flags| flags.is_empty())
            && self.tags < 2
    }
}
