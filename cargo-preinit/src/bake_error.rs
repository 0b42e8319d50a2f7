//! Why a module was not baked.

use crate::check_output::CheckError;
use crate::clock::Stage;
use crate::emit::EmitError;
use crate::guest::{Guest, InputError};
use crate::init::InitError;
use crate::oversize::Oversize;
use crate::post_process::PostProcessError;
use crate::precompile::PrecompileError;
use crate::refusal::Refusals;
use crate::run::RunError;
use crate::shown;
use crate::text::listed;
use crate::warning::Warning;

/// Why a module was not baked.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum BakeError {
    /// The input is not a module or a component that can be parsed and supported.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The functions to run could not be found.
    #[error(transparent)]
    Init(#[from] InitError),
    /// The state of the module cannot be baked soundly.
    #[error(transparent)]
    Refused(#[from] Refusals),
    /// Init could not be run to its end.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The output could not be made.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The output failed its check.
    #[error(transparent)]
    CheckOutput(#[from] CheckError),
    /// A command of [`BakeOptions::post_process`](crate::BakeOptions::post_process) failed.
    #[error(transparent)]
    PostProcess(#[from] PostProcessError),
    /// A replay found differences between the output and the original.
    #[error("the baked module is not what its original is after init{}", listed(.0))]
    Differs(Vec<String>),
    /// The bake has warnings that the options deny.
    #[error("it has {} denied{}", if .0.len() == 1 { "a warning that is" } else { "warnings that are" }, denied(.0))]
    Denied(Vec<Warning>),
    /// The output is larger than [`BakeOptions::size_budget`](crate::BakeOptions::size_budget).
    #[error("{0}")]
    Oversize(Box<Oversize>),
    /// The output could not be compiled for a target.
    #[error(transparent)]
    Precompile(#[from] PrecompileError),
    /// The report about the bake could not be made.
    #[error("{0}")]
    Report(String),
    /// A stage panicked.
    #[error("panicked while {stage}: {}", shown::text(.message))]
    Panic {
        /// The stage.
        stage: Stage,
        /// The panic's message.
        message: String,
    },
}

/// Warnings with their kinds, one on each line.
fn denied(warnings: &[Warning]) -> String {
    let lines = warnings.iter().map(|warning| {
        let (text, code) = (warning.to_string(), warning.kind().code());
        // The parts of the state that it is about are in lines of their own.
        match text.split_once('\n') {
            Some((first, parts)) => format!("{first} (`{code}`)\n{parts}").replace('\n', "\n  "),
            None => format!("{text} (`{code}`)"),
        }
    });
    listed(&lines.collect::<Vec<String>>())
}

impl BakeError {
    /// Names the instances of a component.
    pub(crate) fn in_terms_of(self, guest: &Guest<'_>) -> Self {
        match self {
            Self::Refused(refusals) => Self::Refused(refusals.in_terms_of(guest)),
            Self::Emit(EmitError::Refused(refusals)) => {
                Self::Emit(EmitError::Refused(refusals.in_terms_of(guest)))
            }
            error => error,
        }
    }

    /// Advice for the user, one string per line.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        match self {
            Self::Input(InputError::Undeclarable(_)) => {
                vec!["build the guest without the proposal".to_owned()]
            }
            Self::Init(error) => vec![error.help().to_owned()],
            Self::Refused(Refusals(refusals)) | Self::Emit(EmitError::Refused(Refusals(refusals))) => {
                let mut lines: Vec<String> = Vec::new();
                for line in refusals.iter().map(|refused| refused.refusal.help()) {
                    if !lines.iter().any(|said| *said == line) {
                        lines.push(line.into_owned());
                    }
                }
                lines
            }
            Self::Emit(EmitError::Walrus(_)) => {
                vec!["leave it to `--rewriter splice`, which is the default".to_owned()]
            }
            Self::Run(error) => error.help(),
            Self::Oversize(found) => found.help(),
            Self::Input(_)
            | Self::Emit(_)
            | Self::CheckOutput(_)
            | Self::Differs(_)
            | Self::Denied(_)
            | Self::PostProcess(_)
            | Self::Precompile(_)
            | Self::Report(_)
            | Self::Panic { .. } => Vec::new(),
        }
    }

    /// Whether this is a bug of this tool, which the user should report.
    #[must_use]
    pub fn is_bug(&self) -> bool {
        matches!(
            self,
            Self::CheckOutput(_)
                | Self::Report(_)
                | Self::Panic { .. }
                | Self::Emit(EmitError::Bug(_))
                | Self::Run(RunError::Bug(_))
                | Self::Precompile(PrecompileError::Image { .. })
        )
    }
}
