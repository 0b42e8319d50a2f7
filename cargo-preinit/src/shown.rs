//! Paths as text for people.
//!
//! A path need not be text: what is not UTF-8 in it is shown as U+FFFD. It may also hold what drives a terminal, so control
//! characters are shown as Rust writes them in a literal.

use std::path::Path;

/// A path.
pub(crate) fn path(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}

/// A text that may hold paths.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_drives_a_terminal() {
        assert_eq!(
            super::escaped("a\u{1b}[2J\r\nb\u{9b}é\\"),
            r"a\u{1b}[2J\r\nb\u{9b}é\"
        );
    }
}
