//! Functions: those of the guest as they are, and behind them the few that a baked module needs.
//!
//! What ran at start has run, so the start function is gone and the constructors do nothing. Initialisers that never run
//! again trap, so that what they called can go. These bodies keep their length, so that every other one keeps its place.

use std::borrow::Cow;

use wasm_encoder::{Encode, Function, Instruction};
use wasmparser::{CompositeInnerType, StorageType, ValType};

use super::{Context, constant, data, tables};
use crate::guest::index::{FunctionIndex, TypeIndex, enumerate};
use crate::guest::{GuestModule, count};
use crate::image::{Repair, Stretch, field_type, is_array};
use crate::init::ExportFate;
use crate::snapshot::{GlobalState, Object, ObjectIndex, Value};
use crate::wasm::splice::{extended, leading_number};

const NOP: u8 = 0x01;

/// What stands in a body in front of its `end`: no locals, and nothing.
const EMPTY: &[u8] = &[0x00];

/// No locals, and `unreachable`.
const TRAP: &[u8] = &[0x00, 0x00];

/// How many instructions a function has when no further step is added to it. Engines refuse bodies of more than 7,654,321 bytes, and
/// compilers take more than twice as long for a function that is twice as long.
const INSTRUCTIONS_PER_FUNCTION: usize = 400;

/// What the start function does, in this order.
#[derive(Clone, Copy)]
enum Step<'a> {
    Fill(&'a Stretch),
    MakeHome(ObjectIndex),
    Repair(Repair),
    SetGlobal(&'a GlobalState),
}

/// Decides which functions are added, and what they do.
pub(super) fn add_functions(context: &mut Context<'_>) {
    for export in &context.guest.exports {
        if context.plan.fate(*export, context.options) != ExportFate::Emptied {
            continue;
        }
        // Of the same type, since whoever imports the export, or casts it, can tell.
        let function = FunctionIndex(export.index);
        let ty = context.guest.functions[function.position()];
        let mut code = Vec::new();
        let results = context
            .guest
            .signature(function)
            .map_or(&[][..], |ty| ty.results());
        for (value, ty) in context.snapshot.returned(export.name).iter().zip(results) {
            constant::push(context, *value, *ty, &mut code);
        }
        let emptied = add(context, ty, code);
        context.added.emptied.insert(export.name.to_owned(), emptied);
    }
    let filled = context.image.tables.filled.iter().map(Step::Fill);
    let objects = &context.image.objects;
    let homes = objects.late_homes().map(Step::MakeHome);
    let repairs = objects.repairs.iter().copied().map(Step::Repair);
    let globals = context.snapshot.globals.iter();
    let globals = globals.filter(|state| objects.late_globals.contains(&state.index));
    let globals = globals.map(Step::SetGlobal);
    let steps: Vec<Step<'_>> = filled.chain(homes).chain(repairs).chain(globals).collect();
    if steps.is_empty() {
        return;
    }
    let procedure = procedure_type(context.guest).unwrap_or_else(|| {
        context.added.procedure_type = true;
        TypeIndex(count(context.guest.types.len()))
    });
    let mut parts: Vec<FunctionIndex> = Vec::new();
    let mut code = Vec::new();
    for step in steps {
        match step {
            Step::Fill(stretch) => fill(context, stretch, &mut code),
            Step::MakeHome(object) => make_home(context, object, &mut code),
            Step::Repair(repair) => self::repair(context, repair, &mut code),
            Step::SetGlobal(state) => set_global(context, state, &mut code),
        }
        if code.len() >= INSTRUCTIONS_PER_FUNCTION {
            parts.push(add(context, procedure, std::mem::take(&mut code)));
        }
    }
    if !code.is_empty() {
        parts.push(add(context, procedure, code));
    }
    context.added.start = match parts.as_slice() {
        [only] => Some(*only),
        parts => {
            let calls = parts.iter().map(|part| Instruction::Call(part.0)).collect();
            Some(add(context, procedure, calls))
        }
    };
}

fn add(context: &mut Context<'_>, ty: TypeIndex, code: Vec<Instruction<'static>>) -> FunctionIndex {
    let index = count(context.guest.functions.len() + context.added.functions.len());
    let mut function = Function::new([]);
    for instruction in &code {
        function.instruction(instruction);
    }
    function.instruction(&Instruction::End);
    context.added.functions.push((ty, function));
    FunctionIndex(index)
}

/// Any type of functions without parameters and results: nobody can refer to what is added with it.
fn procedure_type(guest: &GuestModule<'_>) -> Option<TypeIndex> {
    let found = enumerate(&guest.types).find(|(_, ty)| match &ty.composite_type.inner {
        CompositeInnerType::Func(ty) => ty.params().is_empty() && ty.results().is_empty(),
        CompositeInnerType::Struct(_) | CompositeInnerType::Array(_) | CompositeInnerType::Cont(_) => false,
    });
    found.map(|(index, _)| TypeIndex(index))
}

/// Adds the instructions that make an object for its late home.
fn make_home(context: &Context<'_>, object: ObjectIndex, code: &mut Vec<Instruction<'static>>) {
    let home = constant::home(context, object).expect("it has a home");
    constant::make(context, object, code);
    code.push(Instruction::GlobalSet(home));
}

/// Adds the instructions that set a global of the guest's.
fn set_global(context: &Context<'_>, state: &GlobalState, code: &mut Vec<Instruction<'static>>) {
    let index = state.index.0 + context.room;
    let ty = context.guest.globals[index as usize].ty.content_type;
    constant::push(context, state.value, ty, code);
    code.push(Instruction::GlobalSet(index));
}

/// Adds the instructions that set a field, or fill an array.
fn repair(context: &mut Context<'_>, repair: Repair, code: &mut Vec<Instruction<'static>>) {
    let snapshot = context.snapshot;
    match repair {
        Repair::Field(number, field) => {
            let object = &snapshot.heap[number.position()];
            let position = field as usize;
            let ty = constant::value_type(field_type(context.guest, object, position).element_type);
            push_home(context, number, code);
            if is_array(context.guest, object) {
                code.push(Instruction::I32Const(field.cast_signed()));
            }
            constant::push(context, object.fields[position], ty, code);
            code.push(if is_array(context.guest, object) {
                Instruction::ArraySet(object.ty.0)
            } else {
                Instruction::StructSet {
                    struct_type_index: object.ty.0,
                    field_index: field,
                }
            });
        }
        Repair::Numbers(number) => {
            let object = &snapshot.heap[number.position()];
            let len = i32::try_from(object.fields.len()).expect("an array that the engine has made");
            let array_data_index = data::first_added(context) + count(context.added.data.len());
            let ty = field_type(context.guest, object, 0).element_type;
            context.added.data.push(packed(object, ty));
            push_home(context, number, code);
            code.extend([
                Instruction::I32Const(0),
                Instruction::I32Const(0),
                Instruction::I32Const(len),
                Instruction::ArrayInitData {
                    array_type_index: object.ty.0,
                    array_data_index,
                },
                Instruction::DataDrop(array_data_index),
            ]);
        }
    }
}

/// Adds the instructions that fill slots of a table with one reference.
fn fill(context: &Context<'_>, stretch: &Stretch, code: &mut Vec<Instruction<'static>>) {
    let Stretch { table, slots } = stretch;
    let ty = context.guest.tables[table.position()].ty;
    let state = tables::state(context, *table).expect("what is filled was captured");
    let value = Value::Reference(state.slots[slots.start]);
    code.push(tables::slot(slots.start, ty.table64));
    constant::push(context, value, ValType::Ref(ty.element_type), code);
    code.push(tables::slot(slots.len(), ty.table64));
    code.push(Instruction::TableFill(table.0));
}

fn push_home(context: &Context<'_>, object: ObjectIndex, code: &mut Vec<Instruction<'static>>) {
    let home = constant::home(context, object).expect("what is repaired has a home");
    code.push(Instruction::GlobalGet(home));
}

/// The elements as `array.init_data` reads them.
fn packed(object: &Object, ty: StorageType) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in &object.fields {
        match (*field, ty) {
            (Value::I32(value), StorageType::I8) => bytes.extend_from_slice(&value.to_le_bytes()[..1]),
            (Value::I32(value), StorageType::I16) => bytes.extend_from_slice(&value.to_le_bytes()[..2]),
            (Value::I32(value), StorageType::Val(_)) => bytes.extend(value.to_le_bytes()),
            (Value::I64(value), _) => bytes.extend(value.to_le_bytes()),
            (Value::F32(bits), _) => bytes.extend(bits.to_le_bytes()),
            (Value::F64(bits), _) => bytes.extend(bits.to_le_bytes()),
            (Value::V128(value), _) => bytes.extend(value.to_le_bytes()),
            (Value::Reference(_), _) => unreachable!("references are set one by one"),
        }
    }
    bytes
}

pub(super) fn types<'a>(context: &Context<'_>, old: Option<&'a [u8]>) -> Option<Cow<'a, [u8]>> {
    let procedure: &[u8] = &[0x60, 0x00, 0x00]; // (func)
    extended(old, u32::from(context.added.procedure_type), procedure)
}

pub(super) fn functions<'a>(context: &Context<'_>, old: Option<&'a [u8]>) -> Option<Cow<'a, [u8]>> {
    let mut entries = Vec::new();
    for (ty, _) in &context.added.functions {
        ty.0.encode(&mut entries);
    }
    extended(old, count(context.added.functions.len()), &entries)
}

/// The code section.
pub(super) struct Code<'a> {
    pub(super) contents: Cow<'a, [u8]>,
    /// Whether the bodies of the guest start elsewhere in it than they did.
    pub(super) is_moved: bool,
}

pub(super) fn section<'a>(context: &Context<'a>) -> Option<Code<'a>> {
    let guest = context.guest;
    let code_id = u8::from(wasm_encoder::SectionId::Code);
    let old = guest.sections.iter().find(|section| section.id == code_id);
    let mut bodies = Vec::new();
    for (_, function) in &context.added.functions {
        function.encode(&mut bodies);
    }
    let mut contents = extended(
        old.map(|section| guest.bytes(&section.range)),
        count(context.added.functions.len()),
        &bodies,
    )?;
    let (Some(old), (_, width)) = (old, leading_number(&contents)) else {
        let is_moved = false;
        return Some(Code { contents, is_moved });
    };
    let (_, old_width) = leading_number(guest.bytes(&old.range));
    let mut replace = |function, with: &[u8]| {
        let Some(body) = guest.body(function) else { return };
        let start = body.range.start - old.range.start + width - old_width;
        let end = start + body.range.len() - 1; // its `end` stays
        let contents = contents.to_mut();
        contents[start..end].fill(NOP);
        contents[start..start + with.len()].copy_from_slice(with);
    };
    if let Some(constructors) = context.plan.constructors {
        replace(constructors, EMPTY);
    }
    for &function in &context.snapshot.spent {
        replace(function, TRAP);
    }
    Some(Code {
        contents,
        is_moved: width != old_width,
    })
}
