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
pub(super) enum Thing {
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
pub(super) struct Uses {
    /// As often as it is, but for memories.
    pub(super) things: Vec<Thing>,
    /// Functions that become a reference in code.
    pub(super) by_code: BTreeSet<u32>,
}

impl Uses {
    pub(super) fn of_body(body: &FunctionBody<'_>) -> Result<Self> {
        let mut uses = Self::default();
        for local in body.get_locals_reader()? {
            let (_, ty) = local?;
            uses.val_type(ty)?;
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            if let Operator::RefFunc { function_index } = operator {
                uses.by_code.insert(function_index);
            }
            uses.instruction(operator)?;
        }
        Ok(uses)
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
        self.things.iter().filter_map(|thing| match thing {
            Thing::Function(index) => Some(*index),
            _ => None,
        })
    }

    fn note(&mut self, thing: Thing) {
        // Many loads and stores in a row name the same memory.
        if !matches!(thing, Thing::Memory(_)) || self.things.last() != Some(&thing) {
            self.things.push(thing);
        }
    }
}

macro_rules! noted {
    ($($method:ident $thing:ident)*) => {$(
        fn $method(&mut self, index: u32) -> Result<u32> {
            self.note(Thing::$thing(index));
            Ok(index)
        }
    )*};
}

impl Reencode for Uses {
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
