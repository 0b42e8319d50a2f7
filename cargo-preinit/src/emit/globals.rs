//! The global section: the globals that hold objects, and the guest's, with their values after init.

use wasm_encoder::reencode::Reencode;
use wasm_encoder::{ConstExpr, GlobalSection, GlobalType, HeapType, RefType, ValType};

use super::constant;
use super::draft::{Draft, Encoded};
use super::layout::{Layout, Relinked};
use crate::guest::count;
use crate::guest::index::GlobalIndex;
use crate::snapshot::{ObjectIndex, Reference, Value};

impl Draft<'_> {
    /// The globals that are not imported, in the order of the output. Those that hold objects come first, since a constant
    /// expression can only name earlier globals, and the flag that says whether the instance has been entered last.
    pub(super) fn own_globals(&self) -> impl Iterator<Item = GlobalIndex> {
        let guest = self.context.guest;
        let of_guest = count(guest.globals.len());
        let of_objects = of_guest..self.context.flag_position().0;
        let own = guest.imported_globals..of_guest;
        let globals = of_objects.chain(own).map(GlobalIndex);
        globals.chain(self.entered_flag())
    }

    /// A global that is not imported: its type and its initializer.
    pub(super) fn global<N: Reencode>(
        &self,
        names: &mut N,
        index: GlobalIndex,
    ) -> Encoded<(GlobalType, ConstExpr), N> {
        let context = &self.context;
        let guest = context.guest;
        if Some(index) == self.entered_flag() {
            let ty = GlobalType {
                val_type: ValType::I32,
                mutable: true,
                shared: false,
            };
            return Ok((ty, ConstExpr::i32_const(0)));
        }
        let Some(global) = guest.globals.get(index.position()) else {
            let object = context.image.objects.globals[index.position() - guest.globals.len()];
            return self.object_global(names, object);
        };
        let ty = names.global_type(global.ty)?;
        let state = context.instance.global(index);
        let init = match (state, &global.init) {
            (Some(_), _) if context.image.objects.late_globals.contains(&index) => {
                let null = Value::Reference(Reference::Null);
                constant::expression(context, names, null, global.ty.content_type)?
            }
            (Some(state), _) => constant::expression(context, names, state.value, global.ty.content_type)?,
            (None, Some(init)) => names.const_expr(init.clone())?,
            (None, None) => unreachable!("it is not imported"),
        };
        Ok((ty, init))
    }

    fn object_global<N: Reencode>(
        &self,
        names: &mut N,
        object: ObjectIndex,
    ) -> Encoded<(GlobalType, ConstExpr), N> {
        let context = &self.context;
        let is_late = context.image.objects.is_late(object);
        let ty = context.instance.heap[object.position()].ty;
        let heap_type = HeapType::Concrete(names.type_index(ty.0)?);
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
            constant::object_expression(context, names, object)?
        };
        Ok((ty, init))
    }
}

/// The global section.
pub(super) fn section(draft: &Draft<'_>, layout: &Layout) -> Relinked<GlobalSection> {
    let (indices, mut names) = (&layout.indices, layout.names());
    let mut section = GlobalSection::new();
    for index in draft.own_globals() {
        if indices.global(index).is_some() {
            let (ty, init) = draft.global(&mut names, index)?;
            section.global(ty, &init);
        }
    }
    Ok(section)
}
