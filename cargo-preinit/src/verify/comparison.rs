//! Compares the states of two instances.

use std::collections::BTreeMap;

use wasmparser::{ExternalKind, Operator};

use super::Compared;
use crate::check_output::object_graph::GraphEquality;
use crate::guest::index::{FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, enumerate};
use crate::guest::stubs::stubs;
use crate::guest::{GuestModule, Import, ImportKind, Node};
use crate::init::{ExportFate, InitPlan};
use crate::options::BakeOptions;
use crate::shown;
use crate::snapshot::{InstanceState, Internal, Object, Reference, Value};

/// Whether both modules have the same functions at the same indices, apart from the constructors, and the same number of
/// memories and tables. The baked module may have more globals, of which `reserved` are before the guest's own.
fn has_same_code(
    original: &GuestModule<'_>,
    baked: &GuestModule<'_>,
    plan: &InitPlan,
    reserved: Option<usize>,
) -> bool {
    baked.functions.get(..original.functions.len()) == Some(&original.functions)
        && reserved.is_some()
        && original.memories.len() == baked.memories.len()
        && original.tables.len() == baked.tables.len()
        && enumerate(&original.bodies).all(|(position, body)| {
            let function = FunctionIndex(original.imported_functions + position);
            baked.bodies.get(position as usize).is_some_and(|found| {
                plan.constructors == Some(function)
                    || original.bytes(&body.range) == baked.bytes(&found.range)
                    || has_moved_globals(original, baked, function, reserved)
            })
        })
}

/// Whether a function has the same instructions in both modules, except that the guest's own globals have indices that are
/// greater by `reserved` in the baked module.
fn has_moved_globals(
    original: &GuestModule<'_>,
    baked: &GuestModule<'_>,
    function: FunctionIndex,
    reserved: Option<usize>,
) -> bool {
    let Some(reserved) = reserved
        .and_then(|reserved| u32::try_from(reserved).ok())
        .filter(|reserved| *reserved > 0)
    else {
        return false;
    };
    let moved = |index: u32| {
        if index < original.imported_globals {
            index
        } else {
            index + reserved
        }
    };
    let expected = original
        .instructions(function)
        .into_iter()
        .map(|operator| match operator {
            Operator::GlobalGet { global_index } => Operator::GlobalGet {
                global_index: moved(global_index),
            },
            Operator::GlobalSet { global_index } => Operator::GlobalSet {
                global_index: moved(global_index),
            },
            operator => operator,
        });
    expected.eq(baked.instructions(function))
}

/// An instance of the original, and the one of the bake that has to be in the same state.
pub(super) struct Pair<'a> {
    pub(super) original: Node<'a>,
    pub(super) baked: Node<'a>,
    plan: &'a InitPlan,
    options: &'a BakeOptions,
    /// Whether indices have the same meaning on both sides. If not, only exports are compared.
    pub(super) is_all: bool,
    /// How many globals the bake has before the guest's own.
    reserved: usize,
}

impl<'a> Pair<'a> {
    /// `is_entered` says whether the bake has a global behind the guest's: see [`EditPlan::resume`](crate::emit::EditPlan).
    pub(super) fn new(
        original: Node<'a>,
        baked: Node<'a>,
        plan: &'a InitPlan,
        options: &'a BakeOptions,
        is_entered: bool,
    ) -> Self {
        let of_guest = original.globals.len() + usize::from(is_entered);
        let reserved = baked.globals.len().checked_sub(of_guest);
        Self {
            is_all: has_same_code(&original, &baked, plan, reserved),
            reserved: reserved.unwrap_or_default(),
            original,
            baked,
            plan,
            options,
        }
    }

    /// The index that a memory of the original has in the bake, if both are known to be the same.
    pub(super) fn memory_in_bake(&self, memory: MemoryIndex) -> Option<MemoryIndex> {
        let memories = self.paired(ExternalKind::Memory);
        let found = memories.iter().find(|(index, ..)| *index == memory.0);
        found.map(|(_, index, _)| MemoryIndex(*index))
    }

    /// What is compared of a kind: the index in the original, the index in the bake, and a name for messages.
    fn paired(&self, kind: ExternalKind) -> Vec<(u32, u32, String)> {
        let (original, baked) = (&self.original, &self.baked);
        if self.is_all {
            let (count, reserved) = match kind {
                ExternalKind::Memory => (original.memories.len(), 0),
                ExternalKind::Table => (original.tables.len(), 0),
                _ => (original.globals.len(), self.reserved),
            };
            let reserved = u32::try_from(reserved).unwrap_or(u32::MAX);
            return (0_u32..)
                .take(count)
                .map(|index| (index, index + reserved, index.to_string()))
                .collect();
        }
        let exports = baked.exports.iter().filter(|export| export.kind == kind);
        exports
            .filter_map(|export| {
                let mut renames = self.options.renames.iter();
                let renamed = renames.find(|rename| rename.new == export.name);
                let own = renamed.map_or(export.name, |rename| rename.old.as_str());
                let original = original.export(own).filter(|original| original.kind == kind)?;
                Some((original.index, export.index, shown::name(export.name).to_string()))
            })
            .collect()
    }
}

/// Compares the states of a pair.
pub(super) struct Comparison<'a> {
    pair: &'a Pair<'a>,
    expected: &'a InstanceState,
    found: &'a InstanceState,
    graph: GraphEquality,
    differences: Vec<String>,
    compared: Compared,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(pair: &'a Pair<'a>, (expected, found): (&'a InstanceState, &'a InstanceState)) -> Self {
        Self {
            pair,
            expected,
            found,
            graph: GraphEquality::default(),
            differences: Vec::new(),
            compared: Compared::default(),
        }
    }

    /// The differences, and how much was compared.
    pub(super) fn compare(mut self) -> (Vec<String>, Compared) {
        // In a component, what a module exports is seen by nobody outside.
        if self.pair.original.place.is_none() {
            self.compare_interfaces();
        }
        for (expected, found, name) in self.pair.paired(ExternalKind::Memory) {
            let state = |state: &InstanceState, index| {
                let states = &state.memories;
                states.iter().position(|state| state.index == MemoryIndex(index))
            };
            let (Some(left), Some(right)) = (state(self.expected, expected), state(self.found, found)) else {
                continue;
            };
            self.compared.memories += 1;
            let (left, right) = (&self.expected.memories[left], &self.found.memories[right]);
            if left.pages != right.pages {
                self.differences.push(format!(
                    "memory {name} has {} pages in the original, and {} baked",
                    left.pages, right.pages
                ));
            }
            if let Some(address) = first_difference(&left.runs, &right.runs) {
                self.differences
                    .push(format!("memory {name} differs at {address:#x}"));
            }
        }
        for (expected, found, name) in self.pair.paired(ExternalKind::Global) {
            let state = |state: &InstanceState, index| {
                let states = &state.globals;
                let state = states.iter().find(|state| state.index == GlobalIndex(index));
                state.map(|state| state.value)
            };
            let (left, right) = (state(self.expected, expected), state(self.found, found));
            if left.is_some() || right.is_some() {
                self.compared.globals += 1;
            }
            match (left, right) {
                (Some(left), Some(right)) if !self.are_same(left, right) => {
                    self.differences.push(format!(
                        "global {name} is {} in the original, and {} baked",
                        show(left),
                        show(right)
                    ));
                }
                _ => {}
            }
        }
        for (expected, found, name) in self.pair.paired(ExternalKind::Table) {
            let state = |state: &InstanceState, index| {
                let states = &state.tables;
                states.iter().position(|state| state.index == TableIndex(index))
            };
            let (Some(left), Some(right)) = (state(self.expected, expected), state(self.found, found)) else {
                continue;
            };
            self.compared.tables += 1;
            let (left, right) = (&self.expected.tables[left], &self.found.tables[right]);
            if left.slots.len() != right.slots.len() {
                self.differences.push(format!(
                    "table {name} has {} slots in the original, and {} baked",
                    left.slots.len(),
                    right.slots.len()
                ));
            }
            for (slot, (left, right)) in left.slots.iter().zip(&right.slots).enumerate() {
                let (left, right) = (Value::Reference(*left), Value::Reference(*right));
                if !self.are_same(left, right) {
                    self.differences.push(format!(
                        "slot {slot} of table {name} is {} in the original, and {} baked",
                        show(left),
                        show(right)
                    ));
                }
            }
        }
        self.compare_objects();
        (self.differences, self.compared)
    }

    /// Compares imports and exports, apart from exports that the bake removes and renames.
    fn compare_interfaces(&mut self) {
        let Pair {
            original,
            baked,
            plan,
            options,
            ..
        } = *self.pair;
        let stubs = stubs(&original, &options.stubs);
        let stays = |import: &&Import<'_>| !matches!(&import.kind, ImportKind::Function(index) if stubs.contains_key(index));
        let names = |import: &Import<'_>| (import.module.to_owned(), import.name.to_owned());
        let kept = original.imports.iter().filter(stays).map(names);
        if !kept.eq(baked.imports.iter().map(names)) {
            self.differences.push("the imports are others".to_owned());
        }
        let mut missing: BTreeMap<String, ExternalKind> = BTreeMap::new();
        let renames = &options.renames;
        for export in &original.exports {
            if plan.fate(*export, options) != ExportFate::Gone {
                let renamed = renames.iter().find(|rename| rename.old == export.name);
                let name = renamed.map_or(export.name, |rename| rename.new.as_str());
                missing.insert(name.to_owned(), export.kind);
            }
        }
        for export in &baked.exports {
            if missing.remove(export.name) != Some(export.kind) {
                self.differences.push(format!(
                    "the export {} is not in the original",
                    shown::name(export.name)
                ));
            }
        }
        for name in missing.keys() {
            self.differences.push(format!(
                "the export {} is not in the baked module",
                shown::name(name)
            ));
        }
    }

    fn are_same(&mut self, expected: Value, found: Value) -> bool {
        let Pair {
            is_all,
            original,
            baked,
            ..
        } = *self.pair;
        self.graph
            .are_same(expected, found, |expected, found| match (expected, found) {
                (
                    Value::Reference(Reference::Function(expected)),
                    Value::Reference(Reference::Function(found)),
                ) if is_all => first_import(&original, expected.index) == first_import(&baked, found.index),
                (
                    Value::Reference(Reference::Function(expected)),
                    Value::Reference(Reference::Function(found)),
                ) => original.signature(expected.index) == baked.signature(found.index),
                (expected, found) => expected == found,
            })
    }

    fn compare_objects(&mut self) {
        while let Some((expected, found)) = self.graph.next_unread() {
            self.compared.objects += 1;
            let expected: &Object = &self.expected.heap[expected.position()];
            let found: &Object = &self.found.heap[found.position()];
            let is_same_shape =
                expected.fields.len() == found.fields.len() && (!self.pair.is_all || expected.ty == found.ty);
            let fields = expected.fields.iter().zip(&found.fields);
            if !is_same_shape || !fields.fold(true, |same, (one, other)| self.are_same(*one, *other) && same)
            {
                let ty = expected.ty;
                self.differences.push(format!("an object of type {ty} differs"));
            }
        }
    }
}

/// The index of a function, or of the first import that is the same one: a component may pass a function for two imports.
fn first_import(node: &Node<'_>, function: FunctionIndex) -> FunctionIndex {
    let sources = node.place.map_or(&[][..], |place| &place.sources);
    let imports = || node.imports.iter().zip(sources);
    let own = imports().find(|(import, _)| import.kind == ImportKind::Function(function));
    let Some((_, wanted)) = own else { return function };
    let first = imports().find_map(|(import, source)| match import.kind {
        ImportKind::Function(index) if source == wanted => Some(index),
        _ => None,
    });
    first.unwrap_or(function)
}

/// The first address at which two memories differ.
fn first_difference(left: &[crate::snapshot::Run], right: &[crate::snapshot::Run]) -> Option<u64> {
    let (one, other) = match left.iter().zip(right).find(|(one, other)| one != other) {
        Some(pair) => pair,
        None => {
            let extra = left.get(right.len()).or_else(|| right.get(left.len()))?;
            return Some(extra.offset);
        }
    };
    if one.offset != other.offset {
        return Some(one.offset.min(other.offset));
    }
    let same = one
        .bytes
        .iter()
        .zip(&other.bytes)
        .take_while(|(one, other)| one == other);
    Some(one.offset + same.count() as u64)
}

fn show(value: Value) -> String {
    match value {
        Value::I32(value) => value.to_string(),
        Value::I64(value) => value.to_string(),
        Value::F32(bits) => format!("{} ({bits:#x})", f32::from_bits(bits)),
        Value::F64(bits) => format!("{} ({bits:#x})", f64::from_bits(bits)),
        Value::V128(value) => format!("{value:#x}"),
        Value::Reference(Reference::Null) => "null".to_owned(),
        Value::Reference(Reference::Function(function)) => format!("function {}", function.index),
        Value::Reference(Reference::Internal(Internal::I31(bits), _)) => format!("i31 {bits}"),
        Value::Reference(Reference::Internal(Internal::Object(_), _)) => "an object".to_owned(),
        Value::Reference(Reference::Imported(..)) => "an imported reference".to_owned(),
    }
}
