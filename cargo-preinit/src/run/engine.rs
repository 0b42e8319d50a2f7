//! Which compiler, and how it is set up.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmparser::WasmFeatures;
use wasmtime::{Collector, Config, Engine, Module, OptLevel, Strategy};

use super::RunError;
use super::code_cache::{Entry, Storing};
use crate::guest::GuestModule;
use crate::instrument::RunCopy;
use crate::options::{BakeOptions, CompilationCache, CompilerChoice};

/// How deep a backtrace goes: in a debug build the machinery of a panic alone takes a dozen frames.
const MAX_FRAMES: usize = 200;

/// A compiler of the engine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Compiler {
    /// Compiles five to nine times faster than Cranelift; its code runs half as fast.
    Winch,
    /// Takes every module that the engine takes.
    Cranelift,
}

impl std::fmt::Display for Compiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Winch => "winch",
            Self::Cranelift => "cranelift",
        })
    }
}

/// The proposals of which Winch knows no instruction.
const UNKNOWN_TO_WINCH: WasmFeatures = WasmFeatures::TAIL_CALL
    .union(WasmFeatures::FUNCTION_REFERENCES)
    .union(WasmFeatures::GC)
    .union(WasmFeatures::EXCEPTIONS)
    .union(WasmFeatures::RELAXED_SIMD);

/// Compiles the run copy with the compiler that was asked for.
///
/// Most inits are short, so the time to compile is what a bake costs: where there is a choice, Winch is first, and
/// Cranelift takes what Winch cannot. Where the guest's code tells that Winch would fail, it is not tried: the
/// instruction that it does not know may be the last one, and no cache remembers a failure.
pub(super) fn compile(
    module: &GuestModule<'_>,
    copy: &RunCopy,
    options: &BakeOptions,
) -> Result<(Module, Compiler, Storing), RunError> {
    let with = |compiler| {
        let (module, storing) = compile_with(compiler, &copy.wasm, options)?;
        Ok((module, compiler, storing))
    };
    match options.compiler {
        CompilerChoice::Auto if module.proposals.intersects(UNKNOWN_TO_WINCH) => with(Compiler::Cranelift),
        CompilerChoice::Auto => with(Compiler::Winch).or_else(|_| with(Compiler::Cranelift)),
        CompilerChoice::Winch => with(Compiler::Winch),
        CompilerChoice::Cranelift => with(Compiler::Cranelift),
    }
}

fn compile_with(
    compiler: Compiler,
    wasm: &[u8],
    options: &BakeOptions,
) -> Result<(Module, Storing), RunError> {
    let compiled = || {
        let engine = Engine::new(&config(compiler, options)?)?;
        let entry = match &options.cache {
            CompilationCache::Off => None,
            CompilationCache::At(dir) => Some(Entry::new(dir, wasm, compiler)),
        };
        if let Some(module) = entry.as_ref().and_then(|entry| entry.load(&engine)) {
            return Ok((module, Storing::default()));
        }
        let module = Module::from_binary(&engine, wasm)?;
        let storing = entry.map(|entry| entry.store(&module));
        Ok((module, storing.unwrap_or_default()))
    };
    match compiler {
        // What Winch does not know it reports; should it panic instead, there is still Cranelift.
        Compiler::Winch => catch_unwind(AssertUnwindSafe(compiled))
            .unwrap_or_else(|_| Err(wasmtime::format_err!("it panicked")))
            .map_err(|error| RunError::Winch(error.into())),
        Compiler::Cranelift => compiled().map_err(|error| RunError::Compile(error.into())),
    }
}

pub(super) fn config(compiler: Compiler, options: &BakeOptions) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    match compiler {
        Compiler::Winch => {
            config.strategy(Strategy::Winch);
        }
        Compiler::Cranelift => {
            config.strategy(Strategy::Cranelift);
            config.cranelift_opt_level(OptLevel::None);
            config.wasm_tail_call(true);
            config.wasm_function_references(true);
            config.wasm_gc(true);
            // The default depends on what else the engine was built with.
            config.collector(Collector::DeferredReferenceCounting);
            config.wasm_exceptions(true);
            config.wasm_relaxed_simd(true);
            config.relaxed_simd_deterministic(true);
        }
    }
    config.wasm_multi_memory(true);
    config.wasm_memory64(true);
    config.wasm_custom_page_sizes(true);
    config.wasm_wide_arithmetic(true);
    config.wasm_extended_const(true);
    // The NaNs that arithmetic makes must not depend on the machine that bakes.
    config.cranelift_nan_canonicalization(true);
    config.wasm_backtrace_max_frames(NonZeroUsize::new(MAX_FRAMES));
    config.epoch_interruption(true);
    config.concurrency_support(false);
    // No call is asynchronous, but the engine wants that stack to be the larger one.
    config.async_stack_size(options.limits.stack_bytes.saturating_add(1 << 20));
    config.max_wasm_stack(options.limits.stack_bytes);
    // Untouched pages of a copy-on-write image look absent to the system, and yet are not zero.
    config.memory_init_cow(false);
    Ok(config)
}
