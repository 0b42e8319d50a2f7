//! `preinit.lock`: what init read.

use preinit_tests::skip::skipped;
use serde_json::Value;

use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;

const READS: &str = r#"
use std::sync::LazyLock;

#[preinit_guest::preinit]
static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = std::fs::read_dir("/data").unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let text = std::fs::read_to_string("/data/a.txt").unwrap();
    preinit_guest::reset_preopens();
    format!("{names:?}{}{text}", std::env::var("STAGE").unwrap_or_default())
});

#[unsafe(no_mangle)]
pub extern "C" fn length() -> u32 { TEXT.len() as u32 }
"#;

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::guest(name, READS);
    sandbox.write("data/a.txt", "one");
    sandbox.write("data/b.txt", "unread");
    sandbox.configure("package.metadata.preinit = { lock = true, dir = \"data::/data\" }");
    sandbox
}

fn lock(sandbox: &Sandbox) -> Value {
    serde_json::from_slice(&sandbox.read("preinit.lock")).expect("it is JSON")
}

/// The SHA-256 of `one`.
const ONE: &str = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";

/// The SHA-256 of `live`.
const LIVE: &str = "247610f4dedd4ab7247d07dbda19c81ca9817f85820742cad49d407ffae9e4ed";

#[test]
fn what_init_read_is_locked() {
    let sandbox = sandbox("locked");
    let module = "wasm32-wasip1/locked.wasm";
    // It is about `Cargo.lock`, too, which has to be there.
    sandbox.cargo("metadata --format-version 1").succeeds();
    let outdated = sandbox.cargo("preinit --locked --env STAGE=live");
    assert_eq!(outdated.code, Some(1), "{}", outdated.stderr);
    let text = "preinit.lock` needs to be updated, but --locked was passed to prevent this\n  - `wasm32-wasip1/locked.wasm` is new";
    assert!(outdated.stderr.contains(text), "{}", outdated.stderr);
    assert!(!sandbox.has("preinit.lock"));

    let said = sandbox.cargo("preinit --env STAGE=live --message-format json");
    said.succeeds();
    let read = &lock(&sandbox)["modules"][module];
    assert_eq!(read["files"], serde_json::json!({ "/data/a.txt": ONE }));
    assert_eq!(read["variables"], serde_json::json!({ "STAGE": LIVE }));
    assert!(read["directories"]["/data"].is_string(), "{read}");
    // The bake before was not told, and what it wrote is fresh.
    assert_eq!(with_reason(&said, "preinit-fresh").len(), 1);
    let baked = sandbox.read("target/wasm32-wasip1/debug/preinit/locked.wasm");

    // The same again, from nothing.
    fs_err::remove_dir_all(sandbox.dir().join("target")).expect("it is there");
    let said = sandbox.cargo("preinit --locked --env STAGE=live --message-format json");
    said.succeeds();
    let inputs = &with_reason(&said, "preinit-baked")[0]["inputs"];
    assert_eq!(inputs, read);
    assert!(sandbox.read("target/wasm32-wasip1/debug/preinit/locked.wasm") == baked);

    // A file that init does not read may change, but for what its directory lists.
    sandbox.write("data/b.txt", "still unread");
    sandbox.cargo("preinit --locked --env STAGE=live").succeeds();
    for (change, text) in [
        ("data/a.txt", "the file `/data/a.txt` has changed"),
        ("data/c.txt", "the directory `/data` has changed"),
    ] {
        sandbox.write(change, "other");
        let said = sandbox.cargo("preinit --locked --env STAGE=live");
        assert_eq!(said.code, Some(1), "{}", said.stderr);
        assert!(said.stderr.contains(text), "{}", said.stderr);
    }
    let said = sandbox.cargo("preinit --frozen --env STAGE=test");
    assert!(
        said.stderr.contains("the variable `STAGE` has changed"),
        "{}",
        said.stderr
    );
    sandbox.cargo("preinit --env STAGE=test").succeeds();
    sandbox.cargo("preinit --locked --env STAGE=test").succeeds();

    sandbox.write("preinit.lock", "{}");
    let said = sandbox.cargo("preinit --env STAGE=test");
    assert!(
        said.stderr.contains("is no lock file that this version"),
        "{}",
        said.stderr
    );
}

#[test]
fn what_a_component_read_is_locked() {
    let sandbox = Sandbox::component(
        "locked-component",
        &format!("{READS}\nfn main() {{ println!(\"{{}}\", length()); }}"),
    );
    sandbox.write("data/a.txt", "one");
    let said = sandbox.cargo("preinit --lock --dir data::/data");
    if said.stderr.contains("could not be added") {
        return skipped(&said.stderr);
    }
    said.succeeds();
    let read = &lock(&sandbox)["modules"]["wasm32-wasip2/locked-component.wasm"];
    assert_eq!(read["files"], serde_json::json!({ "/data/a.txt": ONE }), "{read}");
    assert!(read["directories"]["/data"].is_string(), "{read}");
}
