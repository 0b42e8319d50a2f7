//! Element segments: every slot that is not null, of every table that init can have changed.
//!
//! Which slots a segment lists, and which the start function fills, `image/tables.rs` decides. Function indices are used wherever
//! the table's type and the slots allow.

use std::collections::BTreeSet;

use wasm_encoder::{ConstExpr, ElementMode, ElementSection, ElementSegment, Elements, RefType};
use wasmparser::{BinaryReader, Element, ElementItems, FromReader as _, Operator, ValType};

use super::segment_slots::{self, Entry, Fate};
use super::{Context, constant, tables};
use crate::guest::index::{ElementIndex, FunctionIndex, enumerate};
use crate::guest::{self, Droppable, SegmentMode, features, is_marked};
use crate::image::{Stretch, takes_any_function};
use crate::snapshot::{Reference, Value};
use crate::wasm::splice::contents;

/// Slots that a segment lists.
struct Listed<'a> {
    stretch: &'a Stretch,
    slots: &'a [Reference],
    ty: wasmparser::RefType,
    table64: bool,
}

impl Listed<'_> {
    /// The functions in it, if it can be a segment of function indices, whose type is `(ref func)`.
    fn functions(&self) -> Option<Vec<u32>> {
        if !takes_any_function(self.ty) {
            return None;
        }
        let function = |slot: &Reference| match slot {
            Reference::Function(FunctionIndex(index)) => Some(*index),
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

fn fate(context: &Context<'_>, index: ElementIndex) -> Fate {
    let is_gone = match context.guest.elements[index.position()].mode {
        SegmentMode::Active(table) => tables::state(context, table).is_some(),
        SegmentMode::Passive => context.snapshot.dropped.contains(&Droppable::Element(index)),
        SegmentMode::Declared => false,
    };
    Fate::of(is_gone, is_marked(&context.guest.code.used_elements, index.0))
}

/// Whether a segment of that index is in the output, and is the guest's.
pub(super) fn is_kept(context: &Context<'_>, index: u32) -> bool {
    (index as usize) < context.guest.elements.len() && fate(context, ElementIndex(index)) != Fate::Gone
}

fn entries<'a>(context: &Context<'a>) -> Vec<Entry<'a, guest::ElementSegment, Listed<'a>>> {
    let fate = |index| fate(context, ElementIndex(index));
    segment_slots::fill(&context.guest.elements, fate, listed(context))
}

pub(super) fn section(context: &Context<'_>) -> Option<Vec<u8>> {
    let mut section = ElementSection::new();
    let mut declared = Declared::of_values(context);
    for entry in entries(context) {
        match entry {
            Entry::Kept(segment) => {
                let bytes = context.guest.bytes(&segment.range);
                declared.note_segment(bytes);
                section.raw(bytes);
            }
            Entry::Empty(segment) => {
                let items = match segment.expressions {
                    None => Elements::Functions([].as_slice().into()),
                    Some(ty) => Elements::Expressions(constant::ref_type(ty), [].as_slice().into()),
                };
                section.passive(items);
            }
            Entry::New(listed) => active(context, &listed, &mut section),
        }
    }
    // `ref.func` may only name a function that is declared elsewhere, as it was by a segment that is gone.
    let by_code = functions_by_code(context);
    let missing: Vec<u32> = by_code.difference(&declared.0).copied().collect();
    if !missing.is_empty() {
        section.segment(ElementSegment {
            mode: ElementMode::Declared,
            elements: Elements::Functions(missing.into()),
        });
    }
    (!section.is_empty()).then(|| contents(&section))
}

fn active(context: &Context<'_>, listed: &Listed<'_>, section: &mut ElementSection) {
    let index = listed.stretch.table.0;
    let offset = ConstExpr::extended([tables::slot(listed.stretch.slots.start, listed.table64)]);
    let (items, table) = match listed.functions() {
        Some(functions) => (
            Elements::Functions(functions.into()),
            (index > 0).then_some(index),
        ),
        None => {
            let ty = constant::ref_type(listed.ty);
            let expression = |slot: &Reference| {
                constant::expression(context, Value::Reference(*slot), ValType::Ref(listed.ty))
            };
            let expressions: Vec<ConstExpr> = listed.slots.iter().map(expression).collect();
            let is_funcref = ty == RefType::FUNCREF;
            let table = (index > 0 || !is_funcref).then_some(index);
            (Elements::Expressions(ty, expressions.into()), table)
        }
    };
    section.active(table, &offset, items);
}

/// Functions that `ref.func` names in code: in the guest's, and in that of the start function.
fn functions_by_code(context: &Context<'_>) -> BTreeSet<u32> {
    let of_guest = enumerate(&context.guest.functions)
        .map(|(index, _)| index)
        .filter(|index| is_marked(&context.guest.code.functions_by_code, *index));
    let filled = context.image.tables.filled.iter().filter_map(|stretch| {
        let state = tables::state(context, stretch.table)?;
        state.slots.get(stretch.slots.start).copied()
    });
    let filled = filled.map(Value::Reference);
    // Constants may have some of these, and more are declared then than need be.
    let are_in_code = context.image.objects.are_in_code();
    let fields = fields(context).filter(|_| are_in_code);
    of_guest.chain(functions(filled.chain(fields))).collect()
}

fn fields<'a>(context: &Context<'a>) -> impl Iterator<Item = Value> + use<'a> {
    let heap = context.snapshot.heap.iter();
    heap.flat_map(|object| object.fields.iter().copied())
}

fn functions(values: impl Iterator<Item = Value>) -> impl Iterator<Item = u32> {
    values.filter_map(|value| match value {
        Value::Reference(Reference::Function(FunctionIndex(index))) => Some(index),
        _ => None,
    })
}

/// Functions that something in the output, other than code, refers to.
struct Declared(BTreeSet<u32>);

impl Declared {
    fn of_values(context: &Context<'_>) -> Self {
        let in_globals = context.snapshot.globals.iter().map(|state| state.value);
        let listed = listed(context);
        let in_slots = listed.iter().flat_map(|listed| listed.slots);
        let in_slots = in_slots.map(|slot| Value::Reference(*slot));
        let are_in_code = context.image.objects.are_in_code();
        let in_fields = fields(context).filter(|_| !are_in_code);
        Self(functions(in_globals.chain(in_slots).chain(in_fields)).collect())
    }

    fn note_segment(&mut self, bytes: &[u8]) {
        let mut reader = BinaryReader::new_features(bytes, 0, features());
        let Ok(element) = Element::from_reader(&mut reader) else {
            return;
        };
        match element.items {
            ElementItems::Functions(functions) => self.0.extend(functions.into_iter().flatten()),
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions.into_iter().flatten() {
                    for operator in expression.get_operators_reader().into_iter().flatten() {
                        if let Operator::RefFunc { function_index } = operator {
                            self.0.insert(function_index);
                        }
                    }
                }
            }
        }
    }
}
