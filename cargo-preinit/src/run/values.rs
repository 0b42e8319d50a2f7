//! Values on their way into the engine, and as text.

use wasmtime::{FuncType, Val, ValType};

use super::error::RunError;
use crate::snapshot::{Reference, Value};

/// A number for the engine; `None` for a reference.
pub(super) fn number(value: Value) -> Option<Val> {
    Some(match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::V128(value) => Val::V128(value.into()),
        Value::Reference(_) => return None,
    })
}

/// Arguments as the engine takes them. Their types are those of the function's parameters.
pub(super) fn values(ty: &FuncType, arguments: &[Value]) -> Result<Vec<Val>, RunError> {
    ty.params()
        .zip(arguments)
        .map(|(ty, value)| {
            Ok(match (*value, ty) {
                (Value::I32(value), _) => Val::I32(value),
                (Value::I64(value), _) => Val::I64(value),
                (Value::F32(bits), _) => Val::F32(bits),
                (Value::F64(bits), _) => Val::F64(bits),
                (Value::V128(value), _) => Val::V128(value.into()),
                (Value::Reference(Reference::Null), ValType::Ref(ty)) => Val::null_ref(ty.heap_type()),
                (Value::Reference(_), ty) => {
                    return Err(RunError::Bug(format!("an argument that is no `{ty}`")));
                }
            })
        })
        .collect()
}

/// A value as text: a number, or for a reference only whether it is null.
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

/// A value that a function returned, as [`Answer::outcome`] shows it.
pub(crate) fn show_value(value: Value) -> String {
    match value {
        Value::I32(value) => format!("i32 {value}"),
        Value::I64(value) => format!("i64 {value}"),
        Value::F32(bits) => show_f32(bits),
        Value::F64(bits) => show_f64(bits),
        Value::V128(value) => format!("v128 {value:#x}"),
        Value::Reference(Reference::Null) => "null".to_owned(),
        Value::Reference(_) => "a reference".to_owned(),
    }
}
