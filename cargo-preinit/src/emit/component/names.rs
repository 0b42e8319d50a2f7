//! The names of a component, at other indices.

use wasm_encoder::{ComponentNameSection, NameMap};
use wasmparser::{BinaryReader, ComponentName, CustomSectionReader, KnownCustom};

use crate::guest::component::{ComponentSection, Definitions};

/// The sort of what has a name, as far as its indices may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    CoreFunction,
    Function,
    Module,
    Component,
    Other,
}

/// The section `component-name` with other indices; `None` for any other section. A name is left out if its entity has no index, and
/// repeated if that has several.
pub(super) fn names(
    wasm: &[u8],
    section: &ComponentSection<'_>,
    indices: impl Fn(Sort, u32) -> Vec<u32>,
) -> Option<ComponentNameSection> {
    if !matches!(section.definitions, Definitions::Custom) {
        return None;
    }
    let reader = BinaryReader::new(&wasm[section.range.clone()], section.range.start);
    let KnownCustom::ComponentName(names) = CustomSectionReader::new(reader).ok()?.as_known() else {
        return None;
    };
    let of = |sort: Sort, names: wasmparser::NameMap<'_>| {
        let mut map = NameMap::new();
        for naming in names.into_iter().flatten() {
            for index in indices(sort, naming.index) {
                map.append(index, naming.name);
            }
        }
        map
    };
    let mut section = ComponentNameSection::new();
    for name in names.into_iter().flatten() {
        match name {
            ComponentName::Component { name, .. } => section.component(name),
            ComponentName::CoreFuncs(map) => section.core_funcs(&of(Sort::CoreFunction, map)),
            ComponentName::Funcs(map) => section.funcs(&of(Sort::Function, map)),
            ComponentName::CoreModules(map) => section.core_modules(&of(Sort::Module, map)),
            ComponentName::Components(map) => section.components(&of(Sort::Component, map)),
            ComponentName::CoreGlobals(map) => section.core_globals(&of(Sort::Other, map)),
            ComponentName::CoreMemories(map) => section.core_memories(&of(Sort::Other, map)),
            ComponentName::CoreTables(map) => section.core_tables(&of(Sort::Other, map)),
            ComponentName::CoreTags(map) => section.core_tags(&of(Sort::Other, map)),
            ComponentName::CoreInstances(map) => section.core_instances(&of(Sort::Other, map)),
            ComponentName::CoreTypes(map) => section.core_types(&of(Sort::Other, map)),
            ComponentName::Types(map) => section.types(&of(Sort::Other, map)),
            ComponentName::Instances(map) => section.instances(&of(Sort::Other, map)),
            ComponentName::Values(map) => section.values(&of(Sort::Other, map)),
            // It may name an index that has moved.
            ComponentName::Unknown { .. } => {}
        }
    }
    Some(section)
}
