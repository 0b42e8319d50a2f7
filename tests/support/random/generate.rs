//! Random modules: wasm-smith's, with functions that can be init, and exports to look in through.

mod init;

use std::collections::BTreeMap;

use arbitrary::Unstructured;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, Encode as _, ExportKind, ExportSection, ImportSection, MemorySection, MemoryType,
    RawSection, SectionId,
};
use wasm_smith::{Config, InstructionKind, InstructionKinds, MemoryOffsetChoices, Module};
use wasmparser::{CompositeInnerType, ExternalKind, FuncType, Parser, Payload, TypeRef};

use super::Choices;
use crate::splice::{ORDER, extended, without_number};

/// How many functions that could be init are added to a module.
const INITS: u32 = 4;

/// A module to be baked.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) wasm: Vec<u8>,
    /// Exported functions of type `() -> ()`, to be tried as init in this order.
    pub(super) inits: Vec<String>,
    pub(super) has_shared_memory: bool,
}

/// Makes a module of bytes; `None` where wasm-smith wants others.
pub(super) fn generate(choices: &mut Choices, body: &[u8]) -> Option<Guest> {
    let mut source = Unstructured::new(body);
    let module = Module::new(config(choices), &mut source).ok()?;
    let wasm = module.to_bytes();
    let wasm = if choices.chance(1, 40) {
        wasm
    } else {
        unshare(&wasm)?
    };
    extend(&wasm, choices)
}

/// Swarm testing: each module leaves most features out, so that those that are left have room.
fn config(choices: &mut Choices) -> Config {
    let mut on = |of, out_of| choices.chance(of, out_of);
    let all_kinds = [
        InstructionKind::Numeric,
        InstructionKind::Vector,
        InstructionKind::Reference,
        InstructionKind::Parametric,
        InstructionKind::Variable,
        InstructionKind::Table,
        InstructionKind::Memory,
        InstructionKind::Control,
        InstructionKind::Aggregate,
    ];
    let kinds: Vec<InstructionKind> = all_kinds.into_iter().filter(|_| on(3, 4)).collect();
    let imports = on(2, 5);
    Config {
        allowed_instructions: InstructionKinds::new(&kinds),
        allow_floats: on(3, 4),
        allow_start_export: on(1, 6),
        bulk_memory_enabled: on(7, 8),
        reference_types_enabled: on(7, 8),
        simd_enabled: on(1, 2),
        relaxed_simd_enabled: on(1, 3),
        tail_call_enabled: on(1, 2),
        multi_value_enabled: on(3, 4),
        gc_enabled: on(2, 5),
        exceptions_enabled: on(1, 3),
        threads_enabled: on(1, 4),
        memory64_enabled: on(1, 2),
        custom_page_sizes_enabled: on(1, 3),
        wide_arithmetic_enabled: on(1, 2),
        extended_const_enabled: on(3, 4),
        saturating_float_to_int_enabled: on(3, 4),
        sign_extension_ops_enabled: on(3, 4),
        shared_everything_threads_enabled: false,
        custom_descriptors_enabled: false,
        generate_custom_sections: on(1, 8),
        disallow_traps: on(5, 6),
        memory_max_size_required: on(7, 8),
        table_max_size_required: on(7, 8),
        memory_offset_choices: MemoryOffsetChoices(98, 1, 1),
        limit_arrays_in_const_exprs: true,
        const_expr_fuel: 20,
        min_uleb_size: if on(1, 8) { 3 } else { 1 },
        max_imports: if imports { 6 } else { 0 },
        max_types: 12,
        max_type_size: 200,
        min_types: 2,
        min_funcs: 3,
        max_funcs: 12,
        max_instructions: if on(1, 8) { 300 } else { 60 },
        max_globals: 8,
        max_tags: 3,
        max_exports: 8,
        max_memories: 3,
        min_memories: u32::from(on(3, 4)),
        max_memory32_bytes: 1 << 18,
        max_memory64_bytes: 1 << 18,
        max_data_segments: 5,
        min_data_segments: usize::from(on(1, 2)),
        max_tables: 4,
        min_tables: u32::from(on(7, 8)),
        max_table_elements: 24,
        max_element_segments: 6,
        min_element_segments: usize::from(on(3, 4)),
        max_elements: 8,
        ..Config::default()
    }
}

/// Threads bring atomics, which are wanted, and shared memories, which are refused.
struct Unshare;

impl Reencode for Unshare {
    type Error = std::convert::Infallible;

    fn memory_type(
        &mut self,
        ty: wasmparser::MemoryType,
    ) -> Result<MemoryType, wasm_encoder::reencode::Error<Self::Error>> {
        Ok(MemoryType {
            shared: false,
            ..RoundtripReencoder
                .memory_type(ty)
                .map_err(|_| wasm_encoder::reencode::Error::UnexpectedNonCoreModuleSection)?
        })
    }
}

fn unshare(wasm: &[u8]) -> Option<Vec<u8>> {
    let mut output = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.ok()?;
        match payload {
            Payload::ImportSection(reader) => {
                let mut section = ImportSection::new();
                Unshare.parse_import_section(&mut section, reader).ok()?;
                output.section(&section);
            }
            Payload::MemorySection(reader) => {
                let mut section = MemorySection::new();
                Unshare.parse_memory_section(&mut section, reader).ok()?;
                output.section(&section);
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    output.section(&RawSection {
                        id,
                        data: &wasm[range],
                    });
                }
            }
        }
    }
    Some(output.finish())
}

/// What has to be known of a module to add functions and exports to it.
#[derive(Default)]
struct Shape<'a> {
    sections: Vec<(u8, &'a [u8])>,
    types: Vec<CompositeInnerType>,
    functions: Vec<u32>,
    imported_functions: u32,
    tables: Vec<wasmparser::TableType>,
    memories: Vec<wasmparser::MemoryType>,
    globals: Vec<wasmparser::GlobalType>,
    tags: u32,
    elements: u32,
    data: u32,
    exports: Vec<(&'a str, ExternalKind, u32)>,
}

impl<'a> Shape<'a> {
    fn read(wasm: &'a [u8]) -> wasmparser::Result<Self> {
        let mut shape = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Some((id, range)) = payload.as_section() {
                shape.sections.push((id, &wasm[range]));
            }
            match payload {
                Payload::TypeSection(reader) => {
                    for group in reader {
                        for ty in group?.into_types() {
                            shape.types.push(ty.composite_type.inner);
                        }
                    }
                }
                Payload::ImportSection(reader) => {
                    for import in reader.into_imports() {
                        shape.import(import?.ty);
                    }
                }
                Payload::FunctionSection(reader) => {
                    for ty in reader {
                        shape.functions.push(ty?);
                    }
                }
                Payload::TableSection(reader) => {
                    for table in reader {
                        shape.tables.push(table?.ty);
                    }
                }
                Payload::MemorySection(reader) => {
                    for memory in reader {
                        shape.memories.push(memory?);
                    }
                }
                Payload::GlobalSection(reader) => {
                    for global in reader {
                        shape.globals.push(global?.ty);
                    }
                }
                Payload::TagSection(reader) => shape.tags += reader.count(),
                Payload::ElementSection(reader) => shape.elements = reader.count(),
                Payload::DataCountSection { count, .. } => shape.data = count,
                Payload::ExportSection(reader) => {
                    for export in reader {
                        let export = export?;
                        shape.exports.push((export.name, export.kind, export.index));
                    }
                }
                _ => {}
            }
        }
        Ok(shape)
    }

    fn import(&mut self, ty: TypeRef) {
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.functions.push(ty);
                self.imported_functions += 1;
            }
            TypeRef::Table(ty) => self.tables.push(ty),
            TypeRef::Memory(ty) => self.memories.push(ty),
            TypeRef::Global(ty) => self.globals.push(ty),
            TypeRef::Tag(_) => self.tags += 1,
        }
    }

    fn signature(&self, function: u32) -> Option<&FuncType> {
        let ty = *self.functions.get(function as usize)?;
        match self.types.get(ty as usize)? {
            CompositeInnerType::Func(ty) => Some(ty),
            _ => None,
        }
    }
}

fn extend(wasm: &[u8], choices: &mut Choices) -> Option<Guest> {
    let shape = Shape::read(wasm).ok()?;
    let functions = u32::try_from(shape.functions.len()).ok()?;
    let own_type = shape.types.iter().position(
        |ty| matches!(ty, CompositeInnerType::Func(ty) if ty.params().is_empty() && ty.results().is_empty()),
    );
    let ty = u32::try_from(own_type.unwrap_or(shape.types.len())).ok()?;
    // Most modules show everything, so that everything can be compared. What others keep for themselves is seen
    // through what their functions answer.
    let shows_everything = choices.chance(4, 5);
    let mut exports: BTreeMap<String, (ExportKind, u32)> = shape
        .exports
        .iter()
        .map(|(name, kind, index)| ((*name).to_owned(), (ExportKind::from(*kind), *index)))
        .collect();
    let mut inits = Vec::new();
    for init in 0..INITS {
        let name = if init == 1 {
            "wizer.initialize".to_owned()
        } else {
            format!("init-{init}")
        };
        exports.insert(name.clone(), (ExportKind::Func, functions + init));
        inits.push(name);
    }
    for function in 0..functions {
        let is_procedure = shape
            .signature(function)
            .is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty());
        if shows_everything {
            exports.insert(format!("f{function}"), (ExportKind::Func, function));
        }
        if is_procedure && function >= shape.imported_functions && shows_everything {
            inits.push(format!("f{function}"));
        }
    }
    if shows_everything {
        let spaces = [
            ("t", ExportKind::Table, u32::try_from(shape.tables.len()).ok()?),
            ("m", ExportKind::Memory, u32::try_from(shape.memories.len()).ok()?),
            ("g", ExportKind::Global, u32::try_from(shape.globals.len()).ok()?),
            ("e", ExportKind::Tag, shape.tags),
        ];
        for (prefix, kind, count) in spaces {
            for index in 0..count {
                exports.insert(format!("{prefix}{index}"), (kind, index));
            }
        }
    }
    // The last of those that are added calls nothing, so it comes to its end where all others do not.
    let quiet = inits.remove(INITS as usize - 1);
    let start = choices.below(inits.len());
    inits.rotate_left(start);
    inits.truncate(5);
    inits.push(quiet);
    let mut section = ExportSection::new();
    for (name, (kind, index)) in exports {
        section.export(&name, kind, index);
    }
    let mut code = CodeSection::new();
    for init in 0..INITS {
        let may_call = init + 1 < INITS;
        code.function(&init::init_body(&shape, shows_everything, may_call, choices));
    }
    let procedure = [0x60, 0x00, 0x00];
    let types: Vec<u8> = (0..INITS).flat_map(|_| leb(ty)).collect();
    let bodies = {
        let mut section = Vec::new();
        code.encode(&mut section);
        without_number(without_number(&section).ok()?.1).ok()?.1.to_vec()
    };
    let added = |id: u8| match id {
        id if id == u8::from(SectionId::Type) && own_type.is_none() => Some((1, procedure.to_vec())),
        id if id == u8::from(SectionId::Function) => Some((INITS, types.clone())),
        id if id == u8::from(SectionId::Code) => Some((INITS, bodies.clone())),
        _ => None,
    };
    let output = splice(&shape, &section, added)?;
    Some(Guest {
        wasm: output,
        inits,
        has_shared_memory: shape.memories.iter().any(|memory| memory.shared),
    })
}

/// Writes the module with other exports, and with more entries in some sections.
fn splice(
    shape: &Shape<'_>,
    exports: &ExportSection,
    added: impl Fn(u8) -> Option<(u32, Vec<u8>)>,
) -> Option<Vec<u8>> {
    let mut output = wasm_encoder::Module::new();
    for id in ORDER {
        if id == SectionId::Export {
            output.section(exports);
            continue;
        }
        let id = u8::from(id);
        let old = shape
            .sections
            .iter()
            .find(|(section, _)| *section == id)
            .map(|(_, data)| *data);
        match (old, added(id)) {
            (Some(data), None) => {
                output.section(&RawSection { id, data });
            }
            (old, Some((count, entries))) => {
                let data = extended(old, count, &entries).ok()?;
                output.section(&RawSection { id, data: &data });
            }
            (None, None) => {}
        }
    }
    for (id, data) in &shape.sections {
        if *id == u8::from(SectionId::Custom) {
            output.section(&RawSection { id: *id, data });
        }
    }
    Some(output.finish())
}

fn leb(number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    number.encode(&mut bytes);
    bytes
}
