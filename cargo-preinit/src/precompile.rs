//! Compiles the baked module ahead of time, so that a host does not have to compile it.
//!
//! **In** the module or the component, the targets and the engine's settings. **Out** [`Artifact`]s: images for
//! `wasmtime::Module::deserialize`, or `wasmtime::component::Component::deserialize`, of wasmtime 48. **Keeps** the module as it is; to load an image, an engine needs only the proposals that the module uses.
//! **Refuses** a module that the engine does not compile for a target, and an image that is not for its target.
//!
//! # The engine that loads it
//!
//! wasmtime loads an image only into an engine that is configured like the one that made it. Here that is the default engine:
//! wasmtime 48 with its default Cargo features and `Config::default()`, apart from the target (such as
//! `Config::target("pulley64")` for the interpreter). The settings that hosts change most often are [`EngineSetting`]s. For an
//! engine that is configured in another way, pass the baked module to that engine's `Engine::precompile_module` or
//! `Engine::precompile_component`.
//!
//! - A host may choose everything that compiled code does not depend on: the allocation strategy, stack sizes, caches, the
//!   number of frames in a backtrace, and proposals that the module does not use.
//! - Custom page sizes and wide arithmetic are off by default. A host has to enable them for a module that uses them;
//!   [`Precompiled::to_enable`] says so.
//! - `WASMTIME_BACKTRACE_DETAILS=1` in the environment of a host changes a default. Such a host has to call
//!   `Config::wasm_backtrace_details(WasmBacktraceDetails::Disable)`.
//!
//! The image for [`Target::host`] uses every instruction set extension of this machine's processor. An image for a triple, that
//! of this machine included, runs on every processor of the architecture.

pub(crate) mod settings;
mod target;

use object::Endianness;
use object::elf::FileHeader64;
use object::read::elf::FileHeader as _;
use wasmparser::{Parser, Payload, Validator, WasmFeatures};
use wasmtime::component::{self, Component};
use wasmtime::{Config, Engine, Instance, Module, OptLevel, Store, Strategy, WasmBacktraceDetails};

use crate::run::EngineError;
pub use settings::{EngineSetting, Precompile};
use target::Machine;
pub use target::{Target, TargetError};

/// The images of a module.
#[derive(Debug, Clone, Default)]
pub struct Precompiled {
    /// An image for each target, in the order of the targets.
    pub artifacts: Vec<Artifact>,
    /// The methods of `wasmtime::Config` for proposals that the module uses and that are off by default.
    pub to_enable: Vec<&'static str>,
}

/// The image of a module for a target: the contents of a `.cwasm` file.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// The target.
    pub target: Target,
    /// An ELF image. It is reproducible: the same module gives the same bytes, for [`Target::host`] on the same kind of processor.
    pub image: Vec<u8>,
}

/// Why an image could not be made.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum PrecompileError {
    /// The engine does not compile the module for the target.
    #[error("the engine does not compile the module for {target}: {source}")]
    Compile {
        /// The target, as it is displayed.
        target: String,
        /// The engine's error.
        source: EngineError,
    },
    /// The image is not for the target, or does not load.
    #[error("what the engine compiled for {target} is not for it: {message}")]
    Image {
        /// The target, as it is displayed.
        target: String,
        /// What is wrong with the image.
        message: String,
    },
}

/// A proposal, and the method of `Config` that enables or disables it.
struct Proposal {
    feature: WasmFeatures,
    method: &'static str,
    set: fn(&mut Config, bool) -> &mut Config,
}

macro_rules! proposals {
    ($($feature:ident $method:ident)*) => {
        [$(Proposal { feature: WasmFeatures::$feature, method: stringify!($method), set: Config::$method }),*]
    };
}

/// The proposals that an engine can disable. Each precedes those that it builds on.
const PROPOSALS: [Proposal; 12] = proposals! {
    WIDE_ARITHMETIC wasm_wide_arithmetic
    CUSTOM_PAGE_SIZES wasm_custom_page_sizes
    THREADS wasm_threads
    EXCEPTIONS wasm_exceptions
    GC wasm_gc
    FUNCTION_REFERENCES wasm_function_references
    GC_TYPES gc_support
    TAIL_CALL wasm_tail_call
    RELAXED_SIMD wasm_relaxed_simd
    MEMORY64 wasm_memory64
    MULTI_MEMORY wasm_multi_memory
    EXTENDED_CONST wasm_extended_const
};

/// The proposals that `Config::default()` leaves off.
const OFF_BY_DEFAULT: WasmFeatures = WasmFeatures::WIDE_ARITHMETIC.union(WasmFeatures::CUSTOM_PAGE_SIZES);

/// The facts that decide how the compiling and the loading engine are configured.
struct Guest<'a> {
    /// The proposals that the module uses.
    used: WasmFeatures,
    /// Whether the module, or one of the component's, has a start function.
    has_start: bool,
    is_component: bool,
    settings: &'a [EngineSetting],
}

/// Compiles a module for each target, and checks the images.
///
/// # Errors
///
/// If the engine does not compile the module for a target, or if an image is not for its target or does not load.
pub fn precompile(wasm: &[u8], options: &Precompile) -> Result<Precompiled, PrecompileError> {
    if options.targets.is_empty() {
        return Ok(Precompiled::default());
    }
    let guest = Guest {
        used: used_features(wasm),
        has_start: has_start(wasm),
        is_component: Parser::is_component(wasm),
        settings: &options.engine,
    };
    let mut artifacts = Vec::new();
    for target in &options.targets {
        let compiled = compiling(target, &guest).and_then(|config| {
            let engine = Engine::new(&config)?;
            if guest.is_component {
                engine.precompile_component(wasm)
            } else {
                engine.precompile_module(wasm)
            }
        });
        let image = compiled.map_err(|error| PrecompileError::Compile {
            target: target.to_string(),
            source: error.into(),
        })?;
        check(&image, target, &guest).map_err(|message| PrecompileError::Image {
            target: target.to_string(),
            message,
        })?;
        artifacts.push(Artifact {
            target: target.clone(),
            image,
        });
    }
    let to_enable = PROPOSALS
        .iter()
        .filter(|proposal| OFF_BY_DEFAULT.contains(proposal.feature) && guest.used.contains(proposal.feature))
        .map(|proposal| proposal.method);
    Ok(Precompiled {
        artifacts,
        to_enable: to_enable.collect(),
    })
}

/// The proposals that the module needs to be valid.
fn used_features(wasm: &[u8]) -> WasmFeatures {
    let mut used = crate::guest::component_features();
    for Proposal { feature, .. } in PROPOSALS {
        let without = used.difference(feature);
        if Validator::new_with_features(without).validate_all(wasm).is_ok() {
            used = without;
        }
    }
    used
}

fn has_start(wasm: &[u8]) -> bool {
    Parser::new(0)
        .parse_all(wasm)
        .any(|payload| matches!(payload, Ok(Payload::StartSection { .. })))
}

/// The engine that compiles: a default one that has only the proposals the module uses.
fn compiling(target: &Target, guest: &Guest<'_>) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    config.strategy(Strategy::Cranelift);
    config.cranelift_opt_level(OptLevel::Speed);
    if let Some(triple) = target.triple() {
        config.target(triple)?;
    }
    for Proposal { feature, set, .. } in PROPOSALS {
        set(&mut config, guest.used.contains(feature));
    }
    // An engine that is built for core modules only does not have these.
    config.wasm_component_model(guest.is_component);
    config.wasm_component_model_async(false);
    apply(&mut config, guest.settings);
    Ok(config)
}

/// The engine that loads an image on this machine: a default one, with the proposals that a host has to enable.
fn loading(target: &Target, guest: &Guest<'_>) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    if let Some(triple) = target.interpreter() {
        config.target(triple)?;
    }
    for Proposal { feature, set, .. } in PROPOSALS {
        if OFF_BY_DEFAULT.contains(feature) && guest.used.contains(feature) {
            set(&mut config, true);
        }
    }
    apply(&mut config, guest.settings);
    Ok(config)
}

/// Applies the settings that both engines share.
fn apply(config: &mut Config, settings: &[EngineSetting]) {
    // This is the default, unless an environment variable changes it.
    config.wasm_backtrace_details(WasmBacktraceDetails::Disable);
    for setting in settings {
        match setting {
            EngineSetting::ConsumeFuel => config.consume_fuel(true),
            EngineSetting::EpochInterruption => config.epoch_interruption(true),
            EngineSetting::NoConcurrencySupport => config.concurrency_support(false),
        };
    }
}

/// Checks that an image is a compiled module for its target, and that it loads if this machine can run it.
fn check(image: &[u8], target: &Target, guest: &Guest<'_>) -> Result<(), String> {
    match (Engine::detect_precompiled(image), guest.is_component) {
        (Some(wasmtime::Precompiled::Module), false) | (Some(wasmtime::Precompiled::Component), true) => {}
        (_, false) => return Err("it is no compiled module".to_owned()),
        (_, true) => return Err("it is no compiled component".to_owned()),
    }
    let header = FileHeader64::<Endianness>::parse(image).map_err(|error| format!("its header: {error}"))?;
    let endian = header
        .endian()
        .map_err(|error| format!("its byte order: {error}"))?;
    let found = Machine {
        elf: header.e_machine(endian),
        flags: header.e_flags(endian) & target::PULLEY_FLAGS,
        is_big_endian: endian == Endianness::Big,
    };
    if found != target.machine() {
        return Err(format!("expected {:?}, found {found:?}", target.machine()));
    }
    if target.runs_here() {
        load(image, target, guest).map_err(|error| format!("it does not load: {error:#}"))?;
    }
    Ok(())
}

/// Loads an image as a host does, and instantiates it if that needs no imports and runs no code: only [`crate::run`] runs
/// guests' code. Few baked modules have a start function.
fn load(image: &[u8], target: &Target, guest: &Guest<'_>) -> wasmtime::Result<()> {
    let engine = Engine::new(&loading(target, guest)?)?;
    let store = || {
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(1);
        if guest.settings.contains(&EngineSetting::ConsumeFuel) {
            store.set_fuel(u64::MAX)?;
        }
        Ok::<_, wasmtime::Error>(store)
    };
    if guest.is_component {
        // SAFETY: `precompile_component` of the same wasmtime returned these bytes, and they have not been changed.
        let component = unsafe { Component::deserialize(&engine, image) }?;
        if component.component_type().imports(&engine).len() == 0 && !guest.has_start {
            component::Linker::new(&engine).instantiate(store()?, &component)?;
        }
        return Ok(());
    }
    // SAFETY: `precompile_module` of the same wasmtime returned these bytes, and they have not been changed.
    let module = unsafe { Module::deserialize(&engine, image) }?;
    if module.imports().len() == 0 && !guest.has_start {
        Instance::new(store()?, &module, &[])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks an image that was made for one target as if it had been made for another.
    fn check_as(compiled_for: &str, asked_for: &str) -> Result<(), String> {
        let wasm = wat::parse_str("(module)").expect("it parses");
        let target = |text: &str| text.parse::<Target>().expect("wasmtime compiles for it");
        let options = Precompile {
            targets: vec![target(compiled_for)],
            engine: Vec::new(),
        };
        let compiled = precompile(&wasm, &options).expect("it compiles");
        let guest = Guest {
            is_component: false,
            used: used_features(&wasm),
            has_start: false,
            settings: &[],
        };
        check(&compiled.artifacts[0].image, &target(asked_for), &guest)
    }

    #[test]
    fn an_image_for_another_machine_is_found() {
        let targets = [
            "x86_64-unknown-linux-gnu",
            "aarch64-unknown-linux-gnu",
            "riscv64gc-unknown-linux-gnu",
            "s390x-unknown-linux-gnu",
            "pulley32",
            "pulley32be",
            "pulley64",
            "pulley64be",
        ];
        for compiled_for in targets {
            for asked_for in targets {
                let checked = check_as(compiled_for, asked_for);
                assert_eq!(checked.is_ok(), compiled_for == asked_for, "{checked:?}");
            }
        }
        let error = check_as("pulley64be", "pulley64").expect_err("the byte order differs");
        assert_eq!(
            error,
            "expected Machine { elf: 243, flags: 8, is_big_endian: false }, \
             found Machine { elf: 243, flags: 8, is_big_endian: true }"
        );
    }

    #[test]
    fn an_image_for_another_engine_is_found() {
        let wasm = wat::parse_str("(module)").expect("it parses");
        let options = Precompile {
            targets: vec![Target::host().expect("wasmtime compiles for it")],
            engine: vec![EngineSetting::EpochInterruption],
        };
        let compiled = precompile(&wasm, &options).expect("it compiles");
        let guest = Guest {
            is_component: false,
            used: used_features(&wasm),
            has_start: false,
            settings: &[],
        };
        let image = &compiled.artifacts[0].image;
        let error = check(image, &options.targets[0], &guest).expect_err("the engine has no epochs");
        assert!(error.starts_with("it does not load: "), "{error}");
        assert_eq!(
            check(&image[1..], &options.targets[0], &guest),
            Err("it is no compiled module".to_owned())
        );
    }
}
