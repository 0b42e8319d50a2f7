//! The limits of a run: time, memory, tables.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use wasmtime::{Engine, ResourceLimiter, Store, Trap, UpdateDeadline};

use super::loading::Loading;
use crate::options::Limits;

/// A limit that was reached. The run stops there: if the growth only failed in the guest, the guest could keep that result, and the
/// baked module would keep it for ever.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum LimitReached {
    #[error("memory")]
    Memory,
    #[error("tables")]
    Tables,
    /// The machine's limit, not one of the options; the text is the system's.
    #[error("{0}")]
    Machine(String),
    #[error("output")]
    Output,
}

/// The engine's error where a memory's index type or page size does not allow it to grow that far.
const BEYOND_TYPE: &str = "memory growth exceeds memory type's limits";

/// The engine's error where a table of 64-bit indices cannot grow that far.
const BEYOND_INDICES: &str = "overflow calculating new table size";

/// The limits, and how much of them the guest has used.
#[derive(Debug)]
pub(crate) struct Counted {
    limits: Limits,
    memory_bytes: u64,
    table_elements: u64,
    is_memory_reached: bool,
    has_whole_pages: bool,
}

impl Counted {
    /// `has_whole_pages`: whether all memories have pages of 64 KiB.
    pub(super) fn new(limits: Limits, has_whole_pages: bool) -> Self {
        Self {
            limits,
            has_whole_pages,
            memory_bytes: 0,
            table_elements: 0,
            is_memory_reached: false,
        }
    }

    /// Lets there be a table of this many elements that is not the guest's.
    pub(super) fn exempt_table(&mut self, elements: usize) {
        self.limits.table_elements = self.limits.table_elements.saturating_add(elements as u64);
    }

    /// Whether the limit on memory was reached. It also bounds the engine's heap for structs and arrays, where the engine
    /// replaces our error with its own.
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
        // Growth beyond the module's own maximum fails in the guest, as it would without a bake.
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

    /// The parts of a run copy are instances, and there may be as many as it has functions.
    fn instances(&self) -> usize {
        usize::MAX
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        // For pages of one byte the engine's limit is below what the indices can address, so the error is not certain.
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

/// Decides what happens when growth within our limits fails. It fails in the guest only where it would fail on every machine: where
/// the engine gives the error `of_type`, and that error `is_certain` to be about the type. Otherwise it ends the run.
fn failed(error: &wasmtime::Error, of_type: &str, is_certain: bool) -> wasmtime::Result<()> {
    match error.to_string() {
        text if is_certain && text == of_type => Ok(()),
        _ => Err(LimitReached::Machine(format!("{:#}", error.root_cause())).into()),
    }
}

/// Makes calls in the store trap once the timeout has passed and the epoch is incremented. An increment for another run on the same
/// engine, before that, lets the calls go on.
///
/// The time in which functions are loaded does not count.
pub(super) fn hold_to_deadline<T>(store: &mut Store<T>, timeout: Duration, loading: &Loading) {
    let clock = loading.clock();
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| match clock.elapsed() >= timeout {
        true => Err(Trap::Interrupt.into()),
        false => Ok(UpdateDeadline::Continue(1)),
    });
}

/// Increments the engine's epoch once, after the timeout, unless it is dropped before.
pub(super) struct Deadline {
    _cancel: mpsc::Sender<()>,
}

impl Deadline {
    pub(super) fn start(engine: &Engine, timeout: Duration, loading: &Loading) -> Self {
        let (cancel, cancelled) = mpsc::channel::<()>();
        let (engine, clock) = (engine.weak(), loading.clock());
        thread::spawn(move || {
            loop {
                let left = timeout.saturating_sub(clock.elapsed());
                if left.is_zero() {
                    break;
                }
                if cancelled.recv_timeout(left) != Err(mpsc::RecvTimeoutError::Timeout) {
                    return;
                }
            }
            if let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
            }
        });
        Self { _cancel: cancel }
    }
}
