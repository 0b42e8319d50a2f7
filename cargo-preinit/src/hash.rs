//! How bytes are known again.

use sha2::{Digest as _, Sha256};

/// SHA-256, in hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    digits(Sha256::digest(bytes).as_slice())
}

/// The digits of bytes in hexadecimal.
pub(crate) fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
