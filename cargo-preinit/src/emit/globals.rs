//! Globals: the homes of objects, and constant initialisers.

use std::collections::BTreeMap;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ConstExpr, GlobalSection, GlobalType, HeapType, RefType, ValType};

use super::{Context, constant};
use crate::guest::index::enumerate;
use crate::snapshot::{Reference, Value};
use crate::wasm::splice::contents;

pub(super) fn section(context: &Context<'_>) -> Option<Vec<u8>> {
    let objects = &context.image.objects;
    let values: BTreeMap<u32, Value> = context
        .snapshot
        .globals
        .iter()
        .map(|state| {
            let is_late = objects.late_globals.contains(&state.index);
            let value = if is_late {
                Value::Reference(Reference::Null)
            } else {
                state.value
            };
            (state.index.0 + context.room, value)
        })
        .collect();
    let mut section = GlobalSection::new();
    for &object in &objects.homes {
        let is_late = objects.is_late(object);
        let heap_type = HeapType::Concrete(context.snapshot.heap[object.position()].ty.0);
        let ty = GlobalType {
            val_type: ValType::Ref(RefType {
                nullable: is_late,
                heap_type,
            }),
            mutable: is_late,
            shared: false,
        };
        let init = if is_late {
            ConstExpr::ref_null(heap_type)
        } else {
            constant::object_expression(context, object)
        };
        section.global(ty, &init);
    }
    let own = (context.guest.imported_globals + context.room) as usize;
    for (index, global) in enumerate(&context.guest.globals).skip(own) {
        let ty = RoundtripReencoder
            .global_type(global.ty)
            .expect("a valid module has no types that cannot be written");
        let init = match (values.get(&index), &global.init) {
            (Some(value), _) => constant::expression(context, *value, global.ty.content_type),
            (None, Some(init)) => RoundtripReencoder
                .const_expr(init.clone())
                .expect("the expression is valid"),
            (None, None) => unreachable!("imported globals come first"),
        };
        section.global(ty, &init);
    }
    (!section.is_empty()).then(|| contents(&section))
}
