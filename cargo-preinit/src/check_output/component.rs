//! Checks the output of a component: each module by itself is checked before.
//!
//! **In** the output, the guest, and the output of each instance. The instances have to be made at the same places, of the same
//! modules, with the same imports; and every function of the canonical ABI has to name what it named in the guest.

use std::borrow::Cow;
use std::collections::BTreeSet;

use wasmparser::CanonicalOption;

use super::{Result, differs, parse};
use crate::emit::index_map::IndexMap;
use crate::guest::wiring::{Exported, Function, Lifted, Source};
use crate::guest::{Around, Guest, ImportKind};

/// What the output of a component has to be.
pub(crate) struct Expected<'a> {
    pub(crate) guest: &'a Guest<'a>,
    /// The module of each instance, by [`InstanceId`](crate::guest::index::InstanceId), with its indices if these differ.
    pub(crate) outputs: &'a [(Cow<'a, [u8]>, Option<IndexMap>)],
    /// The exported functions that are removed.
    pub(crate) removed: &'a BTreeSet<&'a str>,
    /// The module that is instantiated behind all others, if there is one.
    pub(crate) added: Option<&'a [u8]>,
}

/// Checks that a component is valid, and what it has to be.
///
/// # Errors
///
/// The first difference that is found.
pub(crate) fn check_component(wasm: &[u8], expected: &Expected<'_>) -> Result {
    let output = parse(wasm)?;
    let mut found = output.nodes();
    for (node, (wasm, _)) in expected.guest.nodes().zip(expected.outputs) {
        let is_same = found.next().is_some_and(|found| {
            let places = found.place.zip(node.place);
            let is_same_place = places.is_some_and(|(found, place)| {
                found.scope == place.scope && expected.are_same(&found.sources, &place.sources)
            });
            is_same_place && found.wasm == &**wasm
        });
        if !is_same {
            return differs(format!("core instance {} is another", node.id));
        }
    }
    if found.next().map(|found| found.wasm) != expected.added || found.next().is_some() {
        return differs("there are other core instances");
    }
    match (&output.around, &expected.guest.around) {
        (Some(found), Some(around)) => expected.check_wiring(found, around),
        _ => differs("it is no component"),
    }
}

type Options = [(CanonicalOption, Option<Source>)];

impl Expected<'_> {
    /// Whether a core item of the output is the guest's.
    fn is_same(&self, found: Source, expected: Source) -> bool {
        match (found, expected) {
            (Source::Component(found), Source::Component(expected)) => found == expected,
            (Source::Instance(found, kind), Source::Instance(expected, of_guest)) => {
                found == expected && self.index(expected.position(), of_guest) == Some(kind)
            }
            (Source::Component(_) | Source::Instance(..), _) => false,
        }
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
        let Some(indices) = &self.outputs.get(instance)?.1 else {
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
        let mut made = found.wiring.made.iter();
        for expected in &expected.wiring.made {
            let is_there = made.next().is_some_and(|found| {
                let is_same = match (&found.what, &expected.what) {
                    (Ok(found), Ok(expected)) => is_same(found, expected),
                    (Err(found), Err(expected)) => found == expected,
                    (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
                };
                is_same
                    && found.scope == expected.scope
                    && self.are_same_options(&found.options, &expected.options)
            });
            if !is_there {
                return differs("a core function that the component makes is another");
            }
        }
        if self.added.is_none() && made.next().is_some() {
            return differs("the component makes more core functions");
        }
        let mut pairs = found.wiring.destructors.iter().zip(&expected.wiring.destructors);
        let are_same = found.wiring.destructors.len() == expected.wiring.destructors.len()
            && pairs.all(|((at, found), (scope, expected))| {
                at == scope && self.is_same_or_none(*found, *expected)
            });
        if !are_same {
            return differs("a resource has another destructor");
        }
        let mut exports = found.exports.iter();
        let kept = expected
            .exports
            .iter()
            .filter(|(name, _)| !self.removed.contains(**name));
        for (name, expected) in kept {
            let is_there = exports.next().is_some_and(|(at, found)| {
                let are_same = match (found, expected) {
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
                };
                at == name && are_same
            });
            if !is_there {
                return differs(format!("the export {} is another", crate::shown::name(name)));
            }
        }
        if exports.next().is_some() {
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
        if next.next().is_some() || gone > self.removed.len() {
            return differs("a lifted function is another");
        }
        Ok(())
    }
}
