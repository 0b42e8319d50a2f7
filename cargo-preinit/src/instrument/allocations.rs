//! Counts the calls of the guest's allocator, for a profile.
//!
//! Names tell which functions allocate. There are three layers, and each calls the one below it:
//!
//! - `__rust_alloc` and its sisters, which all of Rust's code calls;
//! - `__rdl_alloc` or `__rg_alloc` and theirs, which stand for the default allocator or the one of `#[global_allocator]`;
//! - `malloc` and its sisters, of a libc.
//!
//! The first layer that is there is counted, unless the compiler has inlined it somewhere: then code other than that layer calls the one
//! below it, and that one is counted. Each counted function begins with code that adds to globals of the run copy. Before and after:
//!
//! ```wat
//! (func $__rust_alloc (param $size i32)    (func $__rust_alloc (param $size i32)
//!   (param $align i32) (result i32)          (param $align i32) (result i32)
//!                                            (global.set $calls (i64.add (global.get $calls) (i64.const 1)))
//!                                            (global.set $bytes (i64.add (global.get $bytes)
//!                                              (i64.extend_i32_u (local.get $size))))
//!   ...)                                     ...)
//! ```

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::{ConstExpr, GlobalType, Instruction};

use super::Additions;
use super::counter::Counter;
use super::exports::{Injected, export_global};
use crate::engine_limits::Countable;
use crate::guest::index::{FunctionIndex, GlobalIndex, enumerate};
use crate::guest::{GuestModule, Node};

/// The functions whose calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocator {
    /// Those that Rust's code calls: each says how many bytes it gives back.
    Rust,
    /// `malloc` and its sisters: `free` does not say how many bytes it gives back.
    C,
}

/// A number that a call adds to a counter.
#[derive(Debug, Clone, Copy)]
enum Amount {
    One,
    /// One, unless this parameter is null.
    OneUnlessNull(u32),
    Parameter(u32),
    /// The product of two parameters.
    Product(u32, u32),
}

/// What the calls of a function count as.
struct Operation {
    /// The function's name, without the layer's prefix.
    name: &'static str,
    parameters: usize,
    adds: &'static [(Counter, Amount)],
}

/// The functions of both layers of Rust.
const OF_RUST: [Operation; 4] = [
    Operation {
        name: "alloc",
        parameters: 2,
        adds: &[
            (Counter::Allocations, Amount::One),
            (Counter::BytesAllocated, Amount::Parameter(0)),
        ],
    },
    Operation {
        name: "alloc_zeroed",
        parameters: 2,
        adds: &[
            (Counter::Allocations, Amount::One),
            (Counter::BytesAllocated, Amount::Parameter(0)),
        ],
    },
    Operation {
        name: "realloc",
        parameters: 4,
        adds: &[
            (Counter::Reallocations, Amount::One),
            (Counter::BytesAllocated, Amount::Parameter(3)),
            (Counter::BytesFreed, Amount::Parameter(1)),
        ],
    },
    Operation {
        name: "dealloc",
        parameters: 3,
        adds: &[
            (Counter::Frees, Amount::One),
            (Counter::BytesFreed, Amount::Parameter(1)),
        ],
    },
];

const OF_C: [Operation; 7] = [
    Operation {
        name: "malloc",
        parameters: 1,
        adds: &[
            (Counter::Allocations, Amount::One),
            (Counter::BytesAllocated, Amount::Parameter(0)),
        ],
    },
    Operation {
        name: "calloc",
        parameters: 2,
        adds: &[
            (Counter::Allocations, Amount::One),
            (Counter::BytesAllocated, Amount::Product(0, 1)),
        ],
    },
    Operation {
        name: "realloc",
        parameters: 2,
        adds: &[
            (Counter::Reallocations, Amount::One),
            (Counter::BytesAllocated, Amount::Parameter(1)),
        ],
    },
    Operation {
        name: "aligned_alloc",
        parameters: 2,
        adds: &[
            (Counter::Allocations, Amount::One),
            (Counter::BytesAllocated, Amount::Parameter(1)),
        ],
    },
    Operation {
        name: "memalign",
        parameters: 2,
        adds: &[
            (Counter::Allocations, Amount::One),
            (Counter::BytesAllocated, Amount::Parameter(1)),
        ],
    },
    Operation {
        name: "posix_memalign",
        parameters: 3,
        adds: &[
            (Counter::Allocations, Amount::One),
            (Counter::BytesAllocated, Amount::Parameter(2)),
        ],
    },
    Operation {
        name: "free",
        parameters: 1,
        adds: &[(Counter::Frees, Amount::OneUnlessNull(0))],
    },
];

/// A layer's functions that the module has.
type Layer = BTreeMap<FunctionIndex, &'static Operation>;

/// Adds the counters, and code that counts. `None` if nothing tells which functions allocate, or if there is no room for the counters.
pub(super) fn count_calls(module: &Node<'_>, additions: &mut Additions) -> Option<Allocator> {
    let (layer, allocator) = counted(module)?;
    let has_room = |what: Countable, taken: usize| (taken + 2 * Counter::ALL.len()) as u64 <= what.most();
    let interface = module.exports.len() + module.imports.len() + additions.exports.len();
    if !has_room(Countable::Globals, module.globals.len() + additions.globals.len())
        || !has_room(Countable::InterfaceTypes, interface)
    {
        return None;
    }
    let counters = Counter::ALL.map(|counter| {
        let ty = GlobalType {
            val_type: wasm_encoder::ValType::I64,
            mutable: true,
            shared: false,
        };
        let global = additions.global(module, ty, &ConstExpr::i64_const(0));
        export_global(additions, Injected::Count(counter), global);
        (counter, global)
    });
    let counters = BTreeMap::from(counters);
    for (function, operation) in layer {
        if let Some(body) = module.body(function) {
            let code = counting(module, function, operation, &counters);
            additions.insert(body.code_start, &code);
        }
    }
    Some(allocator)
}

/// The layer that is counted.
fn counted(module: &GuestModule<'_>) -> Option<(Layer, Allocator)> {
    let names = functions_by_name(module);
    let of_rust = |prefix: &str| {
        layer(module, &OF_RUST, |name| {
            let name = format!("__{prefix}_{name}");
            // The mangled path `__rustc::__rust_alloc`.
            let mangled = format!("7___rustc{}_{name}", name.len());
            let found = names
                .iter()
                .find(|(known, _)| **known == name || (known.starts_with("_R") && known.ends_with(&mangled)));
            found.map(|(_, function)| *function)
        })
    };
    let outer = of_rust("rust");
    let inner: Layer = of_rust("rdl").into_iter().chain(of_rust("rg")).collect();
    let of_c = layer(module, &OF_C, |name| names.get(name).copied());
    let allocates = |layer: &Layer| {
        let mut adds = layer.values().flat_map(|operation| operation.adds);
        adds.any(|(counter, _)| *counter == Counter::Allocations)
    };
    let is_inlined = !inner.is_empty() && {
        let is_of_both =
            |function: &FunctionIndex| outer.contains_key(function) || inner.contains_key(function);
        callers(module, &inner).iter().any(|caller| !is_of_both(caller))
    };
    if allocates(&outer) && !is_inlined {
        return Some((outer, Allocator::Rust));
    }
    if allocates(&inner) {
        return Some((without_nested(module, inner), Allocator::Rust));
    }
    // Names of some of Rust's functions show that the others were inlined, and what calls `malloc` may be one of them or a libc.
    (outer.is_empty() && allocates(&of_c)).then(|| (without_nested(module, of_c), Allocator::C))
}

/// The functions by their names: those of the name section, and else of exports.
fn functions_by_name<'a>(module: &GuestModule<'a>) -> BTreeMap<&'a str, FunctionIndex> {
    let exports = module.exports.iter().filter_map(|export| {
        let function = FunctionIndex(export.index);
        export.is_function(function).then_some((export.name, function))
    });
    let named = module.names.iter().map(|(function, name)| (*name, *function));
    exports.chain(named).collect()
}

/// The functions of a layer that the module has and that have the right parameters.
fn layer(
    module: &GuestModule<'_>,
    operations: &'static [Operation],
    find: impl Fn(&str) -> Option<FunctionIndex>,
) -> Layer {
    let found = operations.iter().filter_map(|operation| {
        let function = find(operation.name)?;
        let ty = module.signature(function)?;
        let is_number =
            |ty: &wasmparser::ValType| matches!(ty, wasmparser::ValType::I32 | wasmparser::ValType::I64);
        let fits = ty.params().len() == operation.parameters && ty.params().iter().all(is_number);
        (fits && module.body(function).is_some()).then_some((function, operation))
    });
    found.collect()
}

/// The functions that call one of these directly.
fn callers(module: &GuestModule<'_>, layer: &Layer) -> BTreeSet<FunctionIndex> {
    let bodies = enumerate(&module.bodies)
        .filter(|(_, body)| body.callees().any(|callee| layer.contains_key(&callee)));
    bodies
        .map(|(position, _)| FunctionIndex(module.imported_functions + position))
        .collect()
}

/// Without the functions that leave their work to others of the layer, whose calls are counted.
fn without_nested(module: &GuestModule<'_>, layer: Layer) -> Layer {
    let nested = callers(module, &layer);
    layer
        .into_iter()
        .filter(|(function, _)| !nested.contains(function))
        .collect()
}

/// The code that counts a call.
fn counting(
    module: &GuestModule<'_>,
    function: FunctionIndex,
    operation: &Operation,
    counters: &BTreeMap<Counter, GlobalIndex>,
) -> Vec<Instruction<'static>> {
    let parameters = module.signature(function).map_or(&[][..], |ty| ty.params());
    let is_wide = |parameter: u32| parameters.get(parameter as usize) == Some(&wasmparser::ValType::I64);
    let number = |parameter: u32| {
        let extended = (!is_wide(parameter)).then_some(Instruction::I64ExtendI32U);
        [Instruction::LocalGet(parameter)].into_iter().chain(extended)
    };
    let mut code = Vec::new();
    for (counter, amount) in operation.adds {
        let global = counters[counter].0;
        code.push(Instruction::GlobalGet(global));
        match *amount {
            Amount::One => code.push(Instruction::I64Const(1)),
            Amount::OneUnlessNull(parameter) => {
                code.extend(number(parameter));
                code.extend([
                    Instruction::I64Const(0),
                    Instruction::I64Ne,
                    Instruction::I64ExtendI32U,
                ]);
            }
            Amount::Parameter(parameter) => code.extend(number(parameter)),
            Amount::Product(one, other) => {
                code.extend(number(one));
                code.extend(number(other));
                code.push(Instruction::I64Mul);
            }
        }
        code.extend([Instruction::I64Add, Instruction::GlobalSet(global)]);
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest::Guest;

    /// The names of the functions that are counted.
    fn check(text: &str, expected: Option<(&[&str], Allocator)>) {
        let wasm = wat::parse_str(text).expect("the text is a module");
        let guest = Guest::parse(&wasm).expect("it is valid");
        let node = guest.root();
        let found = counted(&node).map(|(layer, allocator)| {
            let names: Vec<&str> = layer.keys().map(|function| node.names[function]).collect();
            (names, allocator)
        });
        let expected = expected.map(|(names, allocator)| (names.to_vec(), allocator));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn rusts_functions_come_first() {
        let text = r#"(module
            (func $_RNvCs1_7___rustc12___rust_alloc (param i32 i32) (result i32) (call $__rdl_alloc (local.get 0) (local.get 1)))
            (func $_RNvCs1_7___rustc14___rust_dealloc (param i32 i32 i32))
            (func $__rdl_alloc (param i32 i32) (result i32) (call $malloc (local.get 0)))
            (func $malloc (param i32) (result i32) (local.get 0))
            (func $user (drop (call $_RNvCs1_7___rustc12___rust_alloc (i32.const 1) (i32.const 1)))))"#;
        let names = [
            "_RNvCs1_7___rustc12___rust_alloc",
            "_RNvCs1_7___rustc14___rust_dealloc",
        ];
        check(text, Some((&names, Allocator::Rust)));
    }

    #[test]
    fn where_they_are_inlined_the_layer_below_is_counted() {
        let text = r#"(module
            (func $__rust_alloc (param i32 i32) (result i32) (call $__rdl_alloc (local.get 0) (local.get 1)))
            (func $__rdl_alloc (param i32 i32) (result i32) (local.get 0))
            (func $user (drop (call $__rdl_alloc (i32.const 1) (i32.const 1)))))"#;
        check(text, Some((&["__rdl_alloc"], Allocator::Rust)));
    }

    #[test]
    fn a_libc_alone() {
        let text = r#"(module
            (func $malloc (param i32) (result i32) (local.get 0))
            (func $calloc (param i32 i32) (result i32) (call $malloc (local.get 0)))
            (func $free (param i32)))"#;
        check(text, Some((&["malloc", "free"], Allocator::C)));
        // These are others, or nobody knows.
        check(
            "(module (func $malloc (param f32) (result i32) (i32.const 0)))",
            None,
        );
        check("(module (func $free (param i32)))", None);
        check("(module (func (param i32) (result i32) (i32.const 0)))", None);
    }
}
