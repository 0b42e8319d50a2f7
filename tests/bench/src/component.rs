//! What a component costs its host in wasmtime, as [`start`](crate::start) measures it of a module.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use camino::Utf8Path;
use wasmtime::component::{Component, Instance, InstancePre, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use crate::start::{self, Allocation, Observed};

/// The state of WASI for an instance.
pub struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl Host {
    pub fn new(wasi: WasiCtx) -> Self {
        Self {
            wasi,
            table: ResourceTable::new(),
        }
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

fn prepare(engine: &Engine, wasm: &[u8]) -> Result<InstancePre<Host>> {
    let component = Component::new(engine, wasm)?;
    let mut linker: Linker<Host> = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Ok(linker.instantiate_pre(&component)?)
}

/// Instantiates, runs `init` if the component exports it, and calls.
pub fn observe(wasm: &[u8], init: &str, cache: &Utf8Path) -> Result<Observed> {
    let engine = Engine::new(start::config(cache)?.consume_fuel(true))?;
    let mut store = Store::new(&engine, Host::new(WasiCtxBuilder::new().build()));
    store.set_fuel(u64::MAX)?;
    let instance = prepare(&engine, wasm)?.instantiate(&mut store)?;
    if let Some(init) = instance.get_func(&mut store, init) {
        init.call(&mut store, &[], &mut [])?;
    }
    start::ask(&mut store, |store, request| call(&instance, store, request))
}

fn call(instance: &Instance, store: &mut Store<Host>, request: i32) -> Result<i32> {
    let run = instance.get_func(&mut *store, "run").context("it has a `run`")?;
    let run = run.typed::<(u32,), (u32,)>(&*store)?;
    let (answer,) = run.call(store, (request.cast_unsigned(),))?;
    Ok(answer.cast_signed())
}

/// The least time that each of the components takes to be instantiated. They take turns.
pub fn instantiations<const N: usize>(
    components: [&[u8]; N],
    allocation: Allocation,
    cache: &Utf8Path,
) -> Result<[Duration; N]> {
    let engine = Engine::new(&start::config_of(allocation, cache)?)?;
    let prepared = components.map(|wasm| prepare(&engine, wasm));
    start::least_of(&prepared, |prepared| {
        let prepared = prepared.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))?;
        let mut store = Store::new(&engine, Host::new(WasiCtxBuilder::new().build()));
        let started = Instant::now();
        prepared.instantiate(&mut store)?;
        Ok(started.elapsed())
    })
}
