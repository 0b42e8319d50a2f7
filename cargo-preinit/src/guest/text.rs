//! Converts the text format to the binary format.

use std::borrow::Cow;

use super::InputError;

/// The byte order mark that some editors write at the start of a text file.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Converts the input to the binary format if it is text; any other input is returned as it is.
pub(crate) fn to_binary(input: &[u8]) -> Result<Cow<'_, [u8]>, InputError> {
    if !is_text(input) {
        return Ok(Cow::Borrowed(input));
    }
    let input = input.strip_prefix(BYTE_ORDER_MARK).unwrap_or(input);
    wat::parse_bytes(input).map_err(InputError::Text)
}

/// Whether the input is taken for text.
pub(crate) fn is_text(input: &[u8]) -> bool {
    let starts_as_text = |text: &str| {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        start.starts_with("(") || start.starts_with(";;")
    };
    !input.starts_with(b"\0") && std::str::from_utf8(input).is_ok_and(starts_as_text)
}
