//! Functions that the engine does not take: a call of one is a trap that says which it was.

use wasm_encoder::{Encode as _, Instruction};
use wasmparser::WasmFeatures;

use super::Additions;
use super::exports::{Injected, export_global};
use crate::guest::index::{FunctionIndex, enumerate};
use crate::guest::{Node, names_of};
use crate::shown;
use crate::text::demangle;

/// A function that the engine does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsupportedFunction {
    /// Its index in the guest.
    pub index: u32,
    /// Its name, demangled, where the module has one.
    pub name: Option<String>,
    /// The proposals that it needs and the engine does not have.
    pub proposals: String,
    /// Whether it only needs the proposal of legacy exceptions, which a tool can convert to standard ones.
    pub(crate) is_legacy_exception: bool,
}

impl std::fmt::Display for UnsupportedFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{}", shown::name(name))?,
            None => write!(f, "function {}", self.index)?,
        }
        write!(
            f,
            ", which uses {}, and the engine of the bake does not",
            self.proposals
        )
    }
}

/// The function and the proposals that it needs, if the engine does not take it.
pub(crate) fn unsupported_function(
    module: &Node<'_>,
    function: FunctionIndex,
) -> Option<UnsupportedFunction> {
    let proposals = module.body(function)?.unsupported?;
    Some(UnsupportedFunction {
        index: function.0,
        name: module.names.get(&function).map(|name| demangle(name)),
        proposals: names_of(proposals),
        is_legacy_exception: proposals == WasmFeatures::LEGACY_EXCEPTIONS,
    })
}

/// Replaces the instructions of each function that the engine does not take by a trap, and returns these functions.
pub(super) fn replace(module: &Node<'_>, additions: &mut Additions) -> Vec<UnsupportedFunction> {
    let mut functions = Vec::new();
    let mut flag = None;
    for (position, _) in enumerate(&module.bodies) {
        let index = FunctionIndex(module.imported_functions + position);
        let Some(function) = unsupported_function(module, index) else {
            continue;
        };
        functions.push(function);
        let flag = *flag.get_or_insert_with(|| {
            let flag = additions.flag(module);
            export_global(additions, Injected::Unsupported, flag);
            flag
        });
        let number = i32::try_from(functions.len()).unwrap_or(i32::MAX);
        let mut bytes = Vec::new();
        for instruction in [
            Instruction::I32Const(number),
            Instruction::GlobalSet(flag.0),
            Instruction::Unreachable,
        ] {
            instruction.encode(&mut bytes);
        }
        additions.replaced.insert(index, bytes);
    }
    functions
}
