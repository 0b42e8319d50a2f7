//! What a part of a module names.
//!
//! A reencoder is shown every index that there is, so these are noted by one whose code nobody wants.

use std::collections::BTreeSet;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{BinaryReader, FunctionBody};

use crate::guest::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex,
};
use crate::guest::{Body, OperandKind, features};

pub(super) type Result<T = ()> = std::result::Result<T, Error<Infallible>>;

/// What can be named, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entity {
    Type(TypeIndex),
    Function(FunctionIndex),
    Table(TableIndex),
    Memory(MemoryIndex),
    Global(GlobalIndex),
    /// Its index among the tags.
    Tag(u32),
    Element(ElementIndex),
    Data(DataIndex),
}

/// What is named.
#[derive(Debug, Default)]
pub(super) struct References {
    /// As often as it is, but for memories.
    pub(super) entities: Vec<Entity>,
    /// Functions that become a reference in code.
    pub(super) by_code: BTreeSet<FunctionIndex>,
}

impl References {
    /// Adds what a body of the guest names. `bytes` are those of the body.
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

    /// The functions that are named.
    pub(super) fn functions(&self) -> impl Iterator<Item = FunctionIndex> {
        self.entities.iter().filter_map(|entity| match entity {
            Entity::Function(index) => Some(*index),
            _ => None,
        })
    }

    fn note(&mut self, entity: Entity) {
        // Many loads and stores in a row name the same memory.
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
