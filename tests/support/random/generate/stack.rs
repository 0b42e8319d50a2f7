//! Shadow stacks, where linkers put them or elsewhere, with or without exports of their bounds.

use std::ops::Range;

use wasm_encoder::{ConstExpr, ExportKind};
use wasmparser::{GlobalType, Parser, Payload, ValType};

use super::shape::{Additions, Exports, Shape};
use crate::random::Choices;

/// The name by which modules with a stack export memory 0.
pub(in crate::random) const MEMORY: &str = "memory";
/// The export of the oracle that is the stack pointer.
pub(in crate::random) const POINTER: &str = "(stack pointer)";

/// The least size of a stack, in bytes.
const LEAST: u64 = 32;

/// A stack in memory 0.
#[derive(Debug, Clone)]
pub(in crate::random) struct Stack {
    /// The global that is the stack pointer.
    pub(super) pointer: u32,
    /// The pointer's initial value.
    pub(super) start: u64,
    /// The lowest address.
    pub(super) low: u64,
    /// The bounds that exports state, if nothing contradicts them.
    pub(in crate::random) stated: Option<Range<u64>>,
}

impl Stack {
    /// The part of the stack that is unused at this value of the pointer; `None` if bounds are not stated or exclude it.
    pub(in crate::random) fn dead(&self, pointer: u64) -> Option<Range<u64>> {
        let stated = self.stated.clone()?;
        (stated.start..=stated.end)
            .contains(&pointer)
            .then_some(stated.start..pointer)
    }
}

/// Adds a stack, if memory 0 is the module's own and has room for one.
pub(super) fn add(
    wasm: &[u8],
    shape: &mut Shape<'_>,
    additions: &mut Additions,
    exports: &mut Exports,
    choices: &mut Choices,
) -> Option<()> {
    let memory = shape.memories.first().copied()?;
    let is_imported = shape.imported_memories > 0;
    if is_imported || memory.memory64 || memory.shared {
        return None;
    }
    let size = memory.initial.checked_shl(memory.page_size_log2.unwrap_or(16))?;
    let room = size.checked_sub(LEAST)?;
    let low = choices.number() % (room / 16 + 1) * 16;
    let most = (size - low) / 16;
    let high = match choices.chance(1, 2) {
        true => low + 16 * (2 + choices.number() % 30).min(most),
        false => low + 16 * (2 + choices.number() % (most - 1)),
    };
    let is_used = choices.chance(1, 8);
    let start = if is_used { high - 16 } else { high };
    let mut number = |shape: &mut Shape<'_>, value: u64, mutable: bool| {
        let ty = GlobalType {
            content_type: ValType::I32,
            mutable,
            shared: false,
        };
        let value = u32::try_from(value).ok()?;
        additions.global(shape, ty, &ConstExpr::i32_const(value.cast_signed()))
    };
    let pointer = number(shape, start, true)?;
    exports.insert(MEMORY.to_owned(), (ExportKind::Memory, 0));

    let mut export = |shape: &mut Shape<'_>, name: &str, value: u64| {
        let global = number(shape, value, false)?;
        exports.insert(name.to_owned(), (ExportKind::Global, global));
        Some(())
    };
    let tells_low = choices.chance(1, 2);
    let tells_data_end = !tells_low && choices.chance(1, 2);
    let tells_high = choices.chance(1, 2);
    // Without the name only the global's value shows that it is the stack pointer.
    let tells_pointer = choices.chance(1, 2);
    // Without `__stack_high` the pointer's initial value is the end of the stack.
    let end = if tells_high { high } else { start };
    let mut is_contradicted = false;
    if tells_low {
        export(shape, "__stack_low", low)?;
    }
    if tells_data_end {
        // The stack begins behind the data, rounded up.
        export(shape, "__data_end", low.saturating_sub(choices.number() % 16))?;
    }
    if tells_high {
        export(shape, "__stack_high", high)?;
    }
    if choices.chance(1, 3) {
        let heap = match choices.below(3) {
            0 => low + 16,
            1 => low,
            _ => high,
        };
        is_contradicted = low < heap && heap < end;
        export(shape, "__heap_base", heap)?;
    }
    if tells_pointer {
        exports.insert("__stack_pointer".to_owned(), (ExportKind::Global, pointer));
    }
    is_contradicted |= starts_with_data(wasm, low..start);
    let is_stated = (tells_low || tells_data_end) && (tells_high || tells_pointer);
    shape.stack = Some(Stack {
        pointer,
        start,
        low,
        stated: (is_stated && !is_contradicted).then_some(low..end),
    });
    Some(())
}

/// Whether an active segment puts, or may put, nonzero bytes into this range.
fn starts_with_data(wasm: &[u8], place: Range<u64>) -> bool {
    let mut found = false;
    for payload in Parser::new(0).parse_all(wasm) {
        let Ok(Payload::DataSection(reader)) = payload else {
            continue;
        };
        for segment in reader.into_iter().flatten() {
            let wasmparser::DataKind::Active {
                memory_index: 0,
                offset_expr,
            } = segment.kind
            else {
                continue;
            };
            let mut operators = offset_expr.get_operators_reader();
            let offset = match (operators.read(), operators.read()) {
                (Ok(wasmparser::Operator::I32Const { value }), Ok(wasmparser::Operator::End)) => {
                    u64::from(value.cast_unsigned())
                }
                _ => return true,
            };
            let bytes = (offset..).zip(segment.data);
            found |= bytes
                .into_iter()
                .any(|(address, byte)| place.contains(&address) && *byte != 0);
        }
    }
    found
}
