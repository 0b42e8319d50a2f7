//! A turn that is a flag, for single-threaded targets and without `std`.

use core::hint;
use core::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug)]
pub(super) struct Turn(AtomicBool);

/// Gives the turn back when dropped.
#[derive(Debug)]
pub(super) struct Guard<'a>(&'a Turn);

impl Turn {
    pub(super) const fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    /// Waits for the turn. `None` if the caller has it already, as far as a flag tells: on a single-threaded target nothing
    /// else can have it; with threads, a function that calls itself spins forever.
    pub(super) fn take(&self) -> Option<Guard<'_>> {
        while self.0.swap(true, Ordering::Acquire) {
            if cfg!(all(target_family = "wasm", not(target_feature = "atomics"))) {
                return None;
            }
            hint::spin_loop();
        }
        Some(Guard(self))
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Release);
    }
}
