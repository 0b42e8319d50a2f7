//! A workspace with six guests, two for `wasm32-unknown-unknown`, three for `wasm32-wasip1`, and a component: what a pipeline that runs
//! on every push sees.

use serde_json::Value;
use snapbox::str;
use wasmtime::Result;

use crate::e2e::host::{Guest, output};
use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;
use crate::tool::Said;

fn workspace(name: &str) -> Sandbox {
    Sandbox::of("six", name)
}

/// The lines of standard error in the order of the alphabet, since several guests are baked at the same time.
fn sorted(said: &Said) -> String {
    let mut lines: Vec<&str> = said.stderr.lines().collect();
    lines.sort_unstable();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The value of a field of each event with this reason, sorted.
fn each(said: &Said, reason: &str, field: &str) -> Vec<String> {
    let events = with_reason(said, reason);
    let mut found: Vec<String> = events
        .iter()
        .map(|event| event[field].as_str().expect("it is a text").to_owned())
        .collect();
    found.sort();
    found
}

const OF_GUESTS: [&str; 7] = [
    "clock.wasm",
    "fragile.wasm",
    "greet.wasm",
    "primes.wasm",
    "table.wasm",
    "words.wasm (live)",
    "words.wasm (test)",
];

#[test]
fn first_fresh_and_one_changed() -> Result<()> {
    let sandbox = workspace("six").alone();
    let first = sandbox.preinit("--workspace --release");
    first.succeeds();
    snapbox::assert_data_eq!(
        sorted(&first),
        str![[r#"
       Baked clock.wasm (wasm32-wasip1): 1 item in [TIME], [SIZE] -> [SIZE]
       Baked fragile.wasm (wasm32-wasip1): 1 item in [TIME], [SIZE] -> [SIZE]
       Baked greet.wasm (wasm32-wasip2): 1 item in [TIME], [SIZE] -> [SIZE]
       Baked primes.wasm (wasm32-unknown-unknown): 1 item in [TIME], [SIZE] -> [SIZE]
       Baked table.wasm (wasm32-unknown-unknown): 1 item in [TIME], [SIZE] -> [SIZE]
       Baked words.wasm (live): 1 item in [TIME], [SIZE] -> [SIZE]
       Baked words.wasm (test): 1 item in [TIME], [SIZE] -> [SIZE]
      Baking clock.wasm
      Baking fragile.wasm
      Baking greet.wasm
      Baking primes.wasm
      Baking table.wasm
      Baking words.wasm
  - 12 bytes of the static `clock::BUILT` (0x[..])
  - [..] bytes of the heap (0x[..]) by `fragile::load` (src/lib.rs:6)
  - [..] bytes of the heap (0x[..]) by `words::STAGE` (src/main.rs:8)
  - [..] bytes of the heap (0x[..]) by `words::STAGE` (src/main.rs:8)
warning: clock.wasm: init read the clock (1x), in `clock::BUILT` (src/lib.rs:9): time in a bake is virtual, and what was read is the same in every instance
warning: fragile.wasm: init read the environment (`STAGE`), in `fragile::load` (src/lib.rs:6): each instance sees what init kept of it
warning: words.wasm (live): init read the environment (`STAGE`), in `words::STAGE` (src/main.rs:8): each instance sees what init kept of it
warning: words.wasm (test): init read the environment (`STAGE`), in `words::STAGE` (src/main.rs:8): each instance sees what init kept of it

"#]]
    );
    assert_eq!(each(&first, "preinit-baked", "module"), OF_GUESTS);
    // What the manifests say is what was done.
    let modules = sandbox.modules();
    let is_there = |path: &str| assert!(modules.contains(&path.to_owned()), "{path}: {modules:?}");
    is_there("wasm32-unknown-unknown/release/preinit/primes.baked.wasm");
    is_there("wasm32-wasip2/release/preinit/greet.wasm");
    for stage in ["live", "test"] {
        let path = format!("target/wasm32-wasip1/release/preinit/words.{stage}.wasm");
        assert_eq!(output(&sandbox.read(&path), &[])?, format!("this is {stage}\n"));
    }
    let primes = sandbox.read("target/wasm32-unknown-unknown/release/preinit/primes.baked.wasm");
    assert_eq!(Guest::new(&primes, &[])?.call("prime", &[0])?, 2);

    let fresh = sandbox.preinit("--workspace --release");
    assert_eq!(each(&fresh, "preinit-fresh", "module"), OF_GUESTS);
    assert!(with_reason(&fresh, "preinit-baked").is_empty());

    sandbox.write(
        "table/src/lib.rs",
        &String::from_utf8(sandbox.read("table/src/lib.rs"))
            .expect("sources are UTF-8")
            .replace("number * 2", "number * 3"),
    );
    let changed = sandbox.preinit("--workspace --release -v");
    assert_eq!(each(&changed, "preinit-baked", "module"), ["table.wasm"]);
    assert_eq!(each(&changed, "preinit-dirty", "message"), ["the guest changed"]);
    let dirty = "       Dirty table.wasm: the guest changed\n";
    assert!(changed.stderr.contains(dirty), "{}", changed.stderr);
    Ok(())
}

#[test]
fn one_that_fails_does_not_keep_others_from_being_baked() {
    let sandbox = workspace("six-and-one-fails");
    let said = sandbox.preinit("--workspace --env STAGE=broken");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    let failed: Vec<Value> = with_reason(&said, "preinit-failed");
    assert_eq!(failed[0]["module"], "fragile.wasm");
    assert_eq!(failed[0]["code"], "panic");
    assert_eq!(failed[1]["code"], "some-failed");
    assert_eq!(failed.len(), 2);
    let mut others = OF_GUESTS.to_vec();
    others.retain(|name| *name != "fragile.wasm");
    assert_eq!(each(&said, "preinit-baked", "module"), others);
    let last = said.stderr.lines().last();
    assert_eq!(
        last,
        Some("error: 1 of 6 guests could not be baked"),
        "{}",
        said.stderr
    );
}

/// A second checkout in another place finds what the first one baked.
#[test]
fn a_second_checkout_finds_it_in_the_shared_cache() {
    let first = workspace("six-first-checkout").alone();
    let second = workspace("six-second-checkout").alone();
    let cache = first.dir().join("cache");
    let run = |sandbox: &Sandbox, args: &str| {
        let mut command = sandbox.command(&format!(
            "preinit --workspace {args} --message-format json-render-diagnostics"
        ));
        command.env("CARGO_PREINIT_CACHE_DIR", &cache);
        let said = sandbox.run(command);
        said.succeeds();
        said
    };
    // Without debug information, which has the path of the checkout in it.
    let baked = run(&first, "--release");
    assert_eq!(each(&baked, "preinit-baked", "module"), OF_GUESTS);
    let restored = run(&second, "--release");
    assert_eq!(each(&restored, "preinit-restored", "module"), OF_GUESTS);
    let line = "    Restored greet.wasm (wasm32-wasip2): [SIZE] -> [SIZE], from the cache\n";
    assert!(restored.stderr.contains(line), "{}", restored.stderr);
    let outputs = |sandbox: &Sandbox| {
        let mut modules = sandbox.modules();
        modules.retain(|module| module.contains("preinit/"));
        modules
    };
    assert_eq!(outputs(&first).len(), OF_GUESTS.len());
    for path in outputs(&first) {
        let path = format!("target/{path}");
        assert!(first.read(&path) == second.read(&path), "{path}");
    }
    // It is as fresh as what was baked here.
    assert_eq!(
        each(&run(&second, "--release"), "preinit-fresh", "module"),
        OF_GUESTS
    );
    // Other options are another entry, and one of them is named.
    let other = run(&second, "--release --stamp -v");
    assert_eq!(each(&other, "preinit-baked", "module"), OF_GUESTS);
    assert!(
        other
            .stderr
            .contains("Dirty clock.wasm: option `stamp` changed\n"),
        "{}",
        other.stderr
    );
    // A damaged entry is baked again.
    for entry in crate::tool::files(&cache.join("outputs")) {
        let path = cache.join("outputs").join(&entry);
        let mut bytes = fs_err::read(&path).expect("it is there");
        if entry.ends_with(".baked") {
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            fs_err::write(&path, bytes).expect("it is ours");
        }
    }
    second.cargo("preinit clean").succeeds();
    assert!(outputs(&second).is_empty());
    assert_eq!(
        each(&run(&second, "--release"), "preinit-baked", "module"),
        OF_GUESTS
    );
    let mut clean = second.command("preinit clean --cache");
    clean.env("CARGO_PREINIT_CACHE_DIR", &cache);
    second.run(clean).succeeds();
    assert_eq!(crate::tool::files(&cache), Vec::<String>::new());
}

/// `--dry-run` builds nothing, and says what would be done with which options.
#[test]
fn the_plan() {
    let sandbox = workspace("six-plan");
    let said = sandbox.preinit("--workspace --release --dry-run --no-verify --deny random");
    said.expect(
        0,
        str![[r#"
     Planned wasm32-unknown-unknown: cargo build --package primes --package table --target wasm32-unknown-unknown --release
             primes: deny = random; env = STAGE=test; output-name = {name}.baked.wasm; verify = false
             table: deny = random; env = STAGE=test; verify = false
     Planned wasm32-wasip1: cargo build --package clock --package fragile --package words --target wasm32-wasip1 --release
             clock: deny = random; env = STAGE=test; verify = false
             fragile: deny = random; env = STAGE=test; verify = false
             words: deny = random; env = STAGE=test; variant = live, live=env:STAGE=live, test; verify = false
     Planned wasm32-wasip2: cargo build --package greet --target wasm32-wasip2 --release
             greet: deny = random; env = STAGE=test; verify = false

"#]],
    );
    assert_eq!(with_reason(&said, "preinit-planned").len(), 3);
    assert!(sandbox.modules().is_empty());
}

/// Guests that are larger than the workspace allows fail, each with what makes it large, and the others are baked.
#[test]
fn a_size_budget_is_broken() {
    let sandbox = workspace("six-sizes");
    let manifest = String::from_utf8(sandbox.read("Cargo.toml")).expect("manifests are UTF-8");
    let limit = "[workspace.metadata.preinit]\ncheck-size = \"60KiB\"\n";
    sandbox.write(
        "Cargo.toml",
        &manifest.replace("[workspace.metadata.preinit]\n", limit),
    );
    let said = sandbox.preinit("--workspace --release");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    let failed = with_reason(&said, "preinit-failed");
    let too_large: Vec<&Value> = failed
        .iter()
        .filter(|event| event["code"] == "oversize")
        .collect();
    assert!(
        too_large.iter().any(|event| event["module"] == "greet.wasm"),
        "{failed:?}"
    );
    for event in &too_large {
        assert!(event["oversize"]["bytes"].as_u64() > Some(60 << 10), "{event}");
        assert!(
            !event["oversize"]["crates"]
                .as_array()
                .expect("they are listed")
                .is_empty()
        );
    }
    let baked = each(&said, "preinit-baked", "module");
    assert!(
        baked.contains(&"primes.wasm".to_owned()) && baked.contains(&"table.wasm".to_owned()),
        "{baked:?}"
    );
}
