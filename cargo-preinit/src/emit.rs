//! The output: the original guest, with the state after init in place of its start state.
//!
//! **In** the guest, the plan, the [`InstanceState`] and its [`Image`]. **Out** the bytes of the baked module. **Keeps** every
//! function's index, and its bytes but for indices of globals that made room; every export that is not init's; every
//! custom section that is still true. **Refuses** a guest that is as large as an engine takes, where something
//! has to be added.
//!
//! Like the run copy the output is spliced, section by section: what has not changed is copied as it stands. So debug
//! information and names stay right, and nothing can happen to code on the way. Before and after, for a guest whose
//! `init` stores 42 and appends to a table:
//!
//! ```wat
//! (module                                        (module
//!   (memory 1)                                     (memory 1)
//!   (table 1 funcref)                              (table 2 funcref)
//!   (global $calls (mut i32) (i32.const 0))        (global $calls (mut i32) (i32.const 1))
//!   (func $f)                                      (func $f)
//!   (func (export "init")                          (func
//!     (i32.store (i32.const 8) (i32.const 42))       ...)
//!     (table.grow (ref.func $f) (i32.const 1))
//!     drop
//!     (global.set $calls (i32.const 1)))
//!   (elem declare func $f))                        (elem (i32.const 1) func $f)
//!                                                  (data (i32.const 8) "\2a"))
//! ```
//!
//! A draft says what the output has, and a strategy how it is written, before anything is:
//!
//! - *Spliced*: what has not changed is copied as it stands, section by section, and code byte by byte. So debug information and names stay
//!   right, and nothing can happen to code on the way. Only where structures and arrays need globals of their own do the
//!   indices of globals change.
//! - *Relinked*: what nothing leads to any more is left out, and the rest has new indices.

mod code;
mod constant;
mod custom;
mod data;
mod dead_initializers;
mod draft;
mod edit_plan;
mod elements;
mod exports;
mod functions;
mod globals;
pub(crate) mod index_map;
mod layout;
mod liveness;
mod names;
mod references;
mod segment_slots;
pub(crate) mod stamp;
mod strategy;
mod tables;
pub mod walrus;
mod write;

use crate::engine_limits::{Countable, Made, exceeded};
use crate::guest::Node;
use crate::image::Image;
use crate::options::Rewriter;
use crate::refusal::{Refusal, Refusals, found_in, refuse};
use crate::snapshot::InstanceState;
use draft::{Context, Draft};
pub(crate) use edit_plan::ExportEdit;
pub use edit_plan::{EditPlan, edit_plan};
use index_map::IndexMap;
pub use strategy::Kept;
use strategy::{Strategy, strategy};
use write::write;

/// Why the output could not be made.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// There is no room in the module for what the output needs.
    #[error(transparent)]
    Refused(#[from] Refusals),
    /// walrus was asked for, and does not make it.
    #[error(transparent)]
    Walrus(#[from] walrus::WalrusError),
    /// It is not the guest's fault.
    #[error("{0}")]
    Bug(String),
}

/// A baked module.
#[derive(Debug)]
pub struct Emitted {
    /// Its bytes.
    pub wasm: Vec<u8>,
    /// How many functions are gone since nothing leads to them, or why none are.
    pub dead_code: Result<usize, Kept>,
    /// Where what the guest has is in it.
    pub(crate) indices: IndexMap,
    /// Custom sections that the output does not have, since they would be wrong.
    pub(crate) left_out: Vec<String>,
    /// Whether it has a start function, which fills in what no constant can say.
    pub(crate) has_start: bool,
    /// Whether the code is other code that does the same, so that it cannot be compared with the guest's.
    pub(crate) is_code_rewritten: bool,
}

/// Makes the output.
///
/// # Errors
///
/// If there is no room in the module for what is added, or if engines would take long to load it.
pub fn emit(
    guest: &Node<'_>,
    plan: &EditPlan,
    instance: &InstanceState,
    image: &Image<'_>,
) -> Result<Emitted, EmitError> {
    let context = Context {
        guest,
        plan,
        instance,
        image,
    };
    if plan.rewriter == Rewriter::Walrus {
        return walrus::emit(&context);
    }
    let draft = Draft::new(context);
    refuse(found_in(guest.id, exceeded(Made::Output, counts(&draft))))?;
    let strategy = strategy(&draft)?;
    refuse(found_in(guest.id, slow_to_load(image, &strategy.layout.indices)))?;
    let written = write(&draft, &strategy).map_err(|error| EmitError::Bug(write::describe(&error)))?;
    let Strategy { layout, alive } = strategy;
    let functions = layout.indices.functions.iter();
    let gone = functions.filter(|index| index.is_none()).count();
    Ok(Emitted {
        wasm: written.wasm,
        dead_code: alive.map(|_| gone),
        indices: layout.indices.of_guest(guest),
        left_out: written.left_out,
        has_start: draft.start.is_some(),
        is_code_rewritten: false,
    })
}

/// How much of what engines count the guest has, and the output.
fn counts(draft: &Draft<'_>) -> Vec<(Countable, usize, usize)> {
    let guest = draft.context.guest;
    let mut counts = vec![
        (Countable::Globals, guest.globals.len(), draft.globals() as usize),
        (Countable::Types, guest.types.len(), draft.types() as usize),
        (
            Countable::Functions,
            guest.functions.len(),
            draft.functions() as usize,
        ),
        (
            Countable::ElementSegments,
            guest.elements.len(),
            draft.elements.len(),
        ),
        (
            Countable::DataSegments,
            guest.data.len(),
            draft.data_segments() as usize,
        ),
    ];
    counts.extend(draft.added_bodies().map(|len| (Countable::FunctionBytes, 0, len)));
    counts
}

/// The tables that are in the output and for which an engine would take long to load it.
fn slow_to_load(image: &Image<'_>, indices: &IndexMap) -> Vec<Refusal> {
    let slow = image.tables.slow.iter();
    slow.filter(|(table, _)| indices.table(*table).is_some())
        .map(|&(table, slots)| Refusal::LongTable { table, slots })
        .collect()
}
