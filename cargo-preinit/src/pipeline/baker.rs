//! A builder for bakes.

use std::ops::Range;

use super::{Baked, Prepared, bake_by};
use crate::bake_error::BakeError;
use crate::call::Call;
use crate::clock::Clock;
use crate::guest::index::InstanceId;
use crate::guest::to_binary;
use crate::options::{BakeOptions, Limits, Wasi, WasiOptions};
use crate::run::host::HostFunctions;
use crate::stack::with_stack;
use crate::verify::{Replay, ReplayError, verify_with};

/// Bakes modules with one set of options: a builder for [`BakeOptions`] and [`bake`](fn@crate::bake), with host functions that init may
/// call.
///
/// # Examples
///
/// An init that calls an import, and a host that answers:
///
/// ```
/// use cargo_preinit::{Baker, HostFunctions};
///
/// let guest = r#"(module
///     (import "env" "seed" (func $seed (result i32)))
///     (global $seed (export "seeded") (mut i32) (i32.const 0))
///     (func (export "init") (global.set $seed (call $seed))))"#;
/// let host = HostFunctions::new(|linker| {
///     linker.func_wrap("env", "seed", || 7_i32)?;
///     Ok(())
/// });
/// let baked = Baker::new().init("init").host(host).bake(guest.as_bytes())?;
/// let text = wasmprinter::print_bytes(&baked.wasm).expect("the output is valid");
/// assert!(text.contains("(mut i32) i32.const 7"));
/// # Ok::<(), cargo_preinit::BakeError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Baker {
    options: BakeOptions,
    host: HostFunctions,
}

impl Baker {
    /// A baker with [`BakeOptions::default()`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an init function, by its name or by a call such as `run(1, 2)`.
    #[must_use]
    pub fn init(mut self, function: impl Into<String>) -> Self {
        self.options.init_functions.push(function.into());
        self
    }

    /// Lets init call WASI, which shows it these options.
    #[must_use]
    pub fn wasi(mut self, wasi: WasiOptions) -> Self {
        self.options.wasi = Wasi::Allowed(wasi);
        self
    }

    /// Provides functions for the imports that init calls. Their results go into the baked module, whose imports do not change. If they
    /// return something else in each bake, so does the output.
    #[must_use]
    pub fn host(mut self, functions: HostFunctions) -> Self {
        self.host = functions;
        self
    }

    /// Bounds init.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// The options, to be read or changed.
    pub fn options(&mut self) -> &mut BakeOptions {
        &mut self.options
    }

    /// Runs a module's init and returns the module with the state that init left: see [`bake`](fn@crate::bake).
    ///
    /// # Errors
    ///
    /// As for [`bake`](fn@crate::bake).
    pub fn bake(&self, module: &[u8]) -> Result<Baked, BakeError> {
        bake_by(&Clock::unwatched(), module, &self.options, &self.host)
    }

    /// Compiles a module in the binary format once, for several bakes with other WASI options: see [`Prepared::new`].
    ///
    /// # Errors
    ///
    /// As for [`Prepared::new`].
    pub fn prepare<'a>(&self, wasm: &'a [u8]) -> Result<Prepared<'a>, BakeError> {
        let clock = Clock::unwatched();
        with_stack(&self.options, &clock, || {
            Prepared::new_here(wasm, &self.options, &self.host, &clock)
        })
    }

    /// Runs a baked module beside its original: see [`verify`](fn@crate::verify).
    ///
    /// # Errors
    ///
    /// As for [`verify`](fn@crate::verify): if one of the two cannot be run. Differences are no error.
    pub fn verify(&self, baked: &[u8], original: &[u8], calls: &[Call]) -> Result<Replay, ReplayError> {
        verify_both(baked, original, calls, &self.options, &self.host)
    }
}

/// Runs a baked module beside its original, makes the same calls on both, and compares what they answer and their state. `options` are those
/// of the bake.
///
/// # Errors
///
/// If one of the modules cannot be run, or a call cannot be made. That the two differ is not an error but part of the [`Replay`].
pub fn verify(
    baked: &[u8],
    original: &[u8],
    calls: &[Call],
    options: &BakeOptions,
) -> Result<Replay, ReplayError> {
    verify_both(baked, original, calls, options, &HostFunctions::default())
}

fn verify_both(
    baked: &[u8],
    original: &[u8],
    calls: &[Call],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Replay, ReplayError> {
    // Of what cannot be baked, nothing is.
    let forgotten = forgotten(original, options, host).unwrap_or_default();
    verify_with(baked, original, calls, &forgotten, options, host)
}

/// What a bake of this guest has as before init: see [`hash_keys`](super::hash_keys).
fn forgotten(
    original: &[u8],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Vec<(InstanceId, Range<u64>)>, BakeError> {
    if !matches!(options.wasi, Wasi::Allowed(_)) {
        return Ok(Vec::new());
    }
    let wasm = to_binary(original)?;
    let clock = Clock::unwatched();
    with_stack(options, &clock, || {
        Prepared::new_here(&wasm, options, host, &clock)?.forgotten(&clock)
    })
}

impl From<BakeOptions> for Baker {
    fn from(options: BakeOptions) -> Self {
        Self {
            options,
            host: HostFunctions::default(),
        }
    }
}
