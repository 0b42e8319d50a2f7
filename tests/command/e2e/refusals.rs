//! Errors before anything is baked: in the arguments, the workspace, cargo, or rustup.

use preinit_tests::skip::skipped;
use snapbox::str;

use crate::e2e::sandbox::Sandbox;
use crate::tool::{Said, variable};

const SOURCE: &str = "#[preinit_guest::preinit]\nfn load() {}\n";

/// Runs `cargo preinit`, which must not build a module.
fn refuses(sandbox: &Sandbox, args: &str) -> Said {
    let said = sandbox.preinit(args);
    assert!(sandbox.modules().is_empty(), "{:?}", sandbox.modules());
    said
}

#[test]
fn the_guest_does_not_compile() {
    let sandbox = Sandbox::guest("does-not-compile", "fn load() -> u32 {}\n");
    refuses(&sandbox, "").expect(
        101,
        str![[r#"
error[E0308]: mismatched types
 --> src/lib.rs:1:14
  |
1 | fn load() -> u32 {}
  |    ----      ^^^ expected `u32`, found `()`
  |    |
  |    implicitly returns `()` as its body has no tail or `return` expression

For more information about this error, try `rustc --explain E0308`.
error: could not compile `does-not-compile` (lib) due to 1 previous error

"#]],
    );
}

#[test]
fn an_item_is_of_the_wrong_kind() {
    let sandbox = Sandbox::guest("wrong-kind", "#[preinit_guest::preinit]\nfn load(_: u32) {}\n");
    refuses(&sandbox, "").expect(
        101,
        str![[r#"
error: a `#[preinit]` function must not take arguments
 --> src/lib.rs:2:9
  |
2 | fn load(_: u32) {}
  |         ^^^^^^

error: could not compile `wrong-kind` (lib) due to 1 previous error

"#]],
    );
}

#[test]
fn there_is_no_manifest() {
    let sandbox = Sandbox::empty("no-manifest");
    let mut command = sandbox.command("preinit");
    // cargo searches parent directories, and would find the manifest of the tests.
    let elsewhere = tempfile::tempdir().expect("there is a place for temporary files");
    command.current_dir(elsewhere.path());
    let said = sandbox.run(command);
    let expected = format!(
        "error: could not find `Cargo.toml` in `{}` or any parent directory\n",
        elsewhere.path().display()
    );
    assert_eq!((said.stderr, said.code), (expected, Some(101)));
    refuses(&sandbox, "--manifest-path nowhere/Cargo.toml").expect(
        101,
        str![[r#"
error: manifest path `nowhere/Cargo.toml` does not exist

"#]],
    );
}

#[test]
fn the_manifest_is_broken() {
    let sandbox = Sandbox::guest("broken-manifest", SOURCE);
    sandbox.write("Cargo.toml", "[package]\nname = 7\n");
    refuses(&sandbox, "").expect(
        101,
        str![[r#"
error: invalid type: integer `7`, expected a string
 --> Cargo.toml:2:8
  |
2 | name = 7
  |        ^

"#]],
    );
}

#[test]
fn the_lock_file_would_change() {
    let sandbox = Sandbox::guest("locked", SOURCE);
    refuses(&sandbox, "--locked").expect(
        101,
        str![[r#"
error: cannot update the lock file [DIR]/Cargo.lock because --locked was passed to prevent this
help: to generate the lock file without accessing the network, remove the --locked flag and use --offline instead.

"#]],
    );
}

#[test]
fn no_package_is_a_guest() {
    let sandbox = Sandbox::of("workspace", "no-guest");
    refuses(
        &sandbox,
        "--workspace --exclude reactor --exclude command --exclude idle",
    )
    .expect(
        1,
        str![[r#"
error: no selected package depends on `preinit-guest` (host, macros, plain)
help: add it with `cargo add preinit-guest`, and mark what is to run at build time with `#[preinit]`

"#]],
    );
    refuses(&sandbox, "-p host").expect(
        1,
        str![[r#"
error: the package `host` does not depend on `preinit-guest`
help: add it with `cargo add preinit-guest`, and mark what is to run at build time with `#[preinit]`

"#]],
    );
    refuses(&sandbox, "-p reactor -p plain").expect(
        1,
        str![[r#"
error: the package `plain` does not depend on `preinit-guest`
help: add it with `cargo add preinit-guest`, and mark what is to run at build time with `#[preinit]`

"#]],
    );
    refuses(&sandbox, "-p missing").expect(
        101,
        str![[r#"
error: package ID specification `missing` did not match any packages

"#]],
    );
    refuses(&sandbox, "-p reactor -p missing").expect(
        101,
        str![[r#"
error: package ID specification `missing` did not match any packages

"#]],
    );
    refuses(&sandbox, "--exclude reactor").expect(
        2,
        str![[r#"
error: the following required arguments were not provided:
  --workspace

Usage: cargo preinit --workspace --exclude <SPEC>

For more information, try '--help'.

"#]],
    );
    refuses(&sandbox, "-p command --bin missing").expect(
        101,
        str![[r#"
error: no bin target named `missing` in `command` package
help: available bin targets:
    command
    second

"#]],
    );
    refuses(&sandbox, "-p command --lib").expect(
        101,
        str![[r#"
error: no library targets found in package `command`

"#]],
    );
}

#[test]
fn no_module_comes_from_it() {
    let sandbox = Sandbox::guest("no-module", SOURCE);
    let manifest = String::from_utf8(sandbox.read("Cargo.toml")).expect("manifests are UTF-8");
    sandbox.write("Cargo.toml", &manifest.replace("cdylib", "lib"));
    refuses(&sandbox, "").expect(
        1,
        str![[r#"
error: the package `no-module` has neither a binary nor a `cdylib`, so no module comes from it
help: add `crate-type = ["cdylib"]` to `[lib]`, or a `src/main.rs`

"#]],
    );
}

#[test]
fn the_target_is_none_of_webassembly() {
    let sandbox = Sandbox::guest("not-wasm", SOURCE);
    refuses(&sandbox, "--target x86_64-unknown-linux-gnu").expect(
        2,
        str![[r#"
error: the target `x86_64-unknown-linux-gnu` is not one of WebAssembly
help: use `wasm32-wasip1` or `wasm32-unknown-unknown`

"#]],
    );
    let sandbox = Sandbox::guest("metadata-not-wasm", SOURCE);
    sandbox.configure("package.metadata.preinit.target = 'riscv32i-unknown-none-elf'");
    refuses(&sandbox, "").expect(
        2,
        str![[r#"
error: the target `riscv32i-unknown-none-elf` is not one of WebAssembly
help: use `wasm32-wasip1` or `wasm32-unknown-unknown`

"#]],
    );
}

/// A target that rustc does not know is reported by cargo.
#[test]
fn the_target_does_not_exist() {
    let sandbox = Sandbox::guest("nonsense", SOURCE);
    refuses(&sandbox, "--target wasm32-nonsense").expect(
        101,
        str![[r#"
error: failed to run `rustc` to learn about target-specific information
...
  error: error loading target specification: could not find specification for target "wasm32-nonsense"
...

"#]],
    );
}

/// A guest, and a script as `rustup`. `rustc` knows the target, but its standard library is not installed.
#[cfg(unix)]
fn with_rustup(name: &str, script: &str) -> Sandbox {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::guest(name, SOURCE);
    sandbox.write("bin/rustup", &format!("#!/bin/sh\n{script}"));
    let rustup = sandbox.dir().join("bin/rustup");
    fs_err::set_permissions(rustup, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    sandbox
}

/// `cargo preinit` with that `rustup` first in the path.
#[cfg(unix)]
fn preinit_with_rustup(sandbox: &Sandbox) -> std::process::Command {
    let mut command = sandbox.command("preinit --target wasm32-wali-linux-musl");
    let own = command
        .get_envs()
        .find_map(|(name, value)| (name == "PATH").then_some(value?))
        .expect("the tool has to be found");
    let dirs = std::iter::once(sandbox.dir().join("bin")).chain(std::env::split_paths(own));
    let path = std::env::join_paths(dirs).expect("no directory has a separator in its name");
    command.env("PATH", path);
    command
}

#[cfg(unix)]
#[test]
fn the_target_cannot_be_added() {
    let Some(toolchain) = variable("RUSTUP_TOOLCHAIN") else {
        skipped("cargo is not rustup's here");
        return;
    };
    let says_no =
        "echo \"$@\" >> asked\necho 'info: syncing' >&2\necho 'error: the server is away' >&2\nexit 1\n";
    let sandbox = with_rustup("no-rustup", says_no);
    sandbox
        .run(preinit_with_rustup(&sandbox))
        .redact("[TOOLCHAIN]", toolchain.clone())
        .expect(
            1,
            str![[r#"
      Adding target wasm32-wali-linux-musl (rustup target add wasm32-wali-linux-musl --toolchain [TOOLCHAIN])
error: the target `wasm32-wali-linux-musl` is not installed, and could not be added: the server is away
help: run `rustup target add wasm32-wali-linux-musl --toolchain [TOOLCHAIN]`

"#]],
        );
    let asked = format!("target add wasm32-wali-linux-musl --toolchain {toolchain}\n");
    assert_eq!(sandbox.read("asked"), asked.as_bytes());
    assert!(sandbox.modules().is_empty());
}

/// Two runs must not call rustup at the same time.
#[cfg(unix)]
#[test]
fn a_target_is_added_by_one_at_a_time() {
    let is_alone = "mkdir busy || { echo 'error: there is another' >&2; exit 1; }\nsleep 0.2\nrmdir busy\n\
                    echo 'error: I was alone' >&2\nexit 1\n";
    let sandbox = with_rustup("two-rustups", is_alone);
    let both: Vec<_> = (0..2)
        .map(|_| {
            let mut command = preinit_with_rustup(&sandbox);
            command.stderr(std::process::Stdio::piped());
            command.spawn().expect("cargo starts")
        })
        .collect();
    for one in both {
        let said = one.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains("could not be added: I was alone"), "{said}");
    }
    assert!(sandbox.modules().is_empty());
}
