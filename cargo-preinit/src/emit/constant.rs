//! Values as constant expressions.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ConstExpr, HeapType, Instruction, RefType};
use wasmparser::{StorageType, ValType};

use super::Context;
use crate::guest::index::FunctionIndex;
use crate::image::{field_type, first_element, is_array, is_long, is_uniform};
use crate::snapshot::{Hierarchy, Internal, ObjectIndex, Reference, Value};

/// The global that is the home of an object.
pub(super) fn home(context: &Context<'_>, object: ObjectIndex) -> Option<u32> {
    let place = context.image.objects.home_of[object.position()]?;
    Some(context.guest.imported_globals + place)
}

/// A value in a place of that type.
pub(super) fn expression(context: &Context<'_>, value: Value, ty: ValType) -> ConstExpr {
    let mut instructions = Vec::new();
    push(context, value, ty, &mut instructions);
    ConstExpr::extended(instructions)
}

/// The expression that makes an object, for its home.
pub(super) fn object_expression(context: &Context<'_>, object: ObjectIndex) -> ConstExpr {
    let mut instructions = Vec::new();
    make(context, object, &mut instructions);
    ConstExpr::extended(instructions)
}

/// Adds the instructions of a constant or a function that leave a value on the stack. Only those of functions come to objects with late
/// homes.
pub(super) fn push(
    context: &Context<'_>,
    value: Value,
    ty: ValType,
    instructions: &mut Vec<Instruction<'static>>,
) {
    let instruction = match value {
        Value::I32(value) => Instruction::I32Const(value),
        Value::I64(value) => Instruction::I64Const(value),
        Value::F32(bits) => Instruction::F32Const(f32_bits(bits)),
        Value::F64(bits) => Instruction::F64Const(f64_bits(bits)),
        Value::V128(value) => Instruction::V128Const(value.cast_signed()),
        Value::Reference(Reference::Null) => Instruction::RefNull(heap_type(ty)),
        Value::Reference(Reference::Function(FunctionIndex(index))) => Instruction::RefFunc(index),
        Value::Reference(Reference::Internal(internal, hierarchy)) => {
            match internal {
                Internal::I31(bits) => {
                    instructions.extend([Instruction::I32Const(bits.cast_signed()), Instruction::RefI31]);
                }
                Internal::Object(object) => match home(context, object) {
                    Some(global) => {
                        instructions.push(Instruction::GlobalGet(global));
                        let is_nullable = matches!(ty, ValType::Ref(ty) if ty.is_nullable());
                        if context.image.objects.is_late(object) && !is_nullable {
                            instructions.push(Instruction::RefAsNonNull);
                        }
                    }
                    None => make(context, object, instructions),
                },
            }
            match hierarchy {
                Hierarchy::Any | Hierarchy::Func => return,
                Hierarchy::Extern => Instruction::ExternConvertAny,
            }
        }
        Value::Reference(Reference::Imported(global, hierarchy)) => {
            instructions.push(Instruction::GlobalGet(global.0));
            let is_extern = matches!(context.guest.globals[global.position()].ty.content_type,
                ValType::Ref(ty) if ty.heap_type() == wasmparser::HeapType::EXTERN);
            match (is_extern, hierarchy) {
                (true, Hierarchy::Any) => Instruction::AnyConvertExtern,
                (false, Hierarchy::Extern) => Instruction::ExternConvertAny,
                _ => return,
            }
        }
    };
    instructions.push(instruction);
}

/// Adds the instructions that make an object.
pub(super) fn make(context: &Context<'_>, number: ObjectIndex, instructions: &mut Vec<Instruction<'static>>) {
    let objects = &context.image.objects;
    let object = &context.snapshot.heap[number.position()];
    let field = |field: usize, instructions: &mut Vec<Instruction<'static>>| {
        let ty = value_type(field_type(context.guest, object, field).element_type);
        let index = u32::try_from(field).expect("arrays have 32-bit lengths");
        let value = if objects.is_repaired(number, index) {
            Value::Reference(Reference::Null)
        } else {
            object.fields[field]
        };
        push(context, value, ty, instructions);
    };
    let len = object.fields.len();
    let ty = object.ty.0;
    if !is_array(context.guest, object) {
        for position in 0..len {
            field(position, instructions);
        }
        instructions.push(Instruction::StructNew(ty));
        return;
    }
    let array_size = u32::try_from(len).expect("arrays have 32-bit lengths");
    if is_long(context.guest, object) || is_uniform(object) {
        if is_uniform(object) {
            field(0, instructions);
        } else {
            let ty = value_type(field_type(context.guest, object, 0).element_type);
            push(context, first_element(context.guest, object), ty, instructions);
        }
        instructions.push(Instruction::I32Const(array_size.cast_signed()));
        instructions.push(Instruction::ArrayNew(ty));
        return;
    }
    for position in 0..len {
        field(position, instructions);
    }
    instructions.push(Instruction::ArrayNewFixed {
        array_type_index: ty,
        array_size,
    });
}

/// The type that a packed field has on the stack.
pub(super) fn value_type(ty: StorageType) -> ValType {
    match ty {
        StorageType::I8 | StorageType::I16 => ValType::I32,
        StorageType::Val(ty) => ty,
    }
}

pub(super) fn ref_type(ty: wasmparser::RefType) -> RefType {
    RoundtripReencoder
        .ref_type(ty)
        .expect("a valid module has no types that cannot be written")
}

fn heap_type(ty: ValType) -> HeapType {
    match ty {
        ValType::Ref(ty) => ref_type(ty).heap_type,
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => {
            unreachable!("a reference is in a place for references")
        }
    }
}

fn f32_bits(bits: u32) -> wasm_encoder::Ieee32 {
    wasm_encoder::Ieee32::new(bits)
}

fn f64_bits(bits: u64) -> wasm_encoder::Ieee64 {
    wasm_encoder::Ieee64::new(bits)
}
