//! Imported functions that the output has itself, so that no host has to provide them: see [`StubbedImport`].

use std::collections::BTreeMap;
use std::fmt;

use wasm_encoder::{Function, Instruction};
use wasmparser::ValType;

use super::reach::Reach;
use super::{EditPlan, EmitError, Emitted, Entity};
use crate::guest::answers::named;
use crate::guest::index::FunctionIndex;
use crate::guest::{GuestModule, ImportKind, Node};
use crate::options::{Stub, StubbedImport};
use crate::shown;
use crate::text::demangle;

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

/// The body of a stub, of a function with these results.
pub(super) fn body(stub: Stub, results: &[ValType]) -> Function {
    let mut body = Function::new([]);
    body.instruction(&match returned(stub, results) {
        Some(number) => Instruction::I32Const(number),
        None => Instruction::Unreachable,
    });
    body.instruction(&Instruction::End);
    body
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

/// A function that the baked module has in place of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedStub {
    /// The import's module.
    pub module: String,
    /// The import's name.
    pub name: String,
    /// A shortest way to it, from what the host can reach: functions, tables and globals, as text.
    pub way: Vec<String>,
}

impl fmt::Display for ReachedStub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// How many parts of a way are shown at its ends.
        const SHOWN: usize = 3;
        write!(f, "{} by ", named(&self.module, &self.name))?;
        let way = &self.way;
        match way.get(SHOWN..way.len().saturating_sub(SHOWN)) {
            Some(middle) if middle.len() > 1 => write!(
                f,
                "{} -> {} more -> {}",
                way[..SHOWN].join(" -> "),
                middle.len(),
                way[way.len() - SHOWN..].join(" -> ")
            ),
            _ if way.is_empty() => f.write_str("the host"),
            _ => f.write_str(&way.join(" -> ")),
        }
    }
}

/// The stubs that are left in an output, in the order of the imports.
///
/// # Errors
///
/// If the output cannot be read: a bug of this tool.
pub(crate) fn reached(
    guest: &Node<'_>,
    plan: &EditPlan,
    output: &Emitted,
) -> Result<Vec<ReachedStub>, EmitError> {
    if plan.stubs.is_empty() {
        return Ok(Vec::new());
    }
    let module = GuestModule::parse(&output.wasm).map_err(|error| EmitError::Bug(error.to_string()))?;
    let reach = Reach::of(&module).map_err(EmitError::Bug)?;
    let stubs = guest.imports.iter().filter_map(|import| {
        let ImportKind::Function(index) = import.kind else {
            return None;
        };
        let place = output
            .indices
            .function(index)
            .filter(|_| plan.stubs.contains_key(&index))?;
        let way = reach.way_to(Entity::Function(place))?;
        let way = way.iter().take(way.len().saturating_sub(1));
        Some(ReachedStub {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            way: way.map(|entity| name_of(&module, *entity)).collect(),
        })
    });
    Ok(stubs.collect())
}

fn name_of(module: &GuestModule<'_>, entity: Entity) -> String {
    match entity {
        Entity::Function(index) => shown::name(&name_of_function(module, index)).to_string(),
        Entity::Table(index) => format!("table {index}"),
        Entity::Global(index) => format!("global {index}"),
        Entity::Element(index) => format!("element segment {index}"),
        Entity::Type(_) | Entity::Memory(_) | Entity::Tag(_) | Entity::Data(_) => "the module".to_owned(),
    }
}

/// The name of a function, or of its export.
fn name_of_function(module: &GuestModule<'_>, function: FunctionIndex) -> String {
    let mut exports = module.exports.iter();
    let mut export = || {
        exports
            .find(|export| export.is_function(function))
            .map(|export| export.name)
    };
    match module.names.get(&function) {
        Some(name) => demangle(name),
        None => export().map_or_else(|| format!("function {function}"), str::to_owned),
    }
}
