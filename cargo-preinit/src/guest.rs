//! What the input is.
//!
//! **In** the bytes of a module. **Out** a [`Guest`]: its modules, each a [`GuestModule`], and which instances are made of them. **Keeps** nothing but indices and byte ranges: the guest's
//! code is never decoded into a tree here. **Refuses** what is not a valid core module, with the position.
//!
//! The features accepted here are decided in `proposals`, in one place for every stage.

pub(crate) mod answers;
mod bodies;
mod error;
mod external;
mod facts;
pub(crate) mod graph;
pub(crate) mod index;
mod linking;
mod module;
mod operands;
mod proposals;
mod reader;
pub(crate) mod sdk;
mod text;
mod tokens;
mod unsupported;

pub(crate) use bodies::Body;
pub use error::InputError;
pub(crate) use facts::{constant, is_marked};
pub use graph::{Guest, Node};
pub(crate) use linking::Linking;
pub use module::GuestModule;
pub(crate) use module::{
    CUSTOM_SECTION, DataSegment, Droppable, ElementSegment, Export, Import, ImportKind, RawSection,
    SegmentMode, count,
};
pub(crate) use operands::{Operand, OperandKind, leb128_len};
pub(crate) use proposals::{features, names_of};
pub(crate) use text::to_binary;
