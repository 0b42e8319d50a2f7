//! Figures that do not depend on machine and compiler: sizes, segments and fuel of modules in the text format.
//!
//! `bench/` compares real modules with Wizer, and takes long. The tests here pin its findings about size and start-up, to the byte
//! and to the instruction. `SNAPSHOTS=overwrite` writes new figures.

use cargo_preinit::{BakeOptions, MemoryScan, bake};
use snapbox::{IntoData, assert_data_eq, str};
use wasmtime::error::{Result, ensure};

use preinit_tests::figures::{Shape, start};

/// The figures of a module before and after, as lines.
fn figures(text: &str) -> Result<String> {
    let before = wat::parse_str(text)?;
    let after = bake(&before, &BakeOptions::default())?.wasm;
    let portable = BakeOptions {
        memory_scan: MemoryScan::Portable,
        ..BakeOptions::default()
    };
    ensure!(
        bake(&before, &portable)?.wasm == after,
        "what the system tells of memory makes a difference"
    );
    let [(answer, fuel_before), (same, fuel_after)] = [start(&before)?, start(&after)?];
    ensure!(
        answer == same,
        "the baked module answers {same}, the original {answer}"
    );
    let [was, is] = [Shape::of(&before)?, Shape::of(&after)?];
    Ok([
        ("bytes", was.bytes, is.bytes),
        ("functions", was.functions, is.functions),
        ("data segments", was.data, is.data),
        ("bytes of data", was.data_bytes, is.data_bytes),
        (
            "segments of functions",
            was.functions_in_tables,
            is.functions_in_tables,
        ),
        ("segments of expressions", was.expressions, is.expressions),
        ("fuel", fuel_before, fuel_after),
    ]
    .map(|(name, before, after)| format!("{name}: {before} -> {after}\n"))
    .concat())
}

#[track_caller]
fn check(module: &str, expected: impl IntoData) -> Result<()> {
    assert_data_eq!(figures(module)?, expected);
    Ok(())
}

/// Init's code is removed, and functions that only it called; those that `run` calls stay.
#[test]
fn dead_code() -> Result<()> {
    let module = r#"(module
        (memory 1)
        (func $square (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
        (func $only_init (param i32) (i32.store (i32.shl (local.get 0) (i32.const 2)) (call $square (local.get 0))))
        (func (export "wizer-initialize") (local i32)
            (loop
                (call $only_init (local.get 0))
                (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 100)))))
        (func (export "run") (result i32) (i32.add (call $square (i32.const 3)) (i32.load (i32.const 396)))))"#;
    check(
        module,
        str![[r#"
bytes: 161 -> 533
functions: 4 -> 2
data segments: 0 -> 1
bytes of data: 0 -> 394
segments of functions: 0 -> 0
segments of expressions: 0 -> 0
fuel: 2011 -> 10

"#]],
    )
}

/// Bytes with fewer than 64 zeros in between share a segment; with more they are in two.
#[test]
fn gaps() -> Result<()> {
    let module = r#"(module
        (memory 1)
        (func (export "wizer-initialize")
            (i32.store8 (i32.const 1000) (i32.const 1))
            (i32.store8 (i32.const 1064) (i32.const 2))
            (i32.store8 (i32.const 1129) (i32.const 3)))
        (func (export "run") (result i32) (i32.load8_u (i32.const 1129))))"#;
    check(
        module,
        str![[r#"
bytes: 95 -> 173
functions: 2 -> 1
data segments: 0 -> 2
bytes of data: 0 -> 66
segments of functions: 0 -> 0
segments of expressions: 0 -> 0
fuel: 13 -> 3

"#]],
    )
}

/// A sparse memory gets just enough zeros in its segments for wasmtime to make a copy-on-write image.
#[test]
fn density() -> Result<()> {
    let module = r#"(module
        (memory 320)
        (func (export "wizer-initialize") (local i32)
            (loop
                (i32.store (local.get 0) (i32.const 0x01020304))
                (br_if 0
                    (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 30000))) (i32.const 18000000)))))
        (func (export "run") (result i32) (i32.load (i32.const 30000))))"#;
    check(
        module,
        str![[r#"
bytes: 105 -> 9003701
functions: 2 -> 1
data segments: 0 -> 300
bytes of data: 0 -> 9001200
segments of functions: 0 -> 0
segments of expressions: 0 -> 0
fuel: 6004 -> 3

"#]],
    )
}

/// A table that init filled becomes segments of functions, split at null slots, so that wasmtime fills it lazily.
#[test]
fn table() -> Result<()> {
    let module = r#"(module
        (type $number (func (result i32)))
        (table 1000 funcref)
        (elem declare func $one $two)
        (func $one (type $number) (i32.const 1))
        (func $two (type $number) (i32.const 2))
        (func (export "wizer-initialize")
            (table.fill (i32.const 10) (ref.func $one) (i32.const 300))
            (table.fill (i32.const 700) (ref.func $two) (i32.const 200)))
        (func (export "run") (result i32) (call_indirect (type $number) (i32.const 701))))"#;
    check(
        module,
        str![[r#"
bytes: 145 -> 654
functions: 4 -> 3
data segments: 0 -> 0
bytes of data: 0 -> 0
segments of functions: 0 -> 2
segments of expressions: 0 -> 0
fuel: 514 -> 5

"#]],
    )
}

/// The handwritten example.
#[test]
fn example() -> Result<()> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/tables/tables.wat");
    let text = fs_err::read_to_string(path)?.replace(r#"(export "size")"#, r#"(export "run")"#);
    check(
        &text,
        str![[r#"
bytes: 275 -> 248
functions: 7 -> 6
data segments: 0 -> 0
bytes of data: 0 -> 0
segments of functions: 0 -> 2
segments of expressions: 0 -> 0
fuel: 45 -> 2

"#]],
    )
}
