//! The bounds on the time and memory of a whole bake.

use std::path::Path;
use std::process::{Child, Stdio};

use snapbox::str;
use tempfile::TempDir;
use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection,
    ValType,
};

use super::{COUNTER, bake, dir};
use crate::tool::{Said, cargo, files, said, words};

/// A module of half a megabyte that keeps Cranelift busy for minutes: many branches, which assign to many locals.
fn slow_to_compile() -> Vec<u8> {
    const BRANCHES: u32 = 40_000;
    const LOCALS: u32 = 1000;
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("wizer-initialize", ExportKind::Func, 0);
    let mut body = Function::new([(LOCALS, ValType::I32)]);
    let mut sink = body.instructions();
    for branch in 0..BRANCHES {
        sink.local_get(branch % LOCALS)
            .if_(BlockType::Empty)
            .i32_const(1)
            .local_set(branch * 7 % LOCALS)
            .end();
    }
    sink.end();
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&exports)
        .section(&code);
    module.finish()
}

/// A directory with the module and an old output.
fn scene(guest: &[u8]) -> TempDir {
    let dir = dir(&[("out.wasm", "old")]);
    fs_err::write(dir.path().join("in.wasm"), guest).expect("the directory is writable");
    dir
}

/// Checks that the old output is unchanged, and no file was added.
fn nothing_is_written(dir: &TempDir) {
    let output = fs_err::read(dir.path().join("out.wasm")).expect("it is there");
    assert_eq!(output, b"old");
    assert_eq!(files(dir.path()), ["in.wasm", "out.wasm"]);
}

/// Starts a bake whose standard streams are pipes.
fn start(dir: &Path, args: &str) -> Child {
    cargo(dir)
        .args(["preinit", "bake"])
        .args(words(args))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cargo can be started")
}

/// Waits for a bake, without writing to its standard input or reading its standard output.
fn without_company(mut child: Child, dir: &Path) -> Said {
    let _input = child.stdin.take().expect("it is a pipe");
    let output = child.stdout.take().expect("it is a pipe");
    let mut said = said(child.wait_with_output().expect("it ends"), dir);
    drop(output);
    said.stdout.clear();
    said
}

#[test]
fn a_compilation_takes_too_long() {
    let dir = scene(&slow_to_compile());
    bake(dir.path(), "in.wasm -o out.wasm --compiler cranelift --timeout 2").expect(
        1,
        str![[r#"
      Baking in.wasm
error: `in.wasm` was not baked: still compiling the module for its run after 2 s in all
help: give all of it longer with `--timeout SECONDS`, if it does end

"#]],
    );
    nothing_is_written(&dir);
}

#[test]
fn an_input_does_not_end() {
    let dir = scene(b"");
    for args in ["", "--if-changed", "--variant a --variant b"] {
        let child = start(dir.path(), &format!("- -o out.wasm --timeout 0.5 {args}"));
        without_company(child, dir.path()).expect(
            1,
            str![[r#"
      Baking standard input
error: `standard input` was not baked: still reading the module after 0.5 s in all
help: give all of it longer with `--timeout SECONDS`, if it does end

"#]],
        );
        nothing_is_written(&dir);
    }
}

#[test]
fn nobody_takes_the_output() {
    // The output is larger than a pipe's buffer.
    let guest = r#"(module (memory (export "memory") 32)
        (func (export "run"))
        (func (export "wizer-initialize") (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x200000))))"#;
    let dir = scene(guest.as_bytes());
    let child = start(dir.path(), "in.wasm -o - --timeout 3");
    without_company(child, dir.path()).expect(
        1,
        str![[r#"
      Baking in.wasm
error: `in.wasm` was not baked: still writing the baked module after 3 s in all
help: give all of it longer with `--timeout SECONDS`, if it does end

"#]],
    );
}

/// The engine cannot interrupt a host function, here `fd_read`.
#[test]
fn init_waits_for_an_input() {
    let guest = r#"(module
        (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "wizer-initialize")
            (i32.store (i32.const 4) (i32.const 1))
            (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))))"#;
    let dir = scene(guest.as_bytes());
    let child = start(dir.path(), "in.wasm -o out.wasm --allow-wasi --timeout 3");
    without_company(child, dir.path()).expect(
        1,
        str![[r#"
      Baking in.wasm
error: `in.wasm` was not baked: still running init after 3 s in all
help: give all of it longer with `--timeout SECONDS`, if it does end

"#]],
    );
    nothing_is_written(&dir);
}

#[test]
#[cfg(target_os = "linux")]
fn an_input_takes_all_memory() {
    let dir = scene(b"");
    let args = "/dev/zero -o out.wasm --max-memory 1MiB";
    bake(dir.path(), args).expect(1, str![[r#"
      Baking zero
error: `zero` was not baked: reading the module took more than 1081081856 bytes of this machine's memory
help: allow more with `--max-memory BYTES`: the tool itself may take several times as much, and more for a large module

"#]]);
    nothing_is_written(&dir);
}

/// A bake within its bounds is not ended.
#[test]
fn time_is_left() {
    let dir = scene(COUNTER.as_bytes());
    bake(dir.path(), "in.wasm -o out.wasm --timeout 600 --max-memory 64KiB").succeeds();
    assert_eq!(files(dir.path()), ["in.wasm", "out.wasm"]);
}

/// Init prints more than a pipe's buffer, which is not read: the error cannot be printed either, and the process still ends.
#[test]
fn nobody_reads_what_is_said() {
    let guest = r#"(module
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 4)
        (func (export "run"))
        (func (export "wizer-initialize")
            (memory.fill (i32.const 16) (i32.const 97) (i32.const 200000))
            (i32.store (i32.const 0) (i32.const 16))
            (i32.store (i32.const 4) (i32.const 200000))
            (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))))"#;
    let dir = scene(guest.as_bytes());
    let mut child = start(dir.path(), "in.wasm -o out.wasm --allow-wasi --timeout 2");
    let code = child.wait().expect("it ends").code();
    assert_eq!(code, Some(1));
    nothing_is_written(&dir);
}
