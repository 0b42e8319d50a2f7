//! Gives a module or a component an init that does nothing.

use std::collections::BTreeSet;

use crate::splice::{ORDER, extended};
use wasm_encoder::{ComponentSection as _, Encode, Module, RawSection, SectionId};
use wasmparser::{Parser, Payload, Result, TypeRef, Validator, WasmFeatures};

/// The sections of a module, in order: the ID and the contents of each.
struct Sections(Vec<(u8, Vec<u8>)>);

/// Adds an exported function that does nothing to a component, and returns the component and the function's name. It has a core
/// module of its own. All bytes before it stay.
pub fn add_to_component(wasm: &[u8], features: WasmFeatures) -> Result<(Vec<u8>, String)> {
    const NAME: &str = "does-nothing";
    let types = Validator::new_with_features(features).validate_all(wasm)?;
    let types = types.as_ref();
    let mut output = wasm.to_vec();
    let mut module = Module::new();
    let mut functions = wasm_encoder::FunctionSection::new();
    let mut exports = wasm_encoder::ExportSection::new();
    let mut code = wasm_encoder::CodeSection::new();
    let mut signatures = wasm_encoder::TypeSection::new();
    signatures.ty().function([], []);
    functions.function(0);
    exports.export(NAME, wasm_encoder::ExportKind::Func, 0);
    let mut body = wasm_encoder::Function::new([]);
    body.instruction(&wasm_encoder::Instruction::End);
    code.function(&body);
    module
        .section(&signatures)
        .section(&functions)
        .section(&exports)
        .section(&code);
    wasm_encoder::ModuleSection(&module).append_to_component(&mut output);
    let mut instances = wasm_encoder::InstanceSection::new();
    instances.instantiate::<_, &str>(types.module_count(), []);
    instances.append_to_component(&mut output);
    let mut aliases = wasm_encoder::ComponentAliasSection::new();
    aliases.alias(wasm_encoder::Alias::CoreInstanceExport {
        instance: types.core_instance_count(),
        kind: wasm_encoder::ExportKind::Func,
        name: NAME,
    });
    aliases.append_to_component(&mut output);
    let mut signatures = wasm_encoder::ComponentTypeSection::new();
    let no_parameters: [(&str, wasm_encoder::ComponentValType); 0] = [];
    signatures.function().params(no_parameters).result(None);
    signatures.append_to_component(&mut output);
    let mut lifts = wasm_encoder::CanonicalFunctionSection::new();
    lifts.lift(types.function_count(), types.component_type_count(), []);
    lifts.append_to_component(&mut output);
    let mut exports = wasm_encoder::ComponentExportSection::new();
    let function = types.component_function_count();
    exports.export(NAME, wasm_encoder::ComponentExportKind::Func, function, None);
    exports.append_to_component(&mut output);
    Ok((output, NAME.to_owned()))
}

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
