//! An instance with imports that are the same for both sides, and log their calls.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use wasmtime::error::{Context as _, Result};
use wasmtime::{
    AsContextMut as _, Caller, Config, Engine, Error, Extern, ExternType, Func, FuncType, Global, Instance,
    Memory, Module, OptLevel, Ref, ResourceLimiter, Rooted, Store, StoreContextMut, Table, Tag,
    ThrownException, Trap, Val, ValType,
};

use super::Choices;
use super::observe::{Graph, text};
use super::values::make;

/// The fuel of a call. Little, so that endless loops end soon, and calls do not nest deeply.
const FUEL: u64 = 10_000;
/// The bytes of all memories together, here and in the bake.
pub(super) const MEMORY_BYTES: u64 = 16 << 20;
/// The elements of all tables together, here and in the bake.
pub(super) const TABLE_ELEMENTS: u64 = 20_000;
/// The bytes of stack of a call, here and in the bake. With so little fuel no call uses all of it.
pub(super) const STACK_BYTES: usize = 8 << 20;
/// The stack of a thread that makes such calls, in bytes.
pub(super) const THREAD_STACK: usize = STACK_BYTES + (24 << 20);

/// One engine for both sides, so that they share types.
pub(super) fn engine() -> Result<&'static Engine> {
    static ENGINE: OnceLock<std::result::Result<Engine, String>> = OnceLock::new();
    let made = ENGINE.get_or_init(|| {
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
            .wasm_relaxed_simd(true)
            .relaxed_simd_deterministic(true)
            .cranelift_nan_canonicalization(true)
            .cranelift_opt_level(OptLevel::None)
            .parallel_compilation(false)
            .memory_init_cow(false)
            // There are thousands of small memories, and to reserve gigabytes for each would take most of the time.
            .memory_reservation(1 << 20)
            .memory_guard_size(1 << 16)
            .async_stack_size(STACK_BYTES + (1 << 20))
            .max_wasm_stack(STACK_BYTES)
            .consume_fuel(true);
        Engine::new(&config).map_err(|error| format!("{error:#}"))
    });
    made.as_ref()
        .map_err(|error| wasmtime::format_err!("the engine: {error}"))
}

/// The host's data in a store.
pub(super) struct Host {
    limits: Counted,
    /// The calls of imports, in order.
    pub(super) log: Vec<String>,
    /// What imports answer.
    choices: Choices,
    /// The names of functions, by the engine's raw pointers.
    pub(super) functions: BTreeMap<usize, String>,
    pub(super) tags: Vec<(Tag, String)>,
}

/// Bounds like those of a bake: growth beyond them stops the guest, instead of failing in it.
struct Counted {
    memory_bytes: u64,
    table_elements: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("more than allowed")]
struct LimitReached;

/// The error of an import that refuses to answer.
#[derive(Debug, thiserror::Error)]
#[error("the host refuses")]
struct HostRefuses;

impl ResourceLimiter for Counted {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let grown = desired.saturating_sub(current) as u64;
        self.memory_bytes = self.memory_bytes.saturating_add(grown);
        if self.memory_bytes > MEMORY_BYTES {
            return Err(LimitReached.into());
        }
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let grown = desired.saturating_sub(current) as u64;
        self.table_elements = self.table_elements.saturating_add(grown);
        if self.table_elements > TABLE_ELEMENTS {
            return Err(LimitReached.into());
        }
        Ok(true)
    }
}

/// The result of a call.
pub(super) enum Answer {
    Values(Vec<Val>),
    /// The call did not return.
    Ended(End),
}

/// Why a call or an instantiation did not complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Trap(Trap),
    /// An uncaught exception, as text.
    Exception(String),
    HostRefuses,
    /// Init returned a number other than 0, which is a failure.
    Status(i32),
    /// There is an import that the host cannot make.
    NoImport,
    /// A bound was reached. Where that happens depends on the compiler and the garbage collector.
    Resource(String),
}

impl End {
    fn of(error: &Error, store: &mut Store<Host>) -> Self {
        if error.is::<ThrownException>() {
            let exception = store.take_pending_exception();
            let mut graph = Graph::default();
            let mut context = store.as_context_mut();
            let mut shown = text(&mut context, &mut graph, &Val::ExnRef(exception));
            shown.push_str(&graph.finish(&mut context));
            return Self::Exception(shown);
        }
        if error.is::<HostRefuses>() {
            return Self::HostRefuses;
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::StackOverflow) | None => Self::Resource(format!("{:#}", error.root_cause())),
            Some(trap) => Self::Trap(*trap),
        }
    }
}

/// An instance, its store and its imports.
pub(super) struct World {
    pub(super) store: Store<Host>,
    pub(super) instance: Instance,
    /// The imports, which are observed like exports.
    pub(super) imports: Vec<Extern>,
    /// References that calls returned, as arguments for later calls.
    pub(super) pool: Vec<Val>,
}

impl World {
    /// Instantiates a module. `hidden` are exports that the other side does not have. The outer error is the harness's, the inner one the
    /// module's.
    pub(super) fn new(
        module: &Module,
        seed: &Choices,
        hidden: &BTreeSet<String>,
    ) -> Result<std::result::Result<Self, End>> {
        let host = Host {
            limits: Counted {
                memory_bytes: 0,
                table_elements: 0,
            },
            log: Vec::new(),
            choices: seed.clone(),
            functions: BTreeMap::new(),
            tags: Vec::new(),
        };
        let mut store = Store::new(module.engine(), host);
        store.limiter(|host| &mut host.limits);
        store.set_fuel(FUEL)?;
        let mut choices = seed.clone();
        let mut imports = Vec::new();
        for (number, import) in module.imports().enumerate() {
            let name = format!("import {number} {}.{}", import.module(), import.name());
            match provide(&mut store, import.ty(), name, &mut choices) {
                Ok(external) => imports.push(external),
                Err(_) => return Ok(Err(End::NoImport)),
            }
        }
        let instance = match Instance::new(&mut store, module, &imports) {
            Ok(instance) => instance,
            Err(error) => return Ok(Err(End::of(&error, &mut store))),
        };
        let mut world = Self {
            store,
            instance,
            imports,
            pool: Vec::new(),
        };
        world.name_exports(module, hidden)?;
        Ok(Ok(world))
    }

    /// Records the first export name of each function and tag, as its identity.
    fn name_exports(&mut self, module: &Module, hidden: &BTreeSet<String>) -> Result<()> {
        let mut names: Vec<&str> = module.exports().map(|export| export.name()).collect();
        names.sort_unstable();
        for name in names {
            if hidden.contains(name) {
                continue;
            }
            match self.export(name)? {
                Extern::Func(function) => {
                    let identity = function.to_raw(&mut self.store) as usize;
                    let functions = &mut self.store.data_mut().functions;
                    functions.entry(identity).or_insert_with(|| name.to_owned());
                }
                Extern::Tag(tag) => self.store.data_mut().tags.push((tag, name.to_owned())),
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn export(&mut self, name: &str) -> Result<Extern> {
        self.instance
            .get_export(&mut self.store, name)
            .with_context(|| format!("there is no export `{name}`"))
    }

    /// Calls a function, with fresh fuel.
    pub(super) fn call(&mut self, function: Func, arguments: &[Val]) -> Result<Answer> {
        self.store.set_fuel(FUEL)?;
        let mut results = vec![Val::I32(0); function.ty(&self.store).results().len()];
        Ok(match function.call(&mut self.store, arguments, &mut results) {
            Ok(()) => Answer::Values(results),
            Err(error) => Answer::Ended(End::of(&error, &mut self.store)),
        })
    }

    /// Calls an export with arguments as text in options.
    pub(super) fn run(
        &mut self,
        name: &str,
        arguments: &[String],
    ) -> Result<std::result::Result<Vec<Val>, End>> {
        let function = self
            .instance
            .get_func(&mut self.store, name)
            .with_context(|| format!("there is no function `{name}`"))?;
        let types: Vec<ValType> = function.ty(&self.store).params().collect();
        let arguments: Vec<Val> = types
            .iter()
            .zip(arguments)
            .map(|(ty, text)| parsed(ty, text))
            .collect::<Result<_>>()?;
        Ok(match self.call(function, &arguments)? {
            Answer::Values(values) => Ok(values),
            Answer::Ended(end) => Err(end),
        })
    }
}

/// Parses an argument as in options.
fn parsed(ty: &ValType, text: &str) -> Result<Val> {
    Ok(match ty {
        ValType::I32 => match text.parse::<i32>() {
            Ok(value) => Val::I32(value),
            Err(_) => Val::I32(text.parse::<u32>()?.cast_signed()),
        },
        ValType::I64 => match text.parse::<i64>() {
            Ok(value) => Val::I64(value),
            Err(_) => Val::I64(text.parse::<u64>()?.cast_signed()),
        },
        ValType::F32 => Val::F32(text.parse::<f32>()?.to_bits()),
        ValType::F64 => Val::F64(text.parse::<f64>()?.to_bits()),
        ValType::V128 => Val::V128(text.parse::<u128>()?.into()),
        ValType::Ref(ty) => Val::null_ref(ty.heap_type()),
    })
}

/// Makes an import, with random contents.
fn provide(store: &mut Store<Host>, ty: ExternType, name: String, choices: &mut Choices) -> Result<Extern> {
    let nothing = || Error::from(LimitReached);
    Ok(match ty {
        ExternType::Func(ty) => {
            let function = logging(&mut store.as_context_mut(), ty, name.clone());
            let identity = function.to_raw(&mut *store) as usize;
            store.data_mut().functions.insert(identity, name);
            Extern::Func(function)
        }
        ExternType::Global(ty) => {
            let value = make(&mut store.as_context_mut(), ty.content(), choices, 0).ok_or_else(nothing)?;
            Extern::Global(Global::new(&mut *store, ty, value)?)
        }
        ExternType::Table(ty) => {
            let element = ValType::Ref(ty.element().clone());
            let mut value = |store: &mut Store<Host>| -> Result<Ref> {
                let value = make(&mut store.as_context_mut(), &element, choices, 0).ok_or_else(nothing)?;
                value.ref_().ok_or_else(nothing)
            };
            let first = value(store)?;
            let table = Table::new(&mut *store, ty, first)?;
            for slot in 0..table.size(&*store).min(16) {
                let value = value(store)?;
                table.set(&mut *store, slot, value)?;
            }
            Extern::Table(table)
        }
        ExternType::Memory(ty) => {
            let memory = Memory::new(&mut *store, ty)?;
            let data = memory.data_mut(&mut *store);
            for _ in 0..8.min(data.len()) {
                let position = choices.below(data.len());
                data[position] = choices.number().to_le_bytes()[0];
            }
            Extern::Memory(memory)
        }
        ExternType::Tag(ty) => {
            let tag = Tag::new(&mut *store, &ty)?;
            store.data_mut().tags.push((tag, name));
            Extern::Tag(tag)
        }
    })
}

/// A function that logs its arguments, and takes its results from the host's choices.
pub(super) fn logging(store: &mut StoreContextMut<'_, Host>, ty: FuncType, name: String) -> Func {
    let result_types: Vec<ValType> = ty.results().collect();
    Func::new(
        store,
        ty,
        move |mut caller: Caller<'_, Host>, arguments, results| {
            let mut context = caller.as_context_mut();
            let mut graph = Graph::default();
            let arguments: Vec<String> = arguments
                .iter()
                .map(|argument| text(&mut context, &mut graph, argument))
                .collect();
            let objects = graph.finish(&mut context);
            let line = format!("{name}({}){objects}", arguments.join(", "));
            let host = context.data_mut();
            host.log.push(line);
            let mut choices = Choices::new(host.choices.number());
            if choices.chance(1, 16) {
                return Err(HostRefuses.into());
            }
            for (result, ty) in results.iter_mut().zip(&result_types) {
                *result = make(&mut context, ty, &mut choices, 0).ok_or(HostRefuses)?;
            }
            Ok(())
        },
    )
}

/// Makes a host reference to a number.
pub(super) fn host_reference(
    store: &mut StoreContextMut<'_, Host>,
    number: u64,
) -> Option<Rooted<wasmtime::ExternRef>> {
    wasmtime::ExternRef::new(store, number).ok()
}
