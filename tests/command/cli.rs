//! The command line: `cargo preinit bake` on modules of a few lines, and every error with its text and exit code.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use snapbox::str;
use tempfile::TempDir;

use crate::messages::with_events;
use crate::tool::{Said, cargo, files, run, said, words};

mod documents;
mod mistakes;

mod directories;
mod escapes;
mod if_changed;
mod json;

mod imports;
mod init_stops;
mod inspect;

#[cfg(unix)]
mod outputs;
#[cfg(unix)]
mod paths;
mod time;

mod warnings;

mod precompile;
mod reports;
mod settings;

mod variants;

mod verify;
mod verify_components;

mod watch;

/// Init counts up, `get` returns the count, and `reset` sets it to 0.
const COUNTER: &str = r#"(module
  (global $count (export "count") (mut i32) (i32.const 0))
  (func $up (global.set $count (i32.add (global.get $count) (i32.const 1))))
  (func $reset (export "reset") (global.set $count (i32.const 0)))
  (export "wizer-initialize" (func $up))
  (export "up" (func $up))
  (func (export "get") (result i32) (global.get $count)))
"#;

/// Init prints its environment's size and the first byte of its standard input.
const WASI: &str = r#"(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $put (param $fd i32) (param $start i32) (param $len i32)
    (i32.store (i32.const 0) (local.get $start))
    (i32.store (i32.const 4) (local.get $len))
    (drop (call $write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "environment")
    (drop (call $environ_sizes (i32.const 16) (i32.const 20)))
    (drop (call $environ (i32.const 256) (i32.const 1024)))
    (call $put (i32.const 1) (i32.const 1024) (i32.load (i32.const 20))))
  (func (export "input")
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 64))
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $put (i32.const 1) (i32.const 1024) (i32.load (i32.const 8)))))
"#;

/// A temporary directory with these files.
fn dir(contents: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("there is a place for temporary files");
    for (name, text) in contents {
        fs_err::write(dir.path().join(name), text).expect("the directory is writable");
    }
    dir
}

/// Runs `cargo preinit` with these arguments.
fn preinit(dir: &Path, args: &str) -> Said {
    run(cargo(dir).arg("preinit").args(words(args)), dir)
}

/// Runs `cargo preinit bake` with these arguments. Its events are on standard output, and checked, unless something else is there.
fn bake(dir: &Path, args: &str) -> Said {
    let run = |more: &str| {
        let args = words(args).into_iter().chain(words(more));
        run(cargo(dir).args(["preinit", "bake"]).args(args), dir)
    };
    let is_taken = ["-o -", "-h", "--help"]
        .iter()
        .any(|printing| args.contains(printing));
    if is_taken {
        return run("");
    }
    with_events(run)
}

/// As [`bake`], with a standard input.
fn bake_with_input(dir: &Path, args: &str, input: &str) -> Said {
    let mut child = cargo(dir)
        .args(["preinit", "bake"])
        .args(words(args))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cargo can be started");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(input.as_bytes()).expect("it reads all");
    drop(stdin);
    said(child.wait_with_output().expect("it ends"), dir)
}

/// A module as text.
fn text(wasm: &[u8]) -> String {
    wasmprinter::print_bytes(wasm).expect("the module is valid")
}

/// A baked file as text.
fn baked(dir: &TempDir, name: &str) -> String {
    text(&fs_err::read(dir.path().join(name)).expect("it was written"))
}

#[test]
fn text_in_binary_out() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    bake(dir.path(), "counter.wat -o counter.wasm").expect(
        0,
        str![[r#"
      Baking counter.wat
warning: counter.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
       Baked counter.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    assert!(baked(&dir, "counter.wasm").contains("(mut i32) i32.const 1"));
    assert_eq!(files(dir.path()), ["counter.wasm", "counter.wat"]);
}

#[test]
fn the_example_table() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/tables/tables.wat");
    let dir = dir(&[]);
    fs_err::copy(example, dir.path().join("tables.wat")).expect("it can be copied");
    bake(dir.path(), "tables.wat -o out/tables.wasm").succeeds();
    let text = baked(&dir, "out/tables.wasm");
    assert!(!text.contains("wizer-initialize"), "{text}");
    assert_eq!(files(dir.path()), ["out/tables.wasm", "tables.wat"]);
}

#[test]
fn through_standard_streams() {
    let dir = dir(&[]);
    let said = bake_with_input(dir.path(), "- -o -", COUNTER);
    said.expect(
        0,
        str![[r#"
      Baking standard input
warning: standard input: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
       Baked standard input: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    assert!(text(&said.stdout).contains("(mut i32) i32.const 1"));
    assert!(files(dir.path()).is_empty());
}

#[test]
fn twice_the_same_bytes() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    bake(dir.path(), "counter.wat -o 1.wasm").succeeds();
    bake(dir.path(), "counter.wat -o 2.wasm").succeeds();
    let read = |name: &str| fs_err::read(dir.path().join(name)).expect("it was written");
    assert_eq!(read("1.wasm"), read("2.wasm"));
}

#[test]
fn an_output_that_exists_is_replaced() {
    let dir = dir(&[("counter.wat", COUNTER), ("out.wasm", "old")]);
    bake(dir.path(), "counter.wat -o out.wasm").succeeds();
    assert!(baked(&dir, "out.wasm").contains("(mut i32) i32.const 1"));
    assert_eq!(files(dir.path()), ["counter.wat", "out.wasm"]);
}

/// The output goes to the link's target, whether that exists or not.
#[cfg(unix)]
#[test]
fn an_output_behind_a_link() {
    use fs_err::os::unix::fs::symlink;

    let dir = dir(&[("counter.wat", COUNTER)]);
    symlink("made/by link.wasm", dir.path().join("link.wasm")).expect("links are supported");
    let bake = || bake(dir.path(), "counter.wat -o link.wasm --if-changed");
    bake().succeeds();
    assert!(dir.path().join("link.wasm").is_symlink());
    assert!(baked(&dir, "made/by link.wasm").contains("(mut i32) i32.const 1"));
    let said = bake();
    assert!(
        said.stderr.ends_with("       Fresh counter.wat\n"),
        "{}",
        said.stderr
    );
    fs_err::remove_dir_all(dir.path().join("made")).expect("it is ours");
    bake().succeeds();
    assert!(dir.path().join("made/by link.wasm").is_file());
}

#[test]
fn init_functions_run_in_order() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    let init = "--init-func up --init-func up --init-func reset --init-func up --init-func up";
    bake(dir.path(), &format!("counter.wat -o out.wasm -v {init}")).expect(
        0,
        str![[r#"
      Baking counter.wat
warning: counter.wat: `up`, which has run in the bake, runs again where the host calls `wizer-initialize`, unless it looks whether it has run: let it set a flag, and return at once where that is set
         Ran `up` in [TIME]
     Changed [FIGURES]
         Ran `up` in [TIME]
     Changed [FIGURES]
         Ran `reset` in [TIME]
     Changed [FIGURES]
         Ran `up` in [TIME]
     Changed [FIGURES]
         Ran `up` in [TIME]
     Changed [FIGURES]
     Loading counter.wat: instances will share its memory copy-on-write
      Shrunk counter.wat: 1 functions that only init reached are gone
       Wrote out.wasm (compiled by winch)
       Baked counter.wat: 5 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let text = baked(&dir, "out.wasm");
    assert!(text.contains("(mut i32) i32.const 2"), "{text}");
    assert!(!text.contains(r#"(export "up""#), "{text}");
    assert!(text.contains(r#"(export "wizer-initialize""#), "{text}");
}

#[test]
fn the_compiler_can_be_chosen() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    for compiler in ["winch", "cranelift"] {
        let said = bake(
            dir.path(),
            &format!("counter.wat -o {compiler}.wasm -v --compiler {compiler}"),
        );
        said.succeeds();
        let line = format!("Wrote {compiler}.wasm (compiled by {compiler})");
        assert!(said.stderr.contains(&line), "{}", said.stderr);
    }
    let read = |name: &str| fs_err::read(dir.path().join(name)).expect("it was written");
    assert_eq!(read("winch.wasm"), read("cranelift.wasm"));
    let verify = |compiler: &str| {
        let args = format!("preinit verify winch.wasm counter.wat --compiler {compiler}");
        run(cargo(dir.path()).args(words(&args)), dir.path())
    };
    verify("winch").succeeds();
    verify("cranelift").succeeds();
}

#[test]
fn init_functions_can_be_kept() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    bake(dir.path(), "counter.wat -o out.wasm --keep-init-func").succeeds();
    assert!(baked(&dir, "out.wasm").contains(r#"(export "wizer-initialize" (func $up))"#));
    bake(
        dir.path(),
        "counter.wat -o out.wasm --keep-init-func=empty --verify --keep-dead-code",
    )
    .succeeds();
    let text = baked(&dir, "out.wasm");
    assert!(text.contains(r#"(export "up" (func $up))"#), "{text}");
    assert!(text.contains(r#"(export "wizer-initialize" (func 3))"#), "{text}");
    let args =
        "preinit verify out.wasm counter.wat --keep-init-func=empty --call wizer-initialize() --call get()";
    run(cargo(dir.path()).args(words(args)), dir.path()).expect(
        0,
        str![[r#"
    Verified out.wasm: 2 calls, 1 global the same

"#]],
    );
}

#[test]
fn init_functions_take_arguments_and_return_a_status() {
    let guest = r#"(module (global $g (mut i32) (i32.const 0))
        (func (export "set") (param i32) (result i32) (global.set $g (local.get 0)) (local.get 0))
        (func (export "get") (result i32) (global.get $g)))"#;
    let dir = dir(&[("set.wat", guest)]);
    bake(dir.path(), "set.wat -o out.wasm --init-func set(0) -v").expect(
        0,
        str![[r#"
      Baking set.wat
         Ran `set(0)` in [TIME]
     Loading set.wat: instances will share its memory copy-on-write
      Shrunk set.wat: 1 functions that only init reached are gone
       Wrote out.wasm (compiled by winch)
       Baked set.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    bake(dir.path(), "set.wat -o out.wasm --init-func set(7)").expect(
        1,
        str![[r#"
      Baking set.wat
error: `set.wat` was not baked: `set(7)` returned 7, which stands for a failure
help: take any result with `--init-result ignore`, if it is no status

"#]],
    );
    bake(
        dir.path(),
        "set.wat -o out.wasm --init-func set(7) --init-result ignore",
    )
    .succeeds();
    assert!(baked(&dir, "out.wasm").contains("(mut i32) i32.const 7"));
}

#[test]
fn what_starts_the_module_is_its_init() {
    let guest = r#"(module (global $g (mut i32) (i32.const 0)) (start 0) (func (global.set $g (i32.const 99)))
        (func (export "get") (result i32) (global.get $g)))"#;
    let dir = dir(&[("start.wat", guest)]);
    bake(dir.path(), "start.wat -o out.wasm").expect(
        0,
        str![[r#"
      Baking start.wat
       Baked start.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let text = baked(&dir, "out.wasm");
    assert!(
        text.contains("(mut i32) i32.const 99") && !text.contains("(start"),
        "{text}"
    );
}

#[test]
fn exports_can_be_renamed() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    bake(
        dir.path(),
        "counter.wat -o out.wasm --rename start=get --rename up=reset --keep-dead-code",
    )
    .succeeds();
    let text = baked(&dir, "out.wasm");
    let exports: Vec<&str> = text
        .lines()
        .filter(|line| line.trim_start().starts_with("(export"))
        .collect();
    assert_eq!(
        exports,
        [
            r#"  (export "count" (global $count))"#,
            r#"  (export "up" (func $reset))"#,
            r#"  (export "start" (func 2))"#,
        ]
    );
}

#[test]
fn quiet_and_colourful() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    bake(dir.path(), "counter.wat -o out.wasm -q").expect(0, "");
    let colourful = |said: Said| said.stderr.contains("\x1b[1m");
    assert!(colourful(bake(
        dir.path(),
        "counter.wat -o out.wasm --color always"
    )));
    assert!(colourful(bake(
        dir.path(),
        "counter.wat -o out.wasm --colour-typo --color=always"
    )));
    let by_variable = |name: &str, value: &str, args: &str| {
        let mut command = cargo(dir.path());
        command
            .env(name, value)
            .args(["preinit", "bake", "counter.wat", "-o", "out.wasm"]);
        colourful(run(command.args(words(args)), dir.path()))
    };
    assert!(by_variable("CARGO_TERM_COLOR", "always", ""));
    assert!(!by_variable("CARGO_TERM_COLOR", "always", "--color never"));
    assert!(by_variable("CLICOLOR_FORCE", "1", ""));
    assert!(!by_variable("NO_COLOR", "1", ""));
}

#[test]
fn the_environment_is_what_was_allowed() {
    let dir = dir(&[("wasi.wat", WASI)]);
    let mut command = cargo(dir.path());
    command.env("FROM_HERE", "yes").args(words(
        "preinit bake wasi.wat -o out.wasm --init-func environment --allow-wasi",
    ));
    run(&mut command, dir.path()).expect(
        0,
        str![[r#"
      Baking wasi.wat
warning: wasi.wat: init read the environment, which was empty, in `environment`: each instance sees what init kept of it
       Baked wasi.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    command.args(words("--env A=B=C --env FROM_HERE --env NOT_HERE"));
    run(&mut command, dir.path()).expect(
        0,
        str![[r#"
      Baking wasi.wat
[wasi.wat] A=B=C\u{0}FROM_HERE=yes\u{0}
warning: wasi.wat: init read the environment (`A`, `FROM_HERE`), in `environment`: each instance sees what init kept of it
  - 6 bytes of memory 0 (0x402) by `environment`
       Baked wasi.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
}

/// A read from a pipe may return less than was asked for, depending on the writer; the guest must not see that.
#[test]
fn standard_input_comes_in_whole_buffers() {
    let module = r#"(module
      (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 16)
      (global $first (export "first") (mut i32) (i32.const 0))
      (global $second (export "second") (mut i32) (i32.const 0))
      (func $next (result i32)
        (i32.store (i32.const 0) (i32.const 65536))
        (i32.store (i32.const 4) (i32.const 500000))
        (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
        (i32.load (i32.const 8)))
      (func (export "wizer-initialize")
        (global.set $first (call $next))
        (global.set $second (call $next))
        (memory.fill (i32.const 0) (i32.const 0) (i32.const 1000000))))"#;
    let dir = dir(&[("in.wat", module)]);
    // A replay reads the input again.
    let args = "in.wat -o out.wasm --allow-wasi --verify";
    bake_with_input(dir.path(), args, &"x".repeat(700_000)).succeeds();
    let text = baked(&dir, "out.wasm");
    assert!(text.contains("(mut i32) i32.const 500000)"), "{text}");
    assert!(text.contains("(mut i32) i32.const 200000)"), "{text}");
}

#[test]
fn standard_input_is_handed_through() {
    let dir = dir(&[("wasi.wat", WASI)]);
    bake_with_input(
        dir.path(),
        "wasi.wat -o out.wasm --init-func input --allow-wasi",
        "hello\n",
    )
    .expect(
        0,
        str![[r#"
      Baking wasi.wat
[wasi.wat] hello
warning: wasi.wat: init read standard input, in `input`: what it read is the same in every instance
       Baked wasi.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    // If the module is read from standard input, init finds it at its end.
    bake_with_input(dir.path(), "- -o out.wasm --init-func input --allow-wasi", WASI).expect(
        0,
        str![[r#"
      Baking standard input
warning: standard input: init read standard input, which was at its end, in `input`: each instance sees what init kept of that
       Baked standard input: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
}
