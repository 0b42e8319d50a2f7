//! Warns if a host can call nothing in the baked module, or if calls of its exports run init again.
//!
//! **In** the guest, the plan and the state after init. **Out** warnings, not errors: the bake is sound, since the original behaves the
//! same after its init. But it is seldom what the user wants.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{BinaryReader, ExternalKind, Operator, OperatorsReader, ValType};

use super::second_init::Effects;
use crate::guest::index::{FunctionIndex, GlobalIndex, TableIndex};
use crate::guest::{Export, Node, SegmentMode, features};
use crate::impurity::{Effect, Tainted};
use crate::init::{ExportFate, Init, InitPlan, NamedFunction, START_EXPORT};
use crate::instrument::is_function_type;
use crate::options::{AllowedImpurity, BakeOptions};
use crate::preflight::may_leave;
use crate::run::{Read, RunSummary, Source, Step};
use crate::snapshot::{InstanceState, Reference, Value};
use crate::warning::{Asker, Warning};

/// The warnings about secrets in the state, and about what init asked for, each with the steps that it is about and with what follows from the answers. There is none
/// about answers that nothing follows from, or about items that may have such state.
pub(super) fn of_state(
    summary: &RunSummary,
    mut effects: Effects,
    leaks: BTreeMap<String, Vec<Tainted>>,
    allowed: &[AllowedImpurity],
) -> Vec<Warning> {
    let mut allowed = Allowed {
        are_used: vec![false; allowed.len()],
        entries: allowed,
    };
    let mut warnings = Vec::new();
    for warning in summary.wasi.warnings() {
        let mut by = askers(summary, warning.sources());
        let source = warning.sources().first();
        let mut effect = source
            .and_then(|source| effects.remove(source))
            .unwrap_or_default();
        let is_shown = match &mut effect {
            Effect::State(parts) => {
                parts.retain(|part| !allowed.has(part.step.as_ref()));
                !parts.is_empty()
            }
            Effect::Unknown | Effect::Fails(_) => {
                let asked = by.len();
                by.retain(|asker| !allowed.has(asker.step.as_ref()));
                asked == 0 || !by.is_empty()
            }
        };
        if is_shown {
            warnings.push(Warning::Wasi { warning, by, effect });
        }
    }
    for (what, mut parts) in leaks {
        parts.retain(|part| !allowed.has(part.step.as_ref()));
        if !parts.is_empty() {
            warnings.push(Warning::Leak { what, parts });
        }
    }
    let mut by = askers(summary, &[Source::HashKeys]);
    by.retain(|asker| !allowed.has(asker.step.as_ref()));
    warnings.extend((!by.is_empty()).then_some(Warning::HashKeys { by }));
    warnings.extend(allowed.unused().cloned().map(Warning::AllowUnused));
    warnings
}

/// The items whose state may follow from what they asked.
struct Allowed<'o> {
    entries: &'o [AllowedImpurity],
    are_used: Vec<bool>,
}

impl<'o> Allowed<'o> {
    /// Whether a step is one of them.
    fn has(&mut self, step: Option<&Step>) -> bool {
        let Some(name) = step.map(Step::name) else {
            return false;
        };
        let is_end = |end: &str| name.strip_suffix(end).is_some_and(|start| start.ends_with("::"));
        let mut is_allowed = false;
        for (entry, is_used) in self.entries.iter().zip(&mut self.are_used) {
            if entry.item == name || is_end(&entry.item) {
                (is_allowed, *is_used) = (true, true);
            }
        }
        is_allowed
    }

    /// The entries that were of no use.
    fn unused(&self) -> impl Iterator<Item = &'o AllowedImpurity> {
        let entries = self.entries.iter().zip(&self.are_used);
        entries.filter(|(_, is_used)| !**is_used).map(|(entry, _)| entry)
    }
}

/// The steps that asked for one of these.
fn askers(summary: &RunSummary, sources: &[Source]) -> Vec<Asker> {
    let at_start = (None, None, &summary.reads_at_start);
    let steps = summary.items.iter();
    let steps = steps.map(|item| (Some(&item.step), item.place.as_ref(), &item.reads));
    let all = std::iter::once(at_start).chain(steps);
    let askers = all.filter_map(|(step, place, reads)| {
        let reads = reads.iter().filter(|read| sources.contains(&read.source));
        let reads: Vec<&Read> = reads.collect();
        (!reads.is_empty()).then(|| Asker {
            step: step.cloned(),
            place: place.cloned(),
            sites: reads.into_iter().flat_map(|read| read.sites.clone()).collect(),
        })
    });
    askers.collect()
}

/// The warnings about exports.
pub(super) fn of_exports(
    guest: &Node<'_>,
    plan: &InitPlan,
    instance: &InstanceState,
    options: &BakeOptions,
) -> Vec<Warning> {
    let named = match &plan.init {
        Init::Items => &[][..],
        Init::Functions(functions) => functions,
    };
    let exports_left = Exports {
        guest,
        plan,
        instance,
        options,
    };
    let mut warnings = Vec::new();
    if !guest
        .exports
        .iter()
        .any(|export| exports_left.leads_to_function(*export))
    {
        let is_program = named.iter().any(|named| named.export == START_EXPORT);
        warnings.push(Warning::NothingToCall { is_program });
    }
    for (position, init) in named.iter().enumerate() {
        if named[..position]
            .iter()
            .any(|other| other.function == init.function)
        {
            continue;
        }
        let exports = exports_left.runs_again(init, named);
        if !exports.is_empty() {
            let init = init.export.clone();
            warnings.push(Warning::RunsAgain { init, exports });
        }
    }
    warnings
}

struct Exports<'a> {
    guest: &'a Node<'a>,
    plan: &'a InitPlan,
    instance: &'a InstanceState,
    options: &'a BakeOptions,
}

impl Exports<'_> {
    /// Whether an export gives the host a function that still does something.
    fn leads_to_function(&self, export: Export<'_>) -> bool {
        match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => self.function(export).is_some(),
            ExternalKind::Table => self.table_holds_functions(TableIndex(export.index)),
            ExternalKind::Global => self.global_holds_function(GlobalIndex(export.index)),
            ExternalKind::Memory | ExternalKind::Tag => false,
        }
    }

    /// The function that an export leads to in the output, if it does something there.
    fn function(&self, export: Export<'_>) -> Option<FunctionIndex> {
        let function = match self.plan.fate(export, self.options) {
            ExportFate::Kept => FunctionIndex(export.index),
            ExportFate::Unwrapped(inner) => inner,
            ExportFate::Emptied | ExportFate::Gone => return None,
        };
        // The constructors' function stays exported, with an empty body.
        (self.plan.constructors != Some(function)).then_some(function)
    }

    fn table_holds_functions(&self, table: TableIndex) -> bool {
        let of_guest = &self.guest.tables[table.position()];
        if !is_function_type(self.guest, of_guest.ty.element_type) {
            return false;
        }
        match self.instance.tables.iter().find(|state| state.index == table) {
            Some(state) => state
                .slots
                .iter()
                .any(|slot| matches!(slot, Reference::Function(_))),
            // The table was not captured: its initialisers alone fill it.
            None => {
                let mut segments = self.guest.elements.iter();
                of_guest.init.is_some()
                    || segments.any(|segment| segment.mode == SegmentMode::Active(table) && segment.len() > 0)
            }
        }
    }

    fn global_holds_function(&self, global: GlobalIndex) -> bool {
        let of_guest = &self.guest.globals[global.position()];
        let is_of_functions =
            matches!(of_guest.ty.content_type, ValType::Ref(ty) if is_function_type(self.guest, ty));
        if !is_of_functions {
            return false;
        }
        match self.instance.globals.iter().find(|state| state.index == global) {
            Some(state) => matches!(state.value, Value::Reference(Reference::Function(_))),
            None => of_guest.init.as_ref().is_some_and(|init| {
                let mut operators = init.get_operators_reader().into_iter().flatten();
                operators.any(|operator| matches!(operator, Operator::RefFunc { .. }))
            }),
        }
    }

    /// The exports whose calls run an init function again, by their names in the output.
    fn runs_again(&self, init: &NamedFunction, named: &[NamedFunction]) -> Vec<String> {
        if self.looks_first(init.function) {
            return Vec::new();
        }
        let exports = self.guest.exports.iter().filter(|export| {
            let is_function = matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact);
            // The exports of init functions stay only if the user asked for that.
            let is_named = named.iter().any(|named| named.export == export.name);
            is_function && !is_named
        });
        let again = exports.filter(|export| {
            self.function(**export).is_some_and(|function| {
                function == init.function
                    || if export.name == START_EXPORT {
                        self.reaches(function, init.function)
                    } else {
                        self.begins_with_call(function, init.function)
                    }
            })
        });
        again
            .map(|export| self.options.name_in_output(export.name).to_owned())
            .collect()
    }

    /// Whether direct calls lead from a function to another, also through further functions.
    fn reaches(&self, function: FunctionIndex, wanted: FunctionIndex) -> bool {
        let mut found = BTreeSet::new();
        let mut open = vec![function];
        while let Some(caller) = open.pop() {
            let callees = self
                .guest
                .body(caller)
                .into_iter()
                .flat_map(|body| body.callees());
            open.extend(callees.filter(|callee| found.insert(*callee)));
        }
        found.contains(&wanted)
    }

    /// Whether a function calls another before its first branch. A call behind a test is taken to be on purpose.
    fn begins_with_call(&self, function: FunctionIndex, wanted: FunctionIndex) -> bool {
        let calls = |body: &crate::guest::Body| body.callees().any(|callee| callee == wanted);
        let is_call = |operator: &Operator<'_>| {
            matches!(
                operator,
                Operator::Call { function_index } | Operator::ReturnCall { function_index }
                    if *function_index == wanted.0
            )
        };
        self.guest.body(function).is_some_and(calls) && self.beginning(function).iter().any(is_call)
    }

    /// Whether a function reads state and branches before it has any effect, as a function does that checks whether it has run already.
    fn looks_first(&self, function: FunctionIndex) -> bool {
        let beginning = self.beginning(function);
        let decides = beginning
            .last()
            .is_some_and(|last| matches!(last, Operator::If { .. } | Operator::BrIf { .. }));
        let reads = |operator: &Operator<'_>| match operator {
            Operator::GlobalGet { .. } => true,
            operator => is_load(operator),
        };
        let is_harmless = |operator: &Operator<'_>| {
            reads(operator)
                || matches!(
                    operator,
                    Operator::Block { .. }
                        | Operator::LocalGet { .. }
                        | Operator::LocalSet { .. }
                        | Operator::LocalTee { .. }
                        | Operator::I32Const { .. }
                        | Operator::I64Const { .. }
                        | Operator::I32Eq
                        | Operator::I32Ne
                        | Operator::I32Eqz
                        | Operator::I32And
                        | Operator::I32Add
                        | Operator::I64Eqz
                )
        };
        let before = beginning.split_last().map_or(&[][..], |(_, before)| before);
        decides && before.iter().any(reads) && before.iter().all(is_harmless)
    }

    /// The instructions that every call of a function executes, up to and including the first that may leave or branch.
    fn beginning(&self, function: FunctionIndex) -> Vec<Operator<'_>> {
        let Some(body) = self.guest.body(function) else {
            return Vec::new();
        };
        let bytes = &self.guest.wasm[body.code_start..body.range.end];
        let reader = BinaryReader::new_features(bytes, body.code_start, features());
        let mut beginning = Vec::new();
        for operator in OperatorsReader::new(reader).into_iter().map_while(Result::ok) {
            let is_last = matches!(operator, Operator::Return) || may_leave(&operator);
            beginning.push(operator);
            if is_last {
                break;
            }
        }
        beginning
    }
}

/// Whether an instruction loads an integer, such as a flag, from a memory.
fn is_load(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::I32Load { .. }
            | Operator::I32Load8U { .. }
            | Operator::I32Load8S { .. }
            | Operator::I32Load16U { .. }
            | Operator::I32Load16S { .. }
            | Operator::I64Load { .. }
    )
}
