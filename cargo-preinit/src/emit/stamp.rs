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

use crate::guest::Guest;
use crate::guest::answers::Answers;
use crate::run::RunSummary;
use crate::snapshot::Snapshot;

/// The name of the section.
pub(crate) const NAME: &str = "preinit";

/// Appends the section to a finished module.
pub(crate) fn add(wasm: &mut Vec<u8>, guest: &Guest<'_>, summary: &RunSummary, snapshot: &Snapshot) {
    let mut description = describe(summary, snapshot);
    let imports = guest.nodes().flat_map(|node| Answers::given(&node));
    let imports: Vec<_> = imports.collect();
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

fn describe(summary: &RunSummary, snapshot: &Snapshot) -> Value {
    let ran: Vec<String> = summary.items.iter().map(|item| item.step.name()).collect();
    let instances = || snapshot.instances.iter();
    let memories: Vec<Value> = instances()
        .flat_map(|instance| &instance.memories)
        .map(|state| {
            let bytes: usize = state.runs.iter().map(|run| run.bytes.len()).sum();
            json!({ "index": state.index.0, "pages": state.pages, "bytes": bytes })
        })
        .collect();
    let tables: Vec<Value> = instances()
        .flat_map(|instance| &instance.tables)
        .map(|state| json!({ "index": state.index.0, "slots": state.slots.len() }))
        .collect();
    json!({
        "tool": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "ran": ran,
        "memories": memories,
        "globals": instances().map(|instance| instance.globals.len()).sum::<usize>(),
        "tables": tables,
        "objects": instances().map(|instance| instance.heap.len()).sum::<usize>(),
    })
}
