//! Values as constant expressions, and as instructions of a function.

use wasm_encoder::reencode::Reencode;
use wasm_encoder::{ConstExpr, HeapType, Instruction};
use wasmparser::{StorageType, ValType};

use super::draft::{Context, Encoded};
use crate::image::{field_type, first_element, is_array, is_long, is_uniform};
use crate::snapshot::{Hierarchy, Internal, ObjectIndex, Reference, Value};

/// The constant expression of a value whose static type is `ty`.
pub(super) fn expression<N: Reencode>(
    context: &Context<'_>,
    names: &mut N,
    value: Value,
    ty: ValType,
) -> Encoded<ConstExpr, N> {
    let mut instructions = Vec::new();
    push(context, names, value, ty, &mut instructions)?;
    Ok(ConstExpr::extended(instructions))
}

/// The constant expression that makes an object, for the object's global.
pub(super) fn object_expression<N: Reencode>(
    context: &Context<'_>,
    names: &mut N,
    object: ObjectIndex,
) -> Encoded<ConstExpr, N> {
    let mut instructions = Vec::new();
    make(context, names, object, &mut instructions)?;
    Ok(ConstExpr::extended(instructions))
}

/// Adds the instructions that push a value, for a constant expression or a function. Only functions refer to objects whose
/// globals are set late.
pub(super) fn push<N: Reencode>(
    context: &Context<'_>,
    names: &mut N,
    value: Value,
    ty: ValType,
    instructions: &mut Vec<Instruction<'static>>,
) -> Encoded<(), N> {
    let instruction = match value {
        Value::I32(value) => Instruction::I32Const(value),
        Value::I64(value) => Instruction::I64Const(value),
        Value::F32(bits) => Instruction::F32Const(f32_bits(bits)),
        Value::F64(bits) => Instruction::F64Const(f64_bits(bits)),
        Value::V128(value) => Instruction::V128Const(value.cast_signed()),
        Value::Reference(Reference::Null) => Instruction::RefNull(heap_type(names, ty)?),
        Value::Reference(Reference::Function(function)) => {
            Instruction::RefFunc(names.function_index(function.index.0)?)
        }
        Value::Reference(Reference::Internal(internal, hierarchy)) => {
            match internal {
                Internal::I31(bits) => {
                    instructions.extend([Instruction::I32Const(bits.cast_signed()), Instruction::RefI31]);
                }
                Internal::Object(object) => match context.object_global(object) {
                    Some(global) => {
                        instructions.push(Instruction::GlobalGet(names.global_index(global.0)?));
                        let is_nullable = matches!(ty, ValType::Ref(ty) if ty.is_nullable());
                        if context.image.objects.is_late(object) && !is_nullable {
                            instructions.push(Instruction::RefAsNonNull);
                        }
                    }
                    None => make(context, names, object, instructions)?,
                },
            }
            match hierarchy {
                Hierarchy::Any | Hierarchy::Func => return Ok(()),
                Hierarchy::Extern => Instruction::ExternConvertAny,
            }
        }
        Value::Reference(Reference::Imported(global, hierarchy)) => {
            instructions.push(Instruction::GlobalGet(names.global_index(global.0)?));
            let is_extern = matches!(context.guest.globals[global.position()].ty.content_type,
                ValType::Ref(ty) if ty.heap_type() == wasmparser::HeapType::EXTERN);
            match (is_extern, hierarchy) {
                (true, Hierarchy::Any) => Instruction::AnyConvertExtern,
                (false, Hierarchy::Extern) => Instruction::ExternConvertAny,
                _ => return Ok(()),
            }
        }
    };
    instructions.push(instruction);
    Ok(())
}

/// Adds the instructions that make an object.
pub(super) fn make<N: Reencode>(
    context: &Context<'_>,
    names: &mut N,
    number: ObjectIndex,
    instructions: &mut Vec<Instruction<'static>>,
) -> Encoded<(), N> {
    let objects = &context.image.objects;
    let object = &context.instance.heap[number.position()];
    let field = |field: usize, names: &mut N, instructions: &mut Vec<Instruction<'static>>| {
        let ty = value_type(field_type(context.guest, object, field).element_type);
        let index = u32::try_from(field).expect("arrays have 32-bit lengths");
        let value = if objects.is_set_later(number, index) {
            Value::Reference(Reference::Null)
        } else {
            object.fields[field]
        };
        push(context, names, value, ty, instructions)
    };
    let len = object.fields.len();
    let ty = names.type_index(object.ty.0)?;
    if !is_array(context.guest, object) {
        for position in 0..len {
            field(position, names, instructions)?;
        }
        instructions.push(Instruction::StructNew(ty));
        return Ok(());
    }
    let array_size = u32::try_from(len).expect("arrays have 32-bit lengths");
    if is_long(context.guest, object) || is_uniform(object) {
        if is_uniform(object) {
            field(0, names, instructions)?;
        } else {
            let ty = value_type(field_type(context.guest, object, 0).element_type);
            push(
                context,
                names,
                first_element(context.guest, object),
                ty,
                instructions,
            )?;
        }
        instructions.push(Instruction::I32Const(array_size.cast_signed()));
        instructions.push(Instruction::ArrayNew(ty));
        return Ok(());
    }
    for position in 0..len {
        field(position, names, instructions)?;
    }
    instructions.push(Instruction::ArrayNewFixed {
        array_type_index: ty,
        array_size,
    });
    Ok(())
}

/// The type of a field's value on the stack, where packed fields are `i32`.
pub(super) fn value_type(ty: StorageType) -> ValType {
    match ty {
        StorageType::I8 | StorageType::I16 => ValType::I32,
        StorageType::Val(ty) => ty,
    }
}

fn heap_type<N: Reencode>(names: &mut N, ty: ValType) -> Encoded<HeapType, N> {
    match ty {
        ValType::Ref(ty) => names.heap_type(ty.heap_type()),
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
