//! cargo's own options, in a workspace that has guests and other packages.

use preinit_tests::skip::skipped;
use snapbox::str;
use wasmtime::Result;

use crate::e2e::host::{Guest, output};
use crate::e2e::sandbox::Sandbox;
use crate::tool::variable;

fn workspace(name: &str) -> Sandbox {
    Sandbox::of("workspace", name)
}

/// The baked modules in the target directory.
fn baked(sandbox: &Sandbox) -> Vec<String> {
    let mut modules = sandbox.modules();
    modules.retain(|module| module.contains("preinit/"));
    modules
}

#[test]
fn all_guests_of_a_workspace() -> Result<()> {
    let sandbox = workspace("all-guests");
    // One at a time, so that the lines have an order.
    sandbox.preinit("--workspace --release -j1").expect(
        0,
        str![[r#"
      Baking reactor.wasm
       Baked reactor.wasm (wasm32-unknown-unknown): 1 item in [TIME], [SIZE] -> [SIZE]
      Baking command.wasm
       Baked command.wasm (wasm32-wasip1): 2 items in [TIME], [SIZE] -> [SIZE]
      Baking idle.wasm
      Baking second.wasm
       Baked second.wasm (wasm32-wasip1): 1 item in [TIME], [SIZE] -> [SIZE]
    Skipping idle.wasm: nothing in it is marked with `#[preinit]`

"#]],
    );
    // The host's program, the macros and the module without the SDK are not built.
    assert_eq!(
        sandbox.modules(),
        [
            "wasm32-unknown-unknown/release/preinit/reactor.wasm",
            "wasm32-unknown-unknown/release/reactor.wasm",
            "wasm32-wasip1/release/command.wasm",
            "wasm32-wasip1/release/idle.wasm",
            "wasm32-wasip1/release/preinit/command.wasm",
            "wasm32-wasip1/release/preinit/second.wasm",
            "wasm32-wasip1/release/second.wasm",
        ]
    );
    let reactor = sandbox.read("target/wasm32-unknown-unknown/release/preinit/reactor.wasm");
    assert_eq!(Guest::new(&reactor, &[])?.call("number", &[])?, 7);
    let command = sandbox.read("target/wasm32-wasip1/release/preinit/command.wasm");
    assert_eq!(output(&command, &[])?, "hello 7\n");
    Ok(())
}

#[test]
fn images_are_beside_the_baked_modules() {
    let sandbox = workspace("images");
    sandbox
        .preinit("--package reactor --release --precompile=pulley32be --precompile")
        .expect(
            0,
            str![[r#"
      Baking reactor.wasm
    Compiled reactor.wasm for `pulley32be`: [DIR]/target/wasm32-unknown-unknown/release/preinit/reactor.pulley32be.cwasm, [SIZE]
    Compiled reactor.wasm for this machine: [DIR]/target/wasm32-unknown-unknown/release/preinit/reactor.cwasm, [SIZE]
       Baked reactor.wasm (wasm32-unknown-unknown): 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
        );
    let mut files = crate::tool::files(&sandbox.dir().join("target"));
    files.retain(|file| file.ends_with(".cwasm"));
    assert_eq!(
        files,
        [
            "wasm32-unknown-unknown/release/preinit/reactor.cwasm",
            "wasm32-unknown-unknown/release/preinit/reactor.pulley32be.cwasm",
        ]
    );
}

#[test]
fn what_is_left_out_is_said_when_asked() {
    let sandbox = workspace("left-out");
    let said = sandbox.preinit("--workspace --exclude command --exclude idle -v");
    said.succeeds();
    let note = "note: not built, since no guest module comes from it: host, macros, plain\n";
    assert!(said.stderr.contains(note), "{}", said.stderr);
    assert_eq!(
        baked(&sandbox),
        ["wasm32-unknown-unknown/debug/preinit/reactor.wasm"]
    );
}

#[test]
fn the_workspace_is_the_default_at_its_root() {
    let sandbox = workspace("default-members");
    sandbox.preinit("-q").expect(0, "");
    assert_eq!(
        baked(&sandbox),
        [
            "wasm32-unknown-unknown/debug/preinit/reactor.wasm",
            "wasm32-wasip1/debug/preinit/command.wasm",
            "wasm32-wasip1/debug/preinit/second.wasm",
        ]
    );
}

#[test]
fn packages_by_name() {
    let sandbox = workspace("by-name");
    sandbox.preinit("-p reactor").expect(
        0,
        str![[r#"
      Baking reactor.wasm
       Baked reactor.wasm (wasm32-unknown-unknown): 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    assert_eq!(
        baked(&sandbox),
        ["wasm32-unknown-unknown/debug/preinit/reactor.wasm"]
    );
    sandbox
        .preinit("-p command@0.0.0 --package re*r -q")
        .expect(0, "");
    assert_eq!(baked(&sandbox).len(), 3);
}

/// A package that is specified by URL is built for its own target, or excluded.
#[test]
fn packages_by_url() {
    let sandbox = workspace("by-url");
    let url = |name: &str| format!("file://{}/{name}", sandbox.dir().display());
    sandbox.preinit(&format!("-p {}", url("reactor"))).expect(
        0,
        str![[r#"
      Baking reactor.wasm
       Baked reactor.wasm (wasm32-unknown-unknown): 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let exclude = format!("--workspace --exclude {} --exclude command", url("reactor"));
    let said = sandbox.preinit(&exclude);
    assert!(!said.stderr.contains("reactor.wasm"), "{}", said.stderr);
}

#[test]
fn the_member_in_whose_directory_one_is() {
    let sandbox = workspace("in-a-member");
    let mut command = sandbox.command("preinit -q");
    command.current_dir(sandbox.dir().join("reactor/src"));
    sandbox.run(command).expect(0, "");
    assert_eq!(
        baked(&sandbox),
        ["wasm32-unknown-unknown/debug/preinit/reactor.wasm"]
    );
}

#[test]
fn a_manifest_elsewhere() {
    let sandbox = workspace("manifest-path");
    let manifest = sandbox.dir().join("reactor/Cargo.toml");
    let mut command = sandbox.command("preinit -q --manifest-path");
    command.arg(manifest).current_dir(std::env::temp_dir());
    sandbox.run(command).expect(0, "");
    assert_eq!(
        baked(&sandbox),
        ["wasm32-unknown-unknown/debug/preinit/reactor.wasm"]
    );
}

#[test]
fn artifacts_by_kind() {
    let sandbox = workspace("by-kind");
    let mut expected = Vec::new();
    for (args, module) in [
        (
            "-p reactor --lib",
            "wasm32-unknown-unknown/debug/preinit/reactor.wasm",
        ),
        (
            "-p reactor --example shown --target wasm32-wasip1",
            "wasm32-wasip1/debug/examples/preinit/shown.wasm",
        ),
        (
            "-p command --bin second",
            "wasm32-wasip1/debug/preinit/second.wasm",
        ),
        ("-p command --bins", "wasm32-wasip1/debug/preinit/command.wasm"),
        (
            "-p reactor --examples",
            "wasm32-unknown-unknown/debug/examples/preinit/shown.wasm",
        ),
    ] {
        sandbox.preinit(&format!("-q {args}")).expect(0, "");
        expected.push(module);
        expected.sort_unstable();
        assert_eq!(baked(&sandbox), expected, "{args}");
    }
}

/// A binary that only one of the guests has is built for that guest, as cargo does for one target.
#[test]
fn an_artifact_of_one_among_several() {
    let sandbox = workspace("artifact-of-one");
    sandbox.preinit("-q --workspace --bin second").expect(0, "");
    assert_eq!(baked(&sandbox), ["wasm32-wasip1/debug/preinit/second.wasm"]);
}

#[test]
fn a_library_among_several() {
    let sandbox = workspace("library-of-one");
    sandbox.preinit("-q --workspace --lib").expect(0, "");
    assert_eq!(
        baked(&sandbox),
        ["wasm32-unknown-unknown/debug/preinit/reactor.wasm"]
    );
}

/// Bakes the workspace with these arguments, and returns the answers of its two guests.
fn answers(sandbox: &Sandbox, args: &str) -> Result<(i64, String)> {
    sandbox.preinit(&format!("-q --workspace {args}")).expect(0, "");
    let reactor = sandbox.read("target/wasm32-unknown-unknown/debug/preinit/reactor.wasm");
    let command = sandbox.read("target/wasm32-wasip1/debug/preinit/command.wasm");
    Ok((
        Guest::new(&reactor, &[])?.call("number", &[])?,
        output(&command, &[])?,
    ))
}

#[test]
fn a_feature_of_one_among_several() -> Result<()> {
    let sandbox = workspace("feature-of-one");
    let answers = |args| answers(&sandbox, args);
    assert_eq!(answers("--features command/loud")?, (7, "HELLO 7\n".to_owned()));
    assert_eq!(answers("--features loud")?, (7, "HELLO 7\n".to_owned()));
    // Each target has its own build, in which a guest for another target gets only the features that its dependents enable.
    assert_eq!(answers("--features loud,twice")?, (14, "HELLO 7\n".to_owned()));
    Ok(())
}

#[test]
fn all_features_of_a_workspace() -> Result<()> {
    let sandbox = workspace("all-features");
    let answers = |args| answers(&sandbox, args);
    assert_eq!(answers("")?, (7, "hello 7\n".to_owned()));
    assert_eq!(answers("--all-features --locked")?, (14, "HELLO 7\n".to_owned()));
    Ok(())
}

/// A guest that another guest uses as a library is not baked, even though cargo makes a module of it.
#[test]
fn a_guest_below_a_guest() {
    let sandbox = workspace("below");
    sandbox.preinit("-p command --bin second --release").expect(
        0,
        str![[r#"
      Baking second.wasm
       Baked second.wasm (wasm32-wasip1): 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
}

#[test]
fn features() -> Result<()> {
    let sandbox = workspace("features");
    let number = |args: &str| -> Result<i64> {
        sandbox.preinit(&format!("-q -p reactor {args}")).expect(0, "");
        let reactor = sandbox.read("target/wasm32-unknown-unknown/debug/preinit/reactor.wasm");
        Guest::new(&reactor, &[])?.call("number", &[])
    };
    assert_eq!(number("")?, 7);
    assert_eq!(number("-F twice")?, 14);
    assert_eq!(number("--no-default-features")?, 7);
    assert_eq!(number("--all-features -j 1 --frozen")?, 14);
    Ok(())
}

#[test]
fn profiles_and_directories() {
    let sandbox = workspace("profiles");
    sandbox.preinit("-q -p reactor --profile tiny").expect(0, "");
    assert_eq!(
        baked(&sandbox),
        ["wasm32-unknown-unknown/tiny/preinit/reactor.wasm"]
    );
    sandbox
        .preinit("-q -p reactor --target-dir elsewhere")
        .expect(0, "");
    assert!(sandbox.has("elsewhere/wasm32-unknown-unknown/debug/preinit/reactor.wasm"));
}

#[test]
fn several_targets() {
    let sandbox = workspace("several-targets");
    // Each line names its target, and a target that is named twice is baked for once.
    sandbox
        .preinit(
            "-p reactor -j1 --target wasm32-wasip1 --target wasm32-unknown-unknown --target wasm32-wasip1",
        )
        .expect(
            0,
            str![[r#"
      Baking reactor.wasm
       Baked reactor.wasm (wasm32-unknown-unknown): 1 item in [TIME], [SIZE] -> [SIZE]
      Baking reactor.wasm
       Baked reactor.wasm (wasm32-wasip1): 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
        );
    assert_eq!(
        baked(&sandbox),
        [
            "wasm32-unknown-unknown/debug/preinit/reactor.wasm",
            "wasm32-wasip1/debug/preinit/reactor.wasm",
        ]
    );
}

/// A package that names no target gets the one in cargo's configuration, unless that is the host's.
#[test]
fn the_target_of_cargos_configuration() {
    let sandbox = Sandbox::of("kinds", "configured-target");
    let unknown = "wasm32-unknown-unknown/debug/preinit/kinds.wasm";
    let mut command = sandbox.command("preinit -q");
    command.env("CARGO_BUILD_TARGET", "wasm32-unknown-unknown");
    sandbox.run(command).expect(0, "");
    assert_eq!(baked(&sandbox), [unknown]);

    let sandbox = Sandbox::of("kinds", "configured-target-in-file");
    sandbox.write(".cargo/config.toml", "build.target = 'wasm32-unknown-unknown'");
    sandbox.preinit("-q").expect(0, "");
    assert_eq!(baked(&sandbox), [unknown]);

    let sandbox = Sandbox::of("kinds", "configured-target-of-the-host");
    sandbox.write(".cargo/config.toml", "build.target = 'x86_64-unknown-linux-gnu'");
    sandbox.preinit("-q").expect(0, "");
    assert_eq!(baked(&sandbox), ["wasm32-wasip1/debug/preinit/kinds.wasm"]);
}

#[test]
fn the_target_of_a_configuration_value() {
    let sandbox = Sandbox::of("kinds", "config-value");
    sandbox
        .preinit("-q --config build.target='wasm32-unknown-unknown'")
        .expect(0, "");
    assert_eq!(
        baked(&sandbox),
        ["wasm32-unknown-unknown/debug/preinit/kinds.wasm"]
    );
}

#[test]
fn colours() {
    let sandbox = workspace("colours");
    let said = sandbox.preinit("-p reactor --color always");
    said.succeeds();
    assert!(
        said.stderr
            .contains("\x1b[1m\x1b[92m       Baked\x1b[0m reactor.wasm"),
        "{}",
        said.stderr
    );
    assert!(
        said.stderr.contains("Finished\x1b[0m `dev` profile"),
        "{}",
        said.stderr
    );
}

/// `cargo +toolchain preinit` keeps the toolchain, if cargo is rustup's.
#[test]
fn a_toolchain_is_kept() {
    let sandbox = workspace("toolchain");
    let Some(toolchain) = variable("RUSTUP_TOOLCHAIN") else {
        skipped("cargo is not rustup's here");
        return;
    };
    let mut command = sandbox.command(&format!("+{toolchain} preinit -q -p reactor"));
    command.env_remove("RUSTUP_TOOLCHAIN");
    sandbox.run(command).expect(0, "");
    assert_eq!(
        baked(&sandbox),
        ["wasm32-unknown-unknown/debug/preinit/reactor.wasm"]
    );
    let mut command = sandbox.command(&format!("+{toolchain} preinit --version"));
    command.env_remove("RUSTUP_TOOLCHAIN");
    let version = format!("cargo-preinit {}\n", env!("CARGO_PKG_VERSION"));
    sandbox.run(command).succeeds().prints(version);
}

/// What cargo could build is baked, and the rest fails as cargo says it.
#[test]
fn what_keeps_going() {
    let sandbox = workspace("keeps-going");
    sandbox.write("idle/src/lib.rs", "compile_error!();");
    let said = sandbox.preinit("--workspace --release");
    assert_eq!(
        (said.code, baked(&sandbox)),
        (Some(101), Vec::new()),
        "{}",
        said.stderr
    );
    let said = sandbox.preinit("--workspace --release --keep-going");
    assert_eq!(said.code, Some(101), "{}", said.stderr);
    assert_eq!(
        baked(&sandbox),
        [
            "wasm32-unknown-unknown/release/preinit/reactor.wasm",
            "wasm32-wasip1/release/preinit/command.wasm",
            "wasm32-wasip1/release/preinit/second.wasm"
        ]
    );
}

#[test]
fn copies_of_what_is_baked() {
    let sandbox = workspace("copies");
    let args =
        "--release -p command -p reactor --artifact-dir out --precompile=pulley64 --ignore-rust-version";
    sandbox.preinit(args).succeeds();
    let copied = || crate::tool::files(&sandbox.dir().join("out"));
    let names = [
        "command.pulley64.cwasm",
        "command.wasm",
        "reactor.pulley64.cwasm",
        "reactor.wasm",
        "second.pulley64.cwasm",
        "second.wasm",
    ];
    assert_eq!(copied(), names);
    let baked = sandbox.read("target/wasm32-wasip1/release/preinit/command.wasm");
    assert_eq!(sandbox.read("out/command.wasm"), baked);
    // What is fresh is copied as well.
    fs_err::remove_dir_all(sandbox.dir().join("out")).expect("it is there");
    sandbox.preinit(args).succeeds();
    assert_eq!(copied(), names);
    sandbox
        .preinit("--release -p command --artifact-dir out --target wasm32-wasip1 --target wasm32-wasip2")
        .expect(
            1,
            str![[r#"
...
error: `[..]` and `[..]` have one name, and both would be copied to `out`
help: build for one of them at a time, or leave `--artifact-dir` away

"#]],
        );
}

/// A copy would replace what cargo made, and cargo would take that for its own.
#[test]
fn copies_beside_what_cargo_made() {
    let sandbox = workspace("copies-beside");
    let module = "target/wasm32-wasip1/release/second.wasm";
    let args = "--release -p command --bin second";
    sandbox.preinit(args).succeeds();
    let made = sandbox.read(module);
    sandbox
        .preinit(&format!("{args} --artifact-dir target/wasm32-wasip1/release"))
        .expect(
            2,
            str![[r#"
       Fresh second.wasm
error: the output `target/wasm32-wasip1/release/second.wasm` is the input itself
help: `--in-place` replaces the input; the modules of a directory, such as wasm-pack's `pkg/`, are always baked in their places

"#]],
        );
    assert_eq!(sandbox.read(module), made);
}

#[test]
fn timings_of_the_build() {
    let sandbox = workspace("timings");
    sandbox.preinit("--release -p command --timings").succeeds();
    assert!(sandbox.has("target/cargo-timings/cargo-timing.html"));
}

/// A specification's version is what cargo takes for one: `1.1` is not 1.10.
#[test]
fn versions_of_packages() {
    let sandbox = workspace("versions");
    sandbox.preinit("--release -p command@0").succeeds();
    sandbox.preinit("--release -p comm[ab]nd").succeeds();
    let said = sandbox.preinit("--release -p command@0.00");
    assert_eq!(said.code, Some(101), "{}", said.stderr);
}
