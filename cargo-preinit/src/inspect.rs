//! Tells what a module or a component has, and where its bytes are.
//!
//! **In** bytes, in the binary or the text format. **Out** plain values that a program can print or serialise. Nothing runs here.
//! **Takes** whatever is valid, also what a bake refuses.

mod crates;
mod expressions;
mod memories;
mod read;
mod sizes;

pub use crates::{CPP, NO_NAME, UNMANGLED};
pub use sizes::{CrateSize, CustomSize, DataSize, FunctionSize, SectionSize, Sizes, sizes};
