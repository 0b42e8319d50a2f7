//! The time at which the clock of a bake starts.

use snapbox::str;

use super::{baked, dir, preinit};
use crate::tool::{Said, cargo, files, run, words};

/// Init stores the time in a global.
const TIME: &str = r#"(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (global $time (export "time") (mut i64) (i64.const 0))
  (func (export "wizer-initialize")
    (drop (call $time (i32.const 0) (i64.const 0) (i32.const 0)))
    (global.set $time (i64.load (i32.const 0)))
    (i64.store (i32.const 0) (i64.const 0))))
"#;

fn bake_at(dir: &std::path::Path, epoch: &str, args: &str) -> Said {
    let mut command = cargo(dir);
    command.env("SOURCE_DATE_EPOCH", epoch);
    run(command.args(words(args)), dir)
}

#[test]
fn time_starts_where_the_variable_says() {
    let dir = dir(&[("in.wat", TIME)]);
    for (epoch, time) in [("0", "1000"), ("1700000000", "1700000000000001000")] {
        bake_at(dir.path(), epoch, "preinit bake in.wat -o out.wasm --allow-wasi").succeeds();
        let text = baked(&dir, "out.wasm");
        assert!(text.contains(&format!("(mut i64) i64.const {time})")), "{text}");
    }
    let mut command = cargo(dir.path());
    command.env_remove("SOURCE_DATE_EPOCH");
    run(command.args(words("preinit bake in.wat -o out.wasm --allow-wasi")), dir.path()).expect(0, str![[r#"
      Baking in.wat
warning: in.wat: init read the clock (1x), in `wizer-initialize`: time in a bake is virtual, and what was read is the same in every instance
  - 1 global (0)
warning: in.wat: the baked module exports no function that its host could call: export what is to be called after init
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]]);
    assert!(baked(&dir, "out.wasm").contains("(mut i64) i64.const 1767225600000001000)"));
}

#[test]
fn another_time_is_another_bake() {
    let dir = dir(&[("in.wat", TIME)]);
    let bake_at = |epoch| {
        bake_at(
            dir.path(),
            epoch,
            "preinit bake in.wat -o out.wasm --allow-wasi --if-changed -v",
        )
    };
    bake_at("1").succeeds();
    let said = bake_at("1");
    assert!(said.stderr.contains("Fresh in.wat"), "{}", said.stderr);
    let said = bake_at("2");
    assert!(
        said.stderr
            .contains("Dirty in.wat: option `SOURCE_DATE_EPOCH` changed"),
        "{}",
        said.stderr
    );
}

#[test]
fn what_is_no_number_of_seconds() {
    let dir = dir(&[("in.wat", TIME)]);
    bake_at(
        dir.path(),
        "today",
        "preinit bake in.wat -o out.wasm --allow-wasi",
    )
    .expect(
        2,
        str![[r#"
error: the variable `SOURCE_DATE_EPOCH` is `today`, and no number of seconds since 1970 up to 18446744073

Usage: cargo preinit bake [OPTIONS] <INPUT>

For more information, try '--help'.

"#]],
    );
    for text in ["", "-1", "1.5", "18446744074"] {
        let said = bake_at(dir.path(), text, "preinit bake in.wat -o out.wasm --allow-wasi");
        assert_eq!(said.code, Some(2), "{text}: {}", said.stderr);
    }
    assert_eq!(
        bake_at(dir.path(), "today", "preinit verify in.wat in.wat --allow-wasi").code,
        Some(2)
    );
    assert_eq!(bake_at(dir.path(), "today", "preinit --release").code, Some(2));
    assert_eq!(files(dir.path()), ["in.wat"]);
    // Without `--allow-wasi` the variable is not read.
    let said = bake_at(dir.path(), "today", "preinit bake in.wat -o out.wasm");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    preinit(dir.path(), "bake in.wat -o out.wasm --allow-wasi").succeeds();
}
