//! What is at an address of a memory, as far as the file can say.

use serde::Serialize;

use super::error::QuestionError;
use super::items::{InspectedItem, items};
use super::memories::Contents;
use super::read::{File, PlacedModule};
use super::sizes::demangle_within;
use super::why::meant;
use crate::guest::index::{GlobalIndex, MemoryIndex, enumerate};
use crate::guest::{GuestModule, sdk, to_binary};
use crate::snapshot::{MemoryState, Run};

/// How many bytes from the address on are shown.
const SHOWN: usize = 16;

/// What is at an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressReason {
    /// The address.
    pub address: u64,
    /// The memories that have it, of all core modules that are meant.
    pub found: Vec<AddressIn>,
}

/// What is at an address of one memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressIn {
    /// The core module.
    pub module: u32,
    /// The memory.
    pub memory: u32,
    /// Its size at instantiation, in bytes; `None` if that is more than an address can say.
    pub memory_bytes: Option<u64>,
    /// The segment that sets the byte; without one it starts as zero.
    pub segment: Option<SegmentAt>,
    /// What the linker uses that part of the memory for, where the module says: `stack`, `static data` or `heap`.
    pub region: Option<&'static str>,
    /// The static that an item of the SDK makes there.
    pub item: Option<InspectedItem>,
    /// The nearest address up to this one that an immutable global exports, and its name.
    pub symbol: Option<Symbol>,
    /// What init leaves there; `None` if it was not run, or if that cannot be told.
    pub after_init: Option<AfterInit>,
}

/// What is at an address after init.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AfterInit {
    /// Up to 16 bytes from the address on, in hexadecimal.
    pub content: String,
    /// What changed the byte at the address last; `None` if nothing did.
    pub change: Option<LastChange>,
}

/// The last change of a byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastChange {
    /// The step of init: the name of an item or of a function, or `start`, `constructors` or `_initialize`.
    pub step: String,
    /// The source file of an item, relative to its package, and the line.
    pub source: Option<(String, u32)>,
    /// The instance that the step ran in, in words; `None` if there is no other.
    pub place: Option<String>,
    /// What wrote it.
    pub by: Writer,
}

/// What wrote to a memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Writer {
    /// The guest's code.
    Code {
        /// The innermost function of the guest's own, demangled; `None` if none of them has a name.
        function: Option<String>,
        /// The names of the functions on the stack, the innermost first; `None` for one without a name.
        backtrace: Vec<Option<String>>,
    },
    /// An imported function that the guest called.
    Import,
    /// One of several instances that share their code.
    Unknown,
}

/// The place in a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentAt {
    /// The segment.
    pub index: u32,
    /// Its name in the name section.
    pub name: Option<String>,
    /// The address of its first byte.
    pub start: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// Up to 16 bytes from the address on, in hexadecimal.
    pub content: String,
}

/// An exported address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Symbol {
    /// The address.
    pub address: u64,
    /// The export's name.
    pub name: String,
}

/// Tells what is at an address of a module's memories, or of those of a component's core modules.
///
/// # Errors
///
/// If the input is not valid, or has no memory.
pub fn why_address(input: &[u8], address: u64, module: Option<u32>) -> Result<AddressReason, QuestionError> {
    let wasm = to_binary(input)?;
    let file = File::read(&wasm)?;
    let mut found = Vec::new();
    for (id, placed) in meant(&file, module)? {
        // An imported memory is told of where it is written to.
        for (index, _) in enumerate(&placed.module.memories) {
            found.push(at(id, placed, MemoryIndex(index), address));
        }
    }
    match found.is_empty() {
        true => Err(QuestionError::NoMemory),
        false => Ok(AddressReason { address, found }),
    }
}

/// The address of the static of an item, by the item's path or the end of it; `None` if there is no such item, or if there are several, or if
/// it is a function.
#[must_use]
pub fn item_address(input: &[u8], wanted: &str) -> Option<u64> {
    let wasm = to_binary(input).ok()?;
    let file = File::read(&wasm).ok()?;
    let all: Vec<InspectedItem> = file
        .modules
        .iter()
        .flat_map(|placed| items(&placed.module))
        .collect();
    let is_end = |name: &str| {
        name.strip_suffix(wanted)
            .is_some_and(|start| start.ends_with("::"))
    };
    let mut whole = all.iter().filter(|item| item.name == wanted);
    let mut ends = all.iter().filter(|item| is_end(&item.name));
    let item = match (whole.next(), ends.next(), ends.next()) {
        (Some(item), ..) | (None, Some(item), None) => item,
        _ => return None,
    };
    item.place.map(|place| place.address)
}

fn at(id: u32, placed: &PlacedModule<'_>, memory: MemoryIndex, address: u64) -> AddressIn {
    let module = &placed.module;
    let contents = Contents::of(module, memory);
    let ty = module.memories[memory.position()];
    let is_first = memory == MemoryIndex(0);
    let segment = contents.at(address).map(|piece| {
        let segment = &module.data[piece.segment.position()];
        let start = segment.offset.as_ref().and_then(crate::guest::constant);
        let place = usize::try_from(address - piece.start).unwrap_or(usize::MAX);
        let content = piece.bytes.iter().skip(place).take(SHOWN);
        let content: Vec<String> = content.map(|byte| format!("{byte:02x}")).collect();
        SegmentAt {
            index: piece.segment.0,
            name: module
                .data_names
                .get(&piece.segment)
                .map(|name| demangle_within(name)),
            start: start.unwrap_or(piece.start),
            bytes: segment.bytes.len() as u64,
            content: content.join(" "),
        }
    });
    let item = items(module).into_iter().find(|item| {
        let place = item.place.as_ref().filter(|_| is_first);
        place.is_some_and(|place| address >= place.address && address - place.address < place.bytes)
    });
    AddressIn {
        module: id,
        memory: memory.0,
        memory_bytes: ty.initial.checked_mul(u64::from(ty.page_size())),
        segment,
        region: is_first.then(|| region(module, &contents, address)).flatten(),
        item,
        symbol: is_first.then(|| symbol(module, address)).flatten(),
        after_init: None,
    }
}

/// What the linker uses a part of memory 0 for: what the SDK's layout says, else what exported symbols of wasm-ld say.
fn region(module: &GuestModule<'_>, contents: &Contents<'_>, address: u64) -> Option<&'static str> {
    let runs = contents.pieces.iter().map(|piece| Run {
        offset: piece.start,
        bytes: piece.bytes.to_vec(),
    });
    let state = MemoryState {
        index: MemoryIndex(0),
        pages: 0,
        runs: runs.collect(),
    };
    let symbol = |name: &str| module.exported_constant(name);
    let layout = sdk::layout(module, &state);
    let low = layout
        .map(|layout| layout.stack_low)
        .or_else(|| symbol("__stack_low"));
    let high = layout
        .map(|layout| layout.stack_high)
        .or_else(|| symbol("__stack_high"));
    let heap = layout
        .map(|layout| layout.heap_base)
        .or_else(|| symbol("__heap_base"));
    if let (Some(low), Some(high)) = (low, high)
        && (low..high).contains(&address)
    {
        return Some("stack");
    }
    match heap {
        Some(heap) if address >= heap => Some("heap"),
        _ if contents.at(address).is_some() => Some("static data"),
        _ => None,
    }
}

fn symbol(module: &GuestModule<'_>, address: u64) -> Option<Symbol> {
    let symbols = module.exports.iter().filter_map(|export| {
        let is_global = export.kind == wasmparser::ExternalKind::Global;
        let global = is_global
            .then(|| module.globals.get(export.index as usize))
            .flatten()?;
        let value = module
            .constant(GlobalIndex(export.index))
            .filter(|_| !global.ty.mutable)?;
        (value <= address).then(|| Symbol {
            address: value,
            name: export.name.to_owned(),
        })
    });
    // Of several names for one address, the last in alphabetical order.
    symbols.max()
}
