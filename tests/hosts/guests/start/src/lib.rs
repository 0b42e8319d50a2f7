//! A library for JavaScript with a function that runs when it is loaded.

use js_sys::{Reflect, global};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Counts in a global how often this ran, which is to be once, in the page.
#[wasm_bindgen(start)]
pub fn start() -> Result<(), JsValue> {
    let name = JsValue::from("started");
    let before = Reflect::get(&global(), &name)?.as_f64().unwrap_or_default();
    Reflect::set(&global(), &name, &(before + 1.0).into())?;
    Ok(())
}

/// Answers a path.
#[wasm_bindgen]
pub fn answer(path: &str) -> String {
    routes::answer(path)
}
