//! What a file has.

use serde::Serialize;

use super::module::{Module, module};
use super::producers::{Producer, producers};
use super::read::File;
use super::sizes::{self, Sizes};
use super::stamp::{Stamp, stamp};
use crate::guest::component::Definitions;
use crate::guest::{InputError, to_binary};

/// What a module or a component has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// Whether it is a component.
    pub is_component: bool,
    /// Where its bytes are.
    pub sizes: Sizes,
    /// What is not read of it, and what no bake would take.
    pub notes: Vec<String>,
    /// What a bake says that it did, in the custom section that `--stamp` adds.
    pub stamp: Option<Stamp>,
    /// The version of this tool that baked it, by its `producers` section.
    pub baked_by: Option<String>,
    /// What is around the core modules, in a component.
    pub component: Option<Component>,
    /// The core modules, in the order of the file. A core module is its only one.
    pub modules: Vec<Module>,
}

/// What is around the core modules of a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component {
    /// What it imports.
    pub imports: Vec<ComponentItem>,
    /// What it exports.
    pub exports: Vec<ComponentItem>,
    /// How many components are nested in it, at any depth.
    pub nested: u32,
    /// The languages and tools that made it.
    pub producers: Vec<Producer>,
}

/// An import or an export of a component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ComponentItem {
    /// Its name.
    pub name: String,
    /// What it is: `core module`, `function`, `value`, `type`, `instance` or `component`.
    pub kind: String,
}

/// Tells what a module or a component has, in the binary or the text format.
///
/// # Errors
///
/// If the input is not a valid module or component. One that a bake refuses is read as far as it is valid.
///
/// ```
/// let found = cargo_preinit::inspect::inspect(br#"(module (memory 2 3) (global (mut i32) (i32.const 7)))"#)?;
/// assert_eq!(found.modules[0].memories[0].maximum, Some(3));
/// assert_eq!(found.modules[0].globals[0].value.as_ref().map(|value| &*value.text), Some("7"));
/// # Ok::<(), cargo_preinit::InputError>(())
/// ```
pub fn inspect(input: &[u8]) -> Result<Inspection, InputError> {
    let wasm = to_binary(input)?;
    Ok(of_file(&File::read(&wasm)?))
}

/// What a file has that has been read.
pub(crate) fn of_file(file: &File<'_>) -> Inspection {
    let modules: Vec<Module> = (0..)
        .zip(&file.modules)
        .map(|(id, placed)| module(id, placed))
        .collect();
    let component = component(file);
    let whole = file.components.first();
    let own = whole
        .map(|whole| file.sections_of_component(whole))
        .unwrap_or_default();
    let inner = file
        .modules
        .iter()
        .flat_map(|placed| File::sections_of(&placed.module));
    let tools = component.iter().flat_map(|component| &component.producers);
    let mut tools = tools.chain(modules.iter().flat_map(|module| &module.producers));
    let ours = tools.find(|tool| tool.field == "processed-by" && tool.name == env!("CARGO_PKG_NAME"));
    Inspection {
        is_component: component.is_some(),
        sizes: sizes::of_file(file),
        notes: file.notes.clone(),
        stamp: own.into_iter().chain(inner).find_map(|section| stamp(&section)),
        baked_by: ours.map(|tool| tool.version.clone()),
        component,
        modules,
    }
}

fn component(file: &File<'_>) -> Option<Component> {
    let whole = file.components.first()?;
    let mut component = Component {
        imports: Vec::new(),
        exports: Vec::new(),
        nested: u32::try_from(file.components.len() - 1).unwrap_or(u32::MAX),
        producers: producers(&file.sections_of_component(whole)),
    };
    for section in &whole.sections {
        match &section.definitions {
            Definitions::Imports(imports) => {
                component
                    .imports
                    .extend(imports.iter().map(|import| ComponentItem {
                        name: import.name.name.to_owned(),
                        kind: word(import.ty.kind()).to_owned(),
                    }));
            }
            Definitions::Exports(exports) => {
                component
                    .exports
                    .extend(exports.iter().map(|export| ComponentItem {
                        name: export.name.name.to_owned(),
                        kind: word(export.kind).to_owned(),
                    }));
            }
            _ => {}
        }
    }
    Some(component)
}

fn word(kind: wasmparser::ComponentExternalKind) -> &'static str {
    use wasmparser::ComponentExternalKind;
    match kind {
        ComponentExternalKind::Module => "core module",
        ComponentExternalKind::Func => "function",
        ComponentExternalKind::Value => "value",
        ComponentExternalKind::Type => "type",
        ComponentExternalKind::Instance => "instance",
        ComponentExternalKind::Component => "component",
    }
}
