//! A guest that is compiled once, and baked as often as there are variants of it.
//!
//! What a bake spends on a guest before init runs is the same for every environment, every set of files and all
//! arguments: parsing, instrumenting, compiling. A [`Prepared`] holds what comes of that, and of the run copy only its
//! machine code. It can be written down and read in another process, which then has nothing to compile.
//!
//! The guest's own bytes are not in what is written: whoever reads it has them, and they are compared by their hash.

use serde::{Deserialize, Serialize};

use super::{BakeError, Baked, finish, prepare, with_stack};
use crate::clock::{Clock, Stage};
use crate::guest::Guest;
use crate::hash::hash;
use crate::init::InitPlan;
use crate::instrument::{RunCopy, instrument};
use crate::options::{BakeOptions, Wasi};
use crate::run::{Compiled, Compiler, EngineError, Ran, RunError, run_compiled};

/// A guest that is ready to run.
///
/// # Examples
///
/// ```
/// use cargo_preinit::{BakeOptions, Prepared, Wasi, WasiOptions};
///
/// let guest = wat::parse_str(r#"(module
///     (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
///     (memory (export "memory") 1)
///     (func (export "wizer-initialize") (drop (call $sizes (i32.const 0) (i32.const 4)))))"#)?;
/// let prepared = Prepared::new(&guest, &BakeOptions::default())?;
/// for stage in ["test", "production"] {
///     let wasi = WasiOptions { env: vec![("STAGE".to_owned(), stage.to_owned())], ..WasiOptions::default() };
///     let baked = prepared.bake(&Wasi::Allowed(wasi))?;
///     assert!(baked.wasm.starts_with(b"\0asm"));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Prepared<'a> {
    guest: Guest<'a>,
    plan: InitPlan,
    /// Without its bytes.
    copy: RunCopy,
    compiled: Compiled,
    options: BakeOptions,
}

/// Why a preparation that was written down cannot be used.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum PreparedError {
    /// These are not the bytes of one.
    #[error("this is not a prepared guest")]
    Format,
    /// Another version of the tool wrote it.
    #[error("it was prepared by cargo-preinit {found}, and this is {}", env!("CARGO_PKG_VERSION"))]
    Version {
        /// The version that wrote it.
        found: String,
    },
    /// It is that of another guest.
    #[error("it was prepared from another guest")]
    Guest,
    /// The functions to run are others, or the memories that are promised to be fresh.
    #[error("it was prepared with other init functions, or with other promises of fresh memories")]
    InitFunctions,
    /// The engine does not take it: it was compiled for another machine, or by another build of the engine.
    #[error("the engine does not take what was compiled: {0}")]
    Engine(#[source] EngineError),
    /// The guest itself cannot be baked.
    #[error(transparent)]
    Bake(#[from] BakeError),
}

/// What stands before the machine code, in a line of JSON.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    prepared_by: String,
    guest: String,
    /// The hash of the run copy, which is made from the guest, the names of the init functions, and which memories are fresh.
    copy: String,
    compiler: Compiler,
}

impl<'a> Prepared<'a> {
    /// Parses, instruments and compiles a guest.
    ///
    /// `wasm` is a core module in the binary format. Of the options those of [`Wasi`] are not looked at: they are what
    /// variants differ in.
    ///
    /// # Errors
    ///
    /// Whatever can be known before init runs; see [`bake`](fn@crate::bake).
    pub fn new(wasm: &'a [u8], options: &BakeOptions) -> Result<Self, BakeError> {
        let clock = Clock::unwatched();
        with_stack(options, &clock, || Self::new_here(wasm, options, &clock))
    }

    /// The same on a stack that is large enough already, and by a clock.
    pub(crate) fn new_here(wasm: &'a [u8], options: &BakeOptions, clock: &Clock) -> Result<Self, BakeError> {
        clock.enter(Stage::Parse);
        let (guest, plan, mut copy) = prepare(wasm, options)?;
        clock.enter(Stage::Compile);
        let compiled = Compiled::new(&guest.root(), &copy, options)?;
        copy.wasm = Vec::new();
        Ok(Self {
            guest,
            plan,
            copy,
            compiled,
            options: options.clone(),
        })
    }

    /// Runs init with what WASI shows it in this variant, and returns the module as it is then. It is the same, byte by
    /// byte, as [`bake`](fn@crate::bake) makes it with such options.
    ///
    /// Several variants can be baked at the same time, by as many threads.
    ///
    /// # Errors
    ///
    /// As for [`bake`](fn@crate::bake).
    pub fn bake(&self, wasi: &Wasi) -> Result<Baked, BakeError> {
        self.bake_by(&Clock::unwatched(), wasi)
    }

    /// The same by a clock.
    pub(crate) fn bake_by(&self, clock: &Clock, wasi: &Wasi) -> Result<Baked, BakeError> {
        with_stack(&self.options, clock, || self.bake_here(clock, wasi))
    }

    fn bake_here(&self, clock: &Clock, wasi: &Wasi) -> Result<Baked, BakeError> {
        let options = BakeOptions {
            wasi: wasi.clone(),
            ..self.options.clone()
        };
        let ran = self.run(&options, clock)?;
        finish(&self.guest, &self.copy, &self.plan, ran, &options, clock)
    }

    /// Bakes with its own options, and lets go of what is not needed any more on the way.
    pub(crate) fn bake_once(self, clock: &Clock) -> Result<Baked, BakeError> {
        let ran = self.run(&self.options, clock)?;
        let _storing = self.compiled.into_storing();
        finish(&self.guest, &self.copy, &self.plan, ran, &self.options, clock)
    }

    fn run(&self, options: &BakeOptions, clock: &Clock) -> Result<Ran, RunError> {
        clock.enter(Stage::Init);
        let (node, copy, plan) = (&self.guest.root(), &self.copy, &self.plan);
        let time = clock.left_of(options.limits.timeout);
        run_compiled(node, copy, plan, options, &self.compiled, time)
    }

    /// What [`from_bytes`](Self::from_bytes) reads.
    ///
    /// # Errors
    ///
    /// What the engine has to say; it has no reason to.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PreparedError> {
        let head = Head {
            prepared_by: env!("CARGO_PKG_VERSION").to_owned(),
            guest: hash(self.guest.wasm),
            copy: hash(
                &instrument(&self.guest.root(), &self.plan)
                    .map_err(BakeError::from)?
                    .wasm,
            ),
            compiler: self.compiled.compiler(),
        };
        let mut bytes = serde_json::to_vec(&head).map_err(|_| PreparedError::Format)?;
        bytes.push(b'\n');
        let code = self.compiled.serialize().map_err(PreparedError::Engine)?;
        bytes.extend(code);
        Ok(bytes)
    }

    /// Reads a preparation of this guest. Nothing is compiled.
    ///
    /// # Errors
    ///
    /// Says what it was prepared from or by, if that is not this guest, these init functions, this version of the crate
    /// and this kind of machine.
    ///
    /// # Safety
    ///
    /// The bytes hold machine code, which is run as it is; what is checked keeps mistakes out, and nobody who means harm.
    /// So they must be what [`to_bytes`](Self::to_bytes) returned, unchanged. It is the contract of
    /// `wasmtime::Module::deserialize`.
    pub unsafe fn from_bytes(
        wasm: &'a [u8],
        bytes: &[u8],
        options: &BakeOptions,
    ) -> Result<Self, PreparedError> {
        let end = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or(PreparedError::Format)?;
        let head: Head = serde_json::from_slice(&bytes[..end]).map_err(|_| PreparedError::Format)?;
        if head.prepared_by != env!("CARGO_PKG_VERSION") {
            return Err(PreparedError::Version {
                found: head.prepared_by,
            });
        }
        if head.guest != hash(wasm) {
            return Err(PreparedError::Guest);
        }
        let clock = Clock::unwatched();
        let (guest, plan, mut copy) = with_stack(options, &clock, || {
            clock.enter(Stage::Parse);
            prepare(wasm, options)
        })?;
        if head.copy != hash(&std::mem::take(&mut copy.wasm)) {
            return Err(PreparedError::InitFunctions);
        }
        // SAFETY: the caller says that these are the bytes that `Compiled::serialize` returned.
        let compiled = unsafe { Compiled::deserialize(head.compiler, &bytes[end + 1..], options) };
        Ok(Self {
            guest,
            plan,
            copy,
            compiled: compiled.map_err(PreparedError::Engine)?,
            options: options.clone(),
        })
    }
}
