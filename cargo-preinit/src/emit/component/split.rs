//! Writes a component in which one module has become several, since its instances differ after init.
//!
//! A module is written once for each state that an instance of it has, where the module stood. What instantiates it then names
//! the one with its state. A component that is instantiated several times, and whose instances differ, is written several times
//! as well. An alias of an outer module or component is repeated for each of its copies.
//!
//! It is also the way in which fix-ups, and what opens streams again, come to the end of each component.
//!
//! Sections that name neither modules nor components are copied.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, ReencodeComponent as _, RoundtripReencoder};
use wasm_encoder::{
    Alias, ComponentAliasSection, ComponentExportSection, ComponentInstanceSection, ComponentNameSection,
    ComponentOuterAliasKind, ComponentSection as _, InstanceSection, RawSection,
};
use wasmparser::{ComponentAlias, ComponentExternalKind, ComponentInstance, Instance};

use super::Added;
use super::fixups::Fixup;
use super::names::{Sort, names};
use crate::guest::component::{ComponentSection, Definitions};
use crate::guest::counts::Counts;
use crate::guest::index::{ComponentId, InstanceId, ModuleId, ScopeId};
use crate::guest::{Around, Guest, count};
use crate::wasm::component::PREAMBLE;

/// Why a component is not written: a module or a component that has become several is passed on as a value, and nothing says which
/// of them is meant.
#[derive(Debug)]
pub(crate) struct Ambiguous;

/// Whether the instances of each module have the same output, so that no module becomes several.
pub(crate) fn is_needed(guest: &Guest<'_>, outputs: &[&[u8]]) -> bool {
    let mut first: BTreeMap<ModuleId, InstanceId> = BTreeMap::new();
    guest.nodes().any(|node| {
        let other = *first.entry(node.module_id).or_insert(node.id);
        outputs[other.position()] != outputs[node.id.position()]
    })
}

/// The bytes of the component, with the output of each instance, by [`InstanceId`].
pub(crate) fn emit(
    guest: &Guest<'_>,
    around: &Around<'_>,
    outputs: &[&[u8]],
    added: &Added,
) -> Result<Vec<u8>, Ambiguous> {
    let split = Split::new(guest, around, outputs, added);
    split.scope(ScopeId(0), &mut Vec::new())
}

struct Split<'a> {
    guest: &'a Guest<'a>,
    around: &'a Around<'a>,
    outputs: &'a [&'a [u8]],
    added: &'a Added,
    /// Of each instance, the first one with the same output.
    same_output: Vec<u32>,
    /// Of each scope, the first one of the same component in which all is the same.
    same_scope: Vec<u32>,
    /// The copies of each module, by the scope that it is defined in.
    modules: BTreeMap<(ScopeId, ModuleId), Vec<u32>>,
    /// The copies of each component, by the scope that it is defined in: their numbers, each with a scope that is such a copy.
    components: BTreeMap<(ScopeId, ComponentId), Vec<(u32, ScopeId)>>,
}

/// The copies of a module or a component: the number of each (see [`Split`]) and its new index. An only one without a number
/// stands for all.
type Copies = Vec<(Option<u32>, u32)>;

/// An index space of modules or components, by the old index.
#[derive(Debug, Default)]
struct Space {
    copies: Vec<Copies>,
    next: u32,
}

impl Space {
    /// Adds an entry with a copy for each number.
    fn add(&mut self, numbers: impl IntoIterator<Item = Option<u32>>) {
        let copies = numbers.into_iter().map(|number| {
            let index = self.next;
            self.next += 1;
            (number, index)
        });
        let copies = copies.collect();
        self.copies.push(copies);
    }

    /// The new index of the copy with this number.
    fn copy(&self, index: u32, number: u32) -> Result<u32, Ambiguous> {
        let copies = self.copies.get(index as usize).ok_or(Ambiguous)?;
        let found = copies.iter().find(|(of, _)| of.is_none_or(|of| of == number));
        Ok(found.ok_or(Ambiguous)?.1)
    }

    /// The new index of what has one copy.
    fn only(&self, index: u32) -> Result<u32, Ambiguous> {
        match self.copies.get(index as usize).map(Vec::as_slice) {
            Some([(_, index)]) => Ok(*index),
            _ => Err(Ambiguous),
        }
    }
}

/// The index spaces of a scope.
#[derive(Debug, Default)]
struct Spaces {
    modules: Space,
    components: Space,
}

impl Spaces {
    /// Whether something has another index than before.
    fn have_moved(&self) -> bool {
        let has_moved = |space: &Space| {
            let mut copies = (0_u32..).zip(&space.copies);
            copies.any(|(old, copies)| !matches!(copies[..], [(_, new)] if new == old))
        };
        has_moved(&self.modules) || has_moved(&self.components)
    }
}

fn encoded<T>(result: Result<T, Error<Infallible>>) -> Result<T, Ambiguous> {
    result.map_err(|_| Ambiguous)
}

impl<'a> Split<'a> {
    fn new(guest: &'a Guest<'a>, around: &'a Around<'a>, outputs: &'a [&'a [u8]], added: &'a Added) -> Self {
        let mut known: BTreeMap<&[u8], u32> = BTreeMap::new();
        let numbers = (0_u32..).zip(outputs);
        let same_output: Vec<u32> = numbers
            .map(|(number, output)| *known.entry(output).or_insert(number))
            .collect();
        let mut modules: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        for node in guest.nodes() {
            let Some(place) = node.place else { continue };
            let copies = modules.entry((place.defined_in, node.module_id)).or_default();
            let number = same_output[node.id.position()];
            if !copies.contains(&number) {
                copies.push(number);
            }
        }
        // A scope is evaluated before those in it and those whose components are defined in it, so these have higher numbers.
        let mut same_scope = vec![0; around.scopes.len()];
        let mut components: BTreeMap<_, Vec<(u32, ScopeId)>> = BTreeMap::new();
        let mut known = BTreeMap::new();
        for (number, scope) in around.scopes.iter().enumerate().rev() {
            let id = ScopeId(count(number));
            let instances = scope.instances.iter().map(|id| same_output[id.position()]);
            let children = scope.children.iter().map(|id| same_scope[id.position()]);
            // What is defined here may be instantiated elsewhere.
            let of_modules = modules.range((id, ModuleId(0))..=(id, ModuleId(u32::MAX)));
            let of_components = components.range((id, ComponentId(0))..=(id, ComponentId(u32::MAX)));
            let contents = (
                scope.component,
                added.fixups.at(id).map(Fixup::sections),
                added.reopens.at(id).map(|reopen| &reopen.module),
                instances.collect::<Vec<u32>>(),
                children.collect::<Vec<u32>>(),
                of_modules.map(|(_, copies)| copies.clone()).collect::<Vec<_>>(),
                of_components
                    .map(|(_, copies)| {
                        copies
                            .iter()
                            .map(|(number, _)| *number)
                            .collect::<BTreeSet<u32>>()
                    })
                    .collect::<Vec<_>>(),
            );
            same_scope[number] = *known.entry(contents).or_insert(id.0);
            let Some(closure) = scope.closure else { continue };
            let copies = components.entry((closure, scope.component)).or_default();
            let same = same_scope[number];
            match copies.iter_mut().find(|(known, _)| *known == same) {
                Some((_, first)) => *first = id,
                None => copies.push((same, id)),
            }
        }
        // The copies are written in the order of their instances.
        for copies in components.values_mut() {
            copies.sort_unstable_by_key(|(_, first)| *first);
        }
        Self {
            guest,
            around,
            outputs,
            added,
            same_output,
            same_scope,
            modules,
            components,
        }
    }

    /// The bytes of a scope's component. `outer` are the index spaces of the scopes that it is defined in, the outermost first.
    fn scope(&self, id: ScopeId, outer: &mut Vec<Spaces>) -> Result<Vec<u8>, Ambiguous> {
        let wasm = self.guest.wasm;
        let scope = &self.around.scopes[id.position()];
        let component = &self.around.components[scope.component.position()];
        let start = component.range.start;
        let mut output = wasm[start..start + PREAMBLE].to_vec();
        let mut end = start + PREAMBLE;
        outer.push(Spaces::default());
        let (mut instances, mut children) = (scope.instances.iter(), scope.children.iter());
        for section in &component.sections {
            let raw = &wasm[std::mem::replace(&mut end, section.range.end)..section.range.end];
            match &section.definitions {
                Definitions::Module(module) => self.module(id, *module, raw, outer, &mut output),
                Definitions::Component(nested) => self.nested(id, *nested, raw, outer, &mut output)?,
                Definitions::Aliases(aliases) => Self::aliases(aliases, outer, &mut output)?,
                Definitions::CoreInstances(listed) => {
                    let mut section = InstanceSection::new();
                    for instance in listed {
                        let mut instance = instance.clone();
                        if let Instance::Instantiate { module_index, .. } = &mut instance {
                            let id = instances.next().ok_or(Ambiguous)?;
                            let number = self.same_output[id.position()];
                            *module_index = here(outer)?.modules.copy(*module_index, number)?;
                        }
                        encoded(RoundtripReencoder.parse_instance(&mut section, instance))?;
                    }
                    section.append_to_component(&mut output);
                }
                Definitions::Instances(listed) => {
                    let mut section = ComponentInstanceSection::new();
                    for instance in listed {
                        self.instance(instance, &mut children, here(outer)?, &mut section)?;
                    }
                    section.append_to_component(&mut output);
                }
                Definitions::Exports(exports) => {
                    let mut section = ComponentExportSection::new();
                    for export in exports {
                        let spaces = here(outer)?;
                        let mut export = export.clone();
                        export.index = only(spaces, export.kind, export.index)?;
                        define(spaces, export.kind);
                        encoded(RoundtripReencoder.parse_component_export(&mut section, export))?;
                    }
                    section.append_to_component(&mut output);
                }
                Definitions::Imports(imports) => {
                    for import in imports {
                        define(here(outer)?, import.ty.kind());
                    }
                    output.extend_from_slice(raw);
                }
                Definitions::Custom => match renamed(wasm, section, here(outer)?) {
                    Some(names) => names.as_custom().append_to_component(&mut output),
                    None => output.extend_from_slice(raw),
                },
                Definitions::Types(_) | Definitions::CoreTypes | Definitions::Canonicals(_) => {
                    output.extend_from_slice(raw);
                }
            }
        }
        let mut counts = Counts::of(component);
        counts.modules = here(outer)?.modules.next;
        if let Some(fixup) = self.added.fixups.at(id) {
            fixup.append_to(&mut counts, &mut output);
        }
        if let Some(reopen) = self.added.reopens.at(id) {
            reopen.append_to(component, &mut counts, &mut output);
        }
        outer.pop();
        Ok(output)
    }

    /// Writes the copies of a module that is defined in this scope.
    fn module(
        &self,
        scope: ScopeId,
        module: ModuleId,
        raw: &[u8],
        outer: &mut [Spaces],
        output: &mut Vec<u8>,
    ) {
        let numbers = self.modules.get(&(scope, module)).map_or(&[][..], Vec::as_slice);
        for number in numbers {
            let data = self.outputs[*number as usize];
            RawSection { id: 1, data }.append_to_component(output);
        }
        let Some(spaces) = outer.last_mut() else { return };
        if numbers.is_empty() {
            output.extend_from_slice(raw);
            spaces.modules.add([None]);
        } else {
            spaces.modules.add(numbers.iter().copied().map(Some));
        }
    }

    /// Writes the copies of a component that is defined in this scope.
    fn nested(
        &self,
        scope: ScopeId,
        nested: ComponentId,
        raw: &[u8],
        outer: &mut Vec<Spaces>,
        output: &mut Vec<u8>,
    ) -> Result<(), Ambiguous> {
        let copies = self
            .components
            .get(&(scope, nested))
            .map_or(&[][..], Vec::as_slice);
        for (_, copy) in copies {
            let data = &self.scope(*copy, outer)?;
            RawSection { id: 4, data }.append_to_component(output);
        }
        if copies.is_empty() {
            if outer.iter().any(Spaces::have_moved) && self.has_outer_alias(nested) {
                return Err(Ambiguous);
            }
            output.extend_from_slice(raw);
            here(outer)?.components.add([None]);
        } else {
            here(outer)?
                .components
                .add(copies.iter().map(|(number, _)| Some(*number)));
        }
        Ok(())
    }

    /// Whether a component that is never instantiated names an outer module or component, whose indices may have moved.
    fn has_outer_alias(&self, component: ComponentId) -> bool {
        let sections = &self.around.components[component.position()].sections;
        sections.iter().any(|section| match &section.definitions {
            Definitions::Component(nested) => self.has_outer_alias(*nested),
            Definitions::Aliases(aliases) => aliases.iter().any(|alias| {
                matches!(
                    alias,
                    ComponentAlias::Outer {
                        kind: wasmparser::ComponentOuterAliasKind::CoreModule
                            | wasmparser::ComponentOuterAliasKind::Component,
                        ..
                    }
                )
            }),
            _ => false,
        })
    }

    fn aliases(
        aliases: &[ComponentAlias<'_>],
        outer: &mut [Spaces],
        output: &mut Vec<u8>,
    ) -> Result<(), Ambiguous> {
        let mut section = ComponentAliasSection::new();
        for alias in aliases {
            match *alias {
                ComponentAlias::Outer {
                    kind:
                        kind @ (wasmparser::ComponentOuterAliasKind::CoreModule
                        | wasmparser::ComponentOuterAliasKind::Component),
                    count,
                    index,
                } => {
                    let level = outer.len().checked_sub(1 + count as usize).ok_or(Ambiguous)?;
                    let is_module = kind == wasmparser::ComponentOuterAliasKind::CoreModule;
                    let space = match is_module {
                        true => &outer[level].modules,
                        false => &outer[level].components,
                    };
                    let copies = space.copies.get(index as usize).ok_or(Ambiguous)?.clone();
                    for (_, index) in &copies {
                        section.alias(Alias::Outer {
                            kind: match is_module {
                                true => ComponentOuterAliasKind::CoreModule,
                                false => ComponentOuterAliasKind::Component,
                            },
                            count,
                            index: *index,
                        });
                    }
                    let spaces = here(outer)?;
                    let space = match is_module {
                        true => &mut spaces.modules,
                        false => &mut spaces.components,
                    };
                    space.add(copies.iter().map(|(number, _)| *number));
                }
                ref alias => {
                    if let ComponentAlias::InstanceExport { kind, .. } = alias {
                        define(here(outer)?, *kind);
                    }
                    let alias = encoded(RoundtripReencoder.component_alias(alias.clone()))?;
                    section.alias(alias);
                }
            }
        }
        section.append_to_component(output);
        Ok(())
    }

    fn instance(
        &self,
        instance: &ComponentInstance<'_>,
        children: &mut std::slice::Iter<'_, ScopeId>,
        spaces: &mut Spaces,
        section: &mut ComponentInstanceSection,
    ) -> Result<(), Ambiguous> {
        let instance = match instance {
            ComponentInstance::Instantiate {
                component_index,
                args,
            } => {
                let child = children.next().ok_or(Ambiguous)?;
                let number = self.same_scope[child.position()];
                let component = spaces.components.copy(*component_index, number)?;
                let args = args.iter().map(|argument| {
                    let mut argument = argument.clone();
                    argument.index = only(spaces, argument.kind, argument.index)?;
                    Ok(argument)
                });
                ComponentInstance::Instantiate {
                    component_index: component,
                    args: args.collect::<Result<_, Ambiguous>>()?,
                }
            }
            ComponentInstance::FromExports(exports) => {
                let exports = exports.iter().map(|export| {
                    let mut export = export.clone();
                    export.index = only(spaces, export.kind, export.index)?;
                    Ok(export)
                });
                ComponentInstance::FromExports(exports.collect::<Result<_, Ambiguous>>()?)
            }
        };
        encoded(RoundtripReencoder.parse_component_instance(section, instance))
    }
}

/// The index spaces of the innermost scope.
fn here(outer: &mut [Spaces]) -> Result<&mut Spaces, Ambiguous> {
    outer.last_mut().ok_or(Ambiguous)
}

/// The new index of an item that is passed on. Only those of modules and components change.
fn only(spaces: &Spaces, kind: ComponentExternalKind, index: u32) -> Result<u32, Ambiguous> {
    match kind {
        ComponentExternalKind::Module => spaces.modules.only(index),
        ComponentExternalKind::Component => spaces.components.only(index),
        ComponentExternalKind::Func
        | ComponentExternalKind::Value
        | ComponentExternalKind::Type
        | ComponentExternalKind::Instance => Ok(index),
    }
}

/// Adds what a definition of this kind adds to the index spaces.
fn define(spaces: &mut Spaces, kind: ComponentExternalKind) {
    match kind {
        ComponentExternalKind::Module => spaces.modules.add([None]),
        ComponentExternalKind::Component => spaces.components.add([None]),
        ComponentExternalKind::Func
        | ComponentExternalKind::Value
        | ComponentExternalKind::Type
        | ComponentExternalKind::Instance => {}
    }
}

/// The names of a component, with those of modules and components at their new indices; `None` for any other section.
fn renamed(wasm: &[u8], section: &ComponentSection<'_>, spaces: &Spaces) -> Option<ComponentNameSection> {
    let copies = |space: &Space, index: u32| {
        let copies = space.copies.get(index as usize);
        copies.into_iter().flatten().map(|(_, index)| *index).collect()
    };
    names(wasm, section, |sort, index| match sort {
        Sort::Module => copies(&spaces.modules, index),
        Sort::Component => copies(&spaces.components, index),
        Sort::CoreFunction | Sort::Function | Sort::Other => vec![index],
    })
}
