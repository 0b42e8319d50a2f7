//! Checks what the output has to have unchanged: state that init cannot have changed, state whose initial value is external, and
//! segments that instructions name.

use std::collections::BTreeSet;

use super::code::Comparison;
use super::{Check, Result, differs, holds};
use crate::guest::index::{DataIndex, ElementIndex, GlobalIndex, MemoryIndex, TableIndex, enumerate};
use crate::guest::{Droppable, SegmentMode, is_marked};

impl Check<'_> {
    /// Compares everything that the captured state does not have.
    pub(super) fn kept(&self) -> Result {
        self.kept_globals()?;
        self.kept_tables()?;
        self.kept_memories()?;
        self.named_data()?;
        self.named_elements()
    }

    fn kept_globals(&self) -> Result {
        let captured: BTreeSet<GlobalIndex> = self.instance.globals.iter().map(|state| state.index).collect();
        for (index, expected) in enumerate(&self.guest.globals) {
            let index = GlobalIndex(index);
            if let Some(place) = self.indices.global(index)
                && !captured.contains(&index)
            {
                let found = &self.module.globals[place.position()];
                let is_same = Comparison(self.indices)
                    .are_same_initialisers(expected.init.as_ref(), found.init.as_ref());
                holds(is_same, || format!("global {index} starts with another value"))?;
            }
        }
        Ok(())
    }

    fn kept_tables(&self) -> Result {
        let tables = enumerate(&self.guest.tables).map(|(index, _)| TableIndex(index));
        let elsewhere = tables.filter(|table| self.guest.is_captured_elsewhere(*table));
        let here = self.instance.tables.iter().map(|state| state.index);
        let captured: BTreeSet<TableIndex> = here.chain(elsewhere).collect();
        let mut places = BTreeSet::new();
        for (index, expected) in enumerate(&self.guest.tables) {
            let index = TableIndex(index);
            if let Some(place) = self.indices.table(index)
                && !captured.contains(&index)
            {
                let found = &self.module.tables[place.position()];
                if found.ty.initial != expected.ty.initial {
                    return differs(format!("table {index} has another size"));
                }
                let is_same = Comparison(self.indices)
                    .are_same_initialisers(expected.init.as_ref(), found.init.as_ref());
                holds(is_same, || format!("table {index} starts with other references"))?;
                places.insert(place);
            }
        }
        let (guest, module) = (self.guest, self.module);
        let expected = guest.elements.iter().filter(|segment| {
            matches!(segment.mode, SegmentMode::Active(table)
                if !captured.contains(&table) && self.indices.table(table).is_some())
        });
        let found = module
            .elements
            .iter()
            .filter(|segment| matches!(segment.mode, SegmentMode::Active(place) if places.contains(&place)));
        let is_same = are_all_same(
            expected.map(|segment| guest.bytes(&segment.range)),
            found.map(|segment| module.bytes(&segment.range)),
            |expected, found| Comparison(self.indices).are_same_elements(expected, found),
        );
        holds(is_same, || {
            "tables that init did not change have other segments".to_owned()
        })
    }

    fn kept_memories(&self) -> Result {
        let (guest, module) = (self.guest, self.module);
        let mut places = BTreeSet::new();
        for (index, expected) in enumerate(&guest.memories) {
            let index = MemoryIndex(index);
            if let Some(place) = self.indices.memory(index)
                && guest.external.memory(index)
            {
                if module.memories[place.position()].initial != expected.initial {
                    return differs(format!("memory {index} has another size"));
                }
                places.insert(place);
            }
        }
        let expected = guest.data.iter().filter(|segment| {
            matches!(segment.mode, SegmentMode::Active(memory)
                if !guest.is_captured(memory) && self.indices.memory(memory).is_some())
        });
        let found = module
            .data
            .iter()
            .filter(|segment| matches!(segment.mode, SegmentMode::Active(place) if places.contains(&place)));
        let is_same = are_all_same(
            expected.map(|segment| guest.bytes(&segment.range)),
            found.map(|segment| module.bytes(&segment.range)),
            |expected, found| Comparison(self.indices).are_same_data(expected, found),
        );
        holds(is_same, || {
            "memories that depend on imports have other segments".to_owned()
        })
    }

    /// Data segments that instructions can still name are the guest's, or empty: where init dropped them, and where the guest's
    /// were active.
    fn named_data(&self) -> Result {
        let (module, guest) = (self.module, self.guest);
        for (index, segment) in enumerate(&guest.data) {
            let Some(place) = self.indices.data(DataIndex(index)) else {
                continue;
            };
            if !is_marked(&guest.code.used_data, index) {
                continue;
            }
            if segment.mode != SegmentMode::Passive {
                let found = module.data.get(place.position());
                // An active segment is empty after instantiation.
                if found.is_none_or(|found| found.mode == SegmentMode::Passive && !found.bytes.is_empty()) {
                    return differs(format!("data segment {index} is not empty"));
                }
                continue;
            }
            let is_dropped = self.instance.dropped.contains(&Droppable::Data(DataIndex(index)));
            let expected: &[u8] = if is_dropped {
                &[0x01, 0x00]
            } else {
                guest.bytes(&segment.range)
            };
            let Some(found) = module.data.get(place.position()) else {
                return differs(format!("data segment {index} is missing"));
            };
            let is_same = Comparison(self.indices).are_same_data(expected, module.bytes(&found.range));
            holds(is_same, || format!("data segment {index} has other bytes"))?;
        }
        Ok(())
    }

    /// As for data segments.
    fn named_elements(&self) -> Result {
        let (module, guest) = (self.module, self.guest);
        for (index, segment) in enumerate(&guest.elements) {
            let Some(place) = self.indices.element(ElementIndex(index)) else {
                continue;
            };
            if !is_marked(&guest.code.used_elements, index) {
                continue;
            }
            if segment.mode != SegmentMode::Passive {
                let found = module.elements.get(place.position());
                if found.is_none_or(|found| found.mode == SegmentMode::Passive && found.len() > 0) {
                    return differs(format!("element segment {index} is not empty"));
                }
                continue;
            }
            let Some(found) = module.elements.get(place.position()) else {
                return differs(format!("element segment {index} is missing"));
            };
            let is_dropped = self
                .instance
                .dropped
                .contains(&Droppable::Element(ElementIndex(index)));
            let is_same = if is_dropped {
                Ok(found.mode == SegmentMode::Passive && found.len() == 0)
            } else {
                let (expected, found) = (guest.bytes(&segment.range), module.bytes(&found.range));
                Comparison(self.indices).are_same_elements(expected, found)
            };
            holds(is_same, || format!("element segment {index} has other items"))?;
        }
        Ok(())
    }
}

/// Whether two sequences have the same number of segments, and each pair is the same.
fn are_all_same<'e, 'f>(
    expected: impl Iterator<Item = &'e [u8]>,
    mut found: impl Iterator<Item = &'f [u8]>,
    are_same: impl Fn(&[u8], &[u8]) -> wasmparser::Result<bool>,
) -> wasmparser::Result<bool> {
    for expected in expected {
        match found.next() {
            Some(found) if are_same(expected, found)? => {}
            _ => return Ok(false),
        }
    }
    Ok(found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::EditPlan;
    use crate::emit::index_map::IndexMap;
    use crate::guest::Guest;
    use crate::snapshot::InstanceState;

    /// Compares a guest with an output that has the same indices, for an init that changes nothing.
    fn check(guest: &str, output: &str, expected: Option<&str>) {
        let parsed = |wat: &str| {
            let init = r#"(type $procedure (func)) (func (export "wizer-initialize") (type $procedure))"#;
            wat::parse_str(format!(
                r#"(module (import "" "" (global $i i32)) (import "" "" (func $f)) (import "" "" (func $g)) {wat} {init})"#
            ))
            .expect("it parses")
        };
        let (guest, output) = (parsed(guest), parsed(output));
        let guest = Guest::parse(&guest).expect("the guest is valid");
        let module = Guest::parse(&output).expect("the output is valid");
        let (guest, module) = (guest.root(), module.root());
        let found = Check {
            guest: &guest,
            module: &module,
            indices: &IndexMap::unchanged(&guest),
            plan: &EditPlan::nothing(&guest),
            instance: &InstanceState::default(),
        }
        .kept();
        let found = found.err().map(|error| error.0);
        assert_eq!(found.as_deref(), expected, "{output:?}");
    }

    /// Checks that `guest` passes as its own output, and that `other` does not.
    fn check_both(guest: &str, other: &str, expected: &str) {
        check(guest, guest, None);
        check(guest, other, Some(expected));
    }

    #[test]
    fn globals_keep_their_initialisers() {
        let differs = "global 1 starts with another value";
        check_both(
            "(global i32 (i32.const 1))",
            "(global i32 (i32.const 2))",
            differs,
        );
        check_both(
            "(global i32 (global.get $i))",
            "(global i32 (i32.const 1))",
            differs,
        );
        check_both(
            "(global funcref (ref.func $f))",
            "(global funcref (ref.func $g))",
            differs,
        );
    }

    #[test]
    fn tables_that_do_not_change_keep_their_segments() {
        let differs = "tables that init did not change have other segments";
        let segment = |text: &str| format!("(table 9 funcref) (table 9 funcref) (elem {text})");
        let kept = segment("(table 1) (i32.const 1) func $f $g");
        for other in [
            "(table 1) (i32.const 1) func $g $f",
            "(table 1) (i32.const 1) func $f",
            "(table 1) (i32.const 2) func $f $g",
            "(table 1) (global.get $i) func $f $g",
            "(table 0) (i32.const 1) func $f $g",
            "declare func $f $g",
        ] {
            check_both(&kept, &segment(other), differs);
        }
        check(
            &kept,
            &format!("{kept} (elem (i32.const 0) func $f)"),
            Some(differs),
        );
        check_both(
            "(table 1 funcref)",
            "(table 2 funcref)",
            "table 0 has another size",
        );
        check_both(
            "(table 1 funcref (ref.func $f))",
            "(table 1 funcref (ref.func $g))",
            "table 0 starts with other references",
        );
    }

    #[test]
    fn memories_that_depend_on_imports_keep_their_segments() {
        let differs = "memories that depend on imports have other segments";
        let segment = |text: &str| format!("(memory 1) (memory 1) (data {text})");
        let kept = segment(r#"(memory 1) (global.get $i) "ab""#);
        for other in [
            r#"(memory 1) (global.get $i) "ac""#,
            r#"(memory 1) (i32.const 0) "ab""#,
            r#"(memory 0) (global.get $i) "ab""#,
            r#""ab""#,
        ] {
            check_both(&kept, &segment(other), differs);
        }
        let place = r#"(data (global.get $i) "ab")"#;
        let memory = |pages: u32| format!("(memory {pages}) {place}");
        check_both(&memory(1), &memory(2), "memory 0 has another size");
    }

    #[test]
    fn segments_that_instructions_name_keep_their_contents() {
        let named = |data: &str, element: &str| {
            format!(
                "(memory 1) (table 1 funcref) (data {data}) (elem {element}) (func (data.drop 0) (elem.drop 0))"
            )
        };
        check_both(
            &named(r#""ab""#, "func $f"),
            &named(r#""ac""#, "func $f"),
            "data segment 0 has other bytes",
        );
        check_both(
            &named(r#""ab""#, "func $f"),
            &named(r#""ab""#, "func $g"),
            "element segment 0 has other items",
        );
        check_both(
            &named(r#""ab""#, "func $f"),
            &named(r#""ab""#, "declare func $f"),
            "element segment 0 has other items",
        );
    }

    #[test]
    fn the_length_of_data_may_be_written_in_another_length() {
        let indices = IndexMap::default();
        let is_same = Comparison(&indices).are_same_data(b"\x01\x82\x80\x00ab", b"\x01\x02ab");
        assert!(is_same.expect("both are valid"));
    }
}
