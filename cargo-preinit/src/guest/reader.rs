//! Reads a module: a validating pass over the bytes that records what later stages need.

use std::collections::BTreeMap;

use wasmparser::{
    DataKind, ElementItems, ElementKind, Encoding, Parser, Payload, TableInit, TypeRef, ValType,
    ValidPayload, Validator, WasmFeatures,
};

use super::bodies::Bodies;
use super::error::InputError;
use super::external;
use super::facts::{CodeFacts, mark};
use super::index::{DataIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex};
use super::module::{
    DataSegment, ElementSegment, Global, GuestModule, Import, ImportKind, RawSection, SegmentMode, Table,
    count,
};
use super::proposals::{engine_features, features, names_of, unknown_to_engine};
use super::unsupported;

impl<'a> GuestModule<'a> {
    /// Reads and validates a module.
    ///
    /// # Errors
    ///
    /// If the bytes are not a valid core module, or declare something of a proposal that the engine does not have.
    pub fn parse(wasm: &'a [u8]) -> Result<Self, InputError> {
        let (module, undeclarable) = Self::parse_any(wasm)?;
        if undeclarable.is_empty() {
            Ok(module)
        } else {
            Err(InputError::Undeclarable(names_of(undeclarable)))
        }
    }

    /// Reads and validates a module, also one that the engine does not take, and returns the proposals of its declarations that
    /// the engine does not have.
    ///
    /// # Errors
    ///
    /// If the bytes are not a valid core module.
    pub(crate) fn parse_any(wasm: &'a [u8]) -> Result<(Self, WasmFeatures), InputError> {
        if !wasm.starts_with(b"\0asm") {
            return Err(if b"\0asm".starts_with(wasm) && !wasm.is_empty() {
                InputError::Truncated(wasm.len())
            } else {
                InputError::NotWasm
            });
        }
        let mut module = Self::empty(wasm);
        // The engine takes nearly all modules, so its features are tried first.
        let is_taken = module.read(engine_features()).is_ok();
        if is_taken && !module.has_exact_import && !module.proposals.intersects(unknown_to_engine()) {
            return Ok((module, WasmFeatures::empty()));
        }
        let mut module = Self::empty(wasm);
        module
            .read_unsupported()
            .map_err(|error| InputError::from_parser(error, wasm))?;
        Ok((module, unsupported::declarations(wasm)))
    }

    fn empty(wasm: &'a [u8]) -> Self {
        Self {
            wasm,
            sections: Vec::new(),
            types: Vec::new(),
            recursion_groups: Vec::new(),
            imports: Vec::new(),
            has_exact_import: false,
            functions: Vec::new(),
            imported_functions: 0,
            tables: Vec::new(),
            imported_tables: 0,
            memories: Vec::new(),
            imported_memories: 0,
            globals: Vec::new(),
            imported_globals: 0,
            tags: Vec::new(),
            imported_tags: 0,
            exports: Vec::new(),
            start: None,
            elements: Vec::new(),
            data: Vec::new(),
            bodies: Vec::new(),
            name: None,
            names: BTreeMap::new(),
            global_names: BTreeMap::new(),
            table_names: BTreeMap::new(),
            memory_names: BTreeMap::new(),
            data_names: BTreeMap::new(),
            code: CodeFacts::default(),
            proposals: WasmFeatures::empty(),
        }
    }

    /// Reads a module that the engine does not take as a whole, and marks the bodies that it does not take.
    fn read_unsupported(&mut self) -> wasmparser::Result<()> {
        self.read(features())?;
        for (body, is_taken) in self.bodies.iter_mut().zip(unsupported::bodies(self.wasm)) {
            if !is_taken || body.proposals.contains(WasmFeatures::CUSTOM_DESCRIPTORS) {
                body.unsupported = Some(body.proposals & unknown_to_engine());
            }
        }
        let supported = self.bodies.iter().filter(|body| body.unsupported.is_none());
        self.proposals = supported.fold(WasmFeatures::empty(), |all, body| all | body.proposals);
        Ok(())
    }

    fn read(&mut self, features: WasmFeatures) -> wasmparser::Result<()> {
        let mut validator = Validator::new_with_features(features);
        let mut functions = Vec::new();
        let mut parser = Parser::new(0);
        parser.set_features(features);
        for payload in parser.parse_all(self.wasm) {
            let payload = payload?;
            if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
                functions.push((function, body));
            }
            self.note_payload(payload)?;
        }
        let Bodies {
            bodies,
            facts,
            proposals,
        } = Bodies::read(&functions, &self.token_types())?;
        self.bodies = bodies;
        self.code.merge(facts);
        self.proposals = proposals;
        Ok(())
    }

    /// The types of the imported references that init may copy but not inspect.
    fn token_types(&self) -> Vec<ValType> {
        let tokens = external::tokens(self);
        tokens
            .map(|index| self.globals[index.position()].ty.content_type)
            .collect()
    }

    fn note_payload(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        if let Some((id, range)) = payload.as_section() {
            self.sections.push(RawSection { id, range });
        }
        match payload {
            Payload::Version { encoding, .. } => debug_assert_eq!(encoding, Encoding::Module),
            Payload::TypeSection(reader) => {
                for group in reader {
                    let group = group?;
                    let first = count(self.types.len());
                    let is_explicit = group.is_explicit_rec_group();
                    self.types.extend(group.into_types());
                    if is_explicit {
                        self.recursion_groups.push(first..count(self.types.len()));
                    }
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    let import = import?;
                    self.has_exact_import |= matches!(import.ty, TypeRef::FuncExact(_));
                    self.note_import(import);
                }
            }
            Payload::FunctionSection(reader) => {
                for ty in reader {
                    self.functions.push(TypeIndex(ty?));
                }
            }
            Payload::TableSection(reader) => {
                for table in reader {
                    let table = table?;
                    let init = match table.init {
                        TableInit::RefNull => None,
                        TableInit::Expr(expr) => Some(expr),
                    };
                    if let Some(expr) = &init {
                        self.code.note_const(expr)?;
                    }
                    self.tables.push(Table { ty: table.ty, init });
                }
            }
            Payload::MemorySection(reader) => {
                for memory in reader {
                    self.memories.push(memory?);
                }
            }
            Payload::TagSection(reader) => {
                for tag in reader {
                    self.tags.push(TypeIndex(tag?.func_type_idx));
                }
            }
            Payload::GlobalSection(reader) => {
                for global in reader {
                    let global = global?;
                    self.code.note_const(&global.init_expr)?;
                    self.globals.push(Global {
                        ty: global.ty,
                        init: Some(global.init_expr),
                    });
                }
            }
            Payload::ExportSection(reader) => {
                for export in reader {
                    let wasmparser::Export { name, kind, index } = export?;
                    self.exports.push(super::Export { name, kind, index });
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(FunctionIndex(func)),
            Payload::ElementSection(reader) => {
                for element in reader {
                    self.note_element(element?)?;
                }
            }
            Payload::DataSection(reader) => {
                for data in reader {
                    let data = data?;
                    let (mode, offset) = match data.kind {
                        DataKind::Passive => (SegmentMode::Passive, None),
                        DataKind::Active {
                            memory_index,
                            offset_expr,
                        } => {
                            self.code.note_const(&offset_expr)?;
                            (SegmentMode::Active(MemoryIndex(memory_index)), Some(offset_expr))
                        }
                    };
                    let range = data.range;
                    self.data.push(DataSegment {
                        mode,
                        offset,
                        bytes: data.data,
                        range,
                    });
                }
            }
            Payload::CustomSection(section) => {
                if let wasmparser::KnownCustom::Name(names) = section.as_known() {
                    self.note_names(names);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn note_import(&mut self, import: wasmparser::Import<'a>) {
        let kind = match import.ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.functions.push(TypeIndex(ty));
                self.imported_functions += 1;
                ImportKind::Function(FunctionIndex(self.imported_functions - 1))
            }
            TypeRef::Table(ty) => {
                self.tables.push(Table { ty, init: None });
                self.imported_tables += 1;
                ImportKind::Table(TableIndex(self.imported_tables - 1))
            }
            TypeRef::Memory(ty) => {
                self.memories.push(ty);
                self.imported_memories += 1;
                ImportKind::Memory(MemoryIndex(self.imported_memories - 1))
            }
            TypeRef::Global(ty) => {
                self.globals.push(Global { ty, init: None });
                self.imported_globals += 1;
                ImportKind::Global(GlobalIndex(self.imported_globals - 1))
            }
            TypeRef::Tag(tag) => {
                self.tags.push(TypeIndex(tag.func_type_idx));
                self.imported_tags += 1;
                ImportKind::Tag(self.imported_tags - 1)
            }
        };
        self.imports.push(Import {
            module: import.module,
            name: import.name,
            kind,
        });
    }

    fn note_element(&mut self, element: wasmparser::Element<'a>) -> wasmparser::Result<()> {
        let mut allocates = false;
        let mut globals = Vec::new();
        match &element.items {
            ElementItems::Functions(functions) => {
                for function in functions.clone() {
                    mark(&mut self.code.referenced_functions, function?);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions.clone() {
                    let facts = self.code.note_const(&expression?)?;
                    allocates |= facts.allocates;
                    globals.extend(facts.globals);
                }
            }
        }
        let (mode, offset) = match element.kind {
            ElementKind::Passive => (SegmentMode::Passive, None),
            ElementKind::Declared => (SegmentMode::Declared, None),
            ElementKind::Active {
                table_index,
                offset_expr,
            } => {
                let table = table_index.unwrap_or(0);
                self.code.note_const(&offset_expr)?;
                (SegmentMode::Active(TableIndex(table)), Some(offset_expr))
            }
        };
        globals.sort_unstable();
        globals.dedup();
        self.elements.push(ElementSegment {
            mode,
            offset,
            items: element.items,
            range: element.range,
            allocates,
            globals,
        });
        Ok(())
    }

    /// Reads the name section. Entries that do not parse are skipped: a module is valid whatever they are.
    fn note_names(&mut self, names: wasmparser::NameSectionReader<'a>) {
        for subsection in names.into_iter().flatten() {
            match subsection {
                wasmparser::Name::Module { name, .. } => self.name = Some(name),
                wasmparser::Name::Function(map) => {
                    for naming in map.into_iter().flatten() {
                        self.names.insert(FunctionIndex(naming.index), naming.name);
                    }
                }
                wasmparser::Name::Global(map) => {
                    for naming in map.into_iter().flatten() {
                        self.global_names.insert(GlobalIndex(naming.index), naming.name);
                    }
                }
                wasmparser::Name::Table(map) => {
                    for naming in map.into_iter().flatten() {
                        self.table_names.insert(TableIndex(naming.index), naming.name);
                    }
                }
                wasmparser::Name::Memory(map) => {
                    for naming in map.into_iter().flatten() {
                        self.memory_names.insert(MemoryIndex(naming.index), naming.name);
                    }
                }
                wasmparser::Name::Data(map) => {
                    for naming in map.into_iter().flatten() {
                        self.data_names.insert(DataIndex(naming.index), naming.name);
                    }
                }
                _ => {}
            }
        }
    }
}
