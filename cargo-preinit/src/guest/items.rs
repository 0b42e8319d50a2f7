//! The items of a component while it is evaluated, and the index spaces that they are in.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use wasmparser::component_types::ComponentEntityType;
use wasmparser::types::TypesRef;
use wasmparser::{CanonicalFunction, CanonicalOption, ComponentExternalKind};

use super::error::GraphError;
use super::index::{ComponentId, InstanceId, ModuleId, ScopeId};
use super::module::{GuestModule, ImportKind};
use super::wiring::{Exported, Function, Source};

/// An item of a component.
#[derive(Debug, Clone)]
pub(super) enum Item<'a> {
    Function(Function<'a>),
    Instance(Exports<'a>),
    Module(Module),
    Component(Closure),
    /// A type or a value.
    Other,
}

/// What an instance of a component exports.
#[derive(Debug, Clone)]
pub(super) enum Exports<'a> {
    Known(Rc<BTreeMap<&'a str, Item<'a>>>),
    /// What the host provides: the name of the import, and those of exports of instances.
    Host(Arc<[&'a str]>),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Module {
    Defined(ModuleId, ScopeId),
    Imported,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Closure {
    Defined(ComponentId, ScopeId),
    Imported,
}

/// What a core instance exports.
#[derive(Debug, Clone)]
pub(super) enum CoreExports<'a> {
    Instance(InstanceId),
    /// An instance that is made of exports.
    Listed(Rc<BTreeMap<&'a str, Source>>),
}

/// The index spaces of a scope, without those of types and values, which nothing here depends on.
#[derive(Debug, Default)]
pub(super) struct Spaces<'a> {
    pub(super) core_functions: Vec<Source>,
    pub(super) core_tables: Vec<Source>,
    pub(super) core_memories: Vec<Source>,
    pub(super) core_globals: Vec<Source>,
    pub(super) core_tags: Vec<Source>,
    pub(super) core_instances: Vec<CoreExports<'a>>,
    pub(super) modules: Vec<Module>,
    pub(super) functions: Vec<Function<'a>>,
    pub(super) instances: Vec<Exports<'a>>,
    pub(super) components: Vec<Closure>,
}

pub(super) fn exported<'a>(item: &Item<'a>) -> Exported<'a> {
    match item {
        Item::Function(function) => Exported::Function(function.clone()),
        Item::Instance(Exports::Known(items)) if items.values().any(is_code) => Exported::Code,
        Item::Instance(Exports::Known(items)) => {
            let functions = items.iter().filter_map(|(name, item)| match item {
                Item::Function(function) => Some((*name, function.clone())),
                _ => None,
            });
            Exported::Instance(functions.collect())
        }
        item if is_code(item) => Exported::Code,
        Item::Instance(Exports::Host(_)) | Item::Module(_) | Item::Component(_) | Item::Other => {
            Exported::Other
        }
    }
}

/// Whether an item is a module or a component that is defined here, or an instance with one.
pub(super) fn is_code(item: &Item<'_>) -> bool {
    match item {
        Item::Module(Module::Defined(..)) | Item::Component(Closure::Defined(..)) => true,
        Item::Instance(Exports::Known(items)) => items.values().any(is_code),
        Item::Function(_)
        | Item::Instance(Exports::Host(_))
        | Item::Module(Module::Imported)
        | Item::Component(Closure::Imported)
        | Item::Other => false,
    }
}

/// Whether a host that is given this item, of this type, gets a function or a component of its own back.
pub(super) fn is_of_host(item: &Item<'_>, ty: ComponentEntityType, types: TypesRef<'_>) -> bool {
    match (item, ty) {
        (Item::Function(Function::Host(_)), _) | (Item::Component(Closure::Imported), _) => true,
        (Item::Instance(Exports::Host(_)), ty) => has_function(ty, types),
        (Item::Instance(Exports::Known(items)), ComponentEntityType::Instance(instance)) => {
            let exports = &types[instance].exports;
            items.iter().any(|(name, item)| {
                let export = exports.get(*name);
                export.is_some_and(|export| is_of_host(item, export.ty, types))
            })
        }
        _ => false,
    }
}

/// Whether something of this type is a function or a component, or an instance with one.
fn has_function(ty: ComponentEntityType, types: TypesRef<'_>) -> bool {
    match ty {
        ComponentEntityType::Func(_) | ComponentEntityType::Component(_) => true,
        ComponentEntityType::Instance(instance) => {
            let mut exports = types[instance].exports.values();
            exports.any(|export| has_function(export.ty, types))
        }
        ComponentEntityType::Module(_) | ComponentEntityType::Value(_) | ComponentEntityType::Type { .. } => {
            false
        }
    }
}

/// Whether something of this type is a module or a component, or an instance with one.
pub(super) fn has_code(ty: ComponentEntityType, types: TypesRef<'_>) -> bool {
    match ty {
        ComponentEntityType::Module(_) | ComponentEntityType::Component(_) => true,
        ComponentEntityType::Instance(instance) => {
            let mut exports = types[instance].exports.values();
            exports.any(|export| has_code(export.ty, types))
        }
        ComponentEntityType::Func(_) | ComponentEntityType::Value(_) | ComponentEntityType::Type { .. } => {
            false
        }
    }
}

/// Checks that an import and what is given for it have addresses of the same size. The validator of components does not (wasmparser
/// 0.254), and the engine takes it for granted.
pub(super) fn check_addresses(
    (importer, import): (&GuestModule<'_>, ImportKind),
    (definer, given): (&GuestModule<'_>, ImportKind),
) -> Result<(), GraphError> {
    let wide = |module: &GuestModule<'_>, kind: ImportKind| match kind {
        ImportKind::Table(index) => module.tables.get(index.position()).map(|table| table.ty.table64),
        ImportKind::Memory(index) => module
            .memories
            .get(index.position())
            .map(|memory| memory.memory64),
        ImportKind::Function(_) | ImportKind::Global(_) | ImportKind::Tag(_) => None,
    };
    match wide(importer, import) == wide(definer, given) {
        true => Ok(()),
        false => Err(GraphError::Addresses),
    }
}

/// The items of an index space, or the error for an index that is beyond it.
pub(super) fn at<T: Clone>(space: &[T], index: u32) -> Result<T, GraphError> {
    space.get(index as usize).cloned().ok_or(GraphError::Invalid)
}

/// The options of a function of the canonical ABI, without indices, with what each of them names.
pub(super) fn options(
    spaces: &Spaces<'_>,
    options: &[CanonicalOption],
) -> Result<Vec<(CanonicalOption, Option<Source>)>, GraphError> {
    let named = options.iter().map(|option| {
        let function = |index: u32| at(&spaces.core_functions, index).map(Some);
        Ok(match *option {
            CanonicalOption::Memory(index) => (
                CanonicalOption::Memory(0),
                Some(at(&spaces.core_memories, index)?),
            ),
            CanonicalOption::Realloc(index) => (CanonicalOption::Realloc(0), function(index)?),
            CanonicalOption::PostReturn(index) => (CanonicalOption::PostReturn(0), function(index)?),
            CanonicalOption::Callback(index) => (CanonicalOption::Callback(0), function(index)?),
            option @ (CanonicalOption::UTF8
            | CanonicalOption::UTF16
            | CanonicalOption::CompactUTF16
            | CanonicalOption::Async
            | CanonicalOption::CoreType(_)
            | CanonicalOption::Gc) => (option, None),
        })
    });
    named.collect()
}

/// The item of this kind that the host provides.
pub(super) fn of_host(kind: ComponentExternalKind, path: Arc<[&str]>) -> Item<'_> {
    match kind {
        ComponentExternalKind::Func => Item::Function(Function::Host(path)),
        ComponentExternalKind::Instance => Item::Instance(Exports::Host(path)),
        ComponentExternalKind::Module => Item::Module(Module::Imported),
        ComponentExternalKind::Component => Item::Component(Closure::Imported),
        ComponentExternalKind::Type | ComponentExternalKind::Value => Item::Other,
    }
}

/// Whether a function makes handles that the host knows nothing of, other than those of the component's own resources.
pub(super) fn makes_handles(canonical: &CanonicalFunction) -> bool {
    !matches!(
        canonical,
        CanonicalFunction::Lift { .. }
            | CanonicalFunction::Lower { .. }
            | CanonicalFunction::ResourceNew { .. }
            | CanonicalFunction::ResourceDrop { .. }
            | CanonicalFunction::ResourceRep { .. }
    )
}
