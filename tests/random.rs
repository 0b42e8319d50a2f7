//! The law on random modules: init then calls, in the original and in the baked module, must be the same to see.
//!
//! `PREINIT_MODULES=N` sets how many modules are tried, `PREINIT_SEED=S` where to begin. A failure names its seed, and
//! the module is written to the directory for temporary test files.

use arbitrary::Unstructured;
use cargo_preinit::run::{Cause, RunError};
use cargo_preinit::{BakeError, BakeOptions, bake};
use wasm_smith::{Config as Smith, Module as RandomModule};
use wasmtime::error::{Result, bail, ensure};
use wasmtime::{Config, Engine, Extern, Instance, Module, Ref, Store, StoreLimits, StoreLimitsBuilder, Val};

/// How many modules the normal test run tries.
const MODULES: u64 = 300;
/// How much fuel a module may burn per call, in wasm-smith's own count.
const FUEL: u32 = 20_000;

#[expect(clippy::disallowed_methods, reason = "a test has no other way to be told")]
fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn a_baked_module_cannot_be_told_from_one_that_ran_its_init() {
    let first = number("PREINIT_SEED", 1);
    let count = number("PREINIT_MODULES", MODULES);
    let mut tally: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
    for seed in first..first + count {
        let Some(wasm) = random_module(seed) else { continue };
        match check(&wasm) {
            Ok(outcome) => *tally.entry(outcome).or_default() += 1,
            Err(error) => {
                let path = format!("{}/random-{seed}.wasm", env!("CARGO_TARGET_TMPDIR"));
                fs_err::write(&path, &wasm).expect("the directory for temporary test files can be written");
                panic!("seed {seed}: {error:?}\nthe module is in {path}");
            }
        }
    }
    println!("{count} modules from seed {first}: {tally:#?}");
    assert!(count < 100 || tally.contains_key("baked"), "nothing was baked");
}

fn random_module(seed: u64) -> Option<Vec<u8>> {
    // SplitMix64, as good a source of bytes as any.
    let mut state = seed;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).to_le_bytes()
    })
    .take(1024)
    .flatten()
    .collect();
    let mut source = Unstructured::new(&bytes);
    let exports = wat::parse_str(r#"(module (func (export "wizer-initialize")))"#).ok()?;
    let config = Smith {
        exports: Some(exports),
        max_imports: 0,
        max_memories: 3,
        max_memory32_bytes: 1 << 20,
        max_memory64_bytes: 1 << 20,
        max_tables: 4,
        min_element_segments: 1,
        max_table_elements: 100,
        min_funcs: 4,
        threads_enabled: false,
        shared_everything_threads_enabled: false,
        custom_page_sizes_enabled: seed.is_multiple_of(3),
        memory64_enabled: seed.is_multiple_of(2),
        wide_arithmetic_enabled: true,
        exceptions_enabled: seed.is_multiple_of(5),
        gc_enabled: seed.is_multiple_of(4),
        reference_types_enabled: true,
        simd_enabled: true,
        relaxed_simd_enabled: false,
        tail_call_enabled: true,
        multi_value_enabled: true,
        bulk_memory_enabled: true,
        canonicalize_nans: true,
        disallow_traps: seed % 2 == 1,
        ..Smith::default()
    };
    let mut module = RandomModule::new(config, &mut source).ok()?;
    module.ensure_termination(FUEL).ok()?;
    Some(export_all(&module.to_bytes()))
}

/// Exports all state, so that it can be compared.
fn export_all(wasm: &[u8]) -> Vec<u8> {
    let mut module = walrus::ModuleConfig::new();
    module.only_stable_features(false);
    let Ok(mut module) = module.parse(wasm) else {
        return wasm.to_vec();
    };
    let memories: Vec<_> = module.memories.iter().map(walrus::Memory::id).collect();
    let globals: Vec<_> = module.globals.iter().map(walrus::Global::id).collect();
    let tables: Vec<_> = module.tables.iter().map(walrus::Table::id).collect();
    let functions: Vec<_> = module.funcs.iter().map(walrus::Function::id).collect();
    for (number, id) in memories.into_iter().enumerate() {
        module.exports.add(&format!("memory-{number}"), id);
    }
    for (number, id) in globals.into_iter().enumerate() {
        module.exports.add(&format!("global-{number}"), id);
    }
    for (number, id) in tables.into_iter().enumerate() {
        module.exports.add(&format!("table-{number}"), id);
    }
    for (number, id) in functions.into_iter().enumerate() {
        module.exports.add(&format!("function-{number}"), id);
    }
    module.emit_wasm()
}

fn engine() -> Engine {
    let mut config = Config::new();
    config
        .wasm_tail_call(true)
        .wasm_function_references(true)
        .wasm_gc(true)
        .wasm_exceptions(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_custom_page_sizes(true)
        .wasm_wide_arithmetic(true)
        .cranelift_nan_canonicalization(true);
    Engine::new(&config).expect("these features exist")
}

/// A store that, like a bake, ends a module which asks for gigabytes.
fn store(engine: &Engine) -> Store<StoreLimits> {
    let limits = StoreLimitsBuilder::new()
        .memory_size(256 << 20)
        .table_elements(100_000)
        .build();
    let mut store = Store::new(engine, limits);
    store.limiter(|limits| limits);
    store
}

/// What became of a module: `baked`, or why not.
fn check(wasm: &[u8]) -> Result<String> {
    let engine = engine();
    let original = Module::new(&engine, wasm)?;
    let mut before = store(&engine);
    let instance = Instance::new(&mut before, &original, &[]);
    let init = instance.and_then(|instance| {
        let init = instance.get_typed_func::<(), ()>(&mut before, "wizer-initialize")?;
        init.call(&mut before, ())?;
        Ok(instance)
    });
    let mut options = BakeOptions::default();
    options.limits.memory_bytes = 256 << 20;
    options.limits.table_elements = 100_000;
    let (instance, baked) = match (init, bake(wasm, &options)) {
        (Ok(instance), Ok(baked)) => (instance, baked),
        (Err(_), Err(BakeError::Run(_))) => return Ok("init fails in both".to_owned()),
        (Ok(_), Err(BakeError::Refused(refusals))) => {
            let kind = format!("{:?}", refusals.0[0]);
            let kind = kind.split(['{', '(']).next().unwrap_or_default().trim();
            return Ok(format!("refused: {kind}"));
        }
        (Ok(_), Err(BakeError::Run(RunError::Stopped(stopped))))
            if matches!(stopped.cause, Cause::Memory(_) | Cause::Tables(_)) =>
        {
            return Ok("more than allowed".to_owned());
        }
        (Ok(_), Err(error)) => bail!("not baked: {error}"),
        (Err(error), Ok(_)) => bail!("baked, but the original fails: {error:?}"),
        (Err(_), Err(error)) => bail!("fails in the original, and differently in the bake: {error}"),
    };
    ensure!(
        bake(wasm, &options)?.wasm == baked.wasm,
        "another bake gives other bytes"
    );
    let output = Module::new(&engine, &baked.wasm)?;
    let mut after = store(&engine);
    let copy = Instance::new(&mut after, &output, &[])?;
    compare(&mut before, instance, &mut after, copy, "at the start")?;
    let functions: Vec<String> = output
        .exports()
        .filter(|export| matches!(export.ty(), wasmtime::ExternType::Func(_)))
        .map(|export| export.name().to_owned())
        .collect();
    for name in functions.iter().take(8) {
        let seen = (call(&mut before, instance, name)?, call(&mut after, copy, name)?);
        if [&seen.0, &seen.1]
            .iter()
            .any(|answer| *answer == "trap StackOverflow")
        {
            // How deep a stack can get is not the module's: it depends on how its functions were compiled.
            return Ok("baked, the stack overflows".to_owned());
        }
        ensure!(
            seen.0 == seen.1,
            "`{name}` answers {} in the original, {} baked",
            seen.0,
            seen.1
        );
    }
    compare(&mut before, instance, &mut after, copy, "after calls")?;
    Ok("baked".to_owned())
}

/// Calls with default arguments; `-` where there are none.
fn call(store: &mut Store<StoreLimits>, instance: Instance, name: &str) -> Result<String> {
    let Some(function) = instance.get_func(&mut *store, name) else {
        bail!("there is no `{name}`");
    };
    let ty = function.ty(&*store);
    let Some(arguments) = ty
        .params()
        .map(|ty| Val::default_for_ty(&ty))
        .collect::<Option<Vec<_>>>()
    else {
        return Ok("-".to_owned());
    };
    let mut results = vec![Val::I32(0); ty.results().len()];
    Ok(match function.call(&mut *store, &arguments, &mut results) {
        Ok(()) => results
            .into_iter()
            .map(|value| show(store, value))
            .collect::<Vec<_>>()
            .join(" "),
        Err(error) => match error.downcast_ref::<wasmtime::Trap>() {
            Some(trap) => format!("trap {trap:?}"),
            None => "another error".to_owned(),
        },
    })
}

fn show(store: &Store<StoreLimits>, value: Val) -> String {
    match value {
        Val::I32(value) => format!("i32 {value}"),
        Val::I64(value) => format!("i64 {value}"),
        Val::F32(bits) => format!("f32 {bits:#x}"),
        Val::F64(bits) => format!("f64 {bits:#x}"),
        Val::V128(value) => format!("v128 {:#x}", value.as_u128()),
        Val::FuncRef(Some(function)) => format!("function of {}", function.ty(store)),
        other => format!("null {}", other.ref_().is_none_or(|value| is_null(&value))),
    }
}

fn is_null(value: &Ref) -> bool {
    match value {
        Ref::Func(value) => value.is_none(),
        Ref::Extern(value) => value.is_none(),
        Ref::Any(value) => value.is_none(),
        Ref::Exn(value) => value.is_none(),
    }
}

fn compare(
    before: &mut Store<StoreLimits>,
    original: Instance,
    after: &mut Store<StoreLimits>,
    baked: Instance,
    when: &str,
) -> Result<()> {
    let names: Vec<String> = baked
        .exports(&mut *after)
        .map(|export| export.name().to_owned())
        .collect();
    for name in names {
        let left = state(before, original, &name);
        let right = state(after, baked, &name);
        ensure!(
            left == right,
            "`{name}` differs {when}: {left:.200} in the original, {right:.200} baked"
        );
    }
    Ok(())
}

fn state(store: &mut Store<StoreLimits>, instance: Instance, name: &str) -> String {
    match instance.get_export(&mut *store, name) {
        Some(Extern::Memory(memory)) => {
            let data = memory.data(&*store);
            let pages: Vec<String> = (0_u64..)
                .zip(data.chunks(4096))
                .filter(|(_, page)| page.iter().fold(0, |any, byte| any | byte) != 0)
                .map(|(number, page)| format!("{number}: {}", hash(page)))
                .collect();
            format!("{} pages, {}", memory.size(&*store), pages.join(" "))
        }
        Some(Extern::Global(global)) => {
            let value = global.get(&mut *store);
            show(store, value)
        }
        Some(Extern::Table(table)) => (0..table.size(&*store))
            .map(|slot| match table.get(&mut *store, slot) {
                Some(Ref::Func(Some(function))) => format!("{}", function.ty(&*store)),
                Some(value) => format!("null {}", is_null(&value)),
                None => "nothing".to_owned(),
            })
            .collect::<Vec<_>>()
            .join(", "),
        Some(_) => String::new(),
        None => "absent".to_owned(),
    }
}

/// FNV-1a: enough to see a difference.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
