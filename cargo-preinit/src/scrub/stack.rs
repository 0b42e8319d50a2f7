//! Finds the shadow stack: the part of memory 0 in which LLVM keeps what has an address.
//!
//! wasm-ld lays a memory out in one of two ways, and the stack grows down in both:
//!
//! ```text
//! 0 .. stack .. data .. bss .. heap          (--stack-first, rustc's way)
//! 0 .. data .. bss .. stack .. heap
//! ```
//!
//! The stack pointer is a global that starts at the upper end. Where the lower end is, the SDK tells; without it, the
//! layout does.

use wasmparser::{ExternalKind, ValType};

use super::MEMORY;
use crate::index::{GlobalIndex, enumerate};
use crate::module::{GuestModule, SegmentMode, constant};
use crate::sdk;
use crate::snapshot::MemoryState;

/// What wasm-ld calls the stack pointer.
const POINTER: &str = "__stack_pointer";

/// What wasm-ld rounds the ends of the stack to.
const ALIGNMENT: u64 = 16;

/// Where the shadow stack is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stack {
    /// The global that holds the address of what was pushed last.
    pub(super) pointer: GlobalIndex,
    /// The lowest address.
    pub(super) low: u64,
    /// The address behind the highest, which is where the pointer starts.
    pub(super) high: u64,
}

/// Finds the stack. `None` where it is not certain that there is one, or where it ends.
pub(super) fn find(guest: &GuestModule<'_>, memory: &MemoryState) -> Option<Stack> {
    // 64-bit stacks would have an `i64` pointer.
    if guest.memories.get(MEMORY.position())?.memory64 {
        return None;
    }
    by_sdk(guest, memory).or_else(|| by_layout(guest))
}

/// What the linker told the SDK.
fn by_sdk(guest: &GuestModule<'_>, memory: &MemoryState) -> Option<Stack> {
    let layout = sdk::layout(guest, memory)?;
    let (low, high) = (layout.stack_low, layout.stack_high);
    let mut candidates = enumerate(&guest.globals)
        .map(|(index, _)| GlobalIndex(index))
        .filter(|index| is_pointer(guest, *index, high));
    let pointer = match named(guest) {
        Some(pointer) => Some(pointer).filter(|pointer| is_pointer(guest, *pointer, high)),
        None => candidates.next().filter(|_| candidates.next().is_none()),
    };
    (low <= high).then_some(Stack {
        pointer: pointer?,
        low,
        high,
    })
}

/// What names and segments tell.
fn by_layout(guest: &GuestModule<'_>) -> Option<Stack> {
    let pointer = named(guest)?;
    let high = guest.constant(pointer)?;
    if !is_pointer(guest, pointer, high) {
        return None;
    }
    let low = guest
        .exported_constant("__stack_low")
        .or_else(|| {
            guest
                .exported_constant("__data_end")?
                .checked_next_multiple_of(ALIGNMENT)
        })
        // With the stack first the data ends behind it.
        .filter(|low| *low <= high)
        .or_else(|| is_stack_first(guest, high).then_some(0))?;
    Some(Stack { pointer, low, high })
}

/// Whether data begins at `high` or behind it, and none before: that is so only with the stack first.
fn is_stack_first(guest: &GuestModule<'_>, high: u64) -> bool {
    let active = guest
        .data
        .iter()
        .filter(|segment| segment.mode == SegmentMode::Active(MEMORY));
    let offsets: Option<Vec<u64>> = active.map(|segment| constant(segment.offset.as_ref()?)).collect();
    offsets.is_some_and(|offsets| !offsets.is_empty() && offsets.iter().all(|offset| *offset >= high))
}

/// Whether a global can be a stack pointer that starts at `high`.
fn is_pointer(guest: &GuestModule<'_>, index: GlobalIndex, high: u64) -> bool {
    let global = &guest.globals[index.position()];
    global.ty.mutable && global.ty.content_type == ValType::I32 && guest.constant(index) == Some(high)
}

/// The global with the stack pointer's name, if there is just one.
fn named(guest: &GuestModule<'_>) -> Option<GlobalIndex> {
    let names = guest.global_names.iter();
    let by_name = names
        .filter(|(_, name)| **name == POINTER)
        .map(|(index, _)| *index);
    let exports = guest.exports.iter();
    let by_export = exports
        .filter(|export| export.kind == ExternalKind::Global && export.name == POINTER)
        .map(|export| GlobalIndex(export.index));
    let mut found: Vec<GlobalIndex> = by_name.chain(by_export).collect();
    found.dedup();
    match found[..] {
        [index] if index.position() < guest.globals.len() => Some(index),
        _ => None,
    }
}
