//! Imported functions that the baked module has itself, so that no host has to provide them: see [`StubbedImport`].

use std::collections::BTreeMap;

use wasmparser::ValType;

use super::index::FunctionIndex;
use super::{GuestModule, ImportKind};
use crate::options::{Stub, StubbedImport};

/// WASI's error number for a function that is not supported: `errno::nosys`.
const NOSYS: i32 = 52;

/// The imported functions that become functions of the output, and what each does. A name that is given as a whole counts for more than a
/// pattern, and of several patterns the last.
pub(crate) fn stubs(guest: &GuestModule<'_>, asked: &[StubbedImport]) -> BTreeMap<FunctionIndex, Stub> {
    let functions = guest.imports.iter().filter_map(|import| {
        let ImportKind::Function(index) = import.kind else {
            return None;
        };
        let name = format!("{}.{}", import.module, import.name);
        let whole = asked.iter().rfind(|stub| stub.import == name);
        let found = whole.or_else(|| asked.iter().rfind(|stub| stub.matches(&name)))?;
        Some((index, found.stub))
    });
    functions.collect()
}

/// What is asked for and matches no imported function. A module need not have any of WASI's.
pub(crate) fn unmatched<'a>(guest: &GuestModule<'_>, asked: &'a [StubbedImport]) -> Vec<&'a str> {
    let imports = guest.imports.iter();
    let functions = imports.filter(|import| matches!(import.kind, ImportKind::Function(_)));
    let names = functions.map(|import| format!("{}.{}", import.module, import.name));
    let names: Vec<String> = names.collect();
    let unmatched = asked
        .iter()
        .filter(|stub| stub.import != StubbedImport::WASI && !names.iter().any(|name| stub.matches(name)));
    unmatched.map(|stub| stub.import.as_str()).collect()
}

/// By module and name of the imports, the number that what stands for each returns; `None` if it traps.
pub(crate) fn returned_by_name(
    guest: &GuestModule<'_>,
    asked: &[StubbedImport],
) -> BTreeMap<(String, String), Option<i32>> {
    let stubs = stubs(guest, asked);
    let names = guest.imports.iter().filter_map(|import| {
        let ImportKind::Function(index) = import.kind else {
            return None;
        };
        let results = guest.signature(index).map_or(&[][..], |ty| ty.results());
        let number = returned(*stubs.get(&index)?, results);
        Some(((import.module.to_owned(), import.name.to_owned()), number))
    });
    names.collect()
}

/// What a stub returns; `None` if it traps.
pub(crate) fn returned(stub: Stub, results: &[ValType]) -> Option<i32> {
    match (stub, results) {
        (Stub::Nosys, [ValType::I32]) => Some(NOSYS),
        (Stub::Nosys | Stub::Trap, _) => None,
    }
}
