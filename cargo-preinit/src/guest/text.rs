//! The text format.

use std::borrow::Cow;

use super::InputError;

/// What some editors put in front of a text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Reads the text format, too.
pub(crate) fn to_binary(input: &[u8]) -> Result<Cow<'_, [u8]>, InputError> {
    if input.starts_with(b"\0") {
        return Ok(Cow::Borrowed(input));
    }
    let is_text = std::str::from_utf8(input).is_ok_and(|text| {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        start.starts_with("(") || start.starts_with(";;")
    });
    if !is_text {
        return Ok(Cow::Borrowed(input));
    }
    let input = input.strip_prefix(BYTE_ORDER_MARK).unwrap_or(input);
    wat::parse_bytes(input).map_err(InputError::Text)
}
