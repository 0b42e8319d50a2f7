//! Imported references, which init may copy, and the instructions that would inspect one.

use std::collections::BTreeMap;

use wasmparser::types::CoreTypeId;
use wasmparser::{
    HeapType, Operator, RefType, UnpackedIndex, ValType, ValidatorResources, WasmModuleResources as _,
};

/// The types of the imported references, as the validator represents types within a function.
pub(super) struct Tokens {
    /// All nullable: a non-nullable reference is also of the nullable type.
    types: Vec<ValType>,
    /// The module's index of each type.
    indices: BTreeMap<CoreTypeId, u32>,
}

impl Tokens {
    pub(super) fn new(resources: &ValidatorResources, tokens: &[ValType]) -> wasmparser::Result<Self> {
        let mut types = Vec::new();
        for token in tokens {
            let mut ty = *token;
            if let ValType::Ref(token) = &mut ty {
                resources.check_ref_type(token, 0)?;
                types.extend(nullable(*token));
            }
        }
        let mut indices = BTreeMap::new();
        for index in (0..).take_while(|index| !types.is_empty() && resources.sub_type_at(*index).is_some()) {
            let mut ty = HeapType::Concrete(UnpackedIndex::Module(index));
            resources.check_heap_type(&mut ty, 0)?;
            if let HeapType::Concrete(UnpackedIndex::Id(id)) = ty {
                indices.entry(id).or_insert(index);
            }
        }
        Ok(Self { types, indices })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// The type of the operand in the module's own type indices, if the instruction inspects a reference and the operand may
    /// be an imported one. `operand` is the type on top of the stack.
    pub(super) fn inspected(
        &self,
        resources: &ValidatorResources,
        operator: &Operator<'_>,
        operand: Option<ValType>,
    ) -> Option<RefType> {
        let Some(ValType::Ref(operand)) = operand.filter(|_| looks_into_reference(operator)) else {
            return None;
        };
        let seen_as = nullable(operand)?;
        let may_be = |token: &ValType| {
            // `any.convert_extern` and `extern.convert_any` convert between the two.
            let is_both = is_convertible(*token) && is_convertible(seen_as);
            is_both || resources.is_subtype(*token, seen_as)
        };
        if !self.types.iter().any(may_be) {
            return None;
        }
        match operand.heap_type() {
            HeapType::Concrete(UnpackedIndex::Id(id)) => {
                let index = UnpackedIndex::Module(*self.indices.get(&id)?);
                RefType::new(operand.is_nullable(), HeapType::Concrete(index))
            }
            _ => Some(operand),
        }
    }
}

fn nullable(ty: RefType) -> Option<ValType> {
    RefType::new(true, ty.heap_type()).map(ValType::Ref)
}

fn is_convertible(ty: ValType) -> bool {
    ty == ValType::Ref(RefType::ANYREF) || ty == ValType::Ref(RefType::EXTERNREF)
}

fn looks_into_reference(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::RefIsNull
            | Operator::RefAsNonNull
            | Operator::BrOnNull { .. }
            | Operator::BrOnNonNull { .. }
            | Operator::RefTestNonNull { .. }
            | Operator::RefTestNullable { .. }
            | Operator::RefCastNonNull { .. }
            | Operator::RefCastNullable { .. }
            | Operator::BrOnCast { .. }
            | Operator::BrOnCastFail { .. }
    )
}
