//! Adds a function to each component that makes a handle in its table.
//!
//! Each component instance has a table of handles, and numbers in it are given out by rule: the one that was freed last, else the
//! next one. Which numbers the guest will get can be told by making handles after init. A component can make them of a resource of
//! its own, so each gets one, and at its end a core instance that exports the function:
//!
//! ```wat
//! (type $resource (resource (rep i32)))
//! (core func $new (canon resource.new $resource))
//! (core module $maker
//!   (import "" "new" (func $new (param i32) (result i32)))
//!   (export "__cargo_preinit_handle_maker" (func $new)))
//! (core instance (instantiate $maker (with "" (instance (export "new" (func $new))))))
//! ```

use std::collections::BTreeMap;

use wasm_encoder::{
    CanonicalFunctionSection, ComponentSection as _, ComponentTypeSection, EntityType, ExportKind,
    ExportSection, ImportSection, InstanceSection, Module, ModuleArg, RawSection, TypeSection, ValType,
};

use super::Injected;
use crate::guest::component::Component;
use crate::guest::counts::Counts;
use crate::guest::index::{ComponentId, enumerate};
use crate::guest::{Around, Guest};

/// How many instances, and how many modules, a component may have.
const MOST: u32 = 1_000;

/// The sections to append to each component. One that is full gets none.
pub(super) fn makers(guest: &Guest<'_>, around: &Around<'_>) -> BTreeMap<ComponentId, Vec<u8>> {
    if !guest.can_have_handles() {
        return BTreeMap::new();
    }
    let components = enumerate(&around.components);
    components
        .filter_map(|(id, component)| Some((ComponentId(id), maker(component)?)))
        .collect()
}

fn maker(component: &Component<'_>) -> Option<Vec<u8>> {
    let counts = Counts::of(component);
    if counts.core_instances + 2 > MOST || counts.modules + 1 > MOST {
        return None;
    }
    let mut signatures = TypeSection::new();
    signatures.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("", "new", EntityType::Function(0));
    let mut exports = ExportSection::new();
    exports.export(&Injected::HandleMaker.name(), ExportKind::Func, 0);
    let mut module = Module::new();
    module.section(&signatures).section(&imports).section(&exports);
    let mut types = ComponentTypeSection::new();
    types.resource(ValType::I32, None);
    let mut canonicals = CanonicalFunctionSection::new();
    canonicals.resource_new(counts.types);
    let mut instances = InstanceSection::new();
    instances.export_items([("new", ExportKind::Func, counts.core_functions)]);
    instances.instantiate(counts.modules, [("", ModuleArg::Instance(counts.core_instances))]);
    let mut bytes = Vec::new();
    types.append_to_component(&mut bytes);
    canonicals.append_to_component(&mut bytes);
    RawSection {
        id: 1,
        data: module.as_slice(),
    }
    .append_to_component(&mut bytes);
    instances.append_to_component(&mut bytes);
    Some(bytes)
}
