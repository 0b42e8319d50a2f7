//! `--precompile`: the names of the images, the messages about them, and the errors.

use snapbox::str;

use crate::cli::mistakes::fails;
use crate::cli::{COUNTER, bake, baked, dir};
use crate::tool::{cargo, files, run, words};

#[test]
fn images_are_beside_the_module() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    bake(
        dir.path(),
        "--precompile counter.wat --precompile=pulley64be -o out/my.counter.wasm --precompile=s390x-unknown-linux-gnu",
    )
    .expect(
        0,
        str![[r#"
      Baking counter.wat
warning: counter.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
    Compiled counter.wat for this machine: out/my.counter.cwasm, [SIZE]
    Compiled counter.wat for `pulley64be`: out/my.counter.pulley64be.cwasm, [SIZE]
    Compiled counter.wat for `s390x-unknown-linux-gnu`: out/my.counter.s390x-unknown-linux-gnu.cwasm, [SIZE]
       Baked counter.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    assert_eq!(
        files(dir.path()),
        [
            "counter.wat",
            "out/my.counter.cwasm",
            "out/my.counter.pulley64be.cwasm",
            "out/my.counter.s390x-unknown-linux-gnu.cwasm",
            "out/my.counter.wasm",
        ]
    );
    assert!(baked(&dir, "out/my.counter.wasm").contains("(mut i32) i32.const 1"));
}

/// wasmtime reads this variable at compilation, and would put the setting into the image.
#[test]
fn an_image_does_not_depend_on_the_environment() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    let mut command = cargo(dir.path());
    command
        .env("WASMTIME_BACKTRACE_DETAILS", "1")
        .args(words("preinit bake counter.wat -o with.wasm --precompile"));
    run(&mut command, dir.path()).succeeds();
    bake(dir.path(), "counter.wat -o without.wasm --precompile").succeeds();
    let read = |name: &str| fs_err::read(dir.path().join(name)).expect("it was written");
    assert!(read("with.cwasm") == read("without.cwasm"));
}

/// An image's name always differs from the module's.
#[test]
fn an_image_never_takes_the_modules_name() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    bake(dir.path(), "counter.wat -o out.cwasm --precompile -q").expect(0, "");
    bake(dir.path(), "counter.wat -o out --precompile --precompile -q").expect(0, "");
    assert_eq!(
        files(dir.path()),
        ["counter.wat", "out", "out.cwasm", "out.cwasm.cwasm"]
    );
}

#[test]
fn the_warning_names_what_a_host_has_to_enable() {
    let module = r#"(module
        (memory (export "memory") 0 (pagesize 1))
        (func (export "wizer-initialize") (drop (memory.grow (i32.const 1)))))"#;
    let dir = dir(&[("in.wat", module)]);
    bake(dir.path(), "in.wat -o out.wasm --precompile").expect(
        0,
        str![[r#"
      Baking in.wat
warning: in.wat: the baked module exports no function that its host could call: export what is to be called after init
warning: in.wat: what loads the compiled module has to enable in its `wasmtime::Config`: `wasm_custom_page_sizes`
    Compiled in.wat for this machine: out.cwasm, [SIZE]
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
}

#[test]
fn standard_output_has_nothing_beside_it() {
    let dir = dir(&[("in.wat", COUNTER)]);
    bake(dir.path(), "in.wat -o - --precompile").expect(
        2,
        str![[r#"
error: `--precompile` writes files beside the output, and standard output has no place beside it

Usage: cargo preinit bake [OPTIONS] <INPUT>

For more information, try '--help'.

"#]],
    );
    assert_eq!(files(dir.path()), ["in.wat"]);
}

#[test]
fn what_is_no_target() {
    fails(COUNTER, "--precompile=i686-unknown-linux-gnu").expect(2, str![[r#"
error: invalid value 'i686-unknown-linux-gnu' for '--precompile[=<TRIPLE>]': wasmtime does not compile for `i686`; expected `host`, one of `pulley32`, `pulley32be`, `pulley64`, `pulley64be`, or a triple of aarch64, riscv64gc, s390x or x86_64 with an operating system, such as `x86_64-unknown-linux-gnu`

For more information, try '--help'.

"#]]);
}

#[test]
fn settings_are_for_images() {
    fails(COUNTER, "--precompile-engine consume-fuel").expect(
        2,
        str![[r#"
error: `--precompile-engine` says what the engine of `--precompile` sets, so it needs that option

Usage: cargo preinit bake [OPTIONS] <INPUT>

For more information, try '--help'.

"#]],
    );
    fails(COUNTER, "--precompile --precompile-engine fuel").expect(
        2,
        str![[r#"
error: invalid value 'fuel' for '--precompile-engine <SETTING>'
  [possible values: consume-fuel, epoch-interruption, no-concurrency-support]

For more information, try '--help'.

"#]],
    );
    let dir = dir(&[("in.wat", COUNTER)]);
    bake(
        dir.path(),
        "in.wat -o out.wasm -q --precompile --precompile-engine consume-fuel --precompile-engine epoch-interruption",
    )
    .expect(0, "");
}

/// A proposal that wasmtime does not compile for Pulley.
#[test]
fn what_the_engine_does_not_compile() {
    let module = r#"(module
        (memory 1)
        (func (export "wizer-initialize"))
        (func (export "set") (i32.atomic.store (i32.const 0) (i32.const 1))))"#;
    fails(module, "--precompile=pulley64").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the engine does not compile the module for `pulley64`: the wasm_threads feature is not supported on this compiler configuration

"#]]);
}

/// Images are written before the module, so that a new module always has new images.
#[test]
fn an_image_that_cannot_be_written() {
    let dir = dir(&[("in.wat", COUNTER), ("out.wasm", "old")]);
    fs_err::create_dir(dir.path().join("out.pulley32.cwasm")).expect("the directory is writable");
    bake(
        dir.path(),
        "in.wat -o out.wasm --precompile --precompile=pulley32",
    )
    .expect(
        1,
        str![[r#"
      Baking in.wat
warning: in.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
error: `out.pulley32.cwasm` cannot be written: is a directory

"#]],
    );
    let old = fs_err::read(dir.path().join("out.wasm")).expect("it is still there");
    assert_eq!(old, b"old");
}

#[test]
fn an_image_does_not_replace_the_input() {
    let dir = dir(&[("in.cwasm", COUNTER)]);
    bake(dir.path(), "in.cwasm -o in.wasm --precompile").expect(
        2,
        str![[r#"
error: the output `in.cwasm` is the input itself
help: `--in-place` replaces the input; the modules of a directory, such as wasm-pack's `pkg/`, are always baked in their places

"#]],
    );
    let input = fs_err::read_to_string(dir.path().join("in.cwasm")).expect("it is still there");
    assert_eq!(input, COUNTER);
    assert_eq!(files(dir.path()), ["in.cwasm"]);
}
