//! `cargo preinit verify`, `--verify` and `--stamp`: replays of two modules, and their reports.

use std::path::Path;

use snapbox::{file, str};

use crate::cli::{COUNTER, bake, dir};
use crate::tool::{Said, cargo, run};

/// A guest with everything that is compared: a memory, a global, a table, objects, and an import that a call reaches.
const ALL: &str = r#"(module
  (type $node (struct (field (mut i32)) (field (mut (ref null $node)))))
  (import "env" "log" (func $log (param i32) (result i32)))
  (memory 1)
  (table $table 2 funcref)
  (global $number (mut f64) (f64.const 0))
  (global $node (mut (ref null $node)) (ref.null $node))
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (elem declare func $one $two)
  (func (export "wizer-initialize")
    (i32.store (i32.const 8) (i32.const 42))
    (table.set (i32.const 1) (ref.func $one))
    (global.set $number (f64.const 1.5))
    (global.set $node (struct.new $node (i32.const 7) (ref.null $node)))
    (struct.set $node 1 (global.get $node) (global.get $node)))
  (func (export "log") (param i32 f32) (result i32 f64)
    (i32.add (call $log (i32.load (i32.const 8))) (local.get 0))
    (global.get $number))
  (func (export "set") (param externref) (i32.store (i32.const 8) (ref.is_null (local.get 0))))
  (func (export "trap") unreachable)
  (func (export "loop") (loop (br 0))))
"#;

fn verify(dir: &Path, args: &[&str]) -> Said {
    run(cargo(dir).args(["preinit", "verify"]).args(args), dir)
}

#[test]
fn help_of_verify() {
    let dir = dir(&[]);
    verify(dir.path(), &["--help"])
        .succeeds()
        .prints(file!["help-verify.txt"]);
}

#[test]
fn a_baked_module_is_what_its_original_is_after_init() {
    let dir = dir(&[("all.wat", ALL)]);
    bake(dir.path(), "all.wat -o all.wasm --keep-dead-code").succeeds();
    let calls = [
        "--call",
        "log(1, 2.5)",
        "--call",
        "set(null)",
        "--call",
        "log(-1, nan)",
        "--call",
        "trap()",
    ];
    verify(dir.path(), &[&["all.wasm", "all.wat"], &calls[..]].concat()).expect(
        0,
        str![[r#"
    Verified all.wasm: 4 calls (1 failed in both), 1 memory, 2 globals, 1 table, 1 object the same

"#]],
    );
}

/// Only init calls `$set`.
const SET: &str = r#"(module
  (global $g (mut i32) (i32.const 0))
  (func $set (global.set $g (i32.const 5)))
  (func (export "wizer-initialize") (call $set))
  (func (export "get") (result i32) (global.get $g)))
"#;

#[test]
fn without_dead_code_only_exports_can_be_compared() {
    let dir = dir(&[("set.wat", SET)]);
    bake(dir.path(), "set.wat -o set.wasm").succeeds();
    verify(dir.path(), &["set.wasm", "set.wat", "--call", "get()"]).expect(0, str![[r#"
    Verified set.wasm: 1 call the same (of what is exported, since the two have other code; functions by their type)

"#]]);
    bake(dir.path(), "set.wat -o set.wasm --keep-dead-code").succeeds();
    verify(dir.path(), &["set.wasm", "set.wat", "--call", "get()"]).expect(
        0,
        str![[r#"
    Verified set.wasm: 1 call, 1 global the same

"#]],
    );
}

/// Two globals share an object, so the baked module has one more global, in front of these.
const SHARED: &str = r#"(module
  (type $s (struct (field (mut i32))))
  (global $a (mut (ref null $s)) (ref.null $s))
  (global $b (mut (ref null $s)) (ref.null $s))
  (func (export "wizer-initialize")
    (global.set $a (struct.new $s (i32.const 7)))
    (global.set $b (global.get $a)))
  (func (export "get") (result i32) (struct.get $s 0 (global.get $b))))
"#;

#[test]
fn globals_that_have_moved_are_compared() {
    let dir = dir(&[("shared.wat", SHARED)]);
    bake(dir.path(), "shared.wat -o shared.wasm --keep-dead-code --verify").succeeds();
    verify(dir.path(), &["shared.wasm", "shared.wat", "--call", "get()"]).expect(
        0,
        str![[r#"
    Verified shared.wasm: 1 call, 2 globals, 1 object the same

"#]],
    );
}

/// `$often` is called most often, so it gets the first index in the output. The unused table is removed, but no function is.
const REORDERED: &str = r#"(module
  (table 100 funcref)
  (global $g (mut i32) (i32.const 0))
  (global $h (mut i32) (i32.const 0))
  (func $once (global.set $g (i32.const 1)))
  (func $often (global.set $h (i32.add (global.get $h) (i32.const 1))))
  (func (export "init") (call $once) (call $often) (call $often) (call $often))
  (func (export "get") (result i32) (i32.add (global.get $g) (global.get $h))))
"#;

#[test]
fn functions_that_changed_places_are_other_code() {
    let dir = dir(&[("reordered.wat", REORDERED)]);
    let options = "--init-func init --keep-init-func --verify";
    bake(dir.path(), &format!("reordered.wat -o reordered.wasm {options}")).succeeds();
    let args = "reordered.wasm reordered.wat --init-func init --keep-init-func --call get()";
    verify(dir.path(), &args.split(' ').collect::<Vec<_>>()).expect(0, str![[r#"
    Verified reordered.wasm: 1 call the same (of what is exported, since the two have other code; functions by their type)

"#]]);
}

#[test]
fn calls_are_bounded_like_init_and_tell_nothing_then() {
    let dir = dir(&[("all.wat", ALL)]);
    bake(dir.path(), "all.wat -o all.wasm --keep-dead-code").succeeds();
    let args = ["all.wasm", "all.wat", "--call", "loop()", "--timeout", "0.2"];
    verify(dir.path(), &args).expect(
        1,
        str![[r#"
error: `loop()` did not return in time
help: give it more time with `--timeout`

"#]],
    );
}

#[test]
fn every_difference_is_named() {
    let other = ALL
        .replace("(i32.const 42)", "(i32.const 41)")
        .replace("(ref.func $one))", "(ref.func $two))")
        .replace("(f64.const 1.5)", "(f64.const 2.5)")
        .replace("(i32.const 7)", "(i32.const 8)");
    let dir = dir(&[("all.wat", ALL), ("other.wat", &other)]);
    bake(dir.path(), "other.wat -o other.wasm --keep-dead-code").succeeds();
    verify(dir.path(), &["other.wasm", "all.wat", "--call", "log(1, 2.5)"]).expect(1, str![[r#"
error: `other.wasm` is not what its original is after init
  - `log(1, 2.5)` answers `i32 1, f64 1.5 (0x3ff8000000000000)` in the original, and `i32 1, f64 2.5 (0x4004000000000000)` baked
  - `log(1, 2.5)` calls `env` `log`(i32 42) in the original, and `env` `log`(i32 41) baked
help: give the options that it was baked with, such as `--init-func`, `--allow-wasi` and `--env`

"#]]);
}

#[test]
fn an_original_that_is_not_initialised_differs() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    let args = ["counter.wat", "counter.wat", "--call", "get()"];
    verify(dir.path(), &args).expect(
        1,
        str![[r#"
error: `counter.wat` is not what its original is after init
  - `get()` answers `i32 1` in the original, and `i32 0` baked
  - the export `wizer-initialize` is not in the original
  - global 0 is 1 in the original, and 0 baked
help: give the options that it was baked with, such as `--init-func`, `--allow-wasi` and `--env`

"#]],
    );
}

#[test]
fn a_renamed_export_is_followed() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    bake(dir.path(), "counter.wat -o counter.wasm --rename up=reset").succeeds();
    let args = ["counter.wasm", "counter.wat", "--call", "up()", "--call", "get()"];
    verify(dir.path(), &[&args[..], &["--rename", "up=reset"]].concat()).expect(
        0,
        str![[r#"
    Verified counter.wasm: 2 calls, 1 global the same (of what is exported, since the two have other code; functions by their type)

"#]],
    );
    verify(dir.path(), &args).expect(
        1,
        str![[r#"
error: `counter.wasm` is not what its original is after init
  - `get()` answers `i32 2` in the original, and `i32 0` baked
  - the export `reset` is not in the baked module
  - global `count` is 2 in the original, and 0 baked
help: give the options that it was baked with, such as `--init-func`, `--allow-wasi` and `--env`

"#]],
    );
}

#[test]
fn calls_that_cannot_be_made() {
    let dir = dir(&[("all.wat", ALL)]);
    bake(dir.path(), "all.wat -o all.wasm --keep-dead-code").succeeds();
    let call = |call: &str| verify(dir.path(), &["all.wasm", "all.wat", "--call", call]);
    call("nothing()").expect(
        1,
        str![[r#"
error: the original: there is no exported function `nothing`

"#]],
    );
    call("log(1)").expect(
        1,
        str![[r#"
error: the original: `log` takes the arguments `(i32, f32)`, and is given 1

"#]],
    );
    call("log(1, x)").expect(
        1,
        str![[r#"
error: the original: `log` takes `f32`, and `x` is none

"#]],
    );
    call("set(1)").expect(
        1,
        str![[r#"
error: the original: `set` takes `externref`, and `1` is none

"#]],
    );
    call("log").expect(
        2,
        str![[r#"
error: invalid value 'log' for '--call <EXPORT(ARGS)>': expected a call, such as `name()` or `name(1, 2.5)`

For more information, try '--help'.

"#]],
    );
}

#[test]
fn modules_that_cannot_be_played() {
    let dir = dir(&[
        ("counter.wat", COUNTER),
        (
            "trap.wat",
            r#"(module (func (export "wizer-initialize") unreachable))"#,
        ),
        ("broken.wat", "(module"),
    ]);
    verify(dir.path(), &["counter.wat", "trap.wat"]).expect(
        1,
        str![[r#"
error: the original: `wizer-initialize` trapped: wasm `unreachable` instruction executed
guest backtrace:
     0: function 0, which has no name

"#]],
    );
    verify(dir.path(), &["broken.wat", "counter.wat"]).expect(
        1,
        str![[r#"
error: the baked module: the WebAssembly text does not parse
expected `)`
     --> <anon>:1:8
      |
    1 | (module
      |        ^

"#]],
    );
    verify(dir.path(), &["absent.wasm", "counter.wat"]).expect(
        1,
        str![[r#"
error: failed to open file `absent.wasm`: No such file or directory (os error 2)

"#]],
    );
    verify(dir.path(), &["counter.wat", "counter.wat", "--env", "A=B"]).expect(
        2,
        str![[r#"
error: `--env`, `--dir` and `--arg` say what WASI shows to init, so they need `--allow-wasi`

Usage: cargo preinit verify [OPTIONS] <BAKED> <ORIGINAL>

For more information, try '--help'.

"#]],
    );
}

#[test]
fn a_bake_can_check_itself_and_sign() {
    let dir = dir(&[("all.wat", ALL)]);
    bake(dir.path(), "all.wat -o all.wasm --verify --stamp").succeeds();
    bake(dir.path(), "all.wat -o again.wasm --stamp").succeeds();
    let read = |name: &str| fs_err::read(dir.path().join(name)).expect("it was written");
    assert_eq!(read("all.wasm"), read("again.wasm"));
    let stamps = |wasm: &[u8]| -> Vec<String> {
        wasmparser::Parser::new(0)
            .parse_all(wasm)
            .filter_map(|payload| match payload.expect("the module is valid") {
                wasmparser::Payload::CustomSection(section) if section.name() == "preinit" => {
                    Some(String::from_utf8_lossy(section.data()).into_owned())
                }
                _ => None,
            })
            .collect()
    };
    let expected = format!(
        concat!(
            r#"{{"globals":2,"memories":[{{"bytes":1,"index":0,"pages":1}}],"objects":1,"ran":["wizer-initialize"],"#,
            r#""tables":[{{"index":0,"slots":2}}],"tool":"cargo-preinit","version":"{}"}}"#
        ),
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(stamps(&read("all.wasm")), [expected]);
    // The stamp of a second bake replaces that of the first.
    fs_err::write(dir.path().join("init.wat"), COUNTER).expect("the directory is writable");
    bake(dir.path(), "init.wat -o once.wasm --stamp --keep-init-func").succeeds();
    bake(dir.path(), "once.wasm -o twice.wasm --stamp").succeeds();
    assert_eq!(stamps(&read("twice.wasm")).len(), 1);
    bake(dir.path(), "once.wasm -o plain.wasm").succeeds();
    assert!(stamps(&read("plain.wasm")).is_empty());
}

/// Init leaves a byte on the stack, below data. `copy` copies it, as code copies the padding of a structure.
const STACK: &str = r#"(module
  (memory (export "memory") 2)
  (global (export "__stack_pointer") (mut i32) (i32.const 4096))
  (global (export "__stack_low") i32 (i32.const 2048))
  (data (i32.const 4096) "data")
  (func (export "wizer-initialize") (i32.store8 (i32.const 4000) (i32.const 7)))
  (func (export "copy") (i32.store8 (i32.const 5000) (i32.load8_u (i32.const 4000))))
  (func (export "peek") (result i32) (i32.load8_u (i32.const 4000))))
"#;

#[test]
fn what_is_scrubbed_may_be_copied() {
    let dir = dir(&[("stack.wat", STACK)]);
    bake(dir.path(), "stack.wat -o stack.wasm --verify -v").expect(
        0,
        str![[r#"
      Baking stack.wat
         Ran `wizer-initialize` in [TIME]
     Changed [FIGURES]
     Loading stack.wat: instances will share its memory copy-on-write
      Shrunk stack.wat: 1 functions that only init reached are gone
    Scrubbed stack.wat: 1 B that nothing reads any more are zero
       Wrote stack.wasm (compiled by winch)
       Baked stack.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let calls = ["--call", "copy()"];
    let text = str![[r#"
    Verified stack.wasm: 1 call, 1 memory, 1 global the same, but for 1 B that a bake scrubs (of what is exported, since the two have other code; functions by their type)

"#]];
    verify(dir.path(), &[&["stack.wasm", "stack.wat"], &calls[..]].concat()).expect(0, text);
}

/// A baked module may still have the byte on the stack, as without scrubbing.
#[test]
fn what_is_scrubbed_may_be_there() {
    let baked = STACK
        .replace(r#"(export "wizer-initialize")"#, "")
        .replace(r#""data")"#, r#""data") (data (i32.const 4000) "\07")"#);
    let dir = dir(&[("stack.wat", STACK), ("baked.wat", &baked)]);
    verify(dir.path(), &["baked.wat", "stack.wat", "--call", "copy()"]).expect(
        0,
        str![[r#"
    Verified baked.wat: 1 call, 1 memory, 1 global the same, but for 1 B that a bake scrubs

"#]],
    );
}

/// A call that reads scrubbed bytes is reported as a difference.
#[test]
fn what_is_scrubbed_may_not_be_read() {
    let dir = dir(&[("stack.wat", STACK)]);
    bake(dir.path(), "stack.wat -o stack.wasm").succeeds();
    verify(dir.path(), &["stack.wasm", "stack.wat", "--call", "peek()"]).expect(
        1,
        str![[r#"
error: `stack.wasm` is not what its original is after init
  - `peek()` answers `i32 7` in the original, and `i32 0` baked
help: give the options that it was baked with, such as `--init-func`, `--allow-wasi` and `--env`

"#]],
    );
}

/// A call of a function that the engine does not compile is an error, and not counted as equal.
#[test]
fn what_the_engine_does_not_run_is_not_called_the_same() {
    let guest = r#"(module (tag $t) (func $protect (export "protect") try throw $t catch_all end)
        (func (export "one") (result i32) (i32.const 1)) (func (export "wizer-initialize")))"#;
    let dir = dir(&[("legacy.wat", guest)]);
    bake(dir.path(), "legacy.wat -o baked.wasm --verify").succeeds();
    verify(dir.path(), &["baked.wasm", "legacy.wat", "--call", "one()"]).succeeds();
    verify(dir.path(), &["baked.wasm", "legacy.wat", "--call", "protect()"]).expect(
        1,
        str![[r#"
error: the original: `protect` called `protect`, which uses legacy exceptions, and the engine of the bake does not

"#]],
    );
}

/// A heap that is not dlmalloc's is not scrubbed, and a warning says so.
#[test]
fn a_heap_that_is_not_known_stays() {
    let dir = dir(&[("counter.wat", COUNTER), ("stack.wat", STACK)]);
    bake(dir.path(), "counter.wat -o out.wasm --scrub-heap=dlmalloc").expect(
        0,
        str![[r#"
      Baking counter.wat
warning: counter.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
warning: counter.wat: nothing of the heap was scrubbed: there is no 32-bit memory for it
       Baked counter.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    bake(dir.path(), "stack.wat -o out.wasm --scrub-heap=dlmalloc --verify").expect(
        0,
        str![[r#"
      Baking stack.wat
warning: stack.wat: nothing of the heap was scrubbed: no dlmalloc that was used is in memory 0
       Baked stack.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    bake(dir.path(), "stack.wat -o out.wasm --scrub-heap=malloc").expect(
        2,
        str![[r#"
error: invalid value 'malloc' for '--scrub-heap <ALLOCATOR>'
  [possible values: dlmalloc]

  tip: a similar value exists: 'dlmalloc'

For more information, try '--help'.

"#]],
    );
}
