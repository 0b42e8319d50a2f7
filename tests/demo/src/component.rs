//! Cold starts of a component, whose first request is to look up an article.

use std::path::Path;
use std::time::{Duration, Instant};

use wasmtime::component::{Component, Linker};
use wasmtime::error::Result;
use wasmtime::{Config, Engine, Store};

use crate::{Answer, median};

/// The article that is looked up.
const ARTICLE: &str = "green brass clock";

pub(crate) fn is_component(path: &Path) -> Result<bool> {
    // The preamble of a component has this layer, and a module's has 0.
    Ok(wat::parse_file(path)?.get(6) == Some(&1))
}

struct Runner {
    component: Component,
    linker: Linker<()>,
}

impl Runner {
    /// The component calls none of its imports.
    fn new(path: &Path, config: &Config) -> Result<Self> {
        let engine = Engine::new(config)?;
        let component = Component::new(&engine, wat::parse_file(path)?)?;
        let mut linker = Linker::new(&engine);
        linker.define_unknown_imports_as_traps(&component)?;
        Ok(Self { component, linker })
    }

    fn cold_start(
        &self,
        call: &str,
        prepare: impl FnOnce(&mut Store<()>) -> Result<()>,
    ) -> Result<(Duration, Store<()>, Option<u32>)> {
        let mut store = Store::new(self.linker.engine(), ());
        prepare(&mut store)?;
        let pre = self.linker.instantiate_pre(&self.component)?;
        let started = Instant::now();
        let instance = pre.instantiate(&mut store)?;
        let function = instance.get_typed_func::<(&str,), (Option<u32>,)>(&mut store, call)?;
        let (price,) = function.call(&mut store, (ARTICLE,))?;
        Ok((started.elapsed(), store, price))
    }
}

/// The fuel of a cold start, and the answer.
pub(crate) fn fuel(path: &Path, call: &str) -> Result<(u64, Answer)> {
    let runner = Runner::new(path, Config::new().consume_fuel(true))?;
    let (_, store, price) = runner.cold_start(call, |store| store.set_fuel(u64::MAX))?;
    let answer = Answer {
        results: vec![format!("{price:?}")],
        output: String::new(),
    };
    Ok((u64::MAX - store.get_fuel()?, answer))
}

/// The median time of many cold starts.
pub(crate) fn time(path: &Path, call: &str) -> Result<Duration> {
    let runner = Runner::new(path, &Config::new())?;
    median(|| Ok(runner.cold_start(call, |_| Ok(()))?.0))
}
