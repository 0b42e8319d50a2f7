//! Calls after init, for a replay: each is answered by words that can be compared.

use wasmtime::{Trap, Val, ValType};

use super::RunError;
use super::limits::{Deadline, LimitReached, hold_to_deadline};
use super::state::{Live, LiveReference, LiveValue};
use super::wasi::HostWasi;
use crate::options::BakeOptions;
use crate::snapshot::Internal;

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The imports that it called, with their arguments.
    pub(crate) imports: Vec<String>,
    /// Its results, or how it failed.
    pub(crate) outcome: String,
    /// What it printed.
    pub(crate) output: String,
}

/// Why a call was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("there is no exported function `{0}`")]
    NoExport(String),
    #[error("`{export}` takes {expected} arguments, not {found}")]
    Count {
        export: String,
        expected: usize,
        found: usize,
    },
    #[error("`{text}` is no `{ty}`, which `{export}` takes")]
    Argument {
        export: String,
        text: String,
        ty: String,
    },
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Live {
    /// Calls an export as a host would: imports answer, and WASI begins anew.
    pub(crate) fn call(
        &mut self,
        export: &str,
        arguments: &[String],
        options: &BakeOptions,
    ) -> Result<Answer, CallError> {
        let function = self
            .instance
            .get_func(&mut self.store, export)
            .ok_or_else(|| CallError::NoExport(export.to_owned()))?;
        let ty = function.ty(&self.store);
        if ty.params().len() != arguments.len() {
            return Err(CallError::Count {
                export: export.to_owned(),
                expected: ty.params().len(),
                found: arguments.len(),
            });
        }
        let arguments: Vec<Val> = ty
            .params()
            .zip(arguments)
            .map(|(ty, text)| {
                parse(&ty, text).ok_or_else(|| CallError::Argument {
                    export: export.to_owned(),
                    text: text.clone(),
                    ty: ty.to_string(),
                })
            })
            .collect::<Result<_, _>>()?;
        let host = self.store.data_mut();
        host.log = Some(Vec::new());
        host.wasi = HostWasi::new(&options.wasi, &options.limits)?;
        let mut results = vec![Val::I32(0); ty.results().len()];
        hold_to_deadline(&mut self.store, options.limits.timeout);
        let deadline = Deadline::start(self.store.engine(), options.limits.timeout);
        let called = function.call(&mut self.store, &arguments, &mut results);
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
            Err(error) => failure(&error),
        };
        let host = self.store.data_mut();
        Ok(Answer {
            imports: host.log.take().unwrap_or_default(),
            outcome,
            output: host.wasi.output(),
        })
    }
}

/// A kind of failure, without the backtrace: the two sides need not have the same function indices.
fn failure(error: &wasmtime::Error) -> String {
    if let Some(trap) = error.downcast_ref::<Trap>() {
        trap.to_string()
    } else if error.is::<wasmtime::ThrownException>() {
        "an exception that nothing caught".to_owned()
    } else if let Some(exit) = error.downcast_ref::<wasmtime_wasi::I32Exit>() {
        format!("exit with code {}", exit.0)
    } else if error.is::<LimitReached>() {
        "a limit that was reached".to_owned()
    } else {
        format!("{:#}", error.root_cause())
    }
}

fn parse(ty: &ValType, text: &str) -> Option<Val> {
    Some(match ty {
        ValType::I32 => Val::I32(
            text.parse::<i32>()
                .ok()
                .or_else(|| text.parse::<u32>().ok().map(u32::cast_signed))?,
        ),
        ValType::I64 => Val::I64(
            text.parse::<i64>()
                .ok()
                .or_else(|| text.parse::<u64>().ok().map(u64::cast_signed))?,
        ),
        ValType::F32 => Val::F32(text.parse::<f32>().ok()?.to_bits()),
        ValType::F64 => Val::F64(text.parse::<f64>().ok()?.to_bits()),
        ValType::V128 => Val::V128(text.parse::<u128>().ok()?.into()),
        ValType::Ref(ty) if text == "null" && ty.is_nullable() => Val::null_ref(ty.heap_type()),
        ValType::Ref(_) => return None,
    })
}

/// A value that a module hands out: numbers, and for a reference only whether it is null.
pub(super) fn show(value: &Val) -> String {
    match value {
        Val::I32(value) => format!("i32 {value}"),
        Val::I64(value) => format!("i64 {value}"),
        Val::F32(bits) => show_f32(*bits),
        Val::F64(bits) => show_f64(*bits),
        Val::V128(value) => format!("v128 {:#x}", value.as_u128()),
        other => match other.ref_() {
            Some(reference) if reference.is_null() => "null".to_owned(),
            _ => "a reference".to_owned(),
        },
    }
}

fn show_f32(bits: u32) -> String {
    format!("f32 {} ({bits:#x})", f32::from_bits(bits))
}

fn show_f64(bits: u64) -> String {
    format!("f64 {} ({bits:#x})", f64::from_bits(bits))
}

fn show_live(value: LiveValue) -> String {
    match value {
        LiveValue::I32(value) => format!("i32 {value}"),
        LiveValue::I64(value) => format!("i64 {value}"),
        LiveValue::F32(bits) => show_f32(bits),
        LiveValue::F64(bits) => show_f64(bits),
        LiveValue::V128(value) => format!("v128 {value:#x}"),
        LiveValue::Reference(LiveReference::Null) => "null".to_owned(),
        LiveValue::Reference(LiveReference::Any(Internal::I31(bits))) => format!("i31 {bits}"),
        LiveValue::Reference(_) => "a reference".to_owned(),
    }
}
