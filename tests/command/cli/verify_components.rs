//! `cargo preinit verify` and `--verify` of components: calls in WAVE, and the state of all instances.

use std::path::Path;

use snapbox::str;

use crate::cli::{bake, dir};
use crate::tool::{Said, cargo, run};

/// `greet` puts a greeting that init has changed before a name, `ask` calls the host, and `hand` takes a resource.
const GUEST: &str = r#"(component
  (import "example:host/log" (instance $host (export "log" (func (param "n" u32) (result u32)))))
  (alias export $host "log" (func $log))
  (core func $log (canon lower (func $log)))
  (core module $main
    (import "host" "log" (func $log (param i32) (result i32)))
    (memory (export "memory") 1)
    (table (export "table") 2 funcref)
    (global $free (export "free") (mut i32) (i32.const 1024))
    (data (i32.const 16) "Hello, ")
    (elem declare func $ask)
    (func (export "init")
      (i32.store8 (i32.const 20) (i32.const 33))
      (table.set (i32.const 1) (ref.func $ask)))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $free)
      (global.set $free (i32.add (global.get $free) (local.get 3))))
    (func (export "greet") (param $name i32) (param $len i32) (result i32)
      (memory.copy (i32.const 512) (i32.const 16) (i32.const 7))
      (memory.copy (i32.const 519) (local.get $name) (local.get $len))
      (i32.store (i32.const 8) (i32.const 512))
      (i32.store (i32.const 12) (i32.add (local.get $len) (i32.const 7)))
      (i32.const 8))
    (func $ask (export "ask") (result i32) (call $log (i32.load8_u (i32.const 20))))
    (func (export "trap") unreachable)
    (func (export "hand") (param i32)))
  (core instance $main (instantiate $main (with "host" (instance (export "log" (func $log))))))
  (type $r (resource (rep i32)))
  (export $r' "r" (type $r))
  (func (export "wizer-initialize") (canon lift (core func $main "init")))
  (func (export "greet") (param "name" string) (result string)
    (canon lift (core func $main "greet") (memory $main "memory") (realloc (func $main "realloc"))))
  (func (export "ask") (result u32) (canon lift (core func $main "ask")))
  (func (export "trap") (canon lift (core func $main "trap")))
  (func (export "hand") (param "r" (own $r')) (canon lift (core func $main "hand"))))
"#;

fn verify(dir: &Path, args: &[&str]) -> Said {
    run(cargo(dir).args(["preinit", "verify"]).args(args), dir)
}

fn call(dir: &Path, call: &str) -> Said {
    verify(dir, &["baked.wasm", "guest.wat", "--call", call])
}

#[test]
fn a_baked_component_is_what_its_original_is_after_init() {
    let dir = dir(&[("guest.wat", GUEST)]);
    bake(dir.path(), "guest.wat -o baked.wasm --keep-dead-code --verify").succeeds();
    verify(dir.path(), &["baked.wasm", "guest.wat"]).expect(
        0,
        str![[r#"
    Verified baked.wasm: 1 memory, 1 global, 1 table the same

"#]],
    );
    let calls = [
        r#"greet("you (both), \"friends\"")"#,
        "ask()",
        r#"greet("")"#,
        "trap()",
    ];
    let calls = calls.iter().flat_map(|call| ["--call", call]);
    let arguments: Vec<&str> = ["baked.wasm", "guest.wat"].into_iter().chain(calls).collect();
    verify(dir.path(), &arguments).expect(
        0,
        str![[r#"
    Verified baked.wasm: 4 calls (1 failed in both), 1 memory, 1 global, 1 table the same

"#]],
    );
}

#[test]
fn without_dead_code_only_what_is_exported_can_be_compared() {
    let dir = dir(&[("guest.wat", GUEST)]);
    bake(dir.path(), "guest.wat -o baked.wasm --verify").succeeds();
    call(dir.path(), "ask()").expect(0, str![[r#"
    Verified baked.wasm: 1 call, 1 memory the same (of what is exported, since the two have other code; functions by their type)

"#]]);
}

#[test]
fn differences_name_their_instance() {
    let other = GUEST.replace("(i32.const 33)", "(i32.const 34)");
    let dir = dir(&[("guest.wat", GUEST), ("other.wat", &other)]);
    bake(dir.path(), "other.wat -o baked.wasm --keep-dead-code").succeeds();
    let calls = ["--call", "ask()", "--call", r#"greet("you")"#];
    let arguments = [&["baked.wasm", "guest.wat"][..], &calls[..]].concat();
    verify(dir.path(), &arguments).expect(
        1,
        str![[r#"
error: `baked.wasm` is not what its original is after init
  - `ask()` calls `example:host/log` `log`(33) in the original, and `example:host/log` `log`(34) baked
  - `greet("you")` answers `"Hell!, you"` in the original, and `"Hell\", you"` baked
  - core instance 0 (`main`): memory `memory` differs at 0x14
help: give the options that it was baked with, such as `--init-func`, `--allow-wasi` and `--env`

"#]],
    );
}

#[test]
fn exports_are_compared() {
    let more = GUEST.replace(
        r#"(func (export "ask") (result u32)"#,
        r#"(func (export "tell") (result u32)"#,
    );
    let dir = dir(&[("guest.wat", GUEST), ("more.wat", &more)]);
    bake(dir.path(), "more.wat -o baked.wasm --keep-dead-code").succeeds();
    verify(dir.path(), &["baked.wasm", "guest.wat"]).expect(
        1,
        str![[r#"
error: `baked.wasm` is not what its original is after init
  - the export `ask` is not in the baked component
  - the export `tell` is not in the original
help: give the options that it was baked with, such as `--init-func`, `--allow-wasi` and `--env`

"#]],
    );
}

#[test]
fn calls_that_cannot_be_made() {
    let dir = dir(&[("guest.wat", GUEST), ("core.wat", "(module)")]);
    bake(dir.path(), "guest.wat -o baked.wasm").succeeds();
    call(dir.path(), r#"great("you")"#).expect(
        1,
        str![[r#"
error: the original: there is no exported function `great`; did you mean `greet`?

"#]],
    );
    call(dir.path(), "greet(3)").expect(1, str![[r#"
error: the original: the call `greet(3)` cannot be made: invalid value type at 2..3; the function is `func(string) -> string`

"#]]);
    call(dir.path(), "greet()").expect(1, str![[r#"
error: the original: the call `greet()` cannot be made: invalid params: no params provided, but 1 required at 0..1; the function is `func(string) -> string`

"#]]);
    call(dir.path(), "hand(1)").expect(1, str![[r#"
error: the original: the call `hand(1)` cannot be made: it takes or returns a handle, which belongs to the host

"#]]);
    call(dir.path(), "example:host/log#log(3)").expect(
        1,
        str![[r#"
error: the original: there is no exported function `example:host/log#log`

"#]],
    );
    call(dir.path(), "wizer-initialize()").expect(
        1,
        str![[r#"
error: the baked module: there is no exported function `wizer-initialize`

"#]],
    );
    verify(dir.path(), &["core.wat", "guest.wat"]).expect(
        1,
        str![[r#"
error: one of the two is a component, and the other a core module

"#]],
    );
}

/// A component takes no more calls after a trap, so nothing would be compared.
#[test]
fn nothing_is_called_after_a_trap() {
    let dir = dir(&[("guest.wat", GUEST)]);
    bake(dir.path(), "guest.wat -o baked.wasm").succeeds();
    let calls = ["--call", "trap()", "--call", "ask()"];
    let arguments = [&["baked.wasm", "guest.wat"][..], &calls[..]].concat();
    verify(dir.path(), &arguments).expect(
        1,
        str![[r#"
error: `ask()` cannot be called, since `trap()` trapped before it, and a component takes no more calls then
help: compare what comes after it in a `verify` of its own

"#]],
    );
}
