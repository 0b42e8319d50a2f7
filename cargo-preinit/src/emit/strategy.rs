//! Decides whether dead code is removed, before anything is written.
//!
//! Writing all code anew costs more than it is worth for a module with hardly any dead code. So the saving is estimated first:
//! calls are followed from function to function, over operands that the parser has recorded.

use wasm_encoder::SectionId;
use wasmparser::ExternalKind;

use super::depends::lost_section;
use super::draft::{AddedFunction, Draft};
use super::layout::Layout;
use super::liveness::{Alive, liveness};
use super::{EmitError, code};
use crate::guest::index::{FunctionIndex, enumerate};
use crate::guest::{Body, GuestModule, OperandKind, is_marked, leb128_len};
use crate::options::DeadCode;
use crate::shown;

/// A module of at most this many bytes, its data section aside, is relinked however little that saves.
const SMALL: usize = 256 << 10;

/// A larger module is relinked if that saves at least one in this many of its bytes.
const WORTH: usize = 100;

/// Why the output keeps dead code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// The options say so.
    AsAsked,
    /// This custom section would be wrong: it has positions in the code, or its format is not known.
    Section(String),
    /// Removing it would save less than a hundredth of the module without its data, or there is no dead code.
    NoGain,
}

impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AsAsked => f.write_str("as asked for"),
            Self::Section(name) => write!(f, "since {} depends on it", shown::name(name)),
            Self::NoGain => f.write_str("since little would be gained"),
        }
    }
}

/// How the output is written.
pub(super) struct Strategy {
    pub(super) layout: Layout,
    /// What is alive, if the rest is removed; otherwise why it is kept.
    pub(super) alive: Result<Alive, Kept>,
}

/// Decides how the output is written.
pub(super) fn strategy(draft: &Draft<'_>) -> Result<Strategy, EmitError> {
    let splice = |kept| {
        Ok(Strategy {
            layout: Layout::spliced(draft),
            alive: Err(kept),
        })
    };
    let guest = draft.context.guest;
    // Without an import, every function has another index.
    if !draft.context.plan.stubs.is_empty() {
        let alive = alive(draft)?;
        return Ok(Strategy {
            layout: alive.layout(draft),
            alive: Ok(alive),
        });
    }
    if draft.context.plan.dead_code == DeadCode::Keep {
        return splice(Kept::AsAsked);
    }
    if let Some((name, _)) = lost_section(guest, code::keeps_positions(draft)) {
        return splice(Kept::Section(name.to_owned()));
    }
    let data = u8::from(SectionId::Data);
    let data = guest.sections.iter().find(|section| section.id == data);
    let bytes = guest.wasm.len() - data.map_or(0, |section| section.range.len());
    let saved = saved_bytes(draft);
    if bytes > SMALL && saved < bytes / WORTH {
        return splice(Kept::NoGain);
    }
    let alive = alive(draft)?;
    let layout = alive.layout(draft);
    if saved == 0 && layout.indices.has_all() {
        return splice(Kept::NoGain);
    }
    Ok(Strategy {
        layout,
        alive: Ok(alive),
    })
}

fn alive(draft: &Draft<'_>) -> Result<Alive, EmitError> {
    liveness(draft).map_err(|error| EmitError::Bug(format!("what is alive cannot be told: {error}")))
}

/// Estimates how many bytes of code can go: bodies of functions that nothing refers to, the padding that linkers leave in the
/// operands of calls, and the contents of emptied bodies. A reference to a function keeps it, used or not.
fn saved_bytes(draft: &Draft<'_>) -> usize {
    /// The size of the body that replaces an emptied one, at most.
    const LEFT: usize = 3;
    let exports = draft.exports();
    let exported =
        exports.filter(|export| matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact));
    let guest = draft.context.guest;
    let called = draft.added_functions.iter().flat_map(AddedFunction::calls);
    follow(
        guest,
        exported.map(|export| FunctionIndex(export.index)).chain(called),
        |function, body| {
            draft
                .is_emptied(function)
                .then(|| body.range.len().saturating_sub(LEFT))
        },
    )
}

/// Follows calls from the exported and the referenced functions, and adds up the saving. `emptied` returns how many bytes the
/// body of an emptied function loses.
fn follow(
    guest: &GuestModule<'_>,
    exported: impl Iterator<Item = FunctionIndex>,
    emptied: impl Fn(FunctionIndex, &Body) -> Option<usize>,
) -> usize {
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
    let mut saved = 0;
    while let Some(function) = open.pop() {
        let Some(body) = guest.body(function) else {
            continue;
        };
        if let Some(bytes) = emptied(function, body) {
            saved += bytes;
            continue;
        }
        for operand in &body.operands {
            if operand.kind == OperandKind::Callee {
                saved += usize::from(operand.len).saturating_sub(leb128_len(operand.value));
                reach(FunctionIndex(operand.value), &mut open);
            }
        }
    }
    let defined = is_alive.iter().skip(guest.imported_functions as usize);
    let dead = guest
        .bodies
        .iter()
        .zip(defined)
        .filter(|(_, is_alive)| !**is_alive);
    saved + dead.map(|(body, _)| body.range.len()).sum::<usize>()
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
        follow(&guest, exported.into_iter(), |_, _| None)
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
