//! Warnings about a baked module in which a host can call nothing, or runs init again.

use snapbox::{IntoData, str};

use super::{WASI, bake, dir, preinit};
use crate::messages::with_reason;

/// Bakes a module, and expects this output.
fn warns(module: &str, args: &str, expected: impl IntoData) {
    let dir = dir(&[("in.wat", module)]);
    preinit(dir.path(), &format!("bake in.wat -o out.wasm {args}")).expect(0, expected);
}

/// Bakes a module without a warning.
fn is_fine(module: &str, args: &str) {
    let dir = dir(&[("in.wat", module)]);
    let said = preinit(dir.path(), &format!("bake in.wat -o out.wasm {args}"));
    said.succeeds();
    assert!(
        !said.stderr.contains("warning"),
        "{module} {args}: {}",
        said.stderr
    );
}

#[test]
fn the_program_itself_has_run() {
    let module = r#"
        (module
          (memory (export "memory") 1)
          (func (export "_start") (i32.store (i32.const 0) (i32.const 1))))"#;
    for args in ["--init-func _start", "--init-func _start --keep-init-func=empty"] {
        warns(
            module,
            args,
            str![[r#"
      Baking in.wat
warning: in.wat: the baked module exports no function that its host could call: `_start` is the program itself, and has run; export a function that does the init alone, and name that with `--init-func`
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
        );
    }
    is_fine(module, "--init-func _start --keep-init-func");
    is_fine(module, "--init-func _start --rename main=_start");
}

/// A skipped bake repeats the warning.
#[test]
fn nothing_is_called_after_init() {
    let said = || {
        str![[r#"
      Baking in.wat
warning: in.wat: the baked module exports no function that its host could call: export what is to be called after init
...
"#]]
    };
    let nothing = [
        r#"(module (func (export "wizer-initialize")))"#,
        r#"(module (func $i (nop)) (start $i))"#,
        r#"(module (global (export "g") (mut i32) (i32.const 0)) (func (export "_initialize") (global.set 0 (i32.const 1))))"#,
        r#"(module (func (export "__wasm_call_ctors") (nop)) (func (export "wizer-initialize")))"#,
        r#"(module (table (export "t") 2 funcref) (global (export "g") funcref (ref.null func)) (func (export "wizer-initialize")))"#,
        // Init removes the only function from the table.
        r#"(module (table (export "t") 1 funcref) (elem (i32.const 0) func $f) (func $f)
             (func (export "wizer-initialize") (table.set (i32.const 0) (ref.null func))))"#,
        r#"(module (table (export "t") 1 externref) (tag (export "e")) (func (export "wizer-initialize")))"#,
    ];
    for module in nothing {
        warns(module, "", said());
    }
    let dir = dir(&[("in.wat", nothing[0])]);
    preinit(dir.path(), "bake in.wat -o out.wasm --if-changed").expect(0, said());
    preinit(dir.path(), "bake in.wat -o out.wasm --if-changed").expect(
        0,
        str![[r#"
warning: in.wat: the baked module exports no function that its host could call: export what is to be called after init
       Fresh in.wat

"#]],
    );
}

#[test]
fn something_can_be_called() {
    let init = r#"(func (export "wizer-initialize"))"#;
    for rest in [
        r#"(func (export "run"))"#,
        r#"(import "e" "f" (func $f)) (export "f" (func $f))"#,
        r#"(table (export "t") 1 funcref) (elem (i32.const 0) func $f) (func $f)"#,
        r#"(type $t (func)) (table (export "t") 1 1 (ref null $t) (ref.func $f)) (func $f)"#,
        r#"(import "e" "t" (table 1 funcref)) (export "t" (table 0)) (elem (i32.const 0) func $f) (func $f)"#,
        r#"(global (export "g") funcref (ref.func $f)) (func $f)"#,
    ] {
        is_fine(&format!("(module {rest} {init})"), "");
    }
    // Init puts a function into the table.
    is_fine(
        r#"(module (table (export "t") 1 funcref) (elem declare func $f) (func $f)
             (func (export "wizer-initialize") (table.set (i32.const 0) (ref.func $f))))"#,
        "",
    );
    is_fine(
        r#"(module (global $g (export "g") (mut funcref) (ref.null func)) (elem declare func $f) (func $f)
             (func (export "wizer-initialize") (global.set $g (ref.func $f))))"#,
        "",
    );
}

#[test]
fn a_start_runs_init_again() {
    let module = |start: &str| {
        format!(
            r#"(module (memory 1) (func $init (export "init\1b") (i32.store (i32.const 0) (i32.const 1))) (func $main (block (call $init))) {start})"#
        )
    };
    let direct = module(r#"(func (export "_start") (call $init))"#);
    warns(
        &direct,
        "--init-func init\u{1b}",
        str![[r#"
      Baking in.wat
warning: in.wat: `init\u{1b}`, which has run in the bake, runs again where the host calls `_start`, unless it looks whether it has run: let it set a flag, and return at once where that is set
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let said = || {
        str![[r#"
      Baking in.wat
warning: in.wat: `init\u{1b}`, which has run in the bake, runs again where the host calls `_start`, unless [..]
...
"#]]
    };
    for start in [
        r#"(func (export "_start") (call $main))"#,
        r#"(func (export "_start") (if (i32.const 1) (then (call $main))))"#,
        r#"(export "_start" (func $init))"#,
        r#"(func (export "_start") (return_call $init))"#,
    ] {
        for args in ["", " --keep-init-func", " --keep-init-func=empty"] {
            warns(&module(start), &format!("--init-func init\u{1b}{args}"), said());
        }
    }
}

#[test]
fn other_exports_run_init_again() {
    let module = |body: &str| {
        format!(
            r#"(module (memory 1) (func $init (export "init") (i32.store (i32.const 0) (i32.const 1)))
                 (func (export "get") (result i32) {body} (i32.load (i32.const 0))))"#
        )
    };
    warns(
        &module("(call $init)"),
        "--init-func init --rename first=get",
        str![[r#"
      Baking in.wat
warning: in.wat: `init`, which has run in the bake, runs again where the host calls `first`, unless it looks whether it has run: let it set a flag, and return at once where that is set
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    // A call behind a test, and no call.
    is_fine(
        &module("(if (i32.eqz (i32.load (i32.const 0))) (then (call $init)))"),
        "--init-func init",
    );
    is_fine(&module(""), "--init-func init");
    let exports: String = (0..5)
        .map(|number| format!(r#"(func (export "f{number}") (call $init))"#))
        .collect();
    let many = format!(
        r#"(module (memory 1) (func $init (export "init") (i32.store (i32.const 0) (i32.const 1))) {exports})"#
    );
    warns(
        &many,
        "--init-func init",
        str![[r#"
      Baking in.wat
warning: in.wat: `init`, which has run in the bake, runs again where the host calls `f0`, `f1`, `f2` (and 2 more), unless [..]
...
"#]],
    );
}

/// Init itself checks whether it has run.
#[test]
fn init_that_has_run_returns_at_once() {
    for guard in [
        "(br_if 0 (i32.load8_u (i32.const 8))) (i32.store8 (i32.const 8) (i32.const 1))",
        "(if (i32.eqz (global.get $done)) (then (global.set $done (i32.const 1))))",
    ] {
        is_fine(
            &format!(
                r#"(module (memory 1) (global $done (mut i32) (i32.const 0)) (func $init (export "init") {guard})
                     (func (export "_start") (call $init)) (func (export "get") (call $init)))"#
            ),
            "--init-func init",
        );
    }
}

#[test]
fn a_start_function_of_ours() {
    let module = r#"(module (type $node (struct (field $next (mut (ref null $node)))))
        (global $ring (export "ring") (mut (ref null $node)) (ref.null $node)) (func (export "run"))
        (func (export "wizer-initialize") (global.set $ring (struct.new $node (ref.null $node)))
          (struct.set $node $next (global.get $ring) (global.get $ring))))"#;
    warns(
        module,
        "-v",
        str![[r#"
...
     Loading in.wat: instances will share its memory copy-on-write, and run a start function that fills in what no constant can say
...
"#]],
    );
}

/// A denied warning fails the bake, and nothing is written; others stay warnings.
#[test]
fn denied_warnings() {
    let dir = dir(&[("in.wat", WASI)]);
    let args = "in.wat -o out.wasm --init-func environment --allow-wasi --env A=B";
    bake(dir.path(), &format!("{args} --deny random,clock --deny stdin")).succeeds();
    fs_err::remove_file(dir.path().join("out.wasm")).expect("it was written");
    let said = bake(dir.path(), &format!("{args} --deny random --deny environment"));
    said.expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: it has a warning that is denied
  - init read the environment (`A`), in `environment`: each instance sees what init kept of it (`environment`)
    - 1 byte of memory 0 (0x402) by `environment`

"#]],
    );
    assert_eq!(with_reason(&said, "preinit-failed")[0]["code"], "denied");
    assert_eq!(bake(dir.path(), &format!("{args} --deny warnings")).code, Some(1));
    assert_eq!(crate::tool::files(dir.path()), ["in.wat"]);
    let said = bake(dir.path(), &format!("{args} --deny radnom"));
    assert!(
        said.stderr
            .contains("there is no such kind; did you mean `random`?"),
        "{}",
        said.stderr
    );
}

/// What is fresh has no warning that is denied now, since other options make it dirty.
#[test]
fn denied_warnings_of_what_is_fresh() {
    let dir = dir(&[("in.wat", WASI)]);
    let args = "in.wat -o out.wasm --init-func environment --allow-wasi --env A=B --if-changed";
    bake(dir.path(), args).succeeds();
    assert_eq!(
        bake(dir.path(), &format!("{args} --deny environment")).code,
        Some(1)
    );
    let said = bake(dir.path(), args);
    assert_eq!(with_reason(&said, "preinit-fresh").len(), 1);
}
