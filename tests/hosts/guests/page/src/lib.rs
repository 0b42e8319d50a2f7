//! A library for JavaScript with plain exports: texts and an object.

use wasm_bindgen::prelude::wasm_bindgen;

/// Answers a path.
#[wasm_bindgen]
pub fn answer(path: &str) -> String {
    routes::answer(path)
}

/// One who visits paths.
#[wasm_bindgen]
pub struct Visitor {
    name: String,
    visits: u32,
}

#[wasm_bindgen]
impl Visitor {
    /// One who has not visited anything.
    #[wasm_bindgen(constructor)]
    pub fn new(name: String) -> Self {
        Self { name, visits: 0 }
    }

    /// Visits a path.
    pub fn visit(&mut self, path: &str) -> String {
        self.visits += 1;
        let answer = routes::answer(path);
        format!("{}'s visit {}: {answer}", self.name, self.visits)
    }
}
