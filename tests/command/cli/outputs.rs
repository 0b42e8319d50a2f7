//! Outputs that are open descriptors of the process, and several outputs that are one file.

use std::fs::File;
use std::io::Write as _;
use std::process::Stdio;

use fs_err::os::unix::fs::symlink;
use snapbox::str;

use super::{WASI, bake, dir, files, text, words};
use crate::tool::{cargo, run, said};

const GUEST: &str = r#"(module
  (global $g (mut i32) (i32.const 0))
  (func (export "wizer-initialize") (global.set $g (i32.const 5)))
  (func (export "get") (result i32) (global.get $g)))
"#;

/// Runs `cargo preinit bake` with a file as standard output.
fn into_file(dir: &std::path::Path, args: &str, stdout: File) -> crate::tool::Said {
    let mut command = cargo(dir);
    command
        .args(["preinit", "bake"])
        .args(words(args))
        .stdout(stdout)
        .stderr(Stdio::piped());
    said(
        command
            .spawn()
            .and_then(std::process::Child::wait_with_output)
            .expect("cargo can be started"),
        dir,
    )
}

#[test]
fn standard_output_by_its_path() {
    let dir = dir(&[("in.wat", GUEST)]);
    let path = dir.path().join("log");
    let mut log = File::create(&path).expect("the directory is writable");
    log.write_all(b"before\n").expect("it is writable");
    let shared = log.try_clone().expect("it is open");
    into_file(dir.path(), "in.wat -o /dev/stdout --if-changed", shared).succeeds();
    let written = fs_err::read(&path).expect("it is there");
    let module = written.strip_prefix(b"before\n").expect("what was there stays");
    assert!(text(module).contains("i32.const 5"));
    // An open file that has no name any more.
    fs_err::remove_file(&path).expect("it is ours");
    into_file(dir.path(), "in.wat -o /dev/fd/1", log).succeeds();
    assert_eq!(files(dir.path()), ["in.wat"]);
    let mut command = cargo(dir.path());
    run(
        command.args(["preinit", "bake", "in.wat", "-o", "/dev/stdout", "--precompile"]),
        dir.path(),
    )
    .expect(
        2,
        str![[r#"
error: `/dev/stdout` is no file, and what is compiled from the baked module would be beside it

"#]],
    );
}

#[test]
fn two_outputs_that_are_one_file() {
    let dir = dir(&[("in.wat", GUEST), ("wasi.wat", WASI)]);
    fs_err::create_dir(dir.path().join("out")).expect("the directory is writable");
    symlink("w.a.wasm", dir.path().join("out/w.b.wasm")).expect("links are supported");
    let args =
        "wasi.wat -o out/w.wasm --init-func environment --allow-wasi --variant a=env:X=1 --variant b=env:X=2";
    bake(dir.path(), args).expect(
        2,
        str![[r#"
error: the outputs `out/w.a.wasm` and `out/w.b.wasm` are one file

"#]],
    );
    symlink("i.wasm", dir.path().join("out/i.cwasm")).expect("links are supported");
    bake(dir.path(), "in.wat -o out/i.wasm --precompile").expect(
        2,
        str![[r#"
error: the outputs `out/i.cwasm` and `out/i.wasm` are one file

"#]],
    );
    assert!(!dir.path().join("out/i.wasm").exists());
}

#[test]
fn the_fingerprint_is_the_input() {
    let dir = dir(&[(".out.wasm.fingerprint", GUEST)]);
    bake(dir.path(), ".out.wasm.fingerprint -o out.wasm --if-changed").expect(
        2,
        str![[r#"
error: the output `.out.wasm.fingerprint` is the input itself
help: `--in-place` replaces the input; the modules of a directory, such as wasm-pack's `pkg/`, are always baked in their places

"#]],
    );
    assert_eq!(files(dir.path()), [".out.wasm.fingerprint"]);
}

#[test]
fn a_file_called_like_standard_input() {
    let dir = dir(&[("-", GUEST), ("other", &GUEST.replace('5', "6"))]);
    let other = || File::open(dir.path().join("other")).expect("it is there");
    let mut command = cargo(dir.path());
    command.args(["preinit", "bake"]);
    run(command.args(words("./- -o out.wasm --if-changed")), dir.path()).succeeds();
    for _ in 0..2 {
        let mut command = cargo(dir.path());
        command.args(["preinit", "bake"]).stdin(other());
        run(command.args(words("- -o out.wasm --if-changed")), dir.path()).expect(
            0,
            str![[r#"
      Baking standard input
       Baked standard input: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
        );
    }
    bake(dir.path(), "./- -o -").succeeds();
}

#[test]
fn nothing_is_beside_a_module_that_cannot_be_written() {
    let dir = dir(&[("in.wat", GUEST)]);
    fs_err::create_dir(dir.path().join("out.wasm")).expect("the directory is writable");
    bake(dir.path(), "in.wat -o out.wasm --precompile").expect(
        1,
        str![[r#"
      Baking in.wat
error: `out.wasm` cannot be written: is a directory

"#]],
    );
    assert_eq!(files(dir.path()), ["in.wat"]);
    bake(dir.path(), "in.wat -o new/").expect(
        1,
        str![[r#"
      Baking in.wat
error: `new/` cannot be written: is a directory

"#]],
    );
    bake(dir.path(), "in.wat -o new/..").expect(
        1,
        str![[r#"
      Baking in.wat
error: `new/..` cannot be written: is a directory

"#]],
    );
    assert_eq!(files(dir.path()), ["in.wat"]);
    bake(dir.path(), "in.wat -o new/ --variant a").succeeds();
    assert_eq!(files(&dir.path().join("new")), ["in.a.wasm"]);
}

#[test]
fn what_is_shown_twice() {
    let dir = dir(&[("wasi.wat", WASI)]);
    let args = "wasi.wat -o out.wasm --init-func environment --allow-wasi";
    bake(dir.path(), &format!("{args} --env X=1 --env X=2")).expect(
        0,
        str![[r#"
      Baking wasi.wat
[wasi.wat] X=2\u{0}
warning: wasi.wat: init read the environment (`X`), in `environment`: each instance sees what init kept of it
  - 1 byte of memory 0 (0x402) by `environment`
       Baked wasi.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    bake(dir.path(), &format!("{args} --dir .::/d --dir ..::/d")).expect(
        2,
        str![[r#"
error: `--dir` shows two directories in one place

Usage: cargo preinit bake [OPTIONS] <INPUT>

For more information, try '--help'.

"#]],
    );
}
