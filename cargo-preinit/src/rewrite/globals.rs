//! Globals: the homes of objects, and constant initialisers.

use std::collections::BTreeMap;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{GlobalSection, GlobalType, HeapType, RefType, ValType};

use super::{Subject, constant};
use crate::index::enumerate;
use crate::snapshot::Value;
use crate::splice::contents;

pub(super) fn section(subject: &Subject<'_>) -> Option<Vec<u8>> {
    let values: BTreeMap<u32, Value> = subject
        .snapshot
        .globals
        .iter()
        .map(|state| (state.index.0 + subject.room, state.value))
        .collect();
    let mut section = GlobalSection::new();
    for &object in &subject.image.objects.homes {
        let ty = subject.snapshot.heap[object.position()].ty;
        let ty = GlobalType {
            val_type: ValType::Ref(RefType {
                nullable: false,
                heap_type: HeapType::Concrete(ty.0),
            }),
            mutable: false,
            shared: false,
        };
        section.global(ty, &constant::object_expression(subject, object));
    }
    let own = (subject.guest.imported_globals + subject.room) as usize;
    for (index, global) in enumerate(&subject.guest.globals).skip(own) {
        let ty = RoundtripReencoder
            .global_type(global.ty)
            .expect("a valid module has no types that cannot be written");
        let init = match (values.get(&index), &global.init) {
            (Some(value), _) => constant::expression(subject, *value, global.ty.content_type),
            (None, Some(init)) => RoundtripReencoder
                .const_expr(init.clone())
                .expect("the expression is valid"),
            (None, None) => unreachable!("imported globals come first"),
        };
        section.global(ty, &init);
    }
    (!section.is_empty()).then(|| contents(&section))
}
