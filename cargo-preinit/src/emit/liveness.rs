//! Finds what is alive in the output: what a host can reach, through every index that a part of the module has.
//!
//! **In** a draft. **Out** a flag for everything in it. The roots are the imports, the exports, the start function, and the
//! targets of active segments whose offset is not a constant. Alive is what they refer to, in turn. An active segment is alive
//! if its table or memory is, a passive one if an instruction of a live function names it.

use std::collections::BTreeSet;

use wasm_encoder::reencode::Reencode as _;
use wasmparser::CompositeInnerType;

use super::depends::has_descriptors;
use super::draft::{Draft, tag_type};
use super::index_map::IndexMap;
use super::layout::{Layout, Style};
use super::references::{Entity, References, Result};
use super::segment_slots::Slot;
use crate::guest::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, enumerate,
};
use crate::guest::{GuestModule, SegmentMode, constant, count, is_marked};

/// What is alive, by the indices of the draft.
#[derive(Debug)]
pub(super) struct Alive {
    types: Vec<bool>,
    functions: Vec<bool>,
    tables: Vec<bool>,
    memories: Vec<bool>,
    globals: Vec<bool>,
    tags: Vec<bool>,
    /// Segments that an instruction names.
    elements: Vec<bool>,
    /// Segments that an instruction names.
    data: Vec<bool>,
    /// The functions that `ref.func` names in code and that nothing else refers to.
    pub(super) undeclared: Vec<FunctionIndex>,
    /// How often each function is referred to.
    mentions: Vec<u32>,
}

#[cfg(test)]
impl Alive {
    /// Whether a function is alive.
    pub(super) fn function(&self, function: FunctionIndex) -> bool {
        is_marked(&self.functions, function.0)
    }
}

/// Follows the references of the draft.
pub(super) fn liveness(draft: &Draft<'_>) -> Result<Alive> {
    let guest = draft.context.guest;
    let none = |len: u32| vec![false; len as usize];
    let mut search = Search {
        draft,
        alive: Alive {
            types: none(draft.types()),
            functions: none(draft.functions()),
            tables: none(count(guest.tables.len())),
            memories: none(count(guest.memories.len())),
            globals: none(draft.globals()),
            tags: none(count(guest.tags.len())),
            elements: none(count(draft.elements.len())),
            data: none(draft.data_segments()),
            undeclared: Vec::new(),
            mentions: vec![0; draft.functions() as usize],
        },
        unread: Vec::new(),
        by_code: BTreeSet::new(),
    };
    search.take(roots(draft)?)?;
    while let Some(function) = search.unread.pop() {
        search.take(draft.references_of_body(function)?)?;
    }
    search.alive.undeclared = search.undeclared()?;
    Ok(search.alive)
}

impl Alive {
    /// Whether a segment needs its items. One that declares functions does not: it declares them for code that may be dead.
    pub(super) fn has_items(&self, mode: SegmentMode<TableIndex>) -> bool {
        match mode {
            SegmentMode::Active(table) => is_marked(&self.tables, table.0),
            SegmentMode::Passive => true,
            SegmentMode::Declared => false,
        }
    }

    /// The layout of an output with everything that is alive, and nothing else.
    ///
    /// The functions that are referred to most often get the indices that LEB128 encodes in one byte. Everything else keeps its
    /// order.
    pub(super) fn layout(&self, draft: &Draft<'_>) -> Layout {
        let guest = draft.context.guest;
        let elements: Vec<bool> = enumerate(&draft.elements)
            .map(|(slot, _)| {
                let mode = draft.element_mode(ElementIndex(slot));
                let is_active = matches!(mode, SegmentMode::Active(_));
                is_marked(&self.elements, slot) || (is_active && self.has_items(mode))
            })
            .collect();
        let data: Vec<bool> = draft
            .data_slots()
            .map(|slot| {
                let memory = draft.memory_of(slot);
                is_marked(&self.data, slot.0)
                    || memory.is_some_and(|memory| is_marked(&self.memories, memory.0))
            })
            .collect();
        let types = match are_types_plain(guest) {
            true => in_order(&self.types),
            false => (0..draft.types()).map(Some).collect(),
        };
        let mut functions = vec![None; self.functions.len()];
        for (new, old) in (0..).zip(self.order(draft)) {
            functions[old.position()] = Some(new);
        }
        let mut globals = vec![None; self.globals.len()];
        let imported = (0..guest.imported_globals).map(GlobalIndex);
        let alive = imported.chain(draft.own_globals());
        for (new, old) in (0..).zip(alive.filter(|global| is_marked(&self.globals, global.0))) {
            globals[old.position()] = Some(new);
        }
        Layout {
            indices: IndexMap {
                types,
                functions,
                tables: in_order(&self.tables),
                memories: in_order(&self.memories),
                globals,
                tags: in_order(&self.tags),
                elements: in_order(&elements),
                data: in_order(&data),
            },
            style: Style::Relink,
        }
    }

    /// The live functions, in their new order.
    fn order(&self, draft: &Draft<'_>) -> Vec<FunctionIndex> {
        /// How many function indices fit into one byte of LEB128.
        const SHORT: usize = 1 << 7;
        let imported: Vec<FunctionIndex> = draft.imported_functions().collect();
        let own = draft.context.guest.imported_functions..count(self.functions.len());
        let stubs = draft.context.plan.stubs.keys().copied();
        let own = stubs.chain(own.map(FunctionIndex));
        let mut own: Vec<FunctionIndex> = own
            .filter(|function| is_marked(&self.functions, function.0))
            .collect();
        let mut often = own.clone();
        often.sort_by_key(|function| std::cmp::Reverse(self.mentions[function.position()]));
        often.truncate(SHORT.saturating_sub(imported.len()));
        let mut is_often = vec![false; self.functions.len()];
        for function in &often {
            is_often[function.position()] = true;
        }
        own.retain(|function| !is_often[function.position()]);
        imported.into_iter().chain(often).chain(own).collect()
    }
}

/// New indices for what is marked, in the old order.
fn in_order(flags: &[bool]) -> Vec<Option<u32>> {
    let mut next = 0..;
    let indices = flags.iter().map(|flag| flag.then(|| next.next()).flatten());
    indices.collect()
}

/// Whether types can be removed: all are final function types without a supertype or an explicit recursion group, and none
/// refers to another type.
pub(super) fn are_types_plain(guest: &GuestModule<'_>) -> bool {
    let names_none =
        |ty: &wasmparser::ValType| !matches!(ty, wasmparser::ValType::Ref(ty) if ty.is_concrete_type_ref());
    guest.recursion_groups.is_empty()
        && guest.types.iter().all(|ty| match &ty.composite_type.inner {
            CompositeInnerType::Func(function) => {
                ty.is_final
                    && ty.supertype_idx.is_none()
                    && function.params().iter().chain(function.results()).all(names_none)
            }
            CompositeInnerType::Struct(_) | CompositeInnerType::Array(_) | CompositeInnerType::Cont(_) => {
                false
            }
        })
}

/// What a host can reach, and what can make instantiation fail.
pub(super) fn roots(draft: &Draft<'_>) -> Result<References> {
    let mut roots = References::default();
    let guest = draft.context.guest;
    for import in draft.imports() {
        roots.entity_type(draft.context.import_type(import))?;
    }
    let imported = |len: u32| 0..len;
    let entities = &mut roots.entities;
    entities.extend(draft.imported_functions().map(Entity::Function));
    entities.extend(imported(guest.imported_tables).map(|index| Entity::Table(TableIndex(index))));
    entities.extend(imported(guest.imported_memories).map(|index| Entity::Memory(MemoryIndex(index))));
    entities.extend(imported(guest.imported_globals).map(|index| Entity::Global(GlobalIndex(index))));
    entities.extend(imported(guest.imported_tags).map(Entity::Tag));
    for export in draft.exports() {
        roots.external_index(export.kind, export.index)?;
    }
    roots.entities.extend(draft.start.map(Entity::Function));
    // Constant offsets were within bounds when init ran. Others depend on imports, and a segment out of bounds fails
    // instantiation.
    for slot in &draft.elements {
        if let Slot::Kept(segment) = slot
            && let (SegmentMode::Active(table), Some(offset)) = (segment.mode, &segment.offset)
            && constant(offset).is_none()
        {
            roots.entities.push(Entity::Table(table));
        }
    }
    for slot in &draft.data {
        if let Slot::Kept(segment) = slot
            && let (SegmentMode::Active(memory), Some(offset)) = (segment.mode, &segment.offset)
            && constant(offset).is_none()
        {
            roots.entities.push(Entity::Memory(memory));
        }
    }
    // They name slots as plain numbers.
    if has_descriptors(guest) {
        let tables = enumerate(&guest.tables).map(|(index, _)| Entity::Table(TableIndex(index)));
        roots.entities.extend(tables);
    }
    Ok(roots)
}

impl Draft<'_> {
    /// Adds what something refers to, apart from the bodies of functions.
    pub(super) fn add_references_of(&self, entity: Entity, references: &mut References) -> Result {
        let guest = self.context.guest;
        match entity {
            Entity::Type(_) | Entity::Data(_) => {}
            Entity::Function(index) => {
                if index.0 >= guest.imported_functions || self.context.plan.stubs.contains_key(&index) {
                    references.type_index(self.type_of(index).0)?;
                }
            }
            Entity::Table(index) => {
                if index.0 >= guest.imported_tables {
                    self.table(references, index)?;
                }
                for (slot, _) in enumerate(&self.elements) {
                    let slot = ElementIndex(slot);
                    if self.element_mode(slot) == SegmentMode::Active(index) {
                        self.element(references, slot)?;
                    }
                }
            }
            Entity::Memory(index) => {
                for (slot, segment) in enumerate(&self.data) {
                    if self.memory_of(DataIndex(slot)) == Some(index)
                        && let Slot::Kept(segment) = segment
                        && let Some(offset) = &segment.offset
                    {
                        references.const_expr(offset.clone())?;
                    }
                }
            }
            Entity::Global(index) => {
                if index.0 >= guest.imported_globals {
                    self.global(references, index)?;
                }
            }
            Entity::Tag(index) => {
                if index >= guest.imported_tags {
                    references.tag_type(tag_type(guest.tags[index as usize]))?;
                }
            }
            // The items of an active segment are alive if its table is.
            Entity::Element(slot) => match self.element_mode(slot) {
                SegmentMode::Passive => drop(self.element(references, slot)?),
                SegmentMode::Active(_) | SegmentMode::Declared => {
                    self.no_elements(references, slot)?;
                }
            },
        }
        Ok(())
    }

    /// The references in the body of a function.
    pub(super) fn references_of_body(&self, function: FunctionIndex) -> Result<References> {
        let mut references = References::default();
        let guest = self.context.guest;
        match function.position().checked_sub(guest.functions.len()) {
            Some(added) => {
                let added = &self.added_functions[added];
                added.body(&self.context, &mut references)?;
                if added.makes_references() {
                    references.by_code = references.functions().collect();
                }
            }
            None => {
                if let Some(body) = guest.body(function).filter(|_| !self.is_emptied(function)) {
                    references.of_body(body, guest.bytes(&body.range))?;
                }
            }
        }
        Ok(references)
    }

    /// Whether the body of a function of the guest is replaced by one that does nothing, or traps.
    pub(super) fn is_emptied(&self, function: FunctionIndex) -> bool {
        let plan = self.context.plan;
        plan.constructors == Some(function) || plan.dead_initializers.contains(&function)
    }
}

struct Search<'d, 'a> {
    draft: &'d Draft<'a>,
    alive: Alive,
    /// Live functions whose bodies have not been read.
    unread: Vec<FunctionIndex>,
    /// The functions that `ref.func` names in live code.
    by_code: BTreeSet<FunctionIndex>,
}

impl Search<'_, '_> {
    /// Marks everything that is referred to, directly or not, apart from bodies, which are left in `unread`.
    fn take(&mut self, mut references: References) -> Result {
        self.by_code.extend(&references.by_code);
        while let Some(entity) = references.entities.pop() {
            let alive = &mut self.alive;
            let (flags, index) = match entity {
                Entity::Type(index) => (&mut alive.types, index.0),
                Entity::Function(index) => {
                    alive.mentions[index.position()] += 1;
                    (&mut alive.functions, index.0)
                }
                Entity::Table(index) => (&mut alive.tables, index.0),
                Entity::Memory(index) => (&mut alive.memories, index.0),
                Entity::Global(index) => (&mut alive.globals, index.0),
                Entity::Tag(index) => (&mut alive.tags, index),
                Entity::Element(index) => (&mut alive.elements, index.0),
                Entity::Data(index) => (&mut alive.data, index.0),
            };
            if !std::mem::replace(&mut flags[index as usize], true) {
                self.follow(entity, &mut references)?;
            }
        }
        Ok(())
    }

    /// Adds the references of something that has just been marked.
    fn follow(&mut self, entity: Entity, references: &mut References) -> Result {
        if let Entity::Function(index) = entity
            && index.0 >= self.draft.context.guest.imported_functions
        {
            self.unread.push(index);
        }
        self.draft.add_references_of(entity, references)
    }

    /// The functions that a segment has to declare, so that `ref.func` in code may name them.
    fn undeclared(&self) -> Result<Vec<FunctionIndex>> {
        let (draft, alive) = (self.draft, &self.alive);
        let guest = draft.context.guest;
        let mut others = References::default();
        for global in draft.own_globals() {
            if is_marked(&alive.globals, global.0) {
                draft.global(&mut others, global)?;
            }
        }
        for (table, _) in enumerate(&guest.tables).skip(guest.imported_tables as usize) {
            if is_marked(&alive.tables, table) {
                draft.table(&mut others, TableIndex(table))?;
            }
        }
        for (slot, _) in enumerate(&draft.elements) {
            let mode = draft.element_mode(ElementIndex(slot));
            let is_named = is_marked(&alive.elements, slot);
            if alive.has_items(mode) && (is_named || mode != SegmentMode::Passive) {
                draft.element(&mut others, ElementIndex(slot))?;
            }
        }
        for export in draft.exports() {
            others.external_index(export.kind, export.index)?;
        }
        let others: BTreeSet<FunctionIndex> = others.functions().collect();
        Ok(self.by_code.difference(&others).copied().collect())
    }
}
