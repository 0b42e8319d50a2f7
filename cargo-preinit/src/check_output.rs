//! Checks the bytes of the output before they are written.
//!
//! **In** the output, the guest, the edit plan, and the state after init. **Out** nothing, or what is wrong: a difference is a
//! bug of this tool, and nothing is written. The whole module is validated, in release builds too. The state that it starts
//! with is read from its bytes and compared with the captured state: memories byte by byte, numbers bit by bit, tables slot by
//! slot, objects with their sharing. State that was not captured has to be the guest's, and so has all code that is left,
//! instruction by instruction, unless walrus has rewritten it. Imports and exports have to refer to what they referred to in
//! the guest, or to what the plan says. Custom sections are not compared.

mod code;
pub(crate) mod component;
mod entries;
mod kept;
pub(crate) mod object_graph;
mod start;

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use wasmparser::{ExternalKind, MemoryType, Operator};

use crate::check_output::object_graph::GraphEquality;
use crate::emit::index_map::IndexMap;
use crate::emit::{EditPlan, Emitted, ExportEdit};
use crate::guest::index::{FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex, enumerate};
use crate::guest::stubs::returned;
use crate::guest::{Export, Guest, GuestModule, Import, ImportKind, Node, count};
use crate::init::ExportFate;
use crate::shown;
use crate::snapshot::{InstanceState, MemoryState, Object, Reference, Value};
use code::Comparison;
use start::{Filled, Start};

/// A body without locals and instructions.
const NOTHING: &[u8] = &[0x00, 0x0b];

/// A body of `unreachable`.
const TRAP: &[u8] = &[0x00, 0x00, 0x0b];

/// A difference between the output and what it was made from.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the baked module is not what was captured: {0}")]
pub struct CheckError(pub String);

type Result<T = ()> = std::result::Result<T, CheckError>;

fn differs<T>(what: impl Into<String>) -> Result<T> {
    Err(CheckError(what.into()))
}

/// Fails if `is_same` is false or an error; `what` is the text for a difference.
fn holds(is_same: wasmparser::Result<bool>, what: impl FnOnce() -> String) -> Result {
    match is_same {
        Ok(true) => Ok(()),
        Ok(false) => differs(what()),
        Err(error) => differs(error.to_string()),
    }
}

/// Checks that the output is valid, starts with the state after init, has the guest's code, and has the guest's imports and
/// exports as the plan says.
///
/// # Errors
///
/// The first difference that is found.
pub fn check_output(output: &Emitted, guest: &Node<'_>, plan: &EditPlan, instance: &InstanceState) -> Result {
    checked(output, guest, plan, instance).map(drop)
}

/// As [`check_output()`]; returns the module that was read.
pub(crate) fn checked<'o>(
    output: &'o Emitted,
    guest: &Node<'_>,
    plan: &EditPlan,
    instance: &InstanceState,
) -> Result<Guest<'o>> {
    let parsed = parse(&output.wasm)?;
    let mut module = parsed.root();
    // References to its functions are compared with those of the guest's instance.
    module.id = guest.id;
    let check = Check {
        guest,
        module: &module,
        indices: &output.indices,
        plan,
        instance,
    };
    check.types()?;
    check.imports()?;
    check.exports()?;
    if !output.is_code_rewritten {
        check.code()?;
    }
    check.kept()?;
    check_state(&module, instance, &output.indices)?;
    Ok(parsed)
}

fn parse(wasm: &[u8]) -> Result<Guest<'_>> {
    Guest::parse(wasm).map_err(|error| CheckError(format!("{error}")))
}

/// Compares the state that a module starts with and the state after init.
fn check_state(module: &Node<'_>, instance: &InstanceState, indices: &IndexMap) -> Result {
    let tables = instance
        .tables
        .iter()
        .filter_map(|state| indices.table(state.index));
    let start = Start::of(module, &tables.collect::<Vec<_>>())?;
    for state in &instance.memories {
        if let Some(index) = indices.memory(state.index) {
            check_memory(module, &start, state, index)?;
        }
    }
    let mut objects = Objects {
        indices,
        found: &start.heap,
        expected: &instance.heap,
        graph: GraphEquality::default(),
    };
    for state in &instance.globals {
        let Some(index) = indices.global(state.index) else {
            continue;
        };
        let found = start.globals.get(index.position()).copied().flatten();
        if !found.is_some_and(|found| objects.are_same(found, state.value)) {
            return differs(format!("global {} starts with another value", state.index));
        }
    }
    for state in &instance.tables {
        let Some(index) = indices.table(state.index) else {
            continue;
        };
        let slots = &start.tables[index.position()];
        let table = state.index;
        if slots.len() != state.slots.len() {
            return differs(format!("table {table} has another size"));
        }
        for (slot, (found, expected)) in slots.iter().zip(&state.slots).enumerate() {
            let expected = Value::Reference(*expected);
            if !found.is_some_and(|found| objects.are_same(Value::Reference(found), expected)) {
                return differs(format!(
                    "slot {slot} of table {table} starts with another reference"
                ));
            }
        }
    }
    objects.check_fields()
}

/// Compares the types of those entities of an index space that are left. `indices` has their indices in the output.
fn are_left_the_same<T>(
    what: &str,
    indices: &[Option<u32>],
    expected: &[T],
    found: &[T],
    is_same: impl Fn(&T, &T) -> bool,
) -> Result {
    for ((index, expected), place) in enumerate(expected).zip(indices) {
        let Some(place) = place else { continue };
        if !found
            .get(*place as usize)
            .is_some_and(|found| is_same(expected, found))
        {
            return differs(format!("{what} {index} has another type"));
        }
    }
    Ok(())
}

/// The modules that are compared, and what the output was made from.
struct Check<'a> {
    guest: &'a Node<'a>,
    module: &'a Node<'a>,
    indices: &'a IndexMap,
    plan: &'a EditPlan,
    instance: &'a InstanceState,
}

impl Check<'_> {
    /// The types that are left have to be the guest's, in the same recursion groups. Types are only removed where none refers
    /// to another.
    fn types(&self) -> Result {
        let (guest, module, indices) = (self.guest, self.module, self.indices);
        let comparison = Comparison(indices);
        let ty = |index: &TypeIndex| indices.ty(*index);
        if module.recursion_groups != guest.recursion_groups {
            return differs("it has other recursion groups");
        }
        are_left_the_same(
            "type",
            &indices.types,
            &guest.types,
            &module.types,
            |expected, found| expected == found,
        )?;
        are_left_the_same(
            "function",
            &indices.functions,
            &guest.functions,
            &module.functions,
            |expected, found| ty(expected) == Some(*found),
        )?;
        are_left_the_same(
            "tag",
            &indices.tags,
            &guest.tags,
            &module.tags,
            |expected, found| ty(expected) == Some(*found),
        )?;
        are_left_the_same(
            "global",
            &indices.globals,
            &guest.globals,
            &module.globals,
            |expected, found| {
                (found.ty.mutable, found.ty.shared) == (expected.ty.mutable, expected.ty.shared)
                    && comparison.is_value_type(expected.ty.content_type, found.ty.content_type)
            },
        )?;
        // `check_state` and `kept` compare sizes.
        are_left_the_same(
            "table",
            &indices.tables,
            &guest.tables,
            &module.tables,
            |expected, found| {
                (found.ty.maximum, found.ty.table64) == (expected.ty.maximum, expected.ty.table64)
                    && comparison.is_ref_type(expected.ty.element_type, found.ty.element_type)
            },
        )?;
        are_left_the_same(
            "memory",
            &indices.memories,
            &guest.memories,
            &module.memories,
            |expected, found| {
                let initial = expected.initial;
                MemoryType { initial, ..*found } == *expected
            },
        )
    }

    /// All imports stay, used or not, since a host can see them; but for those that the plan says the output has itself.
    fn imports(&self) -> Result {
        let imports = self.guest.imports.iter();
        let expected: Vec<&Import<'_>> = imports.filter(|import| self.plan.keeps(import)).collect();
        let names = |import: &Import<'_>| (import.module.to_owned(), import.name.to_owned());
        let found = self.module.imports.iter().map(names);
        if !found.eq(expected.iter().map(|import| names(import))) {
            return differs("it has other imports");
        }
        for (found, expected) in self.module.imports.iter().zip(expected) {
            let place = match expected.kind {
                ImportKind::Function(index) => self.indices.function(index).map(ImportKind::Function),
                ImportKind::Table(index) => self.indices.table(index).map(ImportKind::Table),
                ImportKind::Memory(index) => self.indices.memory(index).map(ImportKind::Memory),
                ImportKind::Global(index) => self.indices.global(index).map(ImportKind::Global),
                ImportKind::Tag(index) => self.indices.tag(index).map(ImportKind::Tag),
            };
            if place != Some(found.kind) {
                return differs(format!("its import {} is another", shown::name(expected.name)));
            }
        }
        Ok(())
    }

    /// Every export is of the same entity as the guest's export, or of what the plan says, under the name that the plan says.
    fn exports(&self) -> Result {
        let mut expected: BTreeMap<&str, (Export<'_>, &ExportEdit)> = BTreeMap::new();
        for (export, edit) in self.guest.exports.iter().zip(&self.plan.exports) {
            if edit.fate != ExportFate::Gone {
                expected.insert(&edit.name, (*export, edit));
            }
        }
        for added in &self.plan.added {
            expected.insert(&added.edit.name, (added.export(), &added.edit));
        }
        let mut entries = BTreeSet::new();
        for found in &self.module.exports {
            let Some((export, edit)) = expected.remove(found.name) else {
                return differs(format!("it exports {}", shown::name(found.name)));
            };
            let index = export.index;
            let function = |index| self.indices.function(index).map(|index| index.0);
            let place = match (edit.fate, export.kind) {
                (fate, _) if edit.resumes => {
                    let called = match fate {
                        ExportFate::Unwrapped(inner) => inner,
                        ExportFate::Kept | ExportFate::Emptied | ExportFate::Gone => FunctionIndex(index),
                    };
                    let entry = self.entry(FunctionIndex(found.index), called);
                    entries.extend(entry);
                    entry.map(|_| found.index)
                }
                (ExportFate::Unwrapped(inner), _) => function(inner),
                (ExportFate::Emptied, _) if self.is_emptied(found, export, edit)? => Some(found.index),
                (ExportFate::Emptied, _) => None,
                (_, ExternalKind::Func | ExternalKind::FuncExact) => function(FunctionIndex(index)),
                (_, ExternalKind::Table) => self.indices.table(TableIndex(index)).map(|index| index.0),
                (_, ExternalKind::Memory) => self.indices.memory(MemoryIndex(index)).map(|index| index.0),
                (_, ExternalKind::Global) => self.indices.global(GlobalIndex(index)).map(|index| index.0),
                (_, ExternalKind::Tag) => self.indices.tag(index),
            };
            if (found.kind, Some(found.index)) != (export.kind, place) {
                return differs(format!("its export {} leads elsewhere", shown::name(found.name)));
            }
        }
        match expected.keys().next() {
            Some(name) => differs(format!("it does not export {}", shown::name(name))),
            None => self.entries(&entries),
        }
    }

    /// Whether an export is of a function with the guest's type that only returns what the exported init function returned.
    fn is_emptied(&self, found: &Export<'_>, expected: Export<'_>, edit: &ExportEdit) -> Result<bool> {
        let function = FunctionIndex(found.index);
        let ty = self.guest.functions.get(expected.index as usize);
        let found_ty = self.module.functions.get(function.position()).copied();
        let Some(body) = self.module.body(function) else {
            return Ok(false);
        };
        // Without locals, the code starts behind one byte.
        if found_ty != ty.and_then(|ty| self.indices.ty(*ty)) || body.code_start != body.range.start + 1 {
            return Ok(false);
        }
        let returned = start::results(self.module, function)?;
        Ok(returned == edit.returned)
    }

    /// The functions that are left have to be the guest's, instruction by instruction. Exceptions are the constructors, whose
    /// body does nothing, and dead initializers, which trap.
    fn code(&self) -> Result {
        self.stubs()?;
        let comparison = Comparison(self.indices);
        let is_renumbered = *self.indices != IndexMap::unchanged(self.guest);
        let bodies = self.guest.bodies.par_iter().enumerate();
        bodies.try_for_each(|(position, expected)| {
            let function = FunctionIndex(self.guest.imported_functions + count(position));
            let Some(place) = self.indices.function(function) else {
                return Ok(());
            };
            let Some(found) = self.module.body(place) else {
                return differs(format!("function {function} is missing"));
            };
            let found = self.module.bytes(&found.range);
            let bytes = self.guest.bytes(&expected.range);
            let is_same = if self.plan.constructors == Some(function) {
                comparison.are_same_bodies(NOTHING, found)
            } else if self.plan.dead_initializers.contains(&function) {
                comparison.are_same_bodies(TRAP, found)
            } else if !is_renumbered && bytes == found {
                // Equal bytes refer to the same entities if no index has changed.
                Ok(true)
            } else {
                comparison.is_body(expected, bytes, found)
            };
            holds(is_same, || format!("function {function} has other code"))
        })
    }
}

impl Check<'_> {
    /// What the output has in place of imports does what the plan says.
    fn stubs(&self) -> Result {
        for (function, stub) in &self.plan.stubs {
            let Some(place) = self.indices.function(*function) else {
                continue;
            };
            let results = self.guest.signature(*function).map_or(&[][..], |ty| ty.results());
            let code = self.module.instructions(place);
            let is_stub = match (returned(*stub, results), &code[..]) {
                (Some(number), [Operator::I32Const { value }, Operator::End]) => *value == number,
                (None, [Operator::Unreachable, Operator::End]) => true,
                _ => false,
            };
            if !is_stub {
                return differs(format!("the stub of function {function} does something else"));
            }
        }
        Ok(())
    }
}

/// Compares a memory that starts as `start` says with its state after init. `place` is its index in the output.
fn check_memory(
    module: &GuestModule<'_>,
    start: &Start<'_>,
    state: &MemoryState,
    place: MemoryIndex,
) -> Result {
    let index = state.index;
    if module.memories[place.position()].initial != state.pages {
        return differs(format!("memory {index} has another size"));
    }
    let mut written: Vec<&Filled<'_>> = start
        .data
        .iter()
        .filter(|(memory, _)| *memory == place)
        .map(|(_, run)| run)
        .collect();
    written.sort_by_key(|run| run.offset);
    if written.windows(2).any(|pair| pair[0].end() > pair[1].offset) {
        return differs(format!("segments of memory {index} overlap"));
    }
    let mut runs = state.runs.iter().peekable();
    for segment in written {
        let mut position = 0;
        while let Some(run) = runs.next_if(|run| run.end() <= segment.end()) {
            let Some(start) = run.offset.checked_sub(segment.offset) else {
                return differs(format!("memory {index} misses bytes at {:#x}", run.offset));
            };
            let start = usize::try_from(start).map_err(|error| CheckError(error.to_string()))?;
            let end = start + run.bytes.len();
            let is_zero = segment.bytes[position..start].iter().all(|byte| *byte == 0);
            if !is_zero || segment.bytes[start..end] != run.bytes {
                return differs(format!("memory {index} differs near {:#x}", run.offset));
            }
            position = end;
        }
        if segment.bytes[position..].iter().any(|byte| *byte != 0) {
            return differs(format!(
                "memory {index} has bytes too many at {:#x}",
                segment.offset
            ));
        }
    }
    match runs.next() {
        Some(run) => differs(format!("memory {index} misses bytes at {:#x}", run.offset)),
        None => Ok(()),
    }
}

/// The objects that the output makes, and those that were captured.
struct Objects<'a> {
    indices: &'a IndexMap,
    found: &'a [Object],
    expected: &'a [Object],
    graph: GraphEquality,
}

impl Objects<'_> {
    fn are_same(&mut self, found: Value, expected: Value) -> bool {
        let indices = self.indices;
        self.graph
            .are_same(found, expected, |found, expected| match (found, expected) {
                (
                    Value::Reference(Reference::Function(found)),
                    Value::Reference(Reference::Function(expected)),
                ) => indices.function(expected.index) == Some(found.index),
                (found, expected) => found == expected,
            })
    }

    fn check_fields(mut self) -> Result {
        while let Some((found, expected)) = self.graph.next_unread() {
            let (found, expected) = (&self.found[found.position()], &self.expected[expected.position()]);
            let ty = expected.ty;
            if found.ty != ty || found.fields.len() != expected.fields.len() {
                return differs(format!("an object of type {ty} has another type or length"));
            }
            for (found, expected) in found.fields.iter().zip(&expected.fields) {
                if !self.are_same(*found, *expected) {
                    return differs(format!("an object of type {ty} has another field"));
                }
            }
        }
        Ok(())
    }
}
