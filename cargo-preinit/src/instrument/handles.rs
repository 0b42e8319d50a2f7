//! Adds functions to each component that make and drop handles in its table.
//!
//! Each component instance has a table of handles, and numbers in it are given out by rule: the one that was freed last, else the
//! next one. Which numbers are taken, and which ones the guest will get, can be told by making handles after init. A component can
//! make them of a resource of its own. What is behind a number can be told by dropping it, since the host is told what was dropped.
//! So each component gets a core instance at its end that exports the functions:
//!
//! ```wat
//! (type $resource (resource (rep i32)))
//! (core func $new (canon resource.new $resource))
//! (core func $drop-0 (canon resource.drop $input-stream))
//! (core module $maker
//!   (import "" "0" (func $new (param i32) (result i32)))
//!   (import "" "1" (func $drop-0 (param i32)))
//!   (export "__cargo_preinit_handle_maker" (func $new))
//!   (export "__cargo_preinit_handle_dropper_0" (func $drop-0)))
//! (core instance (instantiate $maker (with "" (instance (export "0" (func $new)) (export "1" (func $drop-0))))))
//! ```

use std::collections::BTreeMap;

use wasm_encoder::{
    Alias, CanonicalFunctionSection, ComponentAliasSection, ComponentExportKind, ComponentSection as _,
    ComponentTypeSection, EntityType, ExportKind, ExportSection, ImportSection, InstanceSection, Module,
    ModuleArg, RawSection, TypeSection, ValType,
};

use super::Injected;
use crate::guest::component::{Component, Definitions};
use crate::guest::counts::{Counts, WASI_RESOURCES};
use crate::guest::index::{ComponentId, enumerate};
use crate::guest::{Around, Guest};

/// How many instances, and how many modules, a component may have.
const MOST: u32 = 1_000;

/// The sections to append to each component.
pub(super) fn makers(guest: &Guest<'_>, around: &Around<'_>) -> BTreeMap<ComponentId, Vec<u8>> {
    if !guest.can_have_handles() {
        return BTreeMap::new();
    }
    let components = enumerate(&around.components);
    components
        .filter(|(_, component)| has_maker(component))
        .map(|(id, component)| (ComponentId(id), maker(component)))
        .collect()
}

/// Whether a component can hold handles: it has code, or functions of the canonical ABI.
pub(crate) fn can_hold_handles(component: &Component<'_>) -> bool {
    let sections = &component.sections;
    sections.iter().any(|section| {
        matches!(
            section.definitions,
            Definitions::CoreInstances(_) | Definitions::Canonicals(_)
        )
    })
}

/// Whether the run copy of a component makes handles. One that is full does not.
pub(crate) fn has_maker(component: &Component<'_>) -> bool {
    let counts = Counts::of(component);
    can_hold_handles(component) && counts.core_instances + 2 <= MOST && counts.modules < MOST
}

fn maker(component: &Component<'_>) -> Vec<u8> {
    let counts = Counts::of(component);
    let mut types = ComponentTypeSection::new();
    types.resource(ValType::I32, None);
    let mut canonicals = CanonicalFunctionSection::new();
    canonicals.resource_new(counts.types);
    let mut signatures = TypeSection::new();
    signatures.ty().function([ValType::I32], [ValType::I32]);
    signatures.ty().function([ValType::I32], []);
    let mut imports = ImportSection::new();
    imports.import("", "0", EntityType::Function(0));
    let mut exports = ExportSection::new();
    exports.export(&Injected::HandleMaker.name(), ExportKind::Func, 0);
    let mut aliases = ComponentAliasSection::new();
    let mut function = 0;
    for (position, (interface, name)) in enumerate(&WASI_RESOURCES) {
        let Some(instance) = counts.exporting(interface, name) else {
            continue;
        };
        let kind = ComponentExportKind::Type;
        aliases.alias(Alias::InstanceExport { instance, kind, name });
        function += 1;
        canonicals.resource_drop(counts.types + function);
        imports.import("", &function.to_string(), EntityType::Function(1));
        exports.export(
            &Injected::HandleDropper(position).name(),
            ExportKind::Func,
            function,
        );
    }
    let mut module = Module::new();
    module.section(&signatures).section(&imports).section(&exports);
    let functions = (0..=function).map(|number| (number.to_string(), counts.core_functions + number));
    let functions: Vec<(String, u32)> = functions.collect();
    let functions = functions.iter();
    let mut instances = InstanceSection::new();
    instances.export_items(functions.map(|(name, index)| (name.as_str(), ExportKind::Func, *index)));
    instances.instantiate(counts.modules, [("", ModuleArg::Instance(counts.core_instances))]);
    let mut bytes = Vec::new();
    types.append_to_component(&mut bytes);
    aliases.append_to_component(&mut bytes);
    canonicals.append_to_component(&mut bytes);
    RawSection {
        id: 1,
        data: module.as_slice(),
    }
    .append_to_component(&mut bytes);
    instances.append_to_component(&mut bytes);
    bytes
}
