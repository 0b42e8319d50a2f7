//! Pages of modules in the text format.

use super::*;
use crate::options::Profile;
use crate::pipeline::{bake, start::measure_start};
use crate::run::host::HostFunctions;

/// The page about a module, and the JSON in it.
fn check(text: &str, functions: &[&str]) -> (String, serde_json::Value) {
    let options = BakeOptions {
        init_functions: functions.iter().map(|name| (*name).to_owned()).collect(),
        profile: Profile::Items,
        ..BakeOptions::default()
    };
    let baked = bake(text.as_bytes(), &options).expect("it can be baked");
    let start = measure_start(
        &baked.wasm,
        &options,
        &HostFunctions::default(),
        &crate::clock::Clock::unwatched(),
    );
    let page = page(&Subject {
        module: "<i>guest</i>.wasm",
        target: None,
        guest: text.as_bytes(),
        baked: &baked.wasm,
        report: &baked.report,
        start,
        options: &options,
    });
    let page = page.expect("it can be shown");
    let begin = r#"<script type="application/json" id="preinit-report">"#;
    let (_, rest) = page.split_once(begin).expect("it has its data");
    let (json, _) = rest.split_once("</script>").expect("the script ends");
    let json = serde_json::from_str(json).expect("it is JSON");
    (page, json)
}

#[test]
fn the_page_shows_what_its_json_says() {
    let (page, json) = check(
        r#"(module (memory (export "memory") 1) (global $g (mut i32) (i32.const 0))
            (start $s) (func $s (global.set $g (i32.const 1)))
            (func (export "one") (i64.store (i32.const 1024) (i64.const -1)))
            (func (export "get") (result i32) (global.get $g)))"#,
        &["one"],
    );
    let items = json["items"].as_array().expect("it has items");
    assert_eq!(items.len(), 2);
    assert_eq!(
        (&items[1]["name"], &items[1]["bytes_kept"]),
        (&"one".into(), &8.into())
    );
    assert!(page.contains(r#"<data value="8">8 B</data>"#));
    assert_eq!(json["start"]["after"][0]["name"], "instantiation");
    assert_eq!(json["start"]["unknown"], serde_json::Value::Null);
    let amounts = json["memories"][0]["amounts"].as_array().expect("it has amounts");
    let bytes: u64 = amounts.iter().filter_map(|amount| amount["bytes"].as_u64()).sum();
    assert_eq!(bytes, 65536);
    for side in ["old", "new"] {
        let parts = json["sizes"][side].as_array().expect("it has parts");
        let bytes: u64 = parts.iter().filter_map(|part| part["bytes"].as_u64()).sum();
        let name = if side == "old" {
            "bytes_before"
        } else {
            "bytes_after"
        };
        assert_eq!(Some(bytes), json[name].as_u64());
    }
}

#[test]
fn names_are_escaped() {
    const HOSTILE: &str = "</script><script>alert(1)</script>&\\22'";
    let (page, json) = check(
        &format!(
            r#"(module (memory (export "memory") 1) (@custom "{HOSTILE}" "x") (func $f (export "run")
                (i32.store (i32.const 0) (i32.const 7))) (func (@name "{HOSTILE}") (export "{HOSTILE}") (result i32) (i32.load (i32.const 0))))"#
        ),
        &["run"],
    );
    // That of the page itself.
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert!(!page.contains("<i>"));
    assert_eq!(json["module"], "<i>guest</i>.wasm");
    let code = &json["sizes"]["new"][0];
    assert!(code.to_string().contains("alert(1)"), "{code}");
    assert!(page.contains("alert(1)"));
}

#[test]
fn a_start_that_cannot_be_measured_is_said_to_be_unknown() {
    let (page, json) = check(
        r#"(module (import "env" "f" (func $f)) (memory (export "memory") 1) (func (export "init") (i32.store8 (i32.const 0) (i32.const 1))) (func (export "g") (call $f)))"#,
        &["init"],
    );
    // An import that nothing calls at the start is no obstacle.
    assert!(json["start"]["unknown"].is_null() && !page.contains("Not measured"));
    let options = BakeOptions::default();
    let wasm = wat::parse_str(r#"(module (import "env" "f" (func $f)) (start $f))"#).expect("it is valid");
    let start = measure_start(
        &wasm,
        &options,
        &HostFunctions::default(),
        &crate::clock::Clock::unwatched(),
    );
    assert!(start.is_err());
}
