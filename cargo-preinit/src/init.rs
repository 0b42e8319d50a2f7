//! What will be run: constructors, `_initialize`, then the init itself.
//!
//! **In** a [`GuestModule`] and the request. **Out** an [`InitPlan`]. **Refuses** a module without an init, and an init
//! function of another type than `() -> ()`.
//!
//! # Constructors
//!
//! C, C++ and Rust guests can carry constructors, which wasm-ld collects into one function, `__wasm_call_ctors`. They
//! have to run once, before init, and never again in the baked module. Who calls them depends on the link:
//!
//! - A *reactor* calls them from `_initialize`.
//! - A *command* with a `_start` calls them from there.
//! - Where neither calls them, wasm-ld [wraps every export] as `NAME.command_export`, which calls the constructors, then
//!   `NAME`, then the destructors.
//!
//! So the plan says which function it is. The run calls it once, every other caller finds it empty, and in the output
//! its body is empty. Where the names are stripped, the SDK still tells: see [`preinit_guest::abi`].
//!
//! [wraps every export]: https://github.com/llvm/llvm-project/blob/main/lld/wasm/Writer.cpp

use wasmparser::{ExternalKind, Operator, ValType};

use crate::index::FunctionIndex;
use crate::module::{GuestModule, is_marked};
use crate::sdk::{self, Sdk};

/// The exports that Wizer's users name their init function, in the order in which they are looked for.
pub(crate) const WIZER_EXPORTS: [&str; 2] = ["wizer-initialize", "wizer.initialize"];
/// The export of a reactor that hosts call before any other.
pub(crate) const INITIALIZE_EXPORT: &str = "_initialize";
const CONSTRUCTORS_NAME: &str = "__wasm_call_ctors";

/// Why there is nothing that could be run.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InitError {
    /// The module carries the SDK, but no item.
    #[error("the module depends on `preinit-guest`, but nothing in it is marked with `#[preinit]`")]
    NoItems,
    /// The module has neither the SDK nor an init function.
    #[error(
        "the module has nothing to run: no `#[preinit]` item, and no export `wizer-initialize` or `wizer.initialize`"
    )]
    NoInit,
    /// A named init function is not exported.
    #[error("there is no exported function `{name}`{}", did_you_mean(similar.as_deref()))]
    NotExported {
        /// The name that was asked for.
        name: String,
        /// An exported function whose name is close.
        similar: Option<String>,
    },
    /// An init function has parameters or results.
    #[error("the init function `{name}` has the type `{found}`, but it must be `() -> ()`")]
    WrongType {
        /// Its name.
        name: String,
        /// Its type.
        found: String,
    },
}

fn did_you_mean(similar: Option<&str>) -> String {
    similar.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

impl InitError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoItems => {
                "mark a static or a function with `#[preinit]`; if one is marked, check that its crate is used by this \
                 artifact, and that no `cfg` removes it"
            }
            Self::NoInit => {
                "name the function with `--init-func NAME`, or mark items with `#[preinit]` from the crate \
                 `preinit-guest`"
            }
            Self::NotExported { .. } => "export the function, or name another with `--init-func`",
            Self::WrongType { .. } => "export a function without parameters and results that calls it",
        }
    }
}

/// What to run, in this order: `constructors`, `initialize`, `init`.
#[derive(Debug)]
pub struct InitPlan {
    pub(crate) sdk: Option<Sdk>,
    /// The function that runs the constructors, if they have to be run by themselves.
    pub(crate) constructors: Option<FunctionIndex>,
    /// The reactor's `_initialize`.
    pub(crate) initialize: Option<FunctionIndex>,
    pub(crate) init: Init,
    /// A remark for the user on how the plan came about.
    pub(crate) warning: Option<InitWarning>,
}

/// The init itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Init {
    /// The SDK's items, sorted at run time.
    Items,
    /// Exported functions, in this order.
    Functions(Vec<NamedFunction>),
}

/// An exported function that is to be called.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NamedFunction {
    pub(crate) export: String,
    /// The function itself, inside of a `.command_export` wrapper if there is one.
    pub(crate) function: FunctionIndex,
}

/// Something about the plan that the user may want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InitWarning {
    /// Every export looks like a `.command_export` wrapper, but there are no names to tell for sure.
    MaybeCommandExports,
}

impl std::fmt::Display for InitWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::MaybeCommandExports => {
                "every export first calls the same function, as in a module whose constructors run on each call; \
                 without a name section nobody can tell, so they will run again in the baked module"
            }
        })
    }
}

/// Decides what is to be run.
///
/// `names` are the functions that the user asked for; with none, the SDK's items, else Wizer's exports.
pub fn plan(module: &GuestModule<'_>, names: &[String]) -> Result<InitPlan, InitError> {
    let mut sdk = sdk::find(module);
    let constructors = find_constructors(module, sdk.as_ref());
    if let (Some(sdk), Some(constructors)) = (&mut sdk, constructors) {
        for item in &mut sdk.items {
            item.run = unwrap_command_export(module, item.run, constructors).unwrap_or(item.run);
        }
    }
    let initialize = module
        .exported_function(INITIALIZE_EXPORT)
        .filter(|function| is_procedure(module, *function));
    let init = if names.is_empty() {
        default_init(module, sdk.as_ref(), constructors)?
    } else {
        // `_initialize` runs anyway, and before any other.
        let functions = names
            .iter()
            .filter(|name| initialize.is_none() || *name != INITIALIZE_EXPORT)
            .map(|name| named_function(module, name, constructors));
        Init::Functions(functions.collect::<Result<_, _>>()?)
    };
    // A reactor's `_initialize` calls the constructors where its libc wants them.
    let by_initialize = initialize.is_some_and(|initialize| {
        constructors.is_some_and(|constructors| calls(module, initialize).contains(&constructors))
    });
    let warning = (constructors.is_none() && looks_like_command_exports(module))
        .then_some(InitWarning::MaybeCommandExports);
    Ok(InitPlan {
        sdk,
        constructors: constructors.filter(|_| !by_initialize),
        initialize,
        init,
        warning,
    })
}

fn default_init(
    module: &GuestModule<'_>,
    sdk: Option<&Sdk>,
    constructors: Option<FunctionIndex>,
) -> Result<Init, InitError> {
    if sdk.is_some_and(|sdk| !sdk.items.is_empty()) {
        return Ok(Init::Items);
    }
    for name in WIZER_EXPORTS {
        if module.exported_function(name).is_some() {
            let function = named_function(module, name, constructors)?;
            return Ok(Init::Functions(vec![function]));
        }
    }
    Err(match sdk {
        Some(_) => InitError::NoItems,
        None => InitError::NoInit,
    })
}

fn named_function(
    module: &GuestModule<'_>,
    name: &str,
    constructors: Option<FunctionIndex>,
) -> Result<NamedFunction, InitError> {
    let exported = module
        .exported_function(name)
        .ok_or_else(|| InitError::NotExported {
            name: name.to_owned(),
            similar: similar_export(module, name),
        })?;
    if !is_procedure(module, exported) {
        return Err(InitError::WrongType {
            name: name.to_owned(),
            found: module
                .signature(exported)
                .map_or_else(String::new, display_signature),
        });
    }
    let function = constructors
        .and_then(|constructors| unwrap_command_export(module, exported, constructors))
        .unwrap_or(exported);
    Ok(NamedFunction {
        export: name.to_owned(),
        function,
    })
}

/// Whether a function has the type `() -> ()`.
fn is_procedure(module: &GuestModule<'_>, function: FunctionIndex) -> bool {
    module
        .signature(function)
        .is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty())
}

fn display_signature(ty: &wasmparser::FuncType) -> String {
    let list = |types: &[ValType]| {
        let types: Vec<String> = types.iter().map(ToString::to_string).collect();
        format!("({})", types.join(", "))
    };
    format!("{} -> {}", list(ty.params()), list(ty.results()))
}

/// The exported function whose name differs least, if it differs little.
fn similar_export(module: &GuestModule<'_>, name: &str) -> Option<String> {
    module
        .exports
        .iter()
        .filter(|export| export.kind == ExternalKind::Func)
        .filter(|export| !sdk::is_sdk_export(export.name))
        .map(|export| (strsim::levenshtein(name, export.name), export.name))
        .min()
        .filter(|(distance, _)| *distance <= name.len() / 3)
        .map(|(_, name)| name.to_owned())
}

fn calls(module: &GuestModule<'_>, function: FunctionIndex) -> Vec<FunctionIndex> {
    module
        .instructions(function)
        .into_iter()
        .filter_map(|operator| match operator {
            Operator::Call { function_index } => Some(FunctionIndex(function_index)),
            _ => None,
        })
        .collect()
}

/// The function that runs the constructors, by what is surest first. One that nobody can call is none.
fn find_constructors(module: &GuestModule<'_>, sdk: Option<&Sdk>) -> Option<FunctionIndex> {
    let is_alive = |function: FunctionIndex| {
        let is_exported = module
            .exports
            .iter()
            .any(|export| export.kind == ExternalKind::Func && export.index == function.0);
        is_exported || is_marked(&module.code.called_functions, function.0)
    };
    let is_constructors = |function: &FunctionIndex| {
        module.body(*function).is_some() && is_procedure(module, *function) && is_alive(*function)
    };
    // The SDK's shim calls the constructors and does nothing else.
    let by_shim = sdk
        .and_then(|sdk| sdk.constructors_function)
        .and_then(|shim| calls(module, shim).first().copied());
    // The SDK's version function calls nothing, so a call in it is the linker's.
    let by_wrapper = sdk
        .and_then(|sdk| sdk.version_function)
        .and_then(|version| calls(module, version).first().copied());
    let by_name = module
        .names
        .iter()
        .find(|(_, name)| **name == CONSTRUCTORS_NAME)
        .map(|(function, _)| *function);
    by_shim.or(by_wrapper).or(by_name).filter(is_constructors)
}

/// The function inside of a `.command_export` wrapper: `call $constructors`, the arguments, `call $inner`, and then
/// nothing or `call $destructors`.
pub(crate) fn unwrap_command_export(
    module: &GuestModule<'_>,
    wrapper: FunctionIndex,
    constructors: FunctionIndex,
) -> Option<FunctionIndex> {
    let (first, inner) = command_export_calls(module, wrapper)?;
    (first == constructors).then_some(inner)
}

/// The first two calls of a function that has the shape of a `.command_export` wrapper.
fn command_export_calls(
    module: &GuestModule<'_>,
    function: FunctionIndex,
) -> Option<(FunctionIndex, FunctionIndex)> {
    let operators = module.instructions(function);
    let parameters = module.signature(function)?.params().len();
    let [
        Operator::Call {
            function_index: first,
        },
        rest @ ..,
    ] = operators.as_slice()
    else {
        return None;
    };
    let (arguments, rest) = rest.split_at_checked(parameters)?;
    let in_order = crate::index::enumerate(arguments).all(
        |(index, operator)| matches!(operator, Operator::LocalGet { local_index } if *local_index == index),
    );
    let inner = match rest {
        [Operator::Call { function_index }, Operator::End] => *function_index,
        [
            Operator::Call { function_index },
            Operator::Call { .. },
            Operator::End,
        ] => *function_index,
        _ => return None,
    };
    in_order.then_some((FunctionIndex(*first), FunctionIndex(inner)))
}

fn looks_like_command_exports(module: &GuestModule<'_>) -> bool {
    if !module.names.is_empty() {
        return false;
    }
    let mut first_calls = module
        .exports
        .iter()
        .filter(|export| export.kind == ExternalKind::Func)
        .map(|export| command_export_calls(module, FunctionIndex(export.index)).map(|calls| calls.0));
    let Some(Some(first)) = first_calls.next() else {
        return false;
    };
    let mut others = 0;
    first_calls.all(|call| {
        others += 1;
        call == Some(first)
    }) && others > 0
}
