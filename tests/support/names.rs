//! What a case's module exports, before the bake and after, and what is called to do the bake's work by hand.

use std::collections::BTreeMap;

use cargo_preinit::KeepInit;
use preinit_guest::abi;
use wasmparser::{Parser, Payload};
use wasmtime::error::Result;

use crate::case::Case;

/// What is called in the original, in this order, to get where the baked module starts.
pub(crate) fn original_init(case: &Case, original: &[u8]) -> Result<Vec<String>> {
    let mut run = exports(original)?;
    run.retain(|name| name == "_initialize");
    run.extend(match &case.original_init {
        Some(names) => names.clone(),
        None => init_functions(case, original)?,
    });
    Ok(run)
}

/// The init functions: those that are named, or Wizer's.
fn init_functions(case: &Case, wasm: &[u8]) -> Result<Vec<String>> {
    if !case.options.init_functions.is_empty() {
        return Ok(case.options.init_functions.clone());
    }
    let exports = exports(wasm)?;
    let wizer = ["wizer-initialize", "wizer.initialize"];
    Ok(wizer
        .into_iter()
        .find(|name| exports.iter().any(|export| export == name))
        .map(str::to_owned)
        .into_iter()
        .collect())
}

/// The exports that the output must have, and what each of them is called in the original.
pub(crate) fn export_names(case: &Case, original: &[u8]) -> Result<BTreeMap<String, String>> {
    let init = init_functions(case, original)?;
    let mut names: BTreeMap<String, String> = exports(original)?
        .into_iter()
        .filter(|name| !name.starts_with(abi::PREFIX))
        .filter(|name| case.options.keep_init_functions == KeepInit::Keep || !init.contains(name))
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
pub(crate) fn exports(wasm: &[u8]) -> Result<Vec<String>> {
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
