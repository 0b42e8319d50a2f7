//! What there is to tell of a bake that went well.

use crate::emit::Kept;
use crate::guest::answers::named;
use crate::image::Mapping;
use crate::precompile::Artifact;
use crate::run::{AnsweredCalls, RunSummary, WasiWarning};
use crate::scrub::HeapKept;
use crate::shown;

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
#[non_exhaustive]
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
