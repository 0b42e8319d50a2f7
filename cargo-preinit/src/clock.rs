//! The stage of a bake, the step of init that runs, and the time bound.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A stage of a bake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// Reading the guest, and hashing the directories that init is shown.
    Read,
    /// Parsing the guest, and making the run copy.
    Parse,
    /// Compiling the run copy.
    Compile,
    /// Running init.
    Init,
    /// Reading the state that init left.
    Capture,
    /// Running init again with other answers.
    SecondInit,
    /// Making the output.
    Emit,
    /// Checking the output.
    CheckOutput,
    /// Running the user's commands on the output.
    PostProcess,
    /// Running the output beside the guest.
    Replay,
    /// Compiling the output ahead of time.
    Precompile,
    /// Writing files.
    Write,
}

impl Stage {
    const ALL: [Self; 12] = [
        Self::Read,
        Self::Parse,
        Self::Compile,
        Self::Init,
        Self::Capture,
        Self::SecondInit,
        Self::Emit,
        Self::CheckOutput,
        Self::PostProcess,
        Self::Replay,
        Self::Precompile,
        Self::Write,
    ];

    /// The stage as an atomic that threads share.
    pub(crate) fn shared(self) -> Arc<AtomicU8> {
        Arc::new(AtomicU8::new(self as u8))
    }

    pub(crate) fn of(stage: &AtomicU8) -> Self {
        Self::ALL[usize::from(stage.load(Ordering::Relaxed))]
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "reading the module",
            Self::Parse => "parsing the module",
            Self::Compile => "compiling the module for its run",
            Self::Init => "running init",
            Self::Capture => "reading the state that init left",
            Self::SecondInit => "running init again with other answers",
            Self::Emit => "making the baked module",
            Self::CheckOutput => "checking the baked module",
            Self::PostProcess => "running a program on the baked module",
            Self::Replay => "running the baked module beside its original",
            Self::Precompile => "compiling the baked module ahead of time",
            Self::Write => "writing the baked module",
        })
    }
}

/// What init is running, for a display of progress on another thread.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Mutex<Option<String>>>);

impl Progress {
    /// Records that a step begins, by its name, or that none runs.
    pub(crate) fn set(&self, step: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = step;
    }

    /// The name of the step that runs, as the guest has it: it may contain control characters.
    #[must_use]
    pub fn step(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A bound on the time of a bake.
pub(crate) trait Timer: fmt::Debug + Send + Sync {
    /// How long the whole bake may take.
    #[cfg(feature = "cli")]
    fn total(&self) -> Duration;

    /// How much of the whole time is left.
    fn left(&self) -> Duration;
}

/// The stage of one bake, and its timer. Without a timer the time is unbounded.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    stage: Arc<AtomicU8>,
    progress: Progress,
    timer: Option<Arc<dyn Timer>>,
}

impl Clock {
    /// A clock without a timer, for calls of the library.
    pub(crate) fn unwatched() -> Self {
        Self {
            stage: Stage::Read.shared(),
            progress: Progress::default(),
            timer: None,
        }
    }

    /// A clock with a timer, which shares the stage with the watch.
    #[cfg(feature = "cli")]
    pub(crate) fn new(stage: Arc<AtomicU8>, timer: Arc<dyn Timer>) -> Self {
        let timer = Some(timer);
        let progress = Progress::default();
        Self {
            stage,
            progress,
            timer,
        }
    }

    /// What init is running.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Records that a stage begins.
    pub(crate) fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Relaxed);
    }

    /// The current stage.
    pub(crate) fn stage(&self) -> Stage {
        Stage::of(&self.stage)
    }

    /// `time`, or what is left of the whole time if that is less.
    pub(crate) fn left_of(&self, time: Duration) -> Duration {
        self.timer.as_ref().map_or(time, |timer| timer.left().min(time))
    }

    #[cfg(feature = "cli")]
    pub(crate) fn timer(&self) -> Option<&dyn Timer> {
        self.timer.as_deref()
    }
}
