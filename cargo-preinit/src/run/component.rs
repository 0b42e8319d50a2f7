//! Instantiates a component, and finds the core instances in it.

use std::collections::BTreeMap;

pub(super) use wasmtime::component::Val;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::wasm_wave::untyped::UntypedFuncCall;
use wasmtime::component::wasm_wave::wasm::{DisplayFunc, DisplayType};
use wasmtime::component::{
    Component, Instance as ComponentInstance, InstancePre, Linker, LinkerInstance, ResourceType, Type,
    wasm_wave,
};
use wasmtime::{Engine, Instance, Store};

use super::core_instances::all;
use super::error::{EngineError, RunError};
use super::handles::HandleFunctions;
use super::host::{Host, HostFunctions};
use super::stand_in::ImportCalled;
use super::wasi::p2;
use crate::guest::counts::WASI_RESOURCES;
use crate::guest::index::{ModuleId, enumerate};
use crate::guest::{Guest, answers, wasi_interface};
use crate::init::ComponentCall;
use crate::instrument::{Injected, has_maker};
use crate::options::{AnsweredImport, ImportAnswer};
use crate::shown;

fn setup(error: impl Into<wasmtime::Error>) -> RunError {
    RunError::Setup(EngineError::from(error.into()))
}

/// Defines all imports of a component: the embedder's functions, those of WASI, if it is allowed, and in place of all others functions
/// that stop the run, or log the call and answer with zeros in a replay.
pub(super) fn link(
    component: &Component,
    store: &Store<Host>,
    answered: &[AnsweredImport],
    host: &HostFunctions,
) -> Result<InstancePre<Host>, RunError> {
    let engine = component.engine();
    let is_allowed = store.data().wasi.is_allowed();
    let mut linker = Linker::new(engine);
    let mut resources = Vec::new();
    for (name, import) in component.component_type().imports(engine) {
        let mut definer = Definer {
            engine,
            is_allowed,
            answered,
            resources: &mut resources,
        };
        definer.define(&mut linker.root(), "", name, import.ty)?;
    }
    host.define_in(&mut linker)?;
    linker.instantiate_pre(component).map_err(setup)
}

/// Defines imports.
struct Definer<'a> {
    engine: &'a Engine,
    is_allowed: bool,
    answered: &'a [AnsweredImport],
    /// The types of resources so far: the component's, and the host's for it. One interface may use a resource of another.
    resources: &'a mut Vec<(ResourceType, ResourceType)>,
}

impl Definer<'_> {
    /// Defines an import, or an export of an imported instance. `path` is the name of that instance.
    fn define(
        &mut self,
        linker: &mut LinkerInstance<'_, Host>,
        path: &str,
        name: &str,
        item: ComponentItem,
    ) -> Result<(), RunError> {
        let interface = wasi_interface(path);
        match item {
            ComponentItem::ComponentFunc(ty) => {
                let full = answers::written_in_component(path, name);
                let answer = answer_for(self.answered, &full);
                let is_answered = answer == Some(&ImportAnswer::Zero);
                if is_answered && let Some(ty) = ty.results().find(|ty| zero(ty).is_none()) {
                    if has_handle(&ty) {
                        return Err(RunError::NoZero(full));
                    }
                    return Err(RunError::NoStandIn(DisplayType(&ty).to_string()));
                }
                if let Some(interface) = interface
                    && self.is_allowed
                    && answer.is_none()
                    && p2::define(linker, interface, name).map_err(setup)?
                {
                    return Ok(());
                }
                define_missing(linker, path.to_owned(), name.to_owned(), answer.cloned()).map_err(setup)
            }
            ComponentItem::Resource(of_guest) => {
                let known = self.resources.iter().find(|(known, _)| *known == of_guest);
                let ty = match known {
                    Some((_, ty)) => *ty,
                    None => {
                        let ty = p2::resource_type(interface, name);
                        self.resources.push((of_guest, ty));
                        ty
                    }
                };
                let defined = linker.resource(name, ty, |store, number| {
                    p2::dropped(store, number);
                    Ok(())
                });
                defined.map_err(setup)
            }
            ComponentItem::ComponentInstance(instance) => {
                let mut inner = linker.instance(name).map_err(setup)?;
                for (name_inside, item) in instance.exports(self.engine) {
                    self.define(&mut inner, name, name_inside, item.ty)?;
                }
                Ok(())
            }
            // A type needs no definition, and a component that imports anything else is refused.
            ComponentItem::CoreFunc(_)
            | ComponentItem::Module(_)
            | ComponentItem::Component(_)
            | ComponentItem::Type(_) => Ok(()),
        }
    }
}

/// The answer for a function: that of its whole name, else that of a pattern.
fn answer_for<'a>(answered: &'a [AnsweredImport], full: &str) -> Option<&'a ImportAnswer> {
    let whole = answered.iter().find(|answered| answered.import == full);
    let found = whole.or_else(|| answered.iter().rev().find(|answered| answered.matches(full)));
    found.map(|answered| &answered.answer)
}

/// Defines a function that is not provided. A call stops the run; with an answer of zero it is counted, and in a replay it is logged,
/// and answers with zeros.
fn define_missing(
    linker: &mut LinkerInstance<'_, Host>,
    module: String,
    function: String,
    answer: Option<ImportAnswer>,
) -> wasmtime::Result<()> {
    let name = function.clone();
    linker.func_new(&name, move |mut store, ty: ComponentFunc, arguments, results| {
        let called = || ImportCalled {
            module: module.clone(),
            name: function.clone(),
            is_forbidden: answer == Some(ImportAnswer::Trap),
        };
        let host = store.data_mut();
        match &mut host.log {
            Some(log) => {
                let arguments: Vec<String> = arguments.iter().map(show).collect();
                let (module, function) = (shown::name(&module), shown::name(&function));
                log.push(format!("{module} {function}({})", arguments.join(", ")));
            }
            None if answer == Some(ImportAnswer::Zero) => {
                let key = (module.clone(), function.clone());
                *host.answered.entry(key).or_default() += 1;
            }
            None => return Err(called().into()),
        }
        for argument in arguments {
            // What was lent has to be given back.
            if let Val::Resource(handle) = argument {
                handle.resource_drop(&mut store)?;
            }
        }
        for (result, ty) in results.iter_mut().zip(ty.results()) {
            *result = zero(&ty).ok_or_else(called)?;
        }
        Ok(())
    })
}

/// The core instances of a component.
pub(super) struct Instances {
    /// The guest's, by [`InstanceId`](crate::guest::index::InstanceId).
    pub(super) of_guest: Vec<Instance>,
    /// The functions that make and drop handles.
    pub(super) handles: Vec<HandleFunctions>,
}

/// Finds the core instances of a component in its store.
pub(super) fn instances(guest: &Guest<'_>, store: &mut Store<Host>) -> Result<Instances, RunError> {
    let mut of_module: BTreeMap<ModuleId, std::vec::IntoIter<Instance>> = BTreeMap::new();
    let mut found: BTreeMap<ModuleId, Vec<Instance>> = BTreeMap::new();
    let (name, maker) = (Injected::Module.name(), Injected::HandleMaker.name());
    let droppers: Vec<String> = enumerate(&WASI_RESOURCES)
        .map(|(position, _)| Injected::HandleDropper(position).name())
        .collect();
    let lost = || RunError::Bug("the engine has other instances than the component makes".to_owned());
    let mut handles = Vec::new();
    // Those inside another component instance are complete before it, and so are the functions at their ends.
    let mut scopes = guest.scopes_in_order().into_iter().filter(|scope| {
        let component = guest.component_of(*scope);
        component.is_some_and(|component| has_maker(component))
    });
    // Modules that the engine makes for the canonical ABI have no id.
    for instance in all(store)? {
        let id = instance.get_global(&mut *store, &name);
        if let Some(id) = id.and_then(|global| global.get(&mut *store).i32()) {
            let id = ModuleId(id.cast_unsigned());
            found.entry(id).or_default().push(instance);
        }
        if let Some(maker) = instance.get_func(&mut *store, &maker) {
            let droppers = droppers.iter();
            handles.push(HandleFunctions {
                scope: scopes.next().ok_or_else(lost)?,
                maker,
                droppers: droppers
                    .filter_map(|name| instance.get_func(&mut *store, name))
                    .collect(),
            });
        }
    }
    for (id, instances) in found {
        of_module.insert(id, instances.into_iter());
    }
    let mut instances = Vec::new();
    for node in guest.nodes() {
        let next = of_module.get_mut(&node.module_id).and_then(Iterator::next);
        instances.push(next.ok_or_else(lost)?);
    }
    if of_module.values_mut().any(|left| left.next().is_some()) {
        return Err(lost());
    }
    Ok(Instances {
        of_guest: instances,
        handles,
    })
}

/// Calls an exported function of a component.
///
/// # Errors
///
/// The outer one if the call cannot be made, the inner one if it failed.
pub(super) fn call(
    instance: ComponentInstance,
    store: &mut Store<Host>,
    call: &ComponentCall,
) -> Result<wasmtime::Result<Vec<Val>>, RunError> {
    let lost = || RunError::Bug(format!("the component has no `{}`", call.function));
    let interface = match &call.interface {
        Some(interface) => {
            let found = instance.get_export(&mut *store, None, interface);
            Some(found.ok_or_else(lost)?.1)
        }
        None => None,
    };
    let found = instance.get_export(&mut *store, interface.as_ref(), &call.function);
    let function = instance
        .get_func(&mut *store, found.ok_or_else(lost)?.1)
        .ok_or_else(lost)?;
    let ty = function.ty(&*store);
    let text = format!("f{}", call.arguments);
    let wrong = |message: String| RunError::Arguments {
        call: call.text.clone(),
        message,
    };
    if ty.params().any(|(_, ty)| has_handle(&ty)) || ty.results().any(|ty| has_handle(&ty)) {
        return Err(wrong(
            "it takes or returns a handle, which belongs to the host".to_owned(),
        ));
    }
    let does_not_fit = |error: &dyn std::fmt::Display| {
        let ty = shown::line(&DisplayFunc(ty.clone()).to_string());
        wrong(format!("{error}; the function is `{ty}`"))
    };
    let untyped = UntypedFuncCall::parse(&text).map_err(|error| does_not_fit(&error))?;
    let types: Vec<_> = ty.params().map(|(_, ty)| ty).collect();
    let arguments: Vec<Val> = untyped
        .to_wasm_params(types.iter())
        .map_err(|error| does_not_fit(&error))?;
    let mut results = vec![Val::Bool(false); ty.results().len()];
    Ok(function
        .call(&mut *store, &arguments, &mut results)
        .map(|()| results))
}

/// A value as WAVE text, which no handle has.
pub(super) fn show(value: &Val) -> String {
    if is_or_has_handle(value) {
        return "a handle".to_owned();
    }
    wasm_wave::to_string(value).unwrap_or_else(|_| "a value without a text".to_owned())
}

/// Whether a value is a handle, or has one in it.
fn is_or_has_handle(value: &Val) -> bool {
    match value {
        Val::Bool(_)
        | Val::S8(_)
        | Val::U8(_)
        | Val::S16(_)
        | Val::U16(_)
        | Val::S32(_)
        | Val::U32(_)
        | Val::S64(_)
        | Val::U64(_)
        | Val::Float32(_)
        | Val::Float64(_)
        | Val::Char(_)
        | Val::String(_)
        | Val::Enum(_)
        | Val::Flags(_) => false,
        Val::List(values) | Val::Tuple(values) => values.iter().any(is_or_has_handle),
        Val::Record(fields) => fields.iter().any(|(_, value)| is_or_has_handle(value)),
        Val::Variant(_, value) | Val::Option(value) | Val::Result(Ok(value) | Err(value)) => {
            value.as_deref().is_some_and(is_or_has_handle)
        }
        // What is not known may have no text.
        _ => true,
    }
}

/// The value of a type that is all zeros in memory; `None` if that is no value, as of a handle.
fn zero(ty: &Type) -> Option<Val> {
    Some(match ty {
        Type::Bool => Val::Bool(false),
        Type::S8 => Val::S8(0),
        Type::U8 => Val::U8(0),
        Type::S16 => Val::S16(0),
        Type::U16 => Val::U16(0),
        Type::S32 => Val::S32(0),
        Type::U32 => Val::U32(0),
        Type::S64 => Val::S64(0),
        Type::U64 => Val::U64(0),
        Type::Float32 => Val::Float32(0.0),
        Type::Float64 => Val::Float64(0.0),
        Type::Char => Val::Char('\0'),
        Type::String => Val::String(String::new()),
        Type::List(_) => Val::List(Vec::new()),
        Type::Record(ty) => {
            let fields = ty.fields();
            let fields = fields.map(|field| Some((field.name.to_owned(), zero(&field.ty)?)));
            Val::Record(fields.collect::<Option<_>>()?)
        }
        Type::Tuple(ty) => Val::Tuple(ty.types().map(|ty| zero(&ty)).collect::<Option<_>>()?),
        Type::Variant(ty) => {
            let case = ty.cases().next()?;
            let payload = match case.ty {
                Some(ty) => Some(Box::new(zero(&ty)?)),
                None => None,
            };
            Val::Variant(case.name.to_owned(), payload)
        }
        Type::Enum(ty) => Val::Enum(ty.names().next()?.to_owned()),
        Type::Option(_) => Val::Option(None),
        Type::Result(ty) => match ty.ok() {
            Some(ty) => Val::Result(Ok(Some(Box::new(zero(&ty)?)))),
            None => Val::Result(Ok(None)),
        },
        Type::Flags(_) => Val::Flags(Vec::new()),
        _ => return None,
    })
}

/// Whether a value of this type may have a handle in it.
fn has_handle(ty: &Type) -> bool {
    match ty {
        Type::Own(_) | Type::Borrow(_) | Type::Future(_) | Type::Stream(_) | Type::ErrorContext => true,
        Type::List(ty) => has_handle(&ty.ty()),
        Type::Record(ty) => ty.fields().any(|field| has_handle(&field.ty)),
        Type::Tuple(ty) => ty.types().any(|ty| has_handle(&ty)),
        Type::Variant(ty) => ty.cases().any(|case| case.ty.is_some_and(|ty| has_handle(&ty))),
        Type::Option(ty) => has_handle(&ty.ty()),
        Type::Result(ty) => [ty.ok(), ty.err()]
            .into_iter()
            .flatten()
            .any(|ty| has_handle(&ty)),
        Type::Bool
        | Type::S8
        | Type::U8
        | Type::S16
        | Type::U16
        | Type::S32
        | Type::U32
        | Type::S64
        | Type::U64
        | Type::Float32
        | Type::Float64
        | Type::Char
        | Type::String
        | Type::Enum(_)
        | Type::Flags(_) => false,
        // What is not known may hold one.
        _ => true,
    }
}
