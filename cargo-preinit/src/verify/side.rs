//! One of the two guests: its instances after init, the calls that it answers, and its state.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ReplayCallError;
use crate::bake_error::BakeError;
use crate::call::{Call, values};
use crate::capture;
use crate::guest::index::{InstanceId, MemoryIndex};
use crate::guest::{Guest, Node};
use crate::init::{self, GuestPlan};
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
        })
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
            return Ok(self.live.call(&call, options)?);
        }
        let module = self.guest.root();
        let function = module
            .exported_function(name)
            .ok_or_else(|| ReplayCallError::NoExport(name.to_owned()))?;
        let parameters = module.signature(function).map_or(&[][..], |ty| ty.params());
        let (_, arguments) = call.of_module();
        let values = values(name, &arguments, parameters)?;
        Ok(self.live.instance(module.id).call(name, &values, options)?)
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
