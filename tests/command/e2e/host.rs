//! A host for guests: wasmtime with WASI.

use std::sync::LazyLock;

use wasmtime::{
    Config, Engine, Instance, Linker, Module, OptLevel, Result, Store, Val, bail, error::Context as _,
};
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p1::{WasiP1Ctx, add_to_linker_sync};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::None);
    Engine::new(&config).expect("it is a plain configuration")
});

/// An instance of a guest.
pub struct Guest {
    store: Store<WasiP1Ctx>,
    instance: Instance,
    stdout: MemoryOutputPipe,
}

impl Guest {
    /// Instantiates a module, with WASI for its imports, and calls its `_initialize`, if any.
    pub fn new(wasm: &[u8], args: &[&str]) -> Result<Self> {
        Self::with_env(wasm, args, &[])
    }

    /// As [`new`](Self::new), with environment variables.
    pub fn with_env(wasm: &[u8], args: &[&str], env: &[(&str, &str)]) -> Result<Self> {
        let stdout = MemoryOutputPipe::new(1 << 20);
        let mut wasi = WasiCtxBuilder::new();
        wasi.args(args).envs(env).stdout(stdout.clone());
        let mut store = Store::new(&ENGINE, wasi.build_p1());
        let mut linker = Linker::new(&ENGINE);
        add_to_linker_sync(&mut linker, |context| context)?;
        let module = Module::new(&ENGINE, wasm)?;
        let instance = linker.instantiate(&mut store, &module)?;
        // A host must call it before any other export.
        if let Ok(initialize) = instance.get_typed_func::<(), ()>(&mut store, "_initialize") {
            initialize.call(&mut store, ())?;
        }
        Ok(Self {
            store,
            instance,
            stdout,
        })
    }

    /// Calls an export that returns one integer, or nothing, for which this returns 0.
    pub fn call(&mut self, export: &str, args: &[i32]) -> Result<i64> {
        let function = self
            .instance
            .get_func(&mut self.store, export)
            .with_context(|| format!("`{export}` is not exported"))?;
        let args: Vec<Val> = args.iter().map(|arg| Val::I32(*arg)).collect();
        let mut results = vec![Val::I32(0); function.ty(&self.store).results().len()];
        function.call(&mut self.store, &args, &mut results)?;
        match results.first() {
            None => Ok(0),
            Some(Val::I32(number)) => Ok((*number).into()),
            Some(Val::I64(number)) => Ok(*number),
            Some(other) => bail!("`{export}` returned {other:?}"),
        }
    }

    /// Calls `_start`, and returns the program's output.
    pub fn main(&mut self) -> Result<String> {
        let start = self
            .instance
            .get_typed_func::<(), ()>(&mut self.store, "_start")?;
        start.call(&mut self.store, ())?;
        Ok(String::from_utf8(self.stdout.contents().to_vec())?)
    }
}

/// The output of a program with these arguments.
pub fn output(wasm: &[u8], args: &[&str]) -> Result<String> {
    Guest::new(wasm, args)?.main()
}

/// The names of a module's exports, sorted.
pub fn exports(wasm: &[u8]) -> Result<Vec<String>> {
    let module = Module::new(&ENGINE, wasm)?;
    let mut names: Vec<String> = module.exports().map(|export| export.name().to_owned()).collect();
    names.sort();
    Ok(names)
}
