//! The proposals that a guest may use, and the proposal that each instruction belongs to.

use wasmparser::{HeapType, Operator, Validator, WasmFeatures};

/// The proposals that a guest may use: all that the parser knows. A function that uses one which the engine does not have
/// stops the bake only if init calls it.
pub(crate) fn features() -> WasmFeatures {
    engine_features() | unknown_to_engine()
}

/// The proposals that the engine runs: those of WebAssembly 3.0, plus threads, custom page sizes and wide arithmetic.
pub(crate) fn engine_features() -> WasmFeatures {
    WasmFeatures::WASM3
        | WasmFeatures::CUSTOM_PAGE_SIZES
        | WasmFeatures::WIDE_ARITHMETIC
        | WasmFeatures::THREADS
}

/// The proposals that a component may use outside its core modules.
pub(crate) fn component_features() -> WasmFeatures {
    features() | WasmFeatures::COMPONENT_MODEL
}

/// The names of the parts of the component model that a component needs to be valid and that a bake does not know; `None` if it
/// is not valid with all of them.
pub(super) fn unknown_to_components(wasm: &[u8]) -> Option<String> {
    let is_valid = |features| Validator::new_with_features(features).validate_all(wasm).is_ok();
    let mut needed = WasmFeatures::all();
    if !is_valid(needed) {
        return None;
    }
    let unknown = WasmFeatures::all().difference(component_features());
    for (_, feature) in unknown.iter_names() {
        let without = needed.difference(feature);
        if is_valid(without) {
            needed = without;
        }
    }
    let names = needed.intersection(unknown).iter_names();
    let names: Vec<String> = names
        .map(|(name, _)| name.to_ascii_lowercase().replace('_', "-"))
        .collect();
    Some(names.join(", "))
}

/// The proposals that the parser knows and the engine does not, with their names.
const UNKNOWN_TO_ENGINE: [(WasmFeatures, &str); 6] = [
    (WasmFeatures::LEGACY_EXCEPTIONS, "legacy exceptions"),
    (WasmFeatures::STACK_SWITCHING, "stack switching"),
    (
        WasmFeatures::SHARED_EVERYTHING_THREADS,
        "shared-everything threads",
    ),
    (WasmFeatures::CUSTOM_DESCRIPTORS, "custom descriptors"),
    (WasmFeatures::MEMORY_CONTROL, "memory control"),
    // Another encoding of the import section.
    (WasmFeatures::COMPACT_IMPORTS, "compact imports"),
];

/// The proposals that the parser knows and the engine does not.
pub(crate) fn unknown_to_engine() -> WasmFeatures {
    UNKNOWN_TO_ENGINE
        .iter()
        .fold(WasmFeatures::empty(), |all, (proposal, _)| all | *proposal)
}

/// The names of proposals that the engine does not know.
pub(crate) fn names_of(proposals: WasmFeatures) -> String {
    let names: Vec<&str> = UNKNOWN_TO_ENGINE
        .iter()
        .filter(|(proposal, _)| proposals.contains(*proposal))
        .map(|(_, name)| *name)
        .collect();
    match names.as_slice() {
        [] => "what is no part of the standard".to_owned(),
        names => names.join(", "),
    }
}

macro_rules! of_proposal {
    (tail_call) => {
        WasmFeatures::TAIL_CALL
    };
    (function_references) => {
        WasmFeatures::FUNCTION_REFERENCES
    };
    (gc) => {
        WasmFeatures::GC
    };
    (exceptions) => {
        WasmFeatures::EXCEPTIONS
    };
    (relaxed_simd) => {
        WasmFeatures::RELAXED_SIMD
    };
    (legacy_exceptions) => {
        WasmFeatures::LEGACY_EXCEPTIONS
    };
    (stack_switching) => {
        WasmFeatures::STACK_SWITCHING
    };
    (shared_everything_threads) => {
        WasmFeatures::SHARED_EVERYTHING_THREADS
    };
    (custom_descriptors) => {
        WasmFeatures::CUSTOM_DESCRIPTORS
    };
    (memory_control) => {
        WasmFeatures::MEMORY_CONTROL
    };
    // Every compiler of the engine knows these. A proposal that is in none of these rows does not compile.
    (mvp) => {
        WasmFeatures::empty()
    };
    (sign_extension) => {
        WasmFeatures::empty()
    };
    (saturating_float_to_int) => {
        WasmFeatures::empty()
    };
    (bulk_memory) => {
        WasmFeatures::empty()
    };
    (reference_types) => {
        WasmFeatures::empty()
    };
    (simd) => {
        WasmFeatures::empty()
    };
    (threads) => {
        WasmFeatures::empty()
    };
    (wide_arithmetic) => {
        WasmFeatures::empty()
    };
}

pub(super) use of_proposal;

macro_rules! define_proposal_of {
    ($(@$proposal:ident $operator:ident $({ $($field:ident: $ty:ty),* })? => $visit:ident ($($types:tt)*))*) => {
        /// The proposal of an instruction by its opcode, whatever its operands are.
        fn proposal_of_kind(operator: &Operator<'_>) -> WasmFeatures {
            match operator {
                $(Operator::$operator { .. } => of_proposal!($proposal),)*
                // The parser's list has every instruction, but the type is `#[non_exhaustive]`.
                _ => WasmFeatures::empty(),
            }
        }
    };
}

wasmparser::for_each_operator!(define_proposal_of);

/// The proposal of an instruction, if the engine or one of its compilers does not have it; else none.
pub(super) fn proposal_of(operator: &Operator<'_>) -> WasmFeatures {
    // The validator accepts exact types in casts without the proposal.
    let is_exact = match operator {
        Operator::RefTestNonNull { hty }
        | Operator::RefTestNullable { hty }
        | Operator::RefCastNonNull { hty }
        | Operator::RefCastNullable { hty } => matches!(hty, HeapType::Exact(_)),
        Operator::BrOnCast {
            from_ref_type,
            to_ref_type,
            ..
        }
        | Operator::BrOnCastFail {
            from_ref_type,
            to_ref_type,
            ..
        } => [from_ref_type, to_ref_type]
            .iter()
            .any(|ty| ty.is_exact_type_ref()),
        _ => false,
    };
    if is_exact {
        WasmFeatures::CUSTOM_DESCRIPTORS
    } else {
        proposal_of_kind(operator)
    }
}

#[cfg(test)]
mod tests {
    use wasmparser::WasmFeatures;

    use crate::guest::GuestModule;

    /// Checks the proposals of a function with these instructions.
    fn check(instructions: &str, expected: WasmFeatures) {
        let wat = format!(
            "(module (type $s (struct)) (type $f (func)) (tag $t) (memory 1) (table 1 funcref)
               (func $self {instructions}) (elem declare func $self))"
        );
        let wasm = wat::parse_str(&wat).expect("it parses");
        let module = GuestModule::parse(&wasm).expect("it is valid");
        assert_eq!(module.proposals, expected, "{instructions}");
    }

    #[test]
    fn instructions_belong_to_proposals() {
        check("nop", WasmFeatures::empty());
        check("(return_call $self)", WasmFeatures::TAIL_CALL);
        check(
            "(call_ref $f (ref.func $self))",
            WasmFeatures::FUNCTION_REFERENCES,
        );
        check("(drop (struct.new $s))", WasmFeatures::GC);
        check("(throw $t)", WasmFeatures::EXCEPTIONS);
        let zero = "(v128.const i64x2 0 0)";
        check(
            &format!("(drop (i8x16.relaxed_swizzle {zero} {zero}))"),
            WasmFeatures::RELAXED_SIMD,
        );
        // Winch has these, or some of them.
        check(
            &format!("(drop (i8x16.swizzle {zero} {zero}))"),
            WasmFeatures::empty(),
        );
        check("(drop (i32.atomic.load (i32.const 0)))", WasmFeatures::empty());
        check(
            "(table.set (i32.const 0) (ref.func $self))",
            WasmFeatures::empty(),
        );
        check(
            "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))",
            WasmFeatures::empty(),
        );
        check(
            "(drop (struct.new $s)) (return_call $self)",
            WasmFeatures::GC | WasmFeatures::TAIL_CALL,
        );
    }
}
