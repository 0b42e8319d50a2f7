//! The exports of a case's module before and after the bake, and the calls that run init in the original.

use std::collections::BTreeMap;

use cargo_preinit::KeepInit;
use preinit_guest::abi;
use wasmparser::{Parser, Payload};
use wasmtime::error::Result;

use crate::case::{Call, Case};

/// The calls that bring the original to the state in which the baked module starts, in order.
pub fn original_init(case: &Case, original: &[u8]) -> Result<Vec<Call>> {
    let exports = exports(original)?;
    let mut run: Vec<Call> = exports
        .iter()
        .filter(|name| *name == "_initialize")
        .map(|name| call(name, &exports))
        .collect();
    run.extend(match &case.original_init {
        Some(texts) => texts.iter().map(|text| call(text, &exports)).collect(),
        None => init_functions(case, &exports),
    });
    Ok(run)
}

/// Parses an init function: the name of an export, or a call.
fn call(text: &str, exports: &[String]) -> Call {
    match text.parse() {
        Ok(call) if !exports.iter().any(|export| export == text) => call,
        _ => Call {
            export: text.to_owned(),
            arguments: Vec::new(),
        },
    }
}

/// The init functions: those that the case names, else Wizer's export.
fn init_functions(case: &Case, exports: &[String]) -> Vec<Call> {
    let named = case.options.init_functions.iter().chain(&case.again);
    let named: Vec<Call> = named.map(|text| call(text, exports)).collect();
    if !named.is_empty() {
        return named;
    }
    let mut wizer = ["wizer-initialize", "wizer.initialize"].into_iter();
    let found = wizer.find(|name| exports.iter().any(|export| export == name));
    found.map(|name| call(name, exports)).into_iter().collect()
}

/// The exports that the output must have, each with its name in the original.
pub fn export_names(case: &Case, original: &[u8]) -> Result<BTreeMap<String, String>> {
    let exports = exports(original)?;
    let init = init_functions(case, &exports);
    let is_gone = |name: &String| {
        // Hosts call these by name, so they stay exported.
        let is_entry = name == "_initialize" || name == "__wasm_call_ctors";
        case.options.keep_init_functions == KeepInit::Remove
            && !is_entry
            && init.iter().any(|call| call.export == *name)
    };
    let mut names: BTreeMap<String, String> = exports
        .into_iter()
        .filter(|name| !name.starts_with(abi::PREFIX))
        .filter(|name| !is_gone(name))
        .map(|name| (name.clone(), name))
        .collect();
    for rename in &case.options.renames {
        names.remove(&rename.old);
    }
    for rename in &case.options.renames {
        names.insert(rename.new.clone(), rename.old.clone());
    }
    Ok(names)
}

/// The names of a module's exports, sorted.
pub fn exports(wasm: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ExportSection(reader) = payload? {
            for export in reader {
                names.push(export?.name.to_owned());
            }
        }
    }
    names.sort();
    Ok(names)
}
