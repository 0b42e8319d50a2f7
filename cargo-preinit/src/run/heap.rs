//! The structs and arrays that the globals and tables of an instance refer to.
//!
//! Each object that is found is interned: it gets a number, and the same number whenever it is found again, so sharing and
//! cycles are preserved. The engine reports an object's type as one of its own types. The run copy has a global of each
//! struct and array type of the guest, and the types of these globals map the engine's types to the guest's type indices.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};

use wasmtime::{AnyRef, ArrayType, ExternRef, HeapType, Instance, Rooted, Store, StructType, Val};

use super::error::RunError;
use super::host::Host;
use super::stand_in::Token;
use crate::guest::index::{GlobalIndex, TypeIndex};
use crate::instrument::Injected;
use crate::refusal::ReferenceKind;
use crate::snapshot::{Internal, ObjectIndex};

/// An interned reference: an object by its number, or another kind of reference.
pub(super) enum Interned {
    Internal(Internal),
    /// The reference that stands in for the one an imported immutable global holds.
    Imported(GlobalIndex),
    /// A reference that comes from the host.
    Other(ReferenceKind),
}

#[derive(Default)]
pub(super) struct Heap {
    types: Vec<(TypeIndex, Layout)>,
    /// The number of each object, by the engine's hash of its reference.
    numbers: BTreeMap<u64, Vec<(Rooted<AnyRef>, ObjectIndex)>>,
    /// The objects by their numbers.
    objects: Vec<Rooted<AnyRef>>,
    read: usize,
    /// How many fields and elements of objects were read so far.
    fields: u64,
}

/// How many fields and elements all objects may have together: each is an operand of an expression.
const MAX_FIELDS: u64 = 4_000_000;

enum Layout {
    Struct(StructType),
    Array(ArrayType),
}

fn lost(error: wasmtime::Error) -> RunError {
    RunError::Bug(format!("a collected value cannot be read: {error:#}"))
}

impl Heap {
    /// Maps the engine's types to the guest's, by the types of the globals that the run copy has for this.
    pub(super) fn new(
        type_anchors: &[TypeIndex],
        store: &mut Store<Host>,
        instance: Instance,
    ) -> Result<Self, RunError> {
        let mut heap = Self::default();
        for &index in type_anchors {
            let injected = Injected::Type(index);
            let global = instance
                .get_global(&mut *store, &injected.name())
                .ok_or_else(|| RunError::Bug(format!("the run copy has no `{}`", injected.name())))?;
            let ty = global.ty(&*store).content().clone();
            let layout = match ty.as_ref().map(wasmtime::RefType::heap_type) {
                Some(HeapType::ConcreteStruct(ty)) => Layout::Struct(ty.clone()),
                Some(HeapType::ConcreteArray(ty)) => Layout::Array(ty.clone()),
                _ => return Err(RunError::Bug(format!("type {index} has become {ty}"))),
            };
            heap.types.push((index, layout));
        }
        Ok(heap)
    }

    /// Gives a struct or an array its number, and classifies every other reference.
    pub(super) fn intern(
        &mut self,
        store: &mut Store<Host>,
        any: Rooted<AnyRef>,
    ) -> Result<Interned, RunError> {
        if let Some(i31) = any.as_i31(&*store).map_err(lost)? {
            return Ok(Interned::Internal(Internal::I31(i31.get_u32())));
        }
        if !any.is_struct(&*store).map_err(lost)? && !any.is_array(&*store).map_err(lost)? {
            let value = ExternRef::convert_any(&mut *store, any).map_err(lost)?;
            let data = value.data(&*store).map_err(lost)?;
            let token = data.and_then(|data| data.downcast_ref::<Token>());
            return Ok(match token {
                Some(Token(global)) => Interned::Imported(*global),
                None => Interned::Other(ReferenceKind::Extern),
            });
        }
        let mut hasher = DefaultHasher::new();
        any.ref_hash(&*store, &mut hasher).map_err(lost)?;
        let known = self.numbers.entry(hasher.finish()).or_default();
        for (other, number) in known.iter() {
            if Rooted::ref_eq(&*store, &any, other).map_err(lost)? {
                return Ok(Interned::Internal(Internal::Object(*number)));
            }
        }
        let number = u32::try_from(self.objects.len())
            .map_err(|_| RunError::Bug("more objects than can be numbered".to_owned()))?;
        let number = ObjectIndex(number);
        known.push((any, number));
        self.objects.push(any);
        Ok(Interned::Internal(Internal::Object(number)))
    }

    /// As [`intern`](Self::intern), for an `externref`. It is a host reference unless the module converted it from an `anyref`.
    pub(super) fn intern_extern(
        &mut self,
        store: &mut Store<Host>,
        value: Rooted<ExternRef>,
    ) -> Result<Interned, RunError> {
        let any = AnyRef::convert_extern(&mut *store, value).map_err(lost)?;
        self.intern(store, any)
    }

    /// The type and the fields of the first object that was not read yet.
    pub(super) fn next(
        &mut self,
        store: &mut Store<Host>,
    ) -> Result<Option<(TypeIndex, Vec<Val>)>, RunError> {
        let Some(any) = self.objects.get(self.read) else {
            return Ok(None);
        };
        self.read += 1;
        let (position, fields) = if let Some(object) = any.as_struct(&*store).map_err(lost)? {
            let ty = object.ty(&*store).map_err(lost)?;
            let fields: Vec<Val> = object.fields(&mut *store).map_err(lost)?.collect();
            self.count(fields.len() as u64)?;
            let is_it =
                |layout: &Layout| matches!(layout, Layout::Struct(known) if StructType::eq(known, &ty));
            (self.types.iter().position(|(_, layout)| is_it(layout)), fields)
        } else {
            let object = any.unwrap_array(&*store).map_err(lost)?;
            let ty = object.ty(&*store).map_err(lost)?;
            self.count(object.len(&*store).map_err(lost)?.into())?;
            let fields = object.elems(&mut *store).map_err(lost)?.collect();
            let is_it = |layout: &Layout| matches!(layout, Layout::Array(known) if ArrayType::eq(known, &ty));
            (self.types.iter().position(|(_, layout)| is_it(layout)), fields)
        };
        let position = position.ok_or(RunError::ForeignObject)?;
        let index = self.types[position].0;
        // Objects of the same type often follow each other, so the next search finds this type first.
        self.types.swap(0, position);
        Ok(Some((index, fields)))
    }

    fn count(&mut self, fields: u64) -> Result<(), RunError> {
        self.fields += fields;
        if self.fields > MAX_FIELDS {
            return Err(RunError::TooManyFields(MAX_FIELDS));
        }
        Ok(())
    }
}
