//! One of the two guests: its instances after init, the calls that it answers, and its state.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::CanonicalOption;

use super::ReplayCallError;
use crate::bake_error::BakeError;
use crate::call::{Call, values};
use crate::capture;
use crate::guest::index::{FunctionIndex, InstanceId, MemoryIndex};
use crate::guest::sdk::Resume;
use crate::guest::wiring::{Exported, Function, Source};
use crate::guest::{Around, Guest, ImportKind, Node};
use crate::init::{self, ComponentCall, ExportFate, GuestPlan, resume};
use crate::instrument::{Guard, GuestCopy, instrument_with};
use crate::options::{BakeOptions, MemoryScan, ScrubHeap};
use crate::refusal::{ComponentRefusal, Refusal, refuse};
use crate::run::host::HostFunctions;
use crate::run::{Answer, End, LaterCalls, LiveGuest, LiveValue, run_with, show_value};
use crate::scrub::{Dead, MEMORY, dead};
use crate::snapshot::{Snapshot, Value};

/// One of the two guests, live.
pub(super) struct Side<'a> {
    guest: &'a Guest<'a>,
    copy: GuestCopy,
    live: LiveGuest,
    /// What init functions returned, by their exports.
    returned: BTreeMap<String, Vec<Value>>,
    /// What the bake runs when a host enters an instance, and has not run yet.
    resumes: Vec<Resume>,
    /// The functions by which a host enters instances, of a component.
    entered: BTreeSet<(InstanceId, FunctionIndex)>,
}

impl<'a> Side<'a> {
    pub(super) fn new(
        guest: &'a Guest<'a>,
        plan: &GuestPlan,
        options: &BakeOptions,
        host: &HostFunctions,
        calls: LaterCalls,
    ) -> Result<Self, BakeError> {
        let copy =
            instrument_with(guest, plan, Guard::Off).map_err(|refusals| refusals.in_terms_of(guest))?;
        let ran = run_with(guest, &copy, plan, options, host, calls)?;
        Ok(Self {
            guest,
            copy,
            live: ran.live,
            returned: ran.summary.returned,
            entered: match &guest.around {
                Some(around) => resume::entered(guest, around, &ran.summary.resumes),
                None => BTreeSet::new(),
            },
            resumes: ran.summary.resumes,
        })
    }

    /// The instances in whose bake a host's entry is noted.
    pub(super) fn entered(&self, plan: &GuestPlan, options: &BakeOptions) -> BTreeSet<InstanceId> {
        let Some(node) = self.guest.core() else {
            return self.entered.iter().map(|(id, _)| *id).collect();
        };
        let mut exports = node.exports.iter();
        let is_entered = !self.resumes.is_empty()
            && exports.any(|export| resume::enters(*export, plan.of(&node).fate(*export, options)));
        is_entered.then_some(node.id).into_iter().collect()
    }

    /// Takes what the bake runs first when these instances are entered.
    fn take_resumes(&mut self, entered: &[InstanceId]) -> Vec<Resume> {
        let is_next = |resume: &mut Resume| entered.contains(&resume.instance);
        self.resumes.extract_if(.., is_next).collect()
    }

    /// The instances that a host enters by an exported function of a component.
    fn entered_by(&self, around: &Around<'_>, call: &ComponentCall) -> Vec<InstanceId> {
        let Some(lifted) = lifted_by(around, call) else {
            return Vec::new();
        };
        let core = around.wiring.lifted[lifted].core;
        let Source::Instance(id, _) = core else {
            return Vec::new();
        };
        let place = self.guest.instance(id).and_then(|node| node.place);
        let called = place.iter().flat_map(|place| place.sources.iter().copied());
        let entered = [core]
            .into_iter()
            .chain(called)
            .filter_map(|source| match source {
                Source::Instance(id, ImportKind::Function(function)) => Some((id, function)),
                Source::Instance(..) | Source::Component(_) => None,
            });
        let entered = entered.filter(|function| self.entered.contains(function));
        entered.map(|(id, _)| id).collect()
    }

    /// Makes a call. `name` is what the export is called in this guest, if it is a core module.
    pub(super) fn call(
        &mut self,
        call: &Call,
        name: &str,
        options: &BakeOptions,
    ) -> Result<Answer, ReplayCallError> {
        if let Some(around) = &self.guest.around {
            let (_, arguments) = call.of_component();
            let call = init::component_call(around, &format!("{name}{arguments}"))?;
            let entered = self.entered_by(around, &call);
            let first = self.take_resumes(&entered);
            if !first.is_empty() && takes_arguments_by_memory(around, &call) {
                return Err(ReplayCallError::ResumeBehindArguments);
            }
            return Ok(self.live.call(&call, &first, options)?);
        }
        let module = self.guest.root();
        let function = module
            .exported_function(name)
            .ok_or_else(|| ReplayCallError::NoExport(name.to_owned()))?;
        let parameters = module.signature(function).map_or(&[][..], |ty| ty.params());
        let (_, arguments) = call.of_module();
        let values = values(name, &arguments, parameters)?;
        let is_entry = module
            .export(name)
            .is_some_and(|export| resume::enters(export, ExportFate::Kept));
        let entered: &[InstanceId] = if is_entry { &[module.id] } else { &[] };
        let first = self.take_resumes(entered);
        let mut instance = self.live.instance(module.id);
        Ok(instance.call(name, &values, &first, options)?)
    }

    /// The answer of an export whose function was replaced by one that only returns what the init function returned.
    pub(super) fn returned(&self, export: &str) -> Answer {
        let values = self.returned.get(export).map_or(&[][..], Vec::as_slice);
        Answer {
            imports: Vec::new(),
            outcome: values
                .iter()
                .map(|value| show_value(*value))
                .collect::<Vec<_>>()
                .join(", "),
            output: String::new(),
            end: End::Returned,
        }
    }

    /// The ranges of an instance's memory that a bake scrubs.
    pub(super) fn dead(&mut self, node: &Node<'_>, heap: ScrubHeap) -> Result<Dead, BakeError> {
        if node.memories.is_empty() || node.external.memory(MEMORY) {
            return Ok(Dead::default());
        }
        let mut live = self.live.instance(node.id);
        let memory = capture::memory_state(&mut live, MEMORY, MemoryScan::Auto)?;
        Ok(dead(node, &memory, heap, |global| match live.global(global) {
            Ok(LiveValue::I32(value)) => Some(value.cast_unsigned()),
            _ => None,
        }))
    }

    /// Zeroes ranges of an instance's memory, and returns how many of the bytes were not zero.
    pub(super) fn clear(
        &mut self,
        id: InstanceId,
        memory: MemoryIndex,
        ranges: &[Range<u64>],
    ) -> Result<u64, BakeError> {
        match ranges {
            [] => Ok(0),
            ranges => Ok(self.live.instance(id).clear(memory, ranges)?),
        }
    }

    pub(super) fn snapshot(&mut self) -> Result<Snapshot, BakeError> {
        let (snapshot, mut refusals) =
            capture::capture(self.guest, &self.copy, &mut self.live, MemoryScan::Auto)?;
        refusals.0.retain(|refused| is_unreadable(&refused.refusal));
        refuse(refusals.in_terms_of(self.guest))?;
        Ok(snapshot)
    }
}

/// Whether a component is asked for memory for the arguments of a call.
fn takes_arguments_by_memory(around: &Around<'_>, call: &ComponentCall) -> bool {
    let lifted = lifted_by(around, call).map(|lifted| &around.wiring.lifted[lifted]);
    lifted.is_some_and(|lifted| {
        let mut options = lifted.options.iter();
        options.any(|(option, _)| matches!(option, CanonicalOption::Realloc(_)))
    })
}

/// The lifted function that an exported function of a component is.
fn lifted_by(around: &Around<'_>, call: &ComponentCall) -> Option<usize> {
    let exported = around
        .exports
        .get(call.interface.as_deref().unwrap_or(&call.function));
    let function = match exported? {
        Exported::Function(function) => function,
        Exported::Instance(functions) => functions.get(call.function.as_str())?,
        Exported::Code | Exported::Other => return None,
    };
    match function {
        Function::Lifted(lifted) => Some(*lifted),
        Function::Host(_) => None,
    }
}

/// Whether state cannot be read. What only no module could start with is no obstacle to a comparison.
fn is_unreadable(refusal: &Refusal) -> bool {
    !matches!(
        refusal,
        Refusal::SegmentOfObjects(_)
            | Refusal::Component(
                ComponentRefusal::Handles { .. }
                    | ComponentRefusal::Order
                    | ComponentRefusal::Full
                    | ComponentRefusal::Objects
            )
    )
}
