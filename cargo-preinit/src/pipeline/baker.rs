//! Bakes that are set up step by step.

use super::{BakeError, Baked, Prepared, bake};
use crate::call::Call;
use crate::options::{BakeOptions, Limits, Wasi, WasiOptions};
use crate::run::host::HostFunctions;
use crate::verify::{Replay, ReplayError, verify};

/// Bakes modules in one way: the same as [`bake`](fn@crate::bake) with [`BakeOptions`], which can be set here one by one.
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
}

impl Baker {
    /// One that does what `cargo preinit bake` does without options.
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

    /// Lets init call WASI, and shows it this.
    #[must_use]
    pub fn wasi(mut self, wasi: WasiOptions) -> Self {
        self.options.wasi = Wasi::Allowed(wasi);
        self
    }

    /// Has these functions answer where init calls imports. What they answer is in every instance of the baked module, which imports
    /// the same as before; that they answer the same each time is up to them.
    #[must_use]
    pub fn host(mut self, functions: HostFunctions) -> Self {
        self.options.host = functions;
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

    /// Runs a module's init and returns the module as it is then: see [`bake`](fn@crate::bake).
    ///
    /// # Errors
    ///
    /// Whatever stands between the module and a sound bake.
    pub fn bake(&self, module: &[u8]) -> Result<Baked, BakeError> {
        bake(module, &self.options)
    }

    /// Compiles a module in the binary format once, for several bakes that show it something else each: see [`Prepared::new`].
    ///
    /// # Errors
    ///
    /// Whatever can be known before init runs.
    pub fn prepare<'a>(&self, wasm: &'a [u8]) -> Result<Prepared<'a>, BakeError> {
        Prepared::new(wasm, &self.options)
    }

    /// Runs a baked module beside its original: see [`verify`](fn@crate::verify).
    ///
    /// # Errors
    ///
    /// Only if one of the two cannot be run.
    pub fn verify(&self, baked: &[u8], original: &[u8], calls: &[Call]) -> Result<Replay, ReplayError> {
        verify(baked, original, calls, &self.options)
    }
}

impl From<BakeOptions> for Baker {
    fn from(options: BakeOptions) -> Self {
        Self { options }
    }
}
