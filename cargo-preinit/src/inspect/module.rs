//! What a core module has.

use std::collections::BTreeMap;

use serde::Serialize;
use wasmparser::ExternalKind;

use super::expressions::{
    Function, Value, bits, function_type, global_type, items_of, memory_type, table_type, value,
};
use super::items::{InspectedItem, items};
use super::memories::Contents;
use super::producers::{Producer, producers, target_features};
use super::read::{File, FunctionNames, PlacedModule};
use super::sizes::demangle_within;
use super::tables::{Slot, Slots};
use crate::guest::index::{FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex, enumerate};
use crate::guest::{GuestModule, ImportKind, SegmentMode, constant};

/// What a core module has. Data segments and custom sections are in [`Sizes`](super::Sizes).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Module {
    /// Its place among the modules of the file.
    pub index: u32,
    /// Its name in the name section.
    pub name: Option<String>,
    /// The number of the nested component that defines it; `None` if none does.
    pub component: Option<u32>,
    /// Its instances in words, in a component whose instances can be followed.
    pub instances: Vec<String>,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many functions it imports.
    pub functions_imported: u32,
    /// How many functions it defines.
    pub functions_defined: u32,
    /// Its memories, by index.
    pub memories: Vec<Memory>,
    /// Its tables, by index.
    pub tables: Vec<Table>,
    /// Its element segments, by index.
    pub elements: Vec<Element>,
    /// Its globals, by index.
    pub globals: Vec<Global>,
    /// Its imports, in their order.
    pub imports: Vec<Import>,
    /// Its exports, in their order.
    pub exports: Vec<Export>,
    /// The function that runs at instantiation.
    pub start: Option<Function>,
    /// The items of the SDK that a bake would run.
    pub items: Vec<InspectedItem>,
    /// The languages and tools that made it.
    pub producers: Vec<Producer>,
    /// The features that it was compiled for, each with its prefix, as in `+simd128`.
    pub target_features: Vec<String>,
}

/// A memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// Its index.
    pub index: u32,
    /// Its name in the name section.
    pub name: Option<String>,
    /// The width of its addresses: 32 or 64.
    pub address_bits: u32,
    /// The size of a page in bytes.
    pub page_bytes: u32,
    /// Its size at instantiation, in pages.
    pub minimum: u64,
    /// Its largest size, in pages.
    pub maximum: Option<u64>,
    /// Whether threads share it.
    pub is_shared: bool,
    /// The import, as `module.name`.
    pub import: Option<String>,
    /// The names that it is exported by.
    pub exports: Vec<String>,
    /// How many data segments are copied to it at instantiation.
    pub segments: u32,
    /// How many bytes they set.
    pub bytes_initialised: u64,
    /// How many of these are not zero.
    pub bytes_nonzero: u64,
    /// The segments whose address is not a constant. They are not counted in the bytes.
    pub segments_elsewhere: Vec<u32>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its index.
    pub index: u32,
    /// Its name in the name section.
    pub name: Option<String>,
    /// The type of its slots.
    pub element_type: String,
    /// The width of the numbers of slots: 32 or 64.
    pub index_bits: u32,
    /// How many slots it has at instantiation.
    pub minimum: u64,
    /// How many slots it can have.
    pub maximum: Option<u64>,
    /// The import, as `module.name`.
    pub import: Option<String>,
    /// The names that it is exported by.
    pub exports: Vec<String>,
    /// What each slot holds that no segment sets; `None` for null, and for an imported table.
    pub initial: Option<Value>,
    /// The slots that segments set, in ascending order.
    pub slots: Vec<Slot>,
    /// The segments whose first slot is not a constant. Their slots are not in `slots`.
    pub segments_elsewhere: Vec<u32>,
}

/// An element segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Element {
    /// Its index.
    pub index: u32,
    /// When it is copied.
    pub mode: ElementMode,
    /// The table that it is copied to, if it is active.
    pub table: Option<u32>,
    /// The first slot, if it is active.
    pub offset: Option<String>,
    /// The type of its items.
    pub element_type: String,
    /// How many items it has.
    pub len: u32,
    /// Its items, if it is not active; those of an active segment are in the slots of its table.
    pub items: Vec<Value>,
}

/// When a segment is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ElementMode {
    /// At instantiation.
    Active,
    /// By an instruction.
    Passive,
    /// Never: it declares functions for `ref.func`.
    Declared,
}

/// A global.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Global {
    /// Its index.
    pub index: u32,
    /// Its name in the name section, demangled.
    pub name: Option<String>,
    /// Its type, such as `mut i32`.
    #[serde(rename = "type")]
    pub ty: String,
    /// The import, as `module.name`.
    pub import: Option<String>,
    /// The names that it is exported by.
    pub exports: Vec<String>,
    /// Its initial value; `None` if it is imported.
    pub value: Option<Value>,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Import {
    /// The module that it is from.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// What it is: `function`, `table`, `memory`, `global` or `tag`.
    pub kind: &'static str,
    /// The index that it has.
    pub index: u32,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
}

/// An export.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What it is: `function`, `table`, `memory`, `global` or `tag`.
    pub kind: &'static str,
    /// The index of what is exported.
    pub index: u32,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// The demangled name of the function, if it is one and the name section has a name.
    pub function: Option<String>,
}

/// What a core module has.
pub(crate) fn module(index: u32, placed: &PlacedModule<'_>) -> Module {
    let PlacedModule { module, names, .. } = placed;
    let sections = File::sections_of(module);
    let around = Around::of(module);
    Module {
        index,
        name: module.name.map(str::to_owned),
        component: placed.component.filter(|id| id.0 != 0).map(|id| id.0),
        instances: placed.instances.clone(),
        bytes: module.wasm.len() as u64,
        functions_imported: module.imported_functions,
        functions_defined: crate::guest::count(module.functions.len()) - module.imported_functions,
        memories: memories(module, &around),
        tables: tables(module, names, &around),
        elements: elements(module, names),
        globals: globals(module, names, &around),
        imports: imports(module),
        exports: exports(module),
        start: module.start.map(|start| Function::new(names, start)),
        items: items(module),
        producers: producers(&sections),
        target_features: target_features(&sections),
    }
}

/// The names by which what is in a module is imported and exported.
struct Around {
    imports: BTreeMap<(&'static str, u32), String>,
    exports: BTreeMap<(&'static str, u32), Vec<String>>,
}

impl Around {
    fn of(module: &GuestModule<'_>) -> Self {
        let imports = module.imports.iter().map(|import| {
            let (kind, index) = import.kind.external();
            ((word(kind), index), format!("{}.{}", import.module, import.name))
        });
        let mut exports: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for export in &module.exports {
            let names = exports.entry((word(export.kind), export.index)).or_default();
            names.push(export.name.to_owned());
        }
        Self {
            imports: imports.collect(),
            exports,
        }
    }

    fn import(&self, kind: ExternalKind, index: u32) -> Option<String> {
        self.imports.get(&(word(kind), index)).cloned()
    }

    fn exports(&self, kind: ExternalKind, index: u32) -> Vec<String> {
        self.exports
            .get(&(word(kind), index))
            .cloned()
            .unwrap_or_default()
    }
}

fn word(kind: ExternalKind) -> &'static str {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => "function",
        ExternalKind::Table => "table",
        ExternalKind::Memory => "memory",
        ExternalKind::Global => "global",
        ExternalKind::Tag => "tag",
    }
}

fn memories(module: &GuestModule<'_>, around: &Around) -> Vec<Memory> {
    let memories = enumerate(&module.memories).map(|(index, ty)| {
        let contents = Contents::of(module, MemoryIndex(index));
        let mode = SegmentMode::Active(MemoryIndex(index));
        let segments = module.data.iter().filter(|segment| segment.mode == mode).count();
        Memory {
            index,
            name: module
                .memory_names
                .get(&MemoryIndex(index))
                .map(|name| (*name).to_owned()),
            address_bits: bits(ty.memory64),
            page_bytes: ty.page_size(),
            minimum: ty.initial,
            maximum: ty.maximum,
            is_shared: ty.shared,
            import: around.import(ExternalKind::Memory, index),
            exports: around.exports(ExternalKind::Memory, index),
            segments: crate::guest::count(segments),
            bytes_initialised: contents.len(),
            bytes_nonzero: contents.nonzero(),
            segments_elsewhere: contents.elsewhere.iter().map(|segment| segment.0).collect(),
        }
    });
    memories.collect()
}

fn tables(module: &GuestModule<'_>, names: &FunctionNames<'_>, around: &Around) -> Vec<Table> {
    let tables = enumerate(&module.tables).map(|(index, table)| {
        let slots = Slots::of(module, names, TableIndex(index));
        Table {
            index,
            name: module
                .table_names
                .get(&TableIndex(index))
                .map(|name| (*name).to_owned()),
            element_type: table.ty.element_type.to_string(),
            index_bits: bits(table.ty.table64),
            minimum: table.ty.initial,
            maximum: table.ty.maximum,
            import: around.import(ExternalKind::Table, index),
            exports: around.exports(ExternalKind::Table, index),
            initial: table.init.as_ref().map(|init| value(init, names)),
            slots: slots.slots,
            segments_elsewhere: slots.elsewhere,
        }
    });
    tables.collect()
}

fn elements(module: &GuestModule<'_>, names: &FunctionNames<'_>) -> Vec<Element> {
    let elements = enumerate(&module.elements).map(|(index, segment)| {
        let (mode, table) = match segment.mode {
            SegmentMode::Active(table) => (ElementMode::Active, Some(table.0)),
            SegmentMode::Passive => (ElementMode::Passive, None),
            SegmentMode::Declared => (ElementMode::Declared, None),
        };
        let offset = segment.offset.as_ref().map(|offset| match constant(offset) {
            Some(slot) => slot.to_string(),
            None => value(offset, names).text,
        });
        Element {
            index,
            mode,
            table,
            offset,
            element_type: segment
                .expressions()
                .map_or_else(|| "funcref".to_owned(), |ty| ty.to_string()),
            len: segment.len(),
            items: match mode {
                ElementMode::Active => Vec::new(),
                ElementMode::Passive | ElementMode::Declared => items_of(&segment.items, names).collect(),
            },
        }
    });
    elements.collect()
}

fn globals(module: &GuestModule<'_>, names: &FunctionNames<'_>, around: &Around) -> Vec<Global> {
    let globals = enumerate(&module.globals).map(|(index, global)| Global {
        index,
        name: module
            .global_names
            .get(&GlobalIndex(index))
            .map(|name| demangle_within(name)),
        ty: global_type(global.ty),
        import: around.import(ExternalKind::Global, index),
        exports: around.exports(ExternalKind::Global, index),
        value: global.init.as_ref().map(|init| value(init, names)),
    });
    globals.collect()
}

fn imports(module: &GuestModule<'_>) -> Vec<Import> {
    let imports = module.imports.iter().map(|import| {
        let (kind, index) = import.kind.external();
        Import {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            kind: import.kind.word(),
            index,
            ty: type_of(module, kind, index),
        }
    });
    imports.collect()
}

fn exports(module: &GuestModule<'_>) -> Vec<Export> {
    let exports = module.exports.iter().map(|export| {
        let kind = word(export.kind);
        let named = module.names.get(&FunctionIndex(export.index));
        Export {
            name: export.name.to_owned(),
            kind,
            index: export.index,
            ty: type_of(module, export.kind, export.index),
            function: named
                .filter(|_| kind == ImportKind::Function(FunctionIndex(0)).word())
                .map(|name| crate::text::demangle(name)),
        }
    });
    exports.collect()
}

/// The type of something that is imported or exported.
fn type_of(module: &GuestModule<'_>, kind: ExternalKind, index: u32) -> String {
    let position = index as usize;
    let found = match kind {
        ExternalKind::Func | ExternalKind::FuncExact => module
            .functions
            .get(position)
            .map(|ty| function_type(module, *ty)),
        ExternalKind::Table => module.tables.get(position).map(|table| table_type(table.ty)),
        ExternalKind::Memory => module.memories.get(position).map(|ty| memory_type(*ty)),
        ExternalKind::Global => module.globals.get(position).map(|global| global_type(global.ty)),
        ExternalKind::Tag => {
            let ty: Option<&TypeIndex> = module.tags.get(position);
            ty.map(|ty| function_type(module, *ty))
        }
    };
    found.unwrap_or_default()
}
