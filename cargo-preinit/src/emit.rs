//! The output: the original guest, with the snapshot in place of its start state.
//!
//! **In** the guest, the plan, the [`Snapshot`] and its [`Image`]. **Out** the bytes of the baked module. **Keeps** every
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
//! Only where structures and arrays need globals of their own is the guest re-encoded first, to make room for these in
//! front of its own: see `emit/reserve_globals.rs`.

mod code;
mod constant;
mod custom;
mod data;
pub mod dead_initializers;
mod elements;
mod estimate;
mod exports;
mod globals;
pub(crate) mod index_map;
mod liveness;
mod names;
mod parts;
mod references;
mod relink;
mod reserve_globals;
mod segment_slots;
pub mod shrink;
pub(crate) mod stamp;
mod tables;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub(crate) use custom::is_never_kept;

use wasm_encoder::{RawSection, SectionId};

use crate::emit::index_map::IndexMap;
use crate::engine_limits::{Countable, Made, exceeded};
use crate::guest::index::{FunctionIndex, TypeIndex};
use crate::guest::{CUSTOM_SECTION, GuestModule, count};
use crate::image::Image;
use crate::init::InitPlan;
use crate::options::BakeOptions;
use crate::refusal::{Refusals, refuse};
use crate::snapshot::Snapshot;
use crate::wasm::splice::{SECTION_ORDER, encoded, leading_number};

/// Why the output could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// There is no room in the module for what the output needs.
    #[error(transparent)]
    Refused(#[from] Refusals),
    /// It is not the guest's fault.
    #[error("{0}")]
    Bug(String),
}

/// A baked module.
#[derive(Debug)]
pub struct Emitted {
    /// Its bytes.
    pub wasm: Vec<u8>,
    /// Where the guest's entities are in it.
    pub(crate) indices: IndexMap,
    /// Custom sections that the output does not have, since they would be wrong.
    pub(crate) left_out: Vec<String>,
    /// Whether it has a start function, which fills in what no constant can say.
    pub(crate) has_start: bool,
}

/// What the sections are made from.
struct Context<'a> {
    guest: &'a GuestModule<'a>,
    plan: &'a InitPlan,
    snapshot: &'a Snapshot,
    image: &'a Image<'a>,
    options: &'a BakeOptions,
    room: u32,
    /// What the output has and the guest has not.
    added: Added,
}

/// Functions and segments that come after those of the guest.
#[derive(Default)]
struct Added {
    /// Whether the type `() -> ()` is added, since the guest has no such type.
    procedure_type: bool,
    /// Functions, and their types.
    functions: Vec<(TypeIndex, wasm_encoder::Function)>,
    /// What exports lead to whose functions have run, by their names in the guest.
    emptied: BTreeMap<String, FunctionIndex>,
    start: Option<FunctionIndex>,
    /// Passive data segments that the start function copies from.
    data: Vec<Vec<u8>>,
}

/// Makes the output.
pub fn emit(
    guest: &GuestModule<'_>,
    plan: &InitPlan,
    snapshot: &Snapshot,
    image: &Image<'_>,
    options: &BakeOptions,
) -> Result<Emitted, EmitError> {
    let room = count(image.objects.homes.len());
    let (globals, all_globals) = (guest.globals.len(), guest.globals.len() + room as usize);
    refuse(exceeded(
        Made::Output,
        [(Countable::Globals, globals, all_globals)],
    ))?;
    let wasm = if room > 0 {
        Cow::Owned(reserve_globals::reserve(guest, room)?)
    } else {
        Cow::Borrowed(guest.wasm)
    };
    let roomy = if room > 0 {
        let mut roomy = GuestModule::parse(&wasm).map_err(|error| EmitError::Bug(error.to_string()))?;
        roomy.external.fresh.clone_from(&guest.external.fresh);
        Some(roomy)
    } else {
        None
    };
    let mut context = Context {
        guest: roomy.as_ref().unwrap_or(guest),
        plan,
        snapshot,
        image,
        options,
        room,
        added: Added::default(),
    };
    code::add_functions(&mut context);
    let (rewritten, counts) = context.splice();
    refuse(exceeded(Made::Output, counts))?;
    Ok(rewritten)
}

impl Context<'_> {
    /// The output, and how many entities the guest has and the output has.
    fn splice(&self) -> (Emitted, Vec<(Countable, usize, usize)>) {
        let guest = self.guest;
        let data = data::section(self);
        let elements = elements::section(self);
        let code = code::section(self);
        let are_positions_kept = self.room == 0 && code.as_ref().is_none_or(|code| !code.is_moved);
        let mut left_out = Vec::new();
        let mut output = wasm_encoder::Module::new();
        // The sections of the guest stand in their order, with custom ones between; new ones come where they must.
        let last = guest
            .sections
            .iter()
            .rposition(|section| section.id != CUSTOM_SECTION);
        let mut next = 0;
        let mut emit_until = |rank: usize, output: &mut wasm_encoder::Module| {
            for id in &SECTION_ORDER[next.min(rank)..rank] {
                let old = guest.sections.iter().find(|section| section.id == u8::from(*id));
                let old = old.map(|section| guest.bytes(&section.range));
                let contents = match id {
                    SectionId::Type => code::types(self, old),
                    SectionId::Function => code::functions(self, old),
                    SectionId::Table => tables::section(self).map(Cow::Owned).or(old.map(Cow::Borrowed)),
                    SectionId::Memory => data::memories(self).map(Cow::Owned),
                    SectionId::Global => globals::section(self).map(Cow::Owned),
                    SectionId::Export => exports::section(self).map(Cow::Owned),
                    SectionId::Start => self.added.start.map(|start| encoded(&start.0).into()),
                    SectionId::Element => elements.as_deref().map(Cow::Borrowed),
                    SectionId::DataCount => {
                        let is_needed = old.is_some() || !self.added.data.is_empty();
                        is_needed.then(|| encoded(&data.count).into())
                    }
                    SectionId::Code => code.as_ref().map(|code| Cow::Borrowed(&*code.contents)),
                    SectionId::Data => data.contents.as_deref().map(Cow::Borrowed),
                    SectionId::Import | SectionId::Tag | SectionId::Custom => old.map(Cow::Borrowed),
                };
                if let Some(contents) = contents {
                    output.section(&RawSection {
                        id: u8::from(*id),
                        data: &contents,
                    });
                }
            }
            next = next.max(rank);
        };
        if last.is_none() {
            emit_until(SECTION_ORDER.len(), &mut output);
        }
        let mut has_producers = false;
        for (position, section) in guest.sections.iter().enumerate() {
            if section.id != CUSTOM_SECTION {
                let rank = SECTION_ORDER
                    .iter()
                    .position(|id| u8::from(*id) == section.id)
                    .map_or(0, |rank| rank + 1);
                let rank = if Some(position) == last {
                    SECTION_ORDER.len()
                } else {
                    rank
                };
                emit_until(rank, &mut output);
                continue;
            }
            let contents = guest.bytes(&section.range);
            match custom::rewrite(self, contents, are_positions_kept) {
                custom::Fate::Kept(contents) => {
                    has_producers |= custom::is_producers(&contents);
                    output.section(&RawSection {
                        id: CUSTOM_SECTION,
                        data: &contents,
                    });
                }
                custom::Fate::LeftOut(name) => left_out.push(name),
                custom::Fate::Replaced => {}
            }
        }
        if !has_producers {
            output.section(&custom::producers(None));
        }
        let added = &self.added;
        let segments = elements.map_or(0, |section| leading_number(&section).0);
        let mut counts = vec![
            (
                Countable::Types,
                guest.types.len(),
                guest.types.len() + usize::from(added.procedure_type),
            ),
            (
                Countable::Functions,
                guest.functions.len(),
                guest.functions.len() + added.functions.len(),
            ),
            (
                Countable::ElementSegments,
                guest.elements.len(),
                segments as usize,
            ),
            (Countable::DataSegments, guest.data.len(), data.count as usize),
        ];
        let bodies = added.functions.iter().map(|(_, body)| body.byte_len());
        counts.extend(bodies.map(|len| (Countable::FunctionBytes, 0, len)));
        let rewritten = Emitted {
            wasm: output.finish(),
            indices: IndexMap::unchanged(guest, self.room),
            left_out,
            has_start: added.start.is_some(),
        };
        (rewritten, counts)
    }
}
