//! Removes exported functions of a component, and what only they need: the lifted function and the alias of its core function. Other
//! exports get new names.
//!
//! An export, a lift and an alias each define an index, so all later indices move. Sections without such indices are copied.
//! Nested components have index spaces of their own, and no alias leads to a function outside.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};
use wasm_encoder::{
    CanonicalFunctionSection, ComponentAliasSection, ComponentExportSection, ComponentInstanceSection,
    ComponentNameSection, ComponentSection as _, ComponentTypeSection, InstanceSection,
};
use wasmparser::{CanonicalFunction, ComponentAlias, ComponentExternalKind, ExternalKind};

use super::names::{Sort, names};
use crate::guest::component::{Component, ComponentSection, Definitions};
use crate::options::Rename;
use crate::wasm::component::PREAMBLE;

/// The bytes of a component without the exported functions of these `names`, and with new names for others.
pub(crate) fn without_exports(
    wasm: &[u8],
    component: &Component<'_>,
    names: &BTreeSet<&str>,
    renames: &[Rename],
) -> Result<Vec<u8>, String> {
    let plan = Plan::of(component, names);
    plan.write(wasm, component, renames)
        .map_err(|error| error.to_string())
}

/// The exports among `names` that have a type of their own, and that something else names: the exported function cannot take their
/// place.
pub(crate) fn needed_exports<'n>(component: &Component<'_>, names: &BTreeSet<&'n str>) -> Vec<&'n str> {
    let plan = Plan::of(component, &BTreeSet::new());
    let exports = component
        .sections
        .iter()
        .enumerate()
        .flat_map(|(number, section)| {
            let exports = match &section.definitions {
                Definitions::Exports(exports) => exports.as_slice(),
                _ => &[],
            };
            exports
                .iter()
                .enumerate()
                .map(move |(position, export)| ((number, position), export))
        });
    let needed = exports.filter_map(|(place, export)| {
        let name = names.get(export.name.name)?;
        let index = plan
            .functions
            .places
            .iter()
            .position(|defined| *defined == place)?;
        let is_unused = plan.functions.is_unused(u32::try_from(index).ok()?);
        (export.ty.is_some() && !is_unused).then_some(*name)
    });
    needed.collect()
}

/// What defines an index: the section, and the position in it.
type Place = (usize, usize);

/// An index space of functions.
#[derive(Debug, Default)]
struct Space {
    /// What defines each index.
    places: Vec<Place>,
    /// How often each index is named.
    uses: Vec<u32>,
    /// The index that stands for one that is removed, if it has to be named still.
    stands_for: BTreeMap<u32, u32>,
    /// The new index of each. Those that are removed have that of the next one.
    indices: Vec<u32>,
}

impl Space {
    fn define(&mut self, place: Place) -> u32 {
        self.places.push(place);
        u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
    }

    fn is_unused(&self, index: u32) -> bool {
        self.uses.get(index as usize).is_none_or(|uses| *uses == 0)
    }

    fn number(&mut self, removed: &BTreeSet<Place>) {
        let mut next = 0;
        for place in &self.places {
            self.indices.push(next);
            next += u32::from(!removed.contains(place));
        }
    }

    fn index(&self, mut index: u32) -> u32 {
        while let Some(other) = self.stands_for.get(&index) {
            index = *other;
        }
        self.indices.get(index as usize).copied().unwrap_or(index)
    }
}

/// What is removed, and the indices of the rest.
#[derive(Debug, Default)]
struct Plan {
    removed: BTreeSet<Place>,
    functions: Space,
    core_functions: Space,
}

/// Counts which functions are named, by re-encoding what names them, so that none can be forgotten.
#[derive(Default)]
struct Uses {
    functions: Vec<u32>,
    core_functions: Vec<u32>,
}

fn count(uses: &mut Vec<u32>, index: u32) {
    let index = index as usize;
    if uses.len() <= index {
        uses.resize(index + 1, 0);
    }
    uses[index] += 1;
}

impl Reencode for Uses {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        count(&mut self.core_functions, index);
        Ok(index)
    }
}

impl ReencodeComponent for Uses {
    fn component_func_index(&mut self, index: u32) -> u32 {
        count(&mut self.functions, index);
        index
    }
}

impl Reencode for Plan {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.core_functions.index(index))
    }
}

impl ReencodeComponent for Plan {
    fn component_func_index(&mut self, index: u32) -> u32 {
        self.functions.index(index)
    }
}

/// A section that can name functions, or define them, encoded anew without what is removed; `None` for any other section.
fn encode<T: ReencodeComponent>(
    names: &mut T,
    section: &ComponentSection<'_>,
    is_removed: impl Fn(usize) -> bool,
    renames: &[Rename],
) -> Result<Option<Vec<u8>>, Error<T::Error>> {
    fn kept<'d, D: Clone>(
        definitions: &'d [D],
        is_removed: impl Fn(usize) -> bool + 'd,
    ) -> impl Iterator<Item = D> + 'd {
        let definitions = definitions.iter().enumerate();
        definitions
            .filter(move |(position, _)| !is_removed(*position))
            .map(|(_, definition)| definition.clone())
    }
    let mut bytes = Vec::new();
    match &section.definitions {
        Definitions::Aliases(aliases) => {
            let mut section = ComponentAliasSection::new();
            for alias in kept(aliases, is_removed) {
                section.alias(names.component_alias(alias)?);
            }
            section.append_to_component(&mut bytes);
        }
        Definitions::Canonicals(canonicals) => {
            let mut section = CanonicalFunctionSection::new();
            for canonical in kept(canonicals, is_removed) {
                names.parse_component_canonical(&mut section, canonical)?;
            }
            section.append_to_component(&mut bytes);
        }
        Definitions::CoreInstances(instances) => {
            let mut section = InstanceSection::new();
            for instance in kept(instances, is_removed) {
                names.parse_instance(&mut section, instance)?;
            }
            section.append_to_component(&mut bytes);
        }
        Definitions::Instances(instances) => {
            let mut section = ComponentInstanceSection::new();
            for instance in kept(instances, is_removed) {
                names.parse_component_instance(&mut section, instance)?;
            }
            section.append_to_component(&mut bytes);
        }
        Definitions::Exports(exports) => {
            let mut section = ComponentExportSection::new();
            for mut export in kept(exports, is_removed) {
                if let Some(rename) = renames.iter().find(|rename| rename.old == export.name.name) {
                    export.name.name = &rename.new;
                }
                names.parse_component_export(&mut section, export)?;
            }
            section.append_to_component(&mut bytes);
        }
        // The destructor of a resource is a core function.
        Definitions::Types(types) => {
            let mut section = ComponentTypeSection::new();
            names.parse_component_type_section(&mut section, types.clone())?;
            section.append_to_component(&mut bytes);
        }
        Definitions::Custom
        | Definitions::Module(_)
        | Definitions::Component(_)
        | Definitions::CoreTypes
        | Definitions::Imports(_) => return Ok(None),
    }
    Ok(Some(bytes))
}

impl Plan {
    fn of(component: &Component<'_>, names: &BTreeSet<&str>) -> Self {
        let mut plan = Self::default();
        let mut uses = Uses::default();
        let mut exports = Vec::new();
        for (number, section) in component.sections.iter().enumerate() {
            // An error would be one of the input, which is valid.
            let _ = encode(&mut uses, section, |_| false, &[]);
            match &section.definitions {
                Definitions::Aliases(aliases) => {
                    for (position, alias) in aliases.iter().enumerate() {
                        match alias {
                            ComponentAlias::CoreInstanceExport {
                                kind: ExternalKind::Func | ExternalKind::FuncExact,
                                ..
                            } => _ = plan.core_functions.define((number, position)),
                            ComponentAlias::InstanceExport {
                                kind: ComponentExternalKind::Func,
                                ..
                            } => _ = plan.functions.define((number, position)),
                            ComponentAlias::CoreInstanceExport { .. }
                            | ComponentAlias::InstanceExport { .. }
                            | ComponentAlias::Outer { .. } => {}
                        }
                    }
                }
                Definitions::Canonicals(canonicals) => {
                    for (position, canonical) in canonicals.iter().enumerate() {
                        let space = match canonical {
                            CanonicalFunction::Lift { .. } => &mut plan.functions,
                            _ => &mut plan.core_functions,
                        };
                        space.define((number, position));
                    }
                }
                Definitions::Imports(imports) => {
                    for (position, import) in imports.iter().enumerate() {
                        if import.ty.kind() == ComponentExternalKind::Func {
                            plan.functions.define((number, position));
                        }
                    }
                }
                Definitions::Exports(listed) => {
                    for (position, export) in listed.iter().enumerate() {
                        if export.kind == ComponentExternalKind::Func {
                            let index = plan.functions.define((number, position));
                            if names.contains(export.name.name) {
                                exports.push((index, export.index));
                            }
                        }
                    }
                }
                Definitions::Custom
                | Definitions::Module(_)
                | Definitions::Component(_)
                | Definitions::Types(_)
                | Definitions::CoreTypes
                | Definitions::CoreInstances(_)
                | Definitions::Instances(_) => {}
            }
        }
        plan.functions.uses = uses.functions;
        plan.core_functions.uses = uses.core_functions;
        for (index, function) in exports {
            plan.remove_export(component, index, function);
        }
        plan.functions.number(&plan.removed);
        plan.core_functions.number(&plan.removed);
        plan
    }

    /// Removes an export, which defines `index`, and the `function` that it exports if nothing else names it.
    fn remove_export(&mut self, component: &Component<'_>, index: u32, function: u32) {
        self.removed.insert(self.functions.places[index as usize]);
        self.functions.stands_for.insert(index, function);
        if !self.functions.is_unused(index) {
            return;
        }
        release(&mut self.functions.uses, function);
        let Some(&(section, position)) = self.functions.places.get(function as usize) else {
            return;
        };
        let Definitions::Canonicals(canonicals) = &component.sections[section].definitions else {
            return;
        };
        let lift = &canonicals[position];
        if !self.functions.is_unused(function) || !matches!(lift, CanonicalFunction::Lift { .. }) {
            return;
        }
        self.removed.insert((section, position));
        let mut uses = Uses::default();
        let mut written = CanonicalFunctionSection::new();
        let _ = uses.parse_component_canonical(&mut written, lift.clone());
        for (core, times) in (0_u32..).zip(uses.core_functions) {
            for _ in 0..times {
                release(&mut self.core_functions.uses, core);
            }
            let Some(&(section, position)) = self.core_functions.places.get(core as usize) else {
                continue;
            };
            let is_alias = matches!(component.sections[section].definitions, Definitions::Aliases(_));
            if times > 0 && is_alias && self.core_functions.is_unused(core) {
                self.removed.insert((section, position));
            }
        }
    }

    fn write(
        mut self,
        wasm: &[u8],
        component: &Component<'_>,
        renames: &[Rename],
    ) -> Result<Vec<u8>, Error<Infallible>> {
        let mut output = wasm[..PREAMBLE].to_vec();
        let mut end = PREAMBLE;
        for (number, section) in component.sections.iter().enumerate() {
            let start = std::mem::replace(&mut end, section.range.end);
            let removed = self.removed.clone();
            let is_removed = |position| removed.contains(&(number, position));
            let encoded = encode(&mut self, section, is_removed, renames)?;
            match encoded {
                Some(bytes) => output.extend(bytes),
                None => match self.names(wasm, section) {
                    Some(names) => names.as_custom().append_to_component(&mut output),
                    None => output.extend_from_slice(&wasm[start..end]),
                },
            }
        }
        Ok(output)
    }

    /// The names of a component, by their new indices; `None` for any other section.
    fn names(&self, wasm: &[u8], section: &ComponentSection<'_>) -> Option<ComponentNameSection> {
        let of = |space: &Space, index: u32| {
            let place = space.places.get(index as usize)?;
            (!self.removed.contains(place)).then(|| space.index(index))
        };
        names(wasm, section, |sort, index| match sort {
            Sort::CoreFunction => of(&self.core_functions, index).into_iter().collect(),
            Sort::Function => of(&self.functions, index).into_iter().collect(),
            Sort::Module | Sort::Component | Sort::Other => vec![index],
        })
    }
}

fn release(uses: &mut [u32], index: u32) {
    if let Some(uses) = uses.get_mut(index as usize) {
        *uses = uses.saturating_sub(1);
    }
}
