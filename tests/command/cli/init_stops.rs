//! An init that does not complete: the whole message, the exit code, and no output.

use snapbox::str;

use crate::cli::WASI;
use crate::cli::mistakes::fails;

#[test]
fn init_traps() {
    let module = r#"(module
        (func $innermost unreachable)
        (func $_ZN5guest5table17h0123456789abcdefE (call $innermost))
        (func (export "wizer-initialize") (call $_ZN5guest5table17h0123456789abcdefE)))"#;
    fails(module, "").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` trapped: wasm `unreachable` instruction executed
guest backtrace:
     0: innermost
     1: guest::table
     2: function 2, which has no name

"#]],
    );
}

#[test]
fn init_calls_an_import() {
    let module = r#"(module
        (import "env" "log" (func $log (param i32)))
        (func $greet (call $log (i32.const 1)))
        (func (export "wizer-initialize") (call $greet)))"#;
    fails(module, "").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` called the import `env` `log`, which does not exist at build time
guest backtrace:
     0: greet
     1: function 2, which has no name
help: call it after start-up, keep the call out of what runs at build time, or have it do nothing and answer with zero there: `--import 'env.log=zero'`

"#]]);
    fails(WASI, "--init-func environment").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `environment` called the import `wasi_snapshot_preview1` `environ_sizes_get`, which does not exist at build time
guest backtrace:
     0: function 5, which has no name
help: allow WASI with `--allow-wasi` (its clock and random numbers are fixed), or let init do without

"#]]);
}

/// The timeout is for the whole bake, and long enough for the stages before init on every machine.
#[test]
fn init_does_not_end() {
    let module = r#"(module (func $wait (loop (br 0))) (func (export "wizer-initialize") (call $wait)))"#;
    fails(module, "--timeout 3").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` was still running after 3 s
guest backtrace:
     0: wait
     1: function 1, which has no name
help: give it longer with `--timeout SECONDS`, if it does end

"#]],
    );
}

#[test]
fn init_ends_the_program() {
    let module = |code: i32, prints: &str| {
        format!(
            r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "\08\00\00\00\11\00\00\00" "no configuration\n")
            (func $init (export "wizer-initialize") {prints} (call $exit (i32.const {code}))))"#
        )
    };
    let prints = "(drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 32)))";
    fails(&module(7, prints), "--allow-wasi").expect(
        1,
        str![[r#"
      Baking in.wat
[in.wat] no configuration
error: `in.wat` was not baked: `wizer-initialize` ended the program with exit code 7
guest backtrace:
     0: init
help: init itself ended with that code: what it printed says why

"#]],
    );
    // Exit codes outside of a system's range are shown as well.
    fails(&module(-1, ""), "--allow-wasi").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` ended the program with exit code -1
guest backtrace:
     0: init
help: init itself ended with that code, and printed nothing that says why

"#]],
    );
    fails(&module(0, prints), "--allow-wasi").expect(
        1,
        str![[r#"
      Baking in.wat
[in.wat] no configuration
error: `in.wat` was not baked: `wizer-initialize` ended the program with exit code 0
guest backtrace:
     0: init
help: let init return instead

"#]],
    );
}

#[test]
fn init_waits_for_the_clock() {
    // Init waits for a time that the virtual clock, which advances by 1 us at each reading, does not reach.
    let asks = r#"(module
        (import "wasi_snapshot_preview1" "clock_time_get" (func $now (param i32 i64 i32) (result i32)))
        (memory (export "memory") 1)
        (func $init (export "wizer-initialize")
          (loop (br_if 0 (i32.eqz (call $now (i32.const 1) (i64.const 0) (i32.const 0)))))))"#;
    fails(asks, "--allow-wasi --timeout 3").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` was still running after 3 s
guest backtrace:
     0: init
help: init seems to wait for the clock, which it read [..] times and waited for 0 times: time in a bake is virtual, and moves only by what is waited for and by 1 us at each reading; keep the wait out of what runs at build time, or give it longer with `--timeout SECONDS`, if it does end

"#]]);
    let sleeps = r#"(module
        (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func $init (export "wizer-initialize")
          (loop (br_if 0 (i32.eqz (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))))))"#;
    fails(sleeps, "--allow-wasi --timeout 3").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` was still running after 3 s
guest backtrace:
     0: init
help: init seems to wait for the clock, which it read 0 times and waited for [..] times: time in a bake is virtual, and moves only by what is waited for and by 1 us at each reading; keep the wait out of what runs at build time, or give it longer with `--timeout SECONDS`, if it does end

"#]]);
}

#[test]
fn init_wants_too_much() {
    let memory = r#"(module
        (memory 1)
        (func (export "wizer-initialize") (loop (drop (memory.grow (i32.const 16))) (br 0))))"#;
    fails(memory, "--max-memory 1MiB --timeout 20").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` asked for more than 1048576 bytes of memory
guest backtrace:
     0: function 0, which has no name
help: allow more with `--max-memory BYTES`

"#]],
    );
    let table = r#"(module
        (table 1 funcref)
        (func (export "wizer-initialize") (loop (drop (table.grow (ref.null func) (i32.const 16))) (br 0))))"#;
    fails(table, "--max-table-elements 100 --timeout 20").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` asked for more than 100 table elements
guest backtrace:
     0: function 0, which has no name
help: allow more with `--max-table-elements N`

"#]],
    );
    let stack = r#"(module (func $down (export "wizer-initialize") (call $down)))"#;
    fails(stack, "--max-stack 64KiB").expect(
        1,
        str![[r#"
      Baking in.wat
error: `in.wat` was not baked: `wizer-initialize` nested its calls deeper than 65536 bytes of stack
guest backtrace:
     0: down
...
help: allow more with `--max-stack BYTES`, if the recursion does end

"#]],
    );
}

#[test]
fn a_directory_for_init_is_missing() {
    fails(WASI, "--init-func environment --allow-wasi --dir nowhere::/").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the directory `nowhere` of `--dir` cannot be listed: No such file or directory (os error 2)
help: check the part before the `::` of `--dir HOST::GUEST`

"#]]);
}

#[test]
fn winch_does_not_take_the_module() {
    let module = r#"(module (func $init (export "wizer-initialize") (return_call $init)))"#;
    fails(module, "--compiler winch").expect(1, str![[r#"
      Baking in.wat
error: `in.wat` was not baked: the compiler Winch does not take the module: failed to compile: wasm[0]::function[0]::init: Compilation error: tail calls support is not enabled (at offset 0x33)
help: use `--compiler auto`, which compiles with Cranelift what Winch does not take

"#]]);
}

/// Winch does not compile `$other`, which is never called. If anything was compiled first, that would be the error.
#[test]
fn what_is_certain_is_said_before_anything_is_compiled() {
    let check = |start: &str, said: &str| {
        let module = format!(
            r#"(module (import "env" "memory" (memory 1)) (import "env" "now" (func $now))
                (func $other (return_call $other)) {start})"#
        );
        for args in ["--compiler winch", "--compiler winch --variant a --variant b"] {
            let output = fails(&module, args);
            assert!(output.stderr.contains(said), "{}", output.stderr);
            assert!(!output.stderr.contains("Winch"), "{}", output.stderr);
        }
    };
    check(
        r#"(func $init (export "wizer-initialize") (i32.store (i32.const 0) (i32.const 1)))"#,
        "`wizer-initialize` used the imported memory `env` `memory`",
    );
    check(
        r#"(func $start (block (loop (call $now)))) (start $start) (func $init (export "wizer-initialize"))"#,
        "the module's start called the import `env` `now`",
    );
    check(
        r#"(func $first) (func $second (call $first) (drop (memory.size)))
           (func $init (export "wizer-initialize") (call $first) (call $second))"#,
        "`wizer-initialize` used the imported memory `env` `memory`",
    );
}
