//! The JSON of `--message-format json`: every line that a test of this program sees is checked against the schema.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use crate::tool::Said;

/// Has events written to standard output, while the compiler's diagnostics stay on standard error.
const AS_JSON: &str = "--message-format json-render-diagnostics";

pub static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let text = include_str!("../../cargo-preinit/json-schema.json");
    let schema: Value = serde_json::from_str(text).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
});

/// Runs a command with [`AS_JSON`]. One whose arguments are wrong has no events, and its usage shows all arguments, so that is run plainly.
pub fn with_events(run: impl Fn(&str) -> Said) -> Said {
    const USAGE: i32 = 2;
    let said = run(AS_JSON);
    match said.code {
        Some(USAGE) => run(""),
        _ => said,
    }
}

/// Checks the tool's own objects in an output.
pub fn check(stdout: &[u8]) {
    let text = String::from_utf8_lossy(stdout);
    for line in text
        .lines()
        .filter(|line| line.starts_with(r#"{"reason":"preinit-"#))
    {
        let value: Value = serde_json::from_str(line).expect("a line is an object");
        if let Err(error) = SCHEMA.validate(&value) {
            panic!("{error}, in {line}");
        }
    }
}

/// The objects with this reason.
pub fn with_reason(said: &Said, reason: &str) -> Vec<Value> {
    let text = String::from_utf8_lossy(&said.stdout);
    let lines = text.lines().filter(|line| line.starts_with('{'));
    let all = lines.map(|line| serde_json::from_str::<Value>(line).expect("a line is an object"));
    all.filter(|value| value["reason"] == reason).collect()
}
