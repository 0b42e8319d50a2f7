//! A call of an export with its arguments, as a user writes it: `name(1, 2.5, null)`.

use std::fmt;
use std::str::FromStr;

use wasmparser::ValType;

use crate::shown;
use crate::snapshot::{Reference, Value};

/// A call of an export: its name, and arguments in parentheses.
///
/// Only the function's type tells what the arguments are: numbers and `null` for a function of a core module, WAVE for one of a
/// component, as in `greet("you")`. A function of an exported instance has the name of the instance before it, as in
/// `example:shop/prices#load(3)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call(String);

/// Why a function cannot be called with these arguments.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The function takes more arguments, or fewer.
    #[error("{} takes {expected}, and is given {found}", shown::name(.export))]
    Count {
        /// The function.
        export: String,
        /// The arguments that it takes.
        expected: String,
        /// How many it is given.
        found: usize,
    },
    /// An argument is not of its parameter's type.
    #[error("{} takes `{ty}`, and {} is none", shown::name(.export), shown::name(.text))]
    Argument {
        /// The function.
        export: String,
        /// The argument.
        text: String,
        /// The parameter's type.
        ty: String,
    },
}

impl FromStr for Call {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let name = text.strip_suffix(')').and_then(|text| text.split_once('('));
        match name {
            Some((name, _)) if !name.is_empty() => Ok(Self(text.to_owned())),
            _ => Err("expected a call, such as `name()` or `name(1, 2.5)`".to_owned()),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Call {
    /// The function of a component, with the exported instance that has it, and the arguments with their parentheses.
    pub(crate) fn of_component(&self) -> (&str, &str) {
        let start = self.0.find('(').unwrap_or(self.0.len());
        self.0.split_at(start)
    }

    /// The export of a core module, and the arguments.
    pub(crate) fn of_module(&self) -> (&str, Vec<&str>) {
        // The name of such an export may have parentheses; a number has none.
        let text = self.0.strip_suffix(')').unwrap_or(&self.0);
        let (export, arguments) = text.rsplit_once('(').unwrap_or((text, ""));
        let arguments = arguments.split(',').map(str::trim);
        (
            export,
            arguments.filter(|argument| !argument.is_empty()).collect(),
        )
    }
}

/// Arguments as values of a function's parameters.
///
/// # Errors
///
/// If an argument is not of its parameter's type, or if there are too many or too few.
pub(crate) fn values(
    export: &str,
    arguments: &[&str],
    parameters: &[ValType],
) -> Result<Vec<Value>, CallError> {
    if parameters.len() != arguments.len() {
        let types: Vec<String> = parameters.iter().map(ToString::to_string).collect();
        return Err(CallError::Count {
            export: export.to_owned(),
            expected: match types.as_slice() {
                [] => "no arguments".to_owned(),
                types => format!("the arguments `({})`", types.join(", ")),
            },
            found: arguments.len(),
        });
    }
    let arguments = parameters.iter().zip(arguments);
    arguments
        .map(|(ty, text)| {
            value(*ty, text).ok_or_else(|| CallError::Argument {
                export: export.to_owned(),
                text: (*text).to_owned(),
                ty: ty.to_string(),
            })
        })
        .collect()
}

/// Parses a number of that type, or `null`.
pub(crate) fn value(ty: ValType, text: &str) -> Option<Value> {
    Some(match ty {
        ValType::I32 => Value::I32(
            text.parse::<i32>()
                .ok()
                .or_else(|| text.parse::<u32>().ok().map(u32::cast_signed))?,
        ),
        ValType::I64 => Value::I64(
            text.parse::<i64>()
                .ok()
                .or_else(|| text.parse::<u64>().ok().map(u64::cast_signed))?,
        ),
        ValType::F32 => Value::F32(text.parse::<f32>().ok()?.to_bits()),
        ValType::F64 => Value::F64(text.parse::<f64>().ok()?.to_bits()),
        ValType::V128 => Value::V128(text.parse::<u128>().ok()?),
        ValType::Ref(ty) if text == "null" && ty.is_nullable() => Value::Reference(Reference::Null),
        ValType::Ref(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read() {
        let call: Call = " f(1, -2.5,null) ".parse().expect("it is a call");
        assert_eq!(call.of_module(), ("f", vec!["1", "-2.5", "null"]));
        let call: Call = "a(b)()".parse().expect("a name may have parentheses");
        assert_eq!(call.of_module(), ("a(b)", Vec::new()));
        assert!("f".parse::<Call>().is_err());
        assert!("(1)".parse::<Call>().is_err());
    }

    #[test]
    fn arguments_have_the_types_of_parameters() {
        let check = values;
        assert_eq!(
            check(
                "f",
                &["-1", "4294967295", "1.5"],
                &[ValType::I32, ValType::I32, ValType::F64]
            ),
            Ok(vec![
                Value::I32(-1),
                Value::I32(-1),
                Value::F64(1.5_f64.to_bits())
            ])
        );
        let text = |result: Result<Vec<Value>, CallError>| result.expect_err("they do not fit").to_string();
        assert_eq!(
            text(check("f", &["1"], &[])),
            "`f` takes no arguments, and is given 1"
        );
        assert_eq!(
            text(check("f", &[], &[ValType::I32, ValType::FUNCREF])),
            "`f` takes the arguments `(i32, funcref)`, and is given 0"
        );
        assert_eq!(
            text(check("f", &["4294967296"], &[ValType::I32])),
            "`f` takes `i32`, and `4294967296` is none"
        );
    }
}
