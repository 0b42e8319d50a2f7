//! Why a module was not baked.

use crate::check_output::CheckError;
use crate::clock::Stage;
use crate::emit::EmitError;
use crate::guest::InputError;
use crate::init::InitError;
use crate::precompile::PrecompileError;
use crate::refusal::Refusals;
use crate::run::RunError;
use crate::shown;
use crate::text::listed;

/// Why a module was not baked.
#[non_exhaustive]
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
    Emit(#[from] EmitError),
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
    #[error("panicked while {stage}: {}", shown::text(.message))]
    Panic {
        /// The stage.
        stage: Stage,
        /// What the panic said.
        message: String,
    },
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
            Self::Input(_)
            | Self::Emit(_)
            | Self::CheckOutput(_)
            | Self::Differs(_)
            | Self::Precompile(_)
            | Self::Panic { .. } => Vec::new(),
        }
    }

    /// Whether this is a defect of the tool, to be reported, and not something that its user did.
    #[must_use]
    pub fn is_bug(&self) -> bool {
        matches!(
            self,
            Self::CheckOutput(_)
                | Self::Panic { .. }
                | Self::Emit(EmitError::Bug(_))
                | Self::Run(RunError::Bug(_))
                | Self::Precompile(PrecompileError::Image { .. })
        )
    }
}
