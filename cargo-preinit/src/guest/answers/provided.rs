//! Answers by functions that a module of the user's exports.

use wasmparser::{FuncType, ValType};

use super::{AnswerError, FunctionAnswer};
use crate::guest::index::FunctionIndex;
use crate::guest::{GuestModule, Import};
use crate::options::AnsweringModule;

/// The answer of an import by an exported function.
///
/// # Errors
///
/// If there is none, if it has another type, or if its module imports something.
pub(super) fn exported(
    guest: &GuestModule<'_>,
    import: &Import<'_>,
    function: FunctionIndex,
    answering: &AnsweringModule,
) -> Result<FunctionAnswer, AnswerError> {
    let file = crate::shown::name(&answering.file);
    let refused = |what| AnswerError::NotAnswering {
        module: import.module.to_owned(),
        name: import.name.to_owned(),
        what,
    };
    let module = GuestModule::parse(&answering.wasm)
        .map_err(|error| refused(format!("{file} cannot be read: {error}")))?;
    if let Some(imported) = module.imports.first() {
        let imported = super::named(imported.module, imported.name);
        return Err(refused(format!(
            "{file} imports {imported}, and nothing provides that"
        )));
    }
    let export = answering.export.as_deref().unwrap_or(import.name);
    let Some(found) = module.exported_function(export) else {
        let export = crate::shown::name(export);
        return Err(refused(format!("{file} exports no function {export}")));
    };
    let names_types = |ty: &FuncType| {
        let mut all = ty.params().iter().chain(ty.results());
        all.any(|ty| matches!(ty, ValType::Ref(ty) if ty.is_concrete_type_ref()))
    };
    if guest.signature(function).is_some_and(names_types) {
        return Err(refused(
            "it takes or returns references to types of its module, which no other has".to_owned(),
        ));
    }
    match (guest.signature(function), module.signature(found)) {
        (Some(ty), Some(provided)) if ty == provided => {
            Ok(FunctionAnswer::Module(answering.clone(), export.to_owned()))
        }
        (ty, provided) => Err(refused(format!(
            "it is {}, and that of {file} is {}",
            ty.map_or_else(String::new, written),
            provided.map_or_else(String::new, written)
        ))),
    }
}

/// The type of a function, as text.
pub(crate) fn written(ty: &FuncType) -> String {
    let list = |types: &[ValType]| {
        let types: Vec<String> = types.iter().map(ToString::to_string).collect();
        types.join(", ")
    };
    match ty.results() {
        [] => format!("`({})`", list(ty.params())),
        results => format!("`({}) -> {}`", list(ty.params()), list(results)),
    }
}
