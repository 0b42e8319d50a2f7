//! Tests of `cargo preinit …`, which cargo runs.

mod cli;
mod e2e;
mod faults;
mod messages;
mod tool;
