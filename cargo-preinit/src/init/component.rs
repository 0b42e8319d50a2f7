//! Plans what to run in a component: the SDK's items in its instances, or exported functions of the component.

use wasmparser::CanonicalOption;

use super::{GuestPlan, Init, InitError, InitPlan, WIZER_EXPORTS, constructors};
use crate::guest::index::{FunctionIndex, InstanceId};
use crate::guest::sdk::{self, Sdk};
use crate::guest::wiring::{Exported, Function, Made, Source};
use crate::guest::{Around, Guest, ImportKind, Node};
use crate::options::{BakeOptions, KeepInit};

/// A call of an exported function of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ComponentCall {
    /// The user's text, arguments included.
    pub(crate) text: String,
    /// The exported instance that has the function; `None` if the component itself exports it.
    pub(crate) interface: Option<String>,
    pub(crate) function: String,
    /// The arguments in WAVE, with the parentheses.
    pub(crate) arguments: String,
    /// What it is called for.
    pub(crate) purpose: Purpose,
}

/// What a function is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It is init.
    Init,
    /// Its export stays, and what it returns is no status.
    WarmUp,
}

pub(super) fn plan(
    guest: &Guest<'_>,
    around: &Around<'_>,
    options: &BakeOptions,
) -> Result<GuestPlan, InitError> {
    let calls = options.init_functions.iter();
    let mut calls = calls
        .map(|text| call(around, text))
        .collect::<Result<Vec<_>, _>>()?;
    let mut nodes = Vec::new();
    for node in guest.nodes() {
        nodes.push(plan_node(&node, calls.is_empty())?);
    }
    let has_items = nodes.iter().any(|node| node.init == Init::Items);
    if calls.is_empty() && !has_items {
        let wizer = WIZER_EXPORTS
            .iter()
            .find(|name| matches!(around.exports.get(**name), Some(Exported::Function(_))));
        match wizer {
            Some(name) => calls.push(call(around, name)?),
            None if nodes.iter().any(|node| node.sdk.is_some()) => return Err(InitError::NoItems),
            None if guest.nodes().any(|node| node.start.is_some()) => {}
            None => return Err(InitError::NoInit),
        }
    }
    let emptied = match options.keep_init_functions {
        KeepInit::Empty => calls
            .iter()
            .map(|call| emptied(guest, around, call))
            .collect::<Result<_, _>>()?,
        KeepInit::Remove | KeepInit::Keep => Vec::new(),
    };
    for text in &options.warm_up {
        if has_items {
            return Err(InitError::WarmUpBehindItems(text.clone()));
        }
        calls.push(ComponentCall {
            purpose: Purpose::WarmUp,
            ..call(around, text)?
        });
    }
    Ok(GuestPlan {
        nodes,
        calls,
        emptied,
        profile: options.profile,
    })
}

/// The core function behind an init function. Nothing else may need what it does, so that its export can lead to an empty function.
fn emptied(
    guest: &Guest<'_>,
    around: &Around<'_>,
    call: &ComponentCall,
) -> Result<(InstanceId, FunctionIndex), InitError> {
    let fails = |why| InitError::CannotBeEmptied {
        call: call.text.clone(),
        why,
    };
    let name = call.function.as_str();
    let exported = around.exports.get(call.interface.as_deref().unwrap_or(name));
    let lifted = match exported {
        Some(Exported::Function(Function::Lifted(lifted))) => *lifted,
        Some(Exported::Instance(functions)) => match functions.get(name) {
            Some(Function::Lifted(lifted)) => *lifted,
            _ => return Err(fails("the host provides it")),
        },
        _ => return Err(fails("the host provides it")),
    };
    let wiring = &around.wiring;
    let core = wiring.lifted[lifted].core;
    let Source::Instance(id, ImportKind::Function(function)) = core else {
        return Err(fails("the component makes it"));
    };
    let returns_nothing = guest.instance(id).is_some_and(|node| {
        let ty = node.signature(function);
        ty.is_some_and(|ty| ty.results().is_empty())
    });
    if !returns_nothing {
        return Err(fails("it returns something"));
    }
    // What is copied into the component before the call, and cleaned up after it, would still be.
    let runs_more = wiring.lifted[lifted].options.iter().any(|(option, _)| {
        matches!(
            option,
            CanonicalOption::PostReturn(_) | CanonicalOption::Realloc(_)
        )
    });
    if runs_more {
        return Err(fails(
            "code of the component runs before or after it, which takes its arguments or cleans up",
        ));
    }
    let options_of_lifted = wiring.lifted.iter().flat_map(|lifted| &lifted.options);
    let options = options_of_lifted.chain(wiring.made.iter().flat_map(|made| &made.options));
    let named = options.filter_map(|(_, source)| *source);
    let destructors = wiring
        .destructors
        .iter()
        .filter_map(|(_, destructor)| *destructor);
    let imports = guest
        .nodes()
        .filter_map(|node| node.place)
        .flat_map(|place| &place.sources);
    let lifts = wiring.lifted.iter().map(|lifted| lifted.core);
    let uses = named.chain(destructors).chain(imports.copied()).chain(lifts);
    let is_lowered = |made: &Made<'_>| matches!(made.what, Ok(Function::Lifted(of)) if of == lifted);
    let exports = around.exports.values().flat_map(|exported| match exported {
        Exported::Function(function) => vec![function],
        Exported::Instance(functions) => functions.values().collect(),
        Exported::Code | Exported::Other => Vec::new(),
    });
    let times_exported = exports
        .filter(|function| **function == Function::Lifted(lifted))
        .count();
    if uses.filter(|source| *source == core).count() > 1
        || wiring.made.iter().any(is_lowered)
        || times_exported > 1
    {
        return Err(fails("something else in the component needs it"));
    }
    Ok((id, function))
}

/// Plans what to run in an instance by calls of its core functions. Start functions run when the component is instantiated, and
/// a reactor's `_initialize` is called by one.
fn plan_node(node: &Node<'_>, runs_items: bool) -> Result<InitPlan, InitError> {
    let mut plan = InitPlan::nothing();
    plan.sdk = sdk::find(node);
    if !runs_items || !plan.sdk.as_ref().is_some_and(Sdk::has_any) {
        return Ok(plan);
    }
    plan.init = Init::Items;
    let constructors = constructors::find(node, plan.sdk.as_ref())?;
    if node.exported_function(super::INITIALIZE_EXPORT).is_none() {
        plan.constructors = constructors.function;
    }
    Ok(plan)
}

/// Finds a function by its name, or by a call such as `load("en", 3)`. A function of an exported instance has the name of
/// the instance before it, as in `example:shop/prices#load`.
pub(crate) fn call(around: &Around<'_>, text: &str) -> Result<ComponentCall, InitError> {
    let (path, arguments) = match text.find('(') {
        Some(start) if text.ends_with(')') => text.split_at(start),
        Some(_) => return Err(InitError::Call(text.to_owned())),
        None => (text, "()"),
    };
    let path = path.trim();
    let (interface, function) = match path.split_once('#') {
        Some((interface, function)) => (Some(interface), function),
        None => (None, path),
    };
    let is_exported = match (interface, around.exports.get(interface.unwrap_or(function))) {
        (None, Some(Exported::Function(_))) => true,
        (Some(_), Some(Exported::Instance(functions))) => functions.contains_key(function),
        _ => false,
    };
    if !is_exported {
        return Err(InitError::NotExported {
            name: path.to_owned(),
            similar: similar(around, path),
        });
    }
    Ok(ComponentCall {
        text: text.to_owned(),
        interface: interface.map(str::to_owned),
        function: function.to_owned(),
        arguments: arguments.to_owned(),
        purpose: Purpose::Init,
    })
}

/// The exported function with the most similar name, if it is similar enough.
fn similar(around: &Around<'_>, name: &str) -> Option<String> {
    let names = around
        .exports
        .iter()
        .flat_map(|(export, exported)| match exported {
            Exported::Function(_) => vec![(*export).to_owned()],
            Exported::Instance(functions) => functions
                .keys()
                .map(|function| format!("{export}#{function}"))
                .collect(),
            Exported::Code | Exported::Other => Vec::new(),
        });
    names
        .map(|known| (strsim::levenshtein(name, &known), known))
        .min()
        .filter(|(distance, _)| *distance <= name.len() / 3)
        .map(|(_, known)| known)
}
