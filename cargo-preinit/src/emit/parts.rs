//! The module that is to shrink, by its index spaces.
//!
//! It is the output of the rewrite, so it is read here and not validated: what comes of it will be.

use wasmparser::{
    BinaryReader, CompositeInnerType, Data, Element, Export, FunctionBody, Global, Import, MemoryType,
    Parser, Payload, Table, TagType, TypeRef, ValType,
};

use crate::guest::{CUSTOM_SECTION, RawSection, features};

/// What the sections of a module hold. Index spaces do not have the imported ones, which come first.
pub(super) struct Parts<'a> {
    pub(super) wasm: &'a [u8],
    /// In the order in which they stand.
    pub(super) sections: Vec<RawSection>,
    pub(super) types: u32,
    /// Whether types can be left out: whether no type names another, is in a group with others, or is no function's.
    pub(super) are_types_plain: bool,
    pub(super) imports: Vec<Import<'a>>,
    pub(super) imported: Imported,
    /// The types of the functions.
    pub(super) functions: Vec<u32>,
    pub(super) tables: Vec<Table<'a>>,
    pub(super) memories: Vec<MemoryType>,
    pub(super) globals: Vec<Global<'a>>,
    pub(super) tags: Vec<TagType>,
    pub(super) exports: Vec<Export<'a>>,
    pub(super) start: Option<u32>,
    pub(super) elements: Vec<Element<'a>>,
    pub(super) data: Vec<Data<'a>>,
    pub(super) bodies: Vec<FunctionBody<'a>>,
}

/// How many of each are imported.
#[derive(Default, Clone, Copy)]
pub(super) struct Imported {
    pub(super) functions: u32,
    pub(super) tables: u32,
    pub(super) memories: u32,
    pub(super) globals: u32,
    pub(super) tags: u32,
}

impl<'a> Parts<'a> {
    pub(super) fn read(wasm: &'a [u8]) -> wasmparser::Result<Self> {
        let mut parts = Self {
            wasm,
            sections: Vec::new(),
            types: 0,
            are_types_plain: true,
            imports: Vec::new(),
            imported: Imported::default(),
            functions: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            tags: Vec::new(),
            exports: Vec::new(),
            start: None,
            elements: Vec::new(),
            data: Vec::new(),
            bodies: Vec::new(),
        };
        let mut parser = Parser::new(0);
        parser.set_features(features());
        for payload in parser.parse_all(wasm) {
            parts.note(payload?)?;
        }
        Ok(parts)
    }

    fn note(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        if let Some((id, range)) = payload.as_section() {
            self.sections.push(RawSection { id, range });
        }
        match payload {
            Payload::TypeSection(types) => {
                for group in types {
                    let group = group?;
                    self.are_types_plain &= !group.is_explicit_rec_group();
                    for ty in group.into_types() {
                        self.types += 1;
                        self.are_types_plain &= is_plain(&ty);
                    }
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.imports.push(import?);
                }
                self.imported = Imported::of(&self.imports);
            }
            Payload::FunctionSection(all) => self.functions = all.into_iter().collect::<Result<_, _>>()?,
            Payload::TableSection(all) => self.tables = all.into_iter().collect::<Result<_, _>>()?,
            Payload::MemorySection(all) => self.memories = all.into_iter().collect::<Result<_, _>>()?,
            Payload::TagSection(all) => self.tags = all.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(all) => self.globals = all.into_iter().collect::<Result<_, _>>()?,
            Payload::ExportSection(all) => self.exports = all.into_iter().collect::<Result<_, _>>()?,
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(all) => self.elements = all.into_iter().collect::<Result<_, _>>()?,
            Payload::DataSection(all) => self.data = all.into_iter().collect::<Result<_, _>>()?,
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            _ => {}
        }
        Ok(())
    }

    pub(super) fn bytes(&self, section: &RawSection) -> &'a [u8] {
        &self.wasm[section.range.clone()]
    }

    /// The contents of the custom sections, with their names.
    pub(super) fn custom_sections(&self) -> impl Iterator<Item = &'a [u8]> {
        let customs = self
            .sections
            .iter()
            .filter(|section| section.id == CUSTOM_SECTION);
        customs.map(|section| self.bytes(section))
    }

    /// The body of a function; `None` for an imported one.
    pub(super) fn body(&self, function: u32) -> Option<FunctionBody<'a>> {
        let position = function.checked_sub(self.imported.functions)?;
        let range = self.bodies.get(position as usize)?.range();
        let bytes = &self.wasm[range.clone()];
        Some(FunctionBody::new(BinaryReader::new_features(
            bytes,
            range.start,
            features(),
        )))
    }
}

impl Imported {
    fn of(imports: &[Import<'_>]) -> Self {
        let mut imported = Self::default();
        for import in imports {
            *match import.ty {
                TypeRef::Func(_) | TypeRef::FuncExact(_) => &mut imported.functions,
                TypeRef::Table(_) => &mut imported.tables,
                TypeRef::Memory(_) => &mut imported.memories,
                TypeRef::Global(_) => &mut imported.globals,
                TypeRef::Tag(_) => &mut imported.tags,
            } += 1;
        }
        imported
    }
}

/// Whether a type is one of functions that names no other type.
fn is_plain(ty: &wasmparser::SubType) -> bool {
    let names_none = |ty: &ValType| !matches!(ty, ValType::Ref(ty) if ty.is_concrete_type_ref());
    match &ty.composite_type.inner {
        CompositeInnerType::Func(function) => {
            ty.is_final
                && ty.supertype_idx.is_none()
                && function.params().iter().chain(function.results()).all(names_none)
        }
        CompositeInnerType::Struct(_) | CompositeInnerType::Array(_) | CompositeInnerType::Cont(_) => false,
    }
}
