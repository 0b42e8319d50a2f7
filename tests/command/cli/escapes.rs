//! Text from the guest (names, output, messages) never controls the terminal, and never makes a line that looks like one of the
//! tool's.

use snapbox::{IntoData, str};

use super::{dir, preinit};

/// Bakes a module, and expects this exit code and these messages, without control characters.
fn said(module: &str, args: &str, code: i32, expected: impl IntoData) {
    let dir = dir(&[("in.wat", module)]);
    let said = preinit(dir.path(), &format!("bake in.wat -o out.wasm {args}"));
    assert!(is_tame(&said.stderr), "{:?}", said.stderr);
    said.expect(code, expected);
}

fn is_tame(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || !c.is_control())
}

#[test]
fn names_of_functions() {
    let module = r#"
        (module (memory 1) (func $"\1b[31mnm\0aline" unreachable) (func (export "wizer-initialize") (call $"\1b[31mnm\0aline")))"#;
    said(
        module,
        "",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` trapped: wasm `unreachable` instruction executed
guest backtrace:
     0: \u{1b}[31mnm\nline
     1: function 1, which has no name

"#]],
    );
}

#[test]
fn what_the_guest_prints() {
    let module = r#"
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\10\00\00\00\20\00\00\00")
          (data (i32.const 16) "\1b[2J\1b]0;pwned\07\1b[31mred\0d\0aerror: fake\0a")
          (func (export "wizer-initialize") (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 100)))))"#;
    said(
        module,
        "--allow-wasi",
        0,
        str![[r#"
      Baking in.wat
[in.wat] \u{1b}[2J\u{1b}]0;pwned\u{7}\u{1b}[31mred
[in.wat] error: f
warning: in.wat: the baked module exports no function that its host could call: export what is to be called after init
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let trapping = module.replace("(i32.const 100))))", "(i32.const 100))) unreachable)");
    said(
        &trapping,
        "--allow-wasi",
        1,
        str![[r#"
      Baking in.wat
[in.wat] \u{1b}[2J\u{1b}]0;pwned\u{7}\u{1b}[31mred
[in.wat] error: f
error: `in.wat` was not baked: `wizer-initialize` trapped: wasm `unreachable` instruction executed
guest backtrace:
     0: function 1, which has no name

"#]],
    );
    // A carriage return, bytes that are not UTF-8, other control characters, and no line break at the end.
    let odd = module.replace(r"red\0d\0aerror: fake\0a", r"a\0db\ff\c2\9b\e2\80\aec");
    said(
        &odd,
        "--allow-wasi",
        0,
        str![[r#"
      Baking in.wat
[in.wat] \u{1b}[2J\u{1b}]0;pwned\u{7}\u{1b}[31ma\rb�\u{9b}\u{202e}c\u{0}\u{0}\u{0}
warning: in.wat: the baked module exports no function that its host could call: export what is to be called after init
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
}

#[test]
fn names_of_exports_and_imports() {
    let import = r#"(module (import "h\0aerror: x" "\1b[2Jf" (func $f)) (func (export "wizer-initialize") (call $f)))"#;
    said(
        import,
        "",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` called the import `h\nerror: x` `\u{1b}[2Jf`, which does not exist at build time
guest backtrace:
     0: function 1, which has no name
help: call it after start-up, keep the call out of what runs at build time, or have it do nothing and answer with zero there: `--import $'h\012error:\040x.\033[2Jf=zero'`

"#]],
    );
    let memory = r#"(module (import "e\9b" "m\0a" (memory 1)) (func (export "wizer-initialize") (drop (memory.size))))"#;
    let memory = memory.replace(r"\9b", r"\c2\9b");
    said(
        &memory,
        "",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` used the imported memory `e\u{9b}` `m\n`, and what that holds when the module starts is not known at build time
guest backtrace:
     0: function 0, which has no name
help: let the module define its memory and export it: link without `--import-memory` (Emscripten: without `-sIMPORTED_MEMORY`; AssemblyScript: without `--importMemory`), or keep it out of what runs at build time
help: if every host hands in a memory that is all zeros, and to no other instance, promise that: `--import $'e\302\233.m\012=fresh'`

"#]],
    );
    let reserved =
        r#"(module (func (export "__cargo_preinit_\0aerror: x")) (func (export "wizer-initialize")))"#;
    said(
        reserved,
        "",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the module cannot be baked
  - the export `__cargo_preinit_\nerror: x` has a name that is kept for this tool
help: rename the export

"#]],
    );
    let twice = r#"(module (func (export "a\0aerror: x")) (func (export "a\0aerror: x")) (func (export "wizer-initialize")))"#;
    said(
        twice,
        "",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the module is not valid: duplicate export name `a\nerror: x` already defined (at byte 0x24)

"#]],
    );
    let close = r#"(module (func (export "init\1b")))"#;
    said(
        close,
        "--init-func init",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: there is no exported function `init`; did you mean `init\u{1b}`?
help: export the function, or name another with `--init-func`

"#]],
    );
    let any = r#"(module (func (export "wizer-initialize")))"#;
    said(
        any,
        "--rename a=b\u{1b}",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the module cannot be baked
  - there is no export `b\u{1b}` that could be renamed
help: check the part behind the `=` of `--rename NEW=OLD`

"#]],
    );
}

#[test]
fn names_of_sections() {
    let module = r#"(module (@custom "external_debug_info\0a" "") (@custom "signature" "\00\01\02") (func (export "wizer-initialize")) (func (export "run")))"#;
    said(
        module,
        "-v",
        0,
        str![[r#"
      Baking in.wat
warning: in.wat: left out of the baked module, since what it says of the code would be wrong there: `signature`
         Ran `wizer-initialize` in [TIME]
     Loading in.wat: instances will share its memory copy-on-write
        Kept in.wat: the code stays as it is, since `external_debug_info\n` depends on it
       Wrote out.wasm (compiled by winch)
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
}

/// A message of several lines, such as a panic's, and an item's name and file.
#[test]
fn what_the_guest_says_of_itself() {
    let guest = include_str!("../../bake/error-sdk-failed/guest.wat");
    let guest = guest.replace("no such file", r"no\0ae:\1b[2J!!!");
    said(
        &guest,
        "",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `g::one` (src/g.rs:7) failed: no
  | e:\u{1b}[2J!!!

"#]],
    );
    let guest = guest.replace("g::one", r"g\0a:\1b[m");
    let guest = guest.replace("src/g.rs", r"s\0d/g.rs\1b");
    said(
        &guest,
        "",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `g\n:\u{1b}[m` (s\r/g.rs\u{1b}:7) failed: no
  | e:\u{1b}[2J!!!

"#]],
    );
}

/// Names in the user's arguments.
#[test]
fn what_was_asked_for() {
    let guest = r#"(module (func (export "wizer-initialize")) (func (export "run") (param i32)))"#;
    said(
        guest,
        "--init-func no\u{1b}ne",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: there is no exported function `no\u{1b}ne`
help: export the function, or name another with `--init-func`

"#]],
    );
    said(
        guest,
        "--init-func run(\u{9b})",
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the init function `run` takes `i32`, and `\u{9b}` is none
help: give the arguments with its name, as in `--init-func 'run(1, 2)'`

"#]],
    );
}

/// The names of calls and imports in the differences of a replay.
#[test]
fn differences() {
    let dir = dir(&[
        (
            "original.wat",
            r#"(module (import "e\0a" "f\1b" (func $f)) (func (export "wizer-initialize")) (func (export "a\1bb") (call $f)))"#,
        ),
        (
            "baked.wat",
            r#"(module (import "e\0a" "f\1b" (func $f)) (func (export "a\1bb")))"#,
        ),
    ]);
    let verified = preinit(dir.path(), "verify baked.wat original.wat --call a\u{1b}b()");
    assert!(is_tame(&verified.stderr), "{:?}", verified.stderr);
    verified.expect(
        1,
        str![[r#"
error: `baked.wat` is not what its original is after init
  - `a\u{1b}b()` calls `e\n` `f\u{1b}`() in the original, and no import baked
help: give the options that it was baked with, such as `--init-func`, `--allow-wasi` and `--env`

"#]],
    );
}

#[test]
fn names_in_text_that_does_not_parse() {
    let guest = r#"(module (func (export "wizer-initialize") (call $"x\0a       Baked in.wat: 1 item\0aerror: \1b[2Jfake")))"#;
    let dir = dir(&[("in.wat", guest)]);
    preinit(dir.path(), "bake in.wat -o out.wasm").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the WebAssembly text does not parse
unknown func: failed to find name `$x\n       Baked in.wat: 1 item\nerror: \u{1b}[2Jfake`
     --> <anon>:1:49
      |
    1 | (module (func (export "wizer-initialize") (call $"x\0a       Baked in.wat: 1 item\0aerror: \1b[2Jfake")))
      |                                                 ^

"#]]);
    preinit(
        dir.path(),
        "bake in.wat \u{1b}[2Jb.wat -o out.wasm --color=always",
    )
    .expect(
        2,
        str![[r#"
error: unexpected argument 'b.wat' found

Usage: cargo preinit bake [OPTIONS] <INPUT>

For more information, try '--help'.

"#]],
    );
}
