//! The functions that the output adds: the start function, those that replace exported init functions, and those by which a host enters
//! the instance where something is to run then.
//!
//! The start function does what constant expressions cannot. It is split into several functions, since compilers take more than
//! twice as long for a function that is twice as long.

use std::collections::BTreeSet;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{BlockType, Function, Instruction};
use wasmparser::{StorageType, ValType};

use super::draft::{AddedCode, AddedFunction, Context, Draft, Encoded, Step};
use super::{constant, tables};
use crate::guest::count;
use crate::guest::index::{DataIndex, FunctionIndex, TypeIndex};
use crate::image::{FixUp, Stretch, field_type, is_array};
use crate::init::ExportFate;
use crate::snapshot::{Object, ObjectIndex, Value};

/// A part of the start function ends when it has this many instructions. Engines refuse bodies of more than 7,654,321 bytes.
const INSTRUCTIONS_PER_FUNCTION: usize = 400;

/// Decides which functions are added, and what each does.
pub(super) fn add(draft: &mut Draft<'_>) {
    let Context {
        guest,
        plan,
        image,
        instance,
        ..
    } = draft.context;
    for (position, (export, edit)) in guest.exports.iter().zip(&plan.exports).enumerate() {
        if edit.fate != ExportFate::Emptied {
            continue;
        }
        // The function has the type of the guest's function: an importer checks it, and so may a cast.
        let function = FunctionIndex(export.index);
        let results = guest.signature(function).map_or(&[][..], |ty| ty.results());
        let returned = edit.returned.iter().copied().zip(results.iter().copied());
        let code = AddedCode::Return(returned.collect());
        let emptied = draft.add_function(guest.functions[function.position()], code);
        draft.emptied.insert(position, emptied);
    }
    add_entries(draft);
    let objects = &image.objects;
    let mut steps: Vec<Step<'_>> = image.tables.filled.iter().map(Step::Fill).collect();
    steps.extend(objects.late().map(Step::MakeObject));
    for fix_up in &objects.fix_ups {
        steps.push(match *fix_up {
            FixUp::Field(object, field) => Step::SetField(object, field),
            FixUp::Numbers(object) => {
                let segment = DataIndex(draft.data_segments());
                let state = &instance.heap[object.position()];
                let ty = field_type(guest, state, 0).element_type;
                draft.added_data.push(packed(state, ty));
                Step::FillArray(object, segment)
            }
        });
    }
    let globals = instance.globals.iter();
    let globals = globals.filter(|state| objects.late_globals.contains(&state.index));
    steps.extend(globals.map(Step::SetGlobal));
    if steps.is_empty() {
        return;
    }
    let procedure = draft.procedure_type();
    let mut parts: Vec<FunctionIndex> = Vec::new();
    let mut part = Vec::new();
    let mut code = Vec::new();
    for step in steps {
        part.push(step);
        step.push(&draft.context, &mut RoundtripReencoder, &mut code)
            .expect("a round trip succeeds");
        if code.len() >= INSTRUCTIONS_PER_FUNCTION {
            let steps = AddedCode::Steps(std::mem::take(&mut part));
            parts.push(draft.add_function(procedure, steps));
            code.clear();
        }
    }
    if !part.is_empty() {
        parts.push(draft.add_function(procedure, AddedCode::Steps(part)));
    }
    draft.start = match parts.as_slice() {
        [only] => Some(*only),
        _ => Some(draft.add_function(procedure, AddedCode::Calls(parts))),
    };
}

/// Adds the functions by which a host enters the instance, if something is to run then.
fn add_entries(draft: &mut Draft<'_>) {
    let Context { guest, plan, .. } = draft.context;
    let exports = guest.exports.iter().zip(&plan.exports);
    let entered = exports.filter(|(_, edit)| edit.resumes);
    let entered: BTreeSet<FunctionIndex> = entered
        .map(|(export, edit)| match edit.fate {
            ExportFate::Unwrapped(inner) => inner,
            ExportFate::Kept | ExportFate::Emptied | ExportFate::Gone => FunctionIndex(export.index),
        })
        .collect();
    if entered.is_empty() {
        return;
    }
    let procedure = draft.procedure_type();
    let resume = draft.add_function(procedure, AddedCode::Resume(plan.resume.clone()));
    for function in entered {
        let parameters = guest.signature(function).map_or(&[][..], |ty| ty.params());
        let enter = AddedCode::Enter {
            resume,
            function,
            parameters: count(parameters.len()),
        };
        // An importer checks the type, and so may a cast.
        let entry = draft.add_function(guest.functions[function.position()], enter);
        draft.entries.insert(function, entry);
    }
}

impl<'a> Draft<'a> {
    /// The sizes of the added bodies in bytes, before indices change.
    pub(super) fn added_bodies(&self) -> impl Iterator<Item = usize> {
        self.added_functions.iter().map(|function| {
            let body = function.body(&self.context, &mut RoundtripReencoder);
            body.expect("a round trip succeeds").byte_len()
        })
    }

    fn add_function(&mut self, ty: TypeIndex, code: AddedCode<'a>) -> FunctionIndex {
        let index = FunctionIndex(self.functions());
        self.added_functions.push(AddedFunction { ty, code });
        index
    }
}

impl AddedFunction<'_> {
    /// Whether its body names functions by `ref.func`, not by `call`.
    pub(super) fn makes_references(&self) -> bool {
        match self.code {
            AddedCode::Return(_) | AddedCode::Steps(_) => true,
            AddedCode::Calls(_) | AddedCode::Resume(_) | AddedCode::Enter { .. } => false,
        }
    }

    /// The functions that it calls, if it calls any of the guest's.
    pub(super) fn calls(&self) -> Vec<FunctionIndex> {
        match &self.code {
            AddedCode::Return(_) | AddedCode::Steps(_) | AddedCode::Calls(_) => Vec::new(),
            AddedCode::Resume(functions) => functions.clone(),
            AddedCode::Enter { function, .. } => vec![*function],
        }
    }

    /// The encoded body.
    pub(super) fn body<N: Reencode>(&self, context: &Context<'_>, names: &mut N) -> Encoded<Function, N> {
        let mut code = Vec::new();
        match &self.code {
            AddedCode::Return(values) => {
                for (value, ty) in values {
                    constant::push(context, names, *value, *ty, &mut code)?;
                }
            }
            AddedCode::Steps(steps) => {
                for step in steps {
                    step.push(context, names, &mut code)?;
                }
            }
            AddedCode::Calls(parts) => {
                for part in parts {
                    code.push(Instruction::Call(names.function_index(part.0)?));
                }
            }
            AddedCode::Resume(functions) => {
                // Before it calls them: what they call of the host's may call an export.
                let flag = names.global_index(context.flag_position().0)?;
                code.extend([Instruction::I32Const(1), Instruction::GlobalSet(flag)]);
                for function in functions {
                    code.push(Instruction::Call(names.function_index(function.0)?));
                }
            }
            AddedCode::Enter {
                resume,
                function,
                parameters,
            } => {
                code.extend([
                    Instruction::Block(BlockType::Empty),
                    Instruction::GlobalGet(names.global_index(context.flag_position().0)?),
                    Instruction::BrIf(0),
                    Instruction::Call(names.function_index(resume.0)?),
                    Instruction::End,
                ]);
                code.extend((0..*parameters).map(Instruction::LocalGet));
                code.push(Instruction::Call(names.function_index(function.0)?));
            }
        }
        let mut function = Function::new([]);
        for instruction in &code {
            function.instruction(instruction);
        }
        function.instruction(&Instruction::End);
        Ok(function)
    }
}

impl Step<'_> {
    /// Adds the step's instructions.
    fn push<N: Reencode>(
        self,
        context: &Context<'_>,
        names: &mut N,
        code: &mut Vec<Instruction<'static>>,
    ) -> Encoded<(), N> {
        let Context { guest, instance, .. } = *context;
        match self {
            Self::Fill(stretch) => {
                let Stretch { table, slots } = stretch;
                let ty = guest.tables[table.position()].ty;
                let state = tables::state(context, *table).expect("what is filled was captured");
                let value = Value::Reference(state.slots[slots.start]);
                code.push(tables::slot(slots.start, ty.table64));
                constant::push(context, names, value, ValType::Ref(ty.element_type), code)?;
                code.push(tables::slot(slots.len(), ty.table64));
                code.push(Instruction::TableFill(names.table_index(table.0)?));
            }
            Self::MakeObject(object) => {
                constant::make(context, names, object, code)?;
                code.push(Instruction::GlobalSet(global(context, names, object)?));
            }
            Self::SetField(number, field) => {
                let object = &instance.heap[number.position()];
                let position = field as usize;
                let ty = constant::value_type(field_type(guest, object, position).element_type);
                code.push(Instruction::GlobalGet(global(context, names, number)?));
                if is_array(guest, object) {
                    code.push(Instruction::I32Const(field.cast_signed()));
                }
                constant::push(context, names, object.fields[position], ty, code)?;
                let ty = names.type_index(object.ty.0)?;
                code.push(if is_array(guest, object) {
                    Instruction::ArraySet(ty)
                } else {
                    Instruction::StructSet {
                        struct_type_index: ty,
                        field_index: field,
                    }
                });
            }
            Self::FillArray(number, segment) => {
                let object = &instance.heap[number.position()];
                let array_data_index = names.data_index(segment.0)?;
                code.extend([
                    Instruction::GlobalGet(global(context, names, number)?),
                    Instruction::I32Const(0),
                    Instruction::I32Const(0),
                    Instruction::I32Const(count(object.fields.len()).cast_signed()),
                    Instruction::ArrayInitData {
                        array_type_index: names.type_index(object.ty.0)?,
                        array_data_index,
                    },
                    Instruction::DataDrop(array_data_index),
                ]);
            }
            Self::SetGlobal(state) => {
                let ty = guest.globals[state.index.position()].ty.content_type;
                constant::push(context, names, state.value, ty, code)?;
                code.push(Instruction::GlobalSet(names.global_index(state.index.0)?));
            }
        }
        Ok(())
    }
}

fn global<N: Reencode>(context: &Context<'_>, names: &mut N, object: ObjectIndex) -> Encoded<u32, N> {
    let global = context
        .object_global(object)
        .expect("what code refers to has a global");
    names.global_index(global.0)
}

/// The elements of an array, as `array.init_data` reads them.
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
