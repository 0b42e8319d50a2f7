//! Names of functions, for people.

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
