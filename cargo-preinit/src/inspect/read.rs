//! A file as its core modules and what is around them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{BinaryReader, CustomSectionReader, ExternalKind, Parser, WasmFeatures};

use crate::guest::component::{Component, Definition, Definitions};
use crate::guest::index::{ComponentId, FunctionIndex};
use crate::guest::{
    CUSTOM_SECTION, Guest, GuestModule, ImportKind, InputError, component_features, names_of,
};
use crate::text::demangle;
use crate::wasm::component::PREAMBLE;

/// A module or a component. It may have what no bake takes, as long as it is valid.
pub(crate) struct File<'a> {
    pub(crate) wasm: &'a [u8],
    pub(crate) modules: Vec<PlacedModule<'a>>,
    /// The components, each before those in it; empty in a core module.
    pub(crate) components: Vec<Component<'a>>,
    /// What a bake would not take of it, and what is not read.
    pub(crate) notes: Vec<String>,
}

/// A core module, and where it is.
pub(crate) struct PlacedModule<'a> {
    pub(crate) module: GuestModule<'a>,
    /// The component that it is in; `None` if it is the file.
    pub(crate) component: Option<ComponentId>,
    /// Its instances in words, where they can be followed.
    pub(crate) instances: Vec<String>,
    pub(crate) names: FunctionNames<'a>,
}

/// A section that is not a nested module or component.
pub(crate) struct Section<'a> {
    pub(crate) id: u8,
    /// Its contents.
    pub(crate) contents: &'a [u8],
    /// Its length in bytes, with its header.
    pub(crate) bytes: usize,
}

impl<'a> Section<'a> {
    /// Its name and its data, if it is a custom section.
    pub(crate) fn custom(&self) -> Option<CustomSectionReader<'a>> {
        (self.id == CUSTOM_SECTION)
            .then(|| CustomSectionReader::new(BinaryReader::new(self.contents, 0)).ok())
            .flatten()
    }
}

impl<'a> File<'a> {
    /// Reads a module or a component in the binary format.
    ///
    /// # Errors
    ///
    /// If it is not valid.
    pub(crate) fn read(wasm: &'a [u8]) -> Result<Self, InputError> {
        let mut notes = Vec::new();
        let mut note_unknown = |unknown: WasmFeatures, place: &str| {
            if !unknown.is_empty() {
                notes.push(format!(
                    "{place} declares what belongs to the proposal of {}, which no bake takes",
                    names_of(unknown)
                ));
            }
        };
        if !Parser::is_component(wasm) {
            let (module, unknown) = GuestModule::parse_any(wasm)?;
            note_unknown(unknown, "the module");
            let module = PlacedModule {
                names: FunctionNames::of(&module),
                module,
                component: None,
                instances: Vec::new(),
            };
            return Ok(Self {
                wasm,
                modules: vec![module],
                components: Vec::new(),
                notes,
            });
        }
        let (definition, is_known) = match Definition::read(wasm, component_features()) {
            Ok(definition) => (definition, true),
            Err(error) => match Definition::read(wasm, WasmFeatures::all()) {
                Ok(definition) => (definition, false),
                Err(_) => return Err(error.in_input(wasm)),
            },
        };
        let mut modules = Vec::new();
        for (id, range) in (0..).zip(&definition.modules) {
            let (module, unknown) = GuestModule::parse_any(&wasm[range.clone()])?;
            note_unknown(unknown, &format!("core module {id}"));
            modules.push(PlacedModule {
                names: FunctionNames::of(&module),
                module,
                component: None,
                instances: Vec::new(),
            });
        }
        for (id, component) in (0..).zip(&definition.components) {
            for section in &component.sections {
                if let Definitions::Module(module) = section.definitions {
                    modules[module.position()].component = Some(ComponentId(id));
                }
            }
        }
        if is_known {
            let known: Vec<GuestModule<'a>> = modules.iter().map(|placed| placed.module.clone()).collect();
            match Guest::parse_again(wasm, &known) {
                Ok(guest) => {
                    for node in guest.nodes() {
                        let name = guest.name_of(node.id);
                        modules[node.module_id.position()].instances.extend(name);
                    }
                }
                Err(error) => notes.push(format!("which instances are made is not read: {error}")),
            }
        } else {
            notes.push(
                "the component uses what no bake takes of the component model, so which instances are made is not read"
                    .to_owned(),
            );
        }
        Ok(Self {
            wasm,
            modules,
            components: definition.components,
            notes,
        })
    }

    /// The sections of a core module.
    pub(crate) fn sections_of(module: &GuestModule<'a>) -> Vec<Section<'a>> {
        let ranges = module.sections.iter().map(|section| section.range.clone());
        sections(module.wasm, PREAMBLE, ranges)
    }

    /// The sections of a component. Those of nested modules and components have no contents, only their headers.
    pub(crate) fn sections_of_component(&self, component: &Component<'a>) -> Vec<Section<'a>> {
        let ranges = component.sections.iter().map(|section| section.range.clone());
        let mut found = sections(self.wasm, component.range.start + PREAMBLE, ranges);
        for (found, section) in found.iter_mut().zip(&component.sections) {
            if let Definitions::Module(_) | Definitions::Component(_) = section.definitions {
                found.bytes -= found.contents.len();
                found.contents = &[];
            }
        }
        found
    }
}

/// Sections that follow each other, the first one's header at `start`.
fn sections<'a>(
    wasm: &'a [u8],
    start: usize,
    ranges: impl Iterator<Item = Range<usize>>,
) -> Vec<Section<'a>> {
    let mut header = start;
    let sections = ranges.map(|range| {
        let section = Section {
            id: wasm[header],
            contents: &wasm[range.clone()],
            bytes: range.end - header,
        };
        header = range.end;
        section
    });
    sections.collect()
}

/// The names of a module's functions.
pub(crate) struct FunctionNames<'a> {
    named: BTreeMap<FunctionIndex, &'a str>,
    imported: BTreeMap<FunctionIndex, (&'a str, &'a str)>,
}

impl<'a> FunctionNames<'a> {
    /// The name section's, else the first export's.
    fn of(module: &GuestModule<'a>) -> Self {
        let mut named: BTreeMap<FunctionIndex, &'a str> = BTreeMap::new();
        for export in &module.exports {
            if matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact) {
                named.entry(FunctionIndex(export.index)).or_insert(export.name);
            }
        }
        let all = module.names.iter();
        named.extend(
            all.filter(|(_, name)| !name.is_empty())
                .map(|(index, name)| (*index, *name)),
        );
        let imports = module.imports.iter().filter_map(|import| match import.kind {
            ImportKind::Function(index) => Some((index, (import.module, import.name))),
            _ => None,
        });
        Self {
            named,
            imported: imports.collect(),
        }
    }

    /// The name as it stands in the module.
    pub(crate) fn raw(&self, function: FunctionIndex) -> Option<&'a str> {
        self.named.get(&function).copied()
    }

    /// The demangled name. That of an import is its module's and its own.
    pub(crate) fn name(&self, function: FunctionIndex) -> Option<String> {
        match self.imported.get(&function) {
            Some((module, name)) => Some(format!("{module}.{name}")),
            None => self.raw(function).map(demangle),
        }
    }

    /// The functions whose name, demangled or not, is `wanted`; if there is none, those whose name has `wanted` in it.
    pub(crate) fn find(&self, wanted: &str) -> Found {
        let all: BTreeSet<FunctionIndex> = self.named.keys().chain(self.imported.keys()).copied().collect();
        let mut whole = Vec::new();
        let mut parts = Vec::new();
        for function in all {
            let names = [self.raw(function).map(str::to_owned), self.name(function)];
            let names = || names.iter().flatten();
            if names().any(|name| name == wanted) {
                whole.push(function);
            } else if names().any(|name| name.contains(wanted)) {
                parts.push(function);
            }
        }
        let is_whole = !whole.is_empty();
        Found {
            functions: if is_whole { whole } else { parts },
            is_whole,
        }
    }
}

/// The functions of a name.
pub(crate) struct Found {
    pub(crate) functions: Vec<FunctionIndex>,
    /// Whether it is their whole name.
    pub(crate) is_whole: bool,
}
