//! What a part of a module names.
//!
//! A reencoder is shown every index that there is, so these are noted by one whose code nobody wants.

use std::collections::BTreeSet;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{ConstExpr, ElementItems, Export, FunctionBody, Operator};

pub(super) type Result<T = ()> = std::result::Result<T, Error<Infallible>>;

/// What can be named, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entity {
    Type(u32),
    Function(u32),
    Table(u32),
    Memory(u32),
    Global(u32),
    Tag(u32),
    Element(u32),
    Data(u32),
}

/// What is named.
#[derive(Debug, Default)]
pub(super) struct References {
    /// As often as it is, but for memories.
    pub(super) entities: Vec<Entity>,
    /// Functions that become a reference in code.
    pub(super) by_code: BTreeSet<u32>,
}

impl References {
    pub(super) fn of_body(body: &FunctionBody<'_>) -> Result<Self> {
        let mut references = Self::default();
        for local in body.get_locals_reader()? {
            let (_, ty) = local?;
            references.val_type(ty)?;
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            if let Operator::RefFunc { function_index } = operator {
                references.by_code.insert(function_index);
            }
            references.instruction(operator)?;
        }
        Ok(references)
    }

    pub(super) fn of_expression(&mut self, expression: &ConstExpr<'_>) -> Result {
        self.const_expr(expression.clone()).map(drop)
    }

    pub(super) fn of_items(&mut self, items: &ElementItems<'_>) -> Result {
        self.element_items(items.clone()).map(drop)
    }

    pub(super) fn of_export(&mut self, export: Export<'_>) -> Result {
        self.external_index(export.kind, export.index).map(drop)
    }

    pub(super) fn functions(&self) -> impl Iterator<Item = u32> {
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
    ($($method:ident $entity:ident)*) => {$(
        fn $method(&mut self, index: u32) -> Result<u32> {
            self.note(Entity::$entity(index));
            Ok(index)
        }
    )*};
}

impl Reencode for References {
    type Error = Infallible;

    noted! {
        type_index Type
        function_index Function
        table_index Table
        memory_index Memory
        global_index Global
        tag_index Tag
        element_index Element
        data_index Data
    }
}
