//! The name section, with the output's indices.

use std::collections::BTreeMap;

use wasm_encoder::{IndirectNameMap, NameMap, NameSection};
use wasmparser::{IndirectNaming, Name, NameSectionReader, Naming, SectionLimited};

use super::draft::{Context, Draft};
use super::layout::{Layout, Style};
use super::segment_slots::SegmentFate;
use super::{data, elements};
use crate::guest::ImportKind;
use crate::guest::index::{DataIndex, ElementIndex};

/// The names of what is in the output. Reading stops where the section does not parse: names only help people.
pub(super) fn section(reader: NameSectionReader<'_>, draft: &Draft<'_>, layout: &Layout) -> NameSection {
    let indices = &layout.indices;
    let context = &draft.context;
    // A new segment may have the slot of one that is gone, and must not get its name.
    let of_elements = left(&indices.elements, context.guest.elements.len(), |index| {
        elements::fate(context, ElementIndex(index))
    });
    let of_data = left(&indices.data, context.guest.data.len(), |index| {
        data::fate(context, DataIndex(index))
    });
    let mut section = NameSection::new();
    for name in reader.into_iter().map_while(Result::ok) {
        match name {
            Name::Module { name, .. } => section.module(name),
            Name::Function(names) => section.functions(&function_names(names, draft, layout)),
            Name::Local(names) => section.locals(&indirect_map(names, &indices.functions)),
            Name::Label(names) => section.labels(&indirect_map(names, &indices.functions)),
            Name::Type(names) => section.types(&map(names, &indices.types)),
            Name::Field(names) => section.fields(&indirect_map(names, &indices.types)),
            Name::Table(names) => section.tables(&map(names, &indices.tables)),
            Name::Memory(names) => section.memories(&map(names, &indices.memories)),
            Name::Global(names) => section.globals(&map(names, &indices.globals)),
            Name::Element(names) => add_if_any(map(names, &of_elements), |names| section.elements(names)),
            Name::Data(names) => add_if_any(map(names, &of_data), |names| section.data(names)),
            Name::Tag(names) => section.tags(&map(names, &indices.tags)),
            Name::Unknown { ty, data, .. } => {
                // It may have indices.
                if layout.style == Style::Splice {
                    section.raw(ty, data);
                }
            }
        }
    }
    section
}

/// The names of functions. What stands for an import is called as what it stands for, so that a trap says which it is.
fn function_names(names: SectionLimited<'_, Naming<'_>>, draft: &Draft<'_>, layout: &Layout) -> NameMap {
    let stubs = stub_names(draft, layout);
    let names = names.into_iter().map_while(Result::ok);
    let names = renumbered(
        names.map(|naming| (naming.index, naming.name.to_owned())),
        &layout.indices.functions,
    );
    let mut names: BTreeMap<u32, String> = names.into_iter().collect();
    names.extend(stubs);
    name_map(&names)
}

/// A name section for the functions that stand for imports, if there are any.
pub(super) fn of_stubs(draft: &Draft<'_>, layout: &Layout) -> Option<NameSection> {
    let names = stub_names(draft, layout);
    (!names.is_empty()).then(|| {
        let mut section = NameSection::new();
        section.functions(&name_map(&names));
        section
    })
}

/// By their indices in the output.
fn stub_names(draft: &Draft<'_>, layout: &Layout) -> BTreeMap<u32, String> {
    let Context { guest, plan, .. } = draft.context;
    let stubs = guest.imports.iter().filter_map(|import| match import.kind {
        ImportKind::Function(index) if plan.stubs.contains_key(&index) => {
            let place = layout.indices.function(index)?;
            Some((place.0, format!("{}.{} (stub)", import.module, import.name)))
        }
        _ => None,
    });
    stubs.collect()
}

fn name_map(names: &BTreeMap<u32, String>) -> NameMap {
    let mut map = NameMap::new();
    for (index, name) in names {
        map.append(*index, name);
    }
    map
}

fn add_if_any(names: NameMap, add: impl FnOnce(&NameMap)) {
    if !names.is_empty() {
        add(&names);
    }
}

/// The output's indices of those segments of the guest that are not gone.
fn left(indices: &[Option<u32>], len: usize, fate: impl Fn(u32) -> SegmentFate) -> Vec<Option<u32>> {
    let indices = (0..).zip(indices.iter().take(len));
    indices
        .map(|(index, place)| place.filter(|_| fate(index) != SegmentFate::Gone))
        .collect()
}

/// Gives names their new indices, and sorts them by index as the format requires.
fn renumbered<T>(names: impl Iterator<Item = (u32, T)>, indices: &[Option<u32>]) -> Vec<(u32, T)> {
    let mut names: Vec<(u32, T)> = names
        .filter_map(|(old, name)| Some((indices.get(old as usize).copied().flatten()?, name)))
        .collect();
    names.sort_by_key(|(index, _)| *index);
    names
}

fn map(names: SectionLimited<'_, Naming<'_>>, indices: &[Option<u32>]) -> NameMap {
    let names = names.into_iter().map_while(Result::ok);
    let mut map = NameMap::new();
    for (index, name) in renumbered(names.map(|naming| (naming.index, naming.name)), indices) {
        map.append(index, name);
    }
    map
}

fn indirect_map(names: SectionLimited<'_, IndirectNaming<'_>>, indices: &[Option<u32>]) -> IndirectNameMap {
    let names = names.into_iter().map_while(Result::ok);
    let mut map = IndirectNameMap::new();
    for (index, names) in renumbered(names.map(|naming| (naming.index, naming.names)), indices) {
        let mut inner = NameMap::new();
        for naming in names.into_iter().map_while(Result::ok) {
            inner.append(naming.index, naming.name);
        }
        map.append(index, &inner);
    }
    map
}
