//! The targets without `--target`: those of cargo's configuration, from any of its sources.

use std::collections::BTreeSet;
use std::process::Command;

use snapbox::str;

use crate::e2e::sandbox::Sandbox;

const WASI: &str = "wasm32-wasip1";
const UNKNOWN: &str = "wasm32-unknown-unknown";

/// A package without dependencies, so that it builds with any `CARGO_HOME`.
fn package(name: &str) -> Sandbox {
    let sandbox = Sandbox::empty(name);
    let manifest = r#"
        workspace = {}
        package.name = "bare"
        package.edition = "2024"
        lib.crate-type = ["cdylib"]
    "#;
    sandbox.write("above/here/Cargo.toml", manifest);
    sandbox.write(
        "above/here/src/lib.rs",
        "#[unsafe(no_mangle)] pub extern \"C\" fn init() {}",
    );
    sandbox
}

/// A case's change to a command.
type Change<'c> = &'c dyn Fn(&mut Command);

/// Compares the targets that are built with `build.target` in `cargo config get`, which is unstable.
fn check(sandbox: &Sandbox, args: &str, change: Change<'_>) -> BTreeSet<String> {
    let command = |text: &str| {
        let mut command = sandbox.command(&format!("{text} {args}"));
        command.current_dir(sandbox.dir().join("above/here"));
        change(&mut command);
        command
    };
    let mut oracle = command("config -Zunstable-options get --format=json build.target");
    let said = sandbox.run({
        oracle.env("RUSTC_BOOTSTRAP", "1");
        oracle
    });
    let expected: Vec<String> = match said.code {
        Some(0) => {
            let value: serde_json::Value = serde_json::from_slice(&said.stdout).expect("it is JSON");
            let target = &value["build"]["target"];
            match target.as_array() {
                Some(list) => list
                    .iter()
                    .filter_map(|item| item.as_str())
                    .map(str::to_owned)
                    .collect(),
                None => vec![target.as_str().expect("it is a target").to_owned()],
            }
        }
        _ => {
            assert!(
                said.stderr.contains("`build.target` is not set"),
                "{}",
                said.stderr
            );
            Vec::new()
        }
    };
    let mut expected: BTreeSet<String> = expected
        .into_iter()
        .filter(|target| target.starts_with("wasm32"))
        .collect();
    if expected.is_empty() {
        expected.insert(WASI.to_owned());
    }
    let target_dir = sandbox.dir().join("target");
    if target_dir.exists() {
        fs_err::remove_dir_all(target_dir).expect("it is ours");
    }
    // Messages are not compared, since cargo warns about the deprecated file name `config`.
    sandbox.run(command("preinit -q --init-func init")).succeeds();
    let baked = sandbox.modules().into_iter().filter_map(|module| {
        let (target, rest) = module.split_once('/')?;
        rest.contains("preinit/").then(|| target.to_owned())
    });
    let baked: BTreeSet<String> = baked.collect();
    assert_eq!(baked, expected, "{args}");
    baked
}

/// As [`check`], and expects these targets.
fn expect(sandbox: &Sandbox, args: &str, change: Change<'_>, targets: &[&str]) {
    let found = check(sandbox, args, change);
    assert!(found.iter().eq(targets), "{args}: {found:?}");
}

const AS_IT_IS: Change<'_> = &|_| {};

#[test]
fn files_in_all_directories_above() {
    let sandbox = package("configured-above");
    expect(&sandbox, "", AS_IT_IS, &[WASI]);
    sandbox.write(
        "above/.cargo/config.toml",
        "build.target = 'wasm32-unknown-unknown'",
    );
    expect(&sandbox, "", AS_IT_IS, &[UNKNOWN]);
    sandbox.write(
        "above/here/.cargo/config",
        "build.target = 'x86_64-unknown-linux-gnu'",
    );
    expect(&sandbox, "", AS_IT_IS, &[WASI]);
    // Lists are joined.
    sandbox.write(
        "above/.cargo/config.toml",
        "build.target = ['wasm32-unknown-unknown']",
    );
    let list = "build.target = ['wasm32-wasip1', 'host-tuple', 'wasm32-unknown-unknown']";
    sandbox.write("above/here/.cargo/config", list);
    expect(&sandbox, "", AS_IT_IS, &[UNKNOWN, WASI]);
    // cargo takes the configuration of the working directory, not of the package's.
    let elsewhere: Change<'_> = &|command| {
        command
            .arg("--manifest-path=above/here/Cargo.toml")
            .current_dir(sandbox.dir());
    };
    let mut command = sandbox.command("preinit -q --init-func init --target-dir elsewhere");
    elsewhere(&mut command);
    sandbox.run(command).expect(0, "");
    assert!(sandbox.has("elsewhere/wasm32-wasip1/debug/preinit/bare.wasm"));
    assert!(!sandbox.has("elsewhere/wasm32-unknown-unknown"));
}

#[test]
fn where_cargo_is_at_home() {
    let sandbox = package("configured-home");
    sandbox.write("home/config.toml", "build.target = 'wasm32-unknown-unknown'");
    let home = sandbox.dir().join("home");
    let at_home: Change<'_> = &|command| {
        command.env("CARGO_HOME", &home);
    };
    expect(&sandbox, "", at_home, &[UNKNOWN]);
    sandbox.write("above/.cargo/config.toml", "build.target = 'wasm32-wasip1'");
    expect(&sandbox, "", at_home, &[WASI]);
}

#[test]
fn arguments() {
    let sandbox = package("configured-by-arguments");
    sandbox.write("unknown.toml", "build.target = ['wasm32-unknown-unknown']");
    sandbox.write("above/here/wasi.cfg", "[build]\ntarget = ['wasm32-wasip1']");
    sandbox.write(
        "above/here/build.target='a'",
        "build.target = 'wasm32-unknown-unknown'",
    );
    let unknown = "--config build.target='wasm32-unknown-unknown'";
    expect(&sandbox, unknown, AS_IT_IS, &[UNKNOWN]);
    expect(
        &sandbox,
        "--config build.target=[\"wasm32-unknown-unknown\"]",
        AS_IT_IS,
        &[UNKNOWN],
    );
    let both = "--config build.target=[\"wasm32-unknown-unknown\",\"wasm32-wasip1\"]";
    expect(&sandbox, both, AS_IT_IS, &[UNKNOWN, WASI]);
    expect(
        &sandbox,
        &format!("{unknown} --config build.target='wasm32-wasip1'"),
        AS_IT_IS,
        &[WASI],
    );
    expect(&sandbox, "--config ../../unknown.toml", AS_IT_IS, &[UNKNOWN]);
    let absolute = format!("--config {}", sandbox.dir().join("unknown.toml").display());
    expect(&sandbox, &absolute, AS_IT_IS, &[UNKNOWN]);
    expect(
        &sandbox,
        "--config ../../unknown.toml --config wasi.cfg",
        AS_IT_IS,
        &[UNKNOWN, WASI],
    );
    // The value of `--config` is the path of a file here.
    expect(&sandbox, "--config build.target='a'", AS_IT_IS, &[UNKNOWN]);
    // `--target` takes precedence.
    let mut command = sandbox.command(&format!("preinit -q --init-func init --target {WASI} {unknown}"));
    fs_err::remove_dir_all(sandbox.dir().join("target")).expect("it is ours");
    command.current_dir(sandbox.dir().join("above/here"));
    sandbox.run(command).expect(0, "");
    assert!(!sandbox.has("target/wasm32-unknown-unknown"));
}

#[test]
fn variables() {
    let sandbox = package("configured-by-variables");
    let variable: Change<'_> = &|command| {
        command.env("CARGO_BUILD_TARGET", UNKNOWN);
    };
    expect(&sandbox, "", variable, &[UNKNOWN]);
    sandbox.write("above/.cargo/config.toml", "build.target = 'wasm32-wasip1'");
    expect(&sandbox, "", variable, &[UNKNOWN]);
    expect(
        &sandbox,
        "--config build.target='wasm32-wasip1'",
        variable,
        &[WASI],
    );
    sandbox.write("above/.cargo/config.toml", "build.target = ['wasm32-wasip1']");
    check(&sandbox, "", variable);
    check(&sandbox, "--config build.target=['wasm32-wasip1']", variable);
}

#[test]
fn included_files() {
    let sandbox = package("configured-by-includes");
    sandbox.write(
        "above/.cargo/config.toml",
        "include = ['one.toml', { path = 'missing.toml', optional = true }]",
    );
    sandbox.write("above/.cargo/one.toml", "include = ['more/two.toml']");
    sandbox.write(
        "above/.cargo/more/two.toml",
        "build.target = ['wasm32-unknown-unknown']",
    );
    expect(&sandbox, "", AS_IT_IS, &[UNKNOWN]);
    sandbox.write("above/.cargo/missing.toml", "build.target = ['wasm32-wasip1']");
    expect(&sandbox, "", AS_IT_IS, &[UNKNOWN, WASI]);
    let sandbox = package("configured-by-arguments-with-includes");
    sandbox.write("above/here/outer.toml", "include = ['../inner.toml']");
    sandbox.write("above/inner.toml", "build.target = 'wasm32-unknown-unknown'");
    expect(&sandbox, "--config outer.toml", AS_IT_IS, &[UNKNOWN]);
    expect(
        &sandbox,
        "--config include=['../inner.toml']",
        AS_IT_IS,
        &[UNKNOWN],
    );
}

/// Errors in the configuration are reported by cargo.
#[test]
fn mistakes() {
    let sandbox = package("configured-wrong");
    let said = |text: &str| {
        sandbox.write(".cargo/config.toml", text);
        let mut command = sandbox.command("preinit --init-func init");
        command.current_dir(sandbox.dir().join("above/here"));
        sandbox.run(command)
    };
    said("build.target = 7").expect(
        101,
        str![[r#"
error: error in [DIR]/.cargo/config.toml: could not load config key `build.target`

Caused by:
  error in [DIR]/.cargo/config.toml: could not load config key `build.target`

Caused by:
  invalid type: integer `7`, expected a string or array

"#]],
    );
    said("build.target = ['wasm32-unknown-unknown'").expect(
        101,
        str![[r#"
error: could not load Cargo configuration

Caused by:
  could not parse TOML configuration in `[DIR]/.cargo/config.toml`

Caused by:
  TOML parse error at line 1, column 41
    |
  1 | build.target = ['wasm32-unknown-unknown'
    |                                         ^
  unclosed array, expected `]`

"#]],
    );
    let nonsense = said("build.target = 'wasm32-nonsense'");
    assert_eq!(nonsense.code, Some(101));
    let text = "could not find specification for target \"wasm32-nonsense\"";
    assert!(nonsense.stderr.contains(text), "{}", nonsense.stderr);
}
