//! Makes state visible: everything that a snapshot reads is exported from the run copy.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportKind, ExportSection};

use super::Additions;
use crate::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex, enumerate,
};
use crate::init::InitPlan;
use crate::module::GuestModule;
use crate::splice::contents;

/// What the name of everything that is added begins with. A guest that uses it is refused.
pub(crate) const INJECTED_PREFIX: &str = "__cargo_preinit_";

/// An export that the run copy has and the guest has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Injected {
    Memory(MemoryIndex),
    Global(GlobalIndex),
    Table(TableIndex),
    /// A function that some reference can lead to.
    Function(FunctionIndex),
    /// The body of the constructors, called once.
    Constructors,
    /// The function to call at this position of the plan.
    Init(u32),
    /// Non-zero once the segment was dropped.
    DroppedData(DataIndex),
    /// Non-zero once the segment was dropped.
    DroppedElement(ElementIndex),
    /// Non-zero once an instruction copied from the segment.
    UsedElement(ElementIndex),
    /// A null of this type.
    Type(TypeIndex),
    /// The start function, which the run calls for itself.
    Start,
    /// Which external state init tried to touch, counted from 1.
    Touched,
    /// The table for functions of the host's that imported references are shown to before they are looked into.
    Inspect,
    /// Which function that the engine does not take was called, counted from 1.
    Unsupported,
    /// The probe's cells, where the guest does not bring its own.
    Armed,
    /// The probe's cells, where the guest does not bring its own.
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
            Self::Init(position) => format!("init_{position}"),
            Self::DroppedData(index) => format!("dropped_data_{index}"),
            Self::DroppedElement(index) => format!("dropped_element_{index}"),
            Self::UsedElement(index) => format!("used_element_{index}"),
            Self::Type(index) => format!("type_{index}"),
            Self::Start => "start".to_owned(),
            Self::Touched => "touched".to_owned(),
            Self::Inspect => "inspect".to_owned(),
            Self::Unsupported => "unsupported".to_owned(),
            Self::Armed => "armed".to_owned(),
            Self::Slot => "slot".to_owned(),
        };
        format!("{INJECTED_PREFIX}{rest}")
    }
}

/// Exports all memories, tables and globals that the module defines itself.
pub(super) fn expose_state(module: &GuestModule<'_>, additions: &mut Additions) {
    let exports = &mut additions.exports;
    for (index, _) in enumerate(&module.memories).skip(module.imported_memories as usize) {
        let name = Injected::Memory(MemoryIndex(index)).name();
        exports.export(&name, ExportKind::Memory, index);
    }
    for (index, global) in enumerate(&module.globals) {
        if global.init.is_some() {
            let name = Injected::Global(GlobalIndex(index)).name();
            exports.export(&name, ExportKind::Global, index);
        }
    }
    for (index, _) in enumerate(&module.tables).skip(module.imported_tables as usize) {
        let name = Injected::Table(TableIndex(index)).name();
        exports.export(&name, ExportKind::Table, index);
    }
}

/// The guest's exports, where the linker's wrappers have made room for what is inside of them.
pub(super) fn unwrapped(module: &GuestModule<'_>, plan: &InitPlan) -> Vec<u8> {
    let mut section = ExportSection::new();
    for export in &module.exports {
        let kind = RoundtripReencoder
            .export_kind(export.kind)
            .expect("a valid module has no kinds that cannot be written");
        let inner = plan.wrappers.get(&FunctionIndex(export.index));
        let index = match (kind, inner) {
            (ExportKind::Func, Some(inner)) => inner.0,
            _ => export.index,
        };
        section.export(export.name, kind, index);
    }
    contents(&section)
}

pub(super) fn export_function(additions: &mut Additions, injected: &Injected, function: FunctionIndex) {
    additions
        .exports
        .export(&injected.name(), ExportKind::Func, function.0);
}

pub(super) fn export_global(additions: &mut Additions, injected: Injected, global: GlobalIndex) {
    additions
        .exports
        .export(&injected.name(), ExportKind::Global, global.0);
}
