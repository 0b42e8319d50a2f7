//! A turn that threads wait for without spinning.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

#[derive(Debug)]
pub(super) struct Turn {
    holder: Mutex<Option<ThreadId>>,
    free: Condvar,
}

/// Gives the turn back when dropped.
#[derive(Debug)]
pub(super) struct Guard<'a>(&'a Turn);

impl Turn {
    pub(super) const fn new() -> Self {
        Self {
            holder: Mutex::new(None),
            free: Condvar::new(),
        }
    }

    /// Waits for the turn. `None` if the calling thread has it already.
    pub(super) fn take(&self) -> Option<Guard<'_>> {
        let caller = thread::current().id();
        let mut holder = self.holder();
        if *holder == Some(caller) {
            return None;
        }
        while holder.is_some() {
            holder = self.free.wait(holder).unwrap_or_else(PoisonError::into_inner);
        }
        *holder = Some(caller);
        Some(Guard(self))
    }

    /// Nothing panics while the lock is held, so poisoning is ignored.
    fn holder(&self) -> MutexGuard<'_, Option<ThreadId>> {
        self.holder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        *self.0.holder() = None;
        self.0.free.notify_one();
    }
}
