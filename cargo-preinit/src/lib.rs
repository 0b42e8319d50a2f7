//! Runs the initialisation of a WebAssembly guest at build time, and ships the result.
//!
//! This is the library behind the subcommand `cargo preinit`. A program that has a module and no cargo uses [`Baker`]: bytes in,
//! bytes out, with [`HostFunctions`] for the imports that init calls. [`Prepared`] bakes a module in several variants, [`verify()`]
//! compares a baked module with its original, and [`BakeOptions::precompile`] has wasmtime compile the output ahead of time.
//!
//! How guests are written and baked is in the [`guide`].
//!
//! The subcommand is behind the feature `cli`, which is on by default: `default-features = false` leaves it out, together with all
//! code for cargo and the terminal.
//!
//! Init always ends: [`Limits`] bounds its time and its memory. The time and memory of compilation are bounded by the subcommand
//! only, which ends its process at the bound. A program that bakes untrusted modules should do so in a separate process.
//!
//! # The map
//!
//! The table lists the modules in the order in which a guest passes through them.
//!
//! | Stage | From | To |
//! |---|---|---|
//! | [`cli`] | arguments | a request |
//! | [`cargo::workspace`] | the request, cargo's metadata | a plan: which packages to build for which target |
//! | [`cargo::build`](mod@cargo::build) | the plan | artifacts, from cargo's own messages |
//! | [`bake()`] | bytes | bytes; the stages from here on |
//! | [`guest`] | bytes | the parsed module, by index |
//! | [`init`] | the module | a plan of the functions to run |
//! | [`instrument`] | the module | a copy that exports the private state too |
//! | [`run`] | the copy | a live instance after init |
//! | [`capture`] | the instance | a snapshot of plain values |
//! | [`scrub`](mod@scrub) | the snapshot | the snapshot, with zeros for the bytes that the guest no longer reads |
//! | [`image`] | the snapshot's memories | segments, shaped for the engine that will load them |
//! | [`emit`](mod@emit) | the module, an edit plan, snapshot, image | the baked bytes, without the code that only init reached |
//! | [`check_output`](mod@check_output) | the baked bytes, the module, the snapshot | nothing, or an error that is a bug of this tool |
//! | [`post_process`](mod@post_process) | the baked bytes, the user's commands | the bytes that these wrote; optional |
//! | [`verify`](mod@verify) | guest and baked module, calls | the differences; optional |
//! | [`precompile`](mod@precompile) | the baked bytes | images for an engine to load; optional |
//! | [`inspect`](mod@inspect) | the bytes of any module | what it has, and where its bytes are; of no bake |
//! | [`write`](mod@write) | the baked bytes | a file, whole or not at all |
//! | [`fingerprint`] | the inputs of the last bake | whether another bake would write the same |
//! | [`report`] | events of all stages | what the user sees |
//!
//! Every stage is public, so that a program can work between two of them:
//!
//! ```
//! use cargo_preinit::guest::Guest;
//! use cargo_preinit::{BakeOptions, HostFunctions, capture, check_output, emit, image, init, instrument, run, scrub};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let wasm = wat::parse_str(r#"(module (memory 1) (func (export "init") (i32.store8 (i32.const 7) (i32.const 1))))"#)?;
//! let options = BakeOptions { init_functions: vec!["init".to_owned()], ..BakeOptions::default() };
//! let mut guest = Guest::parse(&wasm)?;
//! guest.answer(&options.imports)?;
//! let plan = init::plan(&guest, &options)?;
//! let copy = instrument::instrument(&guest, &plan)?;
//! let mut ran = run::run(&guest, &copy, &plan, &options, &HostFunctions::default())?;
//! let (snapshot, refusals) = capture::capture(&guest, &copy, &mut ran.live, options.memory_scan)?;
//! assert!(refusals.0.is_empty());
//! let scrub::Scrubbed { snapshot, .. } = scrub::scrub(&guest, snapshot, options.scrub_heap);
//! let node = guest.root();
//! let instance = snapshot.instance(&node);
//! let image = image::image(&node, instance, options.memory_layout)?;
//! let edits = emit::edit_plan(&node, plan.of(&node), &ran.summary, &options);
//! let baked = emit::emit(&node, &edits, instance, &image)?;
//! check_output::check_output(&baked, &node, &edits, instance)?;
//! # Ok(())
//! # }
//! ```
//!
//! Only `cargo` and `post_process` start programs, only `run` executes guest code, apart from the host of `cargo preinit run`, and only `write` writes outputs. `shell` prints what goes to standard error, but
//! clap's messages and the spinner.

// The subcommand.
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod commands;

#[cfg(feature = "cli")]
pub mod cargo;

// The pipeline, and its stages in their order.
mod bake_error;
mod pipeline;
mod stack;

pub mod guest;

pub mod init;

mod preflight;

pub mod instrument;

pub mod run;

pub mod snapshot;

pub mod capture;

pub mod scrub;

pub mod image;

pub mod emit;

pub mod check_output;

pub mod verify;

pub mod post_process;

pub mod precompile;

// What a module has, baked or not.
pub mod inspect;

// Output files, and messages.
#[cfg(feature = "cli")]
pub mod fingerprint;
#[cfg(feature = "cli")]
mod output_cache;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
mod watch;
#[cfg(feature = "cli")]
pub mod write;

#[cfg(feature = "cli")]
pub mod env;
#[cfg(feature = "cli")]
pub mod error;
#[cfg(feature = "cli")]
pub mod exit_code;
#[cfg(feature = "cli")]
pub mod shell;

// Shared by several of these.
mod cache;
mod call;
mod clock;
mod engine_limits;
mod hash;
mod impurity;
mod leaks;
mod options;
mod oversize;
mod refusal;
mod shown;
mod text;
mod warning;
mod wasm;

// Of use to readers only.
#[cfg(doc)]
pub mod guide;

pub use bake_error::BakeError;
pub use call::{Call, CallError};
#[cfg(feature = "cli")]
pub use cargo::build::answer_cargo;
pub use check_output::CheckError;
pub use clock::{Progress, Stage};
#[cfg(feature = "cli")]
pub use commands::main;
pub use emit::stubs::ReachedStub;
pub use emit::{EmitError, Kept};
pub use engine_limits::{Countable, Made};
pub use guest::answers::AnswerError;
pub use guest::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, InstanceId, MemoryIndex, ModuleId, TableIndex,
    TypeIndex,
};
pub use guest::sdk::{Item, ItemKind, Resume};
pub use guest::{GraphError, InputError};
pub use image::Mapping;
pub use impurity::{Effect, Part, Tainted};
pub use init::InitError;
pub use leaks::MachineText;
pub use options::{
    AllowedImpurity, AnsweredImport, AnsweringModule, BakeOptions, Check, CompilationCache,
    CompiledFunctions, CompilerChoice, DeadCode, ImportAnswer, Impurity, InitResult, KeepInit, Limits,
    MappedDir, Measured, MemoryLayout, MemoryScan, OnDenied, Profile, Rename, Report, Rewriter, ScrubHeap,
    SizeBudget, Stamp, Stdin, Stub, StubbedImport, WarningKind, Wasi, WasiOptions,
};
pub use oversize::{Oversize, Remedy, Saving};
pub use pipeline::prepared::{Prepared, PreparedError};
pub use pipeline::{
    Adapter, BakeReport, Baked, Baker, Contents, DataSizes, GrownBy, Growth, MemoryMap, bake, verify,
};
pub use post_process::PostProcessError;
pub use precompile::{Artifact, EngineSetting, Precompile, PrecompileError, Target};
pub use refusal::{ComponentRefusal, Place, ReferenceKind, Refusal, Refusals, Refused, Space};
pub use run::host::{Host, HostFunctions};
pub use scrub::HeapKept;
pub use verify::{Compared, Replay, ReplayError};
pub use warning::{Asker, Warning};
#[cfg(feature = "cli")]
pub use watch::overrun::{Bound, Overrun};
