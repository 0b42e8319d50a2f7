//! Finds what the engine does not take of a valid module.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use wasmparser::{FuncValidatorAllocations, Parser, Payload, TypeRef, ValidPayload, Validator, WasmFeatures};

use super::bodies::ToValidate;
use super::proposals::{engine_features, features, unknown_to_engine};

/// The proposals that the declarations of a module need, apart from its code, and that the engine does not have.
pub(super) fn declarations(wasm: &[u8]) -> WasmFeatures {
    if code(wasm, engine_features()).is_some() {
        return WasmFeatures::empty();
    }
    unknown_to_engine()
        .iter()
        .filter(|proposal| code(wasm, features().difference(*proposal)).is_none())
        .fold(WasmFeatures::empty(), WasmFeatures::union)
}

/// For each body, whether the engine takes it. The engine must take the module's declarations.
pub(super) fn bodies(wasm: &[u8]) -> Vec<bool> {
    let is_taken = |(function, body): ToValidate<'_>| {
        let mut function = function.into_validator(FuncValidatorAllocations::default());
        function.validate(&body).is_ok()
    };
    let functions = code(wasm, engine_features()).unwrap_or_default();
    functions.into_par_iter().map(is_taken).collect()
}

/// The bodies of a module whose declarations are valid with these proposals, not yet validated; `None` if the declarations
/// are not valid.
fn code(wasm: &[u8], features: WasmFeatures) -> Option<Vec<ToValidate<'_>>> {
    let mut validator = Validator::new_with_features(features);
    let mut parser = Parser::new(0);
    // The encoding of imports does not matter: the run copy has the usual one.
    parser.set_features(features | WasmFeatures::COMPACT_IMPORTS);
    let mut functions = Vec::new();
    for payload in parser.parse_all(wasm) {
        let payload = payload.ok()?;
        if let Payload::ImportSection(imports) = &payload {
            let mut imports = imports.clone().into_imports().flatten();
            // The validator accepts exact types of imports without the proposal.
            let has_exact = imports.any(|import| matches!(import.ty, TypeRef::FuncExact(_)));
            if has_exact && !features.contains(WasmFeatures::CUSTOM_DESCRIPTORS) {
                return None;
            }
        }
        if let ValidPayload::Func(function, body) = validator.payload(&payload).ok()? {
            functions.push((function, body));
        }
    }
    Some(functions)
}
