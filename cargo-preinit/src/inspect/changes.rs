//! What can change from one file to another.

use serde::Serialize;

use super::expressions::Function;

/// What changed from one module or component to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Whether both are the same bytes, in the binary format.
    pub is_same: bool,
    /// The sizes of the files, in bytes.
    pub bytes: Change<u64>,
    /// The bytes of each kind of section, with its header.
    pub sections: Vec<SizeChange>,
    /// The bytes of code of each crate, those that changed most first.
    pub crates: Vec<SizeChange>,
    /// The bytes of custom sections by name, with their headers.
    pub customs: Vec<SizeChange>,
    /// What init ran: the items that the stamps name.
    pub items: Names,
    /// What a component imports.
    pub imports: Names,
    /// What a component exports.
    pub exports: Names,
    /// The core modules, paired by their place.
    pub modules: Vec<ModuleComparison>,
}

/// A value before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change<T> {
    /// Before.
    pub old: T,
    /// After.
    pub new: T,
}

impl<T: PartialEq> Change<T> {
    /// Whether there is one.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.old != self.new
    }
}

/// How many bytes something of that name takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SizeChange {
    /// The name.
    pub name: String,
    /// The bytes.
    #[serde(flatten)]
    pub bytes: Change<u64>,
}

/// Names that only one of two files has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// Those that only the new one has.
    pub added: Vec<String>,
    /// Those that only the old one has.
    pub removed: Vec<String>,
}

/// What changed from one core module to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ModuleComparison {
    /// The place of both in their files.
    pub index: u32,
    /// The name in the name section, of the new one if it has one.
    pub name: Option<String>,
    /// Whether only the new file has it.
    pub is_added: bool,
    /// Whether only the old file has it.
    pub is_removed: bool,
    /// The functions.
    pub functions: FunctionChanges,
    /// The memories that changed.
    pub memories: Vec<MemoryChange>,
    /// The globals that changed.
    pub globals: Vec<GlobalChange>,
    /// The tables that changed.
    pub tables: Vec<TableChange>,
    /// What it imports.
    pub imports: Names,
    /// What it exports.
    pub exports: Names,
    /// The start function, if it changed.
    pub start: Option<Change<Option<Function>>>,
}

/// Which functions with code changed. They are matched by name, and where one has no name, by their code; indices count nowhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FunctionChanges {
    /// Those that only the new module has, the largest first.
    pub added: Vec<SizedFunction>,
    /// Those that only the old module has, the largest first.
    pub removed: Vec<SizedFunction>,
    /// Those whose code changed, those whose size changed most first.
    pub changed: Vec<ChangedFunction>,
    /// How many are the same.
    pub unchanged: u32,
}

/// A function, and the bytes of its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SizedFunction {
    /// The function.
    #[serde(flatten)]
    pub function: Function,
    /// The bytes.
    pub bytes: u64,
}

/// A function whose code changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedFunction {
    /// Its demangled name.
    pub name: String,
    /// Its indices.
    pub index: Change<u32>,
    /// The bytes of its body.
    pub bytes: Change<u64>,
}

/// How a memory changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemoryChange {
    /// Its index.
    pub index: u32,
    /// Its size at instantiation in pages; `None` if the file does not have it.
    pub minimum: Change<Option<u64>>,
    /// Its largest size in pages.
    pub maximum: Change<Option<u64>>,
    /// How many segments are copied to it.
    pub segments: Change<u32>,
    /// How many bytes they set.
    pub bytes_initialised: Change<u64>,
    /// The ranges of addresses whose bytes differ at the start. Up to 15 equal bytes between two do not part them.
    pub ranges: Vec<AddressRange>,
}

/// Addresses of a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AddressRange {
    /// The first one.
    pub start: u64,
    /// The one behind the last.
    pub end: u64,
}

/// How a global changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GlobalChange {
    /// Its name in the name section, else that of an export.
    pub name: Option<String>,
    /// Its index; `None` if the file does not have it.
    pub index: Change<Option<u32>>,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Change<Option<String>>,
    /// Its initial value; `None` also if it is imported.
    pub value: Change<Option<String>>,
}

/// How a table changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableChange {
    /// Its index.
    pub index: u32,
    /// How many slots it has at instantiation; `None` if the file does not have it.
    pub minimum: Change<Option<u64>>,
    /// How many slots it can have.
    pub maximum: Change<Option<u64>>,
    /// The slots that hold something else.
    pub slots: Vec<SlotChange>,
}

/// How a slot changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlotChange {
    /// Its number.
    pub slot: u64,
    /// What it holds; `None` for what no segment sets.
    pub value: Change<Option<String>>,
}

impl<T: Copy> Change<T> {
    pub(crate) fn map<U>(self, of: impl Fn(T) -> U) -> Change<U> {
        Change {
            old: of(self.old),
            new: of(self.new),
        }
    }
}
