//! Gives a module an init that does nothing.

use std::collections::BTreeSet;

use crate::splice::{ORDER, extended};
use wasm_encoder::{Encode, Module, RawSection, SectionId};
use wasmparser::{Parser, Payload, Result, TypeRef};

/// The sections of a module, in order: the ID and the contents of each.
struct Sections(Vec<(u8, Vec<u8>)>);

/// Adds a function that does nothing, and exports it under an unused name. Returns the module and the name.
///
/// The sections' other bytes do not change, so that the unusual encodings in the test suite reach the bake.
pub fn add(wasm: &[u8]) -> Result<(Vec<u8>, String)> {
    let mut sections = Sections(Vec::new());
    let mut types: usize = 0;
    let mut functions: u32 = 0;
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::TypeSection(reader) => {
                for group in reader.clone() {
                    types += group?.types().len();
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.clone().into_imports() {
                    if matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)) {
                        functions += 1;
                    }
                }
            }
            Payload::FunctionSection(reader) => functions += reader.count(),
            Payload::ExportSection(reader) => {
                for export in reader.clone() {
                    names.insert(export?.name);
                }
            }
            _ => {}
        }
        if let Some((id, range)) = payload.as_section() {
            sections.0.push((id, wasm[range].to_vec()));
        }
    }
    let mut name = "no-op".to_owned();
    while names.contains(name.as_str()) {
        name.push('-');
    }
    sections.append(SectionId::Type, &[0x60, 0x00, 0x00])?; // () -> ()
    let mut entry = Vec::new();
    types.encode(&mut entry);
    sections.append(SectionId::Function, &entry)?;
    let mut entry = Vec::new();
    name.as_str().encode(&mut entry);
    entry.push(0x00); // a function
    functions.encode(&mut entry);
    sections.append(SectionId::Export, &entry)?;
    sections.append(SectionId::Code, &[0x02, 0x00, 0x0b])?; // two bytes: no locals, `end`
    let mut module = Module::new();
    for (id, data) in &sections.0 {
        module.section(&RawSection { id: *id, data });
    }
    Ok((module.finish(), name))
}

impl Sections {
    /// Adds an entry at the end of a section, which is created if it is missing.
    fn append(&mut self, id: SectionId, entry: &[u8]) -> Result<()> {
        let rank = |id: u8| ORDER.iter().position(|known| u8::from(*known) == id);
        let found = self.0.iter().position(|(other, _)| *other == u8::from(id));
        let position = found.unwrap_or_else(|| {
            let before =
                |(other, _): &(u8, Vec<u8>)| rank(*other).is_some_and(|other| Some(other) < rank(id.into()));
            let position = self.0.iter().rposition(before).map_or(0, |last| last + 1);
            self.0.insert(position, (id.into(), vec![0]));
            position
        });
        let data = &mut self.0[position].1;
        *data = extended(Some(data), 1, entry)?;
        Ok(())
    }
}
