//! The output: the guest, with the state after init in place of its initial state.
//!
//! **In** the guest, the edit plan, the [`InstanceState`] and its [`Image`]. **Out** the bytes of the baked module. **Keeps**
//! every import, every export that the plan does not remove, and every custom section that is still correct. **Refuses** a
//! guest so large that what the output adds exceeds a limit of engines, and an output that engines would take long to load.
//!
//! Before and after, for a guest whose `init` stores 42 and appends to a table:
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
//! A draft lists what the output contains, and a strategy says how it is written, before anything is written:
//!
//! - *Spliced*: what has not changed is copied, section by section, and code byte by byte. So debug information and names stay
//!   correct, and functions keep their indices. Only globals get other indices, and only where structs and arrays need globals
//!   of their own.
//! - *Relinked*: what nothing refers to any more is left out, and the rest gets new indices.

mod code;
pub(crate) mod component;
mod constant;
mod custom;
mod data;
mod dead_initializers;
mod depends;
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
pub(crate) mod reach;
mod references;
mod segment_slots;
pub(crate) mod stamp;
mod strategy;
pub(crate) mod stubs;
mod tables;
pub mod walrus;
mod write;

use std::collections::BTreeMap;

use crate::engine_limits::{Countable, Made};
use crate::guest::Node;
use crate::image::Image;
use crate::options::Rewriter;
use crate::refusal::{Refusal, Refusals, engine_limits_exceeded, found_in, refuse};
use crate::snapshot::InstanceState;
pub(crate) use depends::has_world;
use draft::{Context, Draft};
pub(crate) use edit_plan::ExportEdit;
pub use edit_plan::{EditPlan, edit_plan};
use index_map::IndexMap;
pub(crate) use references::Entity;
pub use strategy::Kept;
use strategy::{Strategy, strategy};
use write::write;

/// Why the output could not be made.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// The output would exceed a limit of engines, or take them long to load.
    #[error(transparent)]
    Refused(#[from] Refusals),
    /// The options choose walrus, and walrus cannot make the output.
    #[error(transparent)]
    Walrus(#[from] walrus::WalrusError),
    /// A bug of this crate.
    #[error("{0}")]
    Bug(String),
}

/// A baked module.
#[derive(Debug)]
pub struct Emitted {
    /// The bytes of the module.
    pub wasm: Vec<u8>,
    /// How many functions were removed because nothing refers to them, or why none were.
    pub dead_code: Result<usize, Kept>,
    /// The output's indices of what the guest has.
    pub(crate) indices: IndexMap,
    /// The custom sections of the guest that the output does not have because they would be wrong.
    pub(crate) left_out: Vec<String>,
    /// Whether the output has a start function, which sets what constant expressions cannot.
    pub(crate) has_start: bool,
    /// Whether the code is equivalent to the guest's without being the same, so that the two cannot be compared.
    pub(crate) is_code_rewritten: bool,
}

/// Makes the output.
///
/// # Errors
///
/// If the output would exceed a limit of engines or take them long to load, or if walrus is chosen and cannot make it.
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
    let draft = draft(context);
    refuse(found_in(
        guest.id,
        engine_limits_exceeded(Made::Output, counts(&draft)),
    ))?;
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

/// Decides what the output contains.
fn draft(context: Context<'_>) -> Draft<'_> {
    let mut draft = Draft {
        context,
        added_type: None,
        added_functions: Vec::new(),
        emptied: BTreeMap::new(),
        entries: BTreeMap::new(),
        start: None,
        elements: elements::slots(&context),
        data: data::slots(&context),
        added_data: Vec::new(),
    };
    functions::add(&mut draft);
    draft
}

/// Of everything that engines limit: how many the guest has, and how many the output has.
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

/// The tables in the output that engines would take long to set up.
fn slow_to_load(image: &Image<'_>, indices: &IndexMap) -> Vec<Refusal> {
    let slow = image.tables.slow.iter();
    slow.filter(|(table, _)| indices.table(*table).is_some())
        .map(|&(table, slots)| Refusal::LongTable { table, slots })
        .collect()
}
