//! `cargo preinit bake --report`: where the page goes, and when it is made again.

use snapbox::str;

use super::{WASI, bake, dir, files, preinit};
use crate::tool::{cargo, run, words};

const GUEST: &str = r#"(module (memory (export "memory") 1)
    (func (export "init") (i32.store (i32.const 64) (i32.const 7)))
    (func (export "get") (result i32) (i32.load (i32.const 64))))"#;

#[test]
fn beside_the_output() {
    let dir = dir(&[("guest.wat", GUEST)]);
    fs_err::create_dir(dir.path().join("out")).expect("the directory is writable");
    bake(
        dir.path(),
        "guest.wat -o out/guest.wasm --init-func init --report",
    )
    .expect(
        0,
        str![[r#"
      Baking guest.wat
       Baked guest.wat: 1 item in [TIME], [SIZE] -> [SIZE]
   Generated out/guest.report.html

"#]],
    );
    assert_eq!(
        files(&dir.path().join("out")),
        ["guest.report.html", "guest.wasm"]
    );
    let with = fs_err::read(dir.path().join("out/guest.wasm")).expect("it was written");
    bake(dir.path(), "guest.wat -o plain.wasm --init-func init").succeeds();
    assert!(fs_err::read(dir.path().join("plain.wasm")).expect("it was written") == with);
}

#[test]
fn of_each_variant() {
    let dir = dir(&[("wasi.wat", WASI)]);
    let args =
        "wasi.wat -o all.wasm --init-func environment --allow-wasi --variant a=env:X=1 --variant b --report";
    bake(dir.path(), args).succeeds();
    for name in ["a", "b"] {
        let page = dir.path().join(format!("all.{name}.report.html"));
        let page = fs_err::read_to_string(page).expect("it was written");
        assert!(page.contains(&format!("<h1>wasi.wat ({name})</h1>")));
        // The value of a variable is nobody's business.
        assert_eq!(page.contains("<dt>env</dt><dd>X</dd>"), name == "a");
    }
}

#[test]
fn where_there_is_no_place_for_it() {
    let dir = dir(&[("guest.wat", GUEST)]);
    let said = bake(dir.path(), "guest.wat -o - --init-func init --report");
    assert_eq!(said.code, Some(2));
    assert!(
        said.stderr.contains("standard output has no place beside it"),
        "{}",
        said.stderr
    );
    let said = preinit(
        dir.path(),
        "bake guest.wat -o guest.report.html --init-func init --report",
    );
    said.succeeds();
    assert!(dir.path().join("guest.report.html.report.html").exists());
}

#[test]
fn if_something_changed() {
    let dir = dir(&[("guest.wat", GUEST)]);
    let page = dir.path().join("baked.report.html");
    let bake = |more: &str| {
        let mut command = cargo(dir.path());
        command.env("CARGO_PREINIT_CACHE_DIR", dir.path().join("cache"));
        command.args(words(&format!(
            "preinit bake guest.wat -o baked.wasm --init-func init --if-changed -v {more}"
        )));
        let said = run(&mut command, dir.path());
        said.succeeds();
        said
    };
    let has = |more: &str, line: &str| {
        let said = bake(more);
        assert!(said.stderr.contains(line), "{line} is not in\n{}", said.stderr);
    };
    has("", "Baked guest.wat");
    // Neither the output nor the entry in the cache has a report.
    has("--report", "Dirty guest.wat: its report is missing");
    assert!(page.exists());
    has("--report", "Fresh guest.wat");
    has("", "Fresh guest.wat");
    fs_err::remove_file(&page).expect("it was written");
    has("", "Fresh guest.wat");
    // Now the cache has one.
    has("--report", "Restored guest.wat");
    assert!(page.exists());
    has("--report", "Fresh guest.wat");
    fs_err::remove_file(dir.path().join("baked.wasm")).expect("it was written");
    has("", "Restored guest.wat");
}
