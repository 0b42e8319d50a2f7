//! Keeps init from inspecting imported references.
//!
//! In the run a value of the host stands in for such a reference. Whether that is null, or what it can be cast to, tells
//! nothing of the real one. So each instruction that would inspect a reference first passes it to the host, through an added
//! table:
//!
//! ```wat
//! ref.is_null                     i32.const 0
//!                                 call_indirect $inspect (param externref) (result externref)
//!                                 ref.is_null
//! ```
//!
//! The host's function traps on a stand-in for an imported reference, and returns any other reference.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportKind, HeapType, Instruction, RefType, ValType};

use super::exports::Injected;
use super::{Additions, Guard};
use crate::guest::{Node, count};

/// The slots of the table: one function each for `externref`, `anyref` and `funcref`.
pub(crate) const SLOTS: u32 = 3;

/// Adds the table and the calls. Returns whether there are any calls.
pub(super) fn guard(module: &Node<'_>, guard: Guard, additions: &mut Additions) -> bool {
    let inspections = &module.code.inspections;
    if guard == Guard::Off || !module.has_stand_ins() || inspections.is_empty() {
        return false;
    }
    let first_type = count(module.types.len() + additions.types.len());
    for ty in [RefType::EXTERNREF, RefType::ANYREF, RefType::FUNCREF] {
        additions.add_type(module, [ValType::Ref(ty)], [ValType::Ref(ty)]);
    }
    let table = additions.add_table(module, SLOTS.into()).0;
    additions.export(Injected::Inspect, ExportKind::Table, table);
    for (position, ty) in inspections {
        let ty = RoundtripReencoder
            .ref_type(*ty)
            .expect("a valid module has no types that cannot be written");
        let slot = match ty.heap_type {
            HeapType::EXTERN => 0,
            HeapType::ANY => 1,
            _ => 2,
        };
        let mut code = vec![
            Instruction::I32Const(slot),
            Instruction::CallIndirect {
                type_index: first_type + slot.cast_unsigned(),
                table_index: table,
            },
        ];
        // The function returns its argument with the general type of its result, so it has to be cast back to its own type.
        match (ty.heap_type, ty.nullable) {
            (HeapType::EXTERN | HeapType::ANY | HeapType::FUNC, true) => {}
            (HeapType::EXTERN | HeapType::ANY | HeapType::FUNC, false) => {
                code.push(Instruction::RefAsNonNull);
            }
            (heap_type, true) => code.push(Instruction::RefCastNullable(heap_type)),
            (heap_type, false) => code.push(Instruction::RefCastNonNull(heap_type)),
        }
        additions.insert(*position, &code);
    }
    true
}
