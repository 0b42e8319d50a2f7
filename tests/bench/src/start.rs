//! What a module costs its host in wasmtime: instantiation, and the first call.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use wasmtime::{
    Cache, CacheConfig, Config, Engine, Instance, InstanceAllocationStrategy, InstancePre, Linker, Module,
    OptLevel, PoolingAllocationConfig, RegallocAlgorithm, Store,
};
use wasmtime_wasi::p1::{WasiP1Ctx, add_to_linker_sync};
use wasmtime_wasi::p2::pipe::MemoryInputPipe;

use camino::Utf8Path;

use crate::job::World;
use crate::wizer::wasi;

/// What the calls are asked. The first one's answer is what a cold start waits for.
const REQUESTS: [i32; 4] = [0, 1, 2, 0];

/// Where the engine gets an instance's memory from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    OnDemand,
    Pooling,
}

/// What was seen of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Of instantiation, init where it is still to run, and the first call: about one per instruction.
    pub fuel: u64,
    pub answers: Vec<i32>,
}

/// Instantiates, runs init if there is one to run, and calls.
pub fn observe(wasm: &[u8], world: &World, init: Option<&str>, cache: &Utf8Path) -> Result<Observed> {
    let engine = Engine::new(config(cache)?.consume_fuel(true))?;
    let module = Module::new(&engine, wasm)?;
    let mut wasi = wasi(world)?;
    if let Some(stdin) = &world.stdin {
        wasi.stdin(MemoryInputPipe::new(fs_err::read(stdin)?));
    }
    let mut store = Store::new(&engine, wasi.build_p1());
    store.set_fuel(u64::MAX)?;
    let instance = linker(&module)?.instantiate(&mut store, &module)?;
    for name in ["_initialize"].into_iter().chain(init) {
        if let Ok(function) = instance.get_typed_func::<(), ()>(&mut store, name) {
            function.call(&mut store, ())?;
        }
    }
    ask(&mut store, |store, request| call(&instance, store, request))
}

/// Makes all calls. The fuel is what the store has used up to the end of the first.
pub fn ask<T>(store: &mut Store<T>, call: impl Fn(&mut Store<T>, i32) -> Result<i32>) -> Result<Observed> {
    let [first, later @ ..] = REQUESTS;
    let mut answers = vec![call(store, first)?];
    let fuel = u64::MAX - store.get_fuel()?;
    for request in later {
        answers.push(call(store, request)?);
    }
    Ok(Observed { fuel, answers })
}

fn call(instance: &Instance, store: &mut Store<WasiP1Ctx>, request: i32) -> Result<i32> {
    let run = instance.get_typed_func::<i32, i32>(&mut *store, "run")?;
    Ok(run.call(store, request)?)
}

/// How long code takes to be compiled, and how fast it is then, is not measured here. So it is compiled quickly, and kept.
pub fn config(cache: &Utf8Path) -> Result<Config> {
    let mut config = Config::new();
    let mut kept = CacheConfig::new();
    kept.with_directory(cache);
    config.cache(Some(Cache::new(kept)?));
    config.cranelift_opt_level(OptLevel::None);
    config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
    config.max_wasm_stack(8 << 20);
    config.async_stack_size(10 << 20);
    Ok(config)
}

/// WASI, what Ruby's values need of their host, and traps for everything else.
fn linker(module: &Module) -> Result<Linker<WasiP1Ctx>> {
    let mut linker = Linker::new(module.engine());
    add_to_linker_sync(&mut linker, |wasi| wasi)?;
    for name in ["resource_new_rb-abi-value", "resource_get_rb-abi-value"] {
        linker.func_wrap("canonical_abi", name, |handle: i32| handle)?;
    }
    linker.define_unknown_imports_as_traps(module)?;
    Ok(linker)
}

/// The least time that each of the modules takes to be instantiated. They take turns.
pub fn instantiations<const N: usize>(
    modules: [&[u8]; N],
    allocation: Allocation,
    cache: &Utf8Path,
) -> Result<[Duration; N]> {
    let engine = Engine::new(&config_of(allocation, cache)?)?;
    let mut prepared: Vec<InstancePre<WasiP1Ctx>> = Vec::new();
    for wasm in modules {
        let module = Module::new(&engine, wasm)?;
        prepared.push(linker(&module)?.instantiate_pre(&module)?);
    }
    let prepared: [InstancePre<WasiP1Ctx>; N] =
        prepared.try_into().map_err(|_| anyhow!("one for each module"))?;
    least_of(&prepared, |prepared| {
        let mut store = Store::new(&engine, wasmtime_wasi::WasiCtxBuilder::new().build_p1());
        let started = Instant::now();
        prepared.instantiate(&mut store)?;
        Ok(started.elapsed())
    })
}

/// The settings of an engine that gets memories in this way.
pub fn config_of(allocation: Allocation, cache: &Utf8Path) -> Result<Config> {
    let mut config = config(cache)?;
    if allocation == Allocation::Pooling {
        let mut pool = PoolingAllocationConfig::default();
        pool.total_core_instances(20)
            .total_memories(10)
            .total_tables(20)
            .max_core_instance_size(16 << 20)
            .table_elements(100_000);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    Ok(config)
}

/// The least that `time` returns for each. They take turns.
pub fn least_of<T, const N: usize>(
    subjects: &[T; N],
    time: impl Fn(&T) -> Result<Duration>,
) -> Result<[Duration; N]> {
    let mut least = [Duration::MAX; N];
    let started = Instant::now();
    for round in 0..2000 {
        // Modules that are copied at each start take milliseconds.
        if round >= 50 && started.elapsed() > Duration::from_secs(4) {
            break;
        }
        for (subject, least) in subjects.iter().zip(&mut least) {
            *least = (*least).min(time(subject)?);
        }
    }
    Ok(least)
}
