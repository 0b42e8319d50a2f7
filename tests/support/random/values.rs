//! Makes values of any type as a host.

use wasmtime::{
    AnyRef, ArrayRef, ArrayRefPre, ArrayType, AsContext as _, AsContextMut as _, FuncType, HeapType, I31,
    RefType, Rooted, StorageType, StoreContextMut, StructRef, StructRefPre, StructType, V128, Val, ValType,
};

use super::Choices;
use super::world::{Host, host_reference, logging};

/// How deep structures nest.
const DEPTH: u32 = 3;

/// A value of a type; the same choices give the same value in any store. `None` if the type has no value, or none that a host can
/// make.
pub(super) fn make(
    store: &mut StoreContextMut<'_, Host>,
    ty: &ValType,
    choices: &mut Choices,
    depth: u32,
) -> Option<Val> {
    let value = choices.value();
    let bytes = value.to_le_bytes();
    let half = u32::from_le_bytes(bytes[..4].try_into().ok()?);
    Some(match ty {
        ValType::I32 => Val::I32(half.cast_signed()),
        ValType::I64 => Val::I64(value.cast_signed()),
        // Compilers may treat NaNs that are not canonical differently.
        ValType::F32 if f32::from_bits(half).is_nan() => Val::F32(f32::NAN.to_bits()),
        ValType::F32 => Val::F32(half),
        ValType::F64 if f64::from_bits(value).is_nan() => Val::F64(f64::NAN.to_bits()),
        ValType::F64 => Val::F64(value),
        ValType::V128 => Val::V128(V128::from(u128::from(value) * 0x1_0000_0001)),
        ValType::Ref(ty) => reference(store, ty, choices, depth)?,
    })
}

fn reference(
    store: &mut StoreContextMut<'_, Host>,
    ty: &RefType,
    choices: &mut Choices,
    depth: u32,
) -> Option<Val> {
    let null = || ty.is_nullable().then(|| Val::null_ref(ty.heap_type()));
    if choices.chance(1, 4) && ty.is_nullable() || depth > DEPTH {
        return null();
    }
    let made = match ty.heap_type() {
        HeapType::Extern => Some(Val::ExternRef(Some(host_reference(
            store,
            choices.number() % 100,
        )?))),
        HeapType::Func => {
            let ty = FuncType::new(store.as_context().engine(), [], []);
            Some(function(store, ty, choices))
        }
        HeapType::ConcreteFunc(ty) => Some(function(store, ty.clone(), choices)),
        HeapType::Any if choices.chance(1, 4) => {
            let external = host_reference(store, choices.number() % 100)?;
            AnyRef::convert_extern(store.as_context_mut(), external)
                .ok()
                .map(|any| Val::AnyRef(Some(any)))
        }
        HeapType::Any | HeapType::Eq | HeapType::I31 => {
            let number = u32::try_from(choices.value() % (1 << 31)).ok()?;
            let any = AnyRef::from_i31(store.as_context_mut(), I31::wrapping_u32(number));
            Some(Val::AnyRef(Some(any)))
        }
        HeapType::Struct => {
            let ty = StructType::new(store.as_context().engine(), []).ok()?;
            structure(store, &ty, choices, depth).map(|any| Val::AnyRef(Some(any)))
        }
        HeapType::ConcreteStruct(ty) => {
            structure(store, ty, choices, depth).map(|any| Val::AnyRef(Some(any)))
        }
        HeapType::ConcreteArray(ty) => array(store, ty, choices, depth).map(|any| Val::AnyRef(Some(any))),
        _ => None,
    };
    made.or_else(null)
}

fn function(store: &mut StoreContextMut<'_, Host>, ty: FuncType, choices: &mut Choices) -> Val {
    let name = format!("host function {}", choices.number() % 1000);
    let function = logging(store, ty, name.clone());
    let identity = function.to_raw(store.as_context_mut()) as usize;
    store.data_mut().functions.insert(identity, name);
    Val::FuncRef(Some(function))
}

fn field(
    store: &mut StoreContextMut<'_, Host>,
    ty: &StorageType,
    choices: &mut Choices,
    depth: u32,
) -> Option<Val> {
    match ty {
        StorageType::I8 | StorageType::I16 => Some(Val::I32(i32::from(choices.number().to_le_bytes()[0]))),
        StorageType::ValType(ty) => make(store, ty, choices, depth + 1),
    }
}

fn structure(
    store: &mut StoreContextMut<'_, Host>,
    ty: &StructType,
    choices: &mut Choices,
    depth: u32,
) -> Option<Rooted<AnyRef>> {
    let fields: Vec<Val> = ty
        .fields()
        .map(|ty| field(store, ty.element_type(), choices, depth))
        .collect::<Option<_>>()?;
    let allocator = StructRefPre::new(store.as_context_mut(), ty.clone());
    let made = StructRef::new(store.as_context_mut(), &allocator, &fields).ok()?;
    Some(made.to_anyref())
}

fn array(
    store: &mut StoreContextMut<'_, Host>,
    ty: &ArrayType,
    choices: &mut Choices,
    depth: u32,
) -> Option<Rooted<AnyRef>> {
    let elements: Vec<Val> = (0..choices.below(4))
        .map(|_| field(store, &ty.element_type(), choices, depth))
        .collect::<Option<_>>()?;
    let allocator = ArrayRefPre::new(store.as_context_mut(), ty.clone());
    let made = ArrayRef::new_fixed(store.as_context_mut(), &allocator, &elements).ok()?;
    Some(made.to_anyref())
}
