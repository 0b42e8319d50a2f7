//! A component as it is written: its sections, and what each of them defines.

use std::fmt;
use std::ops::Range;

use wasmparser::types::Types;
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExport, ComponentImport, ComponentInstance,
    ComponentTypeSectionReader, Instance, Parser, Payload, ValidPayload, Validator, WasmFeatures,
};

use super::error::InputError;
use super::index::{ComponentId, ModuleId};
use super::module::count;
use super::proposals::unknown_to_components;

/// A component: the whole input, or one that is nested in another.
#[derive(Debug)]
pub(crate) struct Component<'a> {
    /// Its bytes in the file, from its preamble on.
    pub(crate) range: Range<usize>,
    pub(crate) sections: Vec<ComponentSection<'a>>,
}

/// A section of a component.
pub(crate) struct ComponentSection<'a> {
    /// Its contents in the file.
    pub(crate) range: Range<usize>,
    pub(crate) definitions: Definitions<'a>,
}

impl fmt::Debug for ComponentSection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ComponentSection")
            .field("range", &self.range)
            .finish_non_exhaustive()
    }
}

/// What a section defines, in order. Each definition adds to the index space of its sort.
pub(crate) enum Definitions<'a> {
    Custom,
    Module(ModuleId),
    Component(ComponentId),
    CoreInstances(Vec<Instance<'a>>),
    Instances(Vec<ComponentInstance<'a>>),
    Aliases(Vec<ComponentAlias<'a>>),
    Types(ComponentTypeSectionReader<'a>),
    /// Types of core modules.
    CoreTypes,
    Canonicals(Vec<CanonicalFunction>),
    Imports(Vec<ComponentImport<'a>>),
    Exports(Vec<ComponentExport<'a>>),
}

impl Definitions<'_> {
    /// How many definitions there are, types not counted.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Custom | Self::Types(_) | Self::CoreTypes => 0,
            Self::Module(_) | Self::Component(_) => 1,
            Self::CoreInstances(instances) => instances.len(),
            Self::Instances(instances) => instances.len(),
            Self::Aliases(aliases) => aliases.len(),
            Self::Canonicals(canonicals) => canonicals.len(),
            Self::Imports(imports) => imports.len(),
            Self::Exports(exports) => exports.len(),
        }
    }
}

/// How deep components may be nested.
const MAX_NESTED: usize = 1_000;

/// Why a component cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Invalid(#[from] wasmparser::Error),
    #[error("it is cut off")]
    CutOff,
    #[error("its components are nested more than {MAX_NESTED} deep")]
    TooDeep,
}

impl ReadError {
    /// The error of an input that is a component with these bytes.
    pub(crate) fn in_input(self, wasm: &[u8]) -> InputError {
        match self {
            Self::CutOff => InputError::Truncated(wasm.len()),
            Self::TooDeep => InputError::Nested(self.to_string()),
            Self::Invalid(error) => match unknown_to_components(wasm) {
                Some(names) => InputError::ComponentModel(names),
                None => InputError::from_parser(error, wasm),
            },
        }
    }
}

/// All components and core modules of a file.
#[derive(Default)]
pub(crate) struct Definition<'a> {
    /// By [`ComponentId`], each before those that are nested in it. The first is the file.
    pub(crate) components: Vec<Component<'a>>,
    /// The bytes of each module in the file, by [`ModuleId`].
    pub(crate) modules: Vec<Range<usize>>,
    /// The types of what the file imports and exports.
    pub(super) types: Option<Types>,
}

impl<'a> Definition<'a> {
    /// Reads and validates a component, but for the bodies of the functions in its modules.
    ///
    /// # Errors
    ///
    /// If it is not valid, cut off, or nested too deep.
    pub(crate) fn read(wasm: &'a [u8], features: WasmFeatures) -> Result<Self, ReadError> {
        let mut validator = Validator::new_with_features(features);
        let mut parser = Parser::new(0);
        parser.set_features(features);
        let mut definition = Self {
            components: vec![Component {
                range: 0..wasm.len(),
                sections: Vec::new(),
            }],
            modules: Vec::new(),
            types: None,
        };
        // The components around the payload, from the outermost on.
        let mut around = vec![ComponentId(0)];
        let mut is_in_module = false;
        for payload in parser.parse_all(wasm) {
            let payload = payload?;
            if let ValidPayload::End(types) = validator.payload(&payload)? {
                // The last one is that of the file.
                definition.types = Some(types);
            }
            if is_in_module {
                is_in_module = !matches!(payload, Payload::End(_));
                continue;
            }
            if let Payload::End(_) = payload {
                around.pop();
                continue;
            }
            let Some((_, range)) = payload.as_section() else {
                continue;
            };
            // The parser does not check that a nested module or component ends within the file.
            if range.end > wasm.len() {
                return Err(ReadError::CutOff);
            }
            if around.len() > MAX_NESTED {
                return Err(ReadError::TooDeep);
            }
            let Some(&component) = around.last() else {
                continue;
            };
            let definitions = match payload {
                Payload::ModuleSection { .. } => {
                    let module = ModuleId(count(definition.modules.len()));
                    definition.modules.push(range.clone());
                    is_in_module = true;
                    Definitions::Module(module)
                }
                Payload::ComponentSection { .. } => {
                    let nested = ComponentId(count(definition.components.len()));
                    definition.components.push(Component {
                        range: range.clone(),
                        sections: Vec::new(),
                    });
                    around.push(nested);
                    Definitions::Component(nested)
                }
                payload => definitions(payload)?,
            };
            let sections = &mut definition.components[component.position()].sections;
            sections.push(ComponentSection { range, definitions });
        }
        Ok(definition)
    }
}

/// The definitions of a section that holds neither a module nor a component.
fn definitions(payload: Payload<'_>) -> wasmparser::Result<Definitions<'_>> {
    Ok(match payload {
        Payload::InstanceSection(reader) => Definitions::CoreInstances(all(reader)?),
        Payload::ComponentInstanceSection(reader) => Definitions::Instances(all(reader)?),
        Payload::ComponentAliasSection(reader) => Definitions::Aliases(all(reader)?),
        Payload::CoreTypeSection(_) => Definitions::CoreTypes,
        Payload::ComponentTypeSection(reader) => Definitions::Types(reader),
        Payload::ComponentCanonicalSection(reader) => Definitions::Canonicals(all(reader)?),
        Payload::ComponentImportSection(reader) => Definitions::Imports(all(reader)?),
        Payload::ComponentExportSection(reader) => Definitions::Exports(all(reader)?),
        // Any other section is not valid in a component, or belongs to a proposal that the validator was not given.
        _ => Definitions::Custom,
    })
}

fn all<'a, T: wasmparser::FromReader<'a>>(
    reader: wasmparser::SectionLimited<'a, T>,
) -> wasmparser::Result<Vec<T>> {
    reader.into_iter().collect()
}

/// What an interface of WASI 0.2 is called without its version; `None` for any other name.
pub(crate) fn wasi_interface(name: &str) -> Option<&str> {
    let (interface, version) = name.split_once('@')?;
    (interface.starts_with("wasi:") && version.starts_with("0.2.")).then_some(interface)
}
