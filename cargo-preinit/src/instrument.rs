//! The run copy: the guest with its private state exported, to be run once and thrown away.
//!
//! **In** a [`Node`] and its [`InitPlan`]. **Out** a [`RunCopy`]: its bytes, and where the additions are. **Keeps** every
//! index of the guest, since additions come last in their index spaces; so an index read from the run copy is the guest's. No
//! addition can reach the output, which is made from the guest. **Refuses** a guest that would exceed a limit of engines with
//! the additions.
//!
//! The start function is exported instead of run, so that the run can call it like any other function.
//!
//! The copy is spliced, section by section, without decoding code. Before and after, for a guest that changes a table:
//!
//! ```wat
//! (module                                  (module
//!   (table 2 funcref)                        (table 2 funcref)
//!   (memory 1)                               (memory 1)
//!   (global (mut i32) (i32.const 1))         (global (mut i32) (i32.const 1))
//!                                            (global $armed (mut i32) (i32.const 0))
//!                                            (global $slot (mut i32) (i32.const 0))
//!   (elem declare func $f)                   (elem declare func $f)
//!   (func $f (result i32)                    (func $f (result i32)
//!                                              (if (i32.eq (global.get $armed) (i32.const 0x50524f42)) (then
//!                                                (global.set $slot (i32.const 0)) (return (i32.const 0))))
//!     (i32.const 7))                           (i32.const 7))
//!   (func (export "init")                    (func $init
//!     (table.set (i32.const 0)                 (table.set (i32.const 0)
//!       (ref.func $f))))                         (ref.func $f)))
//!                                            (export "__cargo_preinit_memory_0" (memory 0))
//!                                            (export "__cargo_preinit_table_0" (table 0))
//!                                            (export "__cargo_preinit_init_0" (func $init))
//!                                            (export "__cargo_preinit_armed" (global $armed))
//!                                            (export "__cargo_preinit_slot" (global $slot))
//!                                            (export "__cargo_preinit_global_0" (global 0)))
//! ```

mod additions;
mod allocations;
mod changeable;
mod counter;
mod drops;
mod exports;
mod external;
mod handles;
mod hash_keys;
mod inspections;
mod objects;
mod probe;
mod segments;
mod split;
mod unsupported;
mod watchpoint;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{Encode, ExportKind, ExportSection, Instruction, RawSection, SectionId};

use crate::engine_limits::{Countable, Made};
use crate::guest::index::{ElementIndex, FunctionIndex, GlobalIndex, TypeIndex, enumerate};
use crate::guest::{Body, Droppable, Guest, Node, count};
use crate::init::{GuestPlan, Init, InitPlan};
use crate::options::Profile;
use crate::refusal::{Refusals, engine_limits_exceeded, found_in, refuse};
use crate::wasm::component::splice_modules;
use crate::wasm::splice::{SECTION_ORDER, contents, encoded, extended};

use additions::{AddedFunction, Additions};
pub use allocations::Allocator;
pub(crate) use changeable::{can_global_differ, is_function_type};
pub(crate) use counter::Counter;
pub(crate) use exports::{Chunks, INJECTED_PREFIX, Injected};
pub use external::ExternalPlace;
pub(crate) use external::touched;
pub(crate) use handles::{can_hold_handles, has_maker};
pub(crate) use inspections::SLOTS as INSPECTION_SLOTS;
pub(crate) use probe::{ARMED_VALUE, Cells, Probe};
pub(crate) use split::{Imported, Part, Reach, SegmentUse, Split, StateModule};
pub use unsupported::UnsupportedFunction;
pub(crate) use unsupported::unsupported_function;
use watchpoint::Watched;
pub(crate) use watchpoint::Watchpoint;

/// The run copies of all instances.
#[derive(Debug)]
pub struct GuestCopy {
    /// By [`InstanceId`](crate::guest::index::InstanceId). Their bytes are in `wasm`.
    pub(crate) nodes: Vec<RunCopy>,
    /// The module or the component that is compiled.
    pub(crate) wasm: Arc<Vec<u8>>,
}

/// The run copy of an instance, and what the run needs to read its state.
#[derive(Debug)]
pub struct RunCopy {
    pub(crate) wasm: Vec<u8>,
    /// How to ask a function for its index; `None` if no table, global or field can hold a function that init put there.
    pub(crate) probe: Option<Probe>,
    /// The passive segments that init could have dropped.
    pub(crate) droppable: Vec<Droppable>,
    /// The passive segments of objects that init could have copied from.
    pub(crate) allocating: Vec<ElementIndex>,
    /// The structure and array types. Each has a type anchor: a global whose type is the engine's representation of it.
    pub(crate) type_anchors: Vec<TypeIndex>,
    /// The external state that init could touch. An attempt sets a global to the position here, counted from 1, and traps.
    pub(crate) external: Vec<ExternalPlace>,
    /// The functions that the engine does not take. A call of one sets a global to the position here, counted from 1, and
    /// traps.
    pub(crate) unsupported: Vec<UnsupportedFunction>,
    /// Whether it has a table for the host's functions that keep init from inspecting imported references.
    pub(crate) inspects: bool,
    /// The globals that are read through functions, since there are too many to export.
    pub(crate) chunks: Chunks,
    pub(crate) guard: Guard,
    /// The functions whose calls are counted; `None` if none are, or if nothing tells which functions allocate.
    pub(crate) allocator: Option<Allocator>,
    /// Whether it has a flag for keys that std makes without random numbers.
    pub(crate) has_fixed_keys: bool,
}

/// Whether instructions that touch external state trap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// For a bake: they trap.
    On,
    /// For a replay: they do not, since both sides have the same external state.
    Off,
}

/// Makes the run copies of a guest. In a component, those of its modules take the place of the modules.
///
/// # Errors
///
/// If a run copy would exceed a limit of engines.
pub fn instrument(guest: &Guest<'_>, plan: &GuestPlan) -> Result<GuestCopy, Refusals> {
    instrument_with(guest, plan, Guard::On)
}

pub(crate) fn instrument_with(
    guest: &Guest<'_>,
    plan: &GuestPlan,
    guard: Guard,
) -> Result<GuestCopy, Refusals> {
    instrument_watching(guest, plan, guard, None)
}

/// As [`instrument`], with code that counts the changes of a byte.
pub(crate) fn instrument_watching(
    guest: &Guest<'_>,
    plan: &GuestPlan,
    guard: Guard,
    watchpoint: Option<&Watchpoint>,
) -> Result<GuestCopy, Refusals> {
    // A function of one instance can be in a table of another, so all have a probe or none.
    let has_probe = guest.nodes().any(|node| probe::is_needed(&node));
    let profile = plan.profile;
    let mut nodes = Vec::new();
    for (node, plan) in guest.nodes().zip(&plan.nodes) {
        let profile = match guard {
            Guard::On => profile,
            Guard::Off => Profile::Off,
        };
        let watched = watchpoint.and_then(|watchpoint| watchpoint.in_node(guest, &node));
        nodes.push(of_node(&node, plan, guard, has_probe, profile, watched.as_ref())?);
    }
    let Some(around) = &guest.around else {
        let wasm = nodes.iter_mut().map(|copy| std::mem::take(&mut copy.wasm));
        let wasm = wasm.collect::<Vec<_>>().concat();
        let wasm = Arc::new(wasm);
        return Ok(GuestCopy { nodes, wasm });
    };
    // Instances of one module have the same plan, so their copies are the same.
    let mut modules = BTreeMap::new();
    for (node, copy) in guest.nodes().zip(&mut nodes) {
        modules.insert(node.module_id, Cow::Owned(std::mem::take(&mut copy.wasm)));
    }
    let makers = handles::makers(guest, around);
    let wasm = splice_modules(guest.wasm, &around.components, &modules, &makers);
    let wasm = Arc::new(wasm);
    Ok(GuestCopy { nodes, wasm })
}

/// Makes the run copy of an instance.
fn of_node(
    module: &Node<'_>,
    plan: &InitPlan,
    guard: Guard,
    has_probe: bool,
    profile: Profile,
    watched: Option<&Watched>,
) -> Result<RunCopy, Refusals> {
    let mut additions = Additions::default();
    exports::expose_state(module, &mut additions);
    expose_init(module, plan, &mut additions);
    let droppable = drops::flag_drops(module, &mut additions);
    let allocating = drops::flag_uses(module, &mut additions);
    let type_anchors = objects::expose_types(module, &mut additions);
    let probe = has_probe.then(|| probe::plan(module, plan.sdk.as_ref(), &mut additions));
    // Behind the probe, so that a function that is asked for its index counts nothing.
    let allocator = match profile {
        Profile::Items => allocations::count_calls(module, &mut additions),
        Profile::Off => None,
    };
    let has_fixed_keys = guard == Guard::On && hash_keys::flag(module, &mut additions);
    let unsupported = unsupported::replace(module, &mut additions);
    if let Some(watched) = watched {
        watchpoint::watch(module, watched, &mut additions);
    }
    let inspects = inspections::guard(module, guard, &mut additions);
    let external = match guard {
        Guard::On if module.has_stand_ins() => external::guard(module, &mut additions),
        Guard::On | Guard::Off => Vec::new(),
    };
    if module.place.is_some() {
        let marker = additions.number(module, module.module_id.0.cast_signed());
        exports::export_global(&mut additions, Injected::Module, marker);
    }
    let guest_exports = exports::of_guest(module, plan, guard);
    let interface = |additions: &Additions| {
        let added = additions.exports.iter();
        let added = added.map(|(_, kind, index)| (*kind, *index));
        let kept = guest_exports.iter().map(|(_, kind, index)| (*kind, *index));
        exports::interface_types(module, kept.chain(added))
    };
    let taken = interface(&additions);
    let chunks = exports::expose_globals(module, guard, taken, &mut additions);
    let interface = interface(&additions);
    refuse(found_in(
        module.id,
        engine_limits_exceeded(Made::RunCopy, counts(module, &additions, interface)),
    ))?;
    Ok(RunCopy {
        wasm: splice(module, &additions, guard, &guest_exports),
        probe,
        droppable,
        allocating,
        type_anchors,
        external,
        unsupported,
        inspects,
        chunks,
        guard,
        allocator,
        has_fixed_keys,
    })
}

/// For each limit, the guest's number and the run copy's.
fn counts(module: &Node<'_>, additions: &Additions, interface: usize) -> Vec<(Countable, usize, usize)> {
    let exports = module.exports.iter().filter_map(|export| {
        let kind = RoundtripReencoder.export_kind(export.kind).ok()?;
        Some((kind, export.index))
    });
    let interface_of_guest = exports::interface_types(module, exports);
    let added = |what, has: usize, added: usize| (what, has, has + added);
    let mut counts = vec![
        added(Countable::Types, module.types.len(), additions.types.len()),
        added(
            Countable::Functions,
            module.functions.len(),
            additions.functions.len(),
        ),
        added(Countable::Tables, module.tables.len(), additions.tables.len()),
        added(Countable::Globals, module.globals.len(), additions.globals.len()),
        (Countable::InterfaceTypes, interface_of_guest, interface),
    ];
    counts.extend(module.bodies.iter().map(|body| {
        let inserted = additions.insertions.range(body.range.clone());
        added(
            Countable::FunctionBytes,
            body.range.len(),
            inserted.map(|(_, bytes)| bytes.len()).sum(),
        )
    }));
    counts
}

/// Exports the functions that the run calls, and separates the constructors from their callers: the run calls a copy, and
/// every other caller finds the original empty.
fn expose_init(module: &Node<'_>, plan: &InitPlan, additions: &mut Additions) {
    if let Some(constructors) = plan.constructors {
        let copy = additions.add_function(module, AddedFunction::Copy(constructors));
        additions.emptied = Some(constructors);
        exports::export_function(additions, Injected::Constructors, copy);
    }
    if let Some(initialize) = plan.initialize {
        let initialize = plan.wrappers.get(&initialize).copied().unwrap_or(initialize);
        exports::export_function(additions, Injected::Initialize, initialize);
    }
    let functions: Vec<FunctionIndex> = match &plan.init {
        Init::Items => {
            let items = plan.sdk.iter().flat_map(|sdk| &sdk.items);
            items.map(|item| item.run).collect()
        }
        Init::Functions(functions) => functions.iter().map(|named| named.function).collect(),
    };
    let warm_up = plan.warm_up.iter().map(|named| named.function);
    let functions: Vec<FunctionIndex> = functions.into_iter().chain(warm_up).collect();
    for (position, function) in enumerate(&functions) {
        exports::export_function(additions, Injected::Init(position), *function);
    }
    // The run calls the start function like the others, so that it can report what stops it.
    if let (Some(start), None) = (module.start, module.place) {
        exports::export_function(additions, Injected::Start, start);
    }
}

fn splice(
    module: &Node<'_>,
    additions: &Additions,
    guard: Guard,
    guest_exports: &[(&str, ExportKind, u32)],
) -> Vec<u8> {
    let mut output = wasm_encoder::Module::new();
    let data = segments::data(module);
    for id in SECTION_ORDER {
        let old = module
            .sections
            .iter()
            .find(|section| section.id == u8::from(id))
            .map(|section| &module.wasm[section.range.clone()]);
        let data = match id {
            SectionId::Import if module.has_stand_ins() => {
                old.map(|old| external::imports(module, old, guard).into())
            }
            SectionId::Type => {
                let mut bytes = Vec::new();
                for ty in &additions.types {
                    bytes.push(0x60); // a function
                    ty.params().encode(&mut bytes);
                    ty.results().encode(&mut bytes);
                }
                extended(old, count(additions.types.len()), &bytes)
            }
            SectionId::Table => {
                let mut bytes = Vec::new();
                for table in &additions.tables {
                    table.encode(&mut bytes);
                }
                extended(old, count(additions.tables.len()), &bytes)
            }
            SectionId::Function => {
                let mut bytes = Vec::new();
                for function in &additions.functions {
                    let ty = match function {
                        AddedFunction::Copy(original) => module.functions[original.position()],
                        AddedFunction::Reader(ty, _) | AddedFunction::Code(ty, _) => *ty,
                    };
                    ty.0.encode(&mut bytes);
                }
                extended(old, count(additions.functions.len()), &bytes)
            }
            SectionId::Global => extended(old, count(additions.globals.len()), &additions.globals.concat()),
            // In a component it runs where it stands.
            SectionId::Start if module.place.is_some() => old.map(Cow::Borrowed),
            SectionId::Start => None,
            SectionId::Element => segments::elements(module, additions).map(Cow::Owned),
            SectionId::DataCount => old.and(data.as_ref()).map(|(_, len)| encoded(len).into()),
            SectionId::Data => data.as_ref().map(|(contents, _)| Cow::Borrowed(&**contents)),
            SectionId::Export => {
                let mut section = ExportSection::new();
                for (name, kind, index) in guest_exports {
                    section.export(name, *kind, *index);
                }
                for (injected, kind, index) in &additions.exports {
                    section.export(&injected.name(), *kind, *index);
                }
                (!section.is_empty()).then(|| contents(&section).into())
            }
            SectionId::Code => code(module, additions).map(Cow::Owned),
            _ => old.map(Cow::Borrowed),
        };
        if let Some(data) = data {
            output.section(&RawSection {
                id: u8::from(id),
                data: &data,
            });
        }
    }
    // Function names make backtraces readable; no other custom section matters to the run.
    for section in &module.sections {
        let data = &module.wasm[section.range.clone()];
        if section.id == u8::from(SectionId::Custom) && data.starts_with(b"\x04name") {
            output.section(&RawSection { id: section.id, data });
        }
    }
    output.finish()
}

fn code(module: &Node<'_>, additions: &Additions) -> Option<Vec<u8>> {
    let total = count(module.bodies.len() + additions.functions.len());
    if total == 0 {
        return None;
    }
    let inserted = additions.insertions.values().chain(additions.replaced.values());
    let inserted: usize = inserted.map(Vec::len).sum();
    let copied: usize = module.bodies.iter().map(|body| body.range.len()).sum();
    // Without the added functions, which are few. The length of each body takes at most five bytes.
    let mut data = Vec::with_capacity(copied + inserted + 5 * module.bodies.len());
    total.encode(&mut data);
    for (position, body) in enumerate(&module.bodies) {
        let function = FunctionIndex(module.imported_functions + position);
        if additions.emptied == Some(function) {
            encode_code(additions, body, &[], &mut data);
        } else {
            encode_function(module, additions, function, body, &mut data);
        }
    }
    for function in &additions.functions {
        match function {
            AddedFunction::Copy(original) => {
                if let Some(body) = module.body(*original) {
                    encode_function(module, additions, *original, body, &mut data);
                }
            }
            AddedFunction::Reader(_, globals) => encode_reader(globals, &mut data),
            AddedFunction::Code(_, function) => function.encode(&mut data),
        }
    }
    Some(data)
}

/// Encodes the body of a function, or what replaces it.
fn encode_function(
    module: &Node<'_>,
    additions: &Additions,
    function: FunctionIndex,
    body: &Body,
    data: &mut Vec<u8>,
) {
    match additions.replaced.get(&function) {
        Some(code) => encode_code(additions, body, code, data),
        None => encode_body(module, additions, body, data),
    }
}

/// Encodes other instructions in place of a body's. What is inserted at the start stays, since every function answers the
/// probe.
fn encode_code(additions: &Additions, body: &Body, code: &[u8], data: &mut Vec<u8>) {
    let mut bytes = vec![0x00]; // no locals
    bytes.extend(additions.insertions.get(&body.code_start).into_iter().flatten());
    bytes.extend(code);
    bytes.push(0x0b); // `end`
    bytes.as_slice().encode(data);
}

/// Encodes a function that returns the values of these globals.
fn encode_reader(globals: &[GlobalIndex], data: &mut Vec<u8>) {
    let mut function = wasm_encoder::Function::new([]);
    for global in globals {
        function.instruction(&Instruction::GlobalGet(global.0));
    }
    function.instruction(&Instruction::End);
    function.encode(data);
}

/// Encodes a body and its insertions.
fn encode_body(module: &Node<'_>, additions: &Additions, body: &Body, data: &mut Vec<u8>) {
    let inserted = additions.insertions.range(body.range.clone());
    let added: usize = inserted.clone().map(|(_, bytes)| bytes.len()).sum();
    (body.range.len() + added).encode(data);
    let mut copied = body.range.start;
    for (position, bytes) in inserted {
        data.extend_from_slice(&module.wasm[copied..*position]);
        data.extend_from_slice(bytes);
        copied = *position;
    }
    data.extend_from_slice(&module.wasm[copied..body.range.end]);
}
