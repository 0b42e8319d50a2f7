//! Functions that the engine does not compile, and init never calls: with legacy exceptions or `memory.discard`.

use wasm_encoder::{BlockType, Function, Instruction};

use super::shape::{Additions, Exports, Shape};
use crate::random::Choices;

/// The name by which the function is exported, so that it is not dead code.
const EXPORT: &str = "foreign";
/// How deep `try` blocks nest.
const DEPTH: usize = 3;

/// Adds a function that the engine does not compile, and exports it.
pub(super) fn add(
    shape: &mut Shape<'_>,
    additions: &mut Additions,
    exports: &mut Exports,
    choices: &mut Choices,
) -> Option<()> {
    let procedure = additions.ty(shape, &[], &[])?;
    let mut body = Vec::new();
    attempt(shape, &mut body, DEPTH, choices);
    let discards = !shape.memories.is_empty() && choices.chance(1, 4);
    if discards && !shape.memories[0].memory64 {
        body.extend([
            Instruction::I32Const(0),
            Instruction::I32Const(0),
            Instruction::MemoryDiscard(0),
        ]);
    }
    body.push(Instruction::End);
    let mut function = Function::new([]);
    for instruction in &body {
        function.instruction(instruction);
    }
    let function = additions.function(shape, procedure, function)?;
    exports.insert(EXPORT.to_owned(), (wasm_encoder::ExportKind::Func, function));
    Some(())
}

/// A `try` with handlers, with a `rethrow`, or with a `delegate` to an outer `try`.
fn attempt(shape: &Shape<'_>, body: &mut Vec<Instruction<'static>>, depth: usize, choices: &mut Choices) {
    body.push(Instruction::Try(BlockType::Empty));
    if depth > 0 && choices.chance(2, 3) {
        attempt(shape, body, depth - 1, choices);
    } else if let Some(function) = procedure(shape, choices) {
        body.push(Instruction::Call(function));
    }
    if choices.chance(1, 3) {
        // The target is any `try` around it, or the function's caller.
        let around = u32::try_from(DEPTH - depth).unwrap_or_default();
        let target = u32::try_from(choices.below(around as usize + 1)).unwrap_or_default();
        body.push(Instruction::Delegate(target));
        return;
    }
    let tags: Vec<u32> = (0_u32..).zip(&shape.tags).map(|(tag, _)| tag).collect();
    if let Some(tag) = choices.pick(&tags) {
        let values = shape.function_type(shape.tags[*tag as usize]);
        let values = values.map_or(0, |ty| ty.params().len());
        body.push(Instruction::Catch(*tag));
        body.extend((0..values).map(|_| Instruction::Drop));
        if choices.chance(1, 2) {
            body.push(Instruction::Rethrow(0));
        }
    }
    if choices.chance(1, 2) {
        body.push(Instruction::CatchAll);
        if choices.chance(1, 2) {
            body.push(Instruction::Rethrow(0));
        }
    }
    body.push(Instruction::End);
}

fn procedure(shape: &Shape<'_>, choices: &mut Choices) -> Option<u32> {
    let is_procedure = |function: &u32| {
        shape
            .signature(*function)
            .is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty())
    };
    let functions = u32::try_from(shape.functions.len()).ok()?;
    let procedures: Vec<u32> = (0..functions).filter(is_procedure).collect();
    choices.pick(&procedures).copied()
}
