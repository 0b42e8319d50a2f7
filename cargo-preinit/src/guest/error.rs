//! Errors of an input that is not a valid module or component.

use crate::shown;

/// How many core instances and component instances a graph may have: as many core instances as an engine takes by default.
pub(super) const MAX_INSTANCES: usize = 10_000;

/// How many definitions all instances of components may have together.
pub(super) const MAX_DEFINITIONS: usize = 10_000_000;

/// How many components may be instantiated inside one another.
pub(super) const MAX_DEPTH: usize = 100;

/// Why a component has no graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// A core module that is instantiated is imported.
    #[error("the component instantiates a core module that it imports")]
    ImportedModule,
    /// A component that is instantiated is imported.
    #[error("the component instantiates a component that it imports")]
    ImportedComponent,
    /// There are too many instances.
    #[error("the component makes more than {MAX_INSTANCES} instances")]
    TooMany,
    /// The instances are made of too much.
    #[error("the instances that the component makes have more than {MAX_DEFINITIONS} definitions")]
    TooLarge,
    /// Components are instantiated inside one another too often.
    #[error("the component instantiates components inside one another more than {MAX_DEPTH} times")]
    TooDeep,
    /// A table or a memory is given for an import whose addresses are of another size.
    #[error(
        "the component gives a core module a table or a memory with addresses of 32 bits where it imports one of 64, or the other way round"
    )]
    Addresses,
    /// The validator accepted what is not valid.
    #[error("the component names something that is not there")]
    Invalid,
}

/// Why the input cannot be read as a module.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The first bytes are not those of WebAssembly.
    #[error("this is not WebAssembly: the file does not start with `\\0asm`")]
    NotWasm,
    /// The component uses parts of the component model that a bake does not know. Holds their names.
    #[error("the component uses what a bake does not know of the component model: {0}")]
    ComponentModel(String),
    /// The component's nested components are too deep.
    #[error("the component is not read: {0}")]
    Nested(String),
    /// The component makes instances that cannot be followed.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The text format does not parse.
    #[error("the WebAssembly text does not parse\n{}", text_error(&.0.to_string()))]
    Text(#[source] wat::Error),
    /// The module ends in the middle.
    #[error("the module is cut off: it ends at byte {0:#x}, in the middle of a section")]
    Truncated(usize),
    /// The module declares something of proposals that the engine does not have. Holds their names.
    #[error(
        "the module declares what belongs to the proposal of {0}, which the engine of the bake does not have"
    )]
    Undeclarable(String),
    /// The module is not valid.
    #[error("the module is not valid: {} (at byte {:#x})", shown::line(.0.message()), .0.offset())]
    Invalid(#[source] wasmparser::Error),
}

impl InputError {
    pub(super) fn from_parser(error: wasmparser::Error, wasm: &[u8]) -> Self {
        if is_cut_off(wasm) {
            return Self::Truncated(wasm.len());
        }
        Self::Invalid(error)
    }
}

/// Whether the file ends within the header, or before a section's end.
fn is_cut_off(wasm: &[u8]) -> bool {
    /// The length of the magic number and the version, in bytes.
    const HEADER: usize = 8;
    let mut reader = wasmparser::BinaryReader::new(wasm, 0);
    if reader.read_bytes(HEADER).is_err() {
        return true;
    }
    while !reader.eof() {
        let section = reader.read_u8().and_then(|_| reader.read_var_u32());
        match section {
            Ok(len) if reader.read_bytes(len as usize).is_ok() => {}
            Ok(_) | Err(_) => return true,
        }
    }
    false
}

/// Escapes an error of the text format's parser: a message, which may quote any name of the module, and below it the
/// position, in lines that the parser makes.
fn text_error(error: &str) -> String {
    match error.rfind("\n     --> ") {
        Some(place) => shown::line(&error[..place]) + &shown::ours(&error[place..]),
        None => shown::line(error),
    }
}
