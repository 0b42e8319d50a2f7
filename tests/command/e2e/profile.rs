//! What each item did: in JSON, in the lines of `-v`, and in warnings.

use preinit_tests::skip::skipped;
use serde_json::{Value, json};

use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;
use crate::tool::Said;

/// One item draws keys for a map, one allocates and frees what can be counted, and one reads a variable.
const GUEST: &str = r#"
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::LazyLock;

#[preinit_guest::preinit]
static RULES: LazyLock<HashMap<u32, u32>> = LazyLock::new(load);

#[inline(never)]
fn load() -> HashMap<u32, u32> {
    (0..100).map(|n| (n, n * n)).collect()
}

#[preinit_guest::preinit]
static SEVENS: LazyLock<Box<[u8]>> = LazyLock::new(|| {
    for n in 1..=64_u8 {
        drop(black_box(vec![n; 256]));
    }
    black_box(vec![7; 1000]).into_boxed_slice()
});

#[preinit_guest::preinit]
static NAME: LazyLock<String> = LazyLock::new(|| std::env::var("NAME").unwrap_or_default());

fn sum() -> u32 {
    RULES.values().sum::<u32>() + u32::from(SEVENS[999]) + NAME.len() as u32
}
"#;

/// While an item runs, the SDK has a panic hook, which takes two allocations of that many bytes.
const OF_SDK: u64 = 24;

const EXPORTED: &str = "#[unsafe(no_mangle)] pub extern \"C\" fn get() -> u32 { sum() }";

/// The items of a bake without how long they took.
fn items(said: &Said) -> Vec<Value> {
    said.succeeds();
    let mut baked = with_reason(said, "preinit-baked");
    let Some(Value::Array(items)) = baked.first_mut().map(|baked| baked["items"].take()) else {
        panic!("{}", said.stderr);
    };
    let items = items.into_iter().map(|mut item| {
        assert!(item["seconds"].take().is_number());
        item
    });
    items.collect()
}

fn item<'i>(items: &'i [Value], name: &str) -> &'i Value {
    let found = items.iter().find(|item| {
        let path = item["name"].as_str().unwrap_or_default();
        path.ends_with(name)
    });
    found.unwrap_or_else(|| panic!("{name} is not in {items:?}"))
}

/// What holds of the items of [`GUEST`], for any target.
fn check(items: &[Value]) {
    let sevens = item(items, "::SEVENS");
    assert_eq!(
        sevens["allocations"],
        json!({
            "counted": "rust",
            "allocations": 65 + 2,
            "reallocations": 0,
            "frees": 64 + 2,
            "bytes_allocated": 64 * 256 + 1000 + OF_SDK,
            "bytes_freed": 64 * 256 + OF_SDK,
        })
    );
    let kept = |item: &Value, field: &str| {
        item[field]
            .as_u64()
            .unwrap_or_else(|| panic!("{field} of {item}"))
    };
    // The allocator's own state is a part of it, and what is left of freed memory.
    assert!((1000..4000).contains(&kept(sevens, "bytes_added")), "{sevens}");
    assert!(kept(sevens, "bytes_changed") >= kept(sevens, "bytes_kept"));
    assert!(kept(sevens, "fuel") > 64);
    assert_eq!(sevens["reads"], json!([]));
    let rules = item(items, "::RULES");
    let read = &rules["reads"][0];
    assert_eq!(
        (&read["source"], &read["bytes"]),
        (&json!("random"), &json!(16)),
        "{rules}"
    );
    assert_eq!(read["sites"][0]["through"], "std-hash-keys");
    let function = read["sites"][0]["function"].as_str().unwrap_or_default();
    assert!(function.ends_with("::load"), "{function}");
    // 100 pairs of four bytes each, most of which have bytes that are zero.
    assert!(kept(rules, "bytes_added") > 200, "{rules}");
    let name = item(items, "::NAME");
    assert_eq!(name["reads"][0]["source"], "environment");
    assert_eq!(name["allocations"]["counted"], "rust");
}

#[test]
fn of_a_module() {
    let sandbox = Sandbox::guest("profiled", &format!("{GUEST}{EXPORTED}"));
    let build = |args: &str| sandbox.cargo(&format!("preinit --release --env NAME=Ada {args}"));
    let said = build("--message-format json");
    let found = items(&said);
    check(&found);
    let warnings = with_reason(&said, "preinit-warning");
    let warning = |code: &str| {
        let found = warnings.iter().find(|warning| warning["code"] == code);
        found.unwrap_or_else(|| panic!("{code} is not in {warnings:?}"))
    };
    let random = warning("random");
    let message = random["message"].as_str().unwrap_or_default();
    let (first, parts) = message.split_once('\n').unwrap_or_default();
    assert_eq!(
        first,
        "init drew random numbers, in `profiled::RULES` (src/lib.rs:7) by `profiled::load`, through std's hash keys (`RandomState`): they come from a fixed seed, and are the same in every instance"
    );
    let parts: Vec<&str> = parts.lines().collect();
    assert!(
        parts[0].starts_with("  - the keys of a hash map (0x"),
        "{message}"
    );
    assert!(parts[1].contains(" bytes of the heap (0x"), "{message}");
    assert!(
        parts
            .iter()
            .all(|part| part.ends_with(" by `profiled::RULES` (src/lib.rs:7)")),
        "{message}"
    );
    assert_eq!(random["item"]["name"], "profiled::RULES");
    assert_eq!(
        (&random["function"], &random["place"]),
        (&json!("profiled::load"), &json!(null))
    );
    let backtrace = random["backtrace"].as_array().map_or(0, Vec::len);
    assert!(backtrace > 2, "{random}");
    assert!(
        random["help"][0]
            .as_str()
            .unwrap_or_default()
            .contains("`BTreeMap`"),
        "{random}"
    );
    let environment = warning("environment");
    assert_eq!(environment["item"]["name"], "profiled::NAME");
    // Neither what ran before nor who is told of it changes a figure or a byte.
    let output = sandbox.read("target/wasm32-wasip1/release/preinit/profiled.wasm");
    let again = |args: &str| {
        fs_err::remove_dir_all(sandbox.dir().join("target/wasm32-wasip1/release/preinit"))
            .expect("it is ours");
        let said = build(args);
        assert_eq!(
            sandbox.read("target/wasm32-wasip1/release/preinit/profiled.wasm"),
            output
        );
        said
    };
    assert_eq!(items(&again("--message-format json")), found);
    again("").succeeds();
    let said = again("-v");
    for line in [
        "         Ran `profiled::SEVENS` (src/lib.rs:15) in [TIME]\n   Allocated [FIGURES]\n     Changed [FIGURES]\n",
        "        Read 16 B of random numbers (1x) by `profiled::load`, through std's hash keys (`RandomState`)\n",
    ] {
        assert!(said.stderr.contains(line), "{line} is not in {}", said.stderr);
    }
}

/// What an item has made is asked of cargo's module, of which no baked byte is lost.
#[test]
fn what_wrote_the_bytes_of_an_item() {
    let sandbox = Sandbox::guest("asked", &format!("{GUEST}{EXPORTED}"));
    sandbox.cargo("preinit --release --env NAME=Ada").succeeds();
    let why = |what: &str| {
        let options = "--allow-wasi --env NAME=Ada --message-format json";
        let said = sandbox.cargo(&format!(
            "preinit why {what} target/wasm32-wasip1/release/asked.wasm {options}"
        ));
        said.succeeds();
        let mut found = with_reason(&said, "preinit-explained");
        found.remove(0)["found"][0].take()
    };
    let check = |found: &Value, item: &str| {
        let change = &found["after_init"]["change"];
        assert_eq!(change["step"], item, "{found}");
        assert_eq!(change["by"]["kind"], "code", "{found}");
    };
    let sevens = why("SEVENS");
    assert_eq!(sevens["item"]["name"], "asked::SEVENS");
    check(&sevens, "asked::SEVENS");
    // The static has a pointer to the heap, where the sevens are.
    let content = sevens["after_init"]["content"].as_str().unwrap_or_default();
    let content: Vec<u8> = content
        .split(' ')
        .map(|byte| u8::from_str_radix(byte, 16).expect("it is hexadecimal"))
        .collect();
    let words = content
        .chunks(4)
        .map(|word| u32::from_le_bytes(word.try_into().expect("four bytes")));
    let pointers: Vec<u32> = words.filter(|word| *word > 1 << 16).collect();
    let [pointer] = pointers[..] else {
        panic!("{content:?} has one pointer");
    };
    let heap = why(&format!("{:#x}", pointer + 999));
    assert_eq!(heap["region"], "heap", "{heap}");
    check(&heap, "asked::SEVENS");
    let content = heap["after_init"]["content"].as_str().unwrap_or_default();
    assert!(content.starts_with("07 "), "{content}");
    let function = heap["after_init"]["change"]["by"]["function"]
        .as_str()
        .unwrap_or_default();
    assert!(function.starts_with("asked::SEVENS"), "{function}");
}

/// Nothing tells which functions allocate.
#[test]
fn without_names() {
    let sandbox = Sandbox::guest("nameless", &format!("{GUEST}{EXPORTED}"));
    sandbox.configure("profile.release.strip = true");
    let said = sandbox.cargo("preinit --release --message-format json");
    let found = items(&said);
    let sevens = item(&found, "::SEVENS");
    assert_eq!(sevens["allocations"], json!(null));
    assert!(sevens["bytes_kept"].as_u64() > Some(1000), "{sevens}");
    let read = &item(&found, "::RULES")["reads"][0];
    assert_eq!(
        (&read["source"], &read["sites"][0]["function"]),
        (&json!("random"), &json!(null))
    );
}

#[test]
fn without_wasi() {
    let sandbox = Sandbox::guest("profiled-alone", &format!("{GUEST}{EXPORTED}"));
    let said = sandbox.cargo("preinit --release --target wasm32-unknown-unknown --message-format json");
    let found = items(&said);
    let sevens = item(&found, "::SEVENS");
    assert_eq!(
        sevens["allocations"]["bytes_freed"],
        64 * 256 + OF_SDK,
        "{sevens}"
    );
    // Without random numbers, the keys of the map follow from addresses.
    let rules = item(&found, "::RULES");
    assert_eq!(rules["reads"][0]["source"], "hash-keys", "{rules}");
    let warnings = with_reason(&said, "preinit-warning");
    assert_eq!((&warnings[0]["code"], warnings.len()), (&json!("hash-keys"), 1));
    assert_eq!(warnings[0]["item"]["name"], "profiled_alone::RULES");
}

#[test]
fn of_a_component() {
    let main = "fn main() { println!(\"{}\", sum()); }";
    let sandbox = Sandbox::component("profiled-component", &format!("{GUEST}{main}"));
    let said = sandbox.cargo("preinit --release --env NAME=Ada --message-format json");
    if said.stderr.contains("could not be added") {
        return skipped(&said.stderr);
    }
    let found = items(&said);
    check(&found);
    let warnings = with_reason(&said, "preinit-warning");
    let random = warnings.iter().find(|warning| warning["code"] == "random");
    let random = random.unwrap_or_else(|| panic!("{warnings:?}"));
    assert_eq!(random["function"], "profiled_component::load");
    assert!(random["place"].is_string(), "{random}");
}

/// A sleep is no reading of a clock.
#[test]
fn a_wait() {
    let source = r#"
        #[preinit_guest::preinit]
        fn nap() {
            std::thread::sleep(std::time::Duration::from_secs(1));
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn get() -> u32 { 7 }
    "#;
    let sandbox = Sandbox::guest("naps", source);
    let said = sandbox.cargo("preinit --release --message-format json");
    assert_eq!(items(&said)[0]["reads"][0]["source"], "wait");
    // With a clock that shows another time, nothing is different.
    assert_eq!(with_reason(&said, "preinit-warning"), [] as [Value; 0]);
    let said = sandbox.cargo("preinit --release --stamp -v");
    assert!(
        said.stderr
            .contains("    Compared naps.wasm: with other answers from the clock init leaves the same\n"),
        "{}",
        said.stderr
    );
    let said = sandbox.cargo("preinit --release --impurity off --message-format json");
    let warnings = with_reason(&said, "preinit-warning");
    assert_eq!(
        warnings[0]["message"],
        "init waited for the clock (1x), in `naps::nap` (src/lib.rs:3): time in a bake is virtual"
    );
}
