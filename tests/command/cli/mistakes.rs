//! Errors of `cargo preinit bake`: the whole message, the exit code, and no output.

use snapbox::str;
use tempfile::TempDir;

use crate::cli::{COUNTER, bake, baked, dir, preinit};
use crate::tool::{Said, files};

/// Bakes `in.wat` to `out.wasm`, which must fail and leave the old output unchanged.
pub fn fails(module: &str, args: &str) -> Said {
    let dir = dir(&[("in.wat", module), ("out.wasm", "old")]);
    let said = bake(dir.path(), &format!("in.wat -o out.wasm {args}"));
    expect_untouched(&dir, &["in.wat", "out.wasm"]);
    let old = fs_err::read(dir.path().join("out.wasm")).expect("it is still there");
    assert_eq!(old, b"old");
    said
}

fn expect_untouched(dir: &TempDir, expected: &[&str]) {
    assert_eq!(files(dir.path()), expected);
}

#[test]
fn no_output() {
    let dir = dir(&[("in.wat", COUNTER)]);
    bake(dir.path(), "in.wat").expect(
        2,
        str![[r#"
error: `--output` does not say where to write what is baked of `in.wat`
help: `--in-place` replaces the input; the modules of a directory, such as wasm-pack's `pkg/`, are always baked in their places

"#]],
    );
    expect_untouched(&dir, &["in.wat"]);
}

#[test]
fn unknown_flags() {
    let dir = dir(&[]);
    preinit(dir.path(), "--relese").expect(
        2,
        str![[r#"
error: unexpected argument '--relese' found

  tip: a similar argument exists: '--release'

Usage: cargo preinit --release

For more information, try '--help'.

"#]],
    );
    preinit(dir.path(), "bake in.wasm -o out.wasm --release").expect(
        2,
        str![[r#"
error: unexpected argument '--release' found

  tip: to pass '--release' as a value, use '-- --release'

Usage: cargo preinit bake --output <OUTPUT> <INPUT>

For more information, try '--help'.

"#]],
    );
    preinit(dir.path(), "-q -v").expect(
        2,
        str![[r#"
error: the argument '--quiet' cannot be used with '--verbose...'

Usage: cargo preinit --quiet

For more information, try '--help'.

"#]],
    );
    preinit(dir.path(), "--release --profile dev").expect(
        2,
        str![[r#"
error: the argument '--release' cannot be used with '--profile <PROFILE-NAME>'

Usage: cargo preinit --release

For more information, try '--help'.

"#]],
    );
}

#[test]
fn values_that_are_none() {
    fails(COUNTER, "--rename start").expect(
        2,
        str![[r#"
error: invalid value 'start' for '--rename <NEW=OLD>': expected NEW=OLD, two names of exports

For more information, try '--help'.

"#]],
    );
    fails(COUNTER, "--timeout 0").expect(
        2,
        str![[r#"
error: invalid value '0' for '--timeout <SECONDS>': expected a positive number of seconds

For more information, try '--help'.

"#]],
    );
    fails(COUNTER, "--max-memory 1gb").expect(2, str![[r#"
error: invalid value '1gb' for '--max-memory <BYTES>': expected a number of bytes, such as 65536, 512MiB or 2GiB

For more information, try '--help'.

"#]]);
    fails(COUNTER, "--compiler llvm").expect(
        2,
        str![[r#"
error: invalid value 'llvm' for '--compiler <COMPILER>'
  [possible values: auto, winch, cranelift]

For more information, try '--help'.

"#]],
    );
    fails(COUNTER, "--max-stack 0").expect(
        2,
        str![[r#"
error: invalid value '0' for '--max-stack <BYTES>': init cannot be called without a stack

For more information, try '--help'.

"#]],
    );
    fails(COUNTER, "--max-stack 0KiB").expect(
        2,
        str![[r#"
error: invalid value '0KiB' for '--max-stack <BYTES>': init cannot be called without a stack

For more information, try '--help'.

"#]],
    );
    fails(COUNTER, "--env =value --allow-wasi").expect(2, str![[r#"
error: invalid value '=value' for '--env <NAME[=VALUE]>': expected NAME or NAME=VALUE, where the name is not empty

For more information, try '--help'.

"#]]);
    fails(COUNTER, "--env= --allow-wasi").expect(
        2,
        str![[r#"
error: invalid value '' for '--env <NAME[=VALUE]>': expected NAME or NAME=VALUE, where the name is not empty

For more information, try '--help'.

"#]],
    );
    fails(COUNTER, "--dir ::guest --allow-wasi").expect(
        2,
        str![[r#"
error: invalid value '::guest' for '--dir <HOST[::GUEST]>': expected HOST::GUEST, two directories

For more information, try '--help'.

"#]],
    );
}

#[test]
fn env_without_wasi() {
    fails(COUNTER, "--env A=B").expect(
        2,
        str![[r#"
error: `--env`, `--dir` and `--arg` say what WASI shows to init, so they need `--allow-wasi`

Usage: cargo preinit bake [OPTIONS] <INPUT>

For more information, try '--help'.

"#]],
    );
}

#[test]
fn the_output_is_the_input() {
    let dir = dir(&[("in.wat", COUNTER)]);
    bake(dir.path(), "in.wat -o ./in.wat").expect(
        2,
        str![[r#"
error: the output `./in.wat` is the input itself
help: `--in-place` replaces the input; the modules of a directory, such as wasm-pack's `pkg/`, are always baked in their places

"#]],
    );
    assert_eq!(
        fs_err::read_to_string(dir.path().join("in.wat")).expect("it is there"),
        COUNTER
    );
}

#[test]
fn the_output_is_a_directory() {
    let dir = dir(&[("in.wat", COUNTER)]);
    fs_err::create_dir(dir.path().join("out")).expect("the directory is writable");
    bake(dir.path(), "in.wat -o out").expect(
        1,
        str![[r#"
      Baking in.wat
warning: in.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
error: `out` cannot be written: is a directory

"#]],
    );
    bake(dir.path(), "in.wat -o .").expect(
        1,
        str![[r#"
      Baking in.wat
warning: in.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
error: `.` cannot be written: is a directory

"#]],
    );
    expect_untouched(&dir, &["in.wat"]);
}

#[cfg(unix)]
#[test]
fn the_output_is_a_link_to_itself() {
    let dir = dir(&[("in.wat", COUNTER)]);
    let out = dir.path().join("out.wasm");
    fs_err::os::unix::fs::symlink("out.wasm", &out).expect("links are supported");
    bake(dir.path(), "in.wat -o out.wasm").expect(
        1,
        str![[r#"
      Baking in.wat
warning: in.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
error: `out.wasm` cannot be written: Too many levels of symbolic links (os error 40)

"#]],
    );
    assert!(out.is_symlink());
}

#[test]
fn the_output_is_below_a_file() {
    let dir = dir(&[("in.wat", COUNTER)]);
    bake(dir.path(), "in.wat -o in.wat/out.wasm").expect(
        1,
        str![[r#"
      Baking in.wat
warning: in.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
error: failed to create directory `in.wat`: File exists (os error 17)

"#]],
    );
    expect_untouched(&dir, &["in.wat"]);
}

#[test]
fn the_input_is_missing() {
    let dir = dir(&[]);
    bake(dir.path(), "in.wasm -o out.wasm").expect(
        1,
        str![[r#"
      Baking in.wasm
error: failed to open file `in.wasm`: No such file or directory (os error 2)

"#]],
    );
    bake(dir.path(), ". -o out.wasm").expect(
        2,
        str![[r#"
error: `.` is a directory, whose modules are baked in their places
help: leave `--output` away, or name one of its files

"#]],
    );
    expect_untouched(&dir, &[]);
}

#[test]
fn the_input_is_no_webassembly() {
    fails("\u{7f}ELF", "").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: this is not WebAssembly: the file does not start with `\0asm`

"#]],
    );
    fails("", "").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: this is not WebAssembly: the file does not start with `\0asm`

"#]],
    );
    fails("(module (func (result i32) nonsense))", "").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the WebAssembly text does not parse
unknown operator or unexpected token
     --> <anon>:1:28
      |
    1 | (module (func (result i32) nonsense))
      |                            ^

"#]],
    );
    fails("(module (func (result i32)))", "").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the module is not valid: type mismatch: expected i32 but nothing on stack (at byte 0x18)

"#]]);
}

#[test]
fn the_input_is_cut_off() {
    let dir = dir(&[("in.wat", COUNTER)]);
    bake(dir.path(), "in.wat -o whole.wasm").succeeds();
    assert!(!baked(&dir, "whole.wasm").is_empty());
    let whole = fs_err::read(dir.path().join("whole.wasm")).expect("it was written");
    let part = dir.path().join("part.wasm");
    let write = |len: usize| fs_err::write(&part, &whole[..len]).expect("the directory is writable");
    write(whole.len() / 2);
    bake(dir.path(), "part.wasm -o out.wasm").expect(
        1,
        str![[r#"
      Baking part.wasm
error: `part.wasm` was not baked: the module is cut off: it ends at byte 0x52, in the middle of a section

"#]],
    );
    write(6);
    bake(dir.path(), "part.wasm -o out.wasm").expect(
        1,
        str![[r#"
      Baking part.wasm
error: `part.wasm` was not baked: the module is cut off: it ends at byte 0x6, in the middle of a section

"#]],
    );
    expect_untouched(&dir, &["in.wat", "part.wasm", "whole.wasm"]);
}

#[test]
fn nothing_to_run() {
    fails("(module)", "").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the module has nothing to run: no `#[preinit]` item, no export `wizer-initialize` or `wizer.initialize`, and nothing that starts it
help: name the function with `--init-func NAME`, or mark items with `#[preinit]` from the crate `preinit-guest`

"#]]);
    fails(COUNTER, "--init-func wizer-initialise").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: there is no exported function `wizer-initialise`; did you mean `wizer-initialize`?
help: export the function, or name another with `--init-func`

"#]]);
    fails(COUNTER, "--init-func up(1)").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the init function `up` takes no arguments, and is given 1
help: give the arguments with its name, as in `--init-func 'run(1, 2)'`

"#]],
    );
}

#[test]
fn renames_that_cannot_be() {
    fails(COUNTER, "--rename new=missing").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the module cannot be baked
  - there is no export `missing` that could be renamed
help: check the part behind the `=` of `--rename NEW=OLD`

"#]],
    );
    fails(COUNTER, "--rename a=get --rename a=reset").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the module cannot be baked
  - two exports would be named `a`
help: give each `--rename NEW=OLD` a name of its own

"#]],
    );
}

/// What Wizer calls otherwise is understood where it means the same, and else it is said what is.
#[test]
fn options_of_wizer() {
    let guest = r#"(module
        (global $g (mut i32) (i32.const 0))
        (func (export "init") (global.set $g (i32.const 5)))
        (func (export "old") (result i32) (global.get $g)))"#;
    let dir = dir(&[("in.wat", guest)]);
    let args = "in.wat -o out.wasm --init-func init --allow-wasi --mapdir /::. --func-rename new=old --keep-init-func=true";
    bake(dir.path(), args).succeeds();
    let out = super::baked(&dir, "out.wasm");
    assert!(
        out.contains(r#"(export "new""#) && out.contains(r#"(export "init""#),
        "{out}"
    );
    bake(
        dir.path(),
        "in.wat -o out.wasm --init-func init --keep-init-func=false",
    )
    .succeeds();
    assert!(!super::baked(&dir, "out.wasm").contains(r#"(export "init""#));
    for (flag, said) in [
        (
            "--inherit-env",
            "error: init sees no variable of this machine unless it is named: give `--env NAME` for each\n",
        ),
        (
            "--inherit-stdio",
            "error: what init prints is shown in any case, and `bake --allow-wasi` hands standard input through\n",
        ),
    ] {
        let found = bake(dir.path(), &format!("in.wat -o out.wasm {flag}"));
        assert!(found.stderr.starts_with(said), "{}", found.stderr);
    }
}

#[test]
fn what_is_baked_already() {
    for (guest, init) in [
        (COUNTER, "wizer-initialize"),
        (preinit_tests::component::SMALL, "wizer-initialize"),
    ] {
        let dir = dir(&[("in.wat", guest)]);
        bake(dir.path(), &format!("in.wat -o out.wasm --init-func {init}")).succeeds();
        bake(dir.path(), "out.wasm -o again.wasm").expect(
            1,
            str![[r#"
      Baking out.wasm
error: `out.wasm` was not baked: the module is baked already, by cargo-preinit [..]: init has run, and nothing is left to run
help: bake the module that cargo or the linker made

"#]],
        );
    }
}
