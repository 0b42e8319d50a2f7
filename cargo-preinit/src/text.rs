//! Text for people, whatever it is about.

use std::any::Any;

/// A name as its source has it: Rust's without the hash, C++'s, or any other as it is.
pub(crate) fn demangle(name: &str) -> String {
    if let Ok(demangled) = rustc_demangle::try_demangle(name) {
        return format!("{demangled:#}");
    }
    // Without the prefix any name is taken for a type, and `a` for `signed char`.
    name.starts_with("_Z")
        .then(|| cpp_demangle::Symbol::new(name).ok())
        .flatten()
        .and_then(|symbol| symbol.demangle().ok())
        .unwrap_or_else(|| name.to_owned())
}

/// A line each, and not too many.
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

/// What a panic says.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message")
}
