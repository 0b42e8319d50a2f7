//! The custom section `preinit`, which tells a reader of the module what was baked.
//!
//! ```json
//! {"globals":1,"memories":[{"bytes":4096,"index":0,"pages":17}],"objects":0,"ran":["guest::TABLE"],
//!  "tables":[{"index":0,"slots":5}],"tool":"cargo-preinit","version":"0.1.0"}
//! ```
//!
//! Where options answer imports, it also has `"imports":{"env.abort":"zero"}`.
//!
//! It does not depend on when or where the bake ran.

use serde_json::{Value, json};
use wasm_encoder::{CustomSection, Section as _};

use crate::guest::Node;
use crate::guest::answers::Answers;
use crate::run::{RunSummary, Step};
use crate::snapshot::InstanceState;

/// The name of the section.
pub(crate) const NAME: &str = "preinit";

/// Appends the section to a finished module.
pub(crate) fn add(wasm: &mut Vec<u8>, guest: &Node<'_>, summary: &RunSummary, instance: &InstanceState) {
    let mut description = describe(summary, instance);
    let imports = Answers::given(guest);
    if !imports.is_empty() {
        let imports = imports.into_iter();
        let imports = imports.map(|(import, answer)| (import, Value::from(answer.to_string())));
        description["imports"] = imports.collect();
    }
    let text = description.to_string();
    let section = CustomSection {
        name: NAME.into(),
        data: text.as_bytes().into(),
    };
    section.append_to(wasm);
}

/// Whether the contents of a section named `preinit` are a stamp of this tool.
pub(crate) fn is_ours(data: &[u8]) -> bool {
    serde_json::from_slice::<Value>(data).is_ok_and(|value| value["tool"] == env!("CARGO_PKG_NAME"))
}

fn describe(summary: &RunSummary, instance: &InstanceState) -> Value {
    let ran: Vec<String> = summary
        .items
        .iter()
        .map(|item| match &item.step {
            Step::Start => "start".to_owned(),
            Step::Constructors => "constructors".to_owned(),
            Step::Initialize => "_initialize".to_owned(),
            Step::Item(item) => item.name.clone(),
            Step::Function(name) => name.clone(),
        })
        .collect();
    let memories: Vec<Value> = instance
        .memories
        .iter()
        .map(|state| {
            let bytes: usize = state.runs.iter().map(|run| run.bytes.len()).sum();
            json!({ "index": state.index.0, "pages": state.pages, "bytes": bytes })
        })
        .collect();
    let tables: Vec<Value> = instance
        .tables
        .iter()
        .map(|state| json!({ "index": state.index.0, "slots": state.slots.len() }))
        .collect();
    json!({
        "tool": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "ran": ran,
        "memories": memories,
        "globals": instance.globals.len(),
        "tables": tables,
        "objects": instance.heap.len(),
    })
}
