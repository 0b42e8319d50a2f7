//! The indices of a draft's entities in the output, and how the output is written.

use wasm_encoder::reencode::{Error, Reencode};

use super::draft::Draft;
use super::index_map::IndexMap;
use crate::guest::count;
use crate::guest::index::GlobalIndex;

/// How the output is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Everything of the guest keeps its index, and what has not changed is copied.
    Splice,
    /// As `Splice`, but the guest's own globals move behind the globals that hold objects.
    SpliceBehindGlobals,
    /// Without what nothing refers to any more, and without the padding that linkers leave in LEB128 numbers of code.
    Relink,
}

/// The indices of a draft's entities in the output, and how the output is written.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) indices: IndexMap,
    pub(super) style: Style,
}

impl Layout {
    /// The layout of an output that has everything in the draft.
    pub(super) fn spliced(draft: &Draft<'_>) -> Self {
        let guest = draft.context.guest;
        let all = |len: u32| (0..len).map(Some).collect();
        let of_objects = count(draft.context.image.objects.globals.len());
        let of_guest = count(guest.globals.len());
        let globals = (0..draft.globals()).map(|index| {
            Some(if index < guest.imported_globals {
                index
            } else if index < of_guest {
                index + of_objects
            } else if Some(GlobalIndex(index)) == draft.entered_flag() {
                index
            } else {
                index - of_guest + guest.imported_globals
            })
        });
        Self {
            indices: IndexMap {
                types: all(draft.types()),
                functions: all(draft.functions()),
                tables: all(count(guest.tables.len())),
                memories: all(count(guest.memories.len())),
                globals: globals.collect(),
                tags: all(count(guest.tags.len())),
                elements: all(count(draft.elements.len())),
                data: all(draft.data_segments()),
            },
            style: match of_objects {
                0 => Style::Splice,
                _ => Style::SpliceBehindGlobals,
            },
        }
    }

    /// A reencoder that assigns the output's indices.
    pub(super) fn names(&self) -> Renumber<'_> {
        Renumber(&self.indices)
    }
}

/// The error of a part that is written and refers to something that was removed.
#[derive(Debug, thiserror::Error)]
#[error("{0} {1} is gone, and is used")]
pub(super) struct Gone(&'static str, u32);

/// The result of writing a part with the indices of a layout.
pub(super) type Relinked<T = ()> = Result<T, Error<Gone>>;

/// Assigns the output's indices.
#[derive(Clone, Copy)]
pub(super) struct Renumber<'a>(&'a IndexMap);

macro_rules! renumbered {
    ($($method:ident $space:ident $what:literal)*) => {$(
        fn $method(&mut self, index: u32) -> Relinked<u32> {
            let new = self.0.$space.get(index as usize).copied().flatten();
            new.ok_or(Error::UserError(Gone($what, index)))
        }
    )*};
}

impl Reencode for Renumber<'_> {
    type Error = Gone;

    renumbered! {
        type_index types "type"
        function_index functions "function"
        table_index tables "table"
        memory_index memories "memory"
        global_index globals "global"
        tag_index tags "tag"
        element_index elements "element segment"
        data_index data "data segment"
    }
}
