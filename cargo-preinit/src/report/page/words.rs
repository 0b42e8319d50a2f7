//! Numbers and names as text.

use std::time::Duration;

use crate::report::human;
use crate::{shown, text};

/// What stands for a figure that is not known.
pub(super) const UNKNOWN: &str = "not known";

/// A name of the guest's, without characters that would change how the rest of the page reads.
pub(super) fn line(text: &str) -> String {
    shown::line(text)
}

/// A number of bytes.
pub(super) fn size(bytes: u64) -> String {
    text::size(bytes)
}

/// A number with its thousands apart.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            // A narrow space that does not break.
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A time in seconds.
pub(super) fn time(seconds: f64) -> String {
    human::time(Duration::try_from_secs_f64(seconds).unwrap_or_default())
}

/// How a size changed, in percent.
pub(super) fn change(before: u64, after: u64) -> String {
    if before == 0 || before == after {
        return "the same size".to_owned();
    }
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let percent = (after as f64 / before as f64 - 1.0) * 100.0;
    format!("{percent:+.1} %")
}

/// An amount and what it is of.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{} {many}", number(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        let texts = [0, 999, 1000, 1_234_567].map(|count| number(count).replace('\u{202f}', "_"));
        assert_eq!(texts, ["0", "999", "1_000", "1_234_567"]);
        assert_eq!(change(200, 100), "-50.0 %");
        assert_eq!(change(0, 100), "the same size");
        assert_eq!(time(f64::NAN), "0 us");
        assert_eq!(line("a\u{202e}b"), "a\\u{202e}b");
    }
}
