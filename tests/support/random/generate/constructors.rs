//! Adds constructors and their callers, as linker and libc do.
//!
//! A baked module must behave as its original after one run of the constructors and none of the destructors. If the original runs
//! both at each call, no host can bring it to that state. So another module, the *oracle*, runs in its place: its constructors
//! are empty, a copy of them is exported to be called first, and its exports are not wrapped.

use wasm_encoder::{BlockType, ExportKind, Function, Instruction};
use wasmparser::ValType;

use super::init::init_body;
use super::shape::{Additions, Exports, Shape};
use crate::random::{Choices, Special};

/// The export of the oracle that runs the constructors.
pub(super) const CONSTRUCT: &str = "(construct)";
/// The export of the oracle that does the rest of `_initialize`.
pub(super) const INITIALIZE: &str = "(initialize)";

/// The caller of the constructors.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// A wrapper around each exported function.
    Wrappers,
    /// `_initialize`.
    Initialize,
    /// `_start`.
    Start,
    /// The host.
    Host,
}

/// Constructors that were added to a module.
pub(super) struct Constructors {
    /// The function that runs them, which is to become the first that the module defines.
    pub(super) function: u32,
    /// Names for the name section, by function.
    pub(super) names: Vec<(u32, String)>,
    pub(super) special: Special,
    /// What the oracle exports.
    pub(super) exports: Exports,
    /// The oracle's functions, if they differ.
    pub(super) additions: Option<Additions>,
    /// The exports of the oracle that are to be called before init.
    pub(super) first: Vec<&'static str>,
}

/// Adds constructors and a caller.
pub(super) fn add(
    shape: &mut Shape<'_>,
    additions: &mut Additions,
    exports: &mut Exports,
    choices: &mut Choices,
) -> Option<Constructors> {
    let callers = [Caller::Wrappers, Caller::Initialize, Caller::Start, Caller::Host];
    let caller = *choices.pick(&callers)?;
    let procedure = additions.ty(shape, &[], &[])?;
    let quiet = |additions: &mut Additions, shape: &Shape<'_>, choices: &mut Choices| {
        let (body, _) = init_body(shape, false, false, &[], choices)?;
        additions.function(shape, procedure, body)
    };
    let constructed: Vec<u32> = (0..1 + choices.below(2))
        .map(|_| quiet(additions, shape, choices))
        .collect::<Option<_>>()?;
    let destructors = match choices.chance(3, 4) || caller == Caller::Start {
        true => Some(quiet(additions, shape, choices)?),
        false => None,
    };
    let list = calls(&constructed);
    let function = additions.function(shape, procedure, list.clone())?;

    let mut inside = exports.clone();
    match caller {
        Caller::Wrappers => {
            // An export also declares a function for `ref.func`, and the functions lose theirs.
            let functions: Vec<u32> = (0..u32::try_from(shape.functions.len()).ok()?).collect();
            additions.declare(&functions);
            for (kind, index) in exports.values_mut() {
                if *kind == ExportKind::Func && *index >= shape.imported_functions {
                    *index = wrapper(shape, additions, *index, function, destructors)?;
                }
            }
        }
        Caller::Initialize => {
            let (body, _) = init_body(shape, false, false, &[], choices)?;
            let rest = additions.function(shape, procedure, body)?;
            let initialize = additions.function(shape, procedure, calls(&[function, rest]))?;
            exports.insert("_initialize".to_owned(), (ExportKind::Func, initialize));
        }
        Caller::Start => {
            let start = start(shape, additions, function, destructors?, choices)?;
            exports.insert("_start".to_owned(), (ExportKind::Func, start));
            inside.insert("_start".to_owned(), (ExportKind::Func, start));
        }
        Caller::Host => {
            let export = (ExportKind::Func, function);
            exports.insert("__wasm_call_ctors".to_owned(), export);
            inside.insert("__wasm_call_ctors".to_owned(), export);
        }
    }

    let others = vec![(*constructed.first()?, "construct".to_owned())];
    let mut told = vec![(function, "__wasm_call_ctors".to_owned())];
    told.extend(destructors.map(|function| (function, "__wasm_call_dtors".to_owned())));
    let names = match choices.below(4) {
        0 => Vec::new(),
        1 => others,
        _ => [told, others].concat(),
    };
    let special = match (caller, names.len()) {
        (Caller::Wrappers, 0) => Special::CommandExportsStripped,
        (Caller::Wrappers, 1) => Special::CommandExportsUntold,
        (Caller::Wrappers, _) => Special::CommandExports,
        (Caller::Initialize, _) => Special::Initialize,
        (Caller::Start, 0) => Special::StartStripped,
        (Caller::Start, _) => Special::Start,
        (Caller::Host, _) => Special::ExportedConstructors,
    };
    let is_literal = matches!(
        special,
        Special::CommandExportsStripped | Special::CommandExportsUntold
    );
    let mut first = Vec::new();
    let mut oracle = None;
    if is_literal {
        inside = exports.clone();
    } else {
        let mut without = additions.clone();
        let position = usize::try_from(function).ok()? - shape.functions.len();
        without.bodies[position] = calls(&[]);
        let copy = without.function(shape, procedure, list)?;
        inside.insert(CONSTRUCT.to_owned(), (ExportKind::Func, copy));
        first.push(CONSTRUCT);
        if let Some(initialize) = exports.get("_initialize") {
            let empty = without.function(shape, procedure, calls(&[]))?;
            inside.insert("_initialize".to_owned(), (ExportKind::Func, empty));
            inside.insert(INITIALIZE.to_owned(), *initialize);
            first.push(INITIALIZE);
        }
        oracle = Some(without);
    }
    Some(Constructors {
        function,
        names,
        special,
        exports: inside,
        additions: oracle,
        first,
    })
}

fn calls(functions: &[u32]) -> Function {
    let mut body = Function::new([]);
    for function in functions {
        body.instruction(&Instruction::Call(*function));
    }
    body.instruction(&Instruction::End);
    body
}

/// The linker's wrapper around an exported function.
fn wrapper(
    shape: &Shape<'_>,
    additions: &mut Additions,
    inner: u32,
    constructors: u32,
    destructors: Option<u32>,
) -> Option<u32> {
    let ty = additions.type_of(shape, inner)?;
    let parameters = shape.function_type(ty)?.params().len();
    let mut body = Function::new([]);
    body.instruction(&Instruction::Call(constructors));
    for parameter in 0..u32::try_from(parameters).ok()? {
        body.instruction(&Instruction::LocalGet(parameter));
    }
    body.instruction(&Instruction::Call(inner));
    if let Some(destructors) = destructors {
        body.instruction(&Instruction::Call(destructors));
    }
    body.instruction(&Instruction::End);
    additions.function(shape, ty, body)
}

/// wasi-libc's `_start`.
fn start(
    shape: &mut Shape<'_>,
    additions: &mut Additions,
    constructors: u32,
    destructors: u32,
    choices: &mut Choices,
) -> Option<u32> {
    let procedure = additions.ty(shape, &[], &[])?;
    let main = additions.ty(shape, &[], &[ValType::I32])?;
    let exit = additions.ty(shape, &[ValType::I32], &[])?;
    let (body, _) = init_body(shape, false, true, &[ValType::I32], choices)?;
    let main = additions.function(shape, main, body)?;
    let exit = additions.function(shape, exit, calls(&[]))?;
    let mut body = Function::new([(1, wasm_encoder::ValType::I32)]);
    for instruction in [
        Instruction::Call(constructors),
        Instruction::Call(main),
        Instruction::LocalSet(0),
        Instruction::Call(destructors),
        Instruction::LocalGet(0),
        Instruction::If(BlockType::Empty),
        Instruction::LocalGet(0),
        Instruction::Call(exit),
        Instruction::Unreachable,
        Instruction::End,
        Instruction::End,
    ] {
        body.instruction(&instruction);
    }
    additions.function(shape, procedure, body)
}
