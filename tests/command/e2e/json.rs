//! `--message-format json` of a build: cargo's objects between the tool's, and what the README makes of them.

use std::process::Command;

use preinit_tests::skip::skipped;
use serde_json::json;

use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;

const GUEST: &str = r#"
#[preinit_guest::preinit]
static SQUARES: std::sync::LazyLock<Vec<u64>> = std::sync::LazyLock::new(|| (0..1000).map(|n| n * n).collect());

#[unsafe(no_mangle)]
pub extern "C" fn square(n: usize) -> u64 {
    SQUARES[n]
}

fn unused() {}
"#;

/// cargo's own objects are between the tool's, diagnostics included where these are not rendered.
#[test]
fn of_a_build() {
    let sandbox = Sandbox::guest("messages", GUEST);
    let said = sandbox.cargo("preinit --release --message-format json");
    said.succeeds();
    let diagnostics = with_reason(&said, "compiler-message");
    assert!(
        diagnostics
            .iter()
            .any(|diagnostic| { diagnostic["message"]["message"] == "function `unused` is never used" })
    );
    assert_eq!(
        with_reason(&said, "build-finished"),
        [json!({"reason": "build-finished", "success": true})]
    );
    let baked = &with_reason(&said, "preinit-baked")[0];
    assert_eq!(baked["module"], "messages.wasm");
    assert_eq!(baked["target"], "wasm32-wasip1");
    assert_eq!(baked["items"][0]["name"], "messages::SQUARES");
    assert_eq!(baked["items"][0]["line"], 3);
    let said = sandbox.preinit("--release");
    assert_eq!(with_reason(&said, "preinit-fresh")[0]["path"], baked["path"]);
    let said = sandbox.preinit("--release --stamp");
    assert_eq!(with_reason(&said, "preinit-dirty")[0]["code"], "options");
}

/// The script that the README gives for CI.
#[test]
fn the_script_of_the_readme() {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("```sh\n").expect("there is a script");
    let (script, _) = rest.split_once("```").expect("it ends");
    if script.contains("jq ") && Command::new("jq").arg("--version").output().is_err() {
        return skipped("there is no jq");
    }
    let sandbox = Sandbox::guest("script", GUEST);
    let run = || {
        let like = sandbox.command("preinit");
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).current_dir(sandbox.dir());
        for (name, value) in like.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        sandbox.run(shell)
    };
    let said = run();
    said.succeeds();
    let printed = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(printed.contains("/script.wasm\t"), "{printed}");
    // 100 KiB of values are more than the module had before.
    sandbox.write("src/lib.rs", &GUEST.replace("1000", "100_000"));
    assert_eq!(run().code, Some(1));
}
