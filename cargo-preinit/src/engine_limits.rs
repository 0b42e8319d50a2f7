//! How much engines take of a module: the limits that all of them share, so that a module loads in each, from the JavaScript API's
//! [implementation-defined limits][js] and wasmparser's, which are wasmtime's.
//!
//! Both the run copy and the output have a few things that the guest has not. A guest that is at a limit already has no room for
//! them, and is told so.
//!
//! [js]: https://webassembly.github.io/spec/js-api/#limits

use std::fmt;

use crate::refusal::Refusal;

/// How many results a function may have.
pub(crate) const MAX_RESULTS: usize = 1_000;

/// Something of which a module can only have so many.
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
    /// The types of imports and exports, each of which counts as one and as many as it has parameters and results. Other engines do
    /// not count them.
    InterfaceTypes,
    /// Element segments.
    ElementSegments,
    /// Data segments.
    DataSegments,
    /// The bytes of one function.
    FunctionBytes,
}

impl Countable {
    /// How many there can be.
    pub(crate) fn most(self) -> u64 {
        match self {
            Self::Types | Self::Functions | Self::Globals => 1_000_000,
            // The module itself counts as one, and all have to be less than a million.
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

/// Which of the two modules that are made from a guest.
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

/// What is beyond a limit. `counts` says of each thing how many the guest has, and how many the other module has.
pub(crate) fn exceeded(
    made: Made,
    counts: impl IntoIterator<Item = (Countable, usize, usize)>,
) -> Vec<Refusal> {
    let beyond = counts
        .into_iter()
        .filter(|(what, _, count)| *count as u64 > what.most());
    beyond
        .map(|(what, has, count)| Refusal::EngineLimit {
            made,
            what,
            has: has as u64,
            needs: count as u64,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, Function, FunctionSection, Module, TypeSection,
    };

    use super::*;

    /// The engine's own words for these limits.
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
        // The locals' count, the instructions and the end: as many bytes as asked for.
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
