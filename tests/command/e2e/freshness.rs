//! Which work a second run skips: bakes, and questions to cargo.

use snapbox::str;

use crate::e2e::sandbox::Sandbox;

/// Init keeps a time, about which the tool warns.
const GUEST: &str = r#"
#[preinit_guest::preinit]
fn load() {
    let now = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH);
    AT.store(now.unwrap_or_default().as_millis() as u32, std::sync::atomic::Ordering::Relaxed);
}

static AT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

#[unsafe(no_mangle)]
extern "C" fn run() {}
"#;

#[test]
fn nothing_changed() {
    let sandbox = Sandbox::guest("fresh", GUEST);
    let output = "target/wasm32-wasip1/debug/preinit/fresh.wasm";
    sandbox.preinit("").expect(
        0,
        str![[r#"
      Baking fresh.wasm
warning: fresh.wasm: init read the clock (1x), in `fresh::load` (src/lib.rs:3): time in a bake is virtual, and what was read is the same in every instance
  - 4 bytes of the static `fresh::AT` (0x[..]) by `fresh::load` (src/lib.rs:3)
       Baked fresh.wasm (wasm32-wasip1): 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let baked = sandbox.read(output);
    let is_fresh = || {
        sandbox.preinit("").expect(
            0,
            str![[r#"
warning: fresh.wasm: init read the clock (1x), in `fresh::load` (src/lib.rs:3): time in a bake is virtual, and what was read is the same in every instance
  - 4 bytes of the static `fresh::AT` (0x[..]) by `fresh::load` (src/lib.rs:3)
       Fresh fresh.wasm

"#]],
        );
        assert!(sandbox.read(output) == baked);
    };
    is_fresh();
    sandbox.preinit("-q").expect(0, "");

    let is_baked = |args: &str, reason: &str| {
        let said = sandbox.preinit(&format!("-v {args}"));
        let first = said
            .stderr
            .lines()
            .find(|line| !line.starts_with(' ') || line.contains("Dirty"));
        let expected = match reason {
            "" => "warning: fresh.wasm: init read the clock (1x), in `fresh::load` (src/lib.rs:3): time in a bake is virtual, and what was read is \
                   the same in every instance"
                .to_owned(),
            reason => format!("       Dirty fresh.wasm: {reason}"),
        };
        assert_eq!(first, Some(expected.as_str()), "{}", said.stderr);
        assert!(said.stderr.contains("       Baked fresh.wasm"), "{}", said.stderr);
    };
    is_baked("--env A=1", "option `env` changed");
    is_baked("", "option `env` changed");
    is_fresh();
    sandbox.write(output, "edited");
    is_baked("", "the baked module is not what was written");
    is_fresh();
    fs_err::remove_file(sandbox.dir().join(output)).expect("it was written");
    is_baked("", "");
    is_fresh();
    sandbox.write("src/lib.rs", &GUEST.replace("load", "unload"));
    is_baked("", "the guest changed");
}

/// The working directory does not matter, as long as init sees the same files.
#[test]
fn from_several_directories() {
    let sandbox = Sandbox::guest("fresh-elsewhere", "#[preinit_guest::preinit]\nfn load() {}\n");
    for place in ["", "elsewhere/"] {
        sandbox.write(&format!("{place}data/file"), "text");
    }
    let manifest = sandbox.dir().join("Cargo.toml");
    let verb = |place: &str, shown: &str| {
        let mut command = sandbox.command(&format!("preinit --precompile=pulley64 --dir {shown}::/data"));
        command.arg("--manifest-path").arg(&manifest);
        command.current_dir(sandbox.dir().join(place));
        let said = sandbox.run(command);
        said.succeeds();
        let last = said.stderr.lines().last().unwrap_or_default();
        last.split_whitespace().next().unwrap_or_default().to_owned()
    };
    assert_eq!(verb("", "data"), "Baked");
    assert_eq!(verb("elsewhere", "data"), "Fresh");
    assert_eq!(verb("src", "../data"), "Fresh");
    let image = "target/wasm32-wasip1/debug/preinit/fresh_elsewhere.pulley64.cwasm";
    sandbox.write(image, "damaged");
    assert_eq!(verb("elsewhere", "data"), "Baked");
    sandbox.write("elsewhere/data/file", "TEXT");
    assert_eq!(verb("", "data"), "Fresh");
    assert_eq!(verb("elsewhere", "data"), "Baked");
}

/// Changes the name `host` in cached plans to `nobody`, by which a run that uses them can be told, and counts the plans.
fn tamper(sandbox: &Sandbox, target_dir: &str) -> usize {
    let target = sandbox.dir().join(target_dir);
    let plans = sandbox.plans(target_dir);
    for plan in &plans {
        let text = sandbox.read(&format!("{target_dir}/{plan}"));
        let text = String::from_utf8(text).expect("it is JSON");
        let edited = text.replace("\"left_out\":[\"host\"", "\"left_out\":[\"nobody\"");
        assert_ne!(text, edited);
        fs_err::write(target.join(plan), edited).expect("it is ours");
    }
    plans.len()
}

/// cargo is asked about the workspace once, and again when its answer may have changed.
#[test]
fn the_plan_is_kept() {
    let sandbox = Sandbox::of("workspace", "kept-plan").alone();
    let keep = || {
        sandbox.until_plan_is_kept("target", || {
            sandbox.preinit("-q").expect(0, "");
        });
    };
    keep();
    let note = |name: &str| {
        let said = sandbox.preinit("-v");
        said.succeeds();
        said.stderr
            .contains(&format!("no guest module comes from it: {name}"))
    };
    assert!(note("host"));

    let tamper = || tamper(&sandbox, "target");
    assert_eq!(tamper(), 1);
    assert!(note("nobody"));

    // `reactor` gets a binary that no manifest names.
    sandbox.write("reactor/src/bin/added.rs", "fn main() {}");
    assert!(note("host"));
    assert!(sandbox.has("target/wasm32-unknown-unknown/debug/added.wasm"));

    keep();
    assert!(note("host"));
    tamper();
    assert!(note("nobody"));
    // The workspace gets another package.
    let manifest = String::from_utf8(sandbox.read("Cargo.toml")).expect("manifests are UTF-8");
    let more = manifest.replace("\"plain\"", "\"plain\", \"more\"");
    let of_idle = String::from_utf8(sandbox.read("idle/Cargo.toml")).expect("manifests are UTF-8");
    sandbox.write("more/Cargo.toml", &of_idle.replace("idle", "more"));
    sandbox.write(
        "more/src/main.rs",
        "#[preinit_guest::preinit] fn load() {} fn main() {}",
    );
    sandbox.write("Cargo.toml", &more);
    assert!(note("host"));
    assert!(sandbox.has("target/wasm32-wasip1/debug/preinit/more.wasm"));
}

/// cargo is asked again when any file of its configuration has changed.
#[test]
fn the_plan_is_kept_with_the_configuration() {
    let sandbox = Sandbox::of("workspace", "kept-configuration").alone();
    sandbox.write(
        ".cargo/config.toml",
        "include = ['more.toml', { path = 'none.toml', optional = true }]",
    );
    sandbox.write(".cargo/more.toml", "build.target-dir = 'made'");
    sandbox.write("extra.toml", "include = ['deep/extra.toml']");
    sandbox.write("deep/extra.toml", "");
    sandbox.write("manifest/of", "");
    // cargo takes the configuration of the working directory, not of the manifest's.
    let note = |name: &str| {
        let mut command = sandbox.command("preinit -v --config ../extra.toml --manifest-path ../Cargo.toml");
        command.current_dir(sandbox.dir().join("manifest"));
        command.env_remove("CARGO_TARGET_DIR");
        let said = sandbox.run(command);
        said.succeeds();
        said.stderr
            .contains(&format!("no guest module comes from it: {name}"))
    };
    sandbox.until_plan_is_kept("made", || assert!(note("host")));
    assert_eq!(tamper(&sandbox, "made"), 1);
    assert!(note("nobody"));
    let plans = sandbox.plans("made");
    let plan = sandbox.read(&format!("made/{}", plans[0]));
    let plan: serde_json::Value = serde_json::from_slice(&plan).expect("it is JSON");
    let seen: Vec<(&str, bool)> = plan["seen"]
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|seen| (seen[0].as_str().expect("it is a path"), !seen[1].is_null()))
        .collect();
    for (file, is_there) in [
        (".cargo/config.toml", true),
        (".cargo/more.toml", true),
        (".cargo/none.toml", false),
        ("manifest/.cargo/config.toml", false),
        ("manifest/.cargo/config", false),
        ("manifest/../extra.toml", true),
        ("manifest/../deep/extra.toml", true),
    ] {
        let path = sandbox.dir().join(file).display().to_string();
        assert!(seen.contains(&(path.as_str(), is_there)), "{file}: {seen:?}");
    }
    sandbox.write(".cargo/none.toml", "");
    assert!(note("host"));
}
