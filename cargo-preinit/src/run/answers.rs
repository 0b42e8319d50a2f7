//! The functions that stand for imports which nothing provides: they answer as the options say, or stop the run.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::{Caller, Func, FuncType, Instance, Module, Store, Trap, Val, ValType};

use super::AnsweredCalls;
use super::error::RunError;
use super::host::Host;
use super::limits::LimitReached;
use super::stand_in::{ExternalTouched, ImportCalled};
use super::trap::describe;
use super::values::{number, show};
use super::wasi::{Exited, NoMemory, Unreadable};
use crate::guest::answers::{FunctionAnswer, named};
use crate::guest::{Guest, ImportKind};
use crate::instrument::ExternalPlace;
use crate::options::AnsweringModule;
use crate::shown;

/// The calls that options answered, in the order of a core module's imports, or by name.
pub(super) fn answered_calls(
    guest: &Guest<'_>,
    answered: &BTreeMap<(String, String), u64>,
) -> Vec<AnsweredCalls> {
    let mut left = answered.clone();
    let core = guest.core();
    let imports = core.iter().flat_map(|node| &node.imports);
    let in_order = imports.map(|import| (import.module.to_owned(), import.name.to_owned()));
    let all = in_order.chain(answered.keys().cloned());
    let calls = all.filter_map(|(module, name)| {
        let calls = left.remove(&(module.clone(), name.clone()))?;
        let functions = core.iter().flat_map(|node| {
            let named = node
                .imports
                .iter()
                .filter(|import| (import.module, import.name) == (&module, &name));
            named.filter_map(|import| match import.kind {
                ImportKind::Function(index) => Some((&node.answers, index)),
                _ => None,
            })
        });
        let mut given = functions
            .clone()
            .filter_map(|(answers, index)| answers.of_function(index));
        let given = given.next();
        let mut known = functions.filter_map(|(answers, index)| answers.known(index));
        let known = known.next();
        let answer = given
            .or(known)
            .map_or_else(|| "zero".to_owned(), ToString::to_string);
        Some(AnsweredCalls {
            is_asked_for: given.is_some() || known.is_none(),
            module,
            name,
            answer,
            calls,
        })
    });
    calls.collect()
}

/// The modules that answer imports, each instantiated once.
#[derive(Default)]
pub(super) struct Answering {
    instances: Vec<(Arc<[u8]>, Instance)>,
}

impl Answering {
    /// The instance of a module.
    fn instance(&mut self, store: &mut Store<Host>, module: &AnsweringModule) -> Result<Instance, RunError> {
        let mut instances = self.instances.iter();
        if let Some((_, instance)) = instances.find(|(wasm, _)| *wasm == module.wasm) {
            return Ok(*instance);
        }
        let instance = Module::new(store.engine(), &module.wasm).and_then(|compiled| {
            store.data_mut().answering.push(compiled.clone());
            Instance::new(&mut *store, &compiled, &[])
        });
        let instance = instance.map_err(|error| RunError::Answering {
            file: module.file.clone(),
            what: what(&error),
        })?;
        self.instances.push((Arc::clone(&module.wasm), instance));
        Ok(instance)
    }

    /// A function that answers as an option says, or by itself.
    pub(super) fn function(
        &mut self,
        store: &mut Store<Host>,
        ty: FuncType,
        (module, name): (&str, &str),
        answer: &FunctionAnswer,
    ) -> Result<Func, RunError> {
        let key = (module.to_owned(), name.to_owned());
        Ok(match answer {
            FunctionAnswer::Module(answering, export) => {
                let instance = self.instance(store, answering)?;
                let function = instance
                    .get_func(&mut *store, export)
                    .ok_or_else(|| RunError::Bug(format!("the export `{export}` is gone")))?;
                let zeros = ty.clone();
                Func::new(store, ty, move |mut caller, arguments, results| {
                    if let Some(stub) = stub(caller.data(), &key, results) {
                        return stub;
                    }
                    note(caller.data_mut(), &key, arguments);
                    // Behind init, the state of the answering module is the host's to say, as for any import.
                    if caller.data().log.is_some() {
                        return zero(&zeros, results, &key);
                    }
                    let called = function.call(&mut caller, arguments, results);
                    called.map_err(|error| of_answer(error, &key))
                })
            }
            FunctionAnswer::Grow => Func::new(store, ty, move |mut caller, arguments, results| {
                if let Some(stub) = stub(caller.data(), &key, results) {
                    return stub;
                }
                note(caller.data_mut(), &key, arguments);
                grow(&mut caller, arguments, results)
            }),
            FunctionAnswer::Zero
            | FunctionAnswer::Const(..)
            | FunctionAnswer::Trap
            | FunctionAnswer::Wasi(_) => missing(store, ty, key.0, key.1, Some(answer.clone())),
        })
    }
}

/// Fills results with zeros, or nulls.
fn zero(ty: &FuncType, results: &mut [Val], (module, name): &(String, String)) -> wasmtime::Result<()> {
    for (result, ty) in results.iter_mut().zip(ty.results()) {
        *result = Val::default_for_ty(&ty).ok_or_else(|| ImportCalled {
            module: module.clone(),
            name: name.clone(),
            is_forbidden: false,
        })?;
    }
    Ok(())
}

/// The error of a function that answers. What stops init wherever it happens does so here; of anything else the stack is not the guest's.
fn of_answer(error: wasmtime::Error, (module, name): &(String, String)) -> wasmtime::Error {
    let is_of_init = matches!(
        error.downcast_ref::<Trap>(),
        Some(Trap::Interrupt | Trap::StackOverflow | Trap::OutOfFuel)
    ) || error.is::<LimitReached>()
        || error.is::<ImportCalled>()
        || error.is::<ExternalTouched>()
        || error.is::<Exited>()
        || error.is::<NoMemory>()
        || error.is::<Unreadable>();
    if is_of_init {
        return error;
    }
    let import = named(module, name);
    wasmtime::Error::msg(format!(
        "the answer of the import {import} failed: {}",
        what(&error)
    ))
}

/// The error of the engine, in a line.
fn what(error: &wasmtime::Error) -> String {
    match (error.downcast_ref::<Trap>(), error.downcast_ref::<LimitReached>()) {
        (Some(trap), _) => describe(*trap),
        (None, Some(LimitReached::Memory)) => "it asks for more memory than `--max-memory` gives".to_owned(),
        (None, Some(LimitReached::Tables)) => {
            "it asks for larger tables than `--max-table-elements` gives".to_owned()
        }
        (None, _) => error.root_cause().to_string(),
    }
}

/// Grows the memory of WASI, unless it has as many bytes as the argument says, and answers whether it has them then.
fn grow(caller: &mut Caller<'_, Host>, arguments: &[Val], results: &mut [Val]) -> wasmtime::Result<()> {
    let bytes = match arguments {
        [Val::I32(bytes)] => u64::from(bytes.cast_unsigned()),
        [Val::I64(bytes)] => bytes.cast_unsigned(),
        _ => u64::MAX,
    };
    let name = caller.data().wasi_memory.clone();
    let memory = name.and_then(|name| caller.get_export(&name)?.into_memory());
    let mut has_grown = false;
    if let Some(memory) = memory {
        let pages = bytes.div_ceil(memory.page_size(&*caller));
        let missing = pages.saturating_sub(memory.size(&*caller));
        has_grown = match missing {
            0 => true,
            missing => match memory.grow(&mut *caller, missing) {
                Ok(_) => true,
                // With a higher limit, it would answer otherwise.
                Err(error) if error.is::<LimitReached>() => return Err(error),
                Err(_) => false,
            },
        };
    }
    if let [result] = results {
        *result = Val::I32(has_grown.into());
    }
    Ok(())
}

/// What a call comes to in a replay where the bake has a stub in place of the import.
fn stub(host: &Host, (module, name): &(String, String), results: &mut [Val]) -> Option<wasmtime::Result<()>> {
    let number = host.stub_of(module, name)?;
    Some(match (number, results) {
        (Some(number), [result]) => {
            *result = Val::I32(number);
            Ok(())
        }
        _ => Err(Trap::UnreachableCodeReached.into()),
    })
}

/// Notes that an import was called that is answered.
fn note(host: &mut Host, key: &(String, String), arguments: &[Val]) {
    let (module, name) = key;
    match &mut host.log {
        Some(log) => {
            let arguments: Vec<String> = arguments.iter().map(show).collect();
            let (module, name) = (shown::name(module), shown::name(name));
            log.push(format!("{module} {name}({})", arguments.join(", ")));
        }
        None => *host.answered.entry(key.clone()).or_default() += 1,
    }
}

/// A function that answers with zeros, or with a number, or that stops the run. Where calls are logged, it answers in any case.
pub(super) fn missing(
    store: &mut Store<Host>,
    ty: FuncType,
    module: String,
    name: String,
    answer: Option<FunctionAnswer>,
) -> Func {
    let results: Vec<ValType> = ty.results().collect();
    let key = (module, name);
    Func::new(store, ty, move |mut caller, arguments, answers| {
        let called = || ImportCalled {
            module: key.0.clone(),
            name: key.1.clone(),
            is_forbidden: answer == Some(FunctionAnswer::Trap),
        };
        if let Some(stub) = stub(caller.data(), &key, answers) {
            return stub;
        }
        let host = caller.data_mut();
        if host.log.is_none() && matches!(answer, Some(FunctionAnswer::Trap) | None) {
            return Err(called().into());
        }
        note(host, &key, arguments);
        if let (Some(FunctionAnswer::Const(_, value)), [result]) = (&answer, &mut *answers) {
            *result = number(*value).ok_or_else(called)?;
            return Ok(());
        }
        for (answer, ty) in answers.iter_mut().zip(&results) {
            *answer = Val::default_for_ty(ty).ok_or_else(called)?;
        }
        Ok(())
    })
}

/// A WASI function whose memory is external, so that a call stops the run.
pub(super) fn touching(store: &mut Store<Host>, ty: FuncType, place: ExternalPlace) -> Func {
    Func::new(store, ty, move |_, _, _| {
        Err(ExternalTouched(place.clone()).into())
    })
}
