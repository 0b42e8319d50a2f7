//! What made a module, by its custom sections.

use serde::Serialize;
use wasmparser::{BinaryReader, KnownCustom};

use super::read::Section;

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
