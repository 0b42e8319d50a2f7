//! Finds what is certain to stop init: an instruction that every run reaches.
//!
//! Instructions are followed from the start of the first function that runs, as long as there is only one path, also into
//! functions that have only one path. If the path leads to external state, to an import that has no provider at build time,
//! or to a function that the engine does not take, the run would stop there, or earlier at an instruction that traps. Either
//! way there is no bake.

use wasmparser::{BinaryReader, Operator, OperatorsReader};

use crate::guest::answers::FunctionAnswer;
use crate::guest::index::FunctionIndex;
use crate::guest::{Body, ImportKind, Node, features};
use crate::init::{Init, InitPlan};
use crate::instrument::{touched, unsupported_function};
use crate::run::{Cause, Frame, GuestStack, RunError, Step, is_wasi, wasi_functions_of_type};
use crate::text::demangle;

/// How many instructions are followed. A certain stop is found early or not at all.
const MAX_INSTRUCTIONS: usize = 100_000;

/// How many nested calls are followed.
const MAX_DEPTH: usize = 100;

/// The error that a run would certainly end with, if there is one.
pub(super) fn stop(guest: &Node<'_>, plan: &InitPlan) -> Option<RunError> {
    let mut path = Path {
        guest,
        plan,
        stack: Vec::new(),
        instructions: 0,
    };
    for (step, function) in steps(guest, plan) {
        match path.follow(function) {
            End::Returns => {}
            End::Unknown => return None,
            End::Stops(cause) => {
                let frames = path.stack.iter().rev().map(|function| Frame {
                    index: function.0,
                    name: guest.names.get(function).map(|name| demangle(name)),
                });
                return Some(RunError::certain(
                    guest,
                    step,
                    cause,
                    GuestStack(frames.collect()),
                    wasi_functions_of_type,
                ));
            }
        }
    }
    None
}

/// The functions that run first. Items are not among them, since only the run reads their order.
fn steps(guest: &Node<'_>, plan: &InitPlan) -> Vec<(Step, FunctionIndex)> {
    let mut steps = Vec::new();
    steps.extend(guest.start.map(|start| (Step::Start, start)));
    steps.extend(plan.constructors.map(|function| (Step::Constructors, function)));
    steps.extend(plan.initialize.map(|function| (Step::Initialize, function)));
    if let Init::Functions(functions) = &plan.init {
        let functions = functions.iter();
        steps.extend(functions.map(|named| (Step::Function(named.text.clone()), named.function)));
    }
    steps
}

/// How a function ends.
enum End {
    /// It returns to its caller, on its only path.
    Returns,
    /// It has more than one path, or too long a one.
    Unknown,
    Stops(Cause),
}

struct Path<'a> {
    guest: &'a Node<'a>,
    plan: &'a InitPlan,
    /// The functions that have been called, outermost first.
    stack: Vec<FunctionIndex>,
    instructions: usize,
}

impl Path<'_> {
    /// Follows a function. If it stops, the stack keeps the calls that lead to the stop.
    fn follow(&mut self, function: FunctionIndex) -> End {
        let Some(body) = self.guest.body(function) else {
            return self.call_of_import(function);
        };
        if self.stack.len() >= MAX_DEPTH {
            return End::Unknown;
        }
        self.stack.push(function);
        if let Some(unsupported) = unsupported_function(self.guest, function) {
            return End::Stops(Cause::Unsupported(unsupported));
        }
        let end = self.follow_body(body);
        if matches!(end, End::Returns) {
            self.stack.pop();
        }
        end
    }

    fn follow_body(&mut self, body: &Body) -> End {
        let bytes = &self.guest.wasm[body.code_start..body.range.end];
        let reader = BinaryReader::new_features(bytes, body.code_start, features());
        let mut operators = OperatorsReader::new(reader);
        while !operators.eof() {
            self.instructions += 1;
            let Ok(operator) = operators.read() else {
                return End::Unknown;
            };
            if self.instructions > MAX_INSTRUCTIONS {
                return End::Unknown;
            }
            if let Some(place) = touched(self.guest, operator.clone()) {
                return End::Stops(Cause::External(place));
            }
            match operator {
                Operator::Call { function_index } => {
                    let function = FunctionIndex(function_index);
                    // The run calls a copy of the constructors, once; every other caller finds them empty.
                    if self.plan.constructors == Some(function) {
                        continue;
                    }
                    match self.follow(function) {
                        End::Returns => {}
                        end => return end,
                    }
                }
                Operator::Return => return End::Returns,
                operator if may_leave(&operator) => return End::Unknown,
                _ => {}
            }
        }
        End::Returns
    }

    fn call_of_import(&self, function: FunctionIndex) -> End {
        let answer = self.guest.answers.of_function(function);
        match answer {
            Some(FunctionAnswer::Zero | FunctionAnswer::Const(..)) => return End::Returns,
            // Only the run shows what a function does.
            Some(FunctionAnswer::Wasi(_) | FunctionAnswer::Module(..) | FunctionAnswer::Grow) => {
                return End::Unknown;
            }
            None if self.guest.answers.known(function).is_some() => return End::Unknown,
            Some(FunctionAnswer::Trap) | None => {}
        }
        let import = self
            .guest
            .imports
            .iter()
            .find(|import| import.kind == ImportKind::Function(function));
        match import {
            Some(import) if answer.is_some() => End::Stops(Cause::Forbidden {
                module: import.module.to_owned(),
                name: import.name.to_owned(),
            }),
            // Only the run shows what a WASI function does.
            Some(import) if !is_wasi(import.module) => End::Stops(Cause::Import {
                module: import.module.to_owned(),
                name: import.name.to_owned(),
            }),
            _ => End::Unknown,
        }
    }
}

/// Whether another instruction than the next one may follow. The list is complete for the proposals that the engine runs.
pub(crate) fn may_leave(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Unreachable
            | Operator::If { .. }
            | Operator::Else
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::BrOnNull { .. }
            | Operator::BrOnNonNull { .. }
            | Operator::BrOnCast { .. }
            | Operator::BrOnCastFail { .. }
            | Operator::CallIndirect { .. }
            | Operator::CallRef { .. }
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::ReturnCallRef { .. }
            | Operator::Throw { .. }
            | Operator::ThrowRef
            | Operator::TryTable { .. }
    )
}
