//! A guest that is compiled once and baked in several variants.
//!
//! The stages before init, parsing, instrumenting and compiling, do not depend on the environment, the files and the arguments
//! that WASI shows. A [`Prepared`] holds their results; of the run copy it keeps only the machine code. It can be serialized, and
//! read by another process without compiling.
//!
//! The serialized form does not contain the guest: the reader passes the guest's bytes, which are compared by their hash.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::captured::Runnable;
use super::second_init::second_init;
use super::{Baked, finish, prepare};
use crate::bake_error::BakeError;
use crate::clock::{Clock, Stage};
use crate::guest::Guest;
use crate::guest::index::InstanceId;
use crate::hash::hash;
use crate::init::GuestPlan;
use crate::instrument::{GuestCopy, instrument};
use crate::options::{BakeOptions, Wasi};
use crate::run::host::HostFunctions;
use crate::run::{Compiled, Compiler, EngineError, LaterCalls};
use crate::stack::with_stack;

/// A guest that is parsed, instrumented and compiled.
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
    plan: GuestPlan,
    /// The run copy, without its bytes.
    copy: GuestCopy,
    compiled: Compiled,
    options: BakeOptions,
}

/// Why a serialized preparation cannot be used.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum PreparedError {
    /// The bytes are no serialized preparation.
    #[error("this is not a prepared guest")]
    Format,
    /// Another version of this crate wrote it.
    #[error("it was prepared by cargo-preinit {found}, and this is {}", env!("CARGO_PKG_VERSION"))]
    Version {
        /// The version that wrote it.
        found: String,
    },
    /// It was made from another guest.
    #[error("it was prepared from another guest")]
    Guest,
    /// It was made with other init functions, or with other memories that are promised to be fresh.
    #[error("it was prepared with other init functions, or with other promises of fresh memories")]
    InitFunctions,
    /// The engine rejects the code: it was compiled for another machine, or by another build of the engine.
    #[error("the engine does not take what was compiled: {0}")]
    Engine(#[source] EngineError),
    /// The guest itself cannot be baked.
    #[error(transparent)]
    Bake(#[from] BakeError),
}

/// The header before the machine code, a line of JSON.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    prepared_by: String,
    guest: String,
    /// The hash of the run copy. It depends on the guest, the init functions, and the memories that are fresh.
    copy: String,
    compiler: Compiler,
}

impl<'a> Prepared<'a> {
    /// Parses, instruments and compiles a guest.
    ///
    /// `wasm` is a core module or a component in the binary format. [`BakeOptions::wasi`] is ignored, since variants differ in it.
    ///
    /// # Errors
    ///
    /// As for [`bake`](fn@crate::bake), as far as they are found before init runs.
    pub fn new(wasm: &'a [u8], options: &BakeOptions) -> Result<Self, BakeError> {
        let clock = Clock::unwatched();
        with_stack(options, &clock, || {
            Self::new_here(wasm, options, &HostFunctions::default(), &clock)
        })
    }

    /// [`new`](Self::new) with host functions that init may call, and with a clock, on the caller's stack, which must be large enough.
    pub(crate) fn new_here(
        wasm: &'a [u8],
        options: &BakeOptions,
        host: &HostFunctions,
        clock: &Clock,
    ) -> Result<Self, BakeError> {
        clock.enter(Stage::Parse);
        let (guest, plan, mut copy) = prepare(wasm, options, host)?;
        clock.enter(Stage::Compile);
        let compiled = Compiled::new(&guest, &copy, options, host, LaterCalls::None)?;
        copy.wasm = Arc::default();
        Ok(Self {
            guest,
            plan,
            copy,
            compiled,
            options: options.clone(),
        })
    }

    /// Runs init with the WASI options of this variant, and returns the module with the state that init left. The bytes are those that
    /// [`bake`](fn@crate::bake) returns for the same options.
    ///
    /// Several threads can bake variants of one preparation at the same time.
    ///
    /// # Errors
    ///
    /// As for [`bake`](fn@crate::bake).
    pub fn bake(&self, wasi: &Wasi) -> Result<Baked, BakeError> {
        self.bake_by(&Clock::unwatched(), wasi)
    }

    /// [`bake`](Self::bake) with a clock.
    pub(crate) fn bake_by(&self, clock: &Clock, wasi: &Wasi) -> Result<Baked, BakeError> {
        with_stack(&self.options, clock, || self.bake_here(clock, wasi))
    }

    fn bake_here(&self, clock: &Clock, wasi: &Wasi) -> Result<Baked, BakeError> {
        let options = BakeOptions {
            wasi: wasi.clone(),
            ..self.options.clone()
        };
        let runnable = self.runnable(&options, clock);
        let captured = runnable.captured()?;
        let second = second_init(&runnable, &captured)?;
        let (plan, host) = (&self.plan, self.compiled.host());
        finish(&self.guest, plan, captured, second, &options, host, clock)
    }

    /// Bakes with the options that it was made with, and drops the machine code once init has run.
    pub(crate) fn bake_once(self, clock: &Clock) -> Result<Baked, BakeError> {
        let runnable = self.runnable(&self.options, clock);
        let captured = runnable.captured()?;
        let second = second_init(&runnable, &captured)?;
        let (plan, host) = (&self.plan, self.compiled.host().clone());
        let _storing = self.compiled.into_storing();
        finish(&self.guest, plan, captured, second, &self.options, &host, clock)
    }

    fn runnable<'r>(&'r self, options: &'r BakeOptions, clock: &'r Clock) -> Runnable<'r> {
        Runnable {
            guest: &self.guest,
            copy: &self.copy,
            plan: &self.plan,
            compiled: &self.compiled,
            options,
            clock,
        }
    }

    /// What a bake has as before init: see [`hash_keys`](super::hash_keys).
    pub(super) fn forgotten(&self, clock: &Clock) -> Result<Vec<(InstanceId, Range<u64>)>, BakeError> {
        let runnable = self.runnable(&self.options, clock);
        let captured = runnable.captured()?;
        Ok(match captured.summary.hash_keys.is_empty() {
            true => Vec::new(),
            false => second_init(&runnable, &captured)?.keys.forgotten,
        })
    }

    /// Serializes the preparation, for [`from_bytes`](Self::from_bytes).
    ///
    /// # Errors
    ///
    /// If the engine cannot serialize the code, which is not expected.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PreparedError> {
        let (compiler, code) = self.compiled.serialize(&self.options).map_err(BakeError::from)?;
        let head = Head {
            prepared_by: env!("CARGO_PKG_VERSION").to_owned(),
            guest: hash(self.guest.wasm),
            copy: hash(&instrument(&self.guest, &self.plan).map_err(BakeError::from)?.wasm),
            compiler,
        };
        let mut bytes = serde_json::to_vec(&head).map_err(|_| PreparedError::Format)?;
        bytes.push(b'\n');
        bytes.extend(code);
        Ok(bytes)
    }

    /// Reads a serialized preparation of this guest. Nothing is compiled.
    ///
    /// # Errors
    ///
    /// If it was made from another guest, with other init functions, by another version of this crate or for another kind of machine, or
    /// if the guest cannot be baked.
    ///
    /// # Safety
    ///
    /// `bytes` holds machine code that is executed unchanged. The checks find mistakes, but do not protect against an attacker. So the
    /// bytes must be those that [`to_bytes`](Self::to_bytes) returned, unchanged, as for `wasmtime::Module::deserialize`.
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
        let (clock, host) = (Clock::unwatched(), HostFunctions::default());
        let (guest, plan, mut copy) = with_stack(options, &clock, || {
            clock.enter(Stage::Parse);
            prepare(wasm, options, &host)
        })?;
        if head.copy != hash(&std::mem::take(&mut copy.wasm)) {
            return Err(PreparedError::InitFunctions);
        }
        // SAFETY: the caller guarantees that these are the bytes that `Compiled::serialize` returned.
        let compiled =
            unsafe { Compiled::deserialize(&guest, head.compiler, &bytes[end + 1..], options, &host) };
        Ok(Self {
            guest,
            plan,
            copy,
            compiled: compiled.map_err(PreparedError::Engine)?,
            options: options.clone(),
        })
    }
}
