//! The SDK's items that an unbaked module describes.

use serde::Serialize;

use super::memories::Contents;
use crate::guest::GuestModule;
use crate::guest::index::MemoryIndex;
use crate::guest::sdk::{self, GuestReader, ItemKind, PointerWidth};

/// How much of a memory is read for descriptors, in bytes. Linkers put static data at the start.
const MAX_MEMORY: usize = 64 << 20;

/// An item that a bake would run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InspectedItem {
    /// Its path, such as `my_guest::routes::TABLE`.
    pub name: String,
    /// The source file, relative to the item's package.
    pub file: String,
    /// The line of its name, from 1.
    pub line: u32,
    /// The column of its name, from 1.
    pub column: u32,
    /// Lower runs first.
    pub order: i32,
    /// Where it is in memory 0, if it is a static.
    pub place: Option<ItemPlace>,
}

/// Where a static is in memory 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ItemPlace {
    /// The address of its first byte.
    pub address: u64,
    /// Its size in bytes. What it points to is elsewhere.
    pub bytes: u64,
}

/// The items that a module describes, in the order in which they run; none if it is baked.
pub(crate) fn items(module: &GuestModule<'_>) -> Vec<InspectedItem> {
    let Some(sdk) = sdk::find(module) else {
        return Vec::new();
    };
    let memory = Contents::of(module, MemoryIndex(0)).flat(MAX_MEMORY);
    let reader = GuestReader {
        memory: memory.as_deref().unwrap_or_default(),
        pointers: match module.memories.first() {
            Some(memory) if memory.memory64 => PointerWidth::Eight,
            _ => PointerWidth::Four,
        },
    };
    let mut items: Vec<sdk::Item> = sdk
        .items
        .iter()
        .filter_map(|item| reader.item(item.descriptor))
        .collect();
    items.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
    let items = items.into_iter().map(|item| InspectedItem {
        place: match item.kind {
            ItemKind::Function => None,
            ItemKind::Static { address, bytes } => Some(ItemPlace { address, bytes }),
        },
        name: item.name,
        file: item.file,
        line: item.line,
        column: item.column,
        order: item.order,
    });
    items.collect()
}
