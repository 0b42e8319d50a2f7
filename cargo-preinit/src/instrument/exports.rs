//! Exports from the run copy everything that a snapshot reads.
//!
//! Engines take [a million exports][Countable::InterfaceTypes]. If there are more globals to read, the run copy exports a
//! table of functions that each return the values of many globals.

use wasm_encoder::ExportKind;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasmparser::{ExternalKind, FuncType};

use super::changeable::can_global_differ;
use super::counter::Counter;
use super::{AddedFunction, Additions, Guard};
use crate::engine_limits::{Countable, MAX_RESULTS};
use crate::guest::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex, enumerate,
};
use crate::guest::{Export, ImportKind, Node, is_marked};
use crate::init::InitPlan;

/// The prefix of the name of every added export. A guest that uses it is refused.
pub(crate) const INJECTED_PREFIX: &str = "__cargo_preinit_";

/// An export that the run copy has in addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Injected {
    Memory(MemoryIndex),
    Global(GlobalIndex),
    Table(TableIndex),
    /// A function that a reference can lead to and that cannot answer the probe.
    Function(FunctionIndex),
    /// The copy of the constructors, called once.
    Constructors,
    /// The reactor's `_initialize`.
    Initialize,
    /// The function to call at this position of the plan.
    Init(u32),
    /// Non-zero once the segment was dropped.
    DroppedData(DataIndex),
    /// Non-zero once the segment was dropped.
    DroppedElement(ElementIndex),
    /// Non-zero once an instruction copied from the segment.
    UsedElement(ElementIndex),
    /// A type anchor: a null of this type.
    Type(TypeIndex),
    /// The function that makes a handle in a component instance: see `instrument/handles.rs`.
    HandleMaker,
    /// The function that drops a handle in a component instance, if it is of this one of WASI's resources.
    HandleDropper(u32),
    /// The id of a module of a component, by which the run knows its instances.
    Module,
    /// The start function, which the run calls for itself.
    Start,
    /// The position of the external state that init tried to touch, counted from 1.
    Touched,
    /// The table of host functions that a reference is passed to before it is inspected, if it may be an imported one.
    Inspect,
    /// The table of functions that return the values of globals: see [`Chunks`].
    Readers,
    /// The position of the function that was called and that the engine does not take, counted from 1.
    Unsupported,
    /// What is counted of the allocator's calls.
    Count(Counter),
    /// Non-zero once std made keys for hash maps without random numbers.
    HashKeys,
    /// How often the guest's code changed the byte that is watched.
    Changes,
    /// What the last of these changes left there.
    LastChange,
    /// A cell of the probe, unless the SDK provides it.
    Armed,
    /// A cell of the probe, unless the SDK provides it.
    Slot,
}

impl Injected {
    pub(crate) fn name(self) -> String {
        let rest = match self {
            Self::Memory(index) => format!("memory_{index}"),
            Self::Global(index) => format!("global_{index}"),
            Self::Table(index) => format!("table_{index}"),
            Self::Function(index) => format!("function_{index}"),
            Self::Constructors => "constructors".to_owned(),
            Self::Initialize => "initialize".to_owned(),
            Self::Init(position) => format!("init_{position}"),
            Self::DroppedData(index) => format!("dropped_data_{index}"),
            Self::DroppedElement(index) => format!("dropped_element_{index}"),
            Self::UsedElement(index) => format!("used_element_{index}"),
            Self::Type(index) => format!("type_{index}"),
            Self::HandleMaker => "handle_maker".to_owned(),
            Self::HandleDropper(resource) => format!("handle_dropper_{resource}"),
            Self::Module => "module".to_owned(),
            Self::Start => "start".to_owned(),
            Self::Touched => "touched".to_owned(),
            Self::Inspect => "inspect".to_owned(),
            Self::Readers => "readers".to_owned(),
            Self::Unsupported => "unsupported".to_owned(),
            Self::Count(counter) => format!("count_{}", counter.name()),
            Self::HashKeys => "hash_keys".to_owned(),
            Self::Changes => "changes".to_owned(),
            Self::LastChange => "last_change".to_owned(),
            Self::Armed => "armed".to_owned(),
            Self::Slot => "slot".to_owned(),
        };
        format!("{INJECTED_PREFIX}{rest}")
    }
}

/// Globals that are read through functions, each of which returns the values of at most [`MAX_RESULTS`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Chunks {
    /// In ascending order.
    globals: Vec<GlobalIndex>,
}

impl Chunks {
    /// The slot of the function that returns a global's value, and the position of that value in the function's results.
    pub(crate) fn find(&self, global: GlobalIndex) -> Option<(u64, usize)> {
        let position = self.globals.binary_search(&global).ok()?;
        Some(((position / MAX_RESULTS) as u64, position % MAX_RESULTS))
    }
}

/// Exports the memories and tables that the module defines, and the imported memories that are promised to be fresh.
pub(super) fn expose_state(module: &Node<'_>, additions: &mut Additions) {
    for (index, _) in enumerate(&module.memories) {
        if index < module.imported_memories && !module.external.fresh.contains(&MemoryIndex(index)) {
            continue;
        }
        additions.export(Injected::Memory(MemoryIndex(index)), ExportKind::Memory, index);
    }
    for (index, _) in enumerate(&module.tables).skip(module.imported_tables as usize) {
        additions.export(Injected::Table(TableIndex(index)), ExportKind::Table, index);
    }
}

/// How many [types of the interface][Countable::InterfaceTypes] the imports and these exports count as.
pub(super) fn interface_types(
    module: &Node<'_>,
    exports: impl IntoIterator<Item = (ExportKind, u32)>,
) -> usize {
    let size = |ty: Option<&FuncType>| 1 + ty.map_or(0, |ty| ty.params().len() + ty.results().len());
    let of_export = |(kind, index)| match kind {
        // An added function that is exported has neither parameters nor results.
        ExportKind::Func => size(module.signature(FunctionIndex(index))),
        ExportKind::Tag => size(module.tag_signature(index)),
        _ => 1,
    };
    let imports = module.imports.iter().map(|import| match import.kind {
        ImportKind::Function(index) => size(module.signature(index)),
        ImportKind::Tag(index) => size(module.tag_signature(index)),
        ImportKind::Table(_) | ImportKind::Memory(_) | ImportKind::Global(_) => 1,
    });
    imports.sum::<usize>() + exports.into_iter().map(of_export).sum::<usize>()
}

/// Exports the globals that the module defines: for a bake those that init can change, else all. All other exports must exist
/// before. They count as `taken` [types of the interface][Countable::InterfaceTypes], and decide whether each global can have
/// an export.
pub(super) fn expose_globals(
    module: &Node<'_>,
    guard: Guard,
    taken: usize,
    additions: &mut Additions,
) -> Chunks {
    let globals = enumerate(&module.globals)
        .filter(|(_, global)| global.init.is_some())
        .map(|(index, _)| GlobalIndex(index))
        .filter(|index| match guard {
            Guard::On => !module.external.global(*index) && can_global_differ(module, *index),
            Guard::Off => true,
        });
    let globals: Vec<GlobalIndex> = globals.collect();
    if (taken + globals.len()) as u64 <= Countable::InterfaceTypes.most() {
        for index in globals {
            export_global(additions, Injected::Global(index), index);
        }
        return Chunks::default();
    }
    let mut readers = Vec::new();
    for chunk in globals.chunks(MAX_RESULTS) {
        let results = chunk.iter().map(|index| {
            RoundtripReencoder
                .val_type(module.globals[index.position()].ty.content_type)
                .expect("a valid module has no types that cannot be written")
        });
        let ty = additions.add_type(module, [], results);
        readers.push(
            additions
                .add_function(module, AddedFunction::Reader(ty, chunk.to_vec()))
                .0,
        );
    }
    let table = additions.add_table(module, readers.len() as u64);
    additions.export(Injected::Readers, ExportKind::Table, table.0);
    additions.filled = Some((table, readers));
    Chunks { globals }
}

/// The guest's exports that the run copy has. An export of a linker's wrapper leads to the wrapped function.
///
/// A bake calls none of the guest's exports by name, and each exported function costs the engine a trampoline. Memories stay,
/// since WASI looks one up, and so do functions that become references, since an export also declares its function for
/// `ref.func`.
pub(super) fn of_guest<'a>(
    module: &'a Node<'_>,
    plan: &InitPlan,
    guard: Guard,
) -> Vec<(&'a str, ExportKind, u32)> {
    let is_kept = |export: &&Export<'_>| match export.kind {
        // Other instances import what they need by these names.
        _ if guard == Guard::Off || !module.has_stand_ins() => true,
        ExternalKind::Memory => true,
        ExternalKind::Func | ExternalKind::FuncExact => {
            is_marked(&module.code.referenced_functions, export.index)
        }
        ExternalKind::Table | ExternalKind::Global | ExternalKind::Tag => false,
    };
    let exports = module.exports.iter().filter(is_kept).map(|export| {
        let kind = RoundtripReencoder
            .export_kind(export.kind)
            .expect("a valid module has no kinds that cannot be written");
        let inner = plan.wrappers.get(&FunctionIndex(export.index));
        let index = match (kind, inner) {
            (ExportKind::Func, Some(inner)) => inner.0,
            _ => export.index,
        };
        (export.name, kind, index)
    });
    exports.collect()
}

pub(super) fn export_function(additions: &mut Additions, injected: Injected, function: FunctionIndex) {
    additions.export(injected, ExportKind::Func, function.0);
}

pub(super) fn export_global(additions: &mut Additions, injected: Injected, global: GlobalIndex) {
    additions.export(injected, ExportKind::Global, global.0);
}
