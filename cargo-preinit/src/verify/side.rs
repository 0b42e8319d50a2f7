//! One of the two modules: its instance after init, the calls that it answers, and its state.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ReplayCallError;
use crate::bake_error::BakeError;
use crate::call::Call;
use crate::capture;
use crate::guest::index::MemoryIndex;
use crate::guest::{Guest, Node};
use crate::init::GuestPlan;
use crate::instrument::{Guard, GuestCopy, instrument_with};
use crate::options::{BakeOptions, MemoryScan, ScrubHeap};
use crate::refusal::{Refusal, refuse};
use crate::run::host::HostFunctions;
use crate::run::{Answer, LiveGuest, LiveValue, run, show_value};
use crate::scrub::{Dead, MEMORY, dead};
use crate::snapshot::{Snapshot, Value};

/// One of the two modules, and its live instance.
pub(super) struct Side<'a> {
    pub(super) guest: &'a Guest<'a>,
    pub(super) module: Node<'a>,
    pub(super) copy: GuestCopy,
    pub(super) live: LiveGuest,
    /// What init functions returned, by their exports.
    pub(super) returned: BTreeMap<String, Vec<Value>>,
}

impl<'a> Side<'a> {
    pub(super) fn new(
        guest: &'a Guest<'a>,
        plan: &GuestPlan,
        options: &BakeOptions,
        host: &HostFunctions,
    ) -> Result<Self, BakeError> {
        let module = guest.root();
        let copy = instrument_with(guest, plan, Guard::Off)?;
        let ran = run(guest, &copy, plan, options, host)?;
        Ok(Self {
            guest,
            module,
            copy,
            live: ran.live,
            returned: ran.summary.returned,
        })
    }

    /// Calls an export. The arguments are text.
    pub(super) fn call(
        &mut self,
        export: &str,
        arguments: &[String],
        options: &BakeOptions,
    ) -> Result<Answer, ReplayCallError> {
        let function = self
            .module
            .exported_function(export)
            .ok_or_else(|| ReplayCallError::NoExport(export.to_owned()))?;
        let call = Call {
            export: export.to_owned(),
            arguments: arguments.to_vec(),
        };
        let parameters = self.module.signature(function).map_or(&[][..], |ty| ty.params());
        let values = call.values(parameters)?;
        Ok(self
            .live
            .instance(self.module.id)
            .call(export, &values, options)?)
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
        }
    }

    /// The ranges of memory that a bake scrubs.
    pub(super) fn dead(&mut self, heap: ScrubHeap) -> Result<Dead, BakeError> {
        if self.module.memories.is_empty() || self.module.external.memory(MEMORY) {
            return Ok(Dead::default());
        }
        let mut live = self.live.instance(self.module.id);
        let memory = capture::memory_state(&mut live, MEMORY, MemoryScan::Auto)?;
        Ok(dead(&self.module, &memory, heap, |global| {
            match live.global(global) {
                Ok(LiveValue::I32(value)) => Some(value.cast_unsigned()),
                _ => None,
            }
        }))
    }

    /// Zeroes ranges of a memory, and returns how many of the bytes were not zero.
    pub(super) fn clear(&mut self, memory: MemoryIndex, ranges: &[Range<u64>]) -> Result<u64, BakeError> {
        match ranges {
            [] => Ok(0),
            ranges => Ok(self.live.instance(self.module.id).clear(memory, ranges)?),
        }
    }

    pub(super) fn snapshot(&mut self) -> Result<Snapshot, BakeError> {
        let (snapshot, mut refusals) =
            capture::capture(self.guest, &self.copy, &mut self.live, MemoryScan::Auto)?;
        // A call may copy from such a segment. That matters for a bake only.
        refusals
            .0
            .retain(|refused| !matches!(refused.refusal, Refusal::SegmentOfObjects(_)));
        refuse(refusals)?;
        Ok(snapshot)
    }
}
