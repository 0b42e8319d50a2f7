//! The tool as its users call it: `cargo preinit …`, by the real cargo.

mod cli;
mod e2e;
mod faults;
mod tool;
