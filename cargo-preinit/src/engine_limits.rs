//! The limits of engines, so that a module within them loads in each: from the JavaScript API's [implementation-defined
//! limits][js] and wasmparser's, which are wasmtime's.
//!
//! The run copy and the output have a few more entities than the guest. A guest for which they would exceed a limit is
//! refused.
//!
//! [js]: https://webassembly.github.io/spec/js-api/#limits

use std::fmt;

/// How many results a function may have.
pub(crate) const MAX_RESULTS: usize = 1_000;

/// What engines limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Countable {
    /// Types.
    Types,
    /// Functions, imported ones among them.
    Functions,
    /// Tables, imported ones among them.
    Tables,
    /// Globals, imported ones among them.
    Globals,
    /// The types of imports and exports: each counts as one, and one more for each parameter and result. Only wasmparser
    /// counts them.
    InterfaceTypes,
    /// Element segments.
    ElementSegments,
    /// Data segments.
    DataSegments,
    /// The bytes of one function.
    FunctionBytes,
}

impl Countable {
    /// The highest number that engines take.
    pub(crate) fn most(self) -> u64 {
        match self {
            Self::Types | Self::Functions | Self::Globals => 1_000_000,
            // The module itself counts as one, and the sum has to be less than a million.
            Self::InterfaceTypes => 999_998,
            Self::Tables => 100,
            Self::ElementSegments | Self::DataSegments => 100_000,
            Self::FunctionBytes => 7_654_321,
        }
    }
}

impl fmt::Display for Countable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Types => "types",
            Self::Functions => "functions",
            Self::Tables => "tables",
            Self::Globals => "globals",
            Self::InterfaceTypes => "types of imports and exports, parameters and results counted,",
            Self::ElementSegments => "element segments",
            Self::DataSegments => "data segments",
            Self::FunctionBytes => "bytes in one function",
        })
    }
}

/// A module that is made from a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// The copy whose init is run.
    RunCopy,
    /// The baked module.
    Output,
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RunCopy => "the copy of it that is run",
            Self::Output => "the baked module",
        })
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, Function, FunctionSection, Module, TypeSection,
    };

    use super::*;

    /// wasmparser takes a module at a limit, and none beyond it.
    #[test]
    fn the_engine_takes_that_many_and_no_more() {
        let is_valid = |module: Module| wasmparser::validate(&module.finish()).is_ok();
        let most = |what: Countable| u32::try_from(what.most()).expect("a module counts in 32 bits");
        let types = |count: u32| {
            let mut section = TypeSection::new();
            for _ in 0..count {
                section.ty().function([], []);
            }
            let mut module = Module::new();
            module.section(&section);
            module
        };
        let segments = |count: u32| {
            let mut section = ElementSection::new();
            for _ in 0..count {
                section.passive(Elements::Functions([].as_slice().into()));
            }
            let mut module = Module::new();
            module.section(&section);
            module
        };
        let results = |count: usize| {
            let mut section = TypeSection::new();
            section
                .ty()
                .function([], std::iter::repeat_n(wasm_encoder::ValType::I32, count));
            let mut module = Module::new();
            module.section(&section);
            module
        };
        // Two bytes are the number of locals and the `end`; the rest are `nop`.
        let bytes = |count: usize| {
            let mut types = TypeSection::new();
            types.ty().function([], []);
            let mut functions = FunctionSection::new();
            functions.function(0);
            let mut body = Function::new([]);
            body.raw(std::iter::repeat_n(0x01, count - 2));
            body.raw([0x0b]);
            let mut code = CodeSection::new();
            code.function(&body);
            let mut module = Module::new();
            module.section(&types).section(&functions).section(&code);
            module
        };
        let globals = |count: u32| {
            let mut section = wasm_encoder::GlobalSection::new();
            let ty = wasm_encoder::GlobalType {
                val_type: wasm_encoder::ValType::I32,
                mutable: false,
                shared: false,
            };
            for _ in 0..count {
                section.global(ty, &ConstExpr::i32_const(0));
            }
            let mut module = Module::new();
            module.section(&section);
            module
        };
        let check = |what: &str, at: Module, beyond: Module| {
            assert!(is_valid(at), "{what}: the limit is valid");
            assert!(!is_valid(beyond), "{what}: more is not");
        };
        let limit = most(Countable::Types);
        check("types", types(limit), types(limit + 1));
        let limit = most(Countable::Globals);
        check("globals", globals(limit), globals(limit + 1));
        let limit = most(Countable::ElementSegments);
        check("segments", segments(limit), segments(limit + 1));
        let limit = most(Countable::FunctionBytes) as usize;
        check("bytes", bytes(limit), bytes(limit + 1));
        check("results", results(MAX_RESULTS), results(MAX_RESULTS + 1));
    }
}
