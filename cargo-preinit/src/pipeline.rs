//! The pipeline from bytes to bytes, which `cargo preinit` runs for each guest, and embedders call without cargo.
//!
//! [`prepare`] runs the stages before init, and [`finish`] those after it. A [`Prepared`] is the state between the two.

#[cfg(feature = "cli")]
pub(crate) mod after_init;
mod baker;
mod captured;
mod growth;
pub(crate) mod hash_keys;
mod memory_map;
pub(crate) mod prepared;
mod profile;
mod report;
mod second_init;
mod size_budget;
#[cfg(feature = "cli")]
pub(crate) mod start;
#[cfg(feature = "cli")]
pub(crate) mod variants;
mod warnings;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::bake_error::BakeError;
use crate::check_output::checked;
use crate::check_output::component::{Expected, check_component};
use crate::clock::{Clock, Stage};
use crate::emit::component::{Added, Ambiguous, Fixups, Reopens};
use crate::emit::index_map::IndexMap;
use crate::emit::stubs::{self, ReachedStub};
use crate::emit::{EditPlan, EmitError, Emitted, Kept, component, edit_plan, emit, stamp};
use crate::guest::index::{FunctionIndex, InstanceId};
use crate::guest::wiring::Exported;
use crate::guest::{Guest, InputError, Node, SegmentMode, to_binary};
use crate::image::{Mapping, image};
use crate::init::{GuestPlan, InitPlan, Purpose, plan, resume};
use crate::instrument::{GuestCopy, instrument};
use crate::options::{BakeOptions, Check, KeepInit, Profile, Stamp};
use crate::post_process::post_process;
use crate::precompile::{Precompiled, precompile};
use crate::preflight::preflight;
use crate::refusal::{ComponentRefusal, Refusal, Refusals, found_in, refuse};
use crate::run::host::HostFunctions;
use crate::run::{RunSummary, Step};
use crate::scrub::{self, Scrubbed, scrub};
use crate::snapshot::{InstanceState, Snapshot};
use crate::stack::with_stack;
use crate::verify::{answered, verify_with};
use crate::warning::Warning;

pub use baker::{Baker, verify};
use captured::Captured;
pub use memory_map::{Contents, MemoryMap};
use prepared::Prepared;
pub use report::{Adapter, BakeReport, Baked, DataSizes, GrownBy, Growth};
use second_init::Found;
use size_budget::{Sources, oversize};
use warnings::{of_exports, of_state};

/// Runs a module's init and returns the module with the state that init left.
///
/// `input` is a core module or a component, in the binary or the text format.
///
/// [`Limits`](crate::Limits) bounds init, but not parsing and compilation: small modules can keep a compiler busy for hours, and make
/// it take all memory. The subcommand watches itself and ends its process. A program that bakes untrusted modules should do so in a
/// separate process, which it can end.
///
/// # Errors
///
/// If the module cannot be parsed, run or baked soundly; see [`BakeError`]. An output that fails its check is not returned.
///
/// # Examples
///
/// ```
/// use cargo_preinit::{BakeOptions, bake};
///
/// let guest = br#"(module
///     (global (export "answer") (mut i32) (i32.const 0))
///     (func (export "wizer-initialize") (global.set 0 (i32.const 42))))"#;
/// let baked = bake(guest, &BakeOptions::default())?;
/// let text = wasmprinter::print_bytes(&baked.wasm).expect("the output is valid");
/// assert!(text.contains("(mut i32) i32.const 42"));
/// # Ok::<(), cargo_preinit::BakeError>(())
/// ```
pub fn bake(input: &[u8], options: &BakeOptions) -> Result<Baked, BakeError> {
    bake_by(&Clock::unwatched(), input, options, &HostFunctions::default())
}

/// [`bake`] with a clock, and with host functions that init may call.
pub(crate) fn bake_by(
    clock: &Clock,
    input: &[u8],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Baked, BakeError> {
    clock.enter(Stage::Parse);
    let wasm = to_binary(input)?;
    let bake = |options: &BakeOptions| {
        with_stack(options, clock, || {
            Prepared::new_here(&wasm, options, host, clock)?.bake_once(clock)
        })
    };
    match bake(options) {
        // Which items make it large is only known of a run that is measured.
        Err(BakeError::Oversize(_)) if options.profile == Profile::Off => bake(&BakeOptions {
            profile: Profile::Items,
            ..options.clone()
        }),
        result => result,
    }
}

/// The stages from parsing to the run copy.
pub(crate) fn prepare<'a>(
    wasm: &'a [u8],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<(Guest<'a>, GuestPlan, GuestCopy), BakeError> {
    let (guest, plan) = planned(wasm, options, host)?;
    let copy = instrument(&guest, &plan).map_err(|refusals| refusals.in_terms_of(&guest))?;
    Ok((guest, plan, copy))
}

/// The stages from parsing to what can be refused before anything runs.
fn planned<'a>(
    wasm: &'a [u8],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<(Guest<'a>, GuestPlan), BakeError> {
    let guest = answered(wasm, options)?;
    let plan = plan(&guest, options)?;
    preflight(&guest, &plan, options, host).map_err(|error| error.in_terms_of(&guest))?;
    Ok((guest, plan))
}

/// The stages after the run, from capture to precompilation.
pub(crate) fn finish(
    guest: &Guest<'_>,
    plan: &GuestPlan,
    captured: Captured,
    second: Found,
    options: &BakeOptions,
    host: &HostFunctions,
    clock: &Clock,
) -> Result<Baked, BakeError> {
    let Captured {
        mut snapshot,
        mut summary,
        owners,
    } = captured;
    let Found {
        effects,
        keys,
        leaks,
        owners: second_owners,
    } = second;
    scrub::forget(&mut snapshot, &keys.forgotten);
    clock.enter(Stage::Emit);
    let Scrubbed {
        snapshot,
        bytes: scrubbed,
        heap_kept,
    } = scrub(guest, snapshot, options.scrub_heap);
    let Written {
        mut wasm,
        mapping,
        dead_code,
        left_out,
        has_start,
        init_kept,
        data,
        stubs,
    } = write_guest(guest, plan, &snapshot, &summary, options, clock)
        .map_err(|error| error.in_terms_of(guest))?;
    let mut memories = Vec::new();
    if let Some(owners) = &owners {
        profile::attribute(guest, &snapshot, owners, &mut summary.items);
        memories = memory_map::map(guest, &snapshot, owners);
    }
    if !options.post_process.is_empty() {
        clock.enter(Stage::PostProcess);
        wasm = post_process(wasm, &options.post_process, clock)?;
    }
    if options.check == Check::Replay {
        clock.enter(Stage::Replay);
        check_by_replay(&wasm, guest.wasm, &keys.forgotten, options, host)?;
    }
    if options.stamp == Stamp::Add {
        stamp::add(&mut wasm, guest, &summary, &snapshot);
    }
    if let Some(budget) = options.size_budget
        && budget.measure(&wasm) > budget.bytes
    {
        let sources = Sources {
            guest,
            plan,
            summary: &summary,
            options,
            clock,
        };
        let found = oversize(&wasm, budget, snapshot, &sources);
        return Err(BakeError::Oversize(Box::new(found)));
    }
    clock.enter(Stage::Precompile);
    let Precompiled { artifacts, to_enable } = precompile(&wasm, &options.precompile)?;
    let harmless = second_init::harmless(&effects);
    let mut warnings = of_state(&summary, effects, leaks, &options.allow_impure);
    warnings.extend(summary.left.iter().cloned().map(Warning::LeftLazy));
    warnings.extend(summary.answered.iter().cloned().map(Warning::Answered));
    if guest.around.is_none() {
        let node = &guest.root();
        warnings.extend(of_exports(node, &plan.nodes[0], snapshot.instance(node), options));
    }
    if options.keep_init_functions == KeepInit::Remove {
        let kept = plan
            .calls
            .iter()
            .filter(|call| call.interface.is_some() && call.purpose == Purpose::Init);
        warnings.extend(kept.map(|call| Warning::InitKept(call.text.clone())));
        warnings.extend(init_kept.into_iter().map(Warning::InitKept));
    }
    if !left_out.is_empty() {
        warnings.push(Warning::LeftOut(left_out));
    }
    if !stubs.is_empty() {
        warnings.push(Warning::Stubs(stubs));
    }
    warnings.extend(heap_kept.map(Warning::HeapKept));
    if !to_enable.is_empty() {
        warnings.push(Warning::ToEnable(to_enable));
    }
    let denied = warnings.iter().filter(|warning| options.denies(warning.kind()));
    let denied: Vec<Warning> = denied.cloned().collect();
    if !denied.is_empty() {
        return Err(BakeError::Denied(denied));
    }
    let growth = growth::is_much(guest.wasm.len(), wasm.len()).then(|| {
        let owners = owners.or(second_owners);
        growth::growth(guest, snapshot, &summary, owners.as_ref(), data, options)
    });
    Ok(Baked {
        report: BakeReport {
            run: summary,
            mapping,
            dead_code,
            has_start,
            scrubbed,
            size_before: guest.wasm.len(),
            size_after: wasm.len(),
            data,
            memories,
            harmless,
            growth,
            adapter: Adapter::of(guest),
            warnings,
        },
        wasm,
        artifacts,
    })
}

/// The baked guest, and what its parts have to report.
struct Written {
    wasm: Vec<u8>,
    mapping: Mapping,
    dead_code: Result<usize, Kept>,
    left_out: Vec<String>,
    has_start: bool,
    /// The init functions of a component whose exports stay.
    init_kept: Vec<String>,
    data: DataSizes,
    stubs: Vec<ReachedStub>,
}

/// Writes the modules of a guest with their state, each checked by itself, and what is around them.
fn write_guest(
    guest: &Guest<'_>,
    plan: &GuestPlan,
    snapshot: &Snapshot,
    summary: &RunSummary,
    options: &BakeOptions,
    clock: &Clock,
) -> Result<Written, BakeError> {
    let mut written = Written {
        wasm: Vec::new(),
        mapping: Mapping::CopyOnWrite,
        dead_code: Err(Kept::NoGain),
        left_out: Vec::new(),
        has_start: false,
        init_kept: Vec::new(),
        data: DataSizes::default(),
        stubs: Vec::new(),
    };
    let mut removed = removed_exports(guest, plan, options);
    let mut bytes = Vec::new();
    if let Some(around) = &guest.around
        && (!removed.is_empty() || !options.renames.is_empty())
    {
        let root = &around.components[0];
        for name in component::needed_exports(root, &removed) {
            removed.remove(name);
            written.init_kept.push(name.to_owned());
        }
        let renames = &options.renames;
        bytes = component::without_exports(guest.wasm, root, &removed, renames).map_err(EmitError::Bug)?;
    }
    let without_init = match &bytes[..] {
        [] => None,
        bytes => Some(Guest::parse_again(bytes, guest.modules()).map_err(|error| {
            // What is a name, and which names clash, is for the validator to say.
            match (&error, options.renames.is_empty()) {
                (InputError::Invalid(invalid), false) => {
                    // The validator says why in a line of its own.
                    let refusal = Refusal::RenameInvalid(invalid.message().replace('\n', ": "));
                    found_in(InstanceId(0), vec![refusal]).into()
                }
                _ => BakeError::Emit(EmitError::Bug(format!("without its init functions, {error}"))),
            }
        })?),
    };
    let shell = without_init.as_ref().unwrap_or(guest);
    let entered = shell.around.as_ref().map_or_else(BTreeSet::new, |around| {
        resume::entered(guest, around, &summary.resumes)
    });
    let added_modules = added_modules(guest, shell, snapshot, &entered)?;
    let fixups = &added_modules.fixups;
    let mut emitted: Vec<Option<(EditPlan, Emitted)>> = Vec::new();
    for (node, node_plan) in guest.nodes().zip(&plan.nodes) {
        let instance = snapshot.instance(&node);
        let added = fixups.added(node.id);
        let emptied = plan.emptied.iter().filter(|(id, _)| *id == node.id);
        let emptied: Vec<FunctionIndex> = emptied.map(|(_, function)| *function).collect();
        let is_edited = !added.is_empty() || !emptied.is_empty();
        if node.place.is_some() && !is_edited && is_as_written(&node, node_plan, instance) {
            written.data.add_unchanged(&node);
            emitted.push(None);
            continue;
        }
        let image = image(&node, instance, options.memory_layout)?;
        written.data.add(&node, &image);
        let mut edits = edit_plan(&node, node_plan, summary, options);
        if let Some(around) = &shell.around {
            let is_used = |name: &str| around.is_used(node.module_id, name) || fixups.names(node.id, name);
            edits.keep_used(&node, is_used, &emptied, &entered);
        }
        edits.added = added;
        let enters = edits.exports.iter().any(|edit| edit.resumes);
        let mut resumes = summary.resumes.iter();
        if let (false, Some(resume)) = (enters, resumes.find(|resume| resume.instance == node.id)) {
            let item = Step::Item(resume.item.clone()).to_string();
            refuse(found_in(node.id, vec![Refusal::NeverEntered(item)]))?;
        }
        let output = emit(&node, &edits, instance, &image)?;
        if image.mapping != Mapping::CopyOnWrite {
            written.mapping = image.mapping;
        }
        written.dead_code = match (written.dead_code, output.dead_code.clone()) {
            (Ok(before), Ok(now)) => Ok(before + now),
            (Ok(before), Err(_)) => Ok(before),
            (Err(_), now) => now,
        };
        written.left_out.extend(output.left_out.iter().cloned());
        written.has_start |= output.has_start;
        written.stubs.extend(stubs::reached(&node, &edits, &output)?);
        emitted.push(Some((edits, output)));
    }
    clock.enter(Stage::CheckOutput);
    let mut known = Vec::new();
    for (node, emitted) in guest.nodes().zip(&emitted) {
        if let Some((edits, output)) = emitted {
            let checked = checked(output, &node, edits, snapshot.instance(&node))?;
            known.extend_from_slice(checked.modules());
        }
    }
    match &shell.around {
        Some(around) => {
            clock.enter(Stage::Emit);
            let outputs = guest.nodes().zip(&emitted).map(|(node, emitted)| match emitted {
                Some((_, output)) => (&output.wasm[..], Some(&output.indices)),
                None => (node.wasm, None),
            });
            let outputs: Vec<(&[u8], Option<&IndexMap>)> = outputs.collect();
            let modules: Vec<&[u8]> = outputs.iter().map(|(wasm, _)| *wasm).collect();
            written.wasm = component::emit(shell, around, &modules, &added_modules).map_err(|Ambiguous| {
                let refusal = Refusal::Component(ComponentRefusal::Differ);
                found_in(InstanceId(0), vec![refusal])
            })?;
            clock.enter(Stage::CheckOutput);
            known.extend_from_slice(guest.modules());
            let replaced = plan.emptied.iter().copied().chain(entered).collect();
            let expected = Expected {
                guest,
                outputs: &outputs,
                removed: &removed,
                renames: &options.renames,
                replaced: &replaced,
                added: &added_modules,
                foreign: &snapshot.foreign,
            };
            let output = Guest::parse_again(&written.wasm, &known).map_err(too_large)?;
            check_component(&output, &expected)?;
        }
        None => {
            drop(known);
            let output = emitted.pop().flatten();
            written.wasm = output.map(|(_, output)| output.wasm).unwrap_or_default();
        }
    }
    Ok(written)
}

/// The error of an output that is not valid: it is more than a component may have, or it is a bug.
fn too_large(error: InputError) -> BakeError {
    let text = error.to_string();
    match error {
        InputError::Graph(_) => {}
        // The validator's limits have no kind of their own.
        InputError::Invalid(_) if text.contains("exceeds limit") => {}
        _ => return BakeError::Emit(EmitError::Bug(format!("of the baked component: {text}"))),
    }
    found_in(
        InstanceId(0),
        vec![Refusal::Component(ComponentRefusal::TooLarge(text))],
    )
    .into()
}

/// The modules at the ends of components. `shell` is the guest without what is removed.
fn added_modules(
    guest: &Guest<'_>,
    shell: &Guest<'_>,
    snapshot: &Snapshot,
    entered: &BTreeSet<(InstanceId, FunctionIndex)>,
) -> Result<Added, Refusals> {
    let reopens = Reopens::of(shell, snapshot).map_err(|scope| {
        let streams = &snapshot.streams[&scope];
        let alive = streams.slots.iter().flatten();
        let refusal = match alive.clone().count() {
            0 => ComponentRefusal::Order,
            count => ComponentRefusal::Handles {
                count,
                of_host: alive.map(ToString::to_string).collect(),
                holder: guest.name_of_scope(scope),
            },
        };
        found_in(InstanceId(0), vec![Refusal::Component(refusal)])
    })?;
    Ok(Added {
        fixups: Fixups::of(guest, snapshot, entered),
        reopens,
    })
}

/// The exports of a component that are removed: the functions that were called, unless an exported instance has them or they are
/// renamed, and those whose names others take.
fn removed_exports<'p>(guest: &Guest<'p>, plan: &'p GuestPlan, options: &BakeOptions) -> BTreeSet<&'p str> {
    let is_renamed = |name: &str| options.renames.iter().any(|rename| rename.old == name);
    let calls = plan.calls.iter();
    let called = calls.filter(|call| {
        options.keep_init_functions == KeepInit::Remove
            && call.interface.is_none()
            && call.purpose == Purpose::Init
    });
    let called = called.map(|call| call.function.as_str());
    let exports = guest.around.iter().flat_map(|around| &around.exports);
    let functions = exports.filter(|(_, exported)| matches!(exported, Exported::Function(_)));
    let replaced = functions
        .map(|(name, _)| *name)
        .filter(|name| options.renames.iter().any(|rename| rename.new == **name));
    called.chain(replaced).filter(|name| !is_renamed(name)).collect()
}

/// Whether the module of an instance needs no change: it has no state that can differ, and nothing in it has run.
fn is_as_written(node: &Node<'_>, plan: &InitPlan, instance: &InstanceState) -> bool {
    let has_state = *instance != InstanceState::default();
    let has_run = plan.sdk.is_some() || plan.constructors.is_some() || node.start.is_some();
    // The output of the instance that defines the memory or the table has what such a segment copied there.
    let writes_elsewhere = node.data.iter().any(
        |segment| matches!(segment.mode, SegmentMode::Active(memory) if memory.0 < node.imported_memories),
    );
    let lists_elsewhere = node.elements.iter().any(
        |segment| matches!(segment.mode, SegmentMode::Active(table) if node.is_captured_elsewhere(table)),
    );
    !has_state && !has_run && !writes_elsewhere && !lists_elsewhere
}

fn check_by_replay(
    baked: &[u8],
    original: &[u8],
    forgotten: &[(InstanceId, Range<u64>)],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<(), BakeError> {
    let differences = match verify_with(baked, original, &[], forgotten, options, host) {
        Ok(replay) => replay.differences,
        Err(error) => vec![error.to_string()],
    };
    if differences.is_empty() {
        Ok(())
    } else {
        Err(BakeError::Differs(differences))
    }
}
