//! A text of bounded length, written in place.

use core::fmt::{self, Write as _};
use core::sync::atomic::{AtomicU8, Ordering};

/// Atomic, so that a static can be written to. There is never more than one writer.
pub(super) struct Buffer<const SIZE: usize>([AtomicU8; SIZE]);

impl<const SIZE: usize> Buffer<SIZE> {
    pub(super) const fn new() -> Self {
        Self([const { AtomicU8::new(0) }; SIZE])
    }

    pub(super) fn start(&self) -> *mut u8 {
        self.0.as_ptr().cast_mut().cast()
    }

    /// Writes the text up to the last character that fits, and returns its length.
    pub(super) fn fill(&self, text: fmt::Arguments<'_>) -> usize {
        let mut writer = Writer { free: &self.0 };
        // An error means that the rest of the text does not fit.
        let _ = writer.write_fmt(text);
        SIZE - writer.free.len()
    }
}

struct Writer<'a> {
    free: &'a [AtomicU8],
}

impl fmt::Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let fits = &text[..text.floor_char_boundary(self.free.len())];
        let (filled, free) = self.free.split_at(fits.len());
        for (slot, byte) in filled.iter().zip(fits.bytes()) {
            slot.store(byte, Ordering::Relaxed);
        }
        self.free = free;
        if fits.len() == text.len() {
            Ok(())
        } else {
            Err(fmt::Error)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    #[track_caller]
    fn check(text: fmt::Arguments<'_>, expected: &str) {
        let buffer = Buffer::<8>::new();
        let len = buffer.fill(text);
        let bytes: Vec<u8> = buffer.0[..len]
            .iter()
            .map(|byte| byte.load(Ordering::Relaxed))
            .collect();
        assert_eq!(String::from_utf8(bytes).as_deref(), Ok(expected));
        assert!(ptr::addr_eq(buffer.start(), &raw const buffer));
    }

    #[test]
    fn keeps_what_fits() {
        check(format_args!(""), "");
        check(format_args!("{}{}", "1234", "5678"), "12345678");
    }

    #[test]
    fn cuts_between_characters() {
        check(format_args!("{}{}", "12345678", "9"), "12345678");
        check(format_args!("1234567é"), "1234567");
        check(format_args!("{}{}", "1234567é", "8"), "1234567");
    }
}
