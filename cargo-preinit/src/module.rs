//! What the input is: one validating pass over the bytes that notes whatever a later stage asks for.
//!
//! **In** the bytes of a module. **Out** a [`GuestModule`]. **Keeps** nothing but indices and byte ranges: the guest's
//! code is never decoded into a tree here. **Refuses** what is not a valid core module, with the position.
//!
//! The features accepted here are decided in `features`, in one place for every stage.

mod bodies;
mod error;
mod external;
mod facts;
mod linking;
mod proposals;
mod tokens;
mod unsupported;

use std::collections::BTreeMap;
use std::ops::Range;

use wasmparser::{
    CompositeInnerType, ConstExpr, DataKind, ElementItems, ElementKind, Encoding, ExternalKind, FieldType,
    FuncType, GlobalType, MemoryType, Operator, Parser, Payload, RefType, SubType, TableInit, TableType,
    TypeRef, ValType, ValidPayload, Validator, WasmFeatures,
};

use crate::answers::Answers;
use crate::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex, enumerate,
};

use bodies::Bodies;
pub(crate) use bodies::Body;
pub use error::InputError;
pub(crate) use external::External;
use facts::mark;
pub(crate) use facts::{CodeFacts, constant, is_marked};
pub(crate) use linking::Linking;
pub(crate) use proposals::{names_of, unknown_to_engine};

/// The proposals that a guest may use: all that the parser knows. What the engine does not run is judged by what runs.
pub(crate) fn features() -> WasmFeatures {
    engine_features() | unknown_to_engine()
}

/// The proposals that the engine runs: those of WebAssembly 3.0, plus threads, custom page sizes and wide arithmetic.
pub(crate) fn engine_features() -> WasmFeatures {
    WasmFeatures::WASM3
        | WasmFeatures::CUSTOM_PAGE_SIZES
        | WasmFeatures::WIDE_ARITHMETIC
        | WasmFeatures::THREADS
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
    /// Its index among the tags.
    Tag(u32),
}

impl ImportKind {
    /// What it is called.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Function(_) => "function",
            Self::Table(_) => "table",
            Self::Memory(_) => "memory",
            Self::Global(_) => "global",
            Self::Tag(_) => "tag",
        }
    }
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

/// A table and what is known of its start.
#[derive(Debug, Clone)]
pub(crate) struct Table<'a> {
    pub(crate) ty: TableType,
    /// What every slot starts as; `None` is null, or an imported table.
    pub(crate) init: Option<ConstExpr<'a>>,
}

/// An element segment.
#[derive(Debug, Clone)]
pub(crate) struct ElementSegment {
    pub(crate) mode: SegmentMode<TableIndex>,
    /// The type of its items where they are expressions; `None` where they are function indices.
    pub(crate) expressions: Option<RefType>,
    /// The segment as it stands in the file.
    pub(crate) range: Range<usize>,
    /// How many items it has.
    pub(crate) len: u32,
    /// Whether an item makes a structure or an array.
    pub(crate) allocates: bool,
}

/// A data segment.
#[derive(Debug, Clone)]
pub(crate) struct DataSegment<'a> {
    pub(crate) mode: SegmentMode<MemoryIndex>,
    /// Where it is copied to; `None` for a passive one.
    pub(crate) offset: Option<ConstExpr<'a>>,
    /// The segment as it stands in the file.
    pub(crate) range: Range<usize>,
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

/// A segment that an instruction can drop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Droppable {
    Data(DataIndex),
    Element(ElementIndex),
}

/// A section as it stands in the file.
#[derive(Debug, Clone)]
pub(crate) struct RawSection {
    pub(crate) id: u8,
    pub(crate) range: Range<usize>,
}

/// The id of custom sections, of which there can be several.
pub(crate) const CUSTOM_SECTION: u8 = 0;

/// The length of an index space, which the binary format bounds to a `u32`.
pub(crate) fn count(len: usize) -> u32 {
    u32::try_from(len).expect("a valid module has at most u32::MAX of anything")
}

/// A valid core module, by its indices.
#[derive(Debug)]
pub struct GuestModule<'a> {
    pub(crate) wasm: &'a [u8],
    pub(crate) sections: Vec<RawSection>,
    pub(crate) types: Vec<SubType>,
    pub(crate) imports: Vec<Import<'a>>,
    /// Whether an import has an exact type. The validator lets these pass, which belong to a proposal that the engine does not
    /// have.
    has_exact_import: bool,
    /// The type of every function, imported ones first.
    pub(crate) functions: Vec<TypeIndex>,
    pub(crate) imported_functions: u32,
    pub(crate) tables: Vec<Table<'a>>,
    pub(crate) imported_tables: u32,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) imported_memories: u32,
    pub(crate) globals: Vec<Global<'a>>,
    pub(crate) imported_globals: u32,
    /// The type of every tag, imported ones first.
    pub(crate) tags: Vec<TypeIndex>,
    pub(crate) exports: Vec<Export<'a>>,
    pub(crate) start: Option<FunctionIndex>,
    pub(crate) elements: Vec<ElementSegment>,
    pub(crate) data: Vec<DataSegment<'a>>,
    pub(crate) bodies: Vec<Body>,
    /// The `module` and `function` subsections of the name section.
    pub(crate) names: BTreeMap<FunctionIndex, &'a str>,
    pub(crate) global_names: BTreeMap<GlobalIndex, &'a str>,
    pub(crate) code: CodeFacts,
    /// The proposals that the instructions belong to, of those that the engine runs and not every compiler of it knows.
    pub(crate) proposals: WasmFeatures,
    pub(crate) external: External,
    /// What its imports answer at build time: nothing, until [`GuestModule::answer`] notes it.
    pub(crate) answers: Answers,
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
        // Nearly all modules are what the engine takes.
        let is_taken = module.read(engine_features()).is_ok();
        if is_taken && !module.has_exact_import && !module.proposals.intersects(unknown_to_engine()) {
            return Ok(module);
        }
        let mut module = Self::empty(wasm);
        module
            .read_unsupported()
            .map_err(|error| InputError::from_parser(&error, wasm))?;
        let undeclarable = unsupported::declarations(wasm);
        if undeclarable.is_empty() {
            Ok(module)
        } else {
            Err(InputError::Undeclarable(names_of(undeclarable)))
        }
    }

    fn empty(wasm: &'a [u8]) -> Self {
        Self {
            wasm,
            sections: Vec::new(),
            types: Vec::new(),
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
            exports: Vec::new(),
            start: None,
            elements: Vec::new(),
            data: Vec::new(),
            bodies: Vec::new(),
            names: BTreeMap::new(),
            global_names: BTreeMap::new(),
            code: CodeFacts::default(),
            proposals: WasmFeatures::empty(),
            external: External::default(),
            answers: Answers::default(),
        }
    }

    /// Reads a module that the engine does not take as it is.
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

    /// The types of imported references that init may hand on.
    fn token_types(&self) -> Vec<ValType> {
        let tokens = self.external.tokens();
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
                    self.types.extend(group.into_types());
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
                    if let Some(expr) = &init
                        && self.is_external(expr)?
                    {
                        mark(&mut self.external.tables, count(self.tables.len()));
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
                    if self.is_external(&global.init_expr)? {
                        mark(&mut self.external.globals, count(self.globals.len()));
                    }
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
                    let data = data?;
                    let (mode, offset) = match data.kind {
                        DataKind::Passive => (SegmentMode::Passive, None),
                        DataKind::Active {
                            memory_index,
                            offset_expr,
                        } => {
                            if self.is_external(&offset_expr)? {
                                mark(&mut self.external.placed_memories, memory_index);
                            }
                            (SegmentMode::Active(MemoryIndex(memory_index)), Some(offset_expr))
                        }
                    };
                    let range = data.range;
                    self.data.push(DataSegment { mode, offset, range });
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
                mark(&mut self.external.tables, self.imported_tables);
                self.tables.push(Table { ty, init: None });
                self.imported_tables += 1;
                ImportKind::Table(TableIndex(self.imported_tables - 1))
            }
            TypeRef::Memory(ty) => {
                mark(&mut self.external.imported_memories, self.imported_memories);
                self.memories.push(ty);
                self.imported_memories += 1;
                ImportKind::Memory(MemoryIndex(self.imported_memories - 1))
            }
            TypeRef::Global(ty) => {
                mark(&mut self.external.globals, self.imported_globals);
                if !ty.mutable && self.can_stand_for_itself(ty.content_type) {
                    mark(&mut self.external.tokens, self.imported_globals);
                }
                self.globals.push(Global { ty, init: None });
                self.imported_globals += 1;
                ImportKind::Global(GlobalIndex(self.imported_globals - 1))
            }
            TypeRef::Tag(tag) => {
                self.tags.push(TypeIndex(tag.func_type_idx));
                self.external.tags += 1;
                ImportKind::Tag(self.external.tags - 1)
            }
        };
        self.imports.push(Import {
            module: import.module,
            name: import.name,
            kind,
        });
    }

    /// Notes what a constant expression refers to, and whether its value is unknown until the imports are there.
    fn is_external(&mut self, expr: &ConstExpr<'_>) -> wasmparser::Result<bool> {
        let facts = self.code.note_const(expr)?;
        Ok(self.are_unknown(&facts))
    }

    fn are_unknown(&self, facts: &facts::ConstFacts) -> bool {
        let mut globals = facts.globals.iter();
        globals.any(|global| self.external.global(*global) && !self.external.is_token(*global))
    }

    /// Whether the host can make a reference of a type that is like no other, so that it is known again: a value of its own, or
    /// a function.
    fn can_stand_for_itself(&self, ty: ValType) -> bool {
        use wasmparser::{AbstractHeapType as Abstract, HeapType};
        match ty {
            ValType::Ref(ty) => match ty.heap_type() {
                HeapType::Abstract { shared, ty } => {
                    !shared && matches!(ty, Abstract::Extern | Abstract::Any | Abstract::Func)
                }
                HeapType::Concrete(index) => index
                    .as_module_index()
                    .and_then(|index| self.types.get(index as usize))
                    .is_some_and(|ty| matches!(ty.composite_type.inner, CompositeInnerType::Func(_))),
                HeapType::Exact(_) => false,
            },
            ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => false,
        }
    }

    fn note_element(&mut self, element: wasmparser::Element<'a>) -> wasmparser::Result<()> {
        let mut is_external = false;
        let mut allocates = false;
        let len = match &element.items {
            ElementItems::Functions(functions) => functions.count(),
            ElementItems::Expressions(_, expressions) => expressions.count(),
        };
        let expressions = match element.items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    mark(&mut self.code.referenced_functions, function?);
                }
                None
            }
            ElementItems::Expressions(ty, expressions) => {
                for expression in expressions {
                    let facts = self.code.note_const(&expression?)?;
                    allocates |= facts.allocates;
                    is_external |= self.are_unknown(&facts);
                }
                Some(ty)
            }
        };
        let mode = match element.kind {
            ElementKind::Passive => SegmentMode::Passive,
            ElementKind::Declared => SegmentMode::Declared,
            ElementKind::Active {
                table_index,
                offset_expr,
            } => {
                let table = table_index.unwrap_or(0);
                if self.is_external(&offset_expr)? || is_external {
                    mark(&mut self.external.tables, table);
                }
                SegmentMode::Active(TableIndex(table))
            }
        };
        if is_external {
            mark(&mut self.external.elements, count(self.elements.len()));
        }
        self.elements.push(ElementSegment {
            mode,
            expressions,
            len,
            range: element.range,
            allocates,
        });
        Ok(())
    }

    /// Names are a help for people: what does not parse is passed over.
    fn note_names(&mut self, names: wasmparser::NameSectionReader<'a>) {
        for subsection in names.into_iter().flatten() {
            match subsection {
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
                _ => {}
            }
        }
    }

    /// The bytes at a place in the file.
    pub(crate) fn bytes(&self, range: &Range<usize>) -> &'a [u8] {
        &self.wasm[range.clone()]
    }

    /// The export of that name, whatever it is.
    pub(crate) fn export(&self, name: &str) -> Option<Export<'a>> {
        self.exports.iter().find(|export| export.name == name).copied()
    }

    /// The number that a global starts with, zero-extended; `None` where its initialiser is not a plain constant integer.
    pub(crate) fn constant(&self, global: GlobalIndex) -> Option<u64> {
        constant(self.globals.get(global.position())?.init.as_ref()?)
    }

    /// The number that an exported immutable global holds: linkers tell addresses that way.
    pub(crate) fn exported_constant(&self, name: &str) -> Option<u64> {
        let export = self.export(name)?;
        let index = GlobalIndex(export.index);
        let is_immutable = export.kind == ExternalKind::Global && !self.globals[index.position()].ty.mutable;
        is_immutable.then(|| self.constant(index)).flatten()
    }

    /// The exported function of that name.
    pub(crate) fn exported_function(&self, name: &str) -> Option<FunctionIndex> {
        let export = self.export(name)?;
        (export.kind == ExternalKind::Func).then_some(FunctionIndex(export.index))
    }

    /// The fields of all structures and the elements of all arrays, with the type that each is of.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (TypeIndex, &FieldType)> {
        enumerate(&self.types).flat_map(|(index, ty)| {
            let fields = match &ty.composite_type.inner {
                CompositeInnerType::Struct(ty) => &ty.fields[..],
                CompositeInnerType::Array(ty) => std::slice::from_ref(&ty.0),
                CompositeInnerType::Func(_) | CompositeInnerType::Cont(_) => &[],
            };
            fields.iter().map(move |field| (TypeIndex(index), field))
        })
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

    /// The type of a tag.
    pub(crate) fn tag_signature(&self, tag: u32) -> Option<&FuncType> {
        let ty = self.tags.get(tag as usize)?;
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
