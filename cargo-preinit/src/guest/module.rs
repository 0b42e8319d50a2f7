//! A core module as the stages see it: its entities by index.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use wasmparser::{
    CompositeInnerType, ConstExpr, ElementItems, ExternalKind, FieldType, FuncType, GlobalType, MemoryType,
    Operator, RefType, SubType, TableType, ValType, WasmFeatures,
};

use super::bodies::Body;
use super::facts::{CodeFacts, constant};
use super::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex, enumerate,
};
use super::proposals::features;

/// An import, in the order of the import section.
#[derive(Debug, Clone)]
pub(crate) struct Import<'a> {
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kind: ImportKind,
}

/// What an import provides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ImportKind {
    Function(FunctionIndex),
    Table(TableIndex),
    Memory(MemoryIndex),
    Global(GlobalIndex),
    /// A tag, by its index.
    Tag(u32),
}

impl ImportKind {
    /// The item as an export names it.
    pub(crate) fn external(self) -> (ExternalKind, u32) {
        match self {
            Self::Function(index) => (ExternalKind::Func, index.0),
            Self::Table(index) => (ExternalKind::Table, index.0),
            Self::Memory(index) => (ExternalKind::Memory, index.0),
            Self::Global(index) => (ExternalKind::Global, index.0),
            Self::Tag(index) => (ExternalKind::Tag, index),
        }
    }

    /// The kind's name in messages.
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

/// An export: a name for an entity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Export<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: ExternalKind,
    pub(crate) index: u32,
}

impl Export<'_> {
    /// Whether it is of this function.
    pub(crate) fn is_function(&self, function: FunctionIndex) -> bool {
        let is_any = matches!(self.kind, ExternalKind::Func | ExternalKind::FuncExact);
        is_any && self.index == function.0
    }
}

/// A global and its initialiser.
#[derive(Debug, Clone)]
pub(crate) struct Global<'a> {
    pub(crate) ty: GlobalType,
    /// `None` for an imported global.
    pub(crate) init: Option<ConstExpr<'a>>,
}

/// A table and its initialiser.
#[derive(Debug, Clone)]
pub(crate) struct Table<'a> {
    pub(crate) ty: TableType,
    /// The initial value of every slot; `None` for null, and for an imported table.
    pub(crate) init: Option<ConstExpr<'a>>,
}

/// An element segment.
#[derive(Clone)]
pub(crate) struct ElementSegment<'a> {
    pub(crate) mode: SegmentMode<TableIndex>,
    /// The offset that it is copied to; `None` for a segment that is not active.
    pub(crate) offset: Option<ConstExpr<'a>>,
    pub(crate) items: ElementItems<'a>,
    /// The segment as it stands in the file.
    pub(crate) range: Range<usize>,
    /// Whether an item allocates a structure or an array.
    pub(crate) allocates: bool,
    /// The globals that its items read, in ascending order.
    pub(super) globals: Vec<GlobalIndex>,
}

impl fmt::Debug for ElementSegment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ElementSegment")
            .field("mode", &self.mode)
            .field("range", &self.range)
            .finish_non_exhaustive()
    }
}

impl ElementSegment<'_> {
    /// How many items it has.
    pub(crate) fn len(&self) -> u32 {
        match &self.items {
            ElementItems::Functions(functions) => functions.count(),
            ElementItems::Expressions(_, expressions) => expressions.count(),
        }
    }

    /// The type of its items where they are expressions; `None` where they are function indices.
    pub(crate) fn expressions(&self) -> Option<RefType> {
        match &self.items {
            ElementItems::Functions(_) => None,
            ElementItems::Expressions(ty, _) => Some(*ty),
        }
    }
}

/// A data segment.
#[derive(Debug, Clone)]
pub(crate) struct DataSegment<'a> {
    pub(crate) mode: SegmentMode<MemoryIndex>,
    /// The offset that it is copied to; `None` for a passive segment.
    pub(crate) offset: Option<ConstExpr<'a>>,
    pub(crate) bytes: &'a [u8],
    /// The segment as it stands in the file.
    pub(crate) range: Range<usize>,
}

/// When a segment's contents are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SegmentMode<Target> {
    /// Copied at instantiation, and then dropped.
    Active(Target),
    /// Copied by an instruction.
    Passive,
    /// Never copied: declares functions for `ref.func`.
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

/// The id of custom sections. A module can have several of them.
pub(crate) const CUSTOM_SECTION: u8 = 0;

/// The length of an index space, which the binary format bounds to a `u32`.
pub(crate) fn count(len: usize) -> u32 {
    u32::try_from(len).expect("a valid module has at most u32::MAX of anything")
}

/// A valid core module, with its entities by index.
#[derive(Debug, Clone)]
pub struct GuestModule<'a> {
    pub(crate) wasm: &'a [u8],
    pub(crate) sections: Vec<RawSection>,
    pub(crate) types: Vec<SubType>,
    /// The types that are written as explicit recursion groups; each other type is a group of its own.
    pub(crate) recursion_groups: Vec<Range<u32>>,
    pub(crate) imports: Vec<Import<'a>>,
    /// Whether an import has an exact type. The validator accepts it without the proposal of custom descriptors, which the
    /// engine does not have.
    pub(super) has_exact_import: bool,
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
    pub(crate) imported_tags: u32,
    pub(crate) exports: Vec<Export<'a>>,
    pub(crate) start: Option<FunctionIndex>,
    pub(crate) elements: Vec<ElementSegment<'a>>,
    pub(crate) data: Vec<DataSegment<'a>>,
    pub(crate) bodies: Vec<Body>,
    /// The module's name in the name section.
    pub(crate) name: Option<&'a str>,
    /// The `function` subsection of the name section.
    pub(crate) names: BTreeMap<FunctionIndex, &'a str>,
    pub(crate) global_names: BTreeMap<GlobalIndex, &'a str>,
    pub(crate) table_names: BTreeMap<TableIndex, &'a str>,
    pub(crate) memory_names: BTreeMap<MemoryIndex, &'a str>,
    pub(crate) data_names: BTreeMap<DataIndex, &'a str>,
    pub(crate) code: CodeFacts,
    /// The proposals of the instructions, of those that the engine runs but not with every one of its compilers.
    pub(crate) proposals: WasmFeatures,
}

impl<'a> GuestModule<'a> {
    /// The bytes of a range of the file.
    pub(crate) fn bytes(&self, range: &Range<usize>) -> &'a [u8] {
        &self.wasm[range.clone()]
    }

    /// The export of that name, of any kind.
    pub(crate) fn export(&self, name: &str) -> Option<Export<'a>> {
        self.exports.iter().find(|export| export.name == name).copied()
    }

    /// The initial value of a global, zero-extended; `None` unless its initialiser is one integer constant.
    pub(crate) fn constant(&self, global: GlobalIndex) -> Option<u64> {
        constant(self.globals.get(global.position())?.init.as_ref()?)
    }

    /// The value of an exported immutable global; linkers export addresses in this way.
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

    /// The fields of all structure types and the elements of all array types, each with the index of its type.
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

    /// Whether a type is one of functions that means the same in every module: it names no other type and has no subtypes.
    pub(crate) fn is_plain_type(&self, ty: TypeIndex) -> bool {
        let is_alone = |group: &Range<u32>| group.len() == 1 || !group.contains(&ty.0);
        let is_simple = |ty: &ValType| match ty {
            ValType::Ref(ty) => ty.type_index().is_none(),
            ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => true,
        };
        self.types.get(ty.position()).is_some_and(|ty| {
            let is_final = ty.is_final && ty.supertype_idx.is_none() && !ty.composite_type.shared;
            match &ty.composite_type.inner {
                CompositeInnerType::Func(ty) => {
                    is_final && ty.params().iter().chain(ty.results()).all(is_simple)
                }
                CompositeInnerType::Array(_)
                | CompositeInnerType::Struct(_)
                | CompositeInnerType::Cont(_) => false,
            }
        }) && self.recursion_groups.iter().all(is_alone)
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
