//! Element segments: they set the slots that are not null, of every table that init can have changed.
//!
//! `image/tables.rs` decides which slots a segment lists and which the start function fills. A segment has function indices where
//! the table's type and the slots allow, and expressions otherwise.

use std::collections::BTreeSet;

use wasm_encoder::reencode::{Reencode, utils};
use wasm_encoder::{ConstExpr, ElementMode, ElementSection, ElementSegment, Elements};
use wasmparser::{ElementItems, Operator, ValType};

use super::draft::{Context, Draft, Encoded, Listed};
use super::layout::{Layout, Relinked, Style};
use super::liveness::Alive;
use super::segment_slots::{self, SegmentFate, Slot};
use super::{constant, tables};
use crate::guest::index::{ElementIndex, FunctionIndex, TableIndex, enumerate};
use crate::guest::{self, Droppable, SegmentMode, is_marked};
use crate::image::takes_any_function;
use crate::snapshot::{Reference, Value};

impl Listed<'_> {
    /// The functions of the slots, if the segment can have function indices; its type is `(ref func)` then.
    fn functions(&self) -> Option<Vec<FunctionIndex>> {
        if !takes_any_function(self.ty) {
            return None;
        }
        let function = |slot: &Reference| match slot {
            Reference::Function(function) => Some(function.index),
            Reference::Null | Reference::Internal(..) | Reference::Imported(..) => None,
        };
        self.slots.iter().map(function).collect()
    }
}

fn listed<'a>(context: &Context<'a>) -> Vec<Listed<'a>> {
    let stretches = context.image.tables.listed.iter();
    let listed = stretches.filter_map(|stretch| {
        let state = tables::state(context, stretch.table)?;
        let table = &context.guest.tables[stretch.table.position()];
        Some(Listed {
            stretch,
            slots: &state.slots[stretch.slots.clone()],
            ty: table.ty.element_type,
            table64: table.ty.table64,
        })
    });
    listed.collect()
}

pub(super) fn fate(context: &Context<'_>, index: ElementIndex) -> SegmentFate {
    let is_gone = match context.guest.elements[index.position()].mode {
        SegmentMode::Active(table) => {
            tables::state(context, table).is_some() || context.guest.is_captured_elsewhere(table)
        }
        SegmentMode::Passive => context.instance.dropped.contains(&Droppable::Element(index)),
        SegmentMode::Declared => false,
    };
    SegmentFate::of(is_gone, is_marked(&context.guest.code.used_elements, index.0))
}

/// The slots of the element section.
pub(super) fn slots<'a>(context: &Context<'a>) -> Vec<Slot<'a, guest::ElementSegment<'a>, Listed<'a>>> {
    let fate = |index| fate(context, ElementIndex(index));
    segment_slots::fill(&context.guest.elements, fate, listed(context))
}

/// A segment: its mode, its offset if it is active, and its items.
pub(super) struct DraftElements<'a> {
    pub(super) mode: SegmentMode<TableIndex>,
    pub(super) offset: Option<ConstExpr>,
    pub(super) items: Elements<'a>,
}

impl<'a> Draft<'a> {
    /// The mode of the segment in a slot.
    pub(super) fn element_mode(&self, slot: ElementIndex) -> SegmentMode<TableIndex> {
        match &self.elements[slot.position()] {
            Slot::Kept(segment) => segment.mode,
            Slot::Empty(_) => SegmentMode::Passive,
            Slot::New(listed) => SegmentMode::Active(listed.stretch.table),
        }
    }

    /// The segment in a slot.
    pub(super) fn element<N: Reencode>(
        &self,
        names: &mut N,
        slot: ElementIndex,
    ) -> Encoded<DraftElements<'a>, N> {
        let mode = self.element_mode(slot);
        Ok(match &self.elements[slot.position()] {
            Slot::Kept(segment) => DraftElements {
                mode,
                offset: segment
                    .offset
                    .as_ref()
                    .map(|offset| names.const_expr(offset.clone()))
                    .transpose()?,
                items: utils::element_items(names, segment.items.clone())?,
            },
            Slot::Empty(_) => DraftElements {
                mode,
                offset: None,
                items: self.no_elements(names, slot)?,
            },
            Slot::New(listed) => DraftElements {
                mode,
                offset: Some(ConstExpr::extended([tables::slot(
                    listed.stretch.slots.start,
                    listed.table64,
                )])),
                items: self.listed_items(names, listed)?,
            },
        })
    }

    /// Empty items for the segment in a slot, of the same kind as its own.
    pub(super) fn no_elements<N: Reencode>(
        &self,
        names: &mut N,
        slot: ElementIndex,
    ) -> Encoded<Elements<'a>, N> {
        let expressions = match &self.elements[slot.position()] {
            Slot::Kept(segment) | Slot::Empty(segment) => segment.expressions(),
            Slot::New(_) => None,
        };
        Ok(match expressions {
            None => Elements::Functions(Vec::new().into()),
            Some(ty) => Elements::Expressions(names.ref_type(ty)?, Vec::new().into()),
        })
    }

    fn listed_items<N: Reencode>(&self, names: &mut N, listed: &Listed<'_>) -> Encoded<Elements<'a>, N> {
        if let Some(functions) = listed.functions() {
            let functions = functions.into_iter().map(|index| names.function_index(index.0));
            let functions = functions.collect::<Result<Vec<u32>, _>>()?;
            return Ok(Elements::Functions(functions.into()));
        }
        let mut expressions = Vec::with_capacity(listed.slots.len());
        for slot in listed.slots {
            let value = Value::Reference(*slot);
            let ty = ValType::Ref(listed.ty);
            expressions.push(constant::expression(&self.context, names, value, ty)?);
        }
        Ok(Elements::Expressions(
            names.ref_type(listed.ty)?,
            expressions.into(),
        ))
    }
}

/// The element section. In code, `ref.func` may only name a function that something outside of code refers to. Where the
/// segment that declared a function is gone, a new one declares it. If dead code is removed, `alive` has these functions.
pub(super) fn section(draft: &Draft<'_>, layout: &Layout, alive: Option<&Alive>) -> Relinked<ElementSection> {
    let context = &draft.context;
    let mut names = layout.names();
    let mut section = ElementSection::new();
    for (slot, element) in enumerate(&draft.elements) {
        let slot = ElementIndex(slot);
        if layout.indices.element(slot).is_none() {
            continue;
        }
        if let (Slot::Kept(segment), Style::Splice) = (element, layout.style) {
            section.raw(context.guest.bytes(&segment.range));
            continue;
        }
        if alive.is_some_and(|alive| !alive.has_items(draft.element_mode(slot))) {
            section.passive(draft.no_elements(&mut names, slot)?);
            continue;
        }
        let DraftElements { mode, offset, items } = draft.element(&mut names, slot)?;
        match (mode, offset) {
            (SegmentMode::Active(table), Some(offset)) => {
                let table = names.table_index(table.0)?;
                // The short encodings are for table 0 and the type `funcref`.
                let is_short = table == 0
                    && match &items {
                        Elements::Functions(_) => true,
                        Elements::Expressions(ty, _) => *ty == wasm_encoder::RefType::FUNCREF,
                    };
                section.active((!is_short).then_some(table), &offset, items);
            }
            (SegmentMode::Declared, _) => {
                section.declared(items);
            }
            _ => {
                section.passive(items);
            }
        }
    }
    let missing = match alive {
        Some(alive) => alive.undeclared.clone(),
        None => undeclared(draft),
    };
    let missing = missing
        .into_iter()
        .map(|function| names.function_index(function.0));
    let missing: Vec<u32> = missing.collect::<Result<_, _>>()?;
    if !missing.is_empty() {
        section.segment(ElementSegment {
            mode: ElementMode::Declared,
            elements: Elements::Functions(missing.into()),
        });
    }
    Ok(section)
}

/// The functions that `ref.func` names in code, if no code is removed, and that no global, object or segment refers to.
fn undeclared(draft: &Draft<'_>) -> Vec<FunctionIndex> {
    let context = &draft.context;
    let mut declared = Declared::of_values(context);
    for slot in &draft.elements {
        if let Slot::Kept(segment) = slot {
            declared.note_items(segment.items.clone());
        }
    }
    functions_by_code(context)
        .difference(&declared.0)
        .copied()
        .collect()
}

/// The functions that `ref.func` names in code of the guest and of the start function.
fn functions_by_code(context: &Context<'_>) -> BTreeSet<FunctionIndex> {
    let of_guest = enumerate(&context.guest.functions)
        .map(|(index, _)| index)
        .filter(|index| is_marked(&context.guest.code.functions_by_code, *index));
    let filled = context.image.tables.filled.iter().filter_map(|stretch| {
        let state = tables::state(context, stretch.table)?;
        state.slots.get(stretch.slots.start).copied()
    });
    let filled = filled.map(Value::Reference);
    // Some of these fields may be in constant expressions, not in code. Then more functions are declared than necessary.
    let are_in_code = context.image.objects.are_in_code();
    let fields = fields(context).filter(|_| are_in_code);
    let by_added = functions(filled.chain(fields));
    of_guest.map(FunctionIndex).chain(by_added).collect()
}

fn fields<'a>(context: &Context<'a>) -> impl Iterator<Item = Value> + use<'a> {
    let heap = context.instance.heap.iter();
    heap.flat_map(|object| object.fields.iter().copied())
}

fn functions(values: impl Iterator<Item = Value>) -> impl Iterator<Item = FunctionIndex> {
    values.filter_map(|value| match value {
        Value::Reference(Reference::Function(function)) => Some(function.index),
        Value::Reference(Reference::Null | Reference::Imported(..) | Reference::Internal(..))
        | Value::I32(_)
        | Value::I64(_)
        | Value::F32(_)
        | Value::F64(_)
        | Value::V128(_) => None,
    })
}

/// The functions that globals, objects or segments of the output refer to.
struct Declared(BTreeSet<FunctionIndex>);

impl Declared {
    fn of_values(context: &Context<'_>) -> Self {
        let in_globals = context.instance.globals.iter().map(|state| state.value);
        let listed = listed(context);
        let in_slots = listed.iter().flat_map(|listed| listed.slots);
        let in_slots = in_slots.map(|slot| Value::Reference(*slot));
        let are_in_code = context.image.objects.are_in_code();
        let in_fields = fields(context).filter(|_| !are_in_code);
        Self(functions(in_globals.chain(in_slots).chain(in_fields)).collect())
    }

    fn note_items(&mut self, items: ElementItems<'_>) {
        match items {
            ElementItems::Functions(functions) => {
                self.0.extend(functions.into_iter().flatten().map(FunctionIndex));
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions.into_iter().flatten() {
                    for operator in expression.get_operators_reader().into_iter().flatten() {
                        if let Operator::RefFunc { function_index } = operator {
                            self.0.insert(FunctionIndex(function_index));
                        }
                    }
                }
            }
        }
    }
}
