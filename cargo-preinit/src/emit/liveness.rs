//! What a module can still use: followed from what a host can see, over every index that anything names.
//!
//! **In** the parts of a module. **Out** a flag for everything in it. What an import, an export, the start function or a
//! segment of imported state leads to is alive. A segment that is copied at the start is alive with its target, and a
//! passive one with an instruction that names it.

use std::collections::BTreeSet;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use wasm_encoder::reencode::Reencode as _;
use wasmparser::{DataKind, Element, ElementItems, ElementKind, TableInit};

use super::parts::Parts;
use super::references::{Entity, References, Result};
use crate::guest::index::FunctionIndex;
use crate::guest::{constant, is_marked};

/// What is alive, by index.
#[derive(Debug)]
pub(super) struct Alive {
    pub(super) types: Vec<bool>,
    pub(super) functions: Vec<bool>,
    pub(super) tables: Vec<bool>,
    pub(super) memories: Vec<bool>,
    pub(super) globals: Vec<bool>,
    pub(super) tags: Vec<bool>,
    /// Segments that an instruction names.
    pub(super) elements: Vec<bool>,
    /// Segments that an instruction names.
    pub(super) data: Vec<bool>,
    /// Functions that become a reference in code, and nowhere else.
    pub(super) undeclared: Vec<u32>,
    /// How many instructions name each function.
    pub(super) mentions: Vec<u32>,
}

/// Follows what the module names. The bodies of `likely` functions are read at once, on all cores; others when it comes to
/// them.
pub(super) fn reach(parts: &Parts<'_>, likely: &[FunctionIndex]) -> Result<Alive> {
    let imported = parts.imported;
    let none = |imported: u32, own: usize| vec![false; imported as usize + own];
    let functions = none(imported.functions, parts.functions.len());
    let mut reach = Reach {
        parts,
        alive: Alive {
            types: vec![false; parts.types as usize],
            undeclared: Vec::new(),
            mentions: vec![0; functions.len()],
            functions,
            tables: none(imported.tables, parts.tables.len()),
            memories: none(imported.memories, parts.memories.len()),
            globals: none(imported.globals, parts.globals.len()),
            tags: none(imported.tags, parts.tags.len()),
            elements: vec![false; parts.elements.len()],
            data: vec![false; parts.data.len()],
        },
        unread: Vec::new(),
        by_code: BTreeSet::new(),
    };
    reach.take(roots(parts)?)?;
    let uses_of = |function: u32| {
        parts
            .body(function)
            .map(|body| References::of_body(&body))
            .transpose()
    };
    let read: Vec<_> = likely.par_iter().map(|function| uses_of(function.0)).collect();
    let mut known: Vec<Option<References>> = Vec::new();
    known.resize_with(reach.alive.functions.len(), || None);
    for (function, references) in likely.iter().zip(read) {
        known[function.position()] = references?;
    }
    while let Some(function) = reach.unread.pop() {
        let references = match known[function as usize].take() {
            Some(references) => Some(references),
            None => uses_of(function)?,
        };
        reach.take(references.unwrap_or_default())?;
    }
    reach.alive.undeclared = reach.undeclared()?;
    Ok(reach.alive)
}

impl Alive {
    /// Whether the items of a segment are of use: those that are declared are for code that may be gone.
    pub(super) fn has_items(&self, segment: &ElementKind<'_>) -> bool {
        match segment {
            ElementKind::Active { table_index, .. } => is_marked(&self.tables, table_index.unwrap_or(0)),
            ElementKind::Passive => true,
            ElementKind::Declared => false,
        }
    }
}

/// What a host can see, and what can keep a module from being instantiated.
fn roots(parts: &Parts<'_>) -> Result<References> {
    let mut roots = References::default();
    let imported = parts.imported;
    roots
        .entities
        .extend((0..imported.functions).map(Entity::Function));
    roots.entities.extend((0..imported.tables).map(Entity::Table));
    roots.entities.extend((0..imported.memories).map(Entity::Memory));
    roots.entities.extend((0..imported.globals).map(Entity::Global));
    roots.entities.extend((0..imported.tags).map(Entity::Tag));
    for import in &parts.imports {
        roots.entity_type(import.ty)?;
    }
    for export in &parts.exports {
        roots.of_export(*export)?;
    }
    roots.entities.extend(parts.start.map(Entity::Function));
    // Constant places were within bounds when init ran; others depend on what is imported.
    for element in &parts.elements {
        if let ElementKind::Active {
            table_index,
            offset_expr,
        } = &element.kind
            && constant(offset_expr).is_none()
        {
            roots.entities.push(Entity::Table(table_index.unwrap_or(0)));
        }
    }
    for data in &parts.data {
        if let DataKind::Active {
            memory_index,
            offset_expr,
        } = &data.kind
            && constant(offset_expr).is_none()
        {
            roots.entities.push(Entity::Memory(*memory_index));
        }
    }
    Ok(roots)
}

struct Reach<'p, 'a> {
    parts: &'p Parts<'a>,
    alive: Alive,
    /// Functions that are alive, and whose bodies have not been read.
    unread: Vec<u32>,
    /// Functions that become a reference in code.
    by_code: BTreeSet<u32>,
}

impl Reach<'_, '_> {
    /// Marks what was named, and follows what was not known to be alive.
    fn take(&mut self, mut references: References) -> Result {
        self.by_code.extend(&references.by_code);
        while let Some(entity) = references.entities.pop() {
            let alive = &mut self.alive;
            let (flags, index) = match entity {
                Entity::Type(index) => (&mut alive.types, index),
                Entity::Function(index) => (&mut alive.functions, index),
                Entity::Table(index) => (&mut alive.tables, index),
                Entity::Memory(index) => (&mut alive.memories, index),
                Entity::Global(index) => (&mut alive.globals, index),
                Entity::Tag(index) => (&mut alive.tags, index),
                Entity::Element(index) => (&mut alive.elements, index),
                Entity::Data(index) => (&mut alive.data, index),
            };
            if let Entity::Function(index) = entity {
                alive.mentions[index as usize] += 1;
            }
            if !std::mem::replace(&mut flags[index as usize], true) {
                self.follow(entity, &mut references)?;
            }
        }
        Ok(())
    }

    /// Notes what something names that is alive from now on.
    fn follow(&mut self, entity: Entity, references: &mut References) -> Result {
        let parts = self.parts;
        let imported = parts.imported;
        match entity {
            Entity::Type(_) | Entity::Data(_) => {}
            Entity::Function(index) => {
                if let Some(own) = index.checked_sub(imported.functions) {
                    references.type_index(parts.functions[own as usize])?;
                    self.unread.push(index);
                }
            }
            Entity::Table(index) => {
                if let Some(own) = index.checked_sub(imported.tables) {
                    let table = &parts.tables[own as usize];
                    references.table_type(table.ty)?;
                    if let TableInit::Expr(init) = &table.init {
                        references.of_expression(init)?;
                    }
                }
                for element in &parts.elements {
                    if let ElementKind::Active {
                        table_index,
                        offset_expr,
                    } = &element.kind
                        && table_index.unwrap_or(0) == index
                    {
                        references.of_expression(offset_expr)?;
                        references.of_items(&element.items)?;
                    }
                }
            }
            Entity::Memory(index) => {
                for data in &parts.data {
                    if let DataKind::Active {
                        memory_index,
                        offset_expr,
                    } = &data.kind
                        && *memory_index == index
                    {
                        references.of_expression(offset_expr)?;
                    }
                }
            }
            Entity::Global(index) => {
                if let Some(own) = index.checked_sub(imported.globals) {
                    let global = &parts.globals[own as usize];
                    references.global_type(global.ty)?;
                    references.of_expression(&global.init_expr)?;
                }
            }
            Entity::Tag(index) => {
                if let Some(own) = index.checked_sub(imported.tags) {
                    references.tag_type(parts.tags[own as usize])?;
                }
            }
            // The items of one that is copied at the start are alive with its table.
            Entity::Element(index) => match &parts.elements[index as usize] {
                Element {
                    kind: ElementKind::Passive,
                    items,
                    ..
                } => references.of_items(items)?,
                Element {
                    items: ElementItems::Expressions(ty, _),
                    ..
                } => drop(references.ref_type(*ty)?),
                Element { .. } => {}
            },
        }
        Ok(())
    }

    /// The functions for which `ref.func` in code has to be allowed by a segment that declares them.
    fn undeclared(&self) -> Result<Vec<u32>> {
        let parts = self.parts;
        let mut others = References::default();
        for (global, is_alive) in parts
            .globals
            .iter()
            .zip(&self.alive.globals[parts.imported.globals as usize..])
        {
            if *is_alive {
                others.of_expression(&global.init_expr)?;
            }
        }
        for (table, is_alive) in parts
            .tables
            .iter()
            .zip(&self.alive.tables[parts.imported.tables as usize..])
        {
            if let (TableInit::Expr(init), true) = (&table.init, is_alive) {
                others.of_expression(init)?;
            }
        }
        for (element, is_named) in parts.elements.iter().zip(&self.alive.elements) {
            let is_passive = matches!(element.kind, ElementKind::Passive);
            if self.alive.has_items(&element.kind) && (*is_named || !is_passive) {
                others.of_items(&element.items)?;
            }
        }
        for export in &parts.exports {
            others.of_export(*export)?;
        }
        let others: BTreeSet<u32> = others.functions().collect();
        Ok(self.by_code.difference(&others).copied().collect())
    }
}
