//! Where an item is, and the id in the names of its exports.

use std::env;
use std::ffi::OsString;
use std::sync::atomic::{AtomicU32, Ordering};

use proc_macro::{Span, TokenStream, TokenTree};

use crate::roots::{Roots, elsewhere};

/// Where an item is written, and an id that no other item of the final module has.
#[derive(Debug)]
pub(crate) struct Site {
    /// The source file; see `preinit_guest::abi::Item::file`.
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) id: String,
    /// Whether this item also exports what a binary exports once.
    pub(crate) speaks_for_binary: bool,
}

impl Site {
    /// The site of an item with this name, which is one of its tokens. Works only inside of the compiler: elsewhere spans
    /// have no location.
    pub(crate) fn of(name: proc_macro2::Span, item: proc_macro2::TokenStream) -> Self {
        let (span, file) = locate(name.unwrap(), item.into());
        let (line, column) = (place(span.line()), place(span.column()));
        let ordinal = ordinal();
        Self {
            id: id(&file, line, column, ordinal),
            speaks_for_binary: ordinal == 0 && cargo_says("CARGO_BIN_NAME").is_some(),
            file,
            line,
            column,
        }
    }
}

/// Where an item is: at its name, or, if a macro of another crate wrote the name, at the item's first token in the package's
/// own files. If there is none, where the macro is.
fn locate(name: Span, item: TokenStream) -> (Span, String) {
    let current = env::current_dir().unwrap_or_default();
    let roots = Roots {
        package: current.join(cargo_says("CARGO_MANIFEST_DIR").unwrap_or_default()),
        out_dir: cargo_says("OUT_DIR").map(|out_dir| current.join(out_dir)),
        current,
    };
    let own = |span: Span| Some((span, roots.name(&span.local_file()?)?));
    own(name)
        .or_else(|| spans(item).into_iter().find_map(own))
        .unwrap_or_else(|| (name, elsewhere(&name.file())))
}

/// The spans of all tokens, in order.
fn spans(tokens: TokenStream) -> Vec<Span> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => spans(group.stream()),
            token => vec![token.span()],
        })
        .collect()
}

fn place(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Numbers the items of a crate: each crate is compiled in a process of its own.
fn ordinal() -> u32 {
    static EXPANDED: AtomicU32 = AtomicU32::new(0);
    EXPANDED.fetch_add(1, Ordering::Relaxed)
}

/// An id of the item that is unique among the items of all crates that may end up in one module.
///
/// The crate's name and version distinguish crates, and the binary's name distinguishes a package's binary from its library.
/// Within a crate, the running number is enough; the location makes it less likely that two crates of equal name collide.
fn id(file: &str, line: u32, column: u32, ordinal: u32) -> String {
    let mut hash = Fnv::new();
    for variable in [
        "CARGO_PKG_NAME",
        "CARGO_PKG_VERSION",
        "CARGO_CRATE_NAME",
        "CARGO_BIN_NAME",
    ] {
        hash.field(cargo_says(variable).unwrap_or_default().as_encoded_bytes());
    }
    hash.field(file.as_bytes());
    for number in [line, column, ordinal] {
        hash.field(&number.to_le_bytes());
    }
    hash.finish()
}

/// FNV-1a with 128 bits: the standard library's hashers guarantee no value.
struct Fnv(u128);

impl Fnv {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    fn new() -> Self {
        Self(Self::BASIS)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(Self::PRIME);
        }
    }

    /// Hashes a field and a separator that does not occur in UTF-8, so that no two lists of fields look alike.
    fn field(&mut self, bytes: &[u8]) {
        self.bytes(bytes);
        self.bytes(&[0xff]);
    }

    fn finish(self) -> String {
        format!("{:032x}", self.0)
    }
}

/// An environment variable that cargo sets for the crate that is compiled.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn cargo_says(variable: &str) -> Option<OsString> {
    env::var_os(variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fnv(text: &str) -> String {
        let mut hash = Fnv::new();
        hash.bytes(text.as_bytes());
        hash.finish()
    }

    #[test]
    fn hashes_as_published() {
        assert_eq!(fnv(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(fnv("a"), "d228cb696f1a8caf78912b704e4a8964");
    }

    #[test]
    fn ids_differ_even_at_the_same_place() {
        let id = || id("src/lib.rs", 1, 1, ordinal());
        assert_ne!(id(), id());
    }
}
