//! Modules with a hundred thousand of something: nothing that a bake does may take time that grows with the square.

use std::fmt::{Display, Write as _};
use std::time::{Duration, Instant};

use cargo_preinit::{BakeOptions, bake};

const MANY: u32 = 200_000;

/// Several times what the slowest takes. With a loop over all for each, the fastest took twice as long.
const BOUND: Duration = Duration::from_secs(12);

/// A module with an init, an instruction for which there are many.
fn check(what: &dyn Display) {
    let wat = format!(r#"(module {what} (func (export "wizer-initialize")))"#);
    let wasm = wat::parse_str(wat).expect("it parses");
    let start = Instant::now();
    bake(&wasm, &BakeOptions::default()).expect("it bakes");
    let time = start.elapsed();
    println!("{time:?}");
    assert!(time < BOUND, "it took {time:?}");
}

/// A text for each of many.
fn each(many: u32, text: impl Fn(u32) -> String) -> String {
    let mut all = String::new();
    for index in 0..many {
        let _ = write!(all, "{} ", text(index));
    }
    all
}

/// A table beyond what wasmtime keeps as an image, in which all slots are the same: one instruction fills it.
#[test]
fn a_uniform_table() {
    let guest = r#"(module (table (export "table") 1048577 funcref)
        (func (export "wizer-initialize") (table.fill (i32.const 0) (ref.func 0) (i32.const 1048577))))"#;
    let baked = bake(guest.as_bytes(), &BakeOptions::default())
        .expect("it bakes")
        .wasm;
    assert!(baked.len() < 200, "{} bytes", baked.len());
    let engine = wasmtime::Engine::default();
    let module = wasmtime::Module::new(&engine, &baked).expect("it is valid");
    let mut store = wasmtime::Store::new(&engine, ());
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).expect("it starts");
    let table = instance.get_table(&mut store, "table").expect("it is exported");
    for slot in [0, 1 << 19, 1 << 20] {
        let reference = table.get(&mut store, slot).expect("it has the slot");
        assert!(!reference.is_null(), "slot {slot}");
    }
}

#[test]
fn exports() {
    let exports = each(MANY, |index| format!(r#"(export "{index}" (func $f))"#));
    check(&format!("(func $f) {exports}"));
}

#[test]
fn imports_of_functions_with_types() {
    let types = each(MANY, |_| "(type (func))".to_owned());
    let imports = each(MANY, |index| format!(r#"(import "" "" (func (type {index})))"#));
    let references = each(MANY, |index| index.to_string());
    check(&format!(
        "{types} {imports} (table {MANY} funcref) (elem (i32.const 0) func {references})"
    ));
}

#[test]
fn functions_that_refer_to_functions() {
    const BODIES: u32 = 20_000;
    let imports = each(MANY, |_| r#"(import "" "" (func (type $f)))"#.to_owned());
    let references = each(MANY, |index| index.to_string());
    let all = each(MANY, |index| format!("(drop (ref.func {index}))"));
    let bodies = each(BODIES, |index| format!("(func (drop (ref.func {index})))"));
    let calls = each(BODIES, |index| format!("(call {})", MANY + 1 + index));
    let dead = each(MANY, |_| "nop".to_owned());
    check(&format!(
        r#"(type $f (func)) {imports} (elem declare func {references})
           (func $all {all}) {bodies} (func (export "run") {calls} (call $all)) (func {dead})"#
    ));
}
