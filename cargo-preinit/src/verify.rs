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

mod comparison;
mod side;

use crate::bake_error::BakeError;
use crate::call::{Call, CallError};
use crate::check_output::object_graph::GraphEquality;
use crate::clock::{Clock, Stage};
use crate::guest::index::MemoryIndex;
use crate::guest::{Guest, to_binary};
use crate::init::{self, ExportFate, GuestPlan, InitPlan};
use crate::options::BakeOptions;
use crate::run::RunError;
use crate::run::host::HostFunctions;
use crate::scrub::MEMORY;
use crate::shown;
use crate::stack::with_stack;
use comparison::{Comparison, has_same_code, paired};
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
    #[error("components cannot be compared yet")]
    Component,
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
            Self::Component | Self::Call(_) => Vec::new(),
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
    verify_with(baked, original, calls, options, &HostFunctions::default())
}

/// [`verify`] with host functions that init may call.
pub(crate) fn verify_with(
    baked: &[u8],
    original: &[u8],
    calls: &[Call],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Replay, ReplayError> {
    let clock = Clock::unwatched();
    clock.enter(Stage::Replay);
    with_stack(options, &clock, || replay(baked, original, calls, options, host))
}

fn replay(
    baked: &[u8],
    original: &[u8],
    calls: &[Call],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Replay, ReplayError> {
    let original = to_binary(original).map_err(|error| ReplayError::Original(error.into()))?;
    let baked = to_binary(baked).map_err(|error| ReplayError::Baked(error.into()))?;
    let of_original = answered(&original, options).map_err(ReplayError::Original)?;
    let of_bake = answered(&baked, options).map_err(ReplayError::Baked)?;
    if of_original.around.is_some() || of_bake.around.is_some() {
        return Err(ReplayError::Component);
    }
    let (original, baked) = (of_original.root(), of_bake.root());
    let plans = init::plan(&of_original, options).map_err(|error| ReplayError::Original(error.into()))?;
    let nothing = GuestPlan {
        nodes: vec![InitPlan::nothing()],
        calls: Vec::new(),
    };
    let plan = &plans.nodes[0];
    let mut left = Side::new(&of_original, &plans, options, host).map_err(ReplayError::Original)?;
    let mut right = Side::new(&of_bake, &nothing, options, host).map_err(ReplayError::Baked)?;
    let is_all = has_same_code(&original, &baked, plan);
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
        untouched = Some(Side::new(&of_original, &plans, options, host).map_err(ReplayError::Original)?);
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
        plan,
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
    if guest.around.is_none() {
        guest.answer(&options.imports)?;
    }
    Ok(guest)
}

fn list(imports: &[String]) -> String {
    match imports {
        [] => "no import".to_owned(),
        imports => imports.join(", then "),
    }
}
