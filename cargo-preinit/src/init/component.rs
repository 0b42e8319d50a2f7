//! Plans what to run in a component: the SDK's items in its instances, or exported functions of the component.

use super::{GuestPlan, Init, InitError, InitPlan, WIZER_EXPORTS, constructors};
use crate::guest::wiring::Exported;
use crate::guest::{Around, Guest, Node, sdk};
use crate::options::BakeOptions;

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
    Ok(GuestPlan { nodes, calls })
}

/// Plans what to run in an instance by calls of its core functions. Start functions run when the component is instantiated, and
/// a reactor's `_initialize` is called by one.
fn plan_node(node: &Node<'_>, runs_items: bool) -> Result<InitPlan, InitError> {
    let mut plan = InitPlan::nothing();
    plan.sdk = sdk::find(node);
    if !runs_items || plan.sdk.as_ref().is_none_or(|sdk| sdk.items.is_empty()) {
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
