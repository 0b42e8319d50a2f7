//! Element segments: every slot that is not null, of every table that init can have changed.
//!
//! wasmtime initialises a table lazily only from segments of function indices with constant offsets, and one segment of
//! expressions ends that for all later ones. So function indices are used wherever the table's type and the slots allow,
//! these segments come first, and segments stop at nulls.

use std::collections::BTreeSet;

use wasm_encoder::{ConstExpr, ElementMode, ElementSection, ElementSegment, Elements, RefType};
use wasmparser::{BinaryReader, Element, ElementItems, FromReader as _, Operator, ValType};

use super::places::{self, Entry, Fate};
use super::{Subject, constant, tables};
use crate::index::{ElementIndex, FunctionIndex, enumerate};
use crate::module::{self, Droppable, SegmentMode, features, is_marked};
use crate::snapshot::{Reference, TableState, Value};
use crate::splice::contents;

/// Slots that follow each other, as a rule none of them null.
struct Stretch<'a> {
    state: &'a TableState,
    offset: usize,
    slots: &'a [Reference],
    ty: wasmparser::RefType,
    table64: bool,
}

impl Stretch<'_> {
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

/// Whether a table of this type takes any function.
fn takes_any_function(ty: wasmparser::RefType) -> bool {
    use wasmparser::{AbstractHeapType, HeapType};
    let function = HeapType::Abstract {
        shared: false,
        ty: AbstractHeapType::Func,
    };
    ty.heap_type() == function
}

/// How many segments tables may need; engines refuse 100,000 and more.
const MAX_STRETCHES: usize = 50_000;

/// Makes one stretch of all that a table has, nulls included, which then are written, too.
fn join_over_nulls(stretches: &mut Vec<Stretch<'_>>) {
    stretches.dedup_by(|next, kept| {
        let is_same = next.state.index == kept.state.index;
        if is_same {
            let end = next.offset + next.slots.len();
            kept.slots = &kept.state.slots[kept.offset..end];
        }
        is_same
    });
}

fn stretches<'a>(subject: &Subject<'a>) -> Vec<Stretch<'a>> {
    let mut stretches = Vec::new();
    for state in &subject.snapshot.tables {
        let table = &subject.guest.tables[state.index.position()];
        let mut offset = 0;
        for slots in state
            .slots
            .chunk_by(|a, b| (*a == Reference::Null) == (*b == Reference::Null))
        {
            if slots[0] != Reference::Null {
                stretches.push(Stretch {
                    state,
                    offset,
                    slots,
                    ty: table.ty.element_type,
                    table64: table.ty.table64,
                });
            }
            offset += slots.len();
        }
    }
    if stretches.len() > MAX_STRETCHES {
        join_over_nulls(&mut stretches);
    }
    stretches.sort_by_key(|stretch| stretch.functions().is_none());
    stretches
}

fn fate(subject: &Subject<'_>, index: ElementIndex) -> Fate {
    let is_gone = match subject.guest.elements[index.position()].mode {
        SegmentMode::Active(table) => tables::state(subject, table).is_some(),
        SegmentMode::Passive => subject.snapshot.dropped.contains(&Droppable::Element(index)),
        SegmentMode::Declared => false,
    };
    Fate::of(is_gone, is_marked(&subject.guest.code.used_elements, index.0))
}

/// Whether a segment of that index is in the output, and is the guest's.
pub(super) fn is_kept(subject: &Subject<'_>, index: u32) -> bool {
    (index as usize) < subject.guest.elements.len() && fate(subject, ElementIndex(index)) != Fate::Gone
}

fn entries<'a>(subject: &Subject<'a>) -> Vec<Entry<'a, module::ElementSegment, Stretch<'a>>> {
    let fate = |index| fate(subject, ElementIndex(index));
    places::fill(&subject.guest.elements, fate, stretches(subject))
}

pub(super) fn section(subject: &Subject<'_>) -> Option<Vec<u8>> {
    let mut section = ElementSection::new();
    let mut declared = Declared::of_values(subject);
    for entry in entries(subject) {
        match entry {
            Entry::Kept(segment) => {
                let bytes = subject.guest.bytes(&segment.range);
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
            Entry::New(stretch) => active(subject, &stretch, &mut section),
        }
    }
    // `ref.func` may only name a function that is declared elsewhere, as it was by a segment that is gone.
    let missing: Vec<u32> = enumerate(&subject.guest.functions)
        .map(|(index, _)| index)
        .filter(|index| is_marked(&subject.guest.code.functions_by_code, *index))
        .filter(|index| !declared.0.contains(index))
        .collect();
    if !missing.is_empty() {
        section.segment(ElementSegment {
            mode: ElementMode::Declared,
            elements: Elements::Functions(missing.into()),
        });
    }
    (!section.is_empty()).then(|| contents(&section))
}

fn active(subject: &Subject<'_>, stretch: &Stretch<'_>, section: &mut ElementSection) {
    let index = stretch.state.index.0;
    let offset = if stretch.table64 {
        ConstExpr::i64_const((stretch.offset as u64).cast_signed())
    } else {
        let offset = u32::try_from(stretch.offset).expect("a 32-bit table has 32-bit offsets");
        ConstExpr::i32_const(offset.cast_signed())
    };
    let (items, table) = match stretch.functions() {
        Some(functions) => (
            Elements::Functions(functions.into()),
            (index > 0).then_some(index),
        ),
        None => {
            let ty = constant::ref_type(stretch.ty);
            let expression = |slot: &Reference| {
                constant::expression(subject, Value::Reference(*slot), ValType::Ref(stretch.ty))
            };
            let expressions: Vec<ConstExpr> = stretch.slots.iter().map(expression).collect();
            let is_funcref = ty == RefType::FUNCREF;
            let table = (index > 0 || !is_funcref).then_some(index);
            (Elements::Expressions(ty, expressions.into()), table)
        }
    };
    section.active(table, &offset, items);
}

/// Functions that something in the output, other than code, refers to.
struct Declared(BTreeSet<u32>);

impl Declared {
    fn of_values(subject: &Subject<'_>) -> Self {
        let snapshot = subject.snapshot;
        let in_globals = snapshot.globals.iter().map(|state| state.value);
        let in_slots = snapshot.tables.iter().flat_map(|state| &state.slots);
        let in_fields = snapshot
            .heap
            .iter()
            .flat_map(|object| object.fields.iter().copied());
        let all = in_globals
            .chain(in_slots.map(|slot| Value::Reference(*slot)))
            .chain(in_fields);
        let functions = all.filter_map(|value| match value {
            Value::Reference(Reference::Function(FunctionIndex(index))) => Some(index),
            _ => None,
        });
        Self(functions.collect())
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
