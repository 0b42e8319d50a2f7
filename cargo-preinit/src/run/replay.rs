//! Calls of exports after init, for a replay: each result is text that can be compared.

use wasmtime::{Func, Store, Trap, Val};

use super::component;
use super::error::{Cause, RunError, Step};
use super::guest_stack::GuestStack;
use super::host::Host;
use super::limits::{Deadline, LimitReached, hold_to_deadline};
use super::state::{LiveGuest, LiveInstance, LiveReference, LiveValue};
use super::trap::stopped;
use super::values::{show_value, values};
use super::wasi::{Exited, HostWasi};
use crate::guest::sdk::Resume;
use crate::init::ComponentCall;
use crate::options::BakeOptions;
use crate::snapshot::{Internal, Reference, Value};

/// The result of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The calls of imported functions that are not provided, with their arguments.
    pub(crate) imports: Vec<String>,
    /// What the call returned, or how it failed.
    pub(crate) outcome: String,
    /// What the call printed.
    pub(crate) output: String,
    pub(crate) end: End,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Returned,
    Failed,
    /// The time limit ended it, so what it would have done is not known.
    OutOfTime,
}

impl End {
    fn of<T>(called: &wasmtime::Result<T>) -> Self {
        match called {
            Ok(_) => Self::Returned,
            Err(error) if error.downcast_ref() == Some(&Trap::Interrupt) => Self::OutOfTime,
            Err(_) => Self::Failed,
        }
    }
}

impl LiveInstance<'_> {
    /// Calls an export as a host would, and `first` what a baked instance runs before it: imports that are not provided answer with zeros,
    /// and WASI starts in its initial state. The arguments have the types of the function's parameters.
    pub(crate) fn call(
        &mut self,
        export: &str,
        arguments: &[Value],
        first: &[Resume],
        options: &BakeOptions,
    ) -> Result<Answer, RunError> {
        let first = self.resumed_by(first)?;
        let function = self
            .function(export)
            .ok_or_else(|| RunError::Bug(format!("the run copy has no `{export}`")))?;
        let ty = function.ty(&*self.store);
        let arguments = values(&ty, arguments)?;
        let mut results = vec![Val::I32(0); ty.results().len()];
        let called = called(self.store, options, |store, wasi| {
            store.data_mut().wasi = wasi;
            call_all(store, &first)?;
            function.call(&mut *store, &arguments, &mut results)
        })?;
        let end = End::of(&called);
        let outcome = match called {
            Ok(()) => {
                let mut shown = Vec::new();
                for result in results {
                    let result = self.value(result)?;
                    shown.push(show_live(result));
                }
                shown.join(", ")
            }
            Err(error) => {
                if let Some(function) = self.unsupported() {
                    let step = Step::Function(export.to_owned());
                    let (cause, wasi) = (Cause::Unsupported(function), &self.store.data().wasi);
                    return Err(stopped(self.id(), step, cause, GuestStack::default(), wasi));
                }
                failure(&error)
            }
        };
        Ok(answer(self.store, outcome, end))
    }
}

impl LiveInstance<'_> {
    /// The functions of what this instance runs in a bake when it is entered.
    fn resumed_by(&mut self, resumes: &[Resume]) -> Result<Vec<Func>, RunError> {
        let functions = resumes.iter().map(|resume| {
            let function = self.function(&resume.export);
            function.ok_or_else(|| RunError::Bug(format!("the run copy has no `{}`", resume.export)))
        });
        functions.collect()
    }
}

fn call_all(store: &mut Store<Host>, functions: &[Func]) -> wasmtime::Result<()> {
    let mut functions = functions.iter();
    functions.try_for_each(|function| function.call(&mut *store, &[], &mut []))
}

impl LiveGuest {
    /// Calls an exported function of a component as a host would, and `first` what baked instances run before it. What the guest holds of
    /// the host stays.
    pub(crate) fn call(
        &mut self,
        call: &ComponentCall,
        first: &[Resume],
        options: &BakeOptions,
    ) -> Result<Answer, RunError> {
        let mut functions = Vec::new();
        for resume in first {
            let mut instance = self.instance(resume.instance);
            functions.extend(instance.resumed_by(std::slice::from_ref(resume))?);
        }
        let (store, component) = self.component();
        let component = component.ok_or_else(|| RunError::Bug("this is no component".to_owned()))?;
        let called = called(store, options, |store, wasi| {
            store.data_mut().wasi.restart(wasi);
            match call_all(store, &functions) {
                Ok(()) => component::call(component, store, call),
                Err(error) => Ok(Err(error)),
            }
        })??;
        let end = End::of(&called);
        let outcome = match called {
            Ok(results) => {
                let results: Vec<String> = results.iter().map(component::show).collect();
                results.join(", ")
            }
            Err(error) => failure(&error),
        };
        Ok(answer(store, outcome, end))
    }
}

/// Calls a function, which is given WASI in its initial state, within the time limit. Calls of imports are logged.
fn called<T>(
    store: &mut Store<Host>,
    options: &BakeOptions,
    call: impl FnOnce(&mut Store<Host>, HostWasi) -> T,
) -> Result<T, RunError> {
    let wasi = HostWasi::new(&options.wasi, &options.limits)?;
    store.data_mut().log = Some(Vec::new());
    let loading = store.data().loading.clone();
    hold_to_deadline(store, options.limits.timeout, &loading);
    let deadline = Deadline::start(store.engine(), options.limits.timeout, &loading);
    let called = call(store, wasi);
    drop(deadline);
    store.set_epoch_deadline(u64::MAX / 2);
    Ok(called)
}

fn answer(store: &mut Store<Host>, outcome: String, end: End) -> Answer {
    let host = store.data_mut();
    Answer {
        imports: host.log.take().unwrap_or_default(),
        outcome,
        output: host.wasi.output(),
        end,
    }
}

/// The kind of failure, without the backtrace: the two modules may have different function indices.
fn failure(error: &wasmtime::Error) -> String {
    if let Some(trap) = error.downcast_ref::<Trap>() {
        trap.to_string()
    } else if error.is::<wasmtime::ThrownException>() {
        "an exception that nothing caught".to_owned()
    } else if let Some(exit) = error.downcast_ref::<Exited>() {
        format!("exit with code {}", exit.0)
    } else if error.is::<LimitReached>() {
        "a limit that was reached".to_owned()
    } else {
        format!("{:#}", error.root_cause())
    }
}

fn show_live(value: LiveValue) -> String {
    match value {
        LiveValue::I32(value) => show_value(Value::I32(value)),
        LiveValue::I64(value) => show_value(Value::I64(value)),
        LiveValue::F32(bits) => show_value(Value::F32(bits)),
        LiveValue::F64(bits) => show_value(Value::F64(bits)),
        LiveValue::V128(value) => show_value(Value::V128(value)),
        LiveValue::Reference(LiveReference::Null) => show_value(Value::Reference(Reference::Null)),
        LiveValue::Reference(LiveReference::Any(Internal::I31(bits))) => format!("i31 {bits}"),
        LiveValue::Reference(_) => "a reference".to_owned(),
    }
}
