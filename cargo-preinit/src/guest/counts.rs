//! How many entries the index spaces of a component have, as far as sections behind its own have to know them.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentOuterAliasKind, ExternalKind, Instance,
};

use super::component::{Component, Definitions, wasi_interface};

/// What a bake gives a guest: the interfaces and the resources that they define.
pub(crate) const WASI_RESOURCES: [(&str, &str); 5] = [
    ("wasi:io/streams", "input-stream"),
    ("wasi:io/streams", "output-stream"),
    ("wasi:io/poll", "pollable"),
    ("wasi:filesystem/types", "descriptor"),
    ("wasi:filesystem/types", "directory-entry-stream"),
];

/// How many entries the index spaces of a component have, and where it imports interfaces of WASI.
#[derive(Debug, Default)]
pub(crate) struct Counts<'a> {
    pub(crate) functions: u32,
    pub(crate) core_functions: u32,
    pub(crate) core_tables: u32,
    pub(crate) core_globals: u32,
    pub(crate) types: u32,
    pub(crate) modules: u32,
    pub(crate) core_instances: u32,
    instances: u32,
    /// The core instances that are made of a module, in order.
    pub(crate) instantiated: Vec<u32>,
    /// The imported instances, by their interfaces. Two versions of one make two.
    pub(crate) interfaces: BTreeMap<&'a str, Vec<u32>>,
    /// The types that are aliases of an instance's export: the instance and the name, by the index of the type.
    pub(crate) aliased_types: BTreeMap<u32, (u32, &'a str)>,
    /// What the component names of its instances, so that they are certain to export it.
    pub(crate) named: BTreeSet<(u32, &'a str)>,
}

impl<'a> Counts<'a> {
    pub(crate) fn of(component: &Component<'a>) -> Self {
        let mut counts = Self::default();
        for section in &component.sections {
            match &section.definitions {
                Definitions::Custom | Definitions::Component(_) | Definitions::CoreTypes => {}
                Definitions::Module(_) => counts.modules += 1,
                Definitions::Types(types) => counts.types += types.count(),
                Definitions::CoreInstances(instances) => {
                    for instance in instances {
                        if matches!(instance, Instance::Instantiate { .. }) {
                            counts.instantiated.push(counts.core_instances);
                        }
                        counts.core_instances += 1;
                    }
                }
                Definitions::Instances(instances) => {
                    counts.instances += u32::try_from(instances.len()).unwrap_or(u32::MAX);
                }
                Definitions::Aliases(aliases) => {
                    for alias in aliases {
                        match alias {
                            ComponentAlias::InstanceExport {
                                kind,
                                instance_index,
                                name,
                            } => {
                                counts.named.insert((*instance_index, *name));
                                if *kind == ComponentExternalKind::Type {
                                    counts
                                        .aliased_types
                                        .insert(counts.types, (*instance_index, *name));
                                }
                                counts.add(*kind);
                            }
                            ComponentAlias::CoreInstanceExport {
                                kind: ExternalKind::Func | ExternalKind::FuncExact,
                                ..
                            } => counts.core_functions += 1,
                            ComponentAlias::CoreInstanceExport { kind, .. } => match kind {
                                ExternalKind::Table => counts.core_tables += 1,
                                ExternalKind::Global => counts.core_globals += 1,
                                _ => {}
                            },
                            ComponentAlias::Outer { kind, .. } => match kind {
                                ComponentOuterAliasKind::CoreModule => counts.modules += 1,
                                ComponentOuterAliasKind::Type => counts.types += 1,
                                ComponentOuterAliasKind::CoreType | ComponentOuterAliasKind::Component => {}
                            },
                        }
                    }
                }
                Definitions::Canonicals(canonicals) => {
                    for canonical in canonicals {
                        match canonical {
                            CanonicalFunction::Lift { .. } => counts.functions += 1,
                            _ => counts.core_functions += 1,
                        }
                    }
                }
                Definitions::Imports(imports) => {
                    for import in imports {
                        let kind = import.ty.kind();
                        if kind == ComponentExternalKind::Instance
                            && let Some(interface) = wasi_interface(import.name.name)
                        {
                            counts
                                .interfaces
                                .entry(interface)
                                .or_default()
                                .push(counts.instances);
                        }
                        counts.add(kind);
                    }
                }
                Definitions::Exports(exports) => {
                    for export in exports {
                        counts.add(export.kind);
                    }
                }
            }
        }
        counts
    }

    /// The imported instance of an interface, if it is the only one and certain to export this.
    pub(crate) fn exporting(&self, interface: &str, item: &str) -> Option<u32> {
        match self.interfaces.get(interface).map(Vec::as_slice) {
            Some(&[instance]) => self.named.contains(&(instance, item)).then_some(instance),
            _ => None,
        }
    }

    fn add(&mut self, kind: ComponentExternalKind) {
        match kind {
            ComponentExternalKind::Func => self.functions += 1,
            ComponentExternalKind::Instance => self.instances += 1,
            ComponentExternalKind::Module => self.modules += 1,
            ComponentExternalKind::Type => self.types += 1,
            ComponentExternalKind::Component | ComponentExternalKind::Value => {}
        }
    }
}
