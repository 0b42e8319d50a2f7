//! What the input is: one validating pass over the bytes that notes whatever a later stage asks for.
//!
//! **In** the bytes of a module. **Out** a [`GuestModule`]. **Keeps** nothing but indices and byte ranges: the guest's
//! code is never decoded into a tree here. **Refuses** what is not a valid core module, with the position.
//!
//! The features accepted here are decided in `features`, in one place for every stage.

use std::collections::BTreeMap;
use std::ops::Range;

use wasmparser::{
    CompositeInnerType, ConstExpr, DataKind, ElementItems, ElementKind, Encoding, ExternalKind, FuncType,
    GlobalType, MemoryType, Operator, Parser, Payload, SubType, TableInit, TableType, TypeRef, ValidPayload,
    Validator, WasmFeatures,
};

use crate::index::{DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex};

/// The proposals that a guest may use: those of WebAssembly 3.0 that the engine runs, plus custom page sizes and wide
/// arithmetic.
pub(crate) fn features() -> WasmFeatures {
    let mut features = WasmFeatures::WASM3;
    features.insert(WasmFeatures::CUSTOM_PAGE_SIZES);
    features.insert(WasmFeatures::WIDE_ARITHMETIC);
    features.insert(WasmFeatures::THREADS);
    features
}

/// Why the input is not something that can be looked at.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The first bytes are not those of WebAssembly.
    #[error("this is not WebAssembly: the file does not start with `\\0asm`")]
    NotWasm,
    /// The bytes are a component.
    #[error("this is a component, and only core modules are supported yet")]
    Component,
    /// The text format does not parse.
    #[error("the WebAssembly text does not parse\n{0}")]
    Text(String),
    /// The module ends in the middle.
    #[error("the module is cut off: it ends at byte {0:#x}, in the middle of a section")]
    Truncated(usize),
    /// The module is not valid.
    #[error("the module is not valid: {message} (at byte {offset:#x})")]
    Invalid {
        /// What the validator says.
        message: String,
        /// The position in the file.
        offset: usize,
    },
}

impl InputError {
    fn from_parser(error: &wasmparser::Error, wasm: &[u8]) -> Self {
        if is_cut_off(wasm) {
            return Self::Truncated(wasm.len());
        }
        Self::Invalid {
            message: error.message().to_owned(),
            offset: error.offset(),
        }
    }
}

/// Whether a section's size leads beyond the end of the file.
fn is_cut_off(wasm: &[u8]) -> bool {
    /// The magic number and the version.
    const HEADER: usize = 8;
    let mut reader = wasmparser::BinaryReader::new(wasm, 0);
    if reader.read_bytes(HEADER).is_err() {
        return true;
    }
    while !reader.eof() {
        let section = reader.read_u8().and_then(|_| reader.read_var_u32());
        match section {
            Ok(len) if reader.read_bytes(len as usize).is_ok() => {}
            Ok(_) | Err(_) => return true,
        }
    }
    false
}

/// An import, in the order of the import section.
#[derive(Debug, Clone)]
pub(crate) struct Import<'a> {
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kind: ImportKind,
}

/// What an import provides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImportKind {
    Function(FunctionIndex),
    Table(TableIndex),
    Memory(MemoryIndex),
    Global(GlobalIndex),
    Tag,
}

/// An export: a name for something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Export<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: ExternalKind,
    pub(crate) index: u32,
}

/// A global and what is known of its start value.
#[derive(Debug, Clone)]
pub(crate) struct Global<'a> {
    pub(crate) ty: GlobalType,
    /// `None` for an imported global.
    pub(crate) init: Option<ConstExpr<'a>>,
}

/// How a segment gets where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SegmentMode<Target> {
    /// Copied at instantiation, and dropped with it.
    Active(Target),
    /// Copied by an instruction.
    Passive,
    /// Only declares functions for `ref.func`.
    Declared,
}

/// A `data.drop` or `elem.drop`, and the byte behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DropSite {
    /// The position in the file of the first byte after the instruction.
    pub(crate) end: usize,
    pub(crate) segment: Droppable,
}

/// A segment that an instruction can drop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Droppable {
    Data(DataIndex),
    Element(ElementIndex),
}

/// The body of a function that the module defines.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    /// The whole body, from its local declarations to its `end`.
    pub(crate) range: Range<usize>,
    /// Where the first instruction stands, after the local declarations.
    pub(crate) code_start: usize,
}

/// A section as it stands in the file.
#[derive(Debug, Clone)]
pub(crate) struct RawSection {
    pub(crate) id: u8,
    pub(crate) range: Range<usize>,
}

/// A valid core module, by its indices.
#[derive(Debug)]
pub struct GuestModule<'a> {
    pub(crate) wasm: &'a [u8],
    pub(crate) sections: Vec<RawSection>,
    pub(crate) types: Vec<SubType>,
    pub(crate) imports: Vec<Import<'a>>,
    /// The type of every function, imported ones first.
    pub(crate) functions: Vec<TypeIndex>,
    pub(crate) imported_functions: u32,
    pub(crate) tables: Vec<TableType>,
    pub(crate) imported_tables: u32,
    /// Whether a table has an initialiser expression.
    pub(crate) table_has_init: Vec<bool>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) imported_memories: u32,
    pub(crate) globals: Vec<Global<'a>>,
    pub(crate) exports: Vec<Export<'a>>,
    pub(crate) start: Option<FunctionIndex>,
    pub(crate) elements: Vec<SegmentMode<TableIndex>>,
    pub(crate) data: Vec<SegmentMode<MemoryIndex>>,
    pub(crate) bodies: Vec<Body>,
    /// The `module` and `function` subsections of the name section.
    pub(crate) names: BTreeMap<FunctionIndex, &'a str>,
    pub(crate) code: CodeFacts,
    pub(crate) has_dwarf: bool,
}

/// What the instructions of a module can touch, whether or not they ever run.
#[derive(Debug, Default)]
pub(crate) struct CodeFacts {
    /// In the order of their position.
    pub(crate) drops: Vec<DropSite>,
    /// Tables that some instruction can change.
    pub(crate) written_tables: Vec<bool>,
    /// Globals that some instruction can set.
    pub(crate) written_globals: Vec<bool>,
    /// Segments that some instruction names.
    pub(crate) used_data: Vec<bool>,
    /// Segments that some instruction names.
    pub(crate) used_elements: Vec<bool>,
    /// Functions that some instruction calls by name.
    pub(crate) called_functions: Vec<bool>,
    /// Functions that become a reference somewhere: in code, a segment or an initialiser.
    pub(crate) referenced_functions: Vec<bool>,
}

fn mark(flags: &mut Vec<bool>, index: u32) {
    let index = index as usize;
    if flags.len() <= index {
        flags.resize(index + 1, false);
    }
    flags[index] = true;
}

/// Whether the flag of `index` is set; an index that was never marked is not.
pub(crate) fn is_marked(flags: &[bool], index: u32) -> bool {
    flags.get(index as usize).copied().unwrap_or(false)
}

impl CodeFacts {
    fn note_operator(&mut self, operator: &Operator<'_>, end: usize) {
        match *operator {
            Operator::ElemDrop { elem_index } => {
                mark(&mut self.used_elements, elem_index);
                let segment = Droppable::Element(ElementIndex(elem_index));
                self.drops.push(DropSite { end, segment });
            }
            Operator::DataDrop { data_index } => {
                mark(&mut self.used_data, data_index);
                let segment = Droppable::Data(DataIndex(data_index));
                self.drops.push(DropSite { end, segment });
            }
            Operator::MemoryInit { data_index, .. } => mark(&mut self.used_data, data_index),
            Operator::ArrayNewData { array_data_index, .. }
            | Operator::ArrayInitData { array_data_index, .. } => mark(&mut self.used_data, array_data_index),
            Operator::ArrayNewElem { array_elem_index, .. }
            | Operator::ArrayInitElem { array_elem_index, .. } => {
                mark(&mut self.used_elements, array_elem_index);
            }
            Operator::TableInit { elem_index, table } => {
                mark(&mut self.used_elements, elem_index);
                mark(&mut self.written_tables, table);
            }
            Operator::TableSet { table } | Operator::TableGrow { table } | Operator::TableFill { table } => {
                mark(&mut self.written_tables, table);
            }
            Operator::TableCopy { dst_table, .. } => mark(&mut self.written_tables, dst_table),
            Operator::GlobalSet { global_index } => mark(&mut self.written_globals, global_index),
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                mark(&mut self.called_functions, function_index);
            }
            Operator::RefFunc { function_index } => {
                mark(&mut self.referenced_functions, function_index);
            }
            _ => {}
        }
    }

    fn note_const(&mut self, expr: &ConstExpr<'_>) -> wasmparser::Result<()> {
        for operator in expr.get_operators_reader() {
            if let Operator::RefFunc { function_index } = operator? {
                mark(&mut self.referenced_functions, function_index);
            }
        }
        Ok(())
    }
}

impl<'a> GuestModule<'a> {
    /// Reads and validates a module.
    ///
    /// # Errors
    ///
    /// Says what the bytes are, where they are not a valid core module.
    pub fn parse(wasm: &'a [u8]) -> Result<Self, InputError> {
        if !wasm.starts_with(b"\0asm") {
            return Err(if b"\0asm".starts_with(wasm) && !wasm.is_empty() {
                InputError::Truncated(wasm.len())
            } else {
                InputError::NotWasm
            });
        }
        if Parser::is_component(wasm) {
            return Err(InputError::Component);
        }
        let mut module = Self::empty(wasm);
        module
            .read()
            .map_err(|error| InputError::from_parser(&error, wasm))?;
        Ok(module)
    }

    fn empty(wasm: &'a [u8]) -> Self {
        Self {
            wasm,
            sections: Vec::new(),
            types: Vec::new(),
            imports: Vec::new(),
            functions: Vec::new(),
            imported_functions: 0,
            tables: Vec::new(),
            imported_tables: 0,
            table_has_init: Vec::new(),
            memories: Vec::new(),
            imported_memories: 0,
            globals: Vec::new(),
            exports: Vec::new(),
            start: None,
            elements: Vec::new(),
            data: Vec::new(),
            bodies: Vec::new(),
            names: BTreeMap::new(),
            code: CodeFacts::default(),
            has_dwarf: false,
        }
    }

    fn read(&mut self) -> wasmparser::Result<()> {
        let mut validator = Validator::new_with_features(features());
        let mut allocations = wasmparser::FuncValidatorAllocations::default();
        let mut parser = Parser::new(0);
        parser.set_features(features());
        for payload in parser.parse_all(self.wasm) {
            let payload = payload?;
            match validator.payload(&payload)? {
                ValidPayload::Func(function, body) => {
                    let mut function = function.into_validator(allocations);
                    let mut locals = body.get_binary_reader();
                    function.read_locals(&mut locals)?;
                    let code_start = locals.original_position();
                    let mut operators = body.get_operators_reader()?;
                    while !operators.eof() {
                        let (operator, offset) = operators.read_with_offset()?;
                        function.op(offset, &operator)?;
                        self.code.note_operator(&operator, operators.original_position());
                    }
                    operators.finish()?;
                    allocations = function.into_allocations();
                    self.bodies.push(Body {
                        range: body.range(),
                        code_start,
                    });
                }
                ValidPayload::Ok | ValidPayload::Parser(_) | ValidPayload::End(_) => {}
            }
            self.note_payload(payload)?;
        }
        Ok(())
    }

    fn note_payload(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        if let Some((id, range)) = payload.as_section() {
            self.sections.push(RawSection { id, range });
        }
        match payload {
            Payload::Version { encoding, .. } => debug_assert_eq!(encoding, Encoding::Module),
            Payload::TypeSection(reader) => {
                for group in reader {
                    self.types.extend(group?.into_types());
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    self.note_import(import?);
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
                    self.tables.push(table.ty);
                    let has_init = match &table.init {
                        TableInit::RefNull => false,
                        TableInit::Expr(expr) => {
                            self.code.note_const(expr)?;
                            true
                        }
                    };
                    self.table_has_init.push(has_init);
                }
            }
            Payload::MemorySection(reader) => {
                for memory in reader {
                    self.memories.push(memory?);
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
                    self.exports.push(Export { name, kind, index });
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
                    self.data.push(match data?.kind {
                        DataKind::Passive => SegmentMode::Passive,
                        DataKind::Active { memory_index, .. } => {
                            SegmentMode::Active(MemoryIndex(memory_index))
                        }
                    });
                }
            }
            Payload::CustomSection(section) => {
                if section.name().starts_with(".debug_") {
                    self.has_dwarf = true;
                }
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
                self.tables.push(ty);
                self.table_has_init.push(false);
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
                let index = self.globals.len() - 1;
                ImportKind::Global(GlobalIndex(u32::try_from(index).unwrap_or(u32::MAX)))
            }
            TypeRef::Tag(_) => ImportKind::Tag,
        };
        self.imports.push(Import {
            module: import.module,
            name: import.name,
            kind,
        });
    }

    fn note_element(&mut self, element: wasmparser::Element<'a>) -> wasmparser::Result<()> {
        match element.items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    mark(&mut self.code.referenced_functions, function?);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    self.code.note_const(&expression?)?;
                }
            }
        }
        self.elements.push(match element.kind {
            ElementKind::Passive => SegmentMode::Passive,
            ElementKind::Declared => SegmentMode::Declared,
            ElementKind::Active { table_index, .. } => {
                SegmentMode::Active(TableIndex(table_index.unwrap_or(0)))
            }
        });
        Ok(())
    }

    /// Names are a help for people: what does not parse is passed over.
    fn note_names(&mut self, names: wasmparser::NameSectionReader<'a>) {
        for subsection in names.into_iter().flatten() {
            if let wasmparser::Name::Function(map) = subsection {
                for naming in map.into_iter().flatten() {
                    self.names.insert(FunctionIndex(naming.index), naming.name);
                }
            }
        }
    }

    /// The export of that name, whatever it is.
    pub(crate) fn export(&self, name: &str) -> Option<Export<'a>> {
        self.exports.iter().find(|export| export.name == name).copied()
    }

    /// The exported function of that name.
    pub(crate) fn exported_function(&self, name: &str) -> Option<FunctionIndex> {
        let export = self.export(name)?;
        (export.kind == ExternalKind::Func).then_some(FunctionIndex(export.index))
    }

    /// The signature of a function.
    pub(crate) fn signature(&self, function: FunctionIndex) -> Option<&FuncType> {
        let ty = self.functions.get(function.position())?;
        match &self.types.get(ty.position())?.composite_type.inner {
            CompositeInnerType::Func(ty) => Some(ty),
            CompositeInnerType::Array(_) | CompositeInnerType::Struct(_) | CompositeInnerType::Cont(_) => {
                None
            }
        }
    }

    /// The body of a function; `None` for an imported one.
    pub(crate) fn body(&self, function: FunctionIndex) -> Option<&Body> {
        let index = function.0.checked_sub(self.imported_functions)?;
        self.bodies.get(index as usize)
    }

    /// The instructions of a function; empty for an imported one.
    pub(crate) fn instructions(&self, function: FunctionIndex) -> Vec<Operator<'a>> {
        let Some(body) = self.body(function) else {
            return Vec::new();
        };
        let bytes = &self.wasm[body.code_start..body.range.end];
        let reader = wasmparser::BinaryReader::new_features(bytes, body.code_start, features());
        wasmparser::OperatorsReader::new(reader)
            .into_iter()
            .map_while(Result::ok)
            .collect()
    }
}
