//! `--dir`: what init finds there, and what it does not.

use std::time::{Duration, SystemTime};

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
