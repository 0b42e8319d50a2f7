//! What there is to gain by removing dead code.
//!
//! Rewriting all code of a module that has next to none to lose costs more than that is worth. So code is followed from
//! function to function first, over what the module's reader has noted anyway.

use wasmparser::ExternalKind;

use super::parts::Parts;
use crate::guest::index::{FunctionIndex, enumerate};
use crate::guest::{GuestModule, is_marked};
use crate::init::InitPlan;
use crate::snapshot::Snapshot;

/// A module that is rewritten in no time, whatever there is to gain.
const SMALL: usize = 256 << 10;

/// Which part of a module has to go for it to be worth while.
const WORTH: usize = 100;

/// What is known of the code before it is read.
pub(super) struct Outlook {
    /// Whether the output without its data would get smaller by a hundredth.
    pub(super) is_worth_while: bool,
    /// The functions that calls and references lead to. All that are alive are among them, and few that are not.
    pub(super) reached: Vec<FunctionIndex>,
}

/// Follows the guest's code as far as it is known.
pub(super) fn outlook(
    parts: &Parts<'_>,
    guest: &GuestModule<'_>,
    plan: &InitPlan,
    snapshot: &Snapshot,
) -> Outlook {
    let data_id = u8::from(wasm_encoder::SectionId::Data);
    let data = parts.sections.iter().find(|section| section.id == data_id);
    let bytes = parts.wasm.len() - data.map_or(0, |section| section.range.len());
    let functions = parts
        .exports
        .iter()
        .filter(|export| matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact));
    let exported = functions.map(|export| FunctionIndex(export.index));
    let is_empty = |function| plan.constructors == Some(function) || snapshot.spent.contains(&function);
    let (gain, reached) = follow(guest, exported, is_empty);
    Outlook {
        is_worth_while: bytes <= SMALL || gain >= bytes / WORTH,
        reached,
    }
}

/// The bytes of the guest's bodies that nothing can reach, and those that linkers left in the calls of the others; and
/// these others. Any reference to a function keeps it, used or not. What is empty in the output calls nothing.
fn follow(
    guest: &GuestModule<'_>,
    exported: impl Iterator<Item = FunctionIndex>,
    is_empty: impl Fn(FunctionIndex) -> bool,
) -> (usize, Vec<FunctionIndex>) {
    let mut is_alive = vec![false; guest.functions.len()];
    let mut open: Vec<FunctionIndex> = Vec::new();
    let mut reach = |function: FunctionIndex, open: &mut Vec<FunctionIndex>| {
        if let Some(is_alive @ false) = is_alive.get_mut(function.position()) {
            *is_alive = true;
            open.push(function);
        }
    };
    for function in exported {
        reach(function, &mut open);
    }
    for (function, _) in enumerate(&guest.functions) {
        if is_marked(&guest.code.referenced_functions, function) {
            reach(FunctionIndex(function), &mut open);
        }
    }
    let mut padding = 0;
    while let Some(function) = open.pop() {
        if let Some(body) = guest.body(function).filter(|_| !is_empty(function)) {
            padding += body.padding;
            for callee in &body.callees {
                reach(*callee, &mut open);
            }
        }
    }
    let defined = is_alive.iter().skip(guest.imported_functions as usize);
    let dead = guest
        .bodies
        .iter()
        .zip(defined)
        .filter(|(_, is_alive)| !**is_alive);
    let gain = padding + dead.map(|(body, _)| body.range.len()).sum::<usize>();
    let reached = enumerate(&is_alive).filter(|(_, is_alive)| **is_alive);
    (
        gain,
        reached.map(|(function, _)| FunctionIndex(function)).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain_of(wasm: &[u8]) -> usize {
        let guest = GuestModule::parse(wasm).expect("valid");
        let exported: Vec<FunctionIndex> = guest
            .exports
            .iter()
            .map(|export| FunctionIndex(export.index))
            .collect();
        follow(&guest, exported.into_iter(), |_| false).0
    }

    fn check(wat: &str, expected: usize) {
        let wasm = wat::parse_str(wat).expect("valid");
        assert_eq!(gain_of(&wasm), expected, "{wat}");
    }

    #[test]
    fn only_what_nothing_reaches_is_gained() {
        // A body with one call is four bytes: no locals, the call, its number, the end.
        check(r#"(module (func $a (export "a") (call $b)) (func $b))"#, 0);
        check(r#"(module (func $a (call $b)) (func $b (call $a)))"#, 8);
        // The start function has run.
        check(r#"(module (func $a (call $b)) (func $b) (start $a))"#, 6);
        check(
            r#"(module (func $a (call $b)) (func $b) (table 1 funcref) (elem (i32.const 0) $a))"#,
            0,
        );
        check(r#"(module (import "" "" (func $i)) (func $a (call $i)))"#, 4);
    }

    #[test]
    fn room_in_numbers_is_gained() {
        let wasm = [
            &b"\0asm\x01\0\0\0"[..],
            b"\x01\x04\x01\x60\0\0",                         // a type
            b"\x03\x02\x01\0",                               // a function
            b"\x07\x05\x01\x01a\0\0",                        // its export
            b"\x0a\x0a\x01\x08\0\x10\x80\x80\x80\x80\0\x0b", // which calls itself with four bytes too many
        ]
        .concat();
        assert_eq!(gain_of(&wasm), 4);
    }
}
