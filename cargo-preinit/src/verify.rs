//! Runs a guest with its init, and its baked form without, and makes the same calls on both.
//!
//! **In** two core modules or two components, and calls. **Out** a [`Replay`]: how much was compared, and every difference. This is what
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
//!
//! In a component this holds for each core instance, and the exports that are compared are those of the component.

mod comparison;
mod side;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::bake_error::BakeError;
use crate::call::{Call, CallError};
use crate::clock::{Clock, Stage};
use crate::guest::counterparts::{Counterparts, MadeAs};
use crate::guest::index::InstanceId;
use crate::guest::wiring::{Exported, Source};
use crate::guest::{Around, Guest, ImportKind, to_binary};
use crate::init::{self, ComponentCall, ExportFate, GuestPlan, InitError, Purpose};
use crate::options::{BakeOptions, KeepInit, Profile};
use crate::run::host::HostFunctions;
use crate::run::{End, LaterCalls, RunError};
use crate::scrub::{MEMORY, scrubbed};
use crate::shown;
use crate::snapshot::Snapshot;
use crate::stack::with_stack;
use comparison::{Comparison, Pair};
use side::Side;

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
    /// How many of them failed, in both: they trapped, or ended the program.
    pub failed: usize,
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
    /// One of the two is a component.
    #[error("one of the two is a component, and the other a core module")]
    Forms,
    /// The guest's init fails, or its state cannot be read.
    #[error("the original: {0}")]
    Original(BakeError),
    /// The same, for the baked module.
    #[error("the baked module: {0}")]
    Baked(BakeError),
    /// A call of a component that has trapped before.
    #[error(
        "{} cannot be called, since {} trapped before it, and a component takes no more calls then", shown::name(.call), shown::name(.trapped)
    )]
    AfterTrap {
        /// The call.
        call: String,
        /// The one that trapped.
        trapped: String,
    },
    /// A call whose arguments a component copies in before what runs in each instance, which a comparison cannot do.
    #[error(
        "{} cannot be the first call, since the component has room made for its arguments before what runs in each instance \
         (`#[preinit(resume)]`), and a comparison runs that before the call", shown::name(.0)
    )]
    ResumeBehindArguments(String),
    /// A call that the time limit ended, so that what it would have done is not known.
    #[error("{} did not return in time", shown::name(.0))]
    OutOfTime(String),
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
            Self::AfterTrap { .. } => vec!["compare what comes after it in a `verify` of its own".to_owned()],
            Self::OutOfTime(_) => vec!["give it more time with `--timeout`".to_owned()],
            Self::ResumeBehindArguments(_) => {
                vec!["call a function before it that takes neither text nor lists".to_owned()]
            }
            Self::Forms | Self::Call(_) => Vec::new(),
        }
    }
}

/// Why an export was not called.
#[derive(Debug, thiserror::Error)]
enum ReplayCallError {
    #[error("there is no exported function {}", shown::name(.0))]
    NoExport(String),
    #[error("what runs in each instance would run before the arguments are copied in")]
    ResumeBehindArguments,
    #[error(transparent)]
    Function(#[from] InitError),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Replays both modules, with host functions that init may call. `forgotten` are the ranges of the original's memories 0 that the baked
/// module has as before init: see [`crate::pipeline::hash_keys`].
pub(crate) fn verify_with(
    baked: &[u8],
    original: &[u8],
    calls: &[Call],
    forgotten: &[(InstanceId, Range<u64>)],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Replay, ReplayError> {
    let clock = Clock::unwatched();
    clock.enter(Stage::Replay);
    let options = &BakeOptions {
        profile: Profile::Off,
        ..options.clone()
    };
    with_stack(options, &clock, || {
        replay(baked, original, calls, forgotten, options, host)
    })
}

fn replay(
    baked: &[u8],
    original: &[u8],
    calls: &[Call],
    forgotten: &[(InstanceId, Range<u64>)],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Replay, ReplayError> {
    let original = to_binary(original).map_err(|error| ReplayError::Original(error.into()))?;
    let baked = to_binary(baked).map_err(|error| ReplayError::Baked(error.into()))?;
    let of_original = answered(&original, options).map_err(ReplayError::Original)?;
    let of_bake = answered_baked(&baked, options).map_err(ReplayError::Baked)?;
    if of_original.around.is_some() != of_bake.around.is_some() {
        return Err(ReplayError::Forms);
    }
    let plan = init::plan(&of_original, options).map_err(|error| ReplayError::Original(error.into()))?;
    let nothing = GuestPlan::nothing(&of_bake, Profile::Off);
    let later = match calls {
        [] => LaterCalls::None,
        _ => LaterCalls::Possible,
    };
    let side_of_original = || {
        let mut side = Side::new(&of_original, &plan, options, host, later)?;
        for (id, range) in forgotten {
            side.clear(*id, MEMORY, std::slice::from_ref(range))?;
        }
        Ok(side)
    };
    let side_of_original = || side_of_original().map_err(ReplayError::Original);
    let mut left = side_of_original()?;
    let mut right = Side::new(&of_bake, &nothing, options, host, later).map_err(ReplayError::Baked)?;
    let counterparts = Counterparts::of(&of_bake, &of_original);
    let entered = left.entered(&plan, options);
    let pairs = of_original
        .nodes()
        .zip(&plan.nodes)
        .filter_map(|(original, plan)| {
            let baked = match of_original.core() {
                Some(_) => of_bake.root(),
                None => of_bake.instance(*counterparts.in_output.get(&original.id)?)?,
            };
            let is_entered = entered.contains(&original.id);
            let pair = Pair::new(original, baked, plan, options, is_entered);
            Some((pair.original.id, pair))
        });
    let pairs: BTreeMap<InstanceId, Pair<'_>> = pairs.collect();
    let mut compared = Compared {
        calls: calls.len(),
        is_all: pairs.values().all(|pair| pair.is_all),
        ..Compared::default()
    };
    let mut is_cleared = false;
    for node in scrubbed(&of_original) {
        let dead = left
            .dead(&node, options.scrub_heap)
            .map_err(ReplayError::Original)?;
        let ranges = dead.ranges();
        is_cleared |= !ranges.is_empty();
        let cleared = left.clear(node.id, MEMORY, &ranges);
        compared.scrubbed += cleared.map_err(ReplayError::Original)?;
        if let Some(pair) = pairs.get(&node.id)
            && let Some(memory) = pair.memory_in_bake(MEMORY)
        {
            let cleared = right.clear(pair.baked.id, memory, dead.stack.as_slice());
            cleared.map_err(ReplayError::Baked)?;
        }
    }
    let mut untouched = match is_cleared && !calls.is_empty() {
        true => Some(side_of_original()?),
        false => None,
    };
    // What is as before init is only other keys for hash maps: a call that returns with the ones returns with the others.
    let mut unforgotten = match !forgotten.is_empty() && !calls.is_empty() {
        true => Some(Side::new(&of_original, &plan, options, host, later).map_err(ReplayError::Original)?),
        false => None,
    };
    let mut differences = Vec::new();
    let mut trapped: Option<String> = None;
    for call in calls {
        // What a component answers then says nothing of what it would have answered.
        if let (Some(trapped), Some(_)) = (&trapped, &of_original.around) {
            return Err(ReplayError::AfterTrap {
                call: call.to_string(),
                trapped: trapped.clone(),
            });
        }
        let answer = |side: &mut Side<'_>, name: &str, which: &str| {
            let answer = side.call(call, name, options);
            answer.map_err(|error| match error {
                ReplayCallError::ResumeBehindArguments => {
                    ReplayError::ResumeBehindArguments(call.to_string())
                }
                error => ReplayError::Call(format!("the {which}: {error}")),
            })
        };
        let name = match &of_bake.around {
            Some(_) => call.of_component().0,
            None => call.of_module().0,
        };
        let own = &name_in_original(name, &of_original, options);
        let expected_of = |side: &mut Side<'_>| match is_emptied(own, &of_original, &plan, options) {
            true => Ok(side.returned(own)),
            false => answer(side, own, "original"),
        };
        let mut expected = expected_of(&mut left)?;
        if let Some(untouched) = &mut untouched {
            expected = expected_of(untouched)?;
        }
        let found = answer(&mut right, name, "baked module")?;
        if [expected.end, found.end].contains(&End::OutOfTime) {
            return Err(ReplayError::OutOfTime(call.to_string()));
        }
        if let Some(side) = &mut unforgotten
            && expected_of(side)?.end != found.end
        {
            let call = shown::line(&call.to_string());
            differences.push(format!(
                "`{call}` ends otherwise baked than in the original with the keys that init drew"
            ));
        }
        compared.failed += usize::from([expected.end, found.end] == [End::Failed; 2]);
        if [expected.end, found.end].contains(&End::Failed) {
            trapped = Some(call.to_string());
        }
        let call = shown::line(&call.to_string());
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
    if let (Some(original), Some(baked)) = (&of_original.around, &of_bake.around) {
        differences.extend(different_exports(original, baked, &plan, options));
    }
    if pairs.len() < of_original.nodes().count() {
        differences.push("the baked component has fewer core instances".to_owned());
    }
    if compared.is_all {
        type Name<'n, T> = &'n dyn Fn(T) -> Option<T>;
        let of =
            |guest: &Guest<'_>, snapshot: &Snapshot, name: Name<'_, InstanceId>, made: Name<'_, usize>| {
                let foreign = snapshot.foreign.iter().filter_map(|foreign| {
                    let function = ImportKind::Function(foreign.function.index);
                    let source = match guest.source_of((foreign.function.instance, function)) {
                        Source::Instance(id, item) => Source::Instance(name(id)?, item),
                        Source::Component(position) => Source::Component(made(position)?),
                    };
                    Some((name(foreign.instance)?, foreign.place, source))
                });
                foreign.collect::<BTreeSet<_>>()
            };
        let in_original = |id| counterparts.in_guest.get(&id).copied();
        let made_in_original = |position: usize| match counterparts.made.get(position) {
            Some(MadeAs::Guests(position)) => Some(*position),
            Some(MadeAs::Added(..)) | None => None,
        };
        let of_baked = of(&of_bake, &found, &in_original, &made_in_original);
        if of(&of_original, &expected, &Some, &Some) != of_baked {
            differences.push("a table or a global holds another function of another instance".to_owned());
        }
    }
    for (id, pair) in &pairs {
        let comparison = Comparison::new(
            pair,
            (expected.instance(&pair.original), found.instance(&pair.baked)),
        );
        let (found, amount) = comparison.compare();
        let place = of_original.name_of(*id);
        differences.extend(found.into_iter().map(|difference| match &place {
            Some(place) => format!("{place}: {difference}"),
            None => difference,
        }));
        compared.memories += amount.memories;
        compared.globals += amount.globals;
        compared.tables += amount.tables;
        compared.objects += amount.objects;
    }
    Ok(Replay {
        differences,
        compared,
    })
}

/// The name of an export in the original, for one in the baked module. Of a function in an exported instance, that of the instance may
/// be another.
fn name_in_original(name: &str, original: &Guest<'_>, options: &BakeOptions) -> String {
    let (export, function) = match (&original.around, name.find('#')) {
        (Some(_), Some(position)) => name.split_at(position),
        _ => (name, ""),
    };
    let rename = options.renames.iter().find(|rename| rename.new == export);
    let own = rename.map_or(export, |rename| &rename.old);
    format!("{own}{function}")
}

/// Whether a function in the baked module only returns what it returned in the bake. `name` is that in the original.
fn is_emptied(name: &str, original: &Guest<'_>, plan: &GuestPlan, options: &BakeOptions) -> bool {
    match original.core() {
        Some(node) => node.export(name).is_some_and(|export| {
            let fate = plan.nodes[0].fate(export, options);
            fate == ExportFate::Emptied
        }),
        None => {
            let is_called = |call: &ComponentCall| match &call.interface {
                Some(interface) => format!("{interface}#{}", call.function) == name,
                None => call.function == name,
            };
            let mut init = plan.calls.iter().filter(|call| call.purpose == Purpose::Init);
            !plan.emptied.is_empty() && init.any(is_called)
        }
    }
}

/// The exports that only one of two components has, apart from those that the bake removes.
fn different_exports(
    original: &Around<'_>,
    baked: &Around<'_>,
    plan: &GuestPlan,
    options: &BakeOptions,
) -> Vec<String> {
    let may_be_removed = |name: &str| {
        options.keep_init_functions == KeepInit::Remove
            && !options.renames.iter().any(|rename| rename.old == name)
            && plan
                .calls
                .iter()
                .any(|call| call.interface.is_none() && call.function == name)
    };
    let is_replaced = |name: &str| {
        let is_renamed = options.renames.iter().any(|rename| rename.old == name);
        !is_renamed && options.renames.iter().any(|rename| rename.new == name)
    };
    let in_output = |name: &str| (!is_replaced(name)).then(|| options.name_in_output(name).to_owned());
    let of_original = functions(original, in_output);
    let of_bake = functions(baked, |name| Some(name.to_owned()));
    let missing = of_original
        .iter()
        .filter(|name| !of_bake.contains(*name) && !may_be_removed(name));
    let missing =
        missing.map(|name| format!("the export {} is not in the baked component", shown::name(name)));
    let added = of_bake.iter().filter(|name| !of_original.contains(*name));
    let added = added.map(|name| format!("the export {} is not in the original", shown::name(name)));
    missing.chain(added).collect()
}

/// What a component exports, with the functions of exported instances. `name` is the name of each export, unless it is left out.
fn functions(around: &Around<'_>, name: impl Fn(&str) -> Option<String>) -> BTreeSet<String> {
    let exports = around.exports.iter();
    let exports = exports.filter_map(|(export, exported)| Some((name(export)?, exported)));
    let names = exports.flat_map(|(name, exported)| {
        let inside = match exported {
            Exported::Instance(functions) => functions
                .keys()
                .map(|function| format!("{name}#{function}"))
                .collect(),
            Exported::Function(_) | Exported::Code | Exported::Other => Vec::new(),
        };
        inside.into_iter().chain([name])
    });
    names.collect()
}

/// Parses a module. Its imports answer as in the bake.
pub(crate) fn answered<'a>(wasm: &'a [u8], options: &BakeOptions) -> Result<Guest<'a>, BakeError> {
    let mut guest = Guest::parse(wasm)?;
    let answered = guest.answer(&options.imports);
    answered.map_err(|refusals| refusals.in_terms_of(&guest))?;
    Ok(guest)
}

/// Parses a baked module, which may have functions of its own in place of imports that are answered.
pub(crate) fn answered_baked<'a>(wasm: &'a [u8], options: &BakeOptions) -> Result<Guest<'a>, BakeError> {
    let mut guest = Guest::parse(wasm)?;
    let answered = match options.stubs.is_empty() {
        true => guest.answer(&options.imports),
        false => guest.answer_those_left(&options.imports),
    };
    answered.map_err(|refusals| refusals.in_terms_of(&guest))?;
    Ok(guest)
}

fn list(imports: &[String]) -> String {
    match imports {
        [] => "no import".to_owned(),
        imports => imports.join(", then "),
    }
}
