//! `--import`: the answers of imports at build time.

use std::path::Path;

use snapbox::str;

use super::{bake, dir, files};
use crate::tool::{Said, cargo, run};

/// Init stores the result of a host function.
const ASKS: &str = r#"(module
  (import "env" "now" (func $now (result i32)))
  (memory (export "memory") 1)
  (func (export "wizer-initialize") (i32.store (i32.const 0) (i32.add (call $now) (i32.const 41))))
  (func (export "get") (result i32) (i32.load (i32.const 0)))
  (func (export "ask") (result i32) (call $now)))
"#;

fn verify(dir: &Path, args: &str) -> Said {
    let args = args.split_whitespace();
    run(cargo(dir).args(["preinit", "verify"]).args(args), dir)
}

#[test]
fn the_refusal_names_the_option_that_works() {
    let dir = dir(&[("in.wat", ASKS)]);
    let refused = bake(dir.path(), "in.wat -o out.wasm");
    let (_, option) = refused.stderr.split_once("`--import ").expect("it names it");
    let (quoted, _) = option.split_once('`').expect("it ends");
    let import = quoted.trim_matches('\'');
    bake(dir.path(), &format!("in.wat -o out.wasm --import {import} --verify")).expect(0, str![[r#"
      Baking in.wat
warning: in.wat: init called the import `env` `now` (1x), which was answered with zero by `--import`: each instance sees what init made of that
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]]);
}

#[test]
fn a_replay_answers_as_the_bake_did() {
    let dir = dir(&[("in.wat", ASKS)]);
    let import = "--import env.now=zero";
    bake(
        dir.path(),
        &format!("in.wat -o out.wasm {import} --keep-dead-code"),
    )
    .succeeds();
    verify(
        dir.path(),
        &format!("out.wasm in.wat --call get() --call ask() {import}"),
    )
    .expect(
        0,
        str![[r#"
    Verified out.wasm: 2 calls, 1 memory the same

"#]],
    );
    verify(dir.path(), "out.wasm in.wat --call get()").expect(1, str![[r#"
error: the original: `wizer-initialize` called the import `env` `now`, which does not exist at build time
guest backtrace:
     0: function 1, which has no name
help: call it after start-up, keep the call out of what runs at build time, or have it do nothing and answer with zero there: `--import 'env.now=zero'`

"#]]);
}

#[test]
fn an_answer_is_one_of_the_options() {
    let dir = dir(&[("in.wat", ASKS)]);
    let import = "--import env.now=zero";
    // There is no warning about an answered function that init does not call.
    bake(
        dir.path(),
        &format!("in.wat -o out.wasm --init-func get --init-result ignore --if-changed {import}"),
    )
    .expect(
        0,
        str![[r#"
      Baking in.wat
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let said = bake(
        dir.path(),
        "in.wat -o out.wasm --init-func get --init-result ignore --if-changed -v",
    );
    assert!(
        said.stderr
            .starts_with("       Dirty in.wat: option `import` changed\n"),
        "{}",
        said.stderr
    );
    bake(
        dir.path(),
        &format!("in.wat -o all.wasm --variant a --variant b --stamp {import}"),
    )
    .succeeds();
    assert_eq!(
        files(dir.path()),
        [
            ".out.wasm.fingerprint",
            "all.a.wasm",
            "all.b.wasm",
            "in.wat",
            "out.wasm"
        ]
    );
    let stamped = fs_err::read(dir.path().join("all.a.wasm")).expect("it was written");
    let stamped = String::from_utf8_lossy(&stamped).into_owned();
    assert!(stamped.contains(r#""imports":{"env.now":"zero"}"#), "{stamped}");
}

/// Init writes to an imported memory.
const WRITES: &str = r#"(module
  (import "env" "memory" (memory 1))
  (data (i32.const 64) "data")
  (func (export "wizer-initialize") (i32.store (i32.const 64) (i32.const 41)))
  (func (export "get") (result i32) (i32.load (i32.const 64))))
"#;

#[test]
fn a_fresh_memory_is_fresh_in_a_replay_as_well() {
    let dir = dir(&[("in.wat", WRITES)]);
    let refused = bake(dir.path(), "in.wat -o out.wasm");
    let (_, option) = refused.stderr.split_once("`--import ").expect("it names it");
    let (quoted, _) = option.split_once('`').expect("it ends");
    let import = format!("--import {}", quoted.trim_matches('\''));
    let args = format!("in.wat -o out.wasm {import} --verify --stamp --keep-dead-code -v");
    bake(dir.path(), &args).expect(
        0,
        str![[r#"
      Baking in.wat
         Ran `wizer-initialize` in [TIME]
     Changed [FIGURES]
     Loading in.wat: each instance will copy what memory 0 starts with, since it is imported
        Kept in.wat: the code stays as it is, as asked for
       Wrote out.wasm (compiled by winch)
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    verify(dir.path(), &format!("out.wasm in.wat --call get() {import}")).expect(
        0,
        str![[r#"
    Verified out.wasm: 1 call, 1 memory the same

"#]],
    );
    // The original's own data is in the memory, too.
    let other = WRITES.replace("(data (i32.const 64)", "(data (i32.const 68)");
    fs_err::write(dir.path().join("other.wat"), other).expect("the directory is writable");
    verify(dir.path(), &format!("out.wasm other.wat {import}")).expect(
        1,
        str![[r#"
error: `out.wasm` is not what its original is after init
  - memory 0 differs at 0x41
help: give the options that it was baked with, such as `--init-func`, `--allow-wasi` and `--env`

"#]],
    );
    let stamped = fs_err::read(dir.path().join("out.wasm")).expect("it was written");
    let stamped = String::from_utf8_lossy(&stamped).into_owned();
    assert!(
        stamped.contains(r#""imports":{"env.memory":"fresh"}"#),
        "{stamped}"
    );
}

#[test]
fn values_that_are_none() {
    let dir = dir(&[("in.wat", ASKS)]);
    bake(dir.path(), "in.wat -o out.wasm --import env.now").expect(2, str![[r#"
error: invalid value 'env.now' for '--import <MODULE.NAME=WHAT>': expected MODULE.NAME=zero, =const:NUMBER, =trap, =wasi:FUNCTION or =FILE.wasm for a function, or MODULE.NAME=fresh for a memory

For more information, try '--help'.

"#]]);
    bake(dir.path(), "in.wat -o out.wasm --import now=zero").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the module cannot be baked
  - there is no import `now` that could be answered
help: name one of the module's imports: `env.now`

"#]],
    );
    bake(dir.path(), "in.wat -o out.wasm --import env.now=stop").expect(2, str![[r#"
error: invalid value 'env.now=stop' for '--import <MODULE.NAME=WHAT>': the answers are `zero`, `const:NUMBER`, `trap`, `wasi:FUNCTION` and `FILE.wasm:EXPORT`, for a function, and `fresh`, for a memory

For more information, try '--help'.

"#]]);
    bake(dir.path(), "in.wat -o out.wasm --import env.now=trap").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` called the import `env` `now`, which `--import` has trap
guest backtrace:
     0: function 1, which has no name
help: call it after start-up, or keep the call out of what runs at build time

"#]],
    );
    bake(dir.path(), "in.wat -o out.wasm --import env.nwo=zero").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the module cannot be baked
  - there is no import `env.nwo` that could be answered; did you mean `env.now`?
help: name one of the module's imports: `env.now`

"#]],
    );
    assert_eq!(files(dir.path()), ["in.wat"]);
}
