//! A library whose init wants a value of JavaScript, which is not there at build time.

use js_sys::Array;
use preinit_guest::preinit;
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a list.
#[preinit]
fn touch() {
    Array::new().push(&"made".into());
}

/// Needs the list.
#[wasm_bindgen]
pub fn length() -> u32 {
    touch();
    1
}
