//! A failure as JSON, with what its text has.

use serde::Serialize;

use super::item::{ItemStep, names};
use crate::bake_error::BakeError;
use crate::emit::EmitError;
use crate::error::Error;
use crate::options::Measured;
use crate::oversize::{Oversize, Remedy};
use crate::refusal::Refusals;
use crate::report::codes;
use crate::run::{RunError, Stopped};

/// Why a request failed.
#[derive(Serialize)]
pub(super) struct Failure {
    /// The module, unless the whole command failed.
    module: Option<String>,
    code: &'static str,
    message: String,
    help: Vec<String>,
    /// What cannot be baked, if `code` is `refused`.
    refusals: Vec<RefusalLine>,
    /// What init was doing, if it was stopped.
    stopped: Option<StoppedAt>,
    /// What makes the baked module large, if `code` is `oversize`.
    oversize: Option<OversizeLine>,
}

#[derive(Serialize)]
struct OversizeLine {
    budget: u64,
    bytes: u64,
    compressed_bytes: Option<u64>,
    bytes_of_data: u64,
    crates: Vec<Share>,
    items: Vec<Share>,
    savings: Vec<SavingLine>,
}

#[derive(Serialize)]
struct Share {
    name: String,
    bytes: u64,
}

#[derive(Serialize)]
struct SavingLine {
    code: &'static str,
    bytes: u64,
}

impl From<&Oversize> for OversizeLine {
    fn from(found: &Oversize) -> Self {
        let share = |name: &String, bytes: u64| Share {
            name: name.clone(),
            bytes,
        };
        let savings = found.savings.iter().map(|saving| SavingLine {
            code: match saving.remedy {
                Remedy::Strip(_) => "strip",
                Remedy::ScrubHeap => "scrub-heap",
                Remedy::RemoveDeadCode => "remove-dead-code",
            },
            bytes: saving.bytes,
        });
        Self {
            budget: found.budget.bytes,
            bytes: found.bytes,
            compressed_bytes: match found.budget.of {
                Measured::File => None,
                Measured::Compressed => Some(found.measured),
            },
            bytes_of_data: found.data,
            crates: found
                .crates
                .iter()
                .map(|code| share(&code.name, code.bytes))
                .collect(),
            items: found
                .items
                .iter()
                .map(|(name, bytes)| share(name, *bytes))
                .collect(),
            savings: savings.collect(),
        }
    }
}

#[derive(Serialize)]
struct RefusalLine {
    code: &'static str,
    /// The core instance, in a component.
    place: Option<String>,
    message: String,
    help: String,
}

#[derive(Serialize)]
struct StoppedAt {
    place: Option<String>,
    step: ItemStep,
    /// Names of functions, the innermost first; `null` for one without a name.
    backtrace: Vec<Option<String>>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let (module, source) = match error {
            Error::Bake { artifact, source }
            | Error::InitNotRun {
                file: artifact,
                source,
            } => (Some(artifact.clone()), Some(source)),
            _ => (None, None),
        };
        let refusals = match source {
            Some(BakeError::Refused(refusals) | BakeError::Emit(EmitError::Refused(refusals))) => {
                lines(refusals)
            }
            _ => Vec::new(),
        };
        let stopped = match source {
            Some(BakeError::Run(RunError::Stopped(stopped))) => Some(stopped_at(stopped)),
            _ => None,
        };
        Self {
            module,
            code: codes::of_error(error),
            message: error.to_string(),
            help: error.help(),
            refusals,
            stopped,
            oversize: match source {
                Some(BakeError::Oversize(found)) => Some(found.as_ref().into()),
                _ => None,
            },
        }
    }
}

fn lines(refusals: &Refusals) -> Vec<RefusalLine> {
    let refused = refusals.0.iter().map(|refused| RefusalLine {
        code: codes::of_refusal(&refused.refusal),
        place: refused.place.clone().filter(|_| !refused.refusal.is_of_whole()),
        message: refused.refusal.to_string(),
        help: refused.refusal.help().into_owned(),
    });
    refused.collect()
}

fn stopped_at(stopped: &Stopped) -> StoppedAt {
    StoppedAt {
        place: stopped.place.clone(),
        step: (&stopped.step).into(),
        backtrace: names(&stopped.backtrace)
            .map(|name| name.map(str::to_owned))
            .collect(),
    }
}
