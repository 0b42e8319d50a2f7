//! Drives Wizer as the command `wasmtime wizer` of the same version does.

use anyhow::Result;
use wasmtime::{Cache, Config, Engine, Linker, Store};
use wasmtime_wasi::p1::{WasiP1Ctx, add_to_linker_async};
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};
use wasmtime_wizer::Wizer;

use crate::component::Host;
use crate::job::{self, Job, World};

/// Ruby needs more stack than wasmtime's default. It is ours as well: `-W max-wasm-stack` of the command.
const STACK_BYTES: usize = 8 << 20;

pub fn bake(job: &Job) -> Result<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .enable_io()
        .build()?;
    runtime.block_on(bake_in(job))
}

async fn bake_in(job: &Job) -> Result<Vec<u8>> {
    let wasm = fs_err::read(&job.input)?;
    let engine = Engine::new(&config(job)?)?;
    if wasmparser::Parser::is_component(&wasm) {
        return bake_component(job, &engine, &wasm).await;
    }
    let mut store = Store::new(&engine, wasi(&job.world)?.inherit_stdin().build_p1());
    let mut linker: Linker<WasiP1Ctx> = Linker::new(&engine);
    add_to_linker_async(&mut linker, |wasi| wasi)?;
    let mut wizer = Wizer::new();
    if let Some(init) = &job.init {
        wizer.init_func(init);
    }
    let baked = wizer.run(&mut store, &wasm, async |store, module| {
        linker.define_unknown_imports_as_traps(module)?;
        linker.instantiate_async(store, module).await
    });
    Ok(baked.await?)
}

async fn bake_component(job: &Job, engine: &Engine, wasm: &[u8]) -> Result<Vec<u8>> {
    let mut store = Store::new(engine, Host::new(wasi(&job.world)?.inherit_stdin().build()));
    let mut linker: wasmtime::component::Linker<Host> = wasmtime::component::Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    let mut wizer = Wizer::new();
    // Else it removes the core export of the function and leaves the alias of it, and the output is not valid.
    wizer.keep_init_func(true);
    if let Some(init) = &job.init {
        wizer.init_func(init);
    }
    let baked = wizer.run_component(&mut store, wasm, async |store, component| {
        linker.instantiate_async(store, component).await
    });
    Ok(baked.await?.0)
}

fn config(job: &Job) -> Result<Config> {
    let mut config = Config::new();
    config.relaxed_simd_deterministic(true);
    config.max_wasm_stack(STACK_BYTES);
    config.async_stack_size(STACK_BYTES + (2 << 20));
    if job.cache != job::Cache::Off {
        config.cache(Some(Cache::from_file(None)?));
    }
    Ok(config)
}

/// What a guest sees of the outside, but for its standard input.
pub fn wasi(world: &World) -> Result<WasiCtxBuilder> {
    let mut builder = WasiCtxBuilder::new();
    builder.envs(&world.env);
    if let Some(dir) = &world.dir {
        builder.preopened_dir(dir, "/", FsPerms::ReadOnly)?;
    }
    Ok(builder)
}
