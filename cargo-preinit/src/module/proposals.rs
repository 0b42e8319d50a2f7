//! To which proposal an instruction belongs.

use wasmparser::{Operator, WasmFeatures};

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
    ($other:ident) => {
        WasmFeatures::empty()
    };
}

macro_rules! define_proposal_of {
    ($(@$proposal:ident $operator:ident $({ $($field:ident: $ty:ty),* })? => $visit:ident ($($types:tt)*))*) => {
        /// The proposal of an instruction, where not every compiler of the engine knows it; else nothing.
        pub(super) fn proposal_of(operator: &Operator<'_>) -> WasmFeatures {
            match operator {
                $(Operator::$operator { .. } => of_proposal!($proposal),)*
                // The parser's list is the whole list; it keeps the right to grow.
                _ => WasmFeatures::empty(),
            }
        }
    };
}

wasmparser::for_each_operator!(define_proposal_of);

#[cfg(test)]
mod tests {
    use wasmparser::WasmFeatures;

    use crate::module::GuestModule;

    /// The proposals of a function with these instructions.
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
        // Winch knows these, or some of them.
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
