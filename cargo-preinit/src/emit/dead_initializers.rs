//! Functions of the guest that never run again.
//!
//! **In** the guest, and what ran. **Out** the initialisers of the SDK's items, which nothing but their item calls, and not
//! once it has run. **Keeps** those that anything else could call: what is exported, or starts the module.
//!
//! A lazy static keeps a pointer to what initialises it, so a reader of the module takes it for alive as long as the
//! static is used. The SDK knows better where the static's type promises it, and says so in an item's descriptor: see
//! `preinit_guest::abi::Item`.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{BinaryReader, ElementItems, ElementKind, ElementSectionReader, ExternalKind, Operator};

use crate::emit::shrink::can_shrink;
use crate::guest::index::FunctionIndex;
use crate::guest::{GuestModule, constant};
use crate::options::DeadCode;
use crate::run::{ItemRun, RunSummary, Step};
use crate::snapshot::Snapshot;

/// The shortest body that a trap can replace: no locals, an instruction, and `end`.
const SHORTEST_BODY: usize = 3;

/// Adds the functions that never run again to the snapshot, where dead code is to be removed and can be.
#[must_use]
pub fn dead_initializers(
    guest: &GuestModule<'_>,
    snapshot: Snapshot,
    summary: &RunSummary,
    dead_code: DeadCode,
) -> Snapshot {
    if dead_code == DeadCode::Keep || !can_shrink(guest) {
        return snapshot;
    }
    Snapshot {
        spent: initialisers(guest, &summary.items),
        ..snapshot
    }
}

/// Finds the initialisers of the items that have run.
fn initialisers(guest: &GuestModule<'_>, items: &[ItemRun]) -> BTreeSet<FunctionIndex> {
    let slots: BTreeSet<u64> = items
        .iter()
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

/// What the linker put into slots of table 0. `None` where that is not known before instantiation, as in a module that is
/// linked at run time.
fn functions_in(guest: &GuestModule<'_>, slots: &BTreeSet<u64>) -> Option<BTreeMap<u64, FunctionIndex>> {
    let id = u8::from(wasm_encoder::SectionId::Element);
    let mut found = BTreeMap::new();
    let Some(section) = guest.sections.iter().find(|section| section.id == id) else {
        return Some(found);
    };
    let reader = BinaryReader::new_features(guest.bytes(&section.range), 0, crate::guest::features());
    for segment in ElementSectionReader::new(reader).ok()? {
        let segment = segment.ok()?;
        let ElementKind::Active {
            table_index: None | Some(0),
            offset_expr,
        } = segment.kind
        else {
            continue;
        };
        let mut slot = constant(&offset_expr)?;
        let mut put = |function: Option<u32>| {
            if slots.contains(&slot) {
                match function {
                    Some(function) => found.insert(slot, FunctionIndex(function)),
                    None => found.remove(&slot),
                };
            }
            slot = slot.saturating_add(1);
        };
        match segment.items {
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
