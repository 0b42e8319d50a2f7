//! The pipeline from bytes to bytes: what `cargo preinit` does to each guest, and all that an embedder without cargo
//! needs.

use crate::capture;
use crate::check_output::{CheckError, check_output};
use crate::emit::dead_initializers::dead_initializers;
use crate::emit::shrink::{Kept, Shrunk, shrink};
use crate::emit::{EmitError, Emitted, emit, stamp};
use crate::guest::answers::named;
use crate::guest::{GuestModule, ImportKind, InputError, to_binary};
use crate::image::{Image, Mapping, image};
use crate::init::{InitError, InitPlan};
use crate::instrument::RunCopy;
use crate::options::{BakeOptions, Check, DeadCode, Stamp};
use crate::outlook::outlook;
use crate::precompile::{Artifact, PrecompileError, Precompiled, precompile};
use crate::prepared::{Prepared, with_stack};
use crate::refusal::{Refusal, Refusals, refuse};
use crate::run::{AnsweredCalls, Ran, RunError, RunSummary, WasiWarning};
use crate::scrub::{HeapKept, Scrubbed, scrub};
use crate::shown;
use crate::snapshot::Snapshot;
use crate::text::listed;
use crate::verify::verify;
use crate::watch::{Clock, Stage};

/// A baked module, and what there is to tell about it.
#[derive(Debug, Clone)]
pub struct Baked {
    /// The module. It is valid, and it holds exactly the state that init left.
    pub wasm: Vec<u8>,
    /// The same, compiled for each target that was asked for.
    pub artifacts: Vec<Artifact>,
    /// How it came about.
    pub report: BakeReport,
}

/// How a bake went.
#[derive(Debug, Clone)]
pub struct BakeReport {
    /// What ran, how long, and what it asked of WASI.
    pub run: RunSummary,
    /// Whether wasmtime will map the module's memories copy-on-write.
    pub mapping: Mapping,
    /// How many functions were removed since only init reached them, or why none were.
    pub dead_code: Result<usize, Kept>,
    /// Whether the baked module has a start function, which fills in what no constant can say. Each instance runs it.
    pub has_start: bool,
    /// How many bytes of memory were zeroed since no guest reads them any more: see [`crate::scrub`].
    pub scrubbed: u64,
    /// The size of the input in bytes, in the binary format.
    pub size_before: usize,
    /// The size of the output in bytes.
    pub size_after: usize,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Something that is not wrong, and yet may not be what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// About what init asked of WASI.
    Wasi(WasiWarning),
    /// Init called an import that the options answer.
    Answered(AnsweredCalls),
    /// The baked module exports nothing that leads its host to a function which still does something.
    NothingToCall {
        /// Whether init was the program itself, its `_start`.
        is_program: bool,
    },
    /// Calls of these exports run an init function once more.
    RunsAgain {
        /// The export that init was named by.
        init: String,
        /// The exports, by their names in the baked module.
        exports: Vec<String>,
    },
    /// These custom sections tell positions that are not the same in the baked module.
    LeftOut(Vec<String>),
    /// The heap was to be scrubbed, and was not.
    HeapKept(HeapKept),
    /// What loads the compiled module has to enable these settings of wasmtime's, which are off by default.
    ToEnable(Vec<&'static str>),
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wasi(warning) => warning.fmt(f),
            Self::Answered(AnsweredCalls { module, name, calls }) => write!(
                f,
                "init called the import {} ({calls}x), which was answered with zero by `--import`: each instance sees what init made \
                 of that",
                named(module, name)
            ),
            Self::NothingToCall { is_program } => {
                f.write_str("the baked module exports no function that its host could call: ")?;
                f.write_str(if *is_program {
                    "`_start` is the program itself, and has run; export a function that does the init alone, and name that \
                     with `--init-func`"
                } else {
                    "export what is to be called after init"
                })
            }
            Self::RunsAgain { init, exports } => {
                /// Who calls init everywhere knows so from the first of them.
                const SHOWN: usize = 3;
                let shown = shown::names(&exports[..exports.len().min(SHOWN)]);
                let more = match exports.len().saturating_sub(SHOWN) {
                    0 => String::new(),
                    more => format!(" (and {more} more)"),
                };
                write!(
                    f,
                    "{}, which has run in the bake, runs again where the host calls {shown}{more}, unless it looks whether it \
                     has run: let it set a flag, and return at once where that is set",
                    shown::name(init)
                )
            }
            Self::HeapKept(reason) => write!(f, "nothing of the heap was scrubbed: {reason}"),
            Self::LeftOut(sections) => {
                write!(
                    f,
                    "left out of the baked module, since what it says of the code would be wrong there: {}",
                    shown::names(sections)
                )
            }
            Self::ToEnable(methods) => {
                write!(
                    f,
                    "what loads the compiled module has to enable in its `wasmtime::Config`: {}",
                    shown::names(methods)
                )
            }
        }
    }
}

/// Why a module was not baked.
#[derive(Debug, thiserror::Error)]
pub enum BakeError {
    /// The input is no core module.
    #[error(transparent)]
    Input(#[from] InputError),
    /// There is nothing to run.
    #[error(transparent)]
    Init(#[from] InitError),
    /// The state of the module cannot be baked soundly.
    #[error(transparent)]
    Refused(#[from] Refusals),
    /// Init did not come to its end.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The output could not be made.
    #[error(transparent)]
    Rewrite(#[from] EmitError),
    /// The output is not what it should be.
    #[error(transparent)]
    CheckOutput(#[from] CheckError),
    /// The output was run beside the original, and is not the same.
    #[error("the baked module is not what its original is after init{}", listed(.0))]
    Differs(Vec<String>),
    /// The output could not be compiled for a target.
    #[error(transparent)]
    Precompile(#[from] PrecompileError),
    /// A stage panicked.
    #[error("{0}")]
    Bug(String),
}

impl BakeError {
    /// What to do about it, a line each.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        match self {
            Self::Input(InputError::Component) => {
                vec![
                    "build for `wasm32-wasip1` or `wasm32-unknown-unknown`, and bake the core module"
                        .to_owned(),
                ]
            }
            Self::Input(InputError::Undeclarable(_)) => {
                vec!["build the guest without the proposal".to_owned()]
            }
            Self::Init(error) => vec![error.help().to_owned()],
            Self::Refused(Refusals(refusals)) | Self::Rewrite(EmitError::Refused(Refusals(refusals))) => {
                let mut lines: Vec<String> = Vec::new();
                for line in refusals.iter().map(Refusal::help) {
                    if !lines.iter().any(|said| *said == line) {
                        lines.push(line.into_owned());
                    }
                }
                lines
            }
            Self::Run(error) => error.help(),
            Self::Input(_)
            | Self::Rewrite(_)
            | Self::CheckOutput(_)
            | Self::Differs(_)
            | Self::Precompile(_)
            | Self::Bug(_) => Vec::new(),
        }
    }

    /// Whether this is a defect of the tool, to be reported, and not something that its user did.
    #[must_use]
    pub fn is_bug(&self) -> bool {
        matches!(
            self,
            Self::CheckOutput(_)
                | Self::Bug(_)
                | Self::Rewrite(EmitError::Bug(_))
                | Self::Run(RunError::Bug(_))
                | Self::Precompile(PrecompileError::Image { .. })
        )
    }
}

/// Runs a module's init and returns the module as it is then.
///
/// `input` is a core module in the binary or the text format.
///
/// Init is bounded by [`Limits`](crate::Limits). What parses and compiles the module is not: small modules can keep a compiler busy
/// for hours, and make it take all memory. The subcommand watches over itself and ends its process; a program that bakes modules
/// of strangers does so in a process of its own, which it can end.
///
/// # Errors
///
/// Whatever stands between the module and a sound bake; nothing is returned that is not sound.
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
    bake_by(&Clock::UNWATCHED, input, options)
}

/// The same by a clock.
pub(crate) fn bake_by(clock: &Clock, input: &[u8], options: &BakeOptions) -> Result<Baked, BakeError> {
    clock.enter(Stage::Parse);
    let wasm = to_binary(input)?;
    with_stack(options, || {
        Prepared::new_here(&wasm, options, clock)?.bake_once(clock)
    })
}

/// What the stages themselves need of the stack; compilers recurse over nested blocks.
pub(crate) const STACK_OF_STAGES: usize = 8 << 20;

/// All that follows the run.
pub(crate) fn finish(
    guest: &GuestModule<'_>,
    copy: &RunCopy,
    plan: &InitPlan,
    mut ran: Ran,
    options: &BakeOptions,
    clock: &Clock,
) -> Result<Baked, BakeError> {
    clock.enter(Stage::Capture);
    let (mut snapshot, mut refusals) = capture::capture(guest, copy, &mut ran.live, options.memory_scan)?;
    refusals.extend(grown_imports(guest, &snapshot));
    refuse(refusals)?;
    let summary = ran.summary;
    snapshot.returned.clone_from(&summary.returned);
    drop(ran.live);
    clock.enter(Stage::Emit);
    let Scrubbed {
        snapshot,
        bytes: scrubbed,
        heap_kept,
    } = scrub(guest, snapshot, options.scrub_heap);
    let snapshot = dead_initializers(guest, snapshot, &summary, options.dead_code);
    let image = image(guest, &snapshot).map_err(Refusals)?;
    let output = emit(guest, plan, &snapshot, &image, options)?;
    let Shrunk {
        mut output,
        dead_code,
    } = match options.dead_code {
        DeadCode::Remove => shrink(output, guest, plan, &snapshot)?,
        DeadCode::Keep => Shrunk {
            output,
            dead_code: Err(Kept::AsAsked),
        },
    };
    refuse(slow_to_load(&image, &output))?;
    clock.enter(Stage::CheckOutput);
    check_output(&output, guest, plan, &snapshot, options)?;
    if options.check == Check::Replay {
        clock.enter(Stage::Replay);
        check_by_replay(&output.wasm, guest.wasm, options)?;
    }
    if options.stamp == Stamp::Add {
        stamp::add(&mut output.wasm, guest, &summary, &snapshot);
    }
    clock.enter(Stage::Precompile);
    let Precompiled { artifacts, to_enable } = precompile(&output.wasm, &options.precompile)?;
    let mut warnings: Vec<Warning> = summary.wasi.warnings().into_iter().map(Warning::Wasi).collect();
    warnings.extend(summary.answered.iter().cloned().map(Warning::Answered));
    warnings.extend(outlook(guest, plan, &snapshot, options));
    if !output.left_out.is_empty() {
        warnings.push(Warning::LeftOut(output.left_out));
    }
    warnings.extend(heap_kept.map(Warning::HeapKept));
    if !to_enable.is_empty() {
        warnings.push(Warning::ToEnable(to_enable));
    }
    Ok(Baked {
        report: BakeReport {
            run: summary,
            mapping: image.mapping,
            dead_code,
            has_start: output.has_start,
            scrubbed,
            size_before: guest.wasm.len(),
            size_after: output.wasm.len(),
            warnings,
        },
        wasm: output.wasm,
        artifacts,
    })
}

/// The imported memories that init has grown. Segments write to a memory, and cannot make it larger.
fn grown_imports(guest: &GuestModule<'_>, snapshot: &Snapshot) -> Vec<Refusal> {
    let grown = snapshot.memories.iter().filter_map(|state| {
        let mut imports = guest.imports.iter();
        let import = imports.find(|import| import.kind == ImportKind::Memory(state.index))?;
        let asked = guest.memories[state.index.position()].initial;
        (state.pages != asked).then(|| Refusal::GrownImport {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            asked,
            pages: state.pages,
        })
    });
    grown.collect()
}

/// The tables that are still in the output and for which an engine would take long to load it.
fn slow_to_load(image: &Image<'_>, output: &Emitted) -> Vec<Refusal> {
    let slow = image.tables.slow.iter();
    slow.filter(|(table, _)| output.indices.table(*table).is_some())
        .map(|&(table, slots)| Refusal::LongTable { table, slots })
        .collect()
}

fn check_by_replay(baked: &[u8], original: &[u8], options: &BakeOptions) -> Result<(), BakeError> {
    let differences = match verify(baked, original, &[], options) {
        Ok(replay) => replay.differences,
        Err(error) => vec![error.to_string()],
    };
    if differences.is_empty() {
        Ok(())
    } else {
        Err(BakeError::Differs(differences))
    }
}
