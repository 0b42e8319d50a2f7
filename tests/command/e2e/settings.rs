//! `[package.metadata.preinit]` and `[workspace.metadata.preinit]`.

#[cfg(unix)]
use std::time::{Duration, Instant};

use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;

const SOURCE: &str = r#"
#[preinit_guest::preinit]
static STAGE: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| std::env::var("STAGE").unwrap_or_default());

#[unsafe(no_mangle)]
extern "C" fn stage() -> *const u8 {
    STAGE.as_ptr()
}
"#;

/// The error for a manifest with this line, without the sandbox's path.
fn error(sandbox: &Sandbox, line: &str) -> String {
    let manifest = String::from_utf8(sandbox.read("Cargo.toml")).expect("manifests are UTF-8");
    sandbox.configure(line);
    let said = sandbox.preinit("");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    assert_eq!(with_reason(&said, "preinit-failed")[0]["code"], "settings");
    sandbox.write("Cargo.toml", &manifest);
    said.stderr.replace(&format!("{}/", sandbox.dir().display()), "")
}

#[test]
fn what_is_not_understood_is_named_with_its_place() {
    let sandbox = Sandbox::guest("settings-errors", SOURCE);
    let check = |line: &str, message: &str| {
        let found = error(&sandbox, line);
        assert_eq!(found.trim_end(), message, "{line}");
    };
    let in_package = "in `[package.metadata.preinit]`";
    check(
        "package.metadata.preinit = true",
        &format!("error: Cargo.toml:8:18: {in_package}: expected a table"),
    );
    check(
        "package.metadata.preinit.target = [7, true]",
        &format!("error: Cargo.toml:8:26: {in_package}, `target`: expected a string or a number"),
    );
    check(
        "package.metadata.preinit.init-fun = 'load'",
        &format!(
            "error: Cargo.toml:8:26: {in_package}, `init-fun`: there is no such key\nhelp: there is a key `init-func`"
        ),
    );
    check(
        "package.metadata.preinit.profile.release.verfy = true",
        &format!(
            "error: Cargo.toml:8:42: {in_package}, `profile.release.verfy`: there is no such key\nhelp: there is a key `verify`"
        ),
    );
    check(
        "package.metadata.preinit.nothing-like-it = 1",
        &format!("error: Cargo.toml:8:26: {in_package}, `nothing-like-it`: there is no such key"),
    );
    check(
        "package.metadata.preinit.max-memory = 'much'",
        &format!(
            "error: Cargo.toml:8:26: {in_package}, `max-memory`: \"much\": expected a number of bytes, such as 65536, 512MiB or 2GiB"
        ),
    );
    check(
        "package.metadata.preinit.verify = 'yes'",
        &format!("error: Cargo.toml:8:26: {in_package}, `verify`: expected `true` or `false`"),
    );
    check(
        "package.metadata.preinit.compiler = 'gcc'",
        &format!(
            "error: Cargo.toml:8:26: {in_package}, `compiler`: \"gcc\" is none of `auto`, `winch`, `cranelift`"
        ),
    );
    check(
        "package.metadata.preinit.deny = ['random', 'clocks']",
        &format!(
            "error: Cargo.toml:8:26: {in_package}, `deny`: \"clocks\": there is no such kind; did you mean `clock`?; there are `warnings`, `random`, `hash-keys`, `clock`, `environment`, `arguments`, `directories`, `stdin`, `left-open`, `closed`, `leaks`, `left-lazy`, `allow-unused`, `answered-import`, `nothing-to-call`, `runs-again`, `init-kept`, `left-out`, `stub-reached`, `heap-kept`, `to-enable`"
        ),
    );
    check(
        "package.metadata.preinit.variant.live.arguments = 'a'",
        &format!("error: Cargo.toml:8:39: {in_package}, `variant.live.arguments`: there is no such key"),
    );
    check(
        "package.metadata.preinit.env.STAGE = ['a']",
        &format!("error: Cargo.toml:8:30: {in_package}, `env.STAGE`: expected a string or a number"),
    );
    check(
        "package.metadata.preinit.precompile-engine = 'consume-fuel'",
        "error: the options for the package `settings-errors` do not go together: `precompile-engine` says what the engine of `precompile` sets, so it needs that",
    );
}

/// Each place takes precedence over those after it: the command line, the profile of the package, the package, the profile of the
/// workspace, the workspace.
#[test]
fn which_place_counts() {
    let sandbox = Sandbox::guest("settings-places", SOURCE);
    let places = [
        "package.metadata.preinit.profile.release.env.STAGE = '-package-release-'",
        "package.metadata.preinit.env.STAGE = '-package-'",
        "workspace.metadata.preinit.profile.release.env.STAGE = '-workspace-release-'",
        "workspace.metadata.preinit.env.STAGE = '-workspace-'",
    ];
    let manifest = String::from_utf8(sandbox.read("Cargo.toml")).expect("manifests are UTF-8");
    let manifest = manifest.replace("workspace = {}", "");
    let stage = |lines: &[&str], args: &str, profile: &str| {
        sandbox.write(
            "Cargo.toml",
            &format!("{manifest}\nworkspace.resolver = '3'\n{}\n", lines.join("\n")),
        );
        sandbox.preinit(args).succeeds();
        let wasm = sandbox.read(&format!(
            "target/wasm32-wasip1/{profile}/preinit/settings_places.wasm"
        ));
        let holds = |text: &str| wasm.windows(text.len()).any(|part| part == text.as_bytes());
        [
            "-cli-",
            "-package-release-",
            "-package-",
            "-workspace-release-",
            "-workspace-",
        ]
        .into_iter()
        .find(|text| holds(text))
    };
    assert_eq!(
        stage(&places, "--release --env STAGE=-cli-", "release"),
        Some("-cli-")
    );
    assert_eq!(stage(&places, "--release", "release"), Some("-package-release-"));
    assert_eq!(stage(&places, "", "debug"), Some("-package-"));
    assert_eq!(stage(&places[1..], "--release", "release"), Some("-package-"));
    assert_eq!(
        stage(&places[2..], "--release", "release"),
        Some("-workspace-release-")
    );
    assert_eq!(stage(&places[2..], "", "debug"), Some("-workspace-"));
    // Switched off, an option is as if no manifest said anything.
    assert_eq!(stage(&places, "--release --no-env", "release"), None);
}

/// An exported function that a manifest names is run without the SDK, and directories are relative to the manifest.
#[test]
fn a_guest_without_the_sdk() {
    let sandbox = Sandbox::empty("settings-without-sdk");
    sandbox.write(
        "Cargo.toml",
        r#"
            workspace = {}
            package.name = "settings-without-sdk"
            package.edition = "2024"
            lib.crate-type = ["cdylib"]
            [package.metadata.preinit]
            init-func = "load"
            keep-init-func = true
            dir = "data::/data"
            precompile = true
            stamp = false
            deny = ["random", "clock"]
            import = { "env.log" = "zero" }
            rename = { again = "load" }
            timeout = 20
        "#,
    );
    sandbox.write("data/file", "text of a file");
    sandbox.write(
        "src/lib.rs",
        r#"
            use std::sync::OnceLock;
            static TEXT: OnceLock<String> = OnceLock::new();
            #[link(wasm_import_module = "env")]
            unsafe extern "C" {
                fn log();
            }
            #[unsafe(no_mangle)]
            extern "C" fn load() {
                unsafe { log() };
                TEXT.get_or_init(|| std::fs::read_to_string("/data/file").unwrap());
            }
            #[unsafe(no_mangle)]
            extern "C" fn length() -> usize {
                TEXT.get().map_or(0, String::len)
            }
        "#,
    );
    let mut command =
        sandbox.command("preinit --manifest-path ../Cargo.toml --message-format json-render-diagnostics");
    command.current_dir(sandbox.dir().join("src"));
    let said = sandbox.run(command);
    said.succeeds();
    assert_eq!(with_reason(&said, "preinit-precompiled").len(), 1);
    let said = sandbox.preinit("-v");
    assert!(
        said.stderr.contains("Fresh settings_without_sdk.wasm"),
        "{}",
        said.stderr
    );
    sandbox.write("data/file", "another text");
    let said = sandbox.preinit("-v --no-precompile");
    let dirty = "       Dirty settings_without_sdk.wasm: option `precompile` changed\n";
    assert!(said.stderr.contains(dirty), "{}", said.stderr);
    sandbox.write("data/file", "a third text");
    let said = sandbox.preinit("-v --no-precompile --compiler cranelift");
    let dirty = "       Dirty settings_without_sdk.wasm: input `/data/file` changed\n";
    assert!(said.stderr.contains(dirty), "{}", said.stderr);
    // What cannot change the output does not make it dirty.
    let said = sandbox.preinit("-v --no-precompile --compiler winch --timeout 30");
    assert!(
        said.stderr.contains("Fresh settings_without_sdk.wasm"),
        "{}",
        said.stderr
    );
}

/// A name without a place for that of the module is refused where there are two.
#[test]
fn two_outputs_of_one_name() {
    let sandbox = Sandbox::of("workspace", "settings-same-output");
    let said = sandbox.preinit("-p command --output-name app.wasm");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    let failed = &with_reason(&said, "preinit-failed")[0];
    assert_eq!(failed["code"], "same-artifact", "{failed}");
    assert!(
        said.stderr.contains("would both be baked into"),
        "{}",
        said.stderr
    );
    assert!(!sandbox.has("target/wasm32-wasip1/debug/preinit/app.wasm"));
    sandbox
        .preinit("-p command --output-name app-{name}.wasm")
        .succeeds();
    assert!(sandbox.has("target/wasm32-wasip1/debug/preinit/app-second.wasm"));
}

/// A program that is run on each output: one that succeeds, and each way in which one fails.
#[cfg(unix)]
#[test]
fn post_processing() {
    let sandbox = Sandbox::guest(
        "settings-post-process",
        "#[preinit_guest::preinit]\nfn load() {}\n",
    );
    sandbox.write("tool.sh", "#!/bin/sh\ncase $1 in\n  copy) cat \"$2\" > \"$3\"; printf '\\000\\004\\003new' >> \"$3\";;\n  invalid) echo > \"$3\";;\n  silent) ;;\n  sleep) exec sleep 600;;\n  *) exit 3;;\nesac\n");
    let process = |command: &str, more: &str| {
        let mut preinit = sandbox.command("preinit --message-format json-render-diagnostics");
        preinit.args(["--post-process", command]);
        preinit.args(crate::tool::words(more));
        sandbox.run(preinit)
    };
    let run = |how: &str, more: &str| process(&format!("sh tool.sh {how} {{input}} {{output}}"), more);
    run("copy", "--verify").succeeds();
    let wasm = sandbox.read("target/wasm32-wasip1/debug/preinit/settings_post_process.wasm");
    assert!(wasm.ends_with(b"\x03new"));
    for (how, message) in [
        ("invalid", "wrote a module that is not valid: "),
        ("silent", "ended without an error, and wrote no `{output}`"),
        ("fail", "failed on the baked module (exit status: 3)"),
    ] {
        let said = run(how, "");
        assert_eq!(said.code, Some(1), "{}", said.stderr);
        assert!(said.stderr.contains(message), "{}", said.stderr);
        assert_eq!(with_reason(&said, "preinit-failed")[0]["code"], "post-process");
    }
    let said = process("no-such-program {input} {output}", "");
    assert!(
        said.stderr.contains("could not be run on the baked module"),
        "{}",
        said.stderr
    );
    let said = process("sh tool.sh", "");
    assert_eq!(said.code, Some(2), "{}", said.stderr);
    // The old output is still there.
    assert!(sandbox.read("target/wasm32-wasip1/debug/preinit/settings_post_process.wasm") == wasm);
    // It is ended with the bake: its standard error, which is the tool's, is closed before it would end by itself.
    let began = Instant::now();
    let said = process("sh tool.sh sleep {input} {output}", "--timeout 1");
    assert!(said.stderr.contains("did not end in time"), "{}", said.stderr);
    assert!(began.elapsed() < Duration::from_secs(300), "it was left running");
}
