//! Reads the input: the modules of a guest, and the instances made of them.
//!
//! **In** the bytes of a module or a component. **Out** a [`Guest`]: its modules, each a [`GuestModule`], and the instances made of
//! them.
//! **Keeps** code as byte ranges and indices: no tree of instructions is built here. **Refuses** bytes that are not a valid
//! module or component, with the position of the error.
//!
//! `proposals` decides, for every stage, which WebAssembly proposals are accepted.

pub(crate) mod answers;
mod bodies;
pub(crate) mod component;
pub(crate) mod counterparts;
pub(crate) mod counts;
pub(crate) mod debug_info;
mod error;
mod external;
mod facts;
pub(crate) mod graph;
pub(crate) mod index;
mod instantiate;
mod items;
pub(crate) mod javascript;
mod linking;
mod module;
mod noting;
mod operands;
mod proposals;
mod reader;
pub(crate) mod sdk;
pub(crate) mod stubs;
mod text;
mod tokens;
mod unsupported;
pub(crate) mod wiring;

pub(crate) use bodies::{Body, operands_of};
pub(crate) use component::wasi_interface;
pub use error::{GraphError, InputError};
pub(crate) use facts::{constant, is_marked};
pub(crate) use graph::Around;
pub use graph::{Guest, Node};
pub(crate) use linking::Linking;
pub use module::GuestModule;
pub(crate) use module::{
    CUSTOM_SECTION, DataSegment, Droppable, ElementSegment, Export, Import, ImportKind, RawSection,
    SegmentMode, count,
};
pub(crate) use operands::{Operand, OperandKind, leb128_len};
pub(crate) use proposals::{component_features, features, names_of};
#[cfg(feature = "cli")]
pub(crate) use text::is_text;
pub(crate) use text::to_binary;
