//! The example `tables`, handwritten and in C: once baked, both answer the same.

use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_preinit::{BakeOptions, bake};
use preinit_tests::skip::skipped;
use wasmtime::{Engine, Instance, Module, Store, Trap};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/tables")
        .join(name)
}

/// The handlers' answers, slot by slot; `None` is a trap.
fn answers(wasm: &[u8]) -> Vec<Option<i32>> {
    let engine = Engine::default();
    let module = Module::new(&engine, wasm).expect("the baked module is valid");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("it imports nothing");
    let size = instance
        .get_typed_func::<(), i32>(&mut store, "size")
        .expect("it is exported");
    let call = instance
        .get_typed_func::<i32, i32>(&mut store, "call")
        .expect("it is exported");
    let size = size.call(&mut store, ()).expect("it does not trap");
    (0..size)
        .map(|slot| match call.call(&mut store, slot) {
            Ok(answer) => Some(answer),
            Err(error) => {
                let trap = error.downcast_ref::<Trap>();
                assert_eq!(trap, Some(&Trap::IndirectCallToNull), "slot {slot}");
                None
            }
        })
        .collect()
}

fn check(wasm: &[u8]) {
    let baked = bake(wasm, &BakeOptions::default()).expect("it can be baked");
    let expected = [
        Some(11),
        None,
        Some(100),
        Some(-10),
        Some(11),
        Some(11),
        Some(20),
        None,
    ];
    assert_eq!(answers(&baked.wasm), expected);
}

#[test]
fn the_table_of_the_module_by_hand() {
    check(&fs_err::read(example("tables.wat")).expect("the example is there"));
}

#[test]
fn the_table_of_the_module_in_c() {
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tables-in-c.wasm");
    let compiled = Command::new("clang-22")
        .args([
            "--target=wasm32",
            "-O2",
            "-mreference-types",
            "-nostdlib",
            "-Wl,--no-entry",
            "-o",
        ])
        .arg(&output)
        .arg(example("tables.c"))
        .output();
    match compiled {
        Ok(result) if result.status.success() => check(&fs_err::read(output).expect("clang wrote it")),
        Ok(result) => panic!("clang-22: {}", String::from_utf8_lossy(&result.stderr)),
        Err(error) => skipped(&format!("clang-22 is not here ({error})")),
    }
}
