//! The host for both modules of a case: an engine, and imports that log their calls.
//!
//! Imported memories, tables and globals hold other values than during the bake, apart from memories that are promised to be fresh.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cargo_preinit::{AnsweredImport, ImportAnswer};
use wasmtime::error::Result;
use wasmtime::{
    AsContextMut, Config, Engine, Extern, ExternRef, ExternType, Func, FuncType, Global, HeapType, Instance,
    Memory, Module, Ref, RefType, Store, Table, Tag, Val, ValType,
};

use crate::observe::value;

/// The fuel of a call: enough for every case, and an endless loop ends soon.
const FUEL: u64 = 1_000_000;

/// An instance, in an engine with all proposals that a guest may use.
///
/// While init runs, imports answer as the case's options say.
pub struct World {
    pub store: Store<Vec<String>>,
    pub instance: Instance,
    /// The imports, by name.
    pub imports: Vec<(String, Extern)>,
    /// Whether init is running.
    in_init: Arc<AtomicBool>,
}

impl World {
    /// Instantiates a module whose init has run, or that has none.
    pub fn new(wasm: &[u8], answers: &[AnsweredImport]) -> Result<Self> {
        Self::with(wasm, answers, Arc::default())
    }

    /// Instantiates a module whose init is to run, until [`end_init`](Self::end_init).
    pub fn in_init(wasm: &[u8], answers: &[AnsweredImport]) -> Result<Self> {
        Self::with(wasm, answers, Arc::new(AtomicBool::new(true)))
    }

    /// From now on imports answer as they do at run time.
    pub fn end_init(&self) {
        self.in_init.store(false, Ordering::Relaxed);
    }

    fn with(wasm: &[u8], answers: &[AnsweredImport], in_init: Arc<AtomicBool>) -> Result<Self> {
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
            let name = format!("{}.{}", import.module(), import.name());
            let whole = answers.iter().find(|answer| answer.import == name);
            let answer = whole.or_else(|| {
                let mut patterns = answers.iter();
                patterns.find(|answer| {
                    answer
                        .import
                        .strip_suffix('*')
                        .is_some_and(|start| name.starts_with(start))
                })
            });
            let external = match import.ty() {
                ExternType::Func(ty) => {
                    let answer = answer.map(|answer| (Arc::clone(&in_init), answer.answer.clone()));
                    Extern::Func(logging(&mut store, ty, name.clone(), answer))
                }
                ExternType::Tag(ty) => Extern::Tag(Tag::new(&mut store, &ty)?),
                ExternType::Memory(ty) => {
                    let memory = Memory::new(&mut store, ty)?;
                    if answer.is_none() {
                        for (byte, value) in memory.data_mut(&mut store).iter_mut().zip(1..=100) {
                            *byte = value;
                        }
                    }
                    Extern::Memory(memory)
                }
                ExternType::Table(ty) => {
                    let init = reference(&mut store, ty.element(), &name)?;
                    Extern::Table(Table::new(&mut store, ty, init)?)
                }
                ExternType::Global(ty) => {
                    let value = match ty.content() {
                        ValType::I32 => Val::I32(3),
                        ValType::I64 => Val::I64(3),
                        ValType::F32 => Val::F32(1.5_f32.to_bits()),
                        ValType::F64 => Val::F64(1.5_f64.to_bits()),
                        ValType::V128 => Val::V128(5_u128.into()),
                        ValType::Ref(ty) => reference(&mut store, ty, &name)?.into(),
                    };
                    Extern::Global(Global::new(&mut store, ty, value)?)
                }
            };
            imports.push((name, external));
        }
        let externs: Vec<Extern> = imports.iter().map(|(_, external)| external.clone()).collect();
        let instance = Instance::new(&mut store, &module, &externs)?;
        Ok(Self {
            store,
            instance,
            imports,
            in_init,
        })
    }

    /// Calls a function, and returns its answer as text, after the log of imports that it called.
    pub fn call(&mut self, function: Func, arguments: &[Val]) -> Result<String> {
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

    pub fn exported_function(&mut self, name: &str) -> Option<Func> {
        self.instance.get_func(&mut self.store, name)
    }
}

/// A reference for an imported table or global to hold.
fn reference(store: &mut Store<Vec<String>>, ty: &RefType, name: &str) -> Result<Ref> {
    Ok(match ty.heap_type() {
        HeapType::Func => {
            let ty = FuncType::new(store.engine(), [], [ValType::I32]);
            Ref::Func(Some(logging(store, ty, format!("in {name}"), None)))
        }
        HeapType::ConcreteFunc(ty) => Ref::Func(Some(logging(store, ty.clone(), format!("in {name}"), None))),
        HeapType::Extern => Ref::Extern(Some(ExternRef::new(store.as_context_mut(), name.to_owned())?)),
        ty => Ref::null(ty),
    })
}

/// The kind of a trap, without the backtrace, since function indices differ.
fn trap(error: &wasmtime::Error) -> String {
    if let Some(trap) = error.downcast_ref::<wasmtime::Trap>() {
        format!("trap: {trap:?}")
    } else if error.is::<wasmtime::ThrownException>() {
        "uncaught exception".to_owned()
    } else {
        format!("error: {}", error.root_cause())
    }
}

/// An imported function that logs its arguments, and returns the default value of each result, or 7 for an `i32`. While `zero` is true,
/// it logs nothing, and returns 0 for an `i32`.
fn logging(
    store: &mut Store<Vec<String>>,
    ty: FuncType,
    name: String,
    in_init: Option<(Arc<AtomicBool>, ImportAnswer)>,
) -> Func {
    let result_types: Vec<ValType> = ty.results().collect();
    Func::new(store, ty, move |mut caller, arguments, results| {
        let answer = in_init
            .as_ref()
            .filter(|(in_init, _)| in_init.load(Ordering::Relaxed));
        if answer.is_none() {
            let arguments: Vec<String> = arguments.iter().map(|argument| format!("{argument:?}")).collect();
            let line = format!("{name}({})", arguments.join(", "));
            caller.data_mut().push(line);
        }
        for (result, ty) in results.iter_mut().zip(&result_types) {
            *result = match (ty, answer) {
                (ValType::I32, None) => Val::I32(7),
                (ty, Some((_, ImportAnswer::Const(number)))) => parsed(ty, number),
                (ty, _) => Val::default_for_ty(ty).unwrap_or(Val::I32(0)),
            };
        }
        Ok(())
    })
}

/// A number of that type.
fn parsed(ty: &ValType, number: &str) -> Val {
    let number = match ty {
        ValType::I32 => number.parse().map(Val::I32).ok(),
        ValType::I64 => number.parse().map(Val::I64).ok(),
        ValType::F32 => number.parse().map(|number: f32| Val::F32(number.to_bits())).ok(),
        ValType::F64 => number.parse().map(|number: f64| Val::F64(number.to_bits())).ok(),
        _ => None,
    };
    number.expect("the bake took it for one")
}
