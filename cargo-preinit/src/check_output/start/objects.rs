//! Structs and arrays that constant expressions and the start function make.

use wasmparser::{StorageType, ValType};

use super::{Start, internal, unknown};
use crate::check_output::{CheckError, Result};
use crate::guest::GuestModule;
use crate::guest::index::TypeIndex;
use crate::image::{field_type, is_array};
use crate::snapshot::{Internal, Object, ObjectIndex, Reference, Value};

impl<'a> Start<'a> {
    pub(super) fn make(
        &mut self,
        module: &GuestModule<'a>,
        ty: u32,
        count: usize,
        stack: &mut Vec<Option<Value>>,
    ) -> Result<Option<Value>> {
        let at = stack
            .len()
            .checked_sub(count)
            .ok_or_else(|| CheckError("an object takes more than there is".to_owned()))?;
        let mut object = Object {
            ty: TypeIndex(ty),
            fields: Vec::with_capacity(count),
        };
        let mut is_known = true;
        for (field, value) in stack.split_off(at).into_iter().enumerate() {
            match value {
                Some(value) => object.fields.push(narrowed(module, &object, field, value)),
                None => is_known = false,
            }
        }
        if !is_known {
            return Ok(None);
        }
        let number = u32::try_from(self.heap.len()).map_err(|error| CheckError(error.to_string()))?;
        self.heap.push(object);
        Ok(Some(internal(Internal::Object(ObjectIndex(number)))))
    }

    pub(super) fn make_default(
        &mut self,
        module: &GuestModule<'a>,
        ty: u32,
        count: usize,
        stack: &mut Vec<Option<Value>>,
    ) -> Result<Option<Value>> {
        let object = Object {
            ty: TypeIndex(ty),
            fields: Vec::new(),
        };
        for field in 0..count {
            let field = if is_array(module, &object) { 0 } else { field };
            stack.push(Some(match field_type(module, &object, field).element_type {
                StorageType::I8 | StorageType::I16 | StorageType::Val(ValType::I32) => Value::I32(0),
                StorageType::Val(ValType::I64) => Value::I64(0),
                StorageType::Val(ValType::F32) => Value::F32(0),
                StorageType::Val(ValType::F64) => Value::F64(0),
                StorageType::Val(ValType::V128) => Value::V128(0),
                StorageType::Val(ValType::Ref(_)) => Value::Reference(Reference::Null),
            }));
        }
        self.make(module, ty, count, stack)
    }

    pub(super) fn set(
        &mut self,
        module: &GuestModule<'a>,
        object: Option<Value>,
        field: usize,
        value: Option<Value>,
    ) -> Result {
        let (Some(Value::Reference(Reference::Internal(Internal::Object(object), _))), Some(value)) =
            (object, value)
        else {
            return unknown("something unknown in an object");
        };
        let object = &mut self.heap[object.position()];
        if field >= object.fields.len() {
            return unknown("a field that there is not");
        }
        object.fields[field] = narrowed(module, object, field, value);
        Ok(())
    }

    pub(super) fn fill_from_bytes(
        &mut self,
        module: &GuestModule<'a>,
        array: Option<Value>,
        len: u32,
        bytes: &[u8],
    ) -> Result {
        let Some(Value::Reference(Reference::Internal(Internal::Object(number), _))) = array else {
            return unknown("something unknown that is filled");
        };
        let object = &mut self.heap[number.position()];
        let ty = field_type(module, object, 0).element_type;
        let width = match ty {
            StorageType::I8 => 1,
            StorageType::I16 => 2,
            StorageType::Val(ValType::I32 | ValType::F32) => 4,
            StorageType::Val(ValType::I64 | ValType::F64) => 8,
            StorageType::Val(ValType::V128) => 16,
            StorageType::Val(ValType::Ref(_)) => return unknown("references from bytes"),
        };
        if len as usize != object.fields.len() || bytes.len() != width * object.fields.len() {
            return unknown("a part of an array, or of a segment, that is copied");
        }
        for (field, bytes) in object.fields.iter_mut().zip(bytes.chunks(width)) {
            let mut wide = [0; 16];
            wide[..width].copy_from_slice(bytes);
            let bits = u128::from_le_bytes(wide);
            #[expect(clippy::cast_possible_truncation, reason = "the rest of the bits is zero")]
            let (low, long) = (bits as u32, bits as u64);
            *field = match field {
                Value::I32(_) => Value::I32(low.cast_signed()),
                Value::I64(_) => Value::I64(long.cast_signed()),
                Value::F32(_) => Value::F32(low),
                Value::F64(_) => Value::F64(long),
                Value::V128(_) => Value::V128(bits),
                Value::Reference(_) => return unknown("references from bytes"),
            };
        }
        Ok(())
    }
}

pub(super) fn struct_len(module: &GuestModule<'_>, ty: u32) -> usize {
    match &module.types[ty as usize].composite_type.inner {
        wasmparser::CompositeInnerType::Struct(ty) => ty.fields.len(),
        _ => 0,
    }
}

/// The value that a field holds after a value is stored: packed fields keep the low bits.
fn narrowed(module: &GuestModule<'_>, object: &Object, field: usize, value: Value) -> Value {
    match (value, field_type(module, object, field).element_type) {
        (Value::I32(value), StorageType::I8) => Value::I32(value & 0xff),
        (Value::I32(value), StorageType::I16) => Value::I32(value & 0xffff),
        _ => value,
    }
}
