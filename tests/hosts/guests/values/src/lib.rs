//! A library for JavaScript that holds its values at run time: they take slots of the table of references.

use js_sys::{Array, Function};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers each path.
#[wasm_bindgen]
pub fn answers(paths: &Array) -> Array {
    let paths = paths.iter().filter_map(|path| path.as_string());
    paths.map(|path| JsValue::from(routes::answer(&path))).collect()
}

/// Calls a function of JavaScript with the answer, and returns what it returns, twice.
#[wasm_bindgen]
pub fn hand(path: &str, to: &Function) -> Result<Array, JsValue> {
    let returned = to.call1(&JsValue::NULL, &routes::answer(path).into())?;
    Ok(Array::of2(&returned, &returned))
}

/// A function for JavaScript that counts how often it is called.
#[wasm_bindgen]
pub fn counter() -> JsValue {
    let mut count = 0_u32;
    let counter = move || {
        count += 1;
        count
    };
    Closure::wrap(Box::new(counter) as Box<dyn FnMut() -> u32>).into_js_value()
}
