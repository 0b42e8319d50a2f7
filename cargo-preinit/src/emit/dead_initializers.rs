//! The guest's functions that never run again: the initializers of the SDK's items. Only its item calls an initializer, and not
//! again once it has run.
//!
//! A lazy static keeps a pointer to its initializer, so by its references the initializer is alive as long as the static is
//! used. Where the static's type guarantees that it is not called again, the SDK says so in the item's descriptor: see
//! `preinit_guest::abi::Item`.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{ElementItems, ExternalKind, Operator};

use super::depends::lost_section;
use crate::guest::index::{FunctionIndex, TableIndex};
use crate::guest::{GuestModule, Node, SegmentMode, constant};
use crate::options::DeadCode;
use crate::run::{RunSummary, Step};

/// The length of the shortest body that can be replaced by a trap: no locals, an instruction, and `end`.
const SHORTEST_BODY: usize = 3;

/// The initializers of the items that have run, if dead code is to be removed and can be. A function that is exported, or is
/// the start function, can have other callers, so it is not among them.
pub(super) fn dead_initializers(
    guest: &Node<'_>,
    summary: &RunSummary,
    dead_code: DeadCode,
) -> BTreeSet<FunctionIndex> {
    if dead_code == DeadCode::Keep || lost_section(guest, true).is_some() {
        return BTreeSet::new();
    }
    let slots: BTreeSet<u64> = summary
        .items
        .iter()
        .filter(|item| item.instance == guest.id)
        .filter_map(|item| match &item.step {
            Step::Item(item) => item.initialiser,
            _ => None,
        })
        .collect();
    let functions = functions_in(guest, &slots).unwrap_or_default();
    functions
        .into_values()
        .filter(|function| {
            let is_long = guest
                .body(*function)
                .is_some_and(|body| body.range.len() >= SHORTEST_BODY);
            is_long && guest.start != Some(*function) && !is_exported(guest, *function)
        })
        .collect()
}

fn is_exported(guest: &GuestModule<'_>, function: FunctionIndex) -> bool {
    guest.exports.iter().any(|export| {
        let is_function = matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact);
        is_function && export.index == function.0
    })
}

/// The functions that active segments put into these slots of table 0. `None` if an offset is not a constant, as in a module
/// that is linked at run time.
fn functions_in(guest: &GuestModule<'_>, slots: &BTreeSet<u64>) -> Option<BTreeMap<u64, FunctionIndex>> {
    let mut found = BTreeMap::new();
    for segment in &guest.elements {
        let (SegmentMode::Active(TableIndex(0)), Some(offset)) = (segment.mode, &segment.offset) else {
            continue;
        };
        let mut slot = constant(offset)?;
        let mut put = |function: Option<u32>| {
            if slots.contains(&slot) {
                match function {
                    Some(function) => found.insert(slot, FunctionIndex(function)),
                    None => found.remove(&slot),
                };
            }
            slot = slot.saturating_add(1);
        };
        match segment.items.clone() {
            ElementItems::Functions(functions) => {
                for function in functions {
                    put(Some(function.ok()?));
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    let mut operators = expression.ok()?.get_operators_reader().into_iter();
                    put(match operators.next()?.ok()? {
                        Operator::RefFunc { function_index } => Some(function_index),
                        _ => None,
                    });
                }
            }
        }
    }
    Some(found)
}
