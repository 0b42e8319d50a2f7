//! A host for baked modules on a machine that has no other: wasmtime with WASI, as the command `wasmtime` sets it up.
//!
//! Nothing of it is used in a bake, whose engine and whose WASI are those of [`crate::run`].

use std::io::{self, Write as _};

use wasmparser::{Parser, RefType};
use wasmtime::component::wasm_wave;
use wasmtime::component::wasm_wave::untyped::UntypedFuncCall;
use wasmtime::component::{self, Component, ResourceTable};
use wasmtime::{Config, Engine, Linker, Module, Store, Val, ValType};
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::bindings::sync::Command;
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use crate::call::{Call, values};
use crate::error::Error;
use crate::options::WasiOptions;
use crate::run::enable_proposals;
use crate::snapshot::Value;

/// What a process that was aborted ends with, as `wasmtime` does after a trap.
const ABORTED: u8 = 134;

/// Runs a program, or makes a call and prints what it returned. Returns the exit code.
///
/// # Errors
///
/// If the module cannot be instantiated, has no such export, or takes other arguments. A trap is one, too.
pub(super) fn run(
    wasm: &[u8],
    name: &str,
    args: &[String],
    shown: &WasiOptions,
    call: Option<&Call>,
) -> Result<u8, Error> {
    let fails = |error: wasmtime::Error| Error::NotRun {
        module: name.to_owned(),
        reason: reason(&error),
    };
    let mut wasi = WasiCtxBuilder::new();
    wasi.inherit_stdio().allow_blocking_current_thread(true);
    wasi.arg(name).args(args).envs(&shown.env);
    for dir in &shown.dirs {
        let opened = wasi.preopened_dir(&dir.host, &dir.guest, FsPerms::ReadWrite);
        opened.map_err(fails)?;
    }
    let engine = engine().map_err(fails)?;
    let ended = if Parser::is_component(wasm) {
        let state = State {
            wasi: wasi.build(),
            table: ResourceTable::new(),
        };
        of_component(&Component::new(&engine, wasm).map_err(fails)?, state, call)
    } else {
        of_module(&Module::new(&engine, wasm).map_err(fails)?, wasi.build_p1(), call)
    };
    match ended {
        Ok(code) => Ok(code),
        Err(Ended::BeforeRun(error)) => Err(fails(error)),
        Err(Ended::Call(reason)) => Err(Error::NotRun {
            module: name.to_owned(),
            reason,
        }),
        Err(Ended::InRun(error)) => match error.downcast_ref::<I32Exit>() {
            // The system keeps as much of it.
            Some(I32Exit(code)) => Ok(code.to_le_bytes()[0]),
            None => Err(Error::Stopped {
                module: name.to_owned(),
                reason: reason(&error),
                code: ABORTED,
            }),
        },
    }
}

/// Why a run has no exit code, or one that is within the error.
enum Ended {
    BeforeRun(wasmtime::Error),
    Call(String),
    InRun(wasmtime::Error),
}

/// An error with its causes, on one line each.
fn reason(error: &wasmtime::Error) -> String {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.join(": ")
}

/// The engine, with every proposal that a bake takes.
fn engine() -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    enable_proposals(&mut config);
    Engine::new(&config)
}

fn of_module(module: &Module, wasi: WasiP1Ctx, call: Option<&Call>) -> Result<u8, Ended> {
    let mut store = Store::new(module.engine(), wasi);
    let mut linker = Linker::new(module.engine());
    p1::add_to_linker_sync(&mut linker, |context| context).map_err(Ended::BeforeRun)?;
    let instance = linker.instantiate(&mut store, module).map_err(|error| {
        match error.is::<wasmtime::Trap>() || error.is::<I32Exit>() {
            true => Ended::InRun(error),
            false => Ended::BeforeRun(error),
        }
    })?;
    let (name, arguments) = match call {
        Some(call) => {
            // A host calls it before any other export.
            if let Ok(initialize) = instance.get_typed_func::<(), ()>(&mut store, "_initialize") {
                initialize.call(&mut store, ()).map_err(Ended::InRun)?;
            }
            call.of_module()
        }
        None => ("_start", Vec::new()),
    };
    let function = instance
        .get_func(&mut store, name)
        .ok_or_else(|| no_export(name))?;
    let ty = function.ty(&store);
    let parameters: Vec<wasmparser::ValType> = ty.params().map(|ty| as_parsed(&ty)).collect();
    let arguments = values(name, &arguments, &parameters).map_err(|error| Ended::Call(error.to_string()))?;
    let arguments: Option<Vec<Val>> = ty
        .params()
        .zip(arguments)
        .map(|(ty, value)| live(&ty, value))
        .collect();
    let arguments =
        arguments.ok_or_else(|| Ended::Call("there is no text for such an argument".to_owned()))?;
    let mut results = vec![Val::I32(0); ty.results().len()];
    function
        .call(&mut store, &arguments, &mut results)
        .map_err(Ended::InRun)?;
    if call.is_some() {
        print(&results.iter().map(number).collect::<Vec<_>>())?;
    }
    Ok(0)
}

fn no_export(name: &str) -> Ended {
    Ended::Call(format!("it exports no function {}", crate::shown::name(name)))
}

/// A type as the reader of arguments knows it. Of references it knows that they may be `null`.
fn as_parsed(ty: &ValType) -> wasmparser::ValType {
    match ty {
        ValType::I32 => wasmparser::ValType::I32,
        ValType::I64 => wasmparser::ValType::I64,
        ValType::F32 => wasmparser::ValType::F32,
        ValType::F64 => wasmparser::ValType::F64,
        ValType::V128 => wasmparser::ValType::V128,
        ValType::Ref(ty) if ty.is_nullable() => wasmparser::ValType::Ref(RefType::EXTERNREF),
        ValType::Ref(_) => wasmparser::ValType::Ref(RefType::EXTERN),
    }
}

fn live(ty: &ValType, value: Value) -> Option<Val> {
    Some(match value {
        Value::I32(number) => Val::I32(number),
        Value::I64(number) => Val::I64(number),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::V128(bits) => Val::V128(bits.into()),
        // The only reference that has a text is `null`.
        _ => Val::default_for_ty(ty)?,
    })
}

fn number(value: &Val) -> String {
    match value {
        Val::I32(number) => number.to_string(),
        Val::I64(number) => number.to_string(),
        Val::F32(bits) => f32::from_bits(*bits).to_string(),
        Val::F64(bits) => f64::from_bits(*bits).to_string(),
        Val::V128(bits) => bits.as_u128().to_string(),
        Val::FuncRef(None)
        | Val::ExternRef(None)
        | Val::AnyRef(None)
        | Val::ExnRef(None)
        | Val::ContRef(None) => "null".to_owned(),
        Val::FuncRef(Some(_))
        | Val::ExternRef(Some(_))
        | Val::AnyRef(Some(_))
        | Val::ExnRef(Some(_))
        | Val::ContRef(Some(_)) => "a reference".to_owned(),
    }
}

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

fn of_component(component: &Component, state: State, call: Option<&Call>) -> Result<u8, Ended> {
    let mut store = Store::new(component.engine(), state);
    let mut linker = component::Linker::new(component.engine());
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker).map_err(Ended::BeforeRun)?;
    let Some(call) = call else {
        let command = Command::instantiate(&mut store, component, &linker).map_err(Ended::BeforeRun)?;
        let ended = command
            .wasi_cli_run()
            .call_run(&mut store)
            .map_err(Ended::InRun)?;
        return Ok(u8::from(ended.is_err()));
    };
    let instance = linker
        .instantiate(&mut store, component)
        .map_err(Ended::BeforeRun)?;
    let (path, arguments) = call.of_component();
    let (interface, name) = match path.split_once('#') {
        Some((interface, name)) => (Some(interface), name),
        None => (None, path),
    };
    let outer = match interface {
        Some(interface) => {
            let found = instance.get_export_index(&mut store, None, interface);
            Some(found.ok_or_else(|| no_export(path))?)
        }
        None => None,
    };
    let index = instance.get_export_index(&mut store, outer.as_ref(), name);
    let function = index
        .and_then(|index| instance.get_func(&mut store, index))
        .ok_or_else(|| no_export(path))?;
    let ty = function.ty(&store);
    let types: Vec<component::Type> = ty.params().map(|(_, ty)| ty).collect();
    let text = format!("f{arguments}");
    let arguments: Vec<component::Val> = UntypedFuncCall::parse(&text)
        .and_then(|call| call.to_wasm_params(types.iter()))
        .map_err(|error| Ended::Call(format!("its arguments are not understood: {error}")))?;
    let mut results = vec![component::Val::Bool(false); ty.results().len()];
    function
        .call(&mut store, &arguments, &mut results)
        .map_err(Ended::InRun)?;
    let results = results.iter();
    // A handle has no text.
    let results = results.map(|value| wasm_wave::to_string(value).unwrap_or_else(|_| "a handle".to_owned()));
    print(&results.collect::<Vec<_>>())?;
    Ok(0)
}

/// Prints results, one on a line. A string of the guest is in quotes, with what a terminal would obey escaped.
fn print(results: &[String]) -> Result<(), Ended> {
    let mut stdout = io::stdout().lock();
    let printed = results
        .iter()
        .try_for_each(|result| writeln!(stdout, "{}", crate::shown::line(result)));
    printed
        .and_then(|()| stdout.flush())
        .map_err(|error| Ended::BeforeRun(error.into()))
}
