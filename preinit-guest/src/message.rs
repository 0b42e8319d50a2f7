//! The text of a failure, for the tool to read.

use core::fmt;
use core::sync::atomic::Ordering;

use crate::exports::MESSAGE;

#[cfg(any(test, not(feature = "std")))]
mod buffer;

/// Puts a text where the tool reads it.
#[cfg(feature = "std")]
pub(crate) fn set(text: fmt::Arguments<'_>) {
    // Leaked: the build has failed, so the guest that runs is thrown away.
    let text = std::fmt::format(text).leak();
    publish(text.as_mut_ptr(), text.len());
}

/// Puts as much of a text as fits into a buffer where the tool reads it.
#[cfg(not(feature = "std"))]
pub(crate) fn set(text: fmt::Arguments<'_>) {
    static BUFFER: buffer::Buffer<1024> = buffer::Buffer::new();
    publish(BUFFER.start(), BUFFER.fill(text));
}

fn publish(start: *mut u8, len: usize) {
    MESSAGE.start.store(start, Ordering::Relaxed);
    MESSAGE.len.store(len, Ordering::Relaxed);
}
