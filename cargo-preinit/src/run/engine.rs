//! Chooses the engine's compiler and configures the engine.

use std::num::NonZeroUsize;
use std::sync::Arc;

use wasmparser::WasmFeatures;
use wasmtime::{Collector, Config, Engine, OptLevel, RegallocAlgorithm, Strategy};

use super::code::{Code, CompiledCode, Form};
use super::code_cache::{Entry, Storing};
use super::compiler::Compiler;
use super::error::RunError;
use super::host::HostFunctions;
use super::parts::Parts;
use crate::guest::Guest;
use crate::instrument::{GuestCopy, Split};
use crate::options::{BakeOptions, CompilationCache, CompiledFunctions, CompilerChoice, Profile};

/// How many frames a backtrace keeps: in a debug build the functions that handle a panic alone take a dozen.
pub(super) const MAX_FRAMES: usize = 200;

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
    host: &HostFunctions,
    calls: LaterCalls,
) -> Result<(CompiledCode, Storing), RunError> {
    if calls == LaterCalls::Possible && guest.around.is_some() {
        let fuel = Fuel::of(options);
        let compiled = config(Compiler::Cranelift, Form::Component, options, fuel).and_then(|mut config| {
            config.guest_debug(true);
            Code::compile(&Engine::new(&config)?, &copy.wasm)
        });
        let code = compiled.map_err(|error| RunError::Compile(error.into()))?;
        let compiler = Compiler::Cranelift;
        return Ok((CompiledCode { code, compiler }, Storing::default()));
    }
    // The modules that answer imports may use any.
    let is_unknown = guest
        .nodes()
        .any(|node| node.proposals.intersects(UNKNOWN_TO_WINCH) || node.answers.modules().next().is_some());
    let first = match options.compiler {
        CompilerChoice::Auto if is_unknown => Compiler::Cranelift,
        CompilerChoice::Auto | CompilerChoice::Winch => Compiler::Winch,
        CompilerChoice::Cranelift => Compiler::Cranelift,
    };
    if splits(guest, options, host, first)
        && let Some(split) = Split::new(&guest.root(), &copy.wasm)
        && let Some(code) = in_parts(&Arc::new(split), first, options)
    {
        return Ok((code, Storing::default()));
    }
    whole(first, &copy.wasm, options)
}

/// Whether the functions of a run copy are compiled as init reaches them, if they can be.
fn splits(guest: &Guest<'_>, options: &BakeOptions, host: &HostFunctions, compiler: Compiler) -> bool {
    // A function of an embedder may look at what its caller exports, and a part does not export what the guest does.
    if guest.around.is_some() || host.are_for_modules() {
        return false;
    }
    /// Below it, what each part costs besides its code is more than what is spared.
    const MIN_BYTES_FOR_WINCH: usize = 4 << 20;
    const MIN_BYTES_FOR_CRANELIFT: usize = 2 << 20;
    let code = || {
        guest
            .root()
            .bodies
            .iter()
            .map(|body| body.range.len())
            .sum::<usize>()
    };
    match (options.compile, compiler) {
        (CompiledFunctions::All, _) => false,
        (CompiledFunctions::Reached, _) => true,
        (CompiledFunctions::Auto, Compiler::Winch) => code() >= MIN_BYTES_FOR_WINCH,
        (CompiledFunctions::Auto, Compiler::Cranelift) => code() >= MIN_BYTES_FOR_CRANELIFT,
    }
}

/// Compiles the state of a run copy, whose functions are compiled as they are reached: with this compiler, or, where the options leave the
/// choice, with Cranelift if Winch fails.
fn in_parts(split: &Arc<Split>, compiler: Compiler, options: &BakeOptions) -> Option<CompiledCode> {
    let with = |compiler| -> wasmtime::Result<CompiledCode> {
        let mut config = config(compiler, Form::Module, options, Fuel::Ignored)?;
        // A part takes Winch less time than it takes to wake other threads.
        config.parallel_compilation(compiler == Compiler::Cranelift);
        // There may be the frame of a stub for each of the guest's.
        config.wasm_backtrace_max_frames(NonZeroUsize::new(2 * MAX_FRAMES));
        let parts = Parts::new(split, Engine::new(&config)?, compiler, &options.cache)?;
        let code = Code::Parts(Arc::new(parts));
        Ok(CompiledCode { code, compiler })
    };
    let second = after(compiler, options).into_iter();
    [compiler]
        .into_iter()
        .chain(second)
        .find_map(|compiler| with(compiler).ok())
}

/// Compiles all functions of a run copy: with this compiler, or, where the options leave the choice, with Cranelift if Winch fails.
pub(super) fn whole(
    compiler: Compiler,
    wasm: &[u8],
    options: &BakeOptions,
) -> Result<(CompiledCode, Storing), RunError> {
    match (compile_with(compiler, wasm, options), after(compiler, options)) {
        (Err(_), Some(compiler)) => compile_with(compiler, wasm, options),
        (compiled, _) => compiled,
    }
}

/// The compiler to try after this one.
fn after(compiler: Compiler, options: &BakeOptions) -> Option<Compiler> {
    let is_first = (compiler, options.compiler) == (Compiler::Winch, CompilerChoice::Auto);
    is_first.then_some(Compiler::Cranelift)
}

/// What takes the place of parts with which a run did not come to its end: parts by the other compiler, where that may help, or the whole
/// copy, whose error is the guest's.
pub(super) fn instead_of(
    parts: &Parts,
    compiler: Compiler,
    other_parts: bool,
    options: &BakeOptions,
) -> Result<(CompiledCode, Storing), RunError> {
    if let Some(compiler) = after(compiler, options).filter(|_| other_parts)
        && let Some(code) = in_parts(parts.split(), compiler, options)
    {
        return Ok((code, Storing::default()));
    }
    whole(compiler, parts.split().wasm(), options)
}

fn compile_with(
    compiler: Compiler,
    wasm: &[u8],
    options: &BakeOptions,
) -> Result<(CompiledCode, Storing), RunError> {
    let compiled = || {
        let engine = Engine::new(&config(compiler, Form::of(wasm), options, Fuel::of(options))?)?;
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
    let (code, storing) = compiler.compile(compiled).map_err(|error| match compiler {
        Compiler::Winch => RunError::Winch(error.into()),
        Compiler::Cranelift => RunError::Compile(error.into()),
    })?;
    Ok((CompiledCode { code, compiler }, storing))
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

/// Whether the engine counts fuel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fuel {
    Counted,
    Ignored,
}

impl Fuel {
    pub(super) fn of(options: &BakeOptions) -> Self {
        match options.profile {
            Profile::Items => Self::Counted,
            Profile::Off => Self::Ignored,
        }
    }
}

pub(super) fn config(
    compiler: Compiler,
    form: Form,
    options: &BakeOptions,
    fuel: Fuel,
) -> wasmtime::Result<Config> {
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
    config.consume_fuel(fuel == Fuel::Counted);
    config.concurrency_support(false);
    // There are no asynchronous calls, but the engine requires this stack to be larger than the wasm stack.
    config.async_stack_size(options.limits.stack_bytes.saturating_add(1 << 20));
    config.max_wasm_stack(options.limits.stack_bytes);
    // The core instances of a component are found in a core dump: see `run/component.rs`.
    config.coredump_on_trap(form == Form::Component);
    Ok(config)
}
