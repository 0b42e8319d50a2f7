//! `cargo preinit inspect`, `diff` and `why`: what they print, and that their JSON is as the schema says.

use serde_json::json;
use snapbox::{file, str};

use super::{bake, dir, preinit, run, words};
use crate::messages::{SCHEMA, with_reason};
use crate::tool::{Said, cargo, said};

/// A module with a bit of everything. `_ZN…` are names as rustc mangles them.
const GUEST: &str = r#"(module $guest
  (type $unary (func (param i32) (result i32)))
  (import "env" "log" (func $log (param i32)))
  (memory $memory (export "memory") 2 16)
  (table $handlers 4 8 funcref)
  (global $__stack_pointer (mut i32) (i32.const 1024))
  (global (export "__heap_base") i32 (i32.const 4096))
  (elem (table $handlers) (i32.const 1) func $_ZN5guest6double17h0123456789abcdefE $_ZN5guest6triple17h0123456789abcdefE)
  (func $_ZN5guest6double17h0123456789abcdefE (type $unary) (i32.mul (local.get 0) (i32.const 2)))
  (func $_ZN5guest6triple17h0123456789abcdefE (type $unary) (i32.mul (local.get 0) (i32.const 3)))
  (func $_ZN5guest4init17h0123456789abcdefE (export "init")
    (i32.store (i32.const 2048) (i32.const 7))
    (table.set $handlers (i32.const 3) (ref.func $_ZN5guest6double17h0123456789abcdefE))
    (global.set $__stack_pointer (i32.const 1008))
    (call $_ZN4core3fmt9Formatter3pad17h0123456789abcdefE))
  (func $_ZN5guest4call17h0123456789abcdefE (export "call") (param i32 i32) (result i32)
    (call $log (i32.add (local.get 0) (global.get $__stack_pointer)))
    (call_indirect $handlers (type $unary) (local.get 1) (local.get 0)))
  (func $_ZN4core3fmt9Formatter3pad17h0123456789abcdefE (drop (i32.load (i32.const 2052))))
  (func $_ZN5guest6unused17h0123456789abcdefE)
  (data $.rodata (i32.const 1024) "hello\00\00\00")
  (data $.data (i32.const 2048) "\01\02"))
"#;

const COMPONENT: &str = r#"(component
  (core module $first (func (export "f") (result i32) (i32.const 7)))
  (core module $second (memory 1) (func $g (export "f")))
  (core instance $i (instantiate $first))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))
"#;

fn scene() -> tempfile::TempDir {
    let dir = dir(&[("guest.wat", GUEST), ("component.wat", COMPONENT)]);
    bake(dir.path(), "guest.wat -o baked.wasm --init-func init --stamp").succeeds();
    dir
}

fn as_json(dir: &tempfile::TempDir, args: &str, reason: &str) -> serde_json::Value {
    let said = preinit(dir.path(), &format!("{args} --message-format json"));
    let found = with_reason(said.succeeds(), reason);
    let [found] = found.as_slice() else {
        panic!("not one object: {found:?}");
    };
    assert!(SCHEMA.is_valid(found));
    assert_eq!(with_reason(&said, "preinit-finished")[0]["exit_code"], 0);
    found.clone()
}

#[test]
fn help() {
    let dir = dir(&[]);
    for (command, text) in [
        ("inspect", file!["help-inspect.txt"]),
        ("diff", file!["help-diff.txt"]),
        ("why", file!["help-why.txt"]),
    ] {
        preinit(dir.path(), &format!("{command} --help"))
            .succeeds()
            .prints(text);
    }
}

#[test]
fn a_module() {
    let dir = scene();
    preinit(dir.path(), "inspect guest.wat")
        .expect(0, "")
        .prints(file!["inspect-guest.txt"]);
}

#[test]
fn a_baked_module() {
    let dir = scene();
    preinit(dir.path(), "inspect baked.wasm -v")
        .expect(0, "")
        .prints(file!["inspect-baked.txt"]);
    let found = as_json(&dir, "inspect baked.wasm", "preinit-inspected");
    assert_eq!(found["stamp"]["ran"], json!(["init"]));
    assert_eq!(found["baked_by"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        found["modules"][0]["tables"][0]["slots"][2]["function"]["name"],
        "guest::double"
    );
    assert_eq!(found["modules"][0]["globals"][0]["value"]["text"], "1008");
    let size = fs_err::metadata(dir.path().join("baked.wasm"))
        .expect("it is there")
        .len();
    assert_eq!(found["sizes"]["bytes"], size);
}

#[test]
fn a_component() {
    let dir = scene();
    preinit(dir.path(), "inspect component.wat")
        .expect(0, "")
        .prints(file!["inspect-component.txt"]);
    let found = as_json(&dir, "inspect component.wat", "preinit-inspected");
    assert_eq!(
        found["component"]["exports"],
        json!([{"name": "f", "kind": "function"}])
    );
    assert_eq!(found["modules"][1]["name"], "second");
    assert_eq!(
        found["modules"][0]["instances"],
        json!(["core instance 0 (`first`)"])
    );
}

#[test]
fn standard_input() {
    let dir = dir(&[]);
    let mut child = cargo(dir.path())
        .args(["preinit", "inspect", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("cargo can be started");
    let mut stdin = child.stdin.take().expect("it is piped");
    std::io::Write::write_all(&mut stdin, b"(module)").expect("it reads all");
    drop(stdin);
    let said: Said = said(child.wait_with_output().expect("it ends"), dir.path());
    said.expect(0, "").prints(str![[r#"
standard input: core module, 8 bytes, 0 functions and 0 imported

Sections
  headers  8  100.0 %

"#]]);
}

#[test]
fn differences() {
    let dir = scene();
    preinit(dir.path(), "diff guest.wat baked.wasm")
        .expect(0, "")
        .prints(file!["diff.txt"]);
    let found = as_json(&dir, "diff guest.wat baked.wasm", "preinit-compared");
    let module = &found["modules"][0];
    assert_eq!(found["items"]["added"], json!(["init"]));
    assert_eq!(
        module["memories"][0]["ranges"],
        json!([{"start": 2048, "end": 2050}])
    );
    assert_eq!(
        module["tables"][0]["slots"],
        json!([{"slot": 3, "value": {"old": null, "new": "guest::double"}}])
    );
    assert_eq!(
        module["globals"][0]["value"],
        json!({"old": "1024", "new": "1008"})
    );
    // The rest was moved, and is the same.
    assert_eq!(module["functions"]["changed"], json!([]));
    assert_eq!(module["functions"]["unchanged"], 3);
    let removed = module["functions"]["removed"].as_array().expect("a list").iter();
    let removed: Vec<_> = removed.map(|function| function["name"].clone()).collect();
    assert_eq!(
        removed,
        ["guest::init", "core::fmt::Formatter::pad", "guest::unused"]
    );
}

#[test]
fn exit_codes_of_differences() {
    let dir = scene();
    preinit(dir.path(), "diff guest.wat baked.wasm --exit-code -q").expect(1, "");
    preinit(dir.path(), "diff guest.wat guest.wat --exit-code")
        .expect(0, "")
        .prints(str![[r#"
guest.wat -> guest.wat
  the same [..] bytes

"#]]);
    let said = preinit(
        dir.path(),
        "diff guest.wat baked.wasm --exit-code --message-format json",
    );
    assert_eq!(with_reason(&said, "preinit-failed")[0]["code"], "files-differ");
    assert_eq!(with_reason(&said, "preinit-finished")[0]["exit_code"], 1);
}

#[test]
fn why_a_function_is_there() {
    let dir = scene();
    preinit(dir.path(), "why triple baked.wasm")
        .expect(0, "")
        .prints(str![[r#"
guest::triple (function 2, crate guest, 7 bytes, type (i32) -> i32)
  the export `call` is guest::call
  guest::call calls what table 0 holds (call_indirect)
  slot 2 of table 0 holds guest::triple

"#]]);
    preinit(dir.path(), "why guest::unused guest.wat")
        .expect(0, "")
        .prints(str![[r#"
guest::unused (function 6, crate guest, 2 bytes, type ())
  Nothing leads to it: no export, no start function, and no code or table that is alive.
  A bake that removes dead code leaves it out.

"#]]);
    preinit(dir.path(), "why 0 guest.wat")
        .expect(0, "")
        .prints(str![[r#"
env.log (function 0, imported, type (i32))
  env.log is imported

"#]]);
    let found = as_json(&dir, "why pad guest.wat", "preinit-explained");
    assert_eq!(found["crate"], "core");
    assert_eq!(found["path"][0]["by"], json!({"kind": "export", "name": "init"}));
    assert_eq!(
        found["path"][1]["by"],
        json!({"kind": "instruction", "instruction": "call"})
    );
    let found = as_json(&dir, "why unused guest.wat", "preinit-explained");
    assert_eq!(found["path"], json!(null));
}

#[test]
fn what_is_at_an_address() {
    let dir = scene();
    preinit(dir.path(), "why 0x401 guest.wat")
        .expect(0, "")
        .prints(str![[r#"
address 0x401 (1,025)
  is in the static data
  is byte 1 of data segment 0 `.rodata` (0x400..0x408, 8 bytes)
  holds 65 6c 6c 6f 00 00 00

"#]]);
    preinit(dir.path(), "why 5000 guest.wat --address")
        .expect(0, "")
        .prints(str![[r#"
address 0x1388 (5,000)
  is in the heap
  is in no data segment, so it starts as zero
  is 904 bytes behind the exported address `__heap_base`

"#]]);
    let found = as_json(&dir, "why 0x40_0000 guest.wat", "preinit-explained");
    assert_eq!(found["found"][0]["memory_bytes"], 2 << 16);
    assert_eq!(found["found"][0]["segment"], json!(null));
    preinit(dir.path(), "why xyz guest.wat --address").expect(
        2,
        str![[r#"
error: `xyz` is not an address

Usage: cargo preinit why [OPTIONS] <FUNCTION|ITEM|ADDRESS> <FILE>

For more information, try '--help'.

"#]],
    );
}

#[test]
fn what_init_wrote_at_an_address() {
    let dir = scene();
    preinit(dir.path(), "why 0x800 guest.wat --init-func init")
        .expect(0, "")
        .prints(str![[r#"
address 0x800 (2,048)
  is in the static data
  is byte 0 of data segment 1 `.data` (0x800..0x802, 2 bytes)
  holds 01 02
  holds 07 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 after init
  is changed last while `init` runs, in guest::init:
       0: guest::init

"#]]);
    preinit(dir.path(), "why 0x401 guest.wat --init-func init")
        .expect(0, "")
        .prints(str![[r#"
address 0x401 (1,025)
  is in the static data
  is byte 1 of data segment 0 `.rodata` (0x400..0x408, 8 bytes)
  holds 65 6c 6c 6f 00 00 00
  holds 65 6c 6c 6f 00 00 00 00 00 00 00 00 00 00 00 00 after init
  is not changed by init

"#]]);
    let found = as_json(&dir, "why 0x800 guest.wat --init-func init", "preinit-explained");
    let change = &found["found"][0]["after_init"]["change"];
    assert_eq!(change["step"], "init");
    assert_eq!(change["by"]["function"], "guest::init");
    // Init is not run twice, and what it needs has to be given.
    let found = as_json(&dir, "why 0x800 baked.wasm", "preinit-explained");
    assert_eq!(found["found"][0]["after_init"], json!(null));
    preinit(dir.path(), "why 0x800 guest.wat --init-func call(1,2)").expect(1, str![[r#"
error: init of `guest.wat` was not run: `call(1,2)` called the import `env` `log`, which does not exist at build time
guest backtrace:
     0: guest::call
help: call it after start-up, keep the call out of what runs at build time, or have it do nothing and answer with zero there: `--import 'env.log=zero'`

"#]]);
}

#[test]
fn questions_without_an_answer() {
    let dir = scene();
    preinit(dir.path(), "why guest guest.wat").expect(
        1,
        str![[r#"
error: `guest` is in the names of 5 functions
  - guest::double (function 1)
  - guest::triple (function 2)
  - guest::init (function 3)
  - guest::call (function 4)
  - guest::unused (function 6)
help: give a whole name, or an index

"#]],
    );
    preinit(dir.path(), "why nothing guest.wat").expect(
        1,
        str![[r#"
error: no function is called `nothing` or has it in its name
help: `cargo preinit inspect -v` lists all functions; an unnamed one has an index

"#]],
    );
    preinit(dir.path(), "why 99 guest.wat").expect(
        1,
        str![[r#"
error: there is no function 99

"#]],
    );
    preinit(dir.path(), "why 0 component.wat").expect(
        1,
        str![[r#"
error: the component has 2 core modules, and each has a function of that index
help: say which with `--module`

"#]],
    );
    preinit(dir.path(), "why 0 component.wat --module 1").succeeds();
    preinit(dir.path(), "why 0 component.wat --module 2").expect(
        1,
        str![[r#"
error: there is no core module 2

"#]],
    );
    fs_err::write(dir.path().join("broken.wasm"), b"\0asm\x01\0\0\0\x01\x70").expect("it is writable");
    for args in [
        "inspect broken.wasm",
        "why f broken.wasm",
        "diff guest.wat broken.wasm",
        "diff broken.wasm guest.wat",
    ] {
        preinit(dir.path(), args).expect(
            1,
            str![[r#"
error: `broken.wasm` cannot be read: the module is cut off: it ends at byte 0xa, in the middle of a section

"#]],
        );
    }
    preinit(dir.path(), "inspect missing.wasm").expect(
        1,
        str![[r#"
error: failed to open file `missing.wasm`: No such file or directory (os error 2)

"#]],
    );
}

/// Names come from the file, and drive no terminal.
#[test]
fn names_are_escaped() {
    let wat = "(module (func $f (export \"a\\1b[2J\\nb\")) (memory (export \"\\e2\\80\\ae\") 1) (@custom \"\\07\" \"\"))";
    let dir = dir(&[("in.wat", wat)]);
    for args in ["inspect in.wat -v", "why f in.wat", "diff in.wat in.wat"] {
        let said = preinit(dir.path(), args);
        let text = String::from_utf8_lossy(&said.succeeds().stdout).into_owned();
        let is_plain = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
        assert!(text.chars().all(is_plain), "{text:?}");
    }
}

/// A reader that has seen enough is no error.
#[cfg(unix)]
#[test]
fn into_a_closed_pipe() {
    let dir = scene();
    let mut command = cargo(dir.path());
    let (reader, writer) = std::io::pipe().expect("there are pipes");
    drop(reader);
    command
        .args(["preinit"])
        .args(words("inspect guest.wat -v"))
        .stdout(writer);
    let said = run(&mut command, dir.path());
    said.expect(0, "");
}
