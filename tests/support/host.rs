//! The host that both modules of the law meet: a plain engine, and imports that write down how they are called.

use wasmtime::error::Result;
use wasmtime::{
    Config, Engine, Extern, ExternType, Func, FuncType, Instance, Module, Store, Tag, Val, ValType,
};

use crate::observe::value;

/// How much a call may run. Enough for every case, and an endless loop ends soon.
const FUEL: u64 = 1_000_000;

/// A module that was instantiated, in an engine that takes everything a guest may use.
pub(crate) struct World {
    pub(crate) store: Store<Vec<String>>,
    pub(crate) instance: Instance,
}

impl World {
    pub(crate) fn new(wasm: &[u8]) -> Result<Self> {
        let mut config = Config::new();
        config
            .wasm_custom_page_sizes(true)
            .wasm_exceptions(true)
            .wasm_function_references(true)
            .wasm_gc(true)
            .wasm_memory64(true)
            .wasm_multi_memory(true)
            .wasm_tail_call(true)
            .wasm_wide_arithmetic(true)
            .relaxed_simd_deterministic(true)
            .cranelift_nan_canonicalization(true)
            .consume_fuel(true);
        let engine = Engine::new(&config)?;
        let module = Module::new(&engine, wasm)?;
        let mut store = Store::new(&engine, Vec::new());
        store.set_fuel(FUEL)?;
        let mut imports = Vec::new();
        for import in module.imports() {
            imports.push(match import.ty() {
                ExternType::Func(ty) => {
                    let name = format!("{}.{}", import.module(), import.name());
                    Extern::Func(logging(&mut store, ty, name))
                }
                ExternType::Tag(ty) => Extern::Tag(Tag::new(&mut store, &ty)?),
                other => wasmtime::bail!("an import of the type {other:?} is not for a case that bakes"),
            });
        }
        let instance = Instance::new(&mut store, &module, &imports)?;
        Ok(Self { store, instance })
    }

    /// Calls a function, and says how it went. The calls of imports come first.
    pub(crate) fn call(&mut self, function: Func, arguments: &[Val]) -> Result<String> {
        self.store.set_fuel(FUEL)?;
        let count = function.ty(&self.store).results().len();
        let mut results = vec![Val::I32(0); count];
        let called = function.call(&mut self.store, arguments, &mut results);
        let mut text: String = self
            .store
            .data_mut()
            .drain(..)
            .map(|line| format!("[{line}] "))
            .collect();
        match called {
            Ok(()) => {
                let results: Vec<String> = results
                    .into_iter()
                    .map(|result| value(&mut self.store, result))
                    .collect::<Result<_>>()?;
                text.push_str(&results.join(", "));
            }
            Err(error) => text.push_str(&trap(&error)),
        }
        Ok(text)
    }

    pub(crate) fn exported_function(&mut self, name: &str) -> Option<Func> {
        self.instance.get_func(&mut self.store, name)
    }
}

/// The kind of a trap, without the backtrace: function indices differ.
fn trap(error: &wasmtime::Error) -> String {
    if let Some(trap) = error.downcast_ref::<wasmtime::Trap>() {
        format!("trap: {trap:?}")
    } else if error.is::<wasmtime::ThrownException>() {
        "uncaught exception".to_owned()
    } else {
        format!("error: {}", error.root_cause())
    }
}

/// An import that writes down its arguments, and returns the default value of each result; an `i32` is 7.
fn logging(store: &mut Store<Vec<String>>, ty: FuncType, name: String) -> Func {
    let result_types: Vec<ValType> = ty.results().collect();
    Func::new(store, ty, move |mut caller, arguments, results| {
        let arguments: Vec<String> = arguments.iter().map(|argument| format!("{argument:?}")).collect();
        caller
            .data_mut()
            .push(format!("{name}({})", arguments.join(", ")));
        for (result, ty) in results.iter_mut().zip(&result_types) {
            *result = match ty {
                ValType::I32 => Val::I32(7),
                ty => Val::default_for_ty(ty).unwrap_or(Val::I32(0)),
            };
        }
        Ok(())
    })
}
