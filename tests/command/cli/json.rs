//! `--message-format json` of `bake` and `verify`. That each object is as the schema says is checked for all tests.

use cargo_preinit::WarningKind;
use serde_json::json;
use snapbox::str;

use super::{COUNTER, WASI, bake, dir, preinit};
use crate::messages::{SCHEMA, with_reason};

#[test]
fn a_bake() {
    let dir = dir(&[("in.wat", COUNTER)]);
    let said = bake(dir.path(), "in.wat -o out.wasm");
    said.succeeds();
    assert!(
        said.stderr
            .ends_with("Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]\n")
    );
    assert_eq!(with_reason(&said, "preinit-warning")[0]["code"], "runs-again");
    let baked = &with_reason(&said, "preinit-baked")[0];
    assert_eq!(baked["path"], "out.wasm");
    assert_eq!(baked["target"], json!(null));
    assert_eq!(baked["items"][0]["kind"], "function");
    assert_eq!(baked["items"][0]["name"], "wizer-initialize");
    let size = fs_err::metadata(dir.path().join("out.wasm"))
        .expect("it was written")
        .len();
    assert_eq!(baked["bytes_after"], size);
    let finished = &with_reason(&said, "preinit-finished")[0];
    assert_eq!(
        *finished,
        json!({"reason": "preinit-finished", "version": 1, "success": true, "exit_code": 0})
    );
    let said = preinit(
        dir.path(),
        "verify out.wasm in.wat --call get() --message-format json",
    );
    let verified = &with_reason(&said, "preinit-verified")[0];
    assert_eq!(verified["compared"]["calls"], 1);
}

#[test]
fn warnings_and_what_init_prints() {
    let dir = dir(&[("in.wat", WASI)]);
    let said = bake(
        dir.path(),
        "in.wat -o out.wasm --init-func environment --allow-wasi --env A=B",
    );
    assert_eq!(with_reason(&said, "preinit-output")[0]["text"], "A=B\0");
    let warnings = with_reason(&said, "preinit-warning");
    assert!(
        warnings.iter().any(|warning| warning["code"] == "environment"),
        "{warnings:?}"
    );
}

#[test]
fn what_stops_init() {
    let dir = dir(&[(
        "in.wat",
        r#"(module (import "env" "log" (func $log)) (func $deep (call $log)) (func (export "init") (call $deep)))"#,
    )]);
    let said = bake(dir.path(), "in.wat -o out.wasm --init-func init");
    let failed = &with_reason(&said, "preinit-failed")[0];
    assert_eq!(failed["module"], "in.wat");
    assert_eq!(failed["code"], "import");
    assert_eq!(
        failed["stopped"]["step"],
        json!({"kind": "function", "name": "init"})
    );
    assert_eq!(failed["stopped"]["backtrace"], json!(["deep", null]));
    assert_eq!(with_reason(&said, "preinit-finished")[0]["exit_code"], 1);
}

#[test]
fn what_cannot_be_baked() {
    let dir = dir(&[(
        "in.wat",
        r#"(component
            (type $resource (resource (rep i32)))
            (core func $new (canon resource.new $resource))
            (core module $guest
                (import "" "new" (func $new (param i32) (result i32)))
                (func (export "init") (drop (call $new (i32.const 9)))))
            (core instance $guest (instantiate $guest (with "" (instance (export "new" (func $new))))))
            (func (export "init") (canon lift (core func $guest "init"))))"#,
    )]);
    let said = bake(dir.path(), "in.wat -o out.wasm --init-func init");
    let failed = &with_reason(&said, "preinit-failed")[0];
    assert_eq!(failed["code"], "refused");
    assert_eq!(failed["refusals"][0]["code"], "handles");
    // It is about the component as a whole, and not about one of its instances.
    assert_eq!(failed["refusals"][0]["place"], json!(null));
    let said = bake(dir.path(), "missing.wasm -o out.wasm");
    assert_eq!(with_reason(&said, "preinit-failed")[0]["code"], "file");
}

#[test]
fn standard_output_is_taken() {
    let dir = dir(&[("in.wat", COUNTER)]);
    preinit(dir.path(), "bake in.wat -o - --message-format json").expect(
        2,
        str![[r#"
error: `--message-format json` writes to standard output, so OUTPUT cannot be `-`

Usage: cargo preinit bake [OPTIONS] <INPUT>

For more information, try '--help'.

"#]],
    );
}

/// The schema lists the kinds of warnings, and each can be denied.
#[test]
fn the_kinds_of_warnings() {
    for kind in WarningKind::ALL {
        let warning = json!({
            "reason": "preinit-warning", "version": 1, "module": "a", "code": kind.code(), "message": "", "help": [],
            "item": null, "place": null, "function": null, "through": null, "backtrace": [], "fails": null, "state": null,
        });
        assert!(SCHEMA.is_valid(&warning), "{}", kind.code());
        let dir = dir(&[("in.wat", COUNTER)]);
        let said = bake(dir.path(), &format!("in.wat -o out.wasm --deny {}", kind.code()));
        let is_denied = kind == WarningKind::RunsAgain;
        assert_eq!(said.code, Some(i32::from(is_denied)), "{}", said.stderr);
    }
}

#[test]
fn the_schema_tells_what_is_wrong() {
    let right = json!({"reason": "preinit-finished", "version": 1, "success": true, "exit_code": 0});
    assert!(SCHEMA.is_valid(&right));
    for (field, value) in [
        ("version", json!(2)),
        ("exit_code", json!(256)),
        ("more", json!(1)),
    ] {
        let mut wrong = right.clone();
        wrong[field] = value;
        assert!(!SCHEMA.is_valid(&wrong), "{wrong}");
    }
}
