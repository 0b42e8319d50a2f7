//! Calls of exports after init, for a replay: each result is text that can be compared.

use wasmtime::{Trap, Val};

use super::error::{Cause, GuestStack, RunError, Step};
use super::limits::{Deadline, LimitReached, hold_to_deadline};
use super::state::{LiveInstance, LiveReference, LiveValue};
use super::trap::stopped;
use super::values::{show_value, values};
use super::wasi::{Exited, HostWasi};
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
}

impl LiveInstance<'_> {
    /// Calls an export as a host would: imports that are not provided answer with zeros, and WASI starts in its initial state. The
    /// arguments have the types of the function's parameters.
    pub(crate) fn call(
        &mut self,
        export: &str,
        arguments: &[Value],
        options: &BakeOptions,
    ) -> Result<Answer, RunError> {
        let function = self
            .function(export)
            .ok_or_else(|| RunError::Bug(format!("the run copy has no `{export}`")))?;
        let ty = function.ty(&*self.store);
        let arguments = values(&ty, arguments)?;
        let host = self.store.data_mut();
        host.log = Some(Vec::new());
        host.wasi = HostWasi::new(&options.wasi, &options.limits)?;
        let mut results = vec![Val::I32(0); ty.results().len()];
        hold_to_deadline(self.store, options.limits.timeout);
        let deadline = Deadline::start(self.store.engine(), options.limits.timeout);
        let called = function.call(&mut *self.store, &arguments, &mut results);
        drop(deadline);
        self.store.set_epoch_deadline(u64::MAX / 2);
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
        let host = self.store.data_mut();
        Ok(Answer {
            imports: host.log.take().unwrap_or_default(),
            outcome,
            output: host.wasi.output(),
        })
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
