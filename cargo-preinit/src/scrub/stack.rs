//! Finds the shadow stack: the part of memory 0 in which LLVM keeps local variables that have an address.
//!
//! wasm-ld lays a memory out in one of two ways, and the stack grows down in both:
//!
//! ```text
//! 0 .. stack .. data .. bss .. heap          (--stack-first, rustc's way)
//! 0 .. data .. bss .. stack .. heap
//! ```
//!
//! Segments do not tell which layout it is: a segment of zeros may be missing, and a baked module has others than the linker
//! wrote. So the bounds are those that the linker itself gives to the SDK, or in exported symbols. The name section is not
//! used, since it can be stripped.

use wasmparser::{ExternalKind, ValType};

use super::MEMORY;
use crate::guest::index::{GlobalIndex, enumerate};
use crate::guest::sdk;
use crate::guest::{GuestModule, SegmentMode, constant};
use crate::snapshot::MemoryState;

/// The name by which wasm-ld exports the stack pointer.
const POINTER: &str = "__stack_pointer";

/// The alignment of the ends of wasm-ld's stack, in bytes.
const ALIGNMENT: u64 = 16;

/// Where the shadow stack is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stack {
    /// The stack pointer: the global that holds the lowest address in use.
    pub(super) pointer: GlobalIndex,
    /// The lowest address.
    pub(super) low: u64,
    /// The address behind the highest, which is where the pointer starts.
    pub(super) high: u64,
}

/// Finds the stack. `None` if the linker does not tell where it is, or the module contradicts that.
pub(super) fn find(guest: &GuestModule<'_>, memory: &MemoryState) -> Option<Stack> {
    // The stack pointer of a 64-bit memory would be an `i64`. With several memories, as after modules were merged, the
    // linker's symbols do not tell which memory they are about.
    if guest.memories.get(MEMORY.position())?.memory64 || guest.memories.len() > 1 {
        return None;
    }
    let stack = by_sdk(guest, memory).or_else(|| by_symbols(guest))?;
    let is_plausible = stack.low <= stack.high && !has_other_use(guest, &stack);
    is_plausible.then_some(stack)
}

/// The stack as the linker tells the SDK.
fn by_sdk(guest: &GuestModule<'_>, memory: &MemoryState) -> Option<Stack> {
    let layout = sdk::layout(guest, memory)?;
    Some(Stack {
        pointer: pointer(guest, layout.stack_high)?,
        low: layout.stack_low,
        high: layout.stack_high,
    })
}

/// The stack as the linker's exported symbols tell: its low end is `__stack_low`, or else the end of the data before it.
fn by_symbols(guest: &GuestModule<'_>) -> Option<Stack> {
    let exported = exported_pointer(guest);
    let high = match (guest.exported_constant("__stack_high"), exported) {
        (Some(high), _) => high,
        (None, Some(pointer)) => guest.constant(pointer)?,
        (None, None) => return None,
    };
    // If only the heap is behind the stack, another global may start with the same number, as the end of the heap.
    let is_data_behind = || {
        let mut offsets = guest
            .data
            .iter()
            .filter(|segment| segment.mode == SegmentMode::Active(MEMORY));
        offsets.any(|segment| {
            segment
                .offset
                .as_ref()
                .and_then(constant)
                .is_some_and(|offset| offset >= high)
        })
    };
    let behind_data = || {
        let end = guest.exported_constant("__data_end")?;
        // If the stack comes first, the data ends behind it.
        end.checked_next_multiple_of(ALIGNMENT).filter(|end| *end <= high)
    };
    let by_value = || pointer(guest, high).filter(|_| is_data_behind());
    Some(Stack {
        pointer: exported.or_else(by_value)?,
        low: guest.exported_constant("__stack_low").or_else(behind_data)?,
        high,
    })
}

/// The stack pointer: the exported global of that name, or the only mutable `i32` global that starts at the stack's high end.
fn pointer(guest: &GuestModule<'_>, high: u64) -> Option<GlobalIndex> {
    let mut candidates = enumerate(&guest.globals)
        .map(|(index, _)| GlobalIndex(index))
        .filter(|index| is_number_that_changes(guest, *index) && guest.constant(*index) == Some(high));
    exported_pointer(guest).or_else(|| candidates.next().filter(|_| candidates.next().is_none()))
}

fn exported_pointer(guest: &GuestModule<'_>) -> Option<GlobalIndex> {
    let export = guest.export(POINTER)?;
    let index = GlobalIndex(export.index);
    (export.kind == ExternalKind::Global && is_number_that_changes(guest, index)).then_some(index)
}

fn is_number_that_changes(guest: &GuestModule<'_>, index: GlobalIndex) -> bool {
    let global = &guest.globals[index.position()];
    global.ty.mutable && global.ty.content_type == ValType::I32
}

/// Whether the module starts with data where the stack should be free, or with the heap in the stack.
fn has_other_use(guest: &GuestModule<'_>, stack: &Stack) -> bool {
    let pointer = guest.constant(stack.pointer).unwrap_or(stack.high);
    let free = stack.low..pointer.min(stack.high);
    // The heap is behind the stack in both layouts.
    let is_heap = |base: u64| base < stack.high;
    let mut active = guest
        .data
        .iter()
        .filter(|segment| segment.mode == SegmentMode::Active(MEMORY));
    guest.exported_constant("__heap_base").is_some_and(is_heap)
        || active.any(|segment| {
            let Some(offset) = segment.offset.as_ref().and_then(constant) else {
                return true;
            };
            let data = segment.bytes;
            let place = |address: u64| {
                usize::try_from(address.saturating_sub(offset))
                    .map_or(data.len(), |place| place.min(data.len()))
            };
            // Zeros are allowed: an earlier bake joins segments over gaps.
            data.get(place(free.start)..place(free.end))
                .is_some_and(|bytes| bytes.iter().any(|byte| *byte != 0))
        })
}
