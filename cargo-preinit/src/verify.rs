//! Runs a guest with its init, and its baked module without, and makes the same calls on both.
//!
//! **In** the two modules, and calls. **Out** a [`Replay`]: how much was compared, and every difference. This is what
//! `cargo preinit verify` and `--verify` do. [`crate::check_output`](mod@crate::check_output) reads the output; this runs it.
//!
//! Compared are results, traps, what is printed, and the calls of imported functions that are not provided, which answer with
//! zeros. After all calls, every memory, global and table is compared, exported or not: the objects they refer to with their
//! sharing, and functions by their index.
//!
//! What a bake scrubs (see [`crate::scrub`]) is zeroed in the original before the calls, so that neither it nor copies of it,
//! such as the padding of a struct, count as differences. [`Compared::scrubbed`] says how many bytes that changes. Results,
//! however, are compared with those of an original that is not scrubbed; so the original is run twice. In the baked module only
//! the stack is zeroed, since the linker states its bounds. What is free in the heap is a guess, so the baked module has to
//! have zeros there.
//!
//! If the baked module has other code than the guest, its indices have other meanings. Then only exports are compared, and
//! functions by their type.

use std::collections::BTreeMap;
use std::ops::Range;

use wasmparser::Operator;

use crate::call::{Call, CallError};
use crate::capture;
use crate::check_output::object_graph::GraphEquality;
use crate::clock::{Clock, Stage};
use crate::guest::index::{FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, enumerate};
use crate::guest::{Guest, GuestModule, Import, Node, to_binary};
use crate::init::{self, ExportFate, Init, InitPlan};
use crate::instrument::{Guard, RunCopy, instrument_with};
use crate::options::{BakeOptions, MemoryScan, ScrubHeap};
use crate::pipeline::{BakeError, with_stack};
use crate::refusal::{Refusal, refuse};
use crate::run::{Answer, LiveInstance, LiveValue, RunError, run, show_value};
use crate::scrub::{Dead, MEMORY, dead};
use crate::shown;
use crate::snapshot::{InstanceState, Internal, Object, Reference, Snapshot, Value};

/// The result of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The differences, as text. Empty if there are none.
    pub differences: Vec<String>,
    /// How much was compared.
    pub compared: Compared,
}

/// How much was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compared {
    /// Calls.
    pub calls: usize,
    /// Memories.
    pub memories: usize,
    /// Globals.
    pub globals: usize,
    /// Tables.
    pub tables: usize,
    /// Structures and arrays.
    pub objects: usize,
    /// How many bytes of memory were zeroed in the original because a bake scrubs them, and so were not compared.
    pub scrubbed: u64,
    /// Whether all state was compared. If not, only exported state was.
    pub is_all: bool,
}

impl From<BakeError> for ReplayError {
    fn from(error: BakeError) -> Self {
        Self::Original(error)
    }
}

/// Why a replay was not possible.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The guest's init fails, or its state cannot be read.
    #[error("the original: {0}")]
    Original(BakeError),
    /// The same, for the baked module.
    #[error("the baked module: {0}")]
    Baked(BakeError),
    /// A call has no such export, or its arguments do not fit.
    #[error("{0}")]
    Call(String),
}

impl ReplayError {
    /// What the user can do about it: an entry for each piece of advice.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        match self {
            Self::Original(error) | Self::Baked(error) => error.help(),
            Self::Call(_) => Vec::new(),
        }
    }
}

/// Why an export was not called.
#[derive(Debug, thiserror::Error)]
enum ReplayCallError {
    #[error("there is no exported function {}", shown::name(.0))]
    NoExport(String),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Replays both modules. `options` are those of the bake.
///
/// # Errors
///
/// If one of the modules cannot be run, or a call cannot be made. That the two differ is not an error but part of the [`Replay`].
pub fn verify(
    baked: &[u8],
    original: &[u8],
    calls: &[Call],
    options: &BakeOptions,
) -> Result<Replay, ReplayError> {
    let clock = Clock::unwatched();
    clock.enter(Stage::Replay);
    with_stack(options, &clock, || replay(baked, original, calls, options))
}

fn replay(
    baked: &[u8],
    original: &[u8],
    calls: &[Call],
    options: &BakeOptions,
) -> Result<Replay, ReplayError> {
    let original = to_binary(original).map_err(|error| ReplayError::Original(error.into()))?;
    let baked = to_binary(baked).map_err(|error| ReplayError::Baked(error.into()))?;
    let of_original = answered(&original, options).map_err(ReplayError::Original)?;
    let of_bake = answered(&baked, options).map_err(ReplayError::Baked)?;
    let (original, baked) = (of_original.root(), of_bake.root());
    let plan = init::plan(&original, options).map_err(|error| ReplayError::Original(error.into()))?;
    let nothing = InitPlan {
        sdk: None,
        constructors: None,
        has_constructors: false,
        initialize: None,
        init: Init::Functions(Vec::new()),
        wrappers: BTreeMap::new(),
    };
    let mut left = Side::new(&of_original, &plan, options).map_err(ReplayError::Original)?;
    let mut right = Side::new(&of_bake, &nothing, options).map_err(ReplayError::Baked)?;
    let is_all = has_same_code(&original, &baked, &plan);
    let dead = left.dead(options.scrub_heap).map_err(ReplayError::Original)?;
    let ranges = dead.ranges();
    let scrubbed = left.clear(MEMORY, &ranges).map_err(ReplayError::Original)?;
    let memories = paired(
        is_all,
        &original,
        &baked,
        options,
        wasmparser::ExternalKind::Memory,
    );
    if let Some((_, place, _)) = memories.iter().find(|(index, ..)| *index == MEMORY.0) {
        right
            .clear(MemoryIndex(*place), dead.stack.as_slice())
            .map_err(ReplayError::Baked)?;
    }
    let mut untouched = None;
    if !ranges.is_empty() && !calls.is_empty() {
        untouched = Some(Side::new(&of_original, &plan, options).map_err(ReplayError::Original)?);
    }
    let mut differences = Vec::new();
    for call in calls {
        let answer = |side: &mut Side<'_>, name: &str, which: &str| {
            let answer = side.call(name, &call.arguments, options);
            answer.map_err(|error| ReplayError::Call(format!("the {which}: {error}")))
        };
        // The call has the name in the baked module; the guest may have another name for the export.
        let renamed = options.renames.iter().find(|rename| rename.new == call.export);
        let own = renamed.map_or(&call.export, |rename| &rename.old);
        let expected_of = |side: &mut Side<'_>| match original.export(own) {
            Some(export) if plan.fate(export, options) == ExportFate::Emptied => Ok(side.returned(own)),
            _ => answer(side, own, "original"),
        };
        let mut expected = expected_of(&mut left)?;
        if let Some(untouched) = &mut untouched {
            expected = expected_of(untouched)?;
        }
        let found = answer(&mut right, &call.export, "baked module")?;
        let call = shown::line(&format!("{}({})", call.export, call.arguments.join(", ")));
        if expected.outcome != found.outcome {
            differences.push(format!(
                "`{call}` answers `{}` in the original, and `{}` baked",
                expected.outcome, found.outcome
            ));
        }
        if expected.imports != found.imports {
            differences.push(format!(
                "`{call}` calls {} in the original, and {} baked",
                list(&expected.imports),
                list(&found.imports)
            ));
        }
        if expected.output != found.output {
            differences.push(format!("`{call}` prints something else baked"));
        }
    }
    let expected = left.snapshot().map_err(ReplayError::Original)?;
    let found = right.snapshot().map_err(ReplayError::Baked)?;
    let mut comparison = Comparison {
        is_all,
        original: &original,
        baked: &baked,
        expected: expected.instance(&original),
        found: found.instance(&baked),
        options,
        plan: &plan,
        graph: GraphEquality::default(),
        differences,
        compared: Compared::default(),
    };
    comparison.compare();
    let mut compared = comparison.compared;
    compared.calls = calls.len();
    compared.scrubbed = scrubbed;
    compared.is_all = comparison.is_all;
    Ok(Replay {
        differences: comparison.differences,
        compared,
    })
}

/// Parses a module. Its imports answer as in the bake.
fn answered<'a>(wasm: &'a [u8], options: &BakeOptions) -> Result<Guest<'a>, BakeError> {
    let mut guest = Guest::parse(wasm)?;
    guest.answer(&options.imports)?;
    Ok(guest)
}

fn list(imports: &[String]) -> String {
    match imports {
        [] => "no import".to_owned(),
        imports => imports.join(", then "),
    }
}

/// Whether both modules have the same functions at the same indices, apart from the constructors, and the same number of
/// memories and tables. The baked module may have more globals.
fn has_same_code(original: &GuestModule<'_>, baked: &GuestModule<'_>, plan: &InitPlan) -> bool {
    let reserved = baked.globals.len().checked_sub(original.globals.len());
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

/// One of the two modules, and its live instance.
struct Side<'a> {
    guest: &'a Guest<'a>,
    module: Node<'a>,
    copy: RunCopy,
    live: LiveInstance,
    /// What init functions returned, by their exports.
    returned: BTreeMap<String, Vec<Value>>,
}

impl<'a> Side<'a> {
    fn new(guest: &'a Guest<'a>, plan: &InitPlan, options: &BakeOptions) -> Result<Self, BakeError> {
        let module = guest.root();
        let copy = instrument_with(&module, plan, Guard::Off)?;
        let ran = run(&module, &copy, plan, options)?;
        Ok(Self {
            guest,
            module,
            copy,
            live: ran.live,
            returned: ran.summary.returned,
        })
    }

    /// Calls an export. The arguments are text.
    fn call(
        &mut self,
        export: &str,
        arguments: &[String],
        options: &BakeOptions,
    ) -> Result<Answer, ReplayCallError> {
        let function = self
            .module
            .exported_function(export)
            .ok_or_else(|| ReplayCallError::NoExport(export.to_owned()))?;
        let call = Call {
            export: export.to_owned(),
            arguments: arguments.to_vec(),
        };
        let parameters = self.module.signature(function).map_or(&[][..], |ty| ty.params());
        let values = call.values(parameters)?;
        Ok(self.live.call(export, &values, options)?)
    }

    /// The answer of an export whose function was replaced by one that only returns what the init function returned.
    fn returned(&self, export: &str) -> Answer {
        let values = self.returned.get(export).map_or(&[][..], Vec::as_slice);
        Answer {
            imports: Vec::new(),
            outcome: values
                .iter()
                .map(|value| show_value(*value))
                .collect::<Vec<_>>()
                .join(", "),
            output: String::new(),
        }
    }

    /// The ranges of memory that a bake scrubs.
    fn dead(&mut self, heap: ScrubHeap) -> Result<Dead, BakeError> {
        if self.module.memories.is_empty() || self.module.external.memory(MEMORY) {
            return Ok(Dead::default());
        }
        let memory = capture::memory_state(&mut self.live, MEMORY, MemoryScan::Auto)?;
        let live = &mut self.live;
        Ok(dead(&self.module, &memory, heap, |global| {
            match live.global(global) {
                Ok(LiveValue::I32(value)) => Some(value.cast_unsigned()),
                _ => None,
            }
        }))
    }

    /// Zeroes ranges of a memory, and returns how many of the bytes were not zero.
    fn clear(&mut self, memory: MemoryIndex, ranges: &[Range<u64>]) -> Result<u64, BakeError> {
        match ranges {
            [] => Ok(0),
            ranges => Ok(self.live.clear(memory, ranges)?),
        }
    }

    fn snapshot(&mut self) -> Result<Snapshot, BakeError> {
        let (snapshot, mut refusals) =
            capture::capture(self.guest, &self.copy, &mut self.live, MemoryScan::Auto)?;
        // A call may copy from such a segment. That matters for a bake only.
        refusals
            .0
            .retain(|refused| !matches!(refused.refusal, Refusal::SegmentOfObjects(_)));
        refuse(refusals)?;
        Ok(snapshot)
    }
}

struct Comparison<'a> {
    /// Whether indices have the same meaning on both sides.
    is_all: bool,
    original: &'a Node<'a>,
    baked: &'a Node<'a>,
    expected: &'a InstanceState,
    found: &'a InstanceState,
    options: &'a BakeOptions,
    plan: &'a InitPlan,
    graph: GraphEquality,
    differences: Vec<String>,
    compared: Compared,
}

impl Comparison<'_> {
    fn compare(&mut self) {
        self.compare_interfaces();
        for (expected, found, name) in self.paired(wasmparser::ExternalKind::Memory) {
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
        for (expected, found, name) in self.paired(wasmparser::ExternalKind::Global) {
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
        for (expected, found, name) in self.paired(wasmparser::ExternalKind::Table) {
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
    }

    /// Compares imports and exports, apart from exports that the bake removes and renames.
    fn compare_interfaces(&mut self) {
        let names = |import: &Import<'_>| (import.module.to_owned(), import.name.to_owned());
        let imports = |module: &GuestModule<'_>| module.imports.iter().map(names).collect::<Vec<_>>();
        if imports(self.original) != imports(self.baked) {
            self.differences.push("the imports are others".to_owned());
        }
        let mut missing: BTreeMap<String, wasmparser::ExternalKind> = BTreeMap::new();
        let renames = &self.options.renames;
        for export in &self.original.exports {
            if self.plan.fate(*export, self.options) != ExportFate::Gone {
                let renamed = renames.iter().find(|rename| rename.old == export.name);
                let name = renamed.map_or(export.name, |rename| rename.new.as_str());
                missing.insert(name.to_owned(), export.kind);
            }
        }
        for export in &self.baked.exports {
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

    fn paired(&self, kind: wasmparser::ExternalKind) -> Vec<(u32, u32, String)> {
        paired(self.is_all, self.original, self.baked, self.options, kind)
    }

    fn are_same(&mut self, expected: Value, found: Value) -> bool {
        let (is_all, original, baked) = (self.is_all, self.original, self.baked);
        self.graph
            .are_same(expected, found, |expected, found| match (expected, found) {
                (
                    Value::Reference(Reference::Function(expected)),
                    Value::Reference(Reference::Function(found)),
                ) if !is_all => original.signature(expected.index) == baked.signature(found.index),
                (expected, found) => expected == found,
            })
    }

    fn compare_objects(&mut self) {
        while let Some((expected, found)) = self.graph.next_unread() {
            self.compared.objects += 1;
            let expected: &Object = &self.expected.heap[expected.position()];
            let found: &Object = &self.found.heap[found.position()];
            let is_same_shape =
                expected.fields.len() == found.fields.len() && (!self.is_all || expected.ty == found.ty);
            let fields = expected.fields.iter().zip(&found.fields);
            if !is_same_shape || !fields.fold(true, |same, (one, other)| self.are_same(*one, *other) && same)
            {
                let ty = expected.ty;
                self.differences.push(format!("an object of type {ty} differs"));
            }
        }
    }
}

/// What is compared of a kind: the index in the original, the index in the baked module, and a name for messages.
fn paired(
    is_all: bool,
    original: &GuestModule<'_>,
    baked: &GuestModule<'_>,
    options: &BakeOptions,
    kind: wasmparser::ExternalKind,
) -> Vec<(u32, u32, String)> {
    use wasmparser::ExternalKind as Kind;
    if is_all {
        let (count, reserved) = match kind {
            Kind::Memory => (original.memories.len(), 0),
            Kind::Table => (original.tables.len(), 0),
            _ => {
                let reserved = baked.globals.len() - original.globals.len();
                (original.globals.len(), reserved)
            }
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
            let renamed = options.renames.iter().find(|rename| rename.new == export.name);
            let own = renamed.map_or(export.name, |rename| rename.old.as_str());
            let original = original.export(own).filter(|original| original.kind == kind)?;
            Some((original.index, export.index, shown::name(export.name).to_string()))
        })
        .collect()
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
