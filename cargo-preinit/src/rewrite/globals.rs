//! Mutable globals: constant initialisers.

use walrus::ir::Value as Constant;
use walrus::{ConstExpr, GlobalKind, ValType};

use super::Subject;
use crate::snapshot::{Reference, Snapshot, Value};

pub(super) fn bake(subject: &mut Subject, snapshot: &Snapshot) {
    for state in &snapshot.globals {
        let id = subject.ids.globals[state.index.position()];
        let constant = match state.value {
            Value::I32(value) => Some(Constant::I32(value)),
            Value::I64(value) => Some(Constant::I64(value)),
            Value::F32(bits) => Some(Constant::F32(f32::from_bits(bits))),
            Value::F64(bits) => Some(Constant::F64(f64::from_bits(bits))),
            Value::V128(value) => Some(Constant::V128(value)),
            Value::Reference(_) => None,
        };
        let init = match (constant, state.value) {
            (Some(constant), _) => ConstExpr::Value(constant),
            (None, Value::Reference(Reference::Function(function))) => {
                ConstExpr::RefFunc(subject.function(function))
            }
            (None, _) => match subject.module.globals.get(id).ty {
                ValType::Ref(ty) => ConstExpr::RefNull(ty),
                ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => {
                    continue;
                }
            },
        };
        subject.module.globals.get_mut(id).kind = GlobalKind::Local(init);
    }
}
