//! The result of a successful bake: the module, facts about the run, and warnings.

use crate::emit::Kept;
use crate::guest::answers::named;
use crate::image::Mapping;
use crate::precompile::Artifact;
use crate::run::{AnsweredCalls, RunSummary, WasiWarning};
use crate::scrub::HeapKept;
use crate::shown;

/// A baked module, and a report about its bake.
#[derive(Debug, Clone)]
pub struct Baked {
    /// The module. It is valid, and it holds exactly the state that init left.
    pub wasm: Vec<u8>,
    /// The module compiled for each requested target.
    pub artifacts: Vec<Artifact>,
    /// Facts about the bake.
    pub report: BakeReport,
}

/// Facts about a bake.
#[derive(Debug, Clone)]
pub struct BakeReport {
    /// The functions that ran, for how long, and their use of WASI.
    pub run: RunSummary,
    /// Whether wasmtime will map the module's memories copy-on-write.
    pub mapping: Mapping,
    /// How many functions were removed since only init reached them, or why dead code was kept.
    pub dead_code: Result<usize, Kept>,
    /// Whether the baked module has a start function, for state that no constant expression can express. Each instance runs it.
    pub has_start: bool,
    /// How many bytes of memory were zeroed since the guest no longer reads them: see [`crate::scrub`].
    pub scrubbed: u64,
    /// The size of the input in bytes, in the binary format.
    pub size_before: usize,
    /// The size of the output in bytes.
    pub size_after: usize,
    /// Warnings for the user.
    pub warnings: Vec<Warning>,
}

/// Something that is sound, but may not be intended.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// About init's use of WASI.
    Wasi(WasiWarning),
    /// Init called an import that the options answer.
    Answered(AnsweredCalls),
    /// No export of the baked module gives the host a function that still does something.
    NothingToCall {
        /// Whether `_start`, the whole program, was an init function.
        is_program: bool,
    },
    /// Calls of these exports run an init function again.
    RunsAgain {
        /// The init function's export.
        init: String,
        /// The exports, by their names in the baked module.
        exports: Vec<String>,
    },
    /// An init function stays exported: hosts bind the instance that has it as a whole, or another item needs its type.
    InitKept(String),
    /// These custom sections were left out, since they describe code positions that have changed.
    LeftOut(Vec<String>),
    /// The heap could not be scrubbed.
    HeapKept(HeapKept),
    /// A program that loads the compiled module has to enable these settings of wasmtime, which are off by default.
    ToEnable(Vec<&'static str>),
}

/// The kind of a [`Warning`].
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningKind {
    /// Init drew random numbers.
    Random,
    /// Init read a clock, or waited for one.
    Clock,
    /// Init read the environment.
    Environment,
    /// Init read its arguments.
    Arguments,
    /// Init used preopened directories.
    Directories,
    /// Init read standard input.
    Stdin,
    /// Init left files open.
    LeftOpen,
    /// Init closed what was open.
    Closed,
    /// Init called an import that `--import` answers.
    AnsweredImport,
    /// Nothing is left for the host to call.
    NothingToCall,
    /// An export runs init again.
    RunsAgain,
    /// An init function stays exported.
    InitKept,
    /// Custom sections were left out.
    LeftOut,
    /// The heap was not scrubbed.
    HeapKept,
    /// The engine that loads the compiled module needs settings.
    ToEnable,
}

impl WarningKind {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::Random,
        Self::Clock,
        Self::Environment,
        Self::Arguments,
        Self::Directories,
        Self::Stdin,
        Self::LeftOpen,
        Self::Closed,
        Self::AnsweredImport,
        Self::NothingToCall,
        Self::RunsAgain,
        Self::InitKept,
        Self::LeftOut,
        Self::HeapKept,
        Self::ToEnable,
    ];

    /// Its name on the command line and in JSON. It stays when the text of the warning changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Clock => "clock",
            Self::Environment => "environment",
            Self::Arguments => "arguments",
            Self::Directories => "directories",
            Self::Stdin => "stdin",
            Self::LeftOpen => "left-open",
            Self::Closed => "closed",
            Self::AnsweredImport => "answered-import",
            Self::NothingToCall => "nothing-to-call",
            Self::RunsAgain => "runs-again",
            Self::InitKept => "init-kept",
            Self::LeftOut => "left-out",
            Self::HeapKept => "heap-kept",
            Self::ToEnable => "to-enable",
        }
    }
}

impl Warning {
    /// What kind of warning it is.
    #[must_use]
    pub fn kind(&self) -> WarningKind {
        match self {
            Self::Wasi(warning) => match warning {
                WasiWarning::Random => WarningKind::Random,
                WasiWarning::Clock { .. } => WarningKind::Clock,
                WasiWarning::Environment(_) => WarningKind::Environment,
                WasiWarning::Arguments(_) => WarningKind::Arguments,
                WasiWarning::Directories(_) => WarningKind::Directories,
                WasiWarning::Input(_) => WarningKind::Stdin,
                WasiWarning::LeftOpen(_) => WarningKind::LeftOpen,
                WasiWarning::Closed(_) => WarningKind::Closed,
            },
            Self::Answered(_) => WarningKind::AnsweredImport,
            Self::NothingToCall { .. } => WarningKind::NothingToCall,
            Self::RunsAgain { .. } => WarningKind::RunsAgain,
            Self::InitKept(_) => WarningKind::InitKept,
            Self::LeftOut(_) => WarningKind::LeftOut,
            Self::HeapKept(_) => WarningKind::HeapKept,
            Self::ToEnable(_) => WarningKind::ToEnable,
        }
    }
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
                /// If many exports call init, the first few show that.
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
            Self::InitKept(call) => write!(
                f,
                "{} stays exported, since hosts bind an exported instance as a whole, or another export needs its type",
                shown::name(call)
            ),
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
