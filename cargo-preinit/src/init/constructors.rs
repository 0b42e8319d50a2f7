//! Finds the functions that the linker makes of constructors and destructors.
//!
//! C, C++ and Rust guests can have constructors, which wasm-ld collects into one function, `__wasm_call_ctors`. They have to
//! run once, before init, and never again in the baked module. What calls them depends on the link:
//!
//! - A *reactor* calls them from `_initialize`.
//! - A *command* calls them from its `_start`, before `main`, and the destructors after it.
//! - If neither calls them, wasm-ld [wraps every export] as `NAME.command_export`, which calls the constructors if there are
//!   any, then `NAME`, then the destructors if the libc has them.
//! - If they are exported as `__wasm_call_ctors`, the host has to call them.
//!
//! A wrapper would call the destructors at the end of the first call, and destroy what the bake has constructed. So once the
//! constructors have run, each export leads to the wrapped function.
//!
//! The name section identifies `__wasm_call_ctors`, but can be stripped. So it is identified by what remains: its export, the
//! SDK's exports (see [`preinit_guest::abi`]), and the shape of `_start`. If only names could identify it and the module has
//! none, the module is refused.
//!
//! [wraps every export]: https://github.com/llvm/llvm-project/blob/main/lld/wasm/Writer.cpp

use std::collections::BTreeMap;

use wasmparser::{ExternalKind, Operator, ValType};

use super::{CONSTRUCTORS, INITIALIZE_EXPORT, InitError, START_EXPORT, WIZER_EXPORTS, calls, is_procedure};
use crate::guest::index::{FunctionIndex, enumerate};
use crate::guest::sdk::{Sdk, is_sdk_export};
use crate::guest::{Export, GuestModule, ImportKind, is_marked};

/// The name of wasi-libc's function that runs the destructors.
const DESTRUCTORS: &str = "__wasm_call_dtors";

/// The constructors and destructors of a module.
#[derive(Debug, Default)]
pub(super) struct Constructors {
    /// The function that runs the constructors; `None` if there is none, or nothing can call it.
    pub(super) function: Option<FunctionIndex>,
    /// Whether it is exported under its own name.
    pub(super) is_exported: bool,
    /// The linker's wrappers around exported functions, each with the function that it wraps.
    pub(super) wrappers: BTreeMap<FunctionIndex, FunctionIndex>,
}

/// The functions that the linker's wrappers call, as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Called {
    /// Called first.
    constructors: Option<FunctionIndex>,
    /// Called last.
    destructors: Option<FunctionIndex>,
}

/// Finds the constructors, by the most certain sign first.
///
/// # Errors
///
/// If the module does not tell which function it is, or if it cannot be kept from running again.
pub(super) fn find(module: &GuestModule<'_>, sdk: Option<&Sdk>) -> Result<Constructors, InitError> {
    let is_own =
        |function: &FunctionIndex| module.body(*function).is_some() && is_procedure(module, *function);
    let exported = module.exported_function(CONSTRUCTORS).filter(is_own);
    // The SDK's shim calls the constructors and does nothing else.
    let by_shim = || {
        let shim = sdk?.constructors_function?;
        calls(module, shim).first().copied()
    };
    let version = sdk.and_then(|sdk| sdk.version_function);
    let by_sdk = match version {
        Some(version) => called_by_version(module, version)?,
        None => Called::default(),
    };
    let named = |name: &str| {
        let mut names = module.names.iter();
        let found = names.find(|(_, found)| **found == name);
        found.map(|(index, _)| *index).filter(is_own)
    };
    let constructors = exported
        .or_else(by_shim)
        .or(by_sdk.constructors)
        .or_else(|| named(CONSTRUCTORS))
        .or_else(|| {
            by_start(module)
                .filter(|(_, is_certain)| *is_certain)
                .map(|(function, _)| function)
        })
        .filter(|function| is_own(function) && is_called(module, *function));
    let destructors = by_sdk
        .destructors
        .or_else(|| module.exported_function(DESTRUCTORS).filter(is_own))
        .or_else(|| named(DESTRUCTORS));
    if constructors.is_none()
        && version.is_none()
        && let Some(first) = may_be_constructors(module)
            .or_else(|| {
                by_start(module)
                    .filter(|(function, _)| is_called(module, *function))
                    .map(|(function, _)| function)
            })
            .or_else(|| by_place(module))
    {
        return Err(InitError::MaybeConstructors { first });
    }
    let called = Called {
        constructors,
        destructors,
    };
    Ok(Constructors {
        function: constructors,
        is_exported: exported.is_some(),
        wrappers: wrappers(module, called, by_sdk == called && called != Called::default())?,
    })
}

/// Whether an export or a call leads to a function.
fn is_called(module: &GuestModule<'_>, function: FunctionIndex) -> bool {
    is_exported(module, function) || is_marked(&module.code.called_functions, function.0)
}

fn is_exported(module: &GuestModule<'_>, function: FunctionIndex) -> bool {
    let mut exports = module.exports.iter();
    exports.any(|export| export.kind == ExternalKind::Func && export.index == function.0)
}

/// The constructors and destructors that the linker's wrapper around the SDK's version function calls. The version function
/// only returns a number, so it may be inlined into the wrapper.
fn called_by_version(module: &GuestModule<'_>, version: FunctionIndex) -> Result<Called, InitError> {
    // Without optimisation, the number goes through a local.
    let is_number = |operator: &Operator<'_>| {
        matches!(
            operator,
            Operator::I32Const { .. }
                | Operator::LocalGet { .. }
                | Operator::LocalSet { .. }
                | Operator::Return
                | Operator::End
        )
    };
    let operators = module.instructions(version);
    if operators.iter().all(is_number) {
        return Ok(Called::default());
    }
    let is_plain = |function| {
        let is_function = module.body(function).is_some();
        is_function && module.instructions(function).iter().all(is_number)
    };
    let mut called = Called::default();
    let mut has_returned = false;
    for operator in &operators {
        match operator {
            Operator::Call { function_index } => {
                let function = FunctionIndex(*function_index);
                if is_plain(function) && !is_procedure(module, function) {
                    has_returned = true;
                } else if has_returned {
                    called.destructors = Some(function);
                } else {
                    called.constructors = Some(function);
                }
            }
            Operator::I32Const { .. } => has_returned = true,
            Operator::End => {}
            _ => return Err(inlined(preinit_guest::abi::VERSION_FUNCTION)),
        }
    }
    let expected = [called.constructors, called.destructors]
        .into_iter()
        .flatten()
        .count()
        + 1;
    let parts = operators.len() - 1; // without the end
    match has_returned && parts == expected {
        true => Ok(called),
        false => Err(inlined(preinit_guest::abi::VERSION_FUNCTION)),
    }
}

fn inlined(export: &str) -> InitError {
    InitError::Inlined {
        export: export.to_owned(),
    }
}

/// The constructors, by the shape of wasi-libc's [`_start`]: it calls them right before a `main` that returns a number, and
/// then calls the destructors and, if that number is not 0, `proc_exit`.
///
/// A function that has a name is not taken for the constructors. The flag tells whether the function is the first that the
/// module defines and only calls others, as the linker makes it; otherwise an optimiser may have put another function there.
///
/// [`_start`]: https://github.com/WebAssembly/wasi-libc/blob/main/libc-bottom-half/crt/crt1-command.c
fn by_start(module: &GuestModule<'_>) -> Option<(FunctionIndex, bool)> {
    let start = module.exported_function(START_EXPORT)?;
    let has_type = |function: FunctionIndex, params: &[ValType], results: &[ValType]| {
        module
            .signature(function)
            .is_some_and(|ty| ty.params() == params && ty.results() == results)
    };
    match calls(module, start)[..] {
        [.., constructors, main, destructors, exit]
            if is_procedure(module, constructors)
                && has_type(main, &[], &[ValType::I32])
                && is_procedure(module, destructors)
                && has_type(exit, &[ValType::I32], &[])
                && ends_program(module, start, exit)
                && module.body(constructors).is_some()
                && !module.names.contains_key(&constructors)
                // An earlier bake empties them.
                && !does_nothing(module, constructors)
                && !is_exported(module, constructors) =>
        {
            // The linker makes the constructors before any other function.
            let is_first = constructors.0 == module.imported_functions;
            Some((constructors, is_first && is_list_of_calls(module, constructors)))
        }
        _ => None,
    }
}

/// Whether a function that `_start` calls ends the program: it is WASI's `proc_exit`, or `unreachable` follows the call.
fn ends_program(module: &GuestModule<'_>, start: FunctionIndex, function: FunctionIndex) -> bool {
    let is_exit = module.imports.iter().any(|import| {
        import.kind == ImportKind::Function(function)
            && import.module.starts_with("wasi")
            && import.name == "proc_exit"
    });
    let operators = module.instructions(start);
    let is_last = operators.windows(2).any(|pair| {
        matches!(pair, [Operator::Call { function_index }, Operator::Unreachable] if *function_index == function.0)
    });
    is_exit || is_last
}

fn does_nothing(module: &GuestModule<'_>, function: FunctionIndex) -> bool {
    let operators = module.instructions(function);
    operators
        .iter()
        .all(|operator| matches!(operator, Operator::Nop | Operator::End))
}

/// Whether a function only calls others. It drops their results: a constructor may return something.
fn is_list_of_calls(module: &GuestModule<'_>, function: FunctionIndex) -> bool {
    module
        .instructions(function)
        .iter()
        .all(|operator| matches!(operator, Operator::Call { .. } | Operator::Drop | Operator::End))
}

/// The wrappers around exports. `are_known`: the SDK's version function shows that the linker has made some.
fn wrappers(
    module: &GuestModule<'_>,
    called: Called,
    are_known: bool,
) -> Result<BTreeMap<FunctionIndex, FunctionIndex>, InitError> {
    let mut wrappers = BTreeMap::new();
    if called == Called::default() {
        return Ok(wrappers);
    }
    let are_wrapped = are_known || are_wrapped(module, called);
    for export in &module.exports {
        let function = FunctionIndex(export.index);
        // A program ends with its `_start`, so that has to call the destructors.
        let is_function = export.kind == ExternalKind::Func && module.body(function).is_some();
        if !is_function || export.name == START_EXPORT || !(are_wrapped || export.name == INITIALIZE_EXPORT) {
            continue;
        }
        if let Some(inner) = wrapped(module, function, called) {
            wrappers.insert(function, inner);
        } else if called
            .destructors
            .is_some_and(|destructors| calls(module, function).contains(&destructors))
        {
            return Err(inlined(export.name));
        }
    }
    Ok(wrappers)
}

/// Whether the linker has wrapped the exports. It wraps all or none, and each wrapper calls the constructors first, if there
/// are any. If there are only destructors and not all exports call them last, those that do are the guest's own.
fn are_wrapped(module: &GuestModule<'_>, called: Called) -> bool {
    let exports = module.exports.iter().copied().filter(|export| {
        let is_function =
            export.kind == ExternalKind::Func && module.body(FunctionIndex(export.index)).is_some();
        is_function
            && !is_sdk_export(export.name)
            && ![START_EXPORT, INITIALIZE_EXPORT].contains(&export.name)
    });
    let is_call = |operator: Option<&Operator<'_>>, to: FunctionIndex| matches!(operator, Some(Operator::Call { function_index }) if *function_index == to.0);
    match (called.constructors, called.destructors) {
        (Some(constructors), _) => {
            let begins = |export: &Export<'_>| {
                is_call(
                    module.instructions(FunctionIndex(export.index)).first(),
                    constructors,
                )
            };
            // What the macro of Wizer's header defines calls the constructors first, too, and then the linker has wrapped no export. So where
            // there are others, these tell.
            let (of_wizer, others): (Vec<Export<'_>>, Vec<Export<'_>>) =
                exports.partition(|export| WIZER_EXPORTS.contains(&export.name));
            match others.is_empty() {
                true => of_wizer.iter().any(begins),
                false => others.iter().any(begins),
            }
        }
        (None, Some(destructors)) => exports.into_iter().all(|export| {
            let operators = module.instructions(FunctionIndex(export.index));
            is_call(operators.iter().rev().nth(1), destructors)
        }),
        (None, None) => false,
    }
}

/// The function inside of a wrapper. Between the calls of the constructors and the destructors, or of the one that is known,
/// a wrapper only calls a function of its own type with its own arguments.
fn wrapped(module: &GuestModule<'_>, wrapper: FunctionIndex, called: Called) -> Option<FunctionIndex> {
    let operators = module.instructions(wrapper);
    let is_call = |operator: &Operator<'_>, function: Option<FunctionIndex>| match (operator, function) {
        (Operator::Call { function_index }, Some(function)) => *function_index == function.0,
        _ => false,
    };
    let mut inside = operators.strip_suffix(&[Operator::End])?;
    if let Some((first, rest)) = inside.split_first()
        && is_call(first, called.constructors)
    {
        inside = rest;
    }
    if let Some((last, rest)) = inside.split_last()
        && is_call(last, called.destructors)
    {
        inside = rest;
    }
    if inside.len() + 1 == operators.len() {
        return None;
    }
    let (call, arguments) = inside.split_last()?;
    let Operator::Call { function_index } = call else {
        return None;
    };
    let inner = FunctionIndex(*function_index);
    let are_handed_on = arguments.len() == module.signature(wrapper)?.params().len()
        && enumerate(arguments).all(
            |(index, operator)| matches!(operator, Operator::LocalGet { local_index } if *local_index == index),
        );
    let is_same_type = module.functions.get(inner.position()) == module.functions.get(wrapper.position());
    (are_handed_on && is_same_type).then_some(inner)
}

/// The function that may be the constructors, or else the destructors, in a module without names: exported functions of the
/// module's own that have the form of a wrapper call it first, or last.
fn may_be_constructors(module: &GuestModule<'_>) -> Option<FunctionIndex> {
    if !module.names.is_empty() {
        return None;
    }
    let mut count = 0;
    let mut counts: BTreeMap<Called, usize> = BTreeMap::new();
    for export in &module.exports {
        let function = FunctionIndex(export.index);
        // The linker only wraps functions that the module defines.
        let is_own = export.kind == ExternalKind::Func && module.body(function).is_some();
        if is_own && !is_sdk_export(export.name) {
            count += 1;
            for called in possible(module, function) {
                *counts.entry(called).or_default() += 1;
            }
        }
    }
    let likely = counts.into_iter().rev().find(|(called, calls)| {
        let are_all = *calls == count;
        match (called.constructors, called.destructors) {
            (Some(_), Some(_)) => are_all || *calls > 1,
            // One export that calls two functions is too weak a sign.
            _ => are_all && *calls > 1,
        }
    });
    likely.and_then(|(called, _)| called.constructors.or(called.destructors))
}

/// The function that may be the constructors in a module without names, by its place and its callers: the linker [makes them]
/// before any other function, as a list of calls, and their callers call them first.
///
/// A module with an `_initialize` is a reactor: that calls the constructors, or there are none.
///
/// [makes them]: https://github.com/llvm/llvm-project/blob/main/lld/wasm/Driver.cpp
fn by_place(module: &GuestModule<'_>) -> Option<FunctionIndex> {
    let first = FunctionIndex(module.imported_functions);
    let may_be = module.names.is_empty()
        && module.exported_function(INITIALIZE_EXPORT).is_none()
        && module.body(first).is_some()
        && is_procedure(module, first)
        && !is_exported(module, first)
        && !calls(module, first).is_empty()
        && is_list_of_calls(module, first);
    let mut exports = module.exports.iter();
    let is_called_first = |export: &Export<'_>| {
        let function = FunctionIndex(export.index);
        if export.kind != ExternalKind::Func || module.body(function).is_none() || is_sdk_export(export.name)
        {
            return false;
        }
        if export.name == START_EXPORT {
            // `_start` first checks whether it has run before.
            return calls(module, function).first() == Some(&first);
        }
        let operators = module.instructions(function);
        matches!(operators.first(), Some(Operator::Call { function_index }) if *function_index == first.0)
    };
    (may_be && exports.any(is_called_first)).then_some(first)
}

/// The constructors and destructors that a function would call if it were a wrapper, in each way in which it may be one.
fn possible(module: &GuestModule<'_>, function: FunctionIndex) -> Vec<Called> {
    let calls = calls(module, function);
    let is_own =
        |function: &FunctionIndex| module.body(*function).is_some() && is_procedure(module, *function);
    let first = calls.first().copied().filter(is_own);
    let last = calls.last().copied().filter(is_own);
    let mut ways = vec![(first, last), (first, None), (None, last)];
    ways.sort_unstable();
    ways.dedup();
    let called = ways.into_iter().map(|(constructors, destructors)| Called {
        constructors,
        destructors,
    });
    called
        .filter(|called| *called != Called::default() && wrapped(module, function, *called).is_some())
        .collect()
}
