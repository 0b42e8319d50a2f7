//! A guest that can run, the state that init left, and what its run did.

use std::time::Duration;

use crate::bake_error::BakeError;
use crate::capture::capture;
use crate::clock::{Clock, Stage};
use crate::guest::Guest;
use crate::init::GuestPlan;
use crate::instrument::GuestCopy;
use crate::options::BakeOptions;
use crate::refusal::refuse;
use crate::run::{Compiled, Conditions, MemoryOwners, Ran, RunError, RunSummary, Step, run_compiled};
use crate::snapshot::Snapshot;

/// A guest whose run copy is compiled, so that init can run any number of times.
pub(crate) struct Runnable<'r> {
    pub(super) guest: &'r Guest<'r>,
    pub(super) copy: &'r GuestCopy,
    pub(super) plan: &'r GuestPlan,
    pub(super) compiled: &'r Compiled,
    pub(super) options: &'r BakeOptions,
    pub(super) clock: &'r Clock,
}

/// The state that init left, and what its run did.
pub(crate) struct Captured {
    pub(super) snapshot: Snapshot,
    pub(super) summary: RunSummary,
    /// Which step wrote what, if that was measured.
    pub(super) owners: Option<MemoryOwners>,
}

impl Runnable<'_> {
    /// Runs init. The conditions' time is bounded by what the clock has left.
    pub(super) fn run(&self, conditions: &Conditions<'_>) -> Result<Ran, RunError> {
        run_compiled(
            self.guest,
            self.copy,
            self.plan,
            self.options,
            self.compiled,
            conditions,
        )
    }

    /// How long a run may take.
    pub(super) fn time(&self) -> Duration {
        self.clock.left_of(self.options.limits.timeout)
    }

    /// Runs init, captures what it leaves, and lets go of the guest.
    pub(super) fn captured(&self) -> Result<Captured, BakeError> {
        self.clock.enter(Stage::Init);
        let progress = self.clock.progress();
        let ran = self.run(&Conditions {
            watch: &|step: &Step| progress.set(Some(step.name())),
            ..Conditions::of_bake(self.time())
        });
        progress.set(None);
        let mut ran = ran?;
        self.clock.enter(Stage::Capture);
        let (snapshot, refusals) = capture(self.guest, self.copy, &mut ran.live, self.options.memory_scan)?;
        refuse(refusals.in_terms_of(self.guest))?;
        Ok(Captured {
            snapshot,
            summary: ran.summary,
            owners: ran.owners,
        })
    }
}
