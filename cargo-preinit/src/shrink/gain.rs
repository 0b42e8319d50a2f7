//! What there is to gain by removing dead code.
//!
//! walrus takes seconds and a gigabyte for a module of 30 MB. So code is followed from function to function first, over
//! what the module's reader has noted anyway.

use wasmparser::ExternalKind;

use crate::index::FunctionIndex;
use crate::module::{GuestModule, is_marked};

/// A module of which walrus makes short work, whatever there is to gain.
const SMALL: usize = 256 << 10;

/// Which part of a module has to go for it to be worth while.
const WORTH: usize = 100;

/// Whether the module without its data would get smaller by a hundredth, as far as that can be told without doing it.
pub(super) fn is_worth_while(module: &GuestModule<'_>) -> bool {
    let data_id = u8::from(wasm_encoder::SectionId::Data);
    let data = module.sections.iter().find(|section| section.id == data_id);
    let bytes = module.wasm.len() - data.map_or(0, |section| section.range.len());
    bytes <= SMALL || gain(module) >= bytes / WORTH
}

/// The bytes of bodies that nothing can reach, and those that linkers left in the calls of the others. Any reference to a
/// function keeps it, used or not.
fn gain(module: &GuestModule<'_>) -> usize {
    let mut is_alive = vec![false; module.functions.len()];
    let mut open: Vec<FunctionIndex> = Vec::new();
    let mut reach = |function: FunctionIndex, open: &mut Vec<FunctionIndex>| {
        if let Some(is_alive @ false) = is_alive.get_mut(function.position()) {
            *is_alive = true;
            open.push(function);
        }
    };
    for export in &module.exports {
        if matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact) {
            reach(FunctionIndex(export.index), &mut open);
        }
    }
    for (function, _) in crate::index::enumerate(&module.functions) {
        if is_marked(&module.code.referenced_functions, function) {
            reach(FunctionIndex(function), &mut open);
        }
    }
    if let Some(start) = module.start {
        reach(start, &mut open);
    }
    let mut padding = 0;
    while let Some(function) = open.pop() {
        if let Some(body) = module.body(function) {
            padding += body.padding;
            for callee in &body.callees {
                reach(*callee, &mut open);
            }
        }
    }
    let defined = is_alive.iter().skip(module.imported_functions as usize);
    let dead = module
        .bodies
        .iter()
        .zip(defined)
        .filter(|(_, is_alive)| !**is_alive);
    padding + dead.map(|(body, _)| body.range.len()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wat: &str, expected: usize) {
        let wasm = wat::parse_str(wat).expect("valid");
        assert_eq!(
            gain(&GuestModule::parse(&wasm).expect("valid")),
            expected,
            "{wat}"
        );
    }

    #[test]
    fn only_what_nothing_reaches_is_gained() {
        // A body with one call is four bytes: no locals, the call, its number, the end.
        check(r#"(module (func $a (export "a") (call $b)) (func $b))"#, 0);
        check(r#"(module (func $a (call $b)) (func $b (call $a)))"#, 8);
        check(r#"(module (func $a (call $b)) (func $b) (start $a))"#, 0);
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
        assert_eq!(gain(&GuestModule::parse(&wasm).expect("valid")), 4);
    }
}
