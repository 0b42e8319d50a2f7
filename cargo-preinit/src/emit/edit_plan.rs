//! What the output has otherwise than the guest, apart from state.
//!
//! **In** the guest, what was planned, what ran, and the options. **Out** an [`EditPlan`]: what becomes of each export, and which
//! functions do nothing any more. It is decided before anything is written, and the output is checked against it.

use std::collections::BTreeSet;

use super::dead_initializers::dead_initializers;
use crate::guest::GuestModule;
use crate::guest::index::FunctionIndex;
use crate::init::{ExportFate, InitPlan};
use crate::options::{BakeOptions, DeadCode, Rewriter};
use crate::run::RunSummary;
use crate::snapshot::Value;

/// What the output has otherwise than the guest, apart from state.
#[derive(Debug)]
pub struct EditPlan {
    /// By the position of each export in the guest.
    pub(crate) exports: Vec<ExportEdit>,
    /// The function that ran the constructors. It does nothing any more.
    pub(crate) constructors: Option<FunctionIndex>,
    /// The functions that never run again: they trap, so that what they called can go.
    pub(crate) dead_initializers: BTreeSet<FunctionIndex>,
    pub(crate) dead_code: DeadCode,
    pub(crate) rewriter: Rewriter,
}

/// What becomes of an export.
#[derive(Debug)]
pub(crate) struct ExportEdit {
    /// Its name in the output, if it is there.
    pub(crate) name: String,
    pub(crate) fate: ExportFate,
    /// What its function returns, if that is all that it does: see [`ExportFate::Emptied`].
    pub(crate) returned: Vec<Value>,
}

/// Decides what the output has otherwise than the guest.
#[must_use]
pub fn edit_plan(
    guest: &GuestModule<'_>,
    plan: &InitPlan,
    summary: &RunSummary,
    options: &BakeOptions,
) -> EditPlan {
    let exports = guest.exports.iter().map(|export| ExportEdit {
        name: options.name_in_output(export.name).to_owned(),
        fate: plan.fate(*export, options),
        returned: summary.returned.get(export.name).cloned().unwrap_or_default(),
    });
    EditPlan {
        exports: exports.collect(),
        constructors: plan.constructors,
        dead_initializers: dead_initializers(guest, summary, options.dead_code),
        dead_code: options.dead_code,
        rewriter: options.rewriter,
    }
}

#[cfg(test)]
impl EditPlan {
    /// One that leaves a guest as it is.
    pub(crate) fn nothing(guest: &GuestModule<'_>) -> Self {
        let exports = guest.exports.iter().map(|export| ExportEdit {
            name: export.name.to_owned(),
            fate: ExportFate::Kept,
            returned: Vec::new(),
        });
        Self {
            exports: exports.collect(),
            constructors: None,
            dead_initializers: BTreeSet::new(),
            dead_code: DeadCode::Keep,
            rewriter: Rewriter::Splice,
        }
    }
}
