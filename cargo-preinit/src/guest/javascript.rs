//! Whether a module is made for a JavaScript engine, by what wasm-bindgen leaves in it.

use crate::guest::GuestModule;

/// How the names begin of what wasm-bindgen adds to a module, before and after it has bound it.
const PREFIX: &str = "__wbindgen_";

/// Whether the functions of an imported module are JavaScript's: what wasm-bindgen is to bind, or has bound.
pub(crate) fn is_javascript(module: &str) -> bool {
    module == "wbg" || module.starts_with(PREFIX) || module.ends_with("_bg.js")
}

impl GuestModule<'_> {
    /// Whether only a JavaScript engine can run it. Where that cannot be told, it is taken for a module of any host.
    pub(crate) fn is_for_javascript(&self) -> bool {
        self.imports.iter().any(|import| is_javascript(import.module))
            || self.exports.iter().any(|export| export.name.starts_with(PREFIX))
    }
}
