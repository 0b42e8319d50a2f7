//! What a part of a module refers to.
//!
//! A wasm-encoder reencoder translates every index with a method, so [`References`] is one that records the indices. What it
//! encodes is discarded.

use std::collections::BTreeSet;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{BinaryReader, FunctionBody};

use crate::guest::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex,
};
use crate::guest::{Body, OperandKind, features};

pub(super) type Result<T = ()> = std::result::Result<T, Error<Infallible>>;

/// Anything that has an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Entity {
    Type(TypeIndex),
    Function(FunctionIndex),
    Table(TableIndex),
    Memory(MemoryIndex),
    Global(GlobalIndex),
    /// A tag, by its index.
    Tag(u32),
    Element(ElementIndex),
    Data(DataIndex),
}

/// The entities that a part of a module refers to.
#[derive(Debug, Default)]
pub(super) struct References {
    /// One entry for each reference; uses of a memory that follow each other have one entry.
    pub(super) entities: Vec<Entity>,
    /// The functions that `ref.func` names in code.
    pub(super) by_code: BTreeSet<FunctionIndex>,
}

impl References {
    /// Adds the references of a body of the guest, whose bytes are `bytes`.
    pub(super) fn of_body(&mut self, body: &Body, bytes: &[u8]) -> Result {
        if body.is_irregular {
            return self.of_irregular_body(bytes);
        }
        if body.uses_memory {
            self.note(Entity::Memory(MemoryIndex(0)));
        }
        for operand in &body.operands {
            match operand.kind {
                OperandKind::Callee => self.note(Entity::Function(FunctionIndex(operand.value))),
                OperandKind::Function => {
                    self.by_code.insert(FunctionIndex(operand.value));
                    self.note(Entity::Function(FunctionIndex(operand.value)));
                }
                OperandKind::Global => self.note(Entity::Global(GlobalIndex(operand.value))),
                OperandKind::TypeAndTable => {
                    let (ty, table) = operand.type_and_table(bytes)?;
                    self.note(Entity::Type(TypeIndex(ty)));
                    self.note(Entity::Table(TableIndex(table)));
                }
                OperandKind::Instruction => {
                    self.instruction(operand.instruction(bytes)?)?;
                }
                OperandKind::Number | OperandKind::Offset | OperandKind::Nop => {}
            }
        }
        Ok(())
    }

    fn of_irregular_body(&mut self, bytes: &[u8]) -> Result {
        let body = FunctionBody::new(BinaryReader::new_features(bytes, 0, features()));
        for local in body.get_locals_reader()? {
            let (_, ty) = local?;
            self.val_type(ty)?;
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            if let wasmparser::Operator::RefFunc { function_index } = operator {
                self.by_code.insert(FunctionIndex(function_index));
            }
            self.instruction(operator)?;
        }
        Ok(())
    }

    /// The functions among the references.
    pub(super) fn functions(&self) -> impl Iterator<Item = FunctionIndex> {
        self.entities.iter().filter_map(|entity| match entity {
            Entity::Function(index) => Some(*index),
            _ => None,
        })
    }

    fn note(&mut self, entity: Entity) {
        // Most loads and stores in a row name the same memory.
        if !matches!(entity, Entity::Memory(_)) || self.entities.last() != Some(&entity) {
            self.entities.push(entity);
        }
    }
}

macro_rules! noted {
    ($($method:ident $entity:expr;)*) => {$(
        fn $method(&mut self, index: u32) -> Result<u32> {
            self.note($entity(index));
            Ok(index)
        }
    )*};
}

impl Reencode for References {
    type Error = Infallible;

    noted! {
        type_index |index| Entity::Type(TypeIndex(index));
        function_index |index| Entity::Function(FunctionIndex(index));
        table_index |index| Entity::Table(TableIndex(index));
        memory_index |index| Entity::Memory(MemoryIndex(index));
        global_index |index| Entity::Global(GlobalIndex(index));
        tag_index Entity::Tag;
        element_index |index| Entity::Element(ElementIndex(index));
        data_index |index| Entity::Data(DataIndex(index));
    }
}
