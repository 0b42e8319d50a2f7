//! Why a function is in a module: a shortest way to it from what a host can reach.

use serde::Serialize;
use wasmparser::ExternalKind;

use super::crates::crate_of;
use super::error::QuestionError;
use super::expressions::{Function, function_type};
use super::read::{File, PlacedModule};
use super::tables::Slots;
use crate::emit::Entity;
use crate::emit::reach::{Reach, instruction_naming};
use crate::guest::index::{FunctionIndex, TableIndex, TypeIndex, enumerate};
use crate::guest::{GuestModule, OperandKind, to_binary};

/// A function, and why it is in its module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionReason {
    /// The core module that it is in.
    pub module: u32,
    /// The function.
    pub function: Function,
    /// Its type, as in `(i32) -> i32`.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its crate, or what stands for it: see [`FunctionSize::crate_name`](super::FunctionSize::crate_name). `None` if it is imported.
    #[serde(rename = "crate")]
    pub crate_name: Option<String>,
    /// The bytes of its body; 0 if it is imported.
    pub bytes: u64,
    /// A shortest way from a root to the function, which is the last step; `None` if nothing leads to it.
    pub path: Option<Vec<PathStep>>,
    /// How many functions that are alive call it directly.
    pub callers: u32,
}

/// A step on the way to a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathStep {
    /// What is reached.
    pub what: PathItem,
    /// What leads to it.
    pub by: By,
}

/// A part of a module on the way to a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PathItem {
    /// A function.
    Function(Function),
    /// A table.
    Table {
        /// Its index.
        index: u32,
    },
    /// A passive element segment.
    ElementSegment {
        /// Its index.
        index: u32,
    },
    /// A global.
    Global {
        /// Its index.
        index: u32,
        /// Its name in the name section.
        name: Option<String>,
    },
    /// A memory.
    Memory {
        /// Its index.
        index: u32,
    },
    /// A tag or a type.
    Other,
}

/// What leads to a part of a module. All but the roots say how the step before leads to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum By {
    /// A root: an export of this name.
    Export {
        /// The name.
        name: String,
    },
    /// A root: it is the start function.
    Start,
    /// A root: it is imported.
    Import,
    /// A root: a segment is copied to it whose place only the host knows, so that instantiation may fail.
    Segment,
    /// An instruction of a function.
    Instruction {
        /// The instruction, such as `call`.
        instruction: String,
    },
    /// A slot of a table.
    Slot {
        /// The first slot that holds it.
        slot: u64,
    },
    /// An item of a segment, or an initial value.
    Value,
}

/// Explains why a function is in a module or a component, in the binary or the text format. `wanted` is its index, its name, demangled or
/// not, or a part of its name that no other has. In a component, `module` says which core module is meant, where that is not clear.
///
/// A module is taken as it stands: whatever it exports is alive. The references are those that the removal of dead code follows.
///
/// # Errors
///
/// If the input is not valid, or `wanted` is no function or several.
pub fn why_function(
    input: &[u8],
    wanted: &str,
    module: Option<u32>,
) -> Result<FunctionReason, QuestionError> {
    let wasm = to_binary(input)?;
    let file = File::read(&wasm)?;
    let (id, index) = find(&file, wanted, module)?;
    let placed = &file.modules[id as usize];
    reason(id, placed, index)
}

/// The modules of a file that are meant, with their numbers.
pub(super) fn meant<'f, 'a>(
    file: &'f File<'a>,
    module: Option<u32>,
) -> Result<Vec<(u32, &'f PlacedModule<'a>)>, QuestionError> {
    let all = enumerate(&file.modules).filter(|(id, _)| module.is_none_or(|module| module == *id));
    let all: Vec<_> = all.collect();
    match module {
        Some(module) if all.is_empty() => Err(QuestionError::NoModule(module)),
        _ => Ok(all),
    }
}

fn find(file: &File<'_>, wanted: &str, module: Option<u32>) -> Result<(u32, FunctionIndex), QuestionError> {
    let modules = meant(file, module)?;
    if let Ok(index) = wanted.parse::<u32>() {
        return match modules.as_slice() {
            [(id, placed)] if FunctionIndex(index).position() < placed.module.functions.len() => {
                Ok((*id, FunctionIndex(index)))
            }
            [_] | [] => Err(QuestionError::NoIndex(index)),
            several => Err(QuestionError::WhichModule(crate::guest::count(several.len()))),
        };
    }
    let mut whole = Vec::new();
    let mut parts = Vec::new();
    for (id, placed) in modules {
        let found = placed.names.find(wanted);
        let list = if found.is_whole { &mut whole } else { &mut parts };
        list.extend(found.functions.into_iter().map(|index| (id, index)));
    }
    let found = if whole.is_empty() { parts } else { whole };
    match found.as_slice() {
        [] => Err(QuestionError::NoFunction(wanted.to_owned())),
        [only] => Ok(*only),
        several => Err(QuestionError::Several {
            wanted: wanted.to_owned(),
            found: several
                .iter()
                .map(|(id, index)| (*id, Function::new(&file.modules[*id as usize].names, *index)))
                .collect(),
        }),
    }
}

fn reason(id: u32, placed: &PlacedModule<'_>, index: FunctionIndex) -> Result<FunctionReason, QuestionError> {
    let PlacedModule { module, names, .. } = placed;
    let reach = Reach::of(module).map_err(QuestionError::NotFollowed)?;
    let path = reach.way_to(Entity::Function(index)).map(|way| {
        let way = through_its_type(module, &reach, way);
        steps(placed, &way)
    });
    let body = module.body(index);
    let all = enumerate(&module.functions).map(|(caller, _)| FunctionIndex(caller));
    let callers = all.filter(|caller| {
        reach.distance(Entity::Function(*caller)).is_some()
            && module
                .body(*caller)
                .is_some_and(|body| body.callees().any(|callee| callee == index))
    });
    Ok(FunctionReason {
        module: id,
        function: Function::new(names, index),
        ty: module
            .functions
            .get(index.position())
            .map(|ty| function_type(module, *ty))
            .unwrap_or_default(),
        crate_name: body.map(|_| crate_of(names.raw(index))),
        bytes: body.map_or(0, |body| body.range.len() as u64),
        path,
        callers: crate::guest::count(callers.count()),
    })
}

/// The removal of dead code keeps all functions in the slots of a table that is alive. Of those that use the table, this takes the
/// nearest function that can call one of the wanted type, if there is one, since that says more.
fn through_its_type(module: &GuestModule<'_>, reach: &Reach, way: Vec<Entity>) -> Vec<Entity> {
    let [.., Entity::Table(table), Entity::Function(wanted)] = way.as_slice() else {
        return way;
    };
    let callers = enumerate(&module.functions).map(|(caller, _)| FunctionIndex(caller));
    let callers = callers.filter(|caller| caller != wanted && calls_type(module, *caller, *table, *wanted));
    let distances = callers.filter_map(|caller| {
        let entity = Entity::Function(caller);
        Some((reach.distance(entity)?, entity))
    });
    let nearest = distances.min().and_then(|(_, entity)| reach.way_to(entity));
    match nearest {
        // A way that passes through the function itself would explain nothing.
        Some(nearest) if !nearest.contains(&Entity::Function(*wanted)) => {
            let end = [Entity::Table(*table), Entity::Function(*wanted)];
            nearest.into_iter().chain(end).collect()
        }
        _ => way,
    }
}

/// Whether a function has an indirect call through `table` of the type of the function `wanted`.
fn calls_type(
    module: &GuestModule<'_>,
    caller: FunctionIndex,
    table: TableIndex,
    wanted: FunctionIndex,
) -> bool {
    let Some(body) = module.body(caller) else {
        return false;
    };
    let bytes = module.bytes(&body.range);
    let wanted = module.functions[wanted.position()];
    let calls = body
        .operands
        .iter()
        .filter(|operand| operand.kind == OperandKind::TypeAndTable);
    calls
        .filter_map(|operand| operand.type_and_table(bytes).ok())
        .any(|(ty, through)| through == table.0 && is_same_type(module, TypeIndex(ty), wanted))
}

/// Whether two types are one, or are written in the same way and mean the same everywhere.
fn is_same_type(module: &GuestModule<'_>, one: TypeIndex, other: TypeIndex) -> bool {
    let is_plain = module.is_plain_type(one) && module.is_plain_type(other);
    one == other || (is_plain && module.types[one.position()] == module.types[other.position()])
}

fn steps(placed: &PlacedModule<'_>, way: &[Entity]) -> Vec<PathStep> {
    let mut before = None;
    let steps = way.iter().map(|entity| PathStep {
        what: item(placed, *entity),
        by: match before.replace(*entity) {
            None => root(&placed.module, *entity),
            Some(before) => link(placed, before, *entity),
        },
    });
    steps.collect()
}

fn item(placed: &PlacedModule<'_>, entity: Entity) -> PathItem {
    match entity {
        Entity::Function(index) => PathItem::Function(Function::new(&placed.names, index)),
        Entity::Table(index) => PathItem::Table { index: index.0 },
        Entity::Element(index) => PathItem::ElementSegment { index: index.0 },
        Entity::Memory(index) => PathItem::Memory { index: index.0 },
        Entity::Global(index) => PathItem::Global {
            index: index.0,
            name: placed
                .module
                .global_names
                .get(&index)
                .map(|name| (*name).to_owned()),
        },
        Entity::Type(_) | Entity::Tag(_) | Entity::Data(_) => PathItem::Other,
    }
}

/// Why a root is one.
fn root(module: &GuestModule<'_>, entity: Entity) -> By {
    let is_entity = |kind: ExternalKind, index: u32| match (kind, entity) {
        (ExternalKind::Func | ExternalKind::FuncExact, Entity::Function(wanted)) => index == wanted.0,
        (ExternalKind::Table, Entity::Table(wanted)) => index == wanted.0,
        (ExternalKind::Memory, Entity::Memory(wanted)) => index == wanted.0,
        (ExternalKind::Global, Entity::Global(wanted)) => index == wanted.0,
        (ExternalKind::Tag, Entity::Tag(wanted)) => index == wanted,
        _ => false,
    };
    if let Some(export) = module
        .exports
        .iter()
        .find(|export| is_entity(export.kind, export.index))
    {
        return By::Export {
            name: export.name.to_owned(),
        };
    }
    let mut imports = module.imports.iter().map(|import| import.kind.external());
    if imports.any(|(kind, index)| is_entity(kind, index)) {
        By::Import
    } else if matches!(entity, Entity::Function(index) if module.start == Some(index)) {
        By::Start
    } else {
        By::Segment
    }
}

/// How one part of a module leads to another.
fn link(placed: &PlacedModule<'_>, from: Entity, to: Entity) -> By {
    let PlacedModule { module, names, .. } = placed;
    match (from, to) {
        (Entity::Function(function), _) => By::Instruction {
            instruction: instruction_naming(module, function, to)
                .unwrap_or("another instruction")
                .to_owned(),
        },
        (Entity::Table(table), Entity::Function(function)) => {
            let slots = Slots::of(module, names, table).slots;
            let mut slots = slots.into_iter().filter(|slot| {
                let held = slot.value.function.as_ref();
                held.is_some_and(|held| held.index == function.0)
            });
            slots
                .next()
                .map_or(By::Value, |slot| By::Slot { slot: slot.slot })
        }
        _ => By::Value,
    }
}
