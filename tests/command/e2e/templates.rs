//! `cargo preinit new`: what each template makes is tested natively, baked, and run.

use std::path::Path;
use std::process::Command;

use preinit_tests::component::World;
use preinit_tests::skip::skipped;
use snapbox::str;

use crate::e2e::host::{Guest, output};
use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;
use crate::tool::{cargo, run, variable, words};

/// The SDK beside the tool that is tested.
fn sdk() -> String {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../preinit-guest");
    let sdk = fs_err::canonicalize(sdk).expect("the SDK is in the repository");
    sdk.display().to_string()
}

/// All templates in one workspace, of which cargo makes them members.
#[test]
fn each_is_tested_baked_and_run() {
    let sandbox = Sandbox::empty("templates");
    sandbox.write("Cargo.toml", "[workspace]\nresolver = \"3\"\n");
    for (name, template, next) in [
        (
            "reactor",
            "--template reactor",
            "cargo preinit run --release --invoke 'prime(9999)'",
        ),
        ("program", "", "cargo preinit run --release -- 360 4294967291"),
        (
            "with-types",
            "--template component --edition 2024",
            "cargo preinit run --release --invoke 'factors(360)'",
        ),
        (
            "for-web",
            "--template browser",
            "cargo preinit --release --artifact-dir web && python3 -m http.server --directory web",
        ),
    ] {
        let said = sandbox.preinit(&format!("new {name} --vcs none {template}"));
        said.succeeds();
        let last = format!("        Next cd {name} && {next}\n");
        assert!(said.stderr.ends_with(&last), "{}", said.stderr);
        assert!(said.stderr.contains("Creating "), "{}", said.stderr);
        assert_eq!(with_reason(&said, "preinit-created")[0]["package"], name);
    }
    let manifest = String::from_utf8(sandbox.read("Cargo.toml")).expect("it is text");
    // cargo adds to the list without a space.
    let members = r#"members=["for-web","program","reactor","with-types"]"#;
    assert!(manifest.replace(' ', "").contains(members), "{manifest}");
    let said = sandbox.cargo("test --workspace");
    said.succeeds();
    let said = sandbox.preinit("--workspace --release");
    if said.stderr.contains("could not be added") {
        return skipped(&said.stderr);
    }
    said.succeeds();
    let baked = with_reason(&said, "preinit-baked");
    // Programs have constructors before their items.
    let steps = baked
        .iter()
        .filter_map(|baked| baked["items"].as_array())
        .flatten();
    let items = steps.filter(|step| step["kind"] == "item");
    let mut items: Vec<&str> = items.filter_map(|item| item["name"].as_str()).collect();
    items.sort_unstable();
    assert_eq!(
        items,
        [
            "for_web::PRIMES",
            "program::PRIMES",
            "reactor::PRIMES",
            "with_types::PRIMES"
        ]
    );

    let of = |target: &str, module: &str| {
        [
            sandbox.read(&format!("target/{target}/release/{module}.wasm")),
            sandbox.read(&format!("target/{target}/release/preinit/{module}.wasm")),
        ]
    };
    for wasm in of("wasm32-wasip1", "reactor") {
        let mut guest = Guest::new(&wasm, &[]).expect("it can be instantiated");
        assert_eq!(guest.call("prime", &[9999]).expect("it returns"), 104_729);
    }
    for wasm in of("wasm32-wasip1", "program") {
        let printed = output(&wasm, &["program", "360", "4294967291"]).expect("it ends");
        assert_eq!(printed, "360: [2, 2, 2, 3, 3, 5]\n4294967291: [4294967291]\n");
    }
    for wasm in of("wasm32-wasip2", "with_types") {
        let mut world = World::new(&wasm).expect("it can be instantiated");
        assert_eq!(
            world.call("factors", "360").expect("it returns"),
            "[2, 2, 2, 3, 3, 5]"
        );
    }
    sandbox
        .preinit("--package for-web --release --artifact-dir for-web/web")
        .succeeds();
    in_node(&sandbox);
}

/// Loads the page's script in Node, with a document that has its two elements.
fn in_node(sandbox: &Sandbox) {
    const PAGE: &str = r#"
import { readFile } from "node:fs/promises";
const elements = { index: { value: "9999", addEventListener() {} }, prime: {} };
const page = await readFile(new URL("index.html", import.meta.url), "utf8");
for (const id of Object.keys(elements)) {
  if (!page.includes(`id="${id}"`)) throw new Error(id);
}
globalThis.document = { getElementById: (id) => elements[id] };
const headers = { "content-type": "application/wasm" };
globalThis.fetch = async (path) => new Response(await readFile(new URL(path, import.meta.url)), { headers });
await import("./index.mjs");
console.log(elements.prime.value);
"#;
    let script = String::from_utf8(sandbox.read("for-web/web/index.js")).expect("it is text");
    // Node takes a file of this name for a module, as the page does.
    sandbox.write("for-web/web/index.mjs", &script);
    sandbox.write("for-web/web/page.mjs", PAGE);
    let mut node = Command::new("node");
    node.arg(sandbox.dir().join("for-web/web/page.mjs"));
    match node.output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(String::from_utf8_lossy(&output.stdout), "104729\n", "{said}");
        }
        Err(_) if variable("PREINIT_NODE").as_deref() == Some("required") => {
            panic!("`node` cannot be started, and PREINIT_NODE=required");
        }
        Err(_) => skipped("there is no `node`"),
    }
}

/// A package of its own, in a repository, with the name that was given.
#[test]
fn a_package_of_its_own() {
    let dir = tempfile::tempdir().expect("the temporary directory is writable");
    let new = |args: &str| {
        run(
            cargo(dir.path()).args(words(&format!("preinit new {args}"))),
            dir.path(),
        )
    };
    new("'a --template component --name prime-factors --vcs git").expect(
        0,
        str![[r#"
    Creating library `prime-factors` package
note: see more `Cargo.toml` keys and their definitions at https://doc.rust-lang.org/cargo/reference/manifest.html
        Next cd ''\''a' && cargo preinit run --release --invoke 'factors(360)'

"#]],
    );
    let of = |path: &str| fs_err::read_to_string(dir.path().join("'a").join(path)).expect("it was written");
    assert_eq!(
        of("Cargo.toml"),
        format!(
            r#"[package]
name = "prime-factors"
version = "0.1.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[package.metadata.preinit]
target = "wasm32-wasip2"

[dependencies]
preinit-guest = {{ path = "{}" }}
wit-bindgen = {{ version = "0.57.1", default-features = false, features = ["macros", "realloc"] }}
"#,
            sdk()
        )
    );
    assert_eq!(of(".gitignore"), "/target\n");
    assert!(of("wit/world.wit").starts_with("package example:primes;\n"));
    new("web --template browser --quiet").expect(0, "");
    let page = fs_err::read_to_string(dir.path().join("web/web/index.html")).expect("it was written");
    assert!(
        page.contains("<title>web</title>") && page.contains("puts web.wasm beside"),
        "{page}"
    );
    // What `cargo new` has for the kind.
    for (flag, source) in [("--lib", "lib.rs"), ("--bin", "main.rs")] {
        new(&format!("of{flag} {flag} --vcs none")).succeeds();
        assert!(dir.path().join(format!("of{flag}/src/{source}")).is_file());
    }
}

/// cargo says what is wrong, and its exit code is passed on.
#[test]
fn what_cargo_refuses() {
    let dir = tempfile::tempdir().expect("the temporary directory is writable");
    fs_err::create_dir(dir.path().join("there")).expect("the directory is writable");
    let new = |args: &str| {
        run(
            cargo(dir.path()).args(words(&format!("preinit new {args}"))),
            dir.path(),
        )
    };
    for (args, expected) in [
        ("there", "error: destination `[DIR]/there` already exists"),
        ("1x", "error: invalid character `1` in package name: `1x`"),
        (
            "a --name test",
            "error: invalid package name `test`: it conflicts with Rust's built-in test library",
        ),
    ] {
        let said = new(args);
        assert_eq!(said.code, Some(101), "{}", said.stderr);
        let text = said.stderr.replace(&dir.path().display().to_string(), "[DIR]");
        assert!(text.contains(expected), "{text}");
    }
    assert_eq!(crate::tool::files(dir.path()), Vec::<String>::new());
    let said = new("a --vcs nothing");
    assert!(
        said.stderr.contains("nothing") && said.code != Some(0),
        "{}",
        said.stderr
    );
    assert_eq!(new("a --template toaster").code, Some(2));
    assert_eq!(new("").code, Some(2));
}
