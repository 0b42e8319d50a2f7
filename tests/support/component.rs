//! Components as a host sees them: their exported functions are called, with arguments and answers in WAVE text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::wasm_wave::untyped::UntypedFuncCall;
use wasmtime::component::{
    Component, Func, Instance, Linker, LinkerInstance, ResourceTable, ResourceType, Type, Val, wasm_wave,
};
use wasmtime::error::{Context as _, Result, bail, ensure};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use cargo_preinit::KeepInit;

use crate::case::{Call, Case};
use crate::equivalence::equal;

/// A component of one module, whose init sets what `get` returns to 5.
pub const SMALL: &str = r#"(component
    (core module $guest
        (global $n (mut i32) (i32.const 1))
        (func (export "init") (global.set $n (i32.const 5)))
        (func (export "get") (result i32) (global.get $n)))
    (core instance $guest (instantiate $guest))
    (func (export "wizer-initialize") (canon lift (core func $guest "init")))
    (func (export "get") (result u32) (canon lift (core func $guest "get"))))"#;

/// The host's state: WASI, what the component printed, and the calls of imports that are not WASI's.
pub struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
    printed: MemoryOutputPipe,
    log: Vec<String>,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// An instance of a component.
pub struct World {
    pub store: Store<Host>,
    pub instance: Instance,
    component: Component,
}

/// The engine that runs components, with every proposal that a bake takes.
pub fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.wasm_memory64(true);
    config.wasm_multi_memory(true);
    config.wasm_custom_page_sizes(true);
    config.wasm_wide_arithmetic(true);
    config.wasm_tail_call(true);
    config.wasm_function_references(true);
    config.wasm_gc(true);
    config.wasm_exceptions(true);
    Engine::new(&config)
}

impl World {
    /// Instantiates a component. Imports that are not WASI's are logged, and answer with zeros.
    pub fn new(wasm: &[u8]) -> Result<Self> {
        let engine = engine()?;
        let component = Component::from_binary(&engine, wasm)?;
        let mut linker: Linker<Host> = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        for (name, import) in component.component_type().imports(&engine) {
            if !name.starts_with("wasi:") {
                define(&mut linker.root(), &engine, "", name, import.ty)?;
            }
        }
        let printed = MemoryOutputPipe::new(1 << 20);
        let wasi = WasiCtxBuilder::new()
            .stdout(printed.clone())
            .stderr(printed.clone())
            .build();
        let host = Host {
            wasi,
            table: ResourceTable::new(),
            printed,
            log: Vec::new(),
        };
        let mut store = Store::new(&engine, host);
        let instance = linker.instantiate(&mut store, &component)?;
        Ok(Self {
            store,
            instance,
            component,
        })
    }

    /// What the component printed so far.
    pub fn printed(&self) -> String {
        String::from_utf8_lossy(&self.store.data().printed.contents()).into_owned()
    }

    /// The calls of imports since the last [`call`](Self::call).
    pub fn log(&self) -> &[String] {
        &self.store.data().log
    }

    /// An exported function: `name`, or `interface#name` for one of an exported instance.
    pub fn function(&mut self, name: &str) -> Option<Func> {
        let (interface, name) = match name.split_once('#') {
            Some((interface, name)) => (Some(interface), name),
            None => (None, name),
        };
        let interface = match interface {
            Some(interface) => Some(self.instance.get_export(&mut self.store, None, interface)?.1),
            None => None,
        };
        let index = self
            .instance
            .get_export(&mut self.store, interface.as_ref(), name)?
            .1;
        self.instance.get_func(&mut self.store, index)
    }

    /// Calls an exported function, and returns its answer, or how it failed, with the calls of imports.
    pub fn call(&mut self, name: &str, arguments: &str) -> Result<String> {
        let function = self
            .function(name)
            .with_context(|| format!("there is no exported function `{name}`"))?;
        let ty = function.ty(&self.store);
        let types: Vec<Type> = ty.params().map(|(_, ty)| ty).collect();
        let text = format!("f({arguments})");
        let call = UntypedFuncCall::parse(&text).map_err(|error| wasmtime::format_err!("{error}"))?;
        let arguments: Vec<Val> = call
            .to_wasm_params(types.iter())
            .map_err(|error| wasmtime::format_err!("{error}"))?;
        let mut results = vec![Val::Bool(false); ty.results().len()];
        let mut text = match function.call(&mut self.store, &arguments, &mut results) {
            Ok(()) => {
                let shown = results.iter().map(wasm_wave::to_string);
                let shown = shown.collect::<std::result::Result<Vec<_>, _>>();
                shown
                    .map_err(|error| wasmtime::format_err!("{error}"))?
                    .join(", ")
            }
            Err(error) => format!("trap: {}", error.root_cause()),
        };
        for line in self.store.data_mut().log.drain(..) {
            write!(text, "; {line}")?;
        }
        Ok(text)
    }

    /// The names of what the component exports.
    pub fn exports(&self) -> Vec<String> {
        let exports = self.component.component_type();
        let exports = exports.exports(self.component.engine());
        exports.map(|(name, _)| name.to_owned()).collect()
    }
}

fn define(
    linker: &mut LinkerInstance<'_, Host>,
    engine: &Engine,
    path: &str,
    name: &str,
    item: ComponentItem,
) -> Result<()> {
    match item {
        ComponentItem::ComponentFunc(_) => {
            let called = format!("{path}{name}");
            linker.func_new(name, move |mut store, ty, arguments, results| {
                let shown: Vec<String> = arguments.iter().map(show).collect();
                let line = format!("{called}({})", shown.join(", "));
                store.data_mut().log.push(line);
                for argument in arguments {
                    // What was lent has to be given back.
                    if let Val::Resource(handle) = argument {
                        handle.resource_drop(&mut store)?;
                    }
                }
                for (result, ty) in results.iter_mut().zip(ty.results()) {
                    *result = zero(&ty)?;
                }
                Ok(())
            })
        }
        ComponentItem::Resource(_) => linker.resource(name, ResourceType::host::<Host>(), |_, _| Ok(())),
        ComponentItem::ComponentInstance(instance) => {
            let mut inner = linker.instance(name)?;
            let path = format!("{name}#");
            for (name, item) in instance.exports(engine) {
                define(&mut inner, engine, &path, name, item.ty)?;
            }
            Ok(())
        }
        ComponentItem::CoreFunc(_)
        | ComponentItem::Module(_)
        | ComponentItem::Component(_)
        | ComponentItem::Type(_) => Ok(()),
    }
}

/// A value as WAVE text, which a handle does not have.
fn show(value: &Val) -> String {
    match value {
        Val::Resource(_) => "a handle".to_owned(),
        value => wasm_wave::to_string(value).unwrap_or_default(),
    }
}

fn zero(ty: &Type) -> Result<Val> {
    Ok(match ty {
        Type::Bool => Val::Bool(false),
        Type::S8 => Val::S8(0),
        Type::U8 => Val::U8(0),
        Type::S16 => Val::S16(0),
        Type::U16 => Val::U16(0),
        Type::S32 => Val::S32(0),
        Type::U32 => Val::U32(0),
        Type::S64 => Val::S64(0),
        Type::U64 => Val::U64(0),
        Type::String => Val::String(String::new()),
        Type::List(_) => Val::List(Vec::new()),
        Type::Option(_) => Val::Option(None),
        ty => bail!("an import returns a {ty:?}"),
    })
}

/// Checks the exports and the answers that a case states, and that the baked component answers as the original does after its
/// init.
pub fn check(case: &Case, baked: &[u8]) -> Result<()> {
    let original = wat::parse_bytes(&case.guest)?;
    let init = init_calls(case, &original)?;
    let mut left = World::new(&original)?;
    let mut right = World::new(baked)?;
    let renames = &case.options.renames;
    let is_renamed = |name: &str| renames.iter().any(|rename| rename.old == name);
    let is_removed = |name: &String| {
        let stays = format!("`{name}` stays exported");
        let is_init = case.options.keep_init_functions == KeepInit::Remove
            && !case.warnings.iter().any(|warning| warning.starts_with(&stays))
            && init.iter().any(|call| call.export == *name);
        let is_replaced = renames.iter().any(|rename| rename.new == *name);
        (is_init || is_replaced) && !is_renamed(name)
    };
    let mut expected = left.exports();
    expected.retain(|name| !is_removed(name));
    for name in &mut expected {
        if let Some(rename) = renames.iter().find(|rename| rename.old == *name) {
            name.clone_from(&rename.new);
        }
    }
    let exports = right.exports();
    ensure!(
        exports == expected,
        "the exports are {exports:?}, but must be {expected:?}"
    );
    let is_emptied = |name: &str| {
        case.options.keep_init_functions == KeepInit::Empty && init.iter().any(|call| call.export == name)
    };
    for call in &init {
        let answer = left.call(&call.export, &call.arguments.join(", "))?;
        ensure!(!answer.contains("trap"), "`{}`: {answer}", call.export);
    }
    let mut answers = BTreeMap::new();
    for (call, answer) in case.answers.iter().chain(&case.expected) {
        answers.insert((call.export.clone(), call.arguments.clone()), answer);
    }
    let (mut wanted, mut seen) = (String::new(), String::new());
    let calls = case
        .calls
        .iter()
        .chain(case.expected.iter().map(|(call, _)| call));
    for call in calls {
        let arguments = call.arguments.join(", ");
        let answer = right.call(&call.export, &arguments)?;
        if let Some(stated) = answers.get(&(call.export.clone(), call.arguments.clone())) {
            ensure!(
                answer == **stated,
                "`{}` answers `{answer}`, not `{stated}`",
                call.export
            );
        }
        writeln!(seen, "{}({arguments}): {answer}", call.export)?;
        if case.expected.is_empty() {
            let renamed = renames.iter().find(|rename| rename.new == call.export);
            let own = renamed.map_or(&call.export, |rename| &rename.old);
            let answer = match is_emptied(own) {
                true => String::new(),
                false => left.call(own, &arguments)?,
            };
            writeln!(wanted, "{}({arguments}): {answer}", call.export)?;
        }
    }
    if !case.expected.is_empty() {
        return Ok(());
    }
    writeln!(seen, "printed: {}", right.printed())?;
    writeln!(wanted, "printed: {}", left.printed())?;
    equal(
        "the baked component, as against the original after its init",
        &seen,
        &wanted,
    )
}

/// The calls that run init in the original.
fn init_calls(case: &Case, original: &[u8]) -> Result<Vec<Call>> {
    let texts = match &case.original_init {
        Some(texts) => texts.clone(),
        None if !case.options.init_functions.is_empty() => case.options.init_functions.clone(),
        None => {
            let mut world = World::new(original)?;
            let wizer = ["wizer-initialize", "wizer.initialize"].into_iter();
            let found = wizer.filter(|name| world.function(name).is_some());
            found.map(str::to_owned).take(1).collect()
        }
    };
    let calls = texts.iter().map(|text| match text.contains('(') {
        true => text.parse(),
        false => format!("{text}()").parse(),
    });
    calls.collect()
}
