//! By which way each part of a module is reached, as the removal of dead code follows its references.
//!
//! **In** a module. **Out** for everything in it that is alive, what led to it first: one of the shortest ways. The module is taken as
//! it stands, with all its exports and its start function; the removal itself follows the same references from fewer roots.

use std::collections::{BTreeMap, VecDeque};

use wasm_encoder::reencode::Reencode as _;

use super::draft::{Context, Draft};
use super::edit_plan::EditPlan;
use super::liveness::roots;
use super::references::{Entity, References, Result};
use super::segment_slots::Slot;
use crate::guest::index::{FunctionIndex, InstanceId};
use crate::guest::{Guest, GuestModule};
use crate::image::{Image, Mapping, Objects, Tables};
use crate::snapshot::InstanceState;

/// What is alive in a module, and what led to it.
#[derive(Debug)]
pub(crate) struct Reach {
    /// The entity that led to each one first, `None` for a root; with the number of steps from a root.
    from: BTreeMap<Entity, (Option<Entity>, u32)>,
}

impl Reach {
    /// Follows the references of a module.
    ///
    /// # Errors
    ///
    /// If code has instructions that this tool cannot write, and so cannot read the references of.
    pub(crate) fn of(module: &GuestModule<'_>) -> std::result::Result<Self, String> {
        as_it_is(module, |draft| follow(draft).map_err(|error| error.to_string()))
    }

    /// A shortest way to an entity, from a root on; `None` if it is dead.
    pub(crate) fn way_to(&self, entity: Entity) -> Option<Vec<Entity>> {
        let mut way = Vec::new();
        let mut next = Some(entity);
        while let Some(entity) = next {
            let (from, _) = self.from.get(&entity)?;
            way.push(entity);
            next = *from;
        }
        way.reverse();
        Some(way)
    }

    /// How many steps it takes from a root to an entity; `None` if it is dead.
    pub(crate) fn distance(&self, entity: Entity) -> Option<u32> {
        self.from.get(&entity).map(|(_, distance)| *distance)
    }
}

/// Shows the draft of an output in which nothing of a module changes.
fn as_it_is<T>(module: &GuestModule<'_>, show: impl FnOnce(&Draft<'_>) -> T) -> T {
    let guest = Guest::of_core(module.clone());
    let node = guest
        .instance(InstanceId(0))
        .expect("a core module has one instance");
    let plan = EditPlan::nothing(&node);
    let instance = InstanceState::default();
    let image = Image {
        segments: Vec::new(),
        mapping: Mapping::CopyOnWrite,
        objects: Objects::default(),
        tables: Tables::default(),
    };
    show(&Draft {
        context: Context {
            guest: &node,
            plan: &plan,
            instance: &instance,
            image: &image,
        },
        added_type: None,
        added_functions: Vec::new(),
        emptied: BTreeMap::new(),
        entries: BTreeMap::new(),
        start: node.start,
        elements: node.elements.iter().map(Slot::Kept).collect(),
        data: node.data.iter().map(Slot::Kept).collect(),
        added_data: Vec::new(),
    })
}

fn follow(draft: &Draft<'_>) -> Result<Reach> {
    let mut from = BTreeMap::new();
    let mut open = VecDeque::new();
    for root in roots(draft)?.entities {
        if from.insert(root, (None, 0)).is_none() {
            open.push_back(root);
        }
    }
    while let Some(entity) = open.pop_front() {
        let (_, distance) = from[&entity];
        let mut references = References::default();
        draft.add_references_of(entity, &mut references)?;
        if let Entity::Function(index) = entity {
            references
                .entities
                .extend(draft.references_of_body(index)?.entities);
        }
        for found in references.entities {
            from.entry(found).or_insert_with(|| {
                open.push_back(found);
                (Some(entity), distance + 1)
            });
        }
    }
    Ok(Reach { from })
}

/// The first instruction of a function that names an entity, by its name in the text format where that is known.
pub(crate) fn instruction_naming(
    module: &GuestModule<'_>,
    function: FunctionIndex,
    entity: Entity,
) -> Option<&'static str> {
    use wasmparser::Operator;
    let instructions = module.instructions(function).into_iter();
    let mut naming = instructions.filter(|operator| {
        let mut references = References::default();
        references.instruction(operator.clone()).is_ok() && references.entities.contains(&entity)
    });
    Some(match naming.next()? {
        Operator::Call { .. } => "call",
        Operator::ReturnCall { .. } => "return_call",
        Operator::RefFunc { .. } => "ref.func",
        Operator::CallIndirect { .. } => "call_indirect",
        Operator::ReturnCallIndirect { .. } => "return_call_indirect",
        Operator::GlobalGet { .. } => "global.get",
        Operator::GlobalSet { .. } => "global.set",
        Operator::TableGet { .. } => "table.get",
        Operator::TableSet { .. } => "table.set",
        Operator::TableGrow { .. } => "table.grow",
        Operator::TableSize { .. } => "table.size",
        Operator::TableFill { .. } => "table.fill",
        Operator::TableCopy { .. } => "table.copy",
        Operator::TableInit { .. } => "table.init",
        Operator::ElemDrop { .. } => "elem.drop",
        Operator::MemoryInit { .. } => "memory.init",
        Operator::DataDrop { .. } => "data.drop",
        Operator::ArrayNewElem { .. } => "array.new_elem",
        Operator::ArrayInitElem { .. } => "array.init_elem",
        Operator::Throw { .. } => "throw",
        _ => "another instruction",
    })
}

#[cfg(test)]
mod tests {
    use super::super::liveness::liveness;
    use super::*;
    use crate::guest::index::TableIndex;

    const MODULE: &str = r#"(module
        (type $t (func))
        (import "m" "f" (func $imported))
        (table $t 4 funcref) (table $unused 1 funcref)
        (global $g funcref (ref.func $by_global))
        (global $dead_global funcref (ref.func $dead_by_global))
        (elem (table $t) (i32.const 1) func $in_slot)
        (elem (table $unused) (i32.const 0) func $dead_in_slot)
        (elem $passive func $by_passive)
        (elem $dead_passive func $dead_by_passive)
        (elem declare func $by_code)
        (func $run (export "run")
            (call $called) (drop (ref.func $by_code)) (drop (global.get $g))
            (call_indirect (type $t) (i32.const 1))
            (table.init $t $passive (i32.const 0) (i32.const 0) (i32.const 1)))
        (func $called (call $deep)) (func $deep) (func $by_code) (func $by_global) (func $in_slot (call $imported))
        (func $by_passive) (func $dead (call $deep)) (func $dead_by_global) (func $dead_in_slot) (func $dead_by_passive)
        (func $start) (start $start))"#;

    /// What is reached is what the removal of dead code keeps.
    #[test]
    fn what_is_reached_is_alive() {
        let wasm = wat::parse_str(MODULE).expect("it parses");
        let module = GuestModule::parse(&wasm).expect("it is valid");
        let reach = Reach::of(&module).expect("all instructions are known");
        let alive = as_it_is(&module, |draft| {
            liveness(draft).expect("all instructions are known")
        });
        for (index, name) in &module.names {
            let is_reached = reach.distance(Entity::Function(*index)).is_some();
            assert_eq!(is_reached, alive.function(*index), "{name}");
            assert_eq!(is_reached, !name.starts_with("dead"), "{name}");
        }
        assert_eq!(module.names.len(), 13);
    }

    #[test]
    fn ways_are_short() {
        let wasm = wat::parse_str(MODULE).expect("it parses");
        let module = GuestModule::parse(&wasm).expect("it is valid");
        let reach = Reach::of(&module).expect("all instructions are known");
        let index = |wanted: &str| {
            let mut names = module.names.iter();
            *names.find(|(_, name)| **name == wanted).expect("it has a name").0
        };
        let run = index("run");
        let function = |name: &str| Entity::Function(index(name));
        assert_eq!(
            reach.way_to(function("deep")),
            Some(vec![function("run"), function("called"), function("deep")])
        );
        let table = Entity::Table(TableIndex(0));
        assert_eq!(
            reach.way_to(function("in_slot")),
            Some(vec![function("run"), table, function("in_slot")])
        );
        assert_eq!(reach.way_to(function("start")), Some(vec![function("start")]));
        assert_eq!(reach.way_to(function("dead")), None);
        let by = |entity| instruction_naming(&module, run, entity);
        assert_eq!(by(function("called")), Some("call"));
        assert_eq!(by(function("by_code")), Some("ref.func"));
        assert_eq!(by(table), Some("call_indirect"));
        assert_eq!(by(function("deep")), None);
    }
}
