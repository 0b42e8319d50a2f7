//! Checks the output of a component: each module by itself is checked before.
//!
//! **In** the output, the guest, and the output of each instance. The instances have to be made at the same places, of the same
//! modules, with the same imports; and every function of the canonical ABI has to name what it named in the guest.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{CanonicalFunction, CanonicalOption, ConstExpr, ElementItems, Operator};

use super::{CheckError, Result, differs};
use crate::emit::component::{Added, Imported};
use crate::emit::index_map::IndexMap;
use crate::guest::counterparts::{Counterparts, MadeAs};
use crate::guest::counts::Counts;
use crate::guest::index::{FunctionIndex, GlobalIndex, InstanceId, ScopeId, TableIndex};
use crate::guest::wiring::{Exported, Function, Lifted, Source};
use crate::guest::{Around, Guest, ImportKind, Node, SegmentMode, wasi_interface};
use crate::options::Rename;
use crate::snapshot::{Foreign, ForeignPlace, FunctionRef};

/// What the output of a component has to be.
pub(crate) struct Expected<'a> {
    pub(crate) guest: &'a Guest<'a>,
    /// The module of each instance, by [`InstanceId`](crate::guest::index::InstanceId), with its indices if these differ.
    pub(crate) outputs: &'a [(&'a [u8], Option<&'a IndexMap>)],
    /// The exported functions that are removed.
    pub(crate) removed: &'a BTreeSet<&'a str>,
    /// The exports that have other names.
    pub(crate) renames: &'a [Rename],
    /// The core functions whose exports lead to others: to empty ones, or to those that run something first.
    pub(crate) replaced: &'a BTreeSet<(InstanceId, FunctionIndex)>,
    /// The modules at the ends of components.
    pub(crate) added: &'a Added,
    /// Which functions the fix-ups among them have to put where.
    pub(crate) foreign: &'a [Foreign],
}

/// Checks that a component is what it has to be. It is valid, since it was read.
///
/// # Errors
///
/// The first difference that is found.
pub(crate) fn check_component(output: &Guest<'_>, expected: &Expected<'_>) -> Result {
    let counterparts = Counterparts::of(output, expected.guest);
    let check = Check {
        expected,
        output,
        counterparts: &counterparts,
    };
    for (node, (wasm, _)) in expected.guest.nodes().zip(expected.outputs) {
        let found = counterparts.in_output.get(&node.id);
        let found = found.and_then(|id| output.instance(*id));
        let is_same = found.is_some_and(|found| {
            let places = found.place.zip(node.place);
            let is_same_place = places.is_some_and(|(found, place)| {
                found.scope == place.scope && check.are_same(&found.sources, &place.sources)
            });
            is_same_place && found.wasm == *wasm
        });
        if !is_same {
            return differs(format!("core instance {} is another", node.id));
        }
    }
    check.check_added(output)?;
    match (&output.around, &expected.guest.around) {
        (Some(found), Some(around)) => check.check_wiring(found, around),
        _ => differs("it is no component"),
    }
}

type Options = [(CanonicalOption, Option<Source>)];

struct Check<'a> {
    expected: &'a Expected<'a>,
    output: &'a Guest<'a>,
    counterparts: &'a Counterparts,
}

impl Check<'_> {
    /// Whether a core item of the output is the guest's.
    fn is_same(&self, found: Source, expected: Source) -> bool {
        match (found, expected) {
            (Source::Component(found), Source::Component(expected)) => {
                matches!(self.counterparts.made.get(found), Some(MadeAs::Guests(of_guest)) if *of_guest == expected)
            }
            (Source::Instance(found, kind), Source::Instance(expected, of_guest)) => {
                let counterpart = self.counterparts.in_guest.get(&found);
                let is_same = match of_guest {
                    ImportKind::Function(function)
                        if self.expected.replaced.contains(&(expected, function)) =>
                    {
                        self.is_replaced((found, kind), (expected, function))
                    }
                    _ => self.index(expected.position(), of_guest) == Some(kind),
                };
                counterpart == Some(&expected) && is_same
            }
            (Source::Component(_) | Source::Instance(..), _) => false,
        }
    }

    /// As [`is_same`](Self::is_same), but of a function that is replaced it is the function itself.
    fn is_same_item(&self, found: Source, expected: Source) -> bool {
        match (found, expected) {
            (Source::Instance(found, kind), Source::Instance(expected, of_guest)) => {
                self.counterparts.in_guest.get(&found) == Some(&expected)
                    && self.index(expected.position(), of_guest) == Some(kind)
            }
            _ => self.is_same(found, expected),
        }
    }

    /// Whether a function of the output is what an export of a function of the guest leads to. What it does is checked with its module.
    fn is_replaced(
        &self,
        (id, kind): (InstanceId, ImportKind),
        (of_guest, function): (InstanceId, FunctionIndex),
    ) -> bool {
        let nodes = self
            .output
            .instance(id)
            .zip(self.expected.guest.instance(of_guest));
        nodes.is_some_and(|(found, node)| {
            let mut exports = node.exports.iter().filter(|export| export.is_function(function));
            exports.any(|export| {
                let found = found.export(export.name);
                found.is_some_and(|export| (export.kind, export.index) == kind.external())
            })
        })
    }

    fn is_same_or_none(&self, found: Option<Source>, expected: Option<Source>) -> bool {
        match (found, expected) {
            (Some(found), Some(expected)) => self.is_same(found, expected),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    fn are_same(&self, found: &[Source], expected: &[Source]) -> bool {
        let mut pairs = found.iter().zip(expected);
        found.len() == expected.len() && pairs.all(|(found, expected)| self.is_same(*found, *expected))
    }

    fn are_same_options(&self, found: &Options, expected: &Options) -> bool {
        let mut pairs = found.iter().zip(expected);
        found.len() == expected.len()
            && pairs.all(|((found, names), (expected, of_guest))| {
                found == expected && self.is_same_or_none(*names, *of_guest)
            })
    }

    /// The output's index of what an instance has.
    fn index(&self, instance: usize, kind: ImportKind) -> Option<ImportKind> {
        let Some(indices) = self.expected.outputs.get(instance)?.1 else {
            return Some(kind);
        };
        Some(match kind {
            ImportKind::Function(index) => ImportKind::Function(indices.function(index)?),
            ImportKind::Table(index) => ImportKind::Table(indices.table(index)?),
            ImportKind::Memory(index) => ImportKind::Memory(indices.memory(index)?),
            ImportKind::Global(index) => ImportKind::Global(indices.global(index)?),
            ImportKind::Tag(index) => ImportKind::Tag(indices.tag(index)?),
        })
    }

    fn is_same_lifted(&self, found: &Lifted, expected: &Lifted) -> bool {
        found.scope == expected.scope
            && found.ty == expected.ty
            && self.is_same(found.core, expected.core)
            && self.are_same_options(&found.options, &expected.options)
    }

    /// Checks the instances that the output has beside the guest's: which functions they put where, and that those that open
    /// streams call the host.
    fn check_added(&self, output: &Guest<'_>) -> Result {
        let expected = self.expected;
        let mut missing: BTreeSet<Foreign> = expected.foreign.iter().copied().collect();
        let mut reopening: BTreeSet<ScopeId> = expected.added.reopens.scopes().collect();
        for (scope, id) in &self.counterparts.added {
            let Some(node) = output.instance(*id) else {
                return differs("a core instance is missing");
            };
            let Some(fixup) = expected
                .added
                .fixups
                .at(*scope)
                .filter(|fixup| fixup.module == node.wasm)
            else {
                if !reopening.remove(scope) || !self.is_reopening(*scope, output, &node) {
                    return differs("there are other core instances");
                }
                continue;
            };
            let sources = node.place.map_or(&[][..], |place| &place.sources);
            let imports = sources.iter().zip(&fixup.items);
            let are_same = imports.len() == fixup.items.len()
                && imports
                    .clone()
                    .all(|(found, item)| self.is_same_item(*found, expected.guest.source_of(*item)));
            if !are_same || sources.len() != fixup.items.len() {
                return differs("a fix-up imports something else");
            }
            let items = node.imports.iter().zip(&fixup.items);
            let items: BTreeMap<ImportKind, (InstanceId, ImportKind)> =
                items.map(|(import, item)| (import.kind, *item)).collect();
            for foreign in put(&node, &items)? {
                if !missing.remove(&foreign) {
                    return differs("a fix-up puts a function elsewhere");
                }
            }
        }
        if !missing.is_empty() || !reopening.is_empty() {
            return differs("a core instance is missing");
        }
        for node in output.nodes() {
            let is_written = node.elements.iter().any(|segment| {
                matches!(segment.mode, SegmentMode::Active(table) if self.is_captured_in_guest(&node, table))
            });
            if is_written && self.counterparts.in_guest.contains_key(&node.id) {
                return differs("a segment changes a table of another instance");
            }
        }
        Ok(())
    }

    /// Whether an instance is the module that opens the streams of a scope again, and calls the host's functions for it.
    fn is_reopening(&self, scope: ScopeId, output: &Guest<'_>, node: &Node<'_>) -> bool {
        let Some(reopen) = self.expected.added.reopens.at(scope) else {
            return false;
        };
        let made = output
            .around
            .as_ref()
            .map_or(&[][..], |around| &around.wiring.made);
        let counts = output.component_of(scope).map(Counts::of).unwrap_or_default();
        let sources = node.place.map_or(&[][..], |place| &place.sources);
        let mut imports = sources.iter().zip(reopen.functions()).enumerate();
        node.wasm == reopen.module
            && sources.len() == reopen.functions().len()
            && imports.all(|(position, (source, function))| {
                let Source::Component(index) = source else { return false };
                let is_next = matches!(self.counterparts.made.get(*index), Some(MadeAs::Added(of, at)) if (*of, *at) == (scope, position));
                let what = made.get(*index).map(|made| &made.what);
                is_next
                    && match (what, function) {
                        (Some(Ok(Function::Host(path))), (interface, Imported::Function(name))) => {
                            matches!(path[..], [of, found] if wasi_interface(of) == Some(interface) && found == name)
                        }
                        (Some(Err(CanonicalFunction::ResourceDrop { resource })), (interface, Imported::Drop(name))) => {
                            let aliased = counts.aliased_types.get(resource).copied();
                            aliased == counts.exporting(interface, name).map(|instance| (instance, name))
                        }
                        _ => false,
                    }
            })
    }

    /// Whether a table that an instance of the output imports is one whose contents another instance has.
    fn is_captured_in_guest(&self, node: &Node<'_>, table: TableIndex) -> bool {
        let position = node
            .imports
            .iter()
            .position(|import| import.kind == ImportKind::Table(table));
        let guest = self.expected.guest;
        let of_guest = self
            .counterparts
            .in_guest
            .get(&node.id)
            .and_then(|id| guest.instance(*id));
        let import = position.and_then(|position| of_guest?.imports.get(position).map(|import| import.kind));
        match (import, of_guest) {
            (Some(ImportKind::Table(table)), Some(node)) => node.is_captured_elsewhere(table),
            _ => false,
        }
    }

    fn check_wiring(&self, found: &Around<'_>, expected: &Around<'_>) -> Result {
        let (of_output, of_guest) = (&found.wiring.lifted, &expected.wiring.lifted);
        self.check_lifted(of_output, of_guest)?;
        // A core function may be lifted twice in the same way. Nobody can tell the two apart.
        let is_same = |found: &Function<'_>, expected: &Function<'_>| match (found, expected) {
            (Function::Host(found), Function::Host(expected)) => found == expected,
            (Function::Lifted(found), Function::Lifted(expected)) => {
                let pair = of_output.get(*found).zip(of_guest.get(*expected));
                pair.is_some_and(|(found, expected)| self.is_same_lifted(found, expected))
            }
            (Function::Host(_) | Function::Lifted(_), _) => false,
        };
        let are_guests = |made: &&MadeAs| matches!(made, MadeAs::Guests(_));
        let reopens = &self.expected.added.reopens;
        let functions = reopens.scopes().filter_map(|scope| reopens.at(scope));
        let added: usize = functions.map(|reopen| reopen.functions().len()).sum();
        let of_guest = self.counterparts.made.iter().filter(are_guests).count();
        if of_guest != expected.wiring.made.len() || self.counterparts.made.len() != of_guest + added {
            return differs("the component makes other core functions");
        }
        for (found, made_as) in found.wiring.made.iter().zip(&self.counterparts.made) {
            let MadeAs::Guests(position) = made_as else {
                continue;
            };
            let is_same = expected.wiring.made.get(*position).is_some_and(|expected| {
                let is_same = match (&found.what, &expected.what) {
                    (Ok(found), Ok(expected)) => is_same(found, expected),
                    (Err(found), Err(expected)) => found == expected,
                    (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
                };
                is_same
                    && found.scope == expected.scope
                    && self.are_same_options(&found.options, &expected.options)
            });
            if !is_same {
                return differs("a core function that the component makes is another");
            }
        }
        let mut pairs = found.wiring.destructors.iter().zip(&expected.wiring.destructors);
        let are_same = found.wiring.destructors.len() == expected.wiring.destructors.len()
            && pairs.all(|((at, found), (scope, expected))| {
                at == scope && self.is_same_or_none(*found, *expected)
            });
        if !are_same {
            return differs("a resource has another destructor");
        }
        let mut kept = 0;
        for (name, expected) in &expected.exports {
            if self.expected.removed.contains(name) {
                continue;
            }
            kept += 1;
            let rename = self.expected.renames.iter().find(|rename| rename.old == *name);
            let new = rename.map_or(*name, |rename| &rename.new);
            let is_there = found
                .exports
                .get(new)
                .is_some_and(|found| match (found, expected) {
                    (Exported::Function(found), Exported::Function(expected)) => is_same(found, expected),
                    (Exported::Instance(found), Exported::Instance(expected)) => {
                        let mut pairs = found.iter().zip(expected);
                        found.len() == expected.len()
                            && pairs
                                .all(|((at, found), (name, expected))| at == name && is_same(found, expected))
                    }
                    (Exported::Code, Exported::Code) | (Exported::Other, Exported::Other) => true,
                    (Exported::Function(_) | Exported::Instance(_) | Exported::Code | Exported::Other, _) => {
                        false
                    }
                });
            if !is_there {
                return differs(format!("the export {} is another", crate::shown::name(name)));
            }
        }
        if found.exports.len() != kept {
            return differs("the component exports more");
        }
        Ok(())
    }

    /// Checks that the lifted functions are the guest's. As many may be gone as exports are.
    fn check_lifted(&self, found: &[Lifted], expected: &[Lifted]) -> Result {
        let mut next = found.iter().peekable();
        let gone = expected.iter().filter(|lifted| {
            let is_there = next.next_if(|found| self.is_same_lifted(found, lifted));
            is_there.is_none()
        });
        let gone = gone.count();
        if next.next().is_some() || gone > self.expected.removed.len() {
            return differs("a lifted function is another");
        }
        Ok(())
    }
}

/// What a fix-up puts where, as its segments and its start function say.
fn put(
    node: &Node<'_>,
    items: &BTreeMap<ImportKind, (InstanceId, ImportKind)>,
) -> std::result::Result<Vec<Foreign>, CheckError> {
    let wrong = || CheckError("a fix-up does something else".to_owned());
    let function = |index: FunctionIndex| match items.get(&ImportKind::Function(index)) {
        Some((instance, ImportKind::Function(index))) => Ok(FunctionRef {
            instance: *instance,
            index: *index,
        }),
        _ => Err(wrong()),
    };
    let mut found = Vec::new();
    for segment in &node.elements {
        let SegmentMode::Active(table) = segment.mode else {
            continue;
        };
        let Some((instance, ImportKind::Table(table))) = items.get(&ImportKind::Table(table)) else {
            return Err(wrong());
        };
        let offset = segment
            .offset
            .as_ref()
            .and_then(constant_offset)
            .ok_or_else(wrong)?;
        let ElementItems::Functions(functions) = segment.items.clone() else {
            return Err(wrong());
        };
        for (slot, index) in (offset..).zip(functions) {
            found.push(Foreign {
                instance: *instance,
                place: ForeignPlace::Slot(*table, slot),
                function: function(FunctionIndex(index.map_err(|_| wrong())?))?,
            });
        }
    }
    let Some(start) = node.start else { return Ok(found) };
    let code = node.instructions(start);
    let (steps, end) = code.split_at(code.len().saturating_sub(1));
    if !matches!(end, [Operator::End]) || steps.len() % 2 != 0 {
        return Err(wrong());
    }
    for step in steps.chunks_exact(2) {
        let [
            Operator::RefFunc { function_index },
            Operator::GlobalSet { global_index },
        ] = step
        else {
            return Err(wrong());
        };
        let Some((instance, ImportKind::Global(global))) =
            items.get(&ImportKind::Global(GlobalIndex(*global_index)))
        else {
            return Err(wrong());
        };
        found.push(Foreign {
            instance: *instance,
            place: ForeignPlace::Global(*global),
            function: function(FunctionIndex(*function_index))?,
        });
    }
    Ok(found)
}

/// The number that an offset is.
fn constant_offset(offset: &ConstExpr<'_>) -> Option<u64> {
    match offset.get_operators_reader().read().ok()? {
        Operator::I32Const { value } => Some(u64::from(value.cast_unsigned())),
        Operator::I64Const { value } => Some(value.cast_unsigned()),
        _ => None,
    }
}
