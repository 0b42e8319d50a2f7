//! What is sound in a bake, but may not be intended.

use crate::guest::answers::named;
use crate::options::WarningKind;
use crate::run::{AnsweredCalls, WasiWarning};
use crate::scrub::HeapKept;
use crate::shown;

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
