//! The host's side of `preinit-guest`: finds the SDK's exports in a module, and reads the structures that they lead to.
//!
//! Names and structures are those of [`preinit_guest::abi`]. The offsets of their fields follow from `repr(C)`, for both
//! pointer widths.

use preinit_guest::abi;

use crate::guest::GuestModule;
use crate::guest::index::{FunctionIndex, InstanceId};
use crate::snapshot::MemoryState;

/// The address of one of the SDK's statics in memory 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address(pub(crate) u64);

/// The SDK's exports in a module.
#[derive(Debug, Clone)]
pub(crate) struct Sdk {
    pub(crate) armed: Address,
    pub(crate) slot: Address,
    pub(crate) phase: Address,
    pub(crate) message: Address,
    pub(crate) version_function: Option<FunctionIndex>,
    pub(crate) constructors_function: Option<FunctionIndex>,
    /// In the order of the export section; the run sorts the items by [`Item::sort_key`].
    pub(crate) items: Vec<ItemExports>,
    /// What runs in each baked instance, in the order of the export section.
    pub(crate) resumes: Vec<ItemExports>,
}

impl Sdk {
    /// Whether anything is marked: it runs in the bake, or in each baked instance.
    pub(crate) fn has_any(&self) -> bool {
        !self.items.is_empty() || !self.resumes.is_empty()
    }
}

/// The two exports of an item.
#[derive(Debug, Clone)]
pub(crate) struct ItemExports {
    pub(crate) descriptor: Address,
    /// The name of the export that runs the item.
    pub(crate) run_export: String,
    pub(crate) run: FunctionIndex,
}

/// A function that runs in each baked instance, before the first exported function that a host calls does anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    /// The instance that has it.
    pub instance: InstanceId,
    /// What its descriptor says of it.
    pub item: Item,
    /// The name of its export in the guest.
    pub(crate) export: String,
    pub(crate) function: FunctionIndex,
}

/// An item, as its descriptor describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The item's path, such as `my_guest::routes::TABLE`.
    pub name: String,
    /// The source file, relative to the item's package: see [`abi::Item::file`].
    pub file: String,
    /// The line of the item's name, from 1.
    pub line: u32,
    /// The column of the item's name, from 1.
    pub column: u32,
    /// Lower runs first.
    pub order: i32,
    /// The kind of item.
    pub kind: ItemKind,
    /// The slot of table 0 that holds the item's initialiser, a function that nothing calls once the item has run; `None` if
    /// there is none.
    pub initialiser: Option<u64>,
}

/// The kind of an item marked with `#[preinit]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A function.
    Function,
    /// A static, and where it is in memory 0.
    Static {
        /// The address of its first byte.
        address: u64,
        /// Its size in bytes.
        bytes: u64,
    },
}

impl Item {
    /// Items run in the order of this key: `order`, then crate, file, line, column and path.
    ///
    /// The crate's name precedes the file because the file's path is relative to the package: many packages have a
    /// `src/lib.rs`.
    pub(crate) fn sort_key(&self) -> (i32, &str, &str, u32, u32, &str) {
        let krate = self.name.split("::").next().unwrap_or_default();
        (self.order, krate, &self.file, self.line, self.column, &self.name)
    }
}

/// Whether an export belongs to the interface between guest and tool, not to the guest's own.
pub(crate) fn is_sdk_export(name: &str) -> bool {
    // Each version of the interface has its own prefix; all begin with `__preinit_v` and a digit.
    name.strip_prefix("__preinit_v")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The linker's layout of memory 0: the bounds of the shadow stack, and the base of the heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) stack_low: u64,
    pub(crate) stack_high: u64,
    pub(crate) heap_base: u64,
}

/// Reads the [`abi::Layout`] of a guest with 32-bit pointers, if it has one.
pub(crate) fn layout(module: &GuestModule<'_>, memory: &MemoryState) -> Option<Layout> {
    let Address(base) = static_address(module, abi::LAYOUT)?;
    let word = |field: u64| Some(u64::from(memory.u32(base.checked_add(4 * field)?)));
    Some(Layout {
        stack_low: word(0)?,
        stack_high: word(1)?,
        heap_base: word(2)?,
    })
}

/// Finds the SDK's exports. `None` if one of the four statics that it always exports is missing or has no constant address.
pub(crate) fn find(module: &GuestModule<'_>) -> Option<Sdk> {
    let address = |name: &str| static_address(module, name);
    let run_by = |prefix: &str| {
        let exports = module.exports.iter().filter_map(|export| {
            let id = export.name.strip_prefix(abi::ITEM_PREFIX)?;
            let run_export = format!("{prefix}{id}");
            Some(ItemExports {
                descriptor: address(export.name)?,
                run: module.exported_function(&run_export)?,
                run_export,
            })
        });
        exports.collect()
    };
    Some(Sdk {
        armed: address(abi::ARMED)?,
        slot: address(abi::SLOT)?,
        phase: address(abi::PHASE)?,
        message: address(abi::MESSAGE)?,
        version_function: module.exported_function(abi::VERSION_FUNCTION),
        constructors_function: module.exported_function(abi::CONSTRUCTORS_FUNCTION),
        items: run_by(abi::RUN_PREFIX),
        resumes: run_by(abi::RESUME_PREFIX),
    })
}

/// The address in the global of an exported static.
fn static_address(module: &GuestModule<'_>, name: &str) -> Option<Address> {
    module.exported_constant(name).map(Address)
}

/// The width of the guest's pointers in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PointerWidth {
    Four,
    Eight,
}

/// Reads the structures of [`abi`] in the guest's memory. Every read is bounds-checked, since the guest provides the
/// addresses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GuestReader<'m> {
    pub(crate) memory: &'m [u8],
    pub(crate) pointers: PointerWidth,
}

impl<'m> GuestReader<'m> {
    fn bytes(&self, address: u64, len: u64) -> Option<&'m [u8]> {
        let start = usize::try_from(address).ok()?;
        let end = start.checked_add(usize::try_from(len).ok()?)?;
        self.memory.get(start..end)
    }

    fn u32(&self, address: u64) -> Option<u32> {
        let bytes = self.bytes(address, 4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    }

    /// A pointer or a `usize`.
    fn word(&self, address: u64) -> Option<u64> {
        match self.pointers {
            PointerWidth::Four => self.u32(address).map(u64::from),
            PointerWidth::Eight => {
                let bytes = self.bytes(address, 8)?.try_into().ok()?;
                Some(u64::from_le_bytes(bytes))
            }
        }
    }

    fn word_size(&self) -> u64 {
        match self.pointers {
            PointerWidth::Four => 4,
            PointerWidth::Eight => 8,
        }
    }

    /// The text whose pointer and length are at this address.
    fn text(&self, address: u64) -> Option<String> {
        let start = self.word(address)?;
        let len = self.word(address + self.word_size())?;
        let bytes = self.bytes(start, len)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    /// Reads an [`abi::Item`].
    pub(crate) fn item(&self, address: Address) -> Option<Item> {
        let Address(base) = address;
        let word = self.word_size();
        let header = match self.pointers {
            PointerWidth::Four => 20,
            PointerWidth::Eight => 24,
        };
        let size = u64::from(self.u32(base)?);
        if size < header + 6 * word || base.checked_add(size).is_none() {
            return None;
        }
        let kind = match self.u32(base + 4)? {
            abi::KIND_FUNCTION => ItemKind::Function,
            abi::KIND_STATIC => ItemKind::Static {
                address: self.word(base + header + 4 * word)?,
                bytes: self.word(base + header + 5 * word)?,
            },
            _ => return None,
        };
        Some(Item {
            name: self.text(base + header)?,
            file: self.text(base + header + 2 * word)?,
            line: self.u32(base + 12)?,
            column: self.u32(base + 16)?,
            order: self.u32(base + 8)?.cast_signed(),
            kind,
            // The descriptors of the first SDK do not have this field.
            initialiser: match size >= header + 7 * word {
                true => Some(self.word(base + header + 6 * word)?).filter(|slot| *slot != 0),
                false => None,
            },
        })
    }

    /// Reads the [`abi::Message`]; `None` if it is empty.
    pub(crate) fn message(&self, address: Address) -> Option<String> {
        let text = self.text(address.0)?;
        (!text.is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shared_name_is_recognised_as_the_sdks() {
        for name in [
            abi::ARMED,
            abi::SLOT,
            abi::PHASE,
            abi::MESSAGE,
            abi::LAYOUT,
            abi::VERSION_FUNCTION,
            abi::CONSTRUCTORS_FUNCTION,
            abi::ITEM_PREFIX,
            abi::RUN_PREFIX,
            abi::RESUME_PREFIX,
        ] {
            assert!(name.starts_with(abi::PREFIX), "{name}");
            assert!(is_sdk_export(name), "{name}");
        }
        assert!(!is_sdk_export("__preinit_value"));
    }

    #[test]
    fn reads_outside_of_memory_are_refused() {
        let reader = GuestReader {
            memory: &[0; 16],
            pointers: PointerWidth::Four,
        };
        assert_eq!(reader.item(Address(0)), None);
        assert_eq!(reader.item(Address(u64::MAX)), None);
        assert_eq!(reader.message(Address(12)), None);
    }
}
