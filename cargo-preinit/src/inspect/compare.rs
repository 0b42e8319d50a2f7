//! What changed from one file to another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::changes::{
    AddressRange, Change, ChangedFunction, Comparison, FunctionChanges, GlobalChange, MemoryChange,
    ModuleComparison, Names, SizeChange, SizedFunction, SlotChange, TableChange,
};
use super::error::CompareError;
use super::expressions::{Function, Value};
use super::inspection::{self, Component, ComponentItem};
use super::matching::Matching;
use super::memories::Contents;
use super::module::{Global, Module, Table};
use super::read::{File, PlacedModule};
use super::sizes::Sizes;
use crate::guest::index::{FunctionIndex, MemoryIndex};
use crate::guest::to_binary;

/// Differing bytes of a memory with fewer equal bytes than this between them are one range.
const GAP: u64 = 16;

/// Compares two modules or components, in the binary or the text format.
///
/// # Errors
///
/// If one of the two is not valid, and which.
///
/// ```
/// let old = br#"(module (memory 1) (data (i32.const 8) "abc") (func $f nop))"#;
/// let new = br#"(module (memory 2) (data (i32.const 8) "abd") (func $f nop) (func $g))"#;
/// let comparison = cargo_preinit::inspect::compare(old, new)?;
/// let module = &comparison.modules[0];
/// assert_eq!(module.memories[0].minimum.new, Some(2));
/// assert_eq!((module.memories[0].ranges[0].start, module.memories[0].ranges[0].end), (10, 11));
/// assert_eq!(module.functions.added[0].function.name.as_deref(), Some("g"));
/// # Ok::<(), cargo_preinit::inspect::CompareError>(())
/// ```
pub fn compare(old: &[u8], new: &[u8]) -> Result<Comparison, CompareError> {
    let old = to_binary(old).map_err(CompareError::Old)?;
    let new = to_binary(new).map_err(CompareError::New)?;
    let old = File::read(&old).map_err(CompareError::Old)?;
    let new = File::read(&new).map_err(CompareError::New)?;
    Ok(compare_files(&old, &new))
}

fn compare_files(old: &File<'_>, new: &File<'_>) -> Comparison {
    let both = Change {
        old: &inspection::of_file(old),
        new: &inspection::of_file(new),
    };
    let sizes = both.map(|found| &found.sizes);
    let items = both.map(|found| {
        let ran = found.stamp.iter().flat_map(|stamp| stamp.ran.iter().cloned());
        ran.collect()
    });
    let of_component = |of: fn(&Component) -> &[ComponentItem]| {
        names(both.map(|found| {
            let items = found.component.iter().flat_map(of);
            items.map(|item| format!("{} {}", item.kind, item.name)).collect()
        }))
    };
    let count = old.modules.len().max(new.modules.len());
    let modules = (0..).zip(0..count).map(|(index, position)| {
        module(
            index,
            Change {
                old: old.modules.get(position).zip(both.old.modules.get(position)),
                new: new.modules.get(position).zip(both.new.modules.get(position)),
            },
        )
    });
    Comparison {
        is_same: old.wasm == new.wasm,
        bytes: sizes.map(|sizes| sizes.bytes),
        sections: of_names(sizes, |sizes: &Sizes| {
            let sections = sizes.sections.iter();
            sections
                .map(|section| (section.name.clone(), section.bytes))
                .collect()
        }),
        crates: most_changed(of_names(sizes, |sizes| {
            let crates = sizes.crates.iter();
            crates
                .map(|of_crate| (of_crate.name.clone(), of_crate.bytes))
                .collect()
        })),
        customs: of_names(sizes, |sizes| {
            let customs = sizes.customs.iter();
            customs
                .map(|custom| (custom.name.clone(), custom.bytes))
                .collect()
        }),
        items: names(items),
        imports: of_component(|component| &component.imports),
        exports: of_component(|component| &component.exports),
        modules: modules.collect(),
    }
}

/// The sizes by name, in the order of the old file, and then of the new one.
fn of_names(sizes: Change<&Sizes>, sized: impl Fn(&Sizes) -> Vec<(String, u64)>) -> Vec<SizeChange> {
    let Change { old, new } = sizes.map(sized);
    let mut all: Vec<SizeChange> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |name: String, bytes: Change<u64>| {
        let place = *places.entry(name.clone()).or_insert_with(|| {
            let bytes = Change { old: 0, new: 0 };
            all.push(SizeChange { name, bytes });
            all.len() - 1
        });
        all[place].bytes.old += bytes.old;
        all[place].bytes.new += bytes.new;
    };
    for (name, old) in old {
        add(name, Change { old, new: 0 });
    }
    for (name, new) in new {
        add(name, Change { old: 0, new });
    }
    all
}

fn most_changed(mut all: Vec<SizeChange>) -> Vec<SizeChange> {
    all.sort_by_key(|size| std::cmp::Reverse(size.bytes.old.abs_diff(size.bytes.new)));
    all
}

/// The names that only one of both has, each as often as it has more.
fn names(both: Change<Vec<String>>) -> Names {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for name in both.new {
        *counts.entry(name).or_default() += 1;
    }
    for name in both.old {
        *counts.entry(name).or_default() -= 1;
    }
    let mut names = Names::default();
    for (name, more) in counts {
        let list = if more > 0 {
            &mut names.added
        } else {
            &mut names.removed
        };
        list.extend((0..more.unsigned_abs()).map(|_| name.clone()));
    }
    names
}

type Read<'f, 'a> = Option<(&'f PlacedModule<'a>, &'f Module)>;

fn module(index: u32, both: Change<Read<'_, '_>>) -> ModuleComparison {
    let name = |read: Read<'_, '_>| read.and_then(|(_, module)| module.name.clone());
    let mut comparison = ModuleComparison {
        index,
        name: name(both.new).or_else(|| name(both.old)),
        is_added: both.old.is_none(),
        is_removed: both.new.is_none(),
        ..ModuleComparison::default()
    };
    let (Some((old_placed, old)), Some((new_placed, new))) = (both.old, both.new) else {
        return comparison;
    };
    let matching = Matching::of(old_placed, new_placed);
    let placed = Change {
        old: old_placed,
        new: new_placed,
    };
    let modules = Change { old, new };
    comparison.functions = functions(placed, &matching);
    comparison.memories = memories(placed, modules);
    comparison.globals = globals(modules, &matching);
    comparison.tables = tables(modules, &matching);
    comparison.imports = names(modules.map(|module| {
        let imports = module.imports.iter();
        imports
            .map(|import| format!("{} {}.{}: {}", import.kind, import.module, import.name, import.ty))
            .collect()
    }));
    comparison.exports = names(modules.map(|module| {
        let exports = module.exports.iter();
        exports
            .map(|export| format!("{} {}: {}", export.kind, export.name, export.ty))
            .collect()
    }));
    let start = modules.map(|module| module.start.clone());
    let is_same_start = match (&start.old, &start.new) {
        (Some(old), Some(new)) => matching.is_same(old.index, new.index),
        (None, None) => true,
        _ => false,
    };
    comparison.start = (!is_same_start).then_some(start);
    comparison
}

fn functions(placed: Change<&PlacedModule<'_>>, matching: &Matching) -> FunctionChanges {
    let bytes = |placed: &PlacedModule<'_>, function: FunctionIndex| {
        let body = placed.module.body(function);
        body.map_or(0, |body| body.range.len() as u64)
    };
    let sized = |placed: &PlacedModule<'_>, functions: &[FunctionIndex]| {
        let functions = functions.iter().map(|index| SizedFunction {
            function: Function::new(&placed.names, *index),
            bytes: bytes(placed, *index),
        });
        let mut functions: Vec<SizedFunction> = functions.collect();
        functions.sort_by_key(|function| std::cmp::Reverse(function.bytes));
        functions
    };
    let changed = matching.changed.iter().map(|(old, new)| ChangedFunction {
        name: placed.new.names.name(*new).unwrap_or_default(),
        index: Change {
            old: old.0,
            new: new.0,
        },
        bytes: Change {
            old: bytes(placed.old, *old),
            new: bytes(placed.new, *new),
        },
    });
    let mut changed: Vec<ChangedFunction> = changed.collect();
    changed.sort_by_key(|function| std::cmp::Reverse(function.bytes.old.abs_diff(function.bytes.new)));
    let own = placed.old.module.imported_functions;
    let unchanged = matching.same.keys().filter(|old| old.0 >= own).count();
    FunctionChanges {
        added: sized(placed.new, &matching.added),
        removed: sized(placed.old, &matching.removed),
        changed,
        unchanged: crate::guest::count(unchanged),
    }
}

fn memories(placed: Change<&PlacedModule<'_>>, modules: Change<&Module>) -> Vec<MemoryChange> {
    let count = modules.old.memories.len().max(modules.new.memories.len());
    let memories = (0..).zip(0..count).map(|(index, position)| {
        let contents = placed.map(|placed| Contents::of(&placed.module, MemoryIndex(index)));
        let ranges = contents.old.differences(&contents.new, GAP).into_iter();
        let memory = modules.map(|module| module.memories.get(position));
        MemoryChange {
            index,
            minimum: memory.map(|memory| memory.map(|memory| memory.minimum)),
            maximum: memory.map(|memory| memory.and_then(|memory| memory.maximum)),
            segments: memory.map(|memory| memory.map_or(0, |memory| memory.segments)),
            bytes_initialised: memory.map(|memory| memory.map_or(0, |memory| memory.bytes_initialised)),
            ranges: ranges.map(|(start, end)| AddressRange { start, end }).collect(),
        }
    });
    let is_changed = |memory: &MemoryChange| {
        memory.minimum.is_change()
            || memory.maximum.is_change()
            || memory.segments.is_change()
            || memory.bytes_initialised.is_change()
            || !memory.ranges.is_empty()
    };
    memories.filter(is_changed).collect()
}

fn globals(modules: Change<&Module>, matching: &Matching) -> Vec<GlobalChange> {
    let changes = pairs(modules).into_iter().filter_map(|both| {
        let values = both.map(|global| global.and_then(|global| global.value.as_ref()));
        let types = both.map(|global| global.map(|global| global.ty.clone()));
        if is_same_value(values, matching) && !types.is_change() {
            return None;
        }
        let names =
            both.map(|global| global.and_then(|global| global.name.as_ref().or(global.exports.first())));
        Some(GlobalChange {
            name: names.new.or(names.old).cloned(),
            index: both.map(|global| global.map(|global| global.index)),
            ty: types,
            value: values.map(|value| value.map(held)),
        })
    });
    changes.collect()
}

/// Matches globals by their names in the name section, then by their exports, and those without a name by what they start with, and the
/// rest of these by their order.
fn pairs(modules: Change<&Module>) -> Vec<Change<Option<&Global>>> {
    type Key = Option<(String, Option<String>)>;
    let keys: [fn(&Global) -> Key; 4] = [
        |global| Some((global.name.clone()?, None)),
        |global| Some((global.exports.first()?.clone(), None)),
        |global| {
            let value = global.value.as_ref().map(held);
            global.name.is_none().then(|| (global.ty.clone(), value))
        },
        |global| global.name.is_none().then(|| (String::new(), None)),
    ];
    let mut left = modules.map(|module| module.globals.iter().collect::<Vec<&Global>>());
    let mut pairs = Vec::new();
    for key in keys {
        let mut by_key: BTreeMap<_, VecDeque<&Global>> = BTreeMap::new();
        for global in &left.new {
            if let Some(key) = key(global) {
                by_key.entry(key).or_default().push_back(global);
            }
        }
        let mut matched = BTreeSet::new();
        left.old.retain(|old| {
            let found = key(old).and_then(|key| by_key.get_mut(&key)?.pop_front());
            if let Some(new) = found {
                matched.insert(new.index);
                pairs.push(Change {
                    old: Some(*old),
                    new: Some(new),
                });
            }
            found.is_none()
        });
        left.new.retain(|new| !matched.contains(&new.index));
    }
    let removed = left.old.into_iter().map(|old| Change {
        old: Some(old),
        new: None,
    });
    let added = left.new.into_iter().map(|new| Change {
        old: None,
        new: Some(new),
    });
    pairs.extend(removed.chain(added));
    pairs.sort_by_key(|both| both.new.or(both.old).map(|global| global.index));
    pairs
}

fn tables(modules: Change<&Module>, matching: &Matching) -> Vec<TableChange> {
    let count = modules.old.tables.len().max(modules.new.tables.len());
    let tables = (0..).zip(0..count).map(|(index, position)| {
        let table = modules.map(|module| module.tables.get(position));
        let slots = table.map(|table: Option<&Table>| {
            let slots = table.into_iter().flat_map(|table| &table.slots);
            slots
                .map(|slot| (slot.slot, &slot.value))
                .collect::<BTreeMap<u64, &Value>>()
        });
        let numbers: BTreeSet<u64> = slots.old.keys().chain(slots.new.keys()).copied().collect();
        let slots = numbers.into_iter().filter_map(|slot| {
            let values = Change {
                old: slots.old.get(&slot).copied(),
                new: slots.new.get(&slot).copied(),
            };
            (!is_same_value(values, matching)).then(|| SlotChange {
                slot,
                value: values.map(|value| value.map(held)),
            })
        });
        TableChange {
            index,
            slots: slots.collect(),
            minimum: table.map(|table| table.map(|table| table.minimum)),
            maximum: table.map(|table| table.and_then(|table| table.maximum)),
        }
    });
    let is_changed = |table: &TableChange| {
        table.minimum.is_change() || table.maximum.is_change() || !table.slots.is_empty()
    };
    tables.filter(is_changed).collect()
}

/// Whether two values are one; of two functions, whether they are the same function.
fn is_same_value(both: Change<Option<&Value>>, matching: &Matching) -> bool {
    match (both.old, both.new) {
        (Some(old), Some(new)) => match (&old.function, &new.function) {
            (Some(old), Some(new)) => {
                matching.is_same(old.index, new.index) || (old.name.is_some() && old.name == new.name)
            }
            _ => old == new,
        },
        (None, None) => true,
        _ => false,
    }
}

/// What a place holds, in words: the name of a function, else the value.
fn held(value: &Value) -> String {
    let name = value.function.as_ref().and_then(|function| function.name.clone());
    name.unwrap_or_else(|| value.text.clone())
}
