//! The index spaces of a module, to which functions and exports are added.

use std::borrow::Cow;
use std::collections::BTreeMap;

use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, Encode, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, RawSection, SectionId, StartSection, TypeSection,
};
use wasmparser::{CompositeInnerType, ExternalKind, FuncType, Parser, Payload, TypeRef, ValType};

use super::stack::Stack;
use crate::splice::{ORDER, extended, without_number};

/// Exports, by name.
pub(super) type Exports = BTreeMap<String, (ExportKind, u32)>;

/// The index spaces and sections of a module.
#[derive(Default)]
pub(super) struct Shape<'a> {
    pub(super) sections: Vec<(u8, &'a [u8])>,
    pub(super) types: Vec<CompositeInnerType>,
    pub(super) functions: Vec<u32>,
    pub(super) imported_functions: u32,
    pub(super) tables: Vec<wasmparser::TableType>,
    pub(super) memories: Vec<wasmparser::MemoryType>,
    pub(super) imported_memories: u32,
    pub(super) globals: Vec<wasmparser::GlobalType>,
    pub(super) imported_globals: u32,
    /// The types of the tags.
    pub(super) tags: Vec<u32>,
    pub(super) has_start: bool,
    pub(super) elements: u32,
    pub(super) data: u32,
    pub(super) exports: Vec<(&'a str, ExternalKind, u32)>,
    /// The shadow stack of added functions.
    pub(super) stack: Option<Stack>,
}

impl<'a> Shape<'a> {
    pub(super) fn read(wasm: &'a [u8]) -> wasmparser::Result<Self> {
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
                Payload::TagSection(reader) => {
                    for tag in reader {
                        shape.tags.push(tag?.func_type_idx);
                    }
                }
                Payload::StartSection { .. } => shape.has_start = true,
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
            TypeRef::Memory(ty) => {
                self.memories.push(ty);
                self.imported_memories += 1;
            }
            TypeRef::Global(ty) => {
                self.globals.push(ty);
                self.imported_globals += 1;
            }
            TypeRef::Tag(ty) => self.tags.push(ty.func_type_idx),
        }
    }

    pub(super) fn signature(&self, function: u32) -> Option<&FuncType> {
        self.function_type(*self.functions.get(function as usize)?)
    }

    pub(super) fn function_type(&self, ty: u32) -> Option<&FuncType> {
        match self.types.get(ty as usize)? {
            CompositeInnerType::Func(ty) => Some(ty),
            _ => None,
        }
    }
}

/// Entries to add to a module, behind its own.
#[derive(Default, Clone)]
pub(super) struct Additions {
    types: TypeSection,
    globals: GlobalSection,
    /// The types of the functions.
    functions: Vec<u32>,
    pub(super) bodies: Vec<Function>,
    elements: ElementSection,
    /// The start function, in a module that has none.
    pub(super) start: Option<u32>,
}

impl Additions {
    /// The index of a function type, which is added if the module has none like it.
    pub(super) fn ty(
        &mut self,
        shape: &mut Shape<'_>,
        params: &[ValType],
        results: &[ValType],
    ) -> Option<u32> {
        let wanted = FuncType::new(params.iter().copied(), results.iter().copied());
        let found = shape
            .types
            .iter()
            .position(|ty| matches!(ty, CompositeInnerType::Func(ty) if *ty == wanted));
        let index = found.unwrap_or(shape.types.len());
        if found.is_none() {
            let encoded = |types: &[ValType]| -> Option<Vec<_>> {
                types
                    .iter()
                    .map(|ty| RoundtripReencoder.val_type(*ty).ok())
                    .collect()
            };
            let (params, results) = (encoded(params)?, encoded(results)?);
            self.types.ty().function(params, results);
            shape.types.push(CompositeInnerType::Func(wanted));
        }
        u32::try_from(index).ok()
    }

    /// Adds a global, which functions that are added later may use.
    pub(super) fn global(
        &mut self,
        shape: &mut Shape<'_>,
        ty: wasmparser::GlobalType,
        value: &ConstExpr,
    ) -> Option<u32> {
        self.globals
            .global(RoundtripReencoder.global_type(ty).ok()?, value);
        shape.globals.push(ty);
        u32::try_from(shape.globals.len() - 1).ok()
    }

    /// Adds a function, which functions that are added later do not call.
    pub(super) fn function(&mut self, shape: &Shape<'_>, ty: u32, body: Function) -> Option<u32> {
        let index = shape.functions.len() + self.bodies.len();
        self.functions.push(ty);
        self.bodies.push(body);
        u32::try_from(index).ok()
    }

    /// Declares functions for `ref.func` that are no longer exported.
    pub(super) fn declare(&mut self, functions: &[u32]) {
        self.elements
            .declared(Elements::Functions(Cow::Borrowed(functions)));
    }

    /// The type of a function of the module or of an added one.
    pub(super) fn type_of(&self, shape: &Shape<'_>, function: u32) -> Option<u32> {
        let position = function as usize;
        let mut types = shape.functions.iter().chain(&self.functions);
        types.nth(position).copied()
    }

    /// Writes the module with these exports, and with the added entries.
    pub(super) fn write(&self, shape: &Shape<'_>, exports: &Exports) -> Option<Vec<u8>> {
        let mut section = ExportSection::new();
        for (name, (kind, index)) in exports {
            section.export(name, *kind, *index);
        }
        let mut functions = FunctionSection::new();
        for ty in &self.functions {
            functions.function(*ty);
        }
        let mut code = CodeSection::new();
        for body in &self.bodies {
            code.function(body);
        }
        let mut output = wasm_encoder::Module::new();
        for id in ORDER {
            let added = match id {
                SectionId::Export => {
                    output.section(&section);
                    continue;
                }
                SectionId::Start if self.start.is_some() => {
                    output.section(&StartSection {
                        function_index: self.start?,
                    });
                    continue;
                }
                SectionId::Type => entries(&self.types)?,
                SectionId::Element => entries(&self.elements)?,
                SectionId::Global => entries(&self.globals)?,
                SectionId::Function => entries(&functions)?,
                SectionId::Code => entries(&code)?,
                _ => (0, Vec::new()),
            };
            let id = u8::from(id);
            let old = shape.sections.iter().find(|(section, _)| *section == id);
            let old = old.map(|(_, data)| *data);
            match (old, added) {
                (Some(data), (0, _)) => {
                    output.section(&RawSection { id, data });
                }
                (None, (0, _)) => {}
                (old, (count, entries)) => {
                    let data = extended(old, count, &entries).ok()?;
                    output.section(&RawSection { id, data: &data });
                }
            }
        }
        for (id, data) in &shape.sections {
            if *id == u8::from(SectionId::Custom) {
                output.section(&RawSection { id: *id, data });
            }
        }
        Some(output.finish())
    }
}

/// The number of entries of a section, and their bytes.
fn entries(section: &impl Encode) -> Option<(u32, Vec<u8>)> {
    let mut bytes = Vec::new();
    section.encode(&mut bytes);
    let (_, contents) = without_number(&bytes).ok()?;
    let (count, entries) = without_number(contents).ok()?;
    Some((count, entries.to_vec()))
}
