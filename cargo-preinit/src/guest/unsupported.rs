//! What a valid module has that the engine does not take.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use wasmparser::{FuncValidatorAllocations, Parser, Payload, TypeRef, ValidPayload, Validator, WasmFeatures};

use super::bodies::ToValidate;
use super::proposals::{engine_features, features, unknown_to_engine};

/// The proposals that the engine does not have and without which a valid module is none, whatever its code is.
pub(super) fn declarations(wasm: &[u8]) -> WasmFeatures {
    if code(wasm, engine_features()).is_some() {
        return WasmFeatures::empty();
    }
    unknown_to_engine()
        .iter()
        .filter(|proposal| code(wasm, features().difference(*proposal)).is_none())
        .fold(WasmFeatures::empty(), WasmFeatures::union)
}

/// Whether the engine takes each of the bodies of a module whose declarations it takes.
pub(super) fn bodies(wasm: &[u8]) -> Vec<bool> {
    let is_taken = |(function, body): ToValidate<'_>| {
        let mut function = function.into_validator(FuncValidatorAllocations::default());
        function.validate(&body).is_ok()
    };
    let functions = code(wasm, engine_features()).unwrap_or_default();
    functions.into_par_iter().map(is_taken).collect()
}

/// The code of a module that is valid with these proposals but for its code.
fn code(wasm: &[u8], features: WasmFeatures) -> Option<Vec<ToValidate<'_>>> {
    let mut validator = Validator::new_with_features(features);
    let mut parser = Parser::new(0);
    // How imports are written down does not matter: the run copy has them in the usual way.
    parser.set_features(features | WasmFeatures::COMPACT_IMPORTS);
    let mut functions = Vec::new();
    for payload in parser.parse_all(wasm) {
        let payload = payload.ok()?;
        if let Payload::ImportSection(imports) = &payload {
            let mut imports = imports.clone().into_imports().flatten();
            // The validator lets these pass.
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
