//! Adds exported functions to a module that has its own way of being called, so that all subjects are called alike.
//!
//! Sections are copied as they stand, but for those that get an entry more.

use anyhow::{Context as _, Result, bail};
use wasm_encoder::{CodeSection, Encode as _, Function, Module, RawSection, SectionId, ValType};
use wasmparser::{BinaryReader, ExternalKind, Parser, Payload, TypeRef};

/// A function to add.
pub struct Added {
    pub export: &'static str,
    pub parameters: Vec<ValType>,
    pub results: Vec<ValType>,
    pub body: Function,
}

/// The number of an exported function.
pub fn exported_function(wasm: &[u8], name: &str) -> Result<u32> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ExportSection(exports) = payload? {
            for export in exports {
                let export = export?;
                if export.name == name && export.kind == ExternalKind::Func {
                    return Ok(export.index);
                }
            }
        }
    }
    bail!("no function is exported as `{name}`")
}

/// Returns the module with an instruction more at the start of an exported function, so that it does the same with other code.
pub fn changed(wasm: &[u8], export: &str) -> Result<Vec<u8>> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
    }
    let index = exported_function(wasm, export)?
        .checked_sub(imported)
        .context("it is not imported")?;
    let mut section = CodeSection::new();
    for (position, body) in (0..).zip(&bodies) {
        let mut bytes = body.as_bytes().to_vec();
        if position == index {
            let start = body.get_operators_reader()?.original_position() - body.range().start;
            bytes.splice(start..start, [0x01]); // `nop`
        }
        section.raw(&bytes);
    }
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match payload.as_section() {
            Some((id, _)) if id == u8::from(SectionId::Code) => {
                module.section(&section);
            }
            Some((id, range)) => {
                module.section(&RawSection {
                    id,
                    data: &wasm[range],
                });
            }
            None => {}
        }
    }
    Ok(module.finish())
}

/// Returns the module with the functions.
pub fn add(wasm: &[u8], added: &[Added]) -> Result<Vec<u8>> {
    let mut types = 0;
    let mut functions = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(section) => types = section.count(),
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    functions += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::FunctionSection(section) => functions += section.count(),
            _ => {}
        }
    }
    let mut more_types = Vec::new();
    let mut more_functions = Vec::new();
    let mut more_exports = Vec::new();
    let mut more_code = Vec::new();
    for (position, function) in (0..).zip(added) {
        more_types.push(0x60);
        function.parameters.encode(&mut more_types);
        function.results.encode(&mut more_types);
        (types + position).encode(&mut more_functions);
        function.export.encode(&mut more_exports);
        more_exports.push(0x00);
        (functions + position).encode(&mut more_exports);
        function.body.encode(&mut more_code);
    }
    let mut output = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Some((id, range)) = payload?.as_section() else {
            continue;
        };
        let data = wasm.get(range).context("a section is in the module")?;
        let more = match id {
            id if id == SectionId::Type as u8 => &more_types,
            id if id == SectionId::Function as u8 => &more_functions,
            id if id == SectionId::Export as u8 => &more_exports,
            id if id == SectionId::Code as u8 => &more_code,
            _ => {
                output.section(&RawSection { id, data });
                continue;
            }
        };
        let mut reader = BinaryReader::new(data, 0);
        let count = reader.read_var_u32()?;
        let mut longer = Vec::with_capacity(data.len() + more.len() + 5);
        (count + u32::try_from(added.len())?).encode(&mut longer);
        longer.extend(reader.read_bytes(reader.bytes_remaining())?);
        longer.extend(more);
        output.section(&RawSection { id, data: &longer });
    }
    Ok(output.finish())
}
