//! Reports for people: what they say is what events say, and a browser shows them.

mod browser;

use preinit_tests::skip::skipped;
use serde_json::{Value, json};

use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;
use crate::tool::{Said, variable};
use browser::Browser;

/// Three items keep something, one of them a map with the keys that it drew.
const ITEMS: &str = r#"
use std::collections::HashMap;
use std::sync::LazyLock;

#[preinit_guest::preinit]
static SQUARES: LazyLock<Vec<u32>> = LazyLock::new(|| (1..5000_u32).map(|n| n * n).collect());

#[preinit_guest::preinit]
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| (0..300).map(|n| format!("word {n}")).collect());

#[preinit_guest::preinit]
static UNIQUE: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| WORDS.iter().map(|word| (word.as_str(), 1)).collect());

fn sum() -> u32 {
    SQUARES[4998] + UNIQUE.len() as u32
}
"#;

const EXPORTED: &str = "#[unsafe(no_mangle)] pub extern \"C\" fn get() -> u32 { sum() }";

/// The JSON in a page.
fn data(page: &str) -> Value {
    let begin = r#"<script type="application/json" id="preinit-report">"#;
    let (_, rest) = page.split_once(begin).expect("it has its data");
    let (json, _) = rest.split_once("</script>").expect("the script ends");
    serde_json::from_str(json).expect("it is JSON")
}

/// The only event of a kind.
fn event(said: &Said, reason: &str) -> Value {
    let mut found = with_reason(said, reason);
    assert_eq!(found.len(), 1, "{found:?}, {}", said.stderr);
    found.remove(0)
}

/// The page that an event names.
fn page(said: &Said) -> String {
    let event = event(said, "preinit-reported");
    let path = event["path"].as_str().expect("it is text");
    fs_err::read_to_string(path).expect("it was written")
}

/// Removes times.
fn without_times(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("seconds");
            fields.values_mut().for_each(without_times);
        }
        Value::Array(values) => values.iter_mut().for_each(without_times),
        _ => {}
    }
}

#[test]
fn of_a_module() {
    let sandbox = Sandbox::guest("reported", &format!("{ITEMS}{EXPORTED}"));
    let directory = "target/wasm32-wasip1/release/preinit";
    let (output, report) = (
        format!("{directory}/reported.wasm"),
        format!("{directory}/reported.report.html"),
    );
    sandbox.preinit("--release").succeeds();
    let plain = sandbox.read(&output);
    assert!(!sandbox.has(&report));

    // The report changes nothing of the module, and what is missing is made.
    let said = sandbox.preinit("--release --report -v");
    assert!(
        said.stderr.contains("Dirty reported.wasm: its report is missing"),
        "{}",
        said.stderr
    );
    assert!(said.stderr.contains("   Generated "), "{}", said.stderr);
    assert!(sandbox.read(&output) == plain);
    let first = page(&said);
    let (found, baked) = (data(&first), event(&said, "preinit-baked"));
    assert_eq!(found["items"], baked["items"]);
    assert_eq!(
        found["items"].as_array().map(Vec::len),
        Some(3),
        "{}",
        found["items"]
    );
    for field in [
        "module",
        "target",
        "bytes_before",
        "bytes_after",
        "data_bytes_before",
        "data_bytes_after",
        "functions_removed",
        "bytes_scrubbed",
        "compiler",
    ] {
        assert_eq!(found[field], baked[field], "{field}");
    }
    let warning = event(&said, "preinit-warning");
    let shown = &found["warnings"][0];
    for field in ["code", "message", "help", "function", "backtrace"] {
        assert_eq!(shown[field], warning[field], "{field}");
    }
    check(&found);

    // It is fresh with its report, and without one that nobody asks for.
    let said = sandbox.preinit("--release --report");
    assert!(said.stderr.contains("Fresh reported.wasm"), "{}", said.stderr);
    assert!(page(&said) == first);
    assert!(
        sandbox
            .preinit("--release")
            .stderr
            .contains("Fresh reported.wasm")
    );
    sandbox.write(&report, "edited");
    let said = sandbox.cargo("preinit report --release");
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert!(said.stderr.contains("Baked reported.wasm"), "{}", said.stderr);
    let printed = String::from_utf8_lossy(&said.stdout).into_owned();
    assert_eq!(
        printed.trim_end(),
        sandbox.dir().join(&report).display().to_string()
    );

    // Two reports differ in times.
    let second = String::from_utf8(sandbox.read(&report)).expect("a page is UTF-8");
    let mut both = [data(&first), data(&second)];
    both.iter_mut().for_each(without_times);
    assert!(both[0] == both[1], "{} differs from {}", both[0], both[1]);
    in_a_browser(&sandbox, &report, &data(&second));
}

/// What holds of the figures of [`ITEMS`].
fn check(found: &Value) {
    let number = |value: &Value| value.as_u64().unwrap_or_else(|| panic!("{value} is no number"));
    let items = found["items"].as_array().expect("there are items");
    let squares = items.iter().position(|item| item["name"] == "reported::SQUARES");
    let squares = squares.expect("it ran");
    // The map and the sizes know of the same bytes as the item.
    let amounts = found["memories"][0]["amounts"]
        .as_array()
        .expect("there are amounts");
    let amount = |content: Value| {
        let found = amounts.iter().find(|amount| amount["content"] == content);
        found.map_or(0, |amount| number(&amount["bytes"]))
    };
    assert_eq!(
        amount(json!({ "item": squares })),
        number(&items[squares]["bytes_kept"])
    );
    assert!(amount(json!({ "item": squares })) > 2 * 5000);
    let all: u64 = amounts.iter().map(|amount| number(&amount["bytes"])).sum();
    assert_eq!(all, number(&found["memories"][0]["bytes"]));
    // rustc gives the stack 1 MiB, in front of everything else.
    assert_eq!(found["memories"][0]["stack"], json!([0, 1 << 20]));
    for (side, bytes) in [("old", &found["bytes_before"]), ("new", &found["bytes_after"])] {
        let parts = found["sizes"][side].as_array().expect("there are parts");
        let sum: u64 = parts.iter().map(|part| number(&part["bytes"])).sum();
        assert_eq!(sum, number(bytes));
    }
    let fuel = |phases: &Value| {
        let phases = phases.as_array().expect("there are phases");
        phases.iter().map(|phase| number(&phase["fuel"])).sum::<u64>()
    };
    assert!(fuel(&found["start"]["before"]) > 5000, "{}", found["start"]);
    // What is left is to copy the data.
    let after = fuel(&found["start"]["after"]);
    assert!(
        after < 2 * number(&found["data_bytes_after"]),
        "{}",
        found["start"]
    );
}

#[test]
fn of_a_component() {
    let sandbox = Sandbox::empty("reported-component");
    sandbox.write(
        "Cargo.toml",
        r#"
            workspace = {}
            package.name = "reported-component"
            package.edition = "2024"
            package.metadata.preinit.target = "wasm32-wasip2"
            package.metadata.preinit.report = true
            dependencies.preinit-guest.path = "../../../preinit-guest"
        "#,
    );
    sandbox.write(
        "src/main.rs",
        &format!("{ITEMS}\nfn main() {{ println!(\"{{}}\", sum()); }}"),
    );
    let said = sandbox.preinit("--release");
    if said.stderr.contains("could not be added") {
        return skipped(&said.stderr);
    }
    said.succeeds();
    let found = data(&page(&said));
    assert_eq!(found["items"], event(&said, "preinit-baked")["items"]);
    // Each instance with a memory of its own has a map, and the items are those of one of them.
    let memories = found["memories"].as_array().expect("there are memories");
    let places: Vec<&Value> = memories.iter().map(|memory| &memory["place"]).collect();
    assert!(places.iter().all(|place| place.is_string()), "{places:?}");
    let items = found["items"].as_array().expect("there are items");
    let item = items
        .iter()
        .find(|item| item["name"] == "reported_component::SQUARES");
    let place = &item.expect("it ran")["place"];
    assert!(places.contains(&place), "{place} is not in {places:?}");
    in_a_browser(
        &sandbox,
        "target/wasm32-wasip2/release/preinit/reported-component.report.html",
        &found,
    );
}

/// Opens a report in a browser: it has no errors there, and the figures of its data.
fn in_a_browser(sandbox: &Sandbox, report: &str, found: &Value) {
    let Some(program) = variable("PREINIT_BROWSER") else {
        return skipped("PREINIT_BROWSER names no browser");
    };
    let seen = Browser::new(&program).open(&sandbox.dir().join(report));
    assert!(!seen.log.contains("CONSOLE"), "{}", seen.log);
    assert!(data(&seen.dom) == *found, "the browser has other data");
    let has = |text: &str| {
        assert!(
            seen.dom.contains(text),
            "{text} is not in the page:\n{}",
            seen.dom
        )
    };
    has(&format!(
        "<data id=\"bytes-after\" value=\"{}\">",
        found["bytes_after"]
    ));
    for item in found["items"].as_array().expect("there are items") {
        if let Some(name) = item["name"].as_str() {
            has(&format!("<code>{name}</code>"));
        }
        for field in ["seconds", "fuel", "bytes_changed", "bytes_kept", "bytes_added"] {
            has(&format!("<data value=\"{}\">", item[field]));
        }
    }
    for amount in found["memories"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|memory| memory["amounts"].as_array())
        .flatten()
    {
        has(&format!("<data value=\"{}\">", amount["bytes"]));
    }
}
