use crate::{Phase, phase};

/// Fails the build if an item reaches it: what follows is for run time only.
///
/// ```
/// use preinit_guest::runtime_only;
///
/// fn connect(host: &str) {
///     runtime_only!();
///     // ..
/// }
///
/// connect("example.com"); // not in a bake
/// ```
///
/// # Panics
///
/// At build time, with the line of the macro. The tool names the item as well.
#[macro_export]
macro_rules! runtime_only {
    () => {
        $crate::__runtime_only()
    };
}

/// See [`runtime_only!`].
///
/// # Panics
///
/// At build time.
#[track_caller]
#[inline]
pub fn runtime_only() {
    assert!(
        phase() != Phase::BeingPreinitialised,
        "an item reached `runtime_only!` at build time"
    );
}

#[cfg(test)]
mod tests {
    use crate::abi;
    use crate::exports::PHASE;
    use crate::phase::ALONE;
    use core::sync::atomic::Ordering::Relaxed;
    use std::panic::catch_unwind;
    use std::sync::PoisonError;

    #[test]
    fn it_panics_at_build_time_only() {
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        for (phase, fails) in [
            (abi::PHASE_PLAIN, false),
            (abi::PHASE_RUNNING, true),
            (abi::PHASE_DONE, false),
        ] {
            PHASE.store(phase, Relaxed);
            assert_eq!(catch_unwind(|| runtime_only!()).is_err(), fails, "{phase}");
        }
        PHASE.store(abi::PHASE_PLAIN, Relaxed);
    }
}
