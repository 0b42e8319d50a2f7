//! Guests that cargo writes to the same file: none is baked, since one has replaced the other.

use snapbox::str;

use crate::e2e::sandbox::Sandbox;
use crate::tool::Said;

const LIBRARY: &str = "#[preinit_guest::preinit]\nfn load() {}\n";
const PROGRAM: &str = "#[preinit_guest::preinit]\nfn load() {}\nfn main() {}\n";

/// Runs `cargo preinit`, which must not bake anything. cargo's own warning about the collision is left out of the result.
fn refuses(sandbox: &Sandbox, args: &str) -> Said {
    let mut said = sandbox.preinit(args);
    let start = said.stderr.find("error:").unwrap_or_default();
    said.stderr.drain(..start);
    assert!(!sandbox.modules().iter().any(|module| module.contains("preinit/")));
    said
}

#[test]
fn a_binary_and_a_library_of_one_package() {
    let sandbox = Sandbox::guest("both", LIBRARY);
    sandbox.write("src/main.rs", PROGRAM);
    refuses(&sandbox, "").expect(
        1,
        str![[r#"
error: the binary and the `cdylib` of package `both` both make `[DIR]/target/wasm32-wasip1/debug/both.wasm`, and only one of them is there
help: rename one of the two, or bake them one by one with `--lib`, `--bin` or `--example`

"#]],
    );
    // The advice in the help works.
    for args in ["--lib", "--bin both"] {
        let said = sandbox.preinit(args);
        said.succeeds();
        assert!(said.stderr.contains("Baked both.wasm"), "{}", said.stderr);
    }
}

#[test]
fn two_examples_of_one_package() {
    let sandbox = Sandbox::guest("examples", LIBRARY);
    for name in ["a-b", "a_b"] {
        sandbox.write(&format!("examples/{name}.rs"), LIBRARY);
        sandbox.configure(&format!(
            "[[example]]\nname = \"{name}\"\ncrate-type = [\"cdylib\"]"
        ));
    }
    refuses(&sandbox, "--examples").expect(
        1,
        str![[r#"
error: the example `a-b` and the example `a_b` of package `examples` both make `[DIR]/target/wasm32-wasip1/debug/examples/a_b.wasm`, and only one of them is there
help: rename one of the two, or bake them one by one with `--lib`, `--bin` or `--example`

"#]],
    );
}

#[test]
fn binaries_of_two_packages() {
    let sandbox = Sandbox::of("workspace", "same-name");
    let manifest = String::from_utf8(sandbox.read("idle/Cargo.toml")).expect("manifests are UTF-8");
    let bin = "[[bin]]\nname = \"second\"\npath = \"src/main.rs\"\n";
    sandbox.write("idle/Cargo.toml", &format!("{manifest}\n{bin}"));
    refuses(&sandbox, "-p idle -p command").expect(
        1,
        str![[r#"
error: the packages `command` and `idle` both make `[DIR]/target/wasm32-wasip1/debug/second.wasm`, and only one of them is there
help: rename one of the two targets, or bake the packages one by one

"#]],
    );
}

/// cargo does not detect that two target directories are one.
#[cfg(unix)]
#[test]
fn two_targets_in_one_directory() {
    let sandbox = Sandbox::guest("two-targets", LIBRARY);
    let target = sandbox.dir().join("target");
    fs_err::create_dir_all(target.join("wasm32-wasip1")).expect("it is ours");
    fs_err::os::unix::fs::symlink("wasm32-wasip1", target.join("wasm32-unknown-unknown"))
        .expect("links are supported");
    refuses(&sandbox, "--target wasm32-wasip1 --target wasm32-unknown-unknown").expect(
        1,
        str![[r#"
error: the `cdylib` for `wasm32-unknown-unknown` and that for `wasm32-wasip1` of package `two-targets` both make `[DIR]/target/wasm32-wasip1/debug/two_targets.wasm`, and only one of them is there
help: build for one target at a time, or into a `--target-dir` for each

"#]],
    );
}
