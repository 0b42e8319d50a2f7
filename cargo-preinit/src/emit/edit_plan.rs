//! The edits of the output, apart from state.
//!
//! **In** the guest, the init plan, the summary of the run, and the options. **Out** an [`EditPlan`]: what happens to each
//! export, and which functions are emptied. It is made before anything is written, and the output is checked against it.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::ExternalKind;

use super::dead_initializers::dead_initializers;
use crate::guest::index::{FunctionIndex, InstanceId};
use crate::guest::stubs::stubs;
use crate::guest::{Export, GuestModule, Import, ImportKind, Node};
use crate::init::{ExportFate, InitPlan, resume};
use crate::options::{BakeOptions, DeadCode, Rewriter, Stub};
use crate::run::RunSummary;
use crate::snapshot::Value;

/// The edits of the output, apart from state.
#[derive(Debug)]
pub struct EditPlan {
    /// By the position of each export in the guest.
    pub(crate) exports: Vec<ExportEdit>,
    /// The exports that are added, by which another module of a component names what this one has.
    pub(crate) added: Vec<AddedExport>,
    /// The function that runs the constructors. Its body is emptied.
    pub(crate) constructors: Option<FunctionIndex>,
    /// The functions that never run again. Their bodies trap, so that what they called can be removed.
    pub(crate) dead_initializers: BTreeSet<FunctionIndex>,
    /// What runs once in each instance, in this order, before the first export that [resumes](ExportEdit::resumes) does anything else.
    pub(crate) resume: Vec<FunctionIndex>,
    /// The imported functions that the output has itself.
    pub(crate) stubs: BTreeMap<FunctionIndex, Stub>,
    pub(crate) dead_code: DeadCode,
    pub(crate) rewriter: Rewriter,
}

/// What happens to an export.
#[derive(Debug)]
pub(crate) struct ExportEdit {
    /// Its name in the output, unless it is removed.
    pub(crate) name: String,
    pub(crate) fate: ExportFate,
    /// What its replacement returns, if the export is [`ExportFate::Emptied`].
    pub(crate) returned: Vec<Value>,
    /// Whether it leads to an added function, which runs [`EditPlan::resume`] unless that has run, and calls what the export would lead to.
    pub(crate) resumes: bool,
}

/// An export that is added.
#[derive(Debug)]
pub(crate) struct AddedExport {
    /// What is exported: a function, a table or a global.
    pub(crate) item: ImportKind,
    pub(crate) edit: ExportEdit,
}

impl AddedExport {
    /// As an export of the guest.
    pub(crate) fn export(&self) -> Export<'_> {
        let (kind, index) = self.item.external();
        Export {
            name: &self.edit.name,
            kind,
            index,
        }
    }
}

/// Decides the edits of the output.
#[must_use]
pub fn edit_plan(guest: &Node<'_>, plan: &InitPlan, summary: &RunSummary, options: &BakeOptions) -> EditPlan {
    let resumes = summary
        .resumes
        .iter()
        .filter(|resume| resume.instance == guest.id);
    let resume: Vec<FunctionIndex> = resumes.map(|resume| resume.function).collect();
    let exports = guest.exports.iter().map(|export| {
        let fate = plan.fate(*export, options);
        ExportEdit {
            name: options.name_in_output(export.name).to_owned(),
            fate,
            returned: summary.returned.get(export.name).cloned().unwrap_or_default(),
            resumes: !resume.is_empty() && resume::enters(*export, fate),
        }
    });
    EditPlan {
        exports: exports.collect(),
        added: Vec::new(),
        constructors: plan.constructors,
        dead_initializers: dead_initializers(guest, summary, options.dead_code),
        resume,
        stubs: stubs(guest, &options.stubs),
        dead_code: options.dead_code,
        rewriter: options.rewriter,
    }
}

impl EditPlan {
    /// Keeps the exports that something in a component names, and removes all others: the host does not see them. Those of the
    /// functions that are `emptied` lead to functions that do nothing. The host enters the instance by those that are `entered`.
    pub(crate) fn keep_used(
        &mut self,
        guest: &Node<'_>,
        is_used: impl Fn(&str) -> bool,
        emptied: &[FunctionIndex],
        entered: &BTreeSet<(InstanceId, FunctionIndex)>,
    ) {
        let id = guest.id;
        for (export, edit) in guest.exports.iter().zip(&mut self.exports) {
            edit.name = export.name.to_owned();
            edit.fate = match is_used(export.name) {
                true if emptied.iter().any(|function| export.is_function(*function)) => ExportFate::Emptied,
                true => ExportFate::Kept,
                false => ExportFate::Gone,
            };
            let is_function = matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact);
            edit.resumes = edit.fate == ExportFate::Kept
                && is_function
                && entered.contains(&(id, FunctionIndex(export.index)));
        }
    }
}

impl EditPlan {
    /// Whether the output has an import of the guest.
    pub(crate) fn keeps(&self, import: &Import<'_>) -> bool {
        match &import.kind {
            ImportKind::Function(index) => !self.stubs.contains_key(index),
            ImportKind::Table(_) | ImportKind::Memory(_) | ImportKind::Global(_) | ImportKind::Tag(_) => true,
        }
    }

    /// A plan without edits.
    pub(crate) fn nothing(guest: &GuestModule<'_>) -> Self {
        let exports = guest.exports.iter().map(|export| ExportEdit {
            name: export.name.to_owned(),
            fate: ExportFate::Kept,
            returned: Vec::new(),
            resumes: false,
        });
        Self {
            exports: exports.collect(),
            added: Vec::new(),
            constructors: None,
            dead_initializers: BTreeSet::new(),
            resume: Vec::new(),
            stubs: BTreeMap::new(),
            dead_code: DeadCode::Keep,
            rewriter: Rewriter::Splice,
        }
    }
}
