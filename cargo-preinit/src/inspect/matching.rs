//! Which function of a module is which one of another.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::Encode as _;
use wasm_encoder::reencode::{Error, Reencode};

use super::read::PlacedModule;
use crate::guest::index::FunctionIndex;
use crate::guest::{Body, GuestModule, OperandKind};
use crate::wasm::splice::encoded;

/// The functions of two modules that are the same one, changed or not.
#[derive(Debug, Default)]
pub(crate) struct Matching {
    /// Pairs with equal code, indices aside; those of imports with equal names.
    pub(crate) same: BTreeMap<FunctionIndex, FunctionIndex>,
    /// Pairs with equal names and other code.
    pub(crate) changed: BTreeMap<FunctionIndex, FunctionIndex>,
    /// The functions of the old module that the new one does not have.
    pub(crate) removed: Vec<FunctionIndex>,
    /// The functions of the new module that the old one does not have.
    pub(crate) added: Vec<FunctionIndex>,
}

impl Matching {
    /// Matches functions by name, and where one has none, by the bytes of its code, indices aside.
    pub(crate) fn of(old: &PlacedModule<'_>, new: &PlacedModule<'_>) -> Self {
        let mut matching = Self::default();
        let name = |left: FunctionIndex, of: Side| side(of, old, new).names.name(left);
        let form = |left: FunctionIndex, of: Side| Some(form(&side(of, old, new).module, left));
        let [mut old_left, mut new_left] = [own(old), own(new)];
        // By name, first those with equal code.
        matching.pair((&mut old_left, &mut new_left), |left, of| {
            Some((name(left, of)?, form(left, of)))
        });
        let mut by_name = Self::default();
        by_name.pair((&mut old_left, &mut new_left), name);
        matching.changed = by_name.same;
        // By code, where one of the two has no name. A function that is no longer exported may have lost its only one.
        let (mut old_named, mut old_nameless) = by_naming(old, old_left);
        let (mut new_named, mut new_nameless) = by_naming(new, new_left);
        matching.pair((&mut old_nameless, &mut new_nameless), form);
        matching.pair((&mut old_named, &mut new_nameless), form);
        matching.pair((&mut old_nameless, &mut new_named), form);
        matching.removed = old_named.union(&old_nameless).copied().collect();
        matching.added = new_named.union(&new_nameless).copied().collect();
        let [mut old_imports, mut new_imports] = [imported(old), imported(new)];
        matching.pair((&mut old_imports, &mut new_imports), name);
        matching
    }

    /// Pairs what has equal keys, in the order of the indices, and removes it from what is left.
    fn pair<K: Ord>(
        &mut self,
        (old, new): (&mut BTreeSet<FunctionIndex>, &mut BTreeSet<FunctionIndex>),
        key: impl Fn(FunctionIndex, Side) -> Option<K>,
    ) {
        let mut by_key: BTreeMap<K, Vec<FunctionIndex>> = BTreeMap::new();
        for left in new.iter().rev() {
            if let Some(key) = key(*left, Side::New) {
                by_key.entry(key).or_default().push(*left);
            }
        }
        old.retain(|left| {
            let found = key(*left, Side::Old)
                .and_then(|key| by_key.get_mut(&key))
                .and_then(Vec::pop);
            if let Some(found) = found {
                new.remove(&found);
                self.same.insert(*left, found);
            }
            found.is_none()
        });
    }

    /// Whether a function of the old module is that of the new one.
    pub(crate) fn is_same(&self, old: u32, new: u32) -> bool {
        let (old, new) = (FunctionIndex(old), FunctionIndex(new));
        self.same.get(&old) == Some(&new) || self.changed.get(&old) == Some(&new)
    }
}

#[derive(Debug, Clone, Copy)]
enum Side {
    Old,
    New,
}

fn side<'s, 'a>(of: Side, old: &'s PlacedModule<'a>, new: &'s PlacedModule<'a>) -> &'s PlacedModule<'a> {
    match of {
        Side::Old => old,
        Side::New => new,
    }
}

/// The functions that a module defines.
fn own(placed: &PlacedModule<'_>) -> BTreeSet<FunctionIndex> {
    let module = &placed.module;
    let count = crate::guest::count(module.functions.len());
    (module.imported_functions..count).map(FunctionIndex).collect()
}

/// The functions that a module imports.
fn imported(placed: &PlacedModule<'_>) -> BTreeSet<FunctionIndex> {
    (0..placed.module.imported_functions).map(FunctionIndex).collect()
}

/// Splits functions by whether they have a name.
fn by_naming(
    placed: &PlacedModule<'_>,
    functions: BTreeSet<FunctionIndex>,
) -> (BTreeSet<FunctionIndex>, BTreeSet<FunctionIndex>) {
    functions
        .into_iter()
        .partition(|function| placed.names.raw(*function).is_some())
}

/// The code of a function without its indices, and without what linkers leave room for.
fn form(module: &GuestModule<'_>, function: FunctionIndex) -> Vec<u8> {
    let Some(body) = module.body(function) else {
        return Vec::new();
    };
    let bytes = module.bytes(&body.range);
    if body.is_irregular {
        return bytes.to_vec();
    }
    plain(body, bytes)
}

fn plain(body: &Body, bytes: &[u8]) -> Vec<u8> {
    let mut form = Vec::with_capacity(bytes.len());
    let mut copied = 0;
    for operand in &body.operands {
        let start = operand.offset as usize;
        form.extend_from_slice(&bytes[copied..start]);
        copied = operand.end();
        match operand.kind {
            OperandKind::Callee
            | OperandKind::Function
            | OperandKind::Global
            | OperandKind::TypeAndTable
            | OperandKind::Nop => {}
            // The number as short as it can be.
            OperandKind::Number => form.extend(encoded(&operand.value.cast_signed())),
            OperandKind::Offset => form.extend(encoded(&operand.value)),
            OperandKind::Instruction => {
                let instruction = operand.instruction(bytes).ok();
                match instruction.and_then(|instruction| WithoutIndices.instruction(instruction).ok()) {
                    Some(instruction) => instruction.encode(&mut form),
                    None => form.extend_from_slice(operand.bytes(bytes)),
                }
            }
        }
    }
    form.extend_from_slice(&bytes[copied..]);
    form
}

/// Writes an instruction as short as it can be, with 0 for each index.
struct WithoutIndices;

macro_rules! without {
    ($($method:ident)*) => {$(
        fn $method(&mut self, _: u32) -> Result<u32, Error<Infallible>> {
            Ok(0)
        }
    )*};
}

impl Reencode for WithoutIndices {
    type Error = Infallible;

    without! {
        type_index function_index table_index memory_index global_index tag_index element_index data_index
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::File;
    use super::*;

    fn check(old: &str, new: &str, expected: [&[(u32, u32)]; 2], removed: &[u32], added: &[u32]) {
        let [old, new] = [old, new].map(|wat| wat::parse_str(wat).expect("it parses"));
        let [old, new] = [&old, &new].map(|wasm| File::read(wasm).expect("it is valid"));
        let matching = Matching::of(&old.modules[0], &new.modules[0]);
        let pairs = |pairs: &BTreeMap<FunctionIndex, FunctionIndex>| -> Vec<(u32, u32)> {
            pairs.iter().map(|(old, new)| (old.0, new.0)).collect()
        };
        let indices = |all: &[FunctionIndex]| -> Vec<u32> { all.iter().map(|index| index.0).collect() };
        assert_eq!(pairs(&matching.same), expected[0]);
        assert_eq!(pairs(&matching.changed), expected[1]);
        assert_eq!(indices(&matching.removed), removed);
        assert_eq!(indices(&matching.added), added);
    }

    #[test]
    fn names_come_first() {
        check(
            "(module (func $a nop) (func $b (call $a)) (func $gone unreachable))",
            "(module (func $new return) (func $b (call $a)) (func $a (call $b)))",
            [&[(1, 1)], &[(0, 2)]],
            &[2],
            &[0],
        );
    }

    #[test]
    fn code_says_which_nameless_function_it_is() {
        check(
            r#"(module (import "m" "f" (func)) (func (call 0) (call 2)) (func (export "init") (drop (i32.const 7))) (func unreachable))"#,
            r#"(module (func (drop (i32.const 7))) (func (call 0) (call 0)) (func return))"#,
            [&[(1, 1), (2, 0)], &[]],
            &[3],
            &[2],
        );
    }

    /// A linker leaves room in the address of a vector that is loaded.
    #[test]
    fn room_in_numbers_is_no_change() {
        let wasm = |load: &[u8]| {
            let body = [&b"\0\x41\0"[..], load, b"\x1a\x0b"].concat();
            let len = u8::try_from(body.len()).expect("it is short");
            let code = [&[len + 2, 1, len][..], &body].concat();
            [
                &b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\x0a"[..],
                &*code,
            ]
            .concat()
        };
        let (padded, short) = (wasm(b"\xfd\0\x04\x88\x80\x80\x80\0"), wasm(b"\xfd\0\x04\x08"));
        let [old, new] = [&padded, &short].map(|wasm| File::read(wasm).expect("it is valid"));
        let matching = Matching::of(&old.modules[0], &new.modules[0]);
        assert!(
            matching.is_same(0, 0) && matching.added.is_empty(),
            "{matching:?}"
        );
    }

    #[test]
    fn of_equal_names_equal_code_counts() {
        check(
            r#"(module (func $a (@name "x") nop) (func $b (@name "x") unreachable))"#,
            r#"(module (func $a (@name "x") unreachable) (func $b (@name "x") return))"#,
            [&[(1, 0)], &[(0, 1)]],
            &[],
            &[],
        );
    }
}
