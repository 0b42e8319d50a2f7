//! Helpers for messages.

use std::any::Any;
use std::fmt;

/// Demangles a Rust name, without its hash, or a C++ name. Any other name is returned unchanged.
pub(crate) fn demangle(name: &str) -> String {
    if let Ok(demangled) = rustc_demangle::try_demangle(name) {
        return format!("{demangled:#}");
    }
    // Without the prefix the parser takes a name for a type, such as `a` for `signed char`.
    name.starts_with("_Z")
        .then(|| cpp_demangle::Symbol::new(name).ok())
        .flatten()
        .and_then(|symbol| bounded(&symbol))
        .unwrap_or_else(|| name.to_owned())
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
