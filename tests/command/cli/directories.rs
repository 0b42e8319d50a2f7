//! `--dir`: the files that init finds in a directory, and the advice about those that it does not.

use std::time::{Duration, SystemTime};

use snapbox::str;

use super::mistakes::fails;
use super::{bake, dir};

/// Init looks at a file and lists the directory.
const LOOKS: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $st (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir" (func $rd (param i32 i32 i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (global $e (export "e") (mut i32) (i32.const -1))
  (data (i32.const 512) "f1")
  (func (export "wizer-initialize")
    (global.set $e (call $st (i32.const 3) (i32.const 0) (i32.const 512) (i32.const 2) (i32.const 0)))
    (drop (call $rd (i32.const 3) (i32.const 1024) (i32.const 2048) (i64.const 0) (i32.const 128)))))
"#;

#[test]
fn what_the_host_keeps_of_files_is_not_in_the_output() {
    let dir = dir(&[("in.wat", LOOKS)]);
    let write = |name: &str| fs_err::write(dir.path().join(name), "the same").expect("it is writable");
    for copy in ["one", "two"] {
        fs_err::create_dir(dir.path().join(copy)).expect("it is writable");
    }
    for name in ["one/f1", "one/f2", "one/f3", "two/f3", "two/f1"] {
        write(name);
    }
    fs_err::hard_link(dir.path().join("two/f1"), dir.path().join("two/f2")).expect("there are hard links");
    let file = std::fs::File::options()
        .write(true)
        .open(dir.path().join("two/f3"));
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    file.and_then(|file| file.set_modified(old)).expect("it is ours");
    for copy in ["one", "two"] {
        let args = format!("in.wat -o {copy}.wasm --allow-wasi --dir {copy}");
        bake(dir.path(), &args).succeeds();
    }
    let read = |name: &str| fs_err::read(dir.path().join(name)).expect("it was written");
    assert!(read("one.wasm") == read("two.wasm"));
}

/// Init opens a file, and traps if that fails.
const WANTS: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "data/x.json")
  (func $init (export "wizer-initialize")
    (if (call $open (i32.const 3) (i32.const 1) (i32.const 0) (i32.const 11) (i32.const 0) (i64.const 2) (i64.const 2)
      (i32.const 0) (i32.const 16)) (then unreachable))))
"#;

#[test]
fn a_file_is_missing() {
    let expected = r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` trapped: wasm `unreachable` instruction executed
guest backtrace:
     0: init
help: init looked for `data/x.json`: show it a directory with `--dir HOST::GUEST`
"#
    .trim_start_matches('\n');
    fails(WANTS, "--allow-wasi").expect(1, expected);
    let empty = tempfile::tempdir().expect("there is a place for temporary files");
    let empty = empty.path().display();
    fails(WANTS, &format!("--allow-wasi --dir {empty}::.")).expect(1, expected);
    fails(WANTS, &format!("--allow-wasi --dir {empty}::/srv")).expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` trapped: wasm `unreachable` instruction executed
guest backtrace:
     0: init
help: init looked for `/srv/data/x.json`: show it a directory with `--dir HOST::GUEST`

"#]],
    );
    let dir = dir(&[("in.wat", WANTS)]);
    fs_err::create_dir(dir.path().join("data")).expect("it is writable");
    fs_err::write(dir.path().join("data/x.json"), "{}").expect("it is writable");
    bake(dir.path(), "in.wat -o out.wasm --allow-wasi --dir .").expect(
        0,
        str![[r#"
      Baking in.wat
warning: in.wat: init used the preopened directories (`.`), in `wizer-initialize` by `init`: each instance sees what init kept of them
  - 1 byte of memory 0 (0x10) by `wizer-initialize`
warning: in.wat: init left open what no instance has open: `data/x.json`
warning: in.wat: the baked module exports no function that its host could call: export what is to be called after init
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
}

/// The help lists the missing files in the order of the last lookup, each once.
#[test]
fn many_files_are_missing() {
    let looks = |names: &str| -> String {
        names
            .chars()
            .map(|name| {
                let address = u32::from(name);
                format!("(drop (call $st (i32.const 3) (i32.const 0) (i32.const {address}) (i32.const 1) (i32.const 256)))")
            })
            .collect()
    };
    let module = format!(
        r#"(module
        (import "wasi_snapshot_preview1" "path_filestat_get" (func $st (param i32 i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 97) "abcdef")
        (func $init (export "wizer-initialize") {} unreachable))"#,
        looks("abcbdb")
    );
    let said = fails(&module, "--allow-wasi");
    assert!(
        said.stderr.contains("help: init looked for `c`, `d`, `b`: show"),
        "{}",
        said.stderr
    );
}

/// wasi-libc asks for the preopened directories before it looks for a file. Without any it does not look.
#[test]
fn no_directory_to_look_in() {
    let module = r#"(module
        (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func $init (export "wizer-initialize")
          (if (call $prestat (i32.const 3) (i32.const 0)) (then unreachable))))"#;
    fails(module, "--allow-wasi").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` trapped: wasm `unreachable` instruction executed
guest backtrace:
     0: init
help: init asked for directories, and is shown none: if it looks for files, show it a directory with `--dir HOST::GUEST`

"#]]);
    // Rust's std prints this message instead of looking.
    let module = r#"(module
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\08\00\00\00\57\00\00\00")
        (data (i32.const 8) "failed to find a pre-opened file descriptor through which \"data/x.json\" could be opened\n")
        (func $init (export "wizer-initialize")
          (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 128)))
          unreachable))"#;
    fails(module, "--allow-wasi").expect(
        1,
        str![[r#"
      Baking in.wat
[in.wat] failed to find a pre-opened file descriptor through which "data/x.json" could be opened
error: `in.wat` was not baked: `wizer-initialize` trapped: wasm `unreachable` instruction executed
guest backtrace:
     0: init
help: init looked for `data/x.json`: show it a directory with `--dir HOST::GUEST`

"#]],
    );
}
