//! Plans what runs: constructors, `_initialize`, then init; and what becomes of the exports that lead there.
//!
//! **In** a [`GuestModule`] and the options. **Out** an [`InitPlan`]. **Refuses** a module without init, arguments that an
//! init function does not take, and a module that may have constructors which cannot be identified.
//!
//! # Constructors
//!
//! `init/constructors.rs` finds them. The run calls a copy of them once. For every other caller they are empty, and so they
//! are in the output.

mod component;
mod constructors;
pub(crate) mod resume;

use std::collections::BTreeMap;

use wasmparser::{ExternalKind, KnownCustom, Operator, Parser, Payload, ValType};

use crate::call::{Call, CallError, values};
use crate::guest::index::{FunctionIndex, InstanceId};
use crate::guest::sdk::{self, Sdk};
use crate::guest::{Export, Guest, GuestModule, Node};
use crate::options::{BakeOptions, KeepInit, Profile};
use crate::shown;
use crate::snapshot::Value;
pub(crate) use component::{ComponentCall, Purpose, call as component_call};
use constructors::Constructors;

/// The names of the init function that Wizer's users export, in the order in which they are looked up.
pub(crate) const WIZER_EXPORTS: [&str; 2] = ["wizer-initialize", "wizer.initialize"];
/// The entry point of a command.
pub(crate) const START_EXPORT: &str = "_start";
/// The export that the host of a reactor calls before any other.
pub(crate) const INITIALIZE_EXPORT: &str = "_initialize";
/// The function that wasm-ld makes to call all constructors: its name, and the name of its export.
pub(crate) const CONSTRUCTORS: &str = "__wasm_call_ctors";

/// Why init cannot be planned.
#[non_exhaustive]
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InitError {
    /// The module carries the SDK, but no item.
    #[error("the module depends on `preinit-guest`, but nothing in it is marked with `#[preinit]`")]
    NoItems,
    /// The module has neither the SDK nor an init function.
    #[error(
        "the module has nothing to run: no `#[preinit]` item, no export `wizer-initialize` or `wizer.initialize`, and nothing \
         that starts it"
    )]
    NoInit,
    /// The module has been baked, and there is nothing left to run.
    #[error("the module is baked already, by cargo-preinit{}: init has run, and nothing is left to run", version(.0))]
    AlreadyBaked(String),
    /// The module has been baked, and what is to run in each instance of it would run in the bake.
    #[error("the module is baked already, and a call of {} runs first what is to run in each instance (`#[preinit(resume)]`)", shown::name(.0))]
    Resumes(String),
    /// The arguments of an init function of a component do not parse as a call.
    #[error("{} is no call of an exported function", shown::name(.0))]
    Call(String),
    /// A named init function is not exported.
    #[error("there is no exported function {}{}", shown::name(.name), did_you_mean(.similar.as_deref()))]
    NotExported {
        /// The name that was asked for.
        name: String,
        /// An exported function whose name is close.
        similar: Option<String>,
    },
    /// A component's functions cannot be called behind its items.
    #[error("{} cannot be called behind the items of a component, since its functions can be called before only", shown::name(.0))]
    WarmUpBehindItems(String),
    /// An init function does not take the arguments that it is given.
    #[error("the init function {0}")]
    Arguments(CallError),
    /// An init function returns a reference, so that no empty function can replace it.
    #[error("the init function {} returns a reference, so an empty function cannot take its place", shown::name(.name))]
    ReturnsReference {
        /// The function's name.
        name: String,
    },
    /// An empty function cannot take the place of an init function of a component.
    #[error("an empty function cannot take the place of {}, since {why}", shown::name(.call))]
    CannotBeEmptied {
        /// The call of the function.
        call: String,
        /// Why not.
        why: &'static str,
    },
    /// Exports may call constructors or destructors, and the module does not tell for certain.
    #[error(
        "exports call function {first} as the linker has them call constructors or destructors; the module has no names, so nobody can \
         tell whether it is some"
    )]
    MaybeConstructors {
        /// The function that they call.
        first: FunctionIndex,
    },
    /// An export calls constructors or destructors, and is not as the linker makes a wrapper.
    #[error(
        "the export {} calls the linker's constructors or destructors, and is not the plain wrapper that the linker \
         makes, so they cannot be kept from running again",
        shown::name(.export)
    )]
    Inlined {
        /// The export's name.
        export: String,
    },
}

/// The version of this tool that baked a module, behind a space; nothing if it is not known.
pub(crate) fn version(version: &str) -> String {
    match version {
        "" => String::new(),
        version => format!(" {}", shown::line(version)),
    }
}

fn did_you_mean(similar: Option<&str>) -> String {
    similar.map_or_else(String::new, |name| {
        format!("; did you mean {}?", shown::name(name))
    })
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
            Self::WarmUpBehindItems(_) => "let an item do what it does",
            Self::Resumes(_) | Self::AlreadyBaked(_) => "bake the module that cargo or the linker made",
            Self::Call(_) => "name the function, or call it as in `--init-func 'load(\"en\", 3)'`",
            Self::NotExported { .. } => "export the function, or name another with `--init-func`",
            Self::Arguments(_) => "give the arguments with its name, as in `--init-func 'run(1, 2)'`",
            Self::ReturnsReference { .. } | Self::CannotBeEmptied { .. } => {
                "let its export go, or keep the function with `--keep-init-func`"
            }
            Self::MaybeConstructors { .. } => {
                "keep the names (`strip = \"debuginfo\"`, `wasm-strip --keep-section=name`), export `__wasm_call_ctors`, or link a \
                 reactor (`-mexec-model=reactor`)"
            }
            Self::Inlined { .. } => "bake what the linker made, and optimise the baked module",
        }
    }
}

/// What to run in a guest.
#[derive(Debug)]
pub struct GuestPlan {
    /// What to run in each instance, by [`InstanceId`](crate::guest::index::InstanceId).
    pub(crate) nodes: Vec<InitPlan>,
    /// The exported functions of a component that are called, in this order.
    pub(crate) calls: Vec<ComponentCall>,
    /// The core functions behind them whose exports lead to empty functions in the output.
    pub(crate) emptied: Vec<(InstanceId, FunctionIndex)>,
    /// What is measured while it runs.
    pub(crate) profile: Profile,
}

impl GuestPlan {
    /// Runs nothing but what starts the guest by itself.
    pub(crate) fn nothing(guest: &Guest<'_>, profile: Profile) -> Self {
        Self {
            nodes: guest.nodes().map(|_| InitPlan::nothing()).collect(),
            calls: Vec::new(),
            emptied: Vec::new(),
            profile,
        }
    }

    /// What to run in the instance of a node.
    #[must_use]
    pub fn of(&self, node: &Node<'_>) -> &InitPlan {
        &self.nodes[node.id.position()]
    }
}

/// What to run in an instance, in this order: `constructors`, `initialize`, `init`.
#[derive(Debug)]
pub struct InitPlan {
    pub(crate) sdk: Option<Sdk>,
    /// The function that runs the constructors, unless `_initialize` calls it.
    pub(crate) constructors: Option<FunctionIndex>,
    /// The reactor's `_initialize`.
    pub(crate) initialize: Option<FunctionIndex>,
    pub(crate) init: Init,
    /// The exported functions that are called once init has run.
    pub(crate) warm_up: Vec<NamedFunction>,
    /// The linker's wrappers around exported functions, each with the function that it wraps.
    pub(crate) wrappers: BTreeMap<FunctionIndex, FunctionIndex>,
    /// Whether the constructors are exported as `__wasm_call_ctors`. If so, the run calls them, itself or through
    /// `_initialize`.
    pub(crate) has_constructors: bool,
}

/// What init is.
#[derive(Debug, PartialEq)]
pub(crate) enum Init {
    /// The SDK's items, sorted at run time.
    Items,
    /// Exported functions, in this order. If there are none, init is what starts the module.
    Functions(Vec<NamedFunction>),
}

/// An exported function that is to be called.
#[derive(Debug, PartialEq)]
pub(crate) struct NamedFunction {
    /// The user's text, arguments included.
    pub(crate) text: String,
    pub(crate) export: String,
    /// The function to call: for a wrapper, the function that it wraps.
    pub(crate) function: FunctionIndex,
    pub(crate) arguments: Vec<Value>,
}

/// What becomes of an export once init has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExportFate {
    /// It leads to what it led to.
    Kept,
    /// It leads to this function, which the linker had wrapped.
    Unwrapped(FunctionIndex),
    /// It leads to a function of the same type that only returns what the exported function returned in the bake.
    Emptied,
    /// It is removed.
    Gone,
}

impl InitPlan {
    /// Runs nothing.
    pub(crate) fn nothing() -> Self {
        Self {
            sdk: None,
            constructors: None,
            has_constructors: false,
            initialize: None,
            init: Init::Functions(Vec::new()),
            warm_up: Vec::new(),
            wrappers: BTreeMap::new(),
        }
    }

    /// What becomes of an export, and of its name unless it is renamed.
    pub(crate) fn fate(&self, export: Export<'_>, options: &BakeOptions) -> ExportFate {
        let Export { name, kind, index } = export;
        // All renames refer to the guest's own names, so two exports can swap theirs.
        let is_renamed = options.renames.iter().any(|rename| rename.old == name);
        let is_replaced = options.renames.iter().any(|rename| rename.new == name);
        if sdk::is_sdk_export(name) || (is_replaced && !is_renamed) {
            return ExportFate::Gone;
        }
        let function = match kind {
            ExternalKind::Func | ExternalKind::FuncExact => FunctionIndex(index),
            ExternalKind::Table | ExternalKind::Memory | ExternalKind::Global | ExternalKind::Tag => {
                return ExportFate::Kept;
            }
        };
        // Hosts call these two by name, so they stay exported, as empty functions. Other callers of `_initialize` find its
        // own body, and other callers of the constructors an empty one.
        let has_run = self.initialize == Some(function) && name == INITIALIZE_EXPORT;
        let has_constructed =
            self.has_constructors && self.constructors != Some(function) && name == CONSTRUCTORS;
        if has_run || has_constructed {
            return ExportFate::Emptied;
        }
        let is_init = match &self.init {
            Init::Items => false,
            Init::Functions(functions) => functions.iter().any(|named| named.export == name),
        };
        match options.keep_init_functions {
            KeepInit::Empty if is_init => ExportFate::Emptied,
            KeepInit::Remove if is_init && !is_renamed => ExportFate::Gone,
            KeepInit::Empty | KeepInit::Remove | KeepInit::Keep => match self.wrappers.get(&function) {
                Some(inner) => ExportFate::Unwrapped(*inner),
                None => ExportFate::Kept,
            },
        }
    }
}

/// Plans what to run in a guest: see [`plan_module`] for a core module. In a component, the init functions are exports of the component.
///
/// # Errors
///
/// As for [`plan_module`].
pub fn plan(guest: &Guest<'_>, options: &BakeOptions) -> Result<GuestPlan, InitError> {
    plan_guest(guest, options).map_err(|error| match error {
        InitError::NoInit => baked_by(guest.wasm).map_or(error, InitError::AlreadyBaked),
        error => error,
    })
}

/// The version of this tool that a module or a part of a component says it was baked by.
pub(crate) fn baked_by(wasm: &[u8]) -> Option<String> {
    let sections = Parser::new(0)
        .parse_all(wasm)
        .filter_map(|payload| match payload {
            Ok(Payload::CustomSection(section)) => Some(section),
            _ => None,
        });
    let fields = sections.filter_map(|section| match section.as_known() {
        KnownCustom::Producers(fields) => Some(fields),
        _ => None,
    });
    let fields = fields.flat_map(|fields| fields.into_iter().flatten());
    let mut processors = fields
        .filter(|field| field.name == "processed-by")
        .flat_map(|field| field.values.into_iter().flatten());
    let found = processors.find(|value| value.name == env!("CARGO_PKG_NAME"));
    found.map(|value| value.version.to_owned())
}

fn plan_guest(guest: &Guest<'_>, options: &BakeOptions) -> Result<GuestPlan, InitError> {
    match &guest.around {
        Some(around) => component::plan(guest, around, options),
        None => Ok(GuestPlan {
            nodes: vec![plan_module(&guest.root(), options)?],
            calls: Vec::new(),
            emptied: Vec::new(),
            profile: options.profile,
        }),
    }
}

/// Plans what to run in a core module.
///
/// The init functions are those of the options; without any, the SDK's items, else Wizer's export, else what starts the
/// module.
///
/// # Errors
///
/// If there is no init, if it cannot be called as asked, or if the constructors cannot be identified or kept from running
/// again.
pub fn plan_module(module: &GuestModule<'_>, options: &BakeOptions) -> Result<InitPlan, InitError> {
    let mut sdk = sdk::find(module);
    let Constructors {
        function: constructors,
        is_exported,
        wrappers,
    } = constructors::find(module, sdk.as_ref())?;
    let exports = sdk.iter_mut();
    for item in exports.flat_map(|sdk| sdk.items.iter_mut().chain(&mut sdk.resumes)) {
        item.run = wrappers.get(&item.run).copied().unwrap_or(item.run);
    }
    let initialize = module
        .exported_function(INITIALIZE_EXPORT)
        .filter(|function| is_procedure(module, *function));
    let starts_itself = module.start.is_some() || initialize.is_some() || is_exported;
    let names = &options.init_functions;
    let init = if names.is_empty() {
        default_init(module, sdk.as_ref(), &wrappers, starts_itself)?
    } else {
        // Both run in any case, and before any init function.
        let runs_anyway = |name: &str| {
            (initialize.is_some() && name == INITIALIZE_EXPORT) || (is_exported && name == CONSTRUCTORS)
        };
        let functions = names
            .iter()
            .filter(|name| !runs_anyway(name))
            .map(|name| named_function(module, name, &wrappers));
        Init::Functions(functions.collect::<Result<_, _>>()?)
    };
    if let (Init::Functions(functions), KeepInit::Empty) = (&init, options.keep_init_functions) {
        for named in functions {
            let ty = module.signature(named.function);
            if ty.is_some_and(|ty| ty.results().iter().any(ValType::is_reference_type)) {
                return Err(InitError::ReturnsReference {
                    name: named.export.clone(),
                });
            }
        }
    }
    let warm_up = options.warm_up.iter();
    let warm_up = warm_up.map(|text| named_function(module, text, &wrappers));
    let warm_up = warm_up.collect::<Result<_, _>>()?;
    // A reactor's `_initialize` calls the constructors at the point that its libc needs. The run calls the function inside
    // its wrapper, if it has one, so the constructors are looked for there.
    let by_initialize = initialize.is_some_and(|initialize| {
        let called = wrappers.get(&initialize).copied().unwrap_or(initialize);
        constructors.is_some_and(|constructors| calls(module, called).contains(&constructors))
    });
    Ok(InitPlan {
        sdk,
        constructors: constructors.filter(|_| !by_initialize),
        has_constructors: is_exported,
        initialize,
        init,
        warm_up,
        wrappers,
    })
}

fn default_init(
    module: &GuestModule<'_>,
    sdk: Option<&Sdk>,
    wrappers: &BTreeMap<FunctionIndex, FunctionIndex>,
    starts_itself: bool,
) -> Result<Init, InitError> {
    if sdk.is_some_and(Sdk::has_any) {
        return Ok(Init::Items);
    }
    for name in WIZER_EXPORTS {
        if module.exported_function(name).is_some() {
            let function = named_function(module, name, wrappers)?;
            return Ok(Init::Functions(vec![function]));
        }
    }
    match sdk {
        Some(_) => Err(InitError::NoItems),
        None if starts_itself => Ok(Init::Functions(Vec::new())),
        None => Err(InitError::NoInit),
    }
}

/// Finds an init function by its name, or by a call such as `run(1, 2)`.
fn named_function(
    module: &GuestModule<'_>,
    text: &str,
    wrappers: &BTreeMap<FunctionIndex, FunctionIndex>,
) -> Result<NamedFunction, InitError> {
    // The name of an export may look like a call.
    let call = text.parse::<Call>();
    let (export, arguments) = match &call {
        Ok(call) if module.exported_function(text).is_none() => call.of_module(),
        _ => (text, Vec::new()),
    };
    let exported = module
        .exported_function(export)
        .ok_or_else(|| InitError::NotExported {
            similar: similar_export(module, export),
            name: export.to_owned(),
        })?;
    let parameters = module.signature(exported).map_or(&[][..], |ty| ty.params());
    if resume::is_added_entry(module, exported) && baked_by(module.wasm).is_some() {
        return Err(InitError::Resumes(export.to_owned()));
    }
    Ok(NamedFunction {
        text: text.to_owned(),
        arguments: values(export, &arguments, parameters).map_err(InitError::Arguments)?,
        function: wrappers.get(&exported).copied().unwrap_or(exported),
        export: export.to_owned(),
    })
}

/// Whether a function has the type `() -> ()`.
pub(crate) fn is_procedure(module: &GuestModule<'_>, function: FunctionIndex) -> bool {
    module
        .signature(function)
        .is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty())
}

/// The exported function with the most similar name, if it is similar enough.
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

/// The functions that a function calls directly, in order.
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
