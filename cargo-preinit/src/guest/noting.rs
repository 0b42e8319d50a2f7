//! Validates an instruction, and keeps it if there is something to note about it.
//!
//! Most instructions name nothing but locals and labels. To read each as an [`Operator`] takes longer than to validate it, so the
//! parser calls the validator's visitor, and only instructions with other operands are kept.

use wasmparser::{FrameKind, FrameStack, MemArg, Operator, VisitOperator, VisitSimdOperator, WasmFeatures};

use super::proposals::of_proposal;

/// What is kept of an instruction.
#[derive(Debug)]
pub(super) enum Kept<'a> {
    /// Nothing: it has no operands but locals, labels and numbers, and every compiler of the engine knows it.
    Nothing,
    /// The memory and the offset of a load or store.
    Memory(MemArg),
    Operator(Operator<'a>),
}

/// A validator's visitor, and what was kept of the instruction that it visited.
pub(super) struct Noting<'a, V> {
    validator: V,
    pub(super) kept: Kept<'a>,
}

impl<V> Noting<'_, V> {
    pub(super) fn new(validator: V) -> Self {
        Self {
            validator,
            kept: Kept::Nothing,
        }
    }
}

impl<V: FrameStack> FrameStack for Noting<'_, V> {
    fn current_frame(&self) -> Option<FrameKind> {
        self.validator.current_frame()
    }
}

/// What is kept of an instruction, by the names of its operands in the parser.
macro_rules! kept {
    ($proposal:ident Nop) => {
        Kept::Operator(Operator::Nop)
    };
    ($proposal:ident I32Const value $value:ident) => {
        Kept::Operator(Operator::I32Const { value: $value })
    };
    ($proposal:ident $op:ident memarg $memarg:ident) => {
        kept!(if $proposal Kept::Memory($memarg), Operator::$op { memarg: $memarg })
    };
    ($proposal:ident $op:ident) => { kept!(if $proposal Kept::Nothing, Operator::$op) };
    ($proposal:ident $op:ident local_index $x:ident) => { kept!(plain $proposal $op local_index $x) };
    ($proposal:ident $op:ident relative_depth $x:ident) => { kept!(plain $proposal $op relative_depth $x) };
    ($proposal:ident $op:ident targets $x:ident) => { kept!(plain $proposal $op targets $x) };
    ($proposal:ident $op:ident value $x:ident) => { kept!(plain $proposal $op value $x) };
    ($proposal:ident $op:ident $($arg:ident $x:ident)+) => {
        Kept::Operator(Operator::$op { $($arg: $x.clone()),+ })
    };
    (plain $proposal:ident $op:ident $arg:ident $x:ident) => {
        kept!(if $proposal Kept::Nothing, Operator::$op { $arg: $x.clone() })
    };
    // One of a proposal that not every compiler of the engine knows is always kept.
    (if $proposal:ident $known:expr, $operator:expr) => {
        if of_proposal!($proposal).is_empty() { $known } else { Kept::Operator($operator) }
    };
}

macro_rules! define_visit {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*))*) => {$(
        #[inline]
        fn $visit(&mut self $($(, $arg: $ty)*)?) -> Self::Output {
            self.kept = kept!($proposal $op $($($arg $arg)*)?);
            self.validator.$visit($($($arg),*)?)
        }
    )*};
}

macro_rules! define_visit_simd {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*))*) => {$(
        fn $visit(&mut self $($(, $arg: $ty)*)?) -> Self::Output {
            self.kept = kept!($proposal $op $($($arg $arg)*)?);
            let validator = self.validator.simd_visitor();
            validator.expect("the validator visits vectors").$visit($($($arg),*)?)
        }
    )*};
}

impl<'a, V: VisitOperator<'a>> VisitOperator<'a> for Noting<'a, V> {
    type Output = V::Output;

    fn simd_visitor(&mut self) -> Option<&mut dyn VisitSimdOperator<'a, Output = V::Output>> {
        Some(self)
    }

    wasmparser::for_each_visit_operator!(define_visit);
}

impl<'a, V: VisitOperator<'a>> VisitSimdOperator<'a> for Noting<'a, V> {
    wasmparser::for_each_visit_simd_operator!(define_visit_simd);
}
