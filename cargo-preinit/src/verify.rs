//! The last look at the bytes that are about to be written.
//!
//! **In** those bytes, the guest, and the snapshot that they are made from. **Out** nothing, or what is wrong: any
//! difference is a bug of this tool, and nothing is written then. The module is validated as a whole, in release builds
//! too. What it starts with is read from it anew, and compared with what was captured: memories byte by byte, numbers bit
//! by bit, tables slot by slot, objects with their sharing. All code has to be the guest's.

mod start;

use wasmparser::{ExternalKind, FuncType, ValType};

use crate::index::{DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, enumerate};
use crate::init::InitPlan;
use crate::module::{Droppable, GuestModule, SegmentMode, is_marked};
use crate::pairs::Pairs;
use crate::rewrite::{Rewritten, TRAP, with_room};
use crate::shrink::{Indices, Shrunk};
use crate::snapshot::{MemoryState, Object, Reference, Run, Snapshot, Value};
use start::Start;

/// What the output has that it should not have, or the other way round.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the baked module is not what was captured: {0}")]
pub struct VerifyError(pub String);

type Result<T = ()> = std::result::Result<T, VerifyError>;

fn differs<T>(what: impl Into<String>) -> Result<T> {
    Err(VerifyError(what.into()))
}

/// Checks that the output is valid, holds the snapshot, and has the guest's code. Returns it as it was read.
pub fn verify<'o>(
    output: &'o Rewritten,
    guest: &GuestModule<'_>,
    plan: &InitPlan,
    snapshot: &Snapshot,
) -> Result<GuestModule<'o>> {
    let module = parse(&output.wasm)?;
    if output.room > 0 {
        // The same code, but for the indices of globals.
        let roomy = with_room(guest, output.room).map_err(|error| VerifyError(error.to_string()))?;
        let roomy = parse(&roomy)?;
        check_code(&module, &roomy, plan, snapshot)?;
        check_passive_segments(&module, &roomy, snapshot)?;
    } else {
        check_code(&module, guest, plan, snapshot)?;
        check_passive_segments(&module, guest, snapshot)?;
    }
    check_state(&module, snapshot, &Indices::unchanged(guest, output.room))?;
    Ok(module)
}

/// The same for the output without dead code: what is left of the state is the snapshot's, and every export leads to
/// what it led to.
pub fn verify_shrunk(shrunk: &Shrunk, full: &GuestModule<'_>, snapshot: &Snapshot) -> Result {
    let module = parse(&shrunk.wasm)?;
    let imports = |module: &GuestModule<'_>| -> Vec<(String, String)> {
        let imports = module.imports.iter();
        imports
            .map(|import| (import.module.to_owned(), import.name.to_owned()))
            .collect()
    };
    if imports(&module) != imports(full) {
        return differs("it has other imports");
    }
    if module.exports.len() != full.exports.len() {
        return differs("it has other exports");
    }
    for (found, expected) in module.exports.iter().zip(&full.exports) {
        let index = expected.index;
        let indices = &shrunk.indices;
        let index = match expected.kind {
            ExternalKind::Func | ExternalKind::FuncExact => {
                indices.function(FunctionIndex(index)).map(|index| index.0)
            }
            ExternalKind::Table => indices.table(TableIndex(index)).map(|index| index.0),
            ExternalKind::Memory => indices.memory(MemoryIndex(index)).map(|index| index.0),
            ExternalKind::Global => indices.global(GlobalIndex(index)).map(|index| index.0),
            // Tags are compared by nobody, and have no state.
            ExternalKind::Tag => Some(found.index),
        };
        if (found.name, found.kind, Some(found.index)) != (expected.name, expected.kind, index) {
            return differs(format!("its export `{}` leads elsewhere", expected.name));
        }
    }
    for (index, _) in enumerate(&full.functions) {
        let index = FunctionIndex(index);
        if let Some(found) = shrunk.indices.function(index)
            && !is_same_signature(full.signature(index), module.signature(found))
        {
            return differs(format!("function {index} has another type"));
        }
    }
    check_state(&module, snapshot, &shrunk.indices)
}

/// Whether two functions of different modules have the same type, as far as that can be told without resolving the
/// indices of types in it.
fn is_same_signature(one: Option<&FuncType>, other: Option<&FuncType>) -> bool {
    let is_index = |ty: &ValType| matches!(ty, ValType::Ref(ty) if ty.is_concrete_type_ref());
    let are_same = |one: &[ValType], other: &[ValType]| {
        one.len() == other.len()
            && one
                .iter()
                .zip(other)
                .all(|(one, other)| one == other || (is_index(one) && is_index(other)))
    };
    match (one, other) {
        (Some(one), Some(other)) => {
            are_same(one.params(), other.params()) && are_same(one.results(), other.results())
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn parse(wasm: &[u8]) -> Result<GuestModule<'_>> {
    GuestModule::parse(wasm).map_err(|error| VerifyError(format!("{error}")))
}

/// Compares what a module starts with and the snapshot.
fn check_state(module: &GuestModule<'_>, snapshot: &Snapshot, indices: &Indices) -> Result {
    let tables = snapshot
        .tables
        .iter()
        .filter_map(|state| indices.table(state.index));
    let start = Start::of(module, &tables.collect::<Vec<_>>())?;
    for state in &snapshot.memories {
        if let Some(index) = indices.memory(state.index) {
            check_memory(module, &start, state, index)?;
        }
    }
    let mut objects = Objects {
        indices,
        found: &start.heap,
        expected: &snapshot.heap,
        pairs: Pairs::default(),
    };
    for state in &snapshot.globals {
        let Some(index) = indices.global(state.index) else {
            continue;
        };
        let found = start.globals.get(index.position()).copied().flatten();
        if !found.is_some_and(|found| objects.are_same(found, state.value)) {
            return differs(format!("global {} starts with another value", state.index));
        }
    }
    for state in &snapshot.tables {
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

/// The functions have to be the guest's, byte by byte, apart from the constructors and those that trap instead.
fn check_code(
    module: &GuestModule<'_>,
    guest: &GuestModule<'_>,
    plan: &InitPlan,
    snapshot: &Snapshot,
) -> Result {
    if module.functions.get(..guest.functions.len()) != Some(&guest.functions) {
        return differs("it has functions of other types");
    }
    for (position, expected) in enumerate(&guest.bodies) {
        let Some(found) = module.bodies.get(position as usize) else {
            return differs("functions are missing");
        };
        let function = FunctionIndex(guest.imported_functions + position);
        let is_same = module.bytes(&found.range) == guest.bytes(&expected.range);
        let is_spent = snapshot.spent.contains(&function) && module.bytes(&found.range).starts_with(TRAP);
        if !is_same && !is_spent && plan.constructors != Some(function) {
            return differs(format!("function {function} has other code"));
        }
    }
    Ok(())
}

/// Segments that instructions can still name are the guest's, or empty where init dropped them.
fn check_passive_segments(module: &GuestModule<'_>, guest: &GuestModule<'_>, snapshot: &Snapshot) -> Result {
    for (index, segment) in enumerate(&guest.data) {
        if segment.mode != SegmentMode::Passive || !is_marked(&guest.code.used_data, index) {
            continue;
        }
        let is_dropped = snapshot.dropped.contains(&Droppable::Data(DataIndex(index)));
        let found = module
            .data
            .get(index as usize)
            .map(|found| module.bytes(&found.range));
        let empty: &[u8] = &[0x01, 0x00];
        let expected = if is_dropped {
            empty
        } else {
            guest.bytes(&segment.range)
        };
        if found != Some(expected) {
            return differs(format!("data segment {index} has other bytes"));
        }
    }
    for (index, segment) in enumerate(&guest.elements) {
        if segment.mode != SegmentMode::Passive || !is_marked(&guest.code.used_elements, index) {
            continue;
        }
        let is_dropped = snapshot
            .dropped
            .contains(&Droppable::Element(ElementIndex(index)));
        let found = module.elements.get(index as usize);
        let is_same = found.is_some_and(|found| {
            found.mode == SegmentMode::Passive
                && if is_dropped {
                    found.len == 0
                } else {
                    module.bytes(&found.range) == guest.bytes(&segment.range)
                }
        });
        if !is_same {
            return differs(format!("element segment {index} has other items"));
        }
    }
    Ok(())
}

/// `place` is where the memory is in the output.
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
    let mut written: Vec<&Run> = start
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
            let start = usize::try_from(start).map_err(|error| VerifyError(error.to_string()))?;
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
    indices: &'a Indices,
    found: &'a [Object],
    expected: &'a [Object],
    pairs: Pairs,
}

impl Objects<'_> {
    fn are_same(&mut self, found: Value, expected: Value) -> bool {
        let indices = self.indices;
        self.pairs
            .are_same(found, expected, |found, expected| match (found, expected) {
                (
                    Value::Reference(Reference::Function(found)),
                    Value::Reference(Reference::Function(expected)),
                ) => indices.function(expected) == Some(found),
                (found, expected) => found == expected,
            })
    }

    fn check_fields(mut self) -> Result {
        while let Some((found, expected)) = self.pairs.next_unread() {
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
