//! Helpers for messages.

use std::any::Any;
use std::fmt;

/// Demangles a Rust name, without its hashes, or a C++ name. Any other name is returned unchanged, but for the hashes of one that something
/// else has demangled, as wasm-bindgen does.
pub(crate) fn demangle(name: &str) -> String {
    if let Ok(demangled) = rustc_demangle::try_demangle(name) {
        return format!("{demangled:#}");
    }
    // Without the prefix the parser takes a name for a type, such as `a` for `signed char`.
    let demangled = name
        .starts_with("_Z")
        .then(|| cpp_demangle::Symbol::new(name).ok())
        .flatten()
        .and_then(|symbol| bounded(&symbol));
    demangled.unwrap_or_else(|| without_hashes(name))
}

/// A demangled Rust name without hashes, as `std` for `std[a543996e6e7dbf1e]`, and without the `::h0123456789abcdef` at the end.
fn without_hashes(name: &str) -> String {
    /// How many digits a hash has; zeros in front are not written.
    const DIGITS: std::ops::RangeInclusive<usize> = 8..=16;
    let is_hash = |text: &str| {
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        DIGITS.contains(&text.len()) && text.chars().all(is_digit)
    };
    let name = match name.rsplit_once("::h") {
        Some((name, hash)) if is_hash(hash) => name,
        _ => name,
    };
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, behind)) = rest.split_once('[') {
        text.push_str(before);
        rest = match behind.split_once(']') {
            // A slice has nothing in front of it.
            Some((hash, behind))
                if is_hash(hash) && before.ends_with(|c: char| c.is_alphanumeric() || c == '_') =>
            {
                behind
            }
            _ => {
                text.push('[');
                behind
            }
        };
    }
    text.push_str(rest);
    text
}

/// A demangled C++ name; `None` if it is very long. A few bytes can stand for gigabytes, since a name may refer to its own parts.
fn bounded(symbol: &cpp_demangle::Symbol<&str>) -> Option<String> {
    struct Bounded(String);
    impl fmt::Write for Bounded {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            const MOST: usize = 1 << 12;
            if self.0.len() + text.len() > MOST {
                return Err(fmt::Error);
            }
            self.0.push_str(text);
            Ok(())
        }
    }
    let mut text = Bounded(String::new());
    let demangled = symbol.structured_demangle(&mut text, &cpp_demangle::DemangleOptions::default());
    demangled.ok().map(|()| text.0)
}

/// A list with one difference on each line; after ten, only how many more there are.
pub(crate) fn listed(differences: &[String]) -> String {
    const SHOWN: usize = 10;
    let mut text: String = differences
        .iter()
        .take(SHOWN)
        .map(|difference| format!("\n  - {difference}"))
        .collect();
    if let Some(more) = differences.len().checked_sub(SHOWN)
        && more > 0
    {
        text.push_str(&format!("\n  - and {more} more"));
    }
    text
}

/// The message of a panic's payload.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message")
}

/// A size in bytes, KiB or MiB.
pub(crate) fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let number = bytes as f64;
    if bytes >= 1 << 20 {
        format!("{:.2} MiB", number / f64::from(1 << 20))
    } else if bytes >= 1 << 10 {
        format!("{:.1} KiB", number / f64::from(1 << 10))
    } else {
        format!("{bytes} B")
    }
}

#[cfg(test)]
mod tests {
    use super::demangle;

    #[test]
    fn names_have_no_hashes() {
        for (name, expected) in [
            (
                "std[a543996e6e7dbf1e]::sys::random::unsupported::hashmap_random_keys",
                "std::sys::random::unsupported::hashmap_random_keys",
            ),
            (
                "<core[c5930c85a12de822]::fmt::Formatter as a[0]::B<[f32]>>::pad",
                "<core::fmt::Formatter as a[0]::B<[f32]>>::pad",
            ),
            ("guest::init::h0123456789abcdef", "guest::init"),
            ("x::hello", "x::hello"),
            ("a[", "a["),
            ("_ZN5guest4init17h0123456789abcdefE", "guest::init"),
            ("_Z1fi", "f(int)"),
        ] {
            assert_eq!(demangle(name), expected);
        }
    }
}
