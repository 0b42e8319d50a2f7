//! A plugin of Extism.

use extism_pdk::{FnResult, plugin_fn};

/// Answers a path.
#[plugin_fn]
pub fn answer(path: String) -> FnResult<String> {
    Ok(routes::answer(&path))
}
