//! A machine with less memory than the guest asks for: the bake must fail, since the guest would keep the failed growth in its state.

use snapbox::str;

use crate::faults::scene::Scene;

/// The address space of the process, in KiB: less than the guests ask for, more than the tool needs.
const ROOM: u64 = 12 << 20;

/// Bakes with this address space.
fn bake(guest: &str, options: &str) -> crate::tool::Said {
    let scene = Scene::of(guest);
    let script = format!("ulimit -v {ROOM}; bake in.wat -o out/out.wasm -q {options}");
    scene.script(&["env"], &script)
}

/// Growth beyond the reserved address space needs a new mapping, which fails here.
#[test]
fn a_memory_that_cannot_grow() {
    let guest = r#"(module (memory i64 1) (global (export "old") (mut i64) (i64.const 7))
        (func (export "wizer-initialize") (global.set 0 (memory.grow (i64.const 400000)))))"#;
    bake(guest, "--max-memory 100GiB").expect(
        1,
        str![[r#"
error: `in.wat` was not baked: `wizer-initialize` asked for more memory than this machine gives: Cannot allocate memory (os error 12)
guest backtrace:
     0: function 0, which has no name
help: let init use less memory, or bake on a machine that has more

"#]],
    );
}

#[test]
fn a_memory_that_cannot_be_made() {
    let guest = r#"(module (memory i64 400000) (func (export "wizer-initialize")))"#;
    bake(guest, "--max-memory 100GiB").expect(
        1,
        str![[r#"
error: `in.wat` was not baked: the module's start asked for more memory than this machine gives: Cannot allocate memory (os error 12)
help: let init use less memory, or bake on a machine that has more

"#]],
    );
}

#[test]
fn a_table_that_cannot_grow() {
    let guest = r#"(module (table i64 1 funcref) (global (export "old") (mut i64) (i64.const 7))
        (func (export "wizer-initialize") (global.set 0 (table.grow (ref.null func) (i64.const 4000000000)))))"#;
    bake(guest, "--max-table-elements 100000000000").expect(
        1,
        str![[r#"
error: `in.wat` was not baked: `wizer-initialize` asked for more memory than this machine gives: out of memory (failed to allocate 32000000008 bytes)
help: let init use less memory, or bake on a machine that has more

"#]],
    );
}

/// Growth beyond a maximum fails on every machine, so it fails in the guest.
#[test]
fn growth_that_no_machine_allows() {
    let guest = r#"(module (memory 1 10) (memory 1) (table 1 5 funcref)
        (global $a (export "a") (mut i32) (i32.const 7)) (global $b (export "b") (mut i32) (i32.const 7))
        (global $c (export "c") (mut i32) (i32.const 7))
        (func (export "wizer-initialize")
            (global.set $a (memory.grow 0 (i32.const 10)))
            (global.set $b (memory.grow 1 (i32.const 65536)))
            (global.set $c (table.grow (ref.null func) (i32.const 5)))))"#;
    let scene = Scene::of(guest);
    scene
        .script(&["env"], "bake in.wat -o out/out.wasm -q --max-memory 100GiB")
        .succeeds();
    let text = wasmprinter::print_bytes(scene.output().expect("it was written")).expect("it is valid");
    assert_eq!(text.matches("(mut i32) i32.const -1").count(), 3, "{text}");
}
