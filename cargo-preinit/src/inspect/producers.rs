//! What made a module, by its custom sections.

#[cfg(feature = "cli")]
use std::collections::BTreeSet;

use serde::Serialize;
use wasmparser::{BinaryReader, KnownCustom};

#[cfg(feature = "cli")]
use super::read::File;
use super::read::Section;
#[cfg(feature = "cli")]
use crate::guest::{InputError, to_binary};

/// A language or a tool, as the `producers` section names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Producer {
    /// The field that it is in: `language`, `processed-by` or `sdk`.
    pub field: String,
    /// Its name.
    pub name: String,
    /// Its version; often empty.
    pub version: String,
}

/// What the `producers` sections of a file name, those of a component's modules included; each once, in order.
///
/// # Errors
///
/// If the file is not a valid module or component.
#[cfg(feature = "cli")]
pub(crate) fn made_by(input: &[u8]) -> Result<Vec<Producer>, InputError> {
    let wasm = to_binary(input)?;
    let file = File::read(&wasm)?;
    let of_components = file.components.iter();
    let of_components = of_components.flat_map(|component| producers(&file.sections_of_component(component)));
    let of_modules = file.modules.iter();
    let of_modules = of_modules.flat_map(|placed| producers(&File::sections_of(&placed.module)));
    let all: BTreeSet<Producer> = of_components.chain(of_modules).collect();
    Ok(all.into_iter().collect())
}

/// What the `producers` sections among these name. Reading one ends where it does not parse.
pub(crate) fn producers(sections: &[Section<'_>]) -> Vec<Producer> {
    let mut found = Vec::new();
    for custom in sections.iter().filter_map(Section::custom) {
        let KnownCustom::Producers(fields) = custom.as_known() else {
            continue;
        };
        for field in fields.into_iter().map_while(Result::ok) {
            for value in field.values.into_iter().map_while(Result::ok) {
                found.push(Producer {
                    field: field.name.to_owned(),
                    name: value.name.to_owned(),
                    version: value.version.to_owned(),
                });
            }
        }
    }
    found
}

/// The features that the `target_features` sections among these name, each with its prefix, as in `+simd128`.
pub(crate) fn target_features(sections: &[Section<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    for custom in sections.iter().filter_map(Section::custom) {
        if custom.name() != "target_features" {
            continue;
        }
        let mut reader = BinaryReader::new(custom.data(), 0);
        let count = reader.read_var_u32().unwrap_or(0);
        for _ in 0..count {
            let (Ok(prefix), Ok(name)) = (reader.read_u8(), reader.read_string()) else {
                break;
            };
            found.push(format!("{}{name}", char::from(prefix)));
        }
    }
    found
}
