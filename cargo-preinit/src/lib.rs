//! Runs the initialisation of a WebAssembly guest at build time, and ships the result.
//!
//! This is the library behind the subcommand `cargo preinit`. [`bake`] is the whole of it for who has a module and no
//! cargo at hand: bytes in, bytes out.
//!
//! # The map
//!
//! The modules below stand in the order in which a guest passes through them.
//!
//! | Stage | From | To |
//! |---|---|---|
//! | [`cli`] | arguments | a request |
//! | [`plan`] | the request, cargo's metadata | which packages to build for which target |
//! | [`build`] | the plan | artifacts, from cargo's own messages |
//! | [`bake()`] | bytes | bytes; the stages from here on |
//! | `module` | bytes | what the module is, by its indices |
//! | `init` | the module | what to run |
//! | `instrument` | the module | a copy whose private state can be read |
//! | [`run`] | the copy | a live instance after init |
//! | `capture` | the instance | a snapshot of plain values |
//! | `image` | the snapshot's memories | segments, shaped for the engine that will load them |
//! | `rewrite` | the module, snapshot, image | the baked bytes |
//! | `verify` | the baked bytes, the snapshot | nothing, or a bug |
//! | [`write`](mod@write) | the baked bytes | a file, whole or not at all |
//! | [`report`] | events of all stages | what the user sees |
//!
//! Only `build` and `toolchain` start programs, only `run` executes guest code, only `write` writes files, only
//! `shell` prints.

pub mod cli;
pub mod env;
pub mod plan;
pub mod toolchain;

mod bake;
pub mod build;
mod index;
mod init;
mod module;
mod sdk;

mod instrument;
mod snapshot;

mod capture;
mod image;
mod rewrite;
pub mod run;
mod verify;

pub mod error;
pub mod exit_code;
pub mod pipeline;
pub mod report;
pub mod shell;
pub mod write;

mod options;
mod refusal;

pub use bake::{BakeError, BakeReport, Baked, Warning, bake};
pub use image::Mapping;
pub use index::{DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex};
pub use init::{InitError, InitWarning};
pub use module::InputError;
pub use options::{
    BakeOptions, CompilationCache, KeepInit, Limits, MappedDir, Rename, Stdin, Wasi, WasiOptions,
};
pub use pipeline::main;
pub use refusal::{Place, ReferenceKind, Refusal, Refusals, Space};
pub use rewrite::RewriteError;
pub use sdk::{Item, ItemKind};
pub use verify::VerifyError;
