//! The text of a panic that stops an item.

use core::panic::PanicInfo;

use crate::message;
use crate::phase::{Phase, phase};

#[cfg(all(feature = "std", any(test, target_family = "wasm")))]
mod hook;
#[cfg(all(feature = "std", target_family = "wasm"))]
pub(crate) use hook::watch;

/// Runs a job. Without `std` there is no panic hook, and of a native program nothing reads the text.
#[cfg(not(all(feature = "std", target_family = "wasm")))]
pub(crate) fn watch(job: impl FnOnce()) {
    job();
}

/// Passes the text of a panic to `cargo preinit`, for its report. Does nothing unless items are being preinitialised.
///
/// Call it in the `#[panic_handler]` of a guest without the standard library. With the feature `std`, panics are reported
/// without this call.
///
/// ```
/// # #[cfg(any())]
/// #[panic_handler]
/// fn panicked(info: &core::panic::PanicInfo<'_>) -> ! {
///     preinit_guest::report_panic(info);
///     core::arch::wasm32::unreachable()
/// }
/// ```
pub fn report_panic(info: &PanicInfo<'_>) {
    if phase() != Phase::BeingPreinitialised {
        return;
    }
    let text = info.message();
    match info.location() {
        Some(location) => message::set(format_args!("panicked at {location}: {text}")),
        None => message::set(format_args!("panicked: {text}")),
    }
}
