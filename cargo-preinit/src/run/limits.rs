//! The bounds of a run: time, memory, tables.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::{Engine, ResourceLimiter, Store, Trap, UpdateDeadline};

use crate::options::Limits;

/// A bound that was reached. Raised where the guest crosses it, so that the guest cannot go on: told that it cannot grow,
/// it would keep that answer for ever.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum LimitReached {
    #[error("memory")]
    Memory,
    #[error("tables")]
    Tables,
    /// Not a bound of ours but of this machine, in the system's words.
    #[error("{0}")]
    Machine(String),
    #[error("output")]
    Output,
}

/// What the engine says where a memory's own type forbids it to grow that far: beyond what its indices can reach.
const BEYOND_TYPE: &str = "memory growth exceeds memory type's limits";

/// The same of a table of 64 bits.
const BEYOND_INDICES: &str = "overflow calculating new table size";

/// Counts what the guest takes.
#[derive(Debug)]
pub(crate) struct Counted {
    limits: Limits,
    memory_bytes: u64,
    table_elements: u64,
    is_memory_reached: bool,
    has_whole_pages: bool,
}

impl Counted {
    /// `has_whole_pages`: whether the pages of all memories are of 64 KiB.
    pub(super) fn new(limits: Limits, has_whole_pages: bool) -> Self {
        Self {
            limits,
            has_whole_pages,
            memory_bytes: 0,
            table_elements: 0,
            is_memory_reached: false,
        }
    }

    /// Whether the bound on memory was reached. The engine's heap for collected values counts, too, and there the engine
    /// puts an error of its own in place of ours.
    pub(super) fn is_memory_reached(&self) -> bool {
        self.is_memory_reached
    }
}

impl ResourceLimiter for Counted {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // Growth that the module's own maximum forbids fails in the guest, as it would without a bake.
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let grown = self
            .memory_bytes
            .saturating_add(desired.saturating_sub(current) as u64);
        if grown > self.limits.memory_bytes {
            self.is_memory_reached = true;
            return Err(LimitReached::Memory.into());
        }
        self.memory_bytes = grown;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        // With pages of one byte the engine's own bound is below that of the indices.
        failed(&error, BEYOND_TYPE, self.has_whole_pages)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let grown = self
            .table_elements
            .saturating_add(desired.saturating_sub(current) as u64);
        if grown > self.limits.table_elements {
            return Err(LimitReached::Tables.into());
        }
        self.table_elements = grown;
        Ok(true)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        failed(&error, BEYOND_INDICES, true)
    }
}

/// Growth that we allow fails in the guest only where it fails on every machine: as `of_type` says, if that `is_certain`.
fn failed(error: &wasmtime::Error, of_type: &str, is_certain: bool) -> wasmtime::Result<()> {
    match error.to_string() {
        text if is_certain && text == of_type => Ok(()),
        _ => Err(LimitReached::Machine(format!("{:#}", error.root_cause())).into()),
    }
}

/// Has the store's calls end when the engine is interrupted after that time. Another run on the same engine may interrupt
/// it before.
pub(super) fn hold_to_deadline<T>(store: &mut Store<T>, timeout: Duration) {
    let end = Instant::now().checked_add(timeout);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| match end {
        Some(end) if Instant::now() >= end => Err(Trap::Interrupt.into()),
        Some(_) | None => Ok(UpdateDeadline::Continue(1)),
    });
}

/// Interrupts the engine once, unless dropped before.
pub(super) struct Deadline {
    _cancel: mpsc::Sender<()>,
}

impl Deadline {
    pub(super) fn start(engine: &Engine, timeout: Duration) -> Self {
        let (cancel, cancelled) = mpsc::channel::<()>();
        let engine = engine.weak();
        thread::spawn(move || {
            let waited = cancelled.recv_timeout(timeout);
            if waited == Err(mpsc::RecvTimeoutError::Timeout)
                && let Some(engine) = engine.upgrade()
            {
                engine.increment_epoch();
            }
        });
        Self { _cancel: cancel }
    }
}
