//! Chooses the engine's compiler and configures the engine.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmparser::WasmFeatures;
use wasmtime::{Collector, Config, Engine, OptLevel, RegallocAlgorithm, Strategy};

use super::code::{Code, Form};
use super::code_cache::{Entry, Storing};
use super::compiler::Compiler;
use super::error::RunError;
use crate::guest::Guest;
use crate::instrument::GuestCopy;
use crate::options::{BakeOptions, CompilationCache, CompilerChoice, Profile};

/// How many frames a backtrace keeps: in a debug build the functions that handle a panic alone take a dozen.
const MAX_FRAMES: usize = 200;

/// Whether functions of a component are called after its instances were found.
///
/// Instances are found in the core dump of a trap, after which the engine refuses to call functions of components. An engine that
/// debugs a guest lists them at any time. Only Cranelift compiles for that, and many times slower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LaterCalls {
    None,
    Possible,
}

/// The proposals whose instructions Winch does not support.
const UNKNOWN_TO_WINCH: WasmFeatures = WasmFeatures::TAIL_CALL
    .union(WasmFeatures::FUNCTION_REFERENCES)
    .union(WasmFeatures::GC)
    .union(WasmFeatures::EXCEPTIONS)
    .union(WasmFeatures::RELAXED_SIMD);

/// Compiles the run copy with the compiler that the options choose.
///
/// Most inits are short, so compilation takes most of the time of a bake. Where the options leave the choice, Winch is tried
/// first, and Cranelift if Winch fails. Winch is not tried where the guest uses a proposal that it does not support: it might
/// meet the unsupported instruction last, and the cache keeps no failures.
pub(super) fn compile(
    guest: &Guest<'_>,
    copy: &GuestCopy,
    options: &BakeOptions,
    calls: LaterCalls,
) -> Result<(Code, Compiler, Storing), RunError> {
    if calls == LaterCalls::Possible && guest.around.is_some() {
        let compiled = config(Compiler::Cranelift, Form::Component, options).and_then(|mut config| {
            config.guest_debug(true);
            Code::compile(&Engine::new(&config)?, &copy.wasm)
        });
        let code = compiled.map_err(|error| RunError::Compile(error.into()))?;
        return Ok((code, Compiler::Cranelift, Storing::default()));
    }
    let with = |compiler| {
        let (code, storing) = compile_with(compiler, &copy.wasm, options)?;
        Ok((code, compiler, storing))
    };
    // The modules that answer imports may use any.
    let is_unknown = guest
        .nodes()
        .any(|node| node.proposals.intersects(UNKNOWN_TO_WINCH) || node.answers.modules().next().is_some());
    match options.compiler {
        CompilerChoice::Auto if is_unknown => with(Compiler::Cranelift),
        CompilerChoice::Auto => with(Compiler::Winch).or_else(|_| with(Compiler::Cranelift)),
        CompilerChoice::Winch => with(Compiler::Winch),
        CompilerChoice::Cranelift => with(Compiler::Cranelift),
    }
}

fn compile_with(compiler: Compiler, wasm: &[u8], options: &BakeOptions) -> Result<(Code, Storing), RunError> {
    let compiled = || {
        let engine = Engine::new(&config(compiler, Form::of(wasm), options)?)?;
        let entry = match &options.cache {
            CompilationCache::Off => None,
            CompilationCache::At(dir) => Some(Entry::new(dir, wasm, compiler, options.profile)),
        };
        if let Some(code) = entry.as_ref().and_then(|entry| entry.load(&engine)) {
            return Ok((code, Storing::default()));
        }
        let code = Code::compile(&engine, wasm)?;
        let storing = entry.map(|entry| entry.store(&code));
        Ok((code, storing.unwrap_or_default()))
    };
    match compiler {
        // Winch reports instructions that it does not support. If it panics instead, Cranelift can still compile the module.
        Compiler::Winch => catch_unwind(AssertUnwindSafe(compiled))
            .unwrap_or_else(|_| Err(wasmtime::format_err!("it panicked")))
            .map_err(|error| RunError::Winch(error.into())),
        Compiler::Cranelift => compiled().map_err(|error| RunError::Compile(error.into())),
    }
}

/// Enables every proposal that a bake takes.
pub(crate) fn enable_proposals(config: &mut Config) {
    enable_proposals_of_winch(config);
    config.wasm_tail_call(true);
    config.wasm_function_references(true);
    config.wasm_gc(true);
    config.wasm_exceptions(true);
    config.wasm_relaxed_simd(true);
}

/// Enables those that Winch supports: the others are [`UNKNOWN_TO_WINCH`].
fn enable_proposals_of_winch(config: &mut Config) {
    config.wasm_multi_memory(true);
    config.wasm_memory64(true);
    config.wasm_custom_page_sizes(true);
    config.wasm_wide_arithmetic(true);
    config.wasm_extended_const(true);
}

pub(super) fn config(compiler: Compiler, form: Form, options: &BakeOptions) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    match compiler {
        Compiler::Winch => {
            config.strategy(Strategy::Winch);
            // Cranelift compiles what is between the host and the guest, and a component has much of it.
            config.cranelift_opt_level(OptLevel::None);
            config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
            enable_proposals_of_winch(&mut config);
        }
        Compiler::Cranelift => {
            config.strategy(Strategy::Cranelift);
            config.cranelift_opt_level(OptLevel::None);
            enable_proposals(&mut config);
            // The default collector depends on wasmtime's Cargo features.
            config.collector(Collector::DeferredReferenceCounting);
            config.relaxed_simd_deterministic(true);
        }
    }
    // The bits of NaN results must not depend on the machine that bakes.
    config.cranelift_nan_canonicalization(true);
    config.wasm_backtrace_max_frames(NonZeroUsize::new(MAX_FRAMES));
    // A backtrace names functions, which takes no map of addresses, and no stack is unwound by the system. Both would be compiled,
    // stored and loaded for nothing; on Windows the system has to know how to unwind.
    config.generate_address_map(false);
    config.native_unwind_info(cfg!(windows));
    config.epoch_interruption(true);
    config.consume_fuel(options.profile == Profile::Items);
    config.concurrency_support(false);
    // There are no asynchronous calls, but the engine requires this stack to be larger than the wasm stack.
    config.async_stack_size(options.limits.stack_bytes.saturating_add(1 << 20));
    config.max_wasm_stack(options.limits.stack_bytes);
    // The core instances of a component are found in a core dump: see `run/component.rs`.
    config.coredump_on_trap(form == Form::Component);
    Ok(config)
}
