//! Tells what a module or a component has, and where its bytes are.
//!
//! **In** bytes, in the binary or the text format. **Out** plain values that a program can print or serialise. Nothing runs here.
//! **Takes** whatever is valid, also what a bake refuses.

use serde::Serialize;

mod address;
mod changes;
mod compare;
mod crates;
mod error;
mod expressions;
mod inspection;
mod items;
mod matching;
mod memories;
mod module;
mod producers;
mod read;
mod sizes;
mod stamp;
mod tables;
mod why;

pub use address::{
    AddressIn, AddressReason, AfterInit, LastChange, SegmentAt, Symbol, Writer, item_address, why_address,
};
pub use changes::{
    AddressRange, Change, ChangedFunction, Comparison, FunctionChanges, GlobalChange, MemoryChange,
    ModuleComparison, Names, SizeChange, SizedFunction, SlotChange, TableChange,
};
pub use compare::compare;
pub use crates::{CPP, NO_NAME, UNMANGLED};
pub use error::{CompareError, QuestionError};
pub use expressions::{Function, Value};
pub use inspection::{Component, ComponentItem, Inspection, inspect};
pub use items::{InspectedItem, ItemPlace};
pub(crate) use memories::Contents;
pub use module::{Element, ElementMode, Export, Global, Import, Memory, Module, Table};
pub use producers::Producer;
#[cfg(feature = "cli")]
pub(crate) use producers::made_by;
pub use sizes::{CrateSize, CustomSize, DataSize, FunctionSize, SectionSize, Sizes, sizes};
pub use stamp::{Stamp, StampedMemory, StampedTable};
pub use tables::Slot;
pub use why::{By, FunctionReason, PathItem, PathStep, why_function};

/// The answer to a question about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "subject", rename_all = "kebab-case")]
pub enum Explanation {
    /// Why a function is in it.
    Function(FunctionReason),
    /// What is at an address of its memories.
    Address(AddressReason),
}
