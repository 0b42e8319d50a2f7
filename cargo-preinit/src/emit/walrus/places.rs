//! Records the indices that walrus assigns, and keeps imports alive in its garbage collection.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use ::walrus::{CustomSection, IdsToIndices, Module, passes};
use wasm_encoder::Encode as _;

use super::ids::{Entities, Ids};
use crate::emit::index_map::IndexMap;
use crate::guest::index::{GlobalIndex, MemoryIndex, TableIndex};
use crate::guest::{CUSTOM_SECTION, GuestModule, ImportKind};

/// An empty custom section, for its hooks: walrus asks it for roots, so that imports stay alive, and gives it the indices.
#[derive(Debug)]
pub(super) struct Places {
    ids: Ids,
    /// What is left after walrus's garbage collection.
    alive: Entities,
    /// All imports. They stay, since a host can see them.
    imports: Vec<ImportKind>,
    found: Arc<Mutex<IndexMap>>,
}

impl Places {
    const NAME: &str = "preinit.places";

    /// Adds the section to a module. The map is filled when walrus writes the module.
    pub(super) fn add(module: &mut Module, ids: &Ids, guest: &GuestModule<'_>) -> Arc<Mutex<IndexMap>> {
        let found = Arc::default();
        module.customs.add(Self {
            ids: ids.clone(),
            alive: Entities::default(),
            imports: guest.imports.iter().map(|import| import.kind).collect(),
            found: Arc::clone(&found),
        });
        found
    }

    /// Tells the section what is left in the module. walrus panics if it is asked for the index of anything else.
    pub(super) fn note_alive(module: &mut Module) {
        let alive = Entities::of(module);
        if let Some(section) = module.customs.get_typed_mut::<Self>() {
            section.alive = alive;
        }
    }

    /// The section's bytes in the output.
    pub(super) fn bytes() -> Vec<u8> {
        let section = wasm_encoder::CustomSection {
            name: Self::NAME.into(),
            data: Cow::Borrowed(&[]),
        };
        let mut bytes = vec![CUSTOM_SECTION];
        section.encode(&mut bytes);
        bytes
    }
}

impl CustomSection for Places {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn data(&self, places: &IdsToIndices) -> Cow<'_, [u8]> {
        let Self {
            ids, alive, found, ..
        } = self;
        macro_rules! places {
            ($space:ident $method:ident) => {
                ids.$space
                    .iter()
                    .map(|id| {
                        alive
                            .$space
                            .binary_search(id)
                            .ok()
                            .map(|_| places.$method(*id))
                    })
                    .collect()
            };
        }
        let indices = IndexMap {
            types: Vec::new(),
            functions: places!(functions get_func_index),
            tables: places!(tables get_table_index),
            memories: places!(memories get_memory_index),
            globals: places!(globals get_global_index),
            tags: places!(tags get_tag_index),
            elements: places!(elements get_element_index),
            data: places!(data get_data_index),
        };
        *found.lock().unwrap_or_else(PoisonError::into_inner) = indices;
        Cow::Borrowed(&[])
    }

    fn add_gc_roots(&self, roots: &mut passes::Roots) {
        for import in &self.imports {
            match *import {
                ImportKind::Function(index) => drop(roots.push_func(self.ids.function(index))),
                ImportKind::Table(TableIndex(index)) => {
                    roots.push_table(self.ids.tables[index as usize]);
                }
                ImportKind::Memory(MemoryIndex(index)) => {
                    roots.push_memory(self.ids.memories[index as usize]);
                }
                ImportKind::Global(GlobalIndex(index)) => {
                    roots.push_global(self.ids.globals[index as usize]);
                }
                ImportKind::Tag(index) => drop(roots.push_tag(self.ids.tags[index as usize])),
            }
        }
    }
}
