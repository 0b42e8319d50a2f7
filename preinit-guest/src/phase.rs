use core::sync::atomic::Ordering;

use crate::abi;
use crate::exports::PHASE;

/// Whether a module is preinitialised; see [`phase`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The module came straight from the compiler, or is a native program: everything initialises itself lazily.
    NotPreinitialised,
    /// `cargo preinit` is running the items right now.
    BeingPreinitialised,
    /// The module's state comes from the build.
    Preinitialised,
}

/// Tells whether the running module is preinitialised.
///
/// An item can leave out at build time what only makes sense at run time, and a guest can log whether it was built as
/// intended.
///
/// ```
/// use preinit_guest::{Phase, phase};
///
/// // A native program is never preinitialised.
/// assert_eq!(phase(), Phase::NotPreinitialised);
/// ```
#[must_use]
pub fn phase() -> Phase {
    // The static is exported, so the optimiser cannot assume its initial value.
    match PHASE.load(Ordering::Relaxed) {
        abi::PHASE_RUNNING => Phase::BeingPreinitialised,
        abi::PHASE_DONE => Phase::Preinitialised,
        _ => Phase::NotPreinitialised,
    }
}

/// The phase is global: tests that set it run one at a time.
#[cfg(test)]
pub(crate) static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
