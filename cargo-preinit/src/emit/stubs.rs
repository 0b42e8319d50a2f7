//! The functions that the output has in place of imports, and what can still reach them.

use std::fmt;

use wasm_encoder::{Function, Instruction};
use wasmparser::ValType;

use super::reach::Reach;
use super::{EditPlan, EmitError, Emitted, Entity};
use crate::guest::answers::named;
use crate::guest::index::FunctionIndex;
use crate::guest::stubs::returned;
use crate::guest::{GuestModule, ImportKind, Node};
use crate::options::Stub;
use crate::shown;
use crate::text::demangle;

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
