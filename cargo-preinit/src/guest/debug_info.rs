//! The statics that a module's debug information names, and where they are.
//!
//! The format is [DWARF] in custom sections named as those of ELF ([DWARF for WebAssembly]); addresses are those of memory 0. It is a
//! description by whoever made the file: good for names in messages, and for nothing that has to be right. So no more than a bounded amount
//! of it is read.
//!
//! [DWARF]: https://dwarfstd.org/dwarf5std.html
//! [DWARF for WebAssembly]: https://yurydelendik.github.io/webassembly-dwarf/

use std::collections::BTreeMap;
use std::ops::Range;

use gimli::{
    AbbreviationsCacheStrategy, AttributeValue, DebuggingInformationEntry, Dwarf, EndianSlice, LittleEndian,
    Operation, Unit, UnitOffset, constants as dw,
};
use wasmparser::{Parser, Payload};

use crate::guest::GuestModule;
use crate::text::demangle;

type Reader<'a> = EndianSlice<'a, LittleEndian>;
type Entry<'a> = DebuggingInformationEntry<Reader<'a>>;

/// How many entries are looked at, in all units. It takes about a second.
const MAX_ENTRIES: usize = 4_000_000;

/// How many types may lead from a static to one that has a size, such as aliases and arrays. Debug information that is broken may go in
/// circles.
const MAX_TYPES: usize = 16;

/// A longer name says nothing to anybody.
const MAX_NAME: usize = 1_000;

/// The statics of a module that have some of these addresses, with their names: in ascending order of address, and apart from each other.
/// Where several are said to be at one place, it is the smallest. There are none where the debug information is missing, and only those
/// before the fault where it is broken.
pub(crate) fn statics(guest: &GuestModule<'_>, wanted: &[Range<u64>]) -> Vec<(Range<u64>, String)> {
    let sections = sections(guest.wasm);
    let section = |id: gimli::SectionId| -> Result<_, gimli::Error> {
        let section = sections.iter().find(|(name, _)| *name == id.name());
        let bytes = section.map_or(&[][..], |(_, bytes)| bytes);
        Ok(EndianSlice::new(bytes, LittleEndian))
    };
    let Ok(mut dwarf) = Dwarf::load(section) else {
        return Vec::new();
    };
    // Units may share a table of abbreviations.
    dwarf.populate_abbreviations_cache(AbbreviationsCacheStrategy::All);
    let mut search = Search {
        dwarf: &dwarf,
        wanted,
        left: MAX_ENTRIES,
        found: Vec::new(),
    };
    let mut units = dwarf.units();
    while let Ok(Some(header)) = units.next() {
        if let Ok(unit) = dwarf.unit(header) {
            // The statics before a fault stay.
            let _fault = search.note_statics(&unit);
        }
        if search.left == 0 {
            break;
        }
    }
    let mut found = search.found;
    found.sort_by_key(|(range, _)| (range.end - range.start, range.start));
    let mut kept: BTreeMap<u64, (u64, String)> = BTreeMap::new();
    for (range, name) in found {
        let before = kept.range(..range.end).next_back();
        if before.is_none_or(|(_, (end, _))| *end <= range.start) {
            kept.insert(range.start, (range.end, name));
        }
    }
    let kept = kept.into_iter();
    kept.map(|(start, (end, name))| (start..end, name)).collect()
}

/// The custom sections with debug information.
fn sections(wasm: &[u8]) -> Vec<(&str, &[u8])> {
    let sections = Parser::new(0)
        .parse_all(wasm)
        .filter_map(|payload| match payload {
            Ok(Payload::CustomSection(section)) => Some((section.name(), section.data())),
            _ => None,
        });
    sections.filter(|(name, _)| name.starts_with(".debug_")).collect()
}

struct Search<'d, 'a> {
    dwarf: &'d Dwarf<Reader<'a>>,
    /// In ascending order.
    wanted: &'d [Range<u64>],
    /// How many entries may still be looked at.
    left: usize,
    found: Vec<(Range<u64>, String)>,
}

impl<'a> Search<'_, 'a> {
    /// Counts an entry; the end of the debug information if there were too many.
    fn look(&mut self) -> gimli::Result<()> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(gimli::Error::NoEntryAtGivenOffset(0))?;
        Ok(())
    }

    fn note_statics(&mut self, unit: &Unit<Reader<'a>>) -> gimli::Result<()> {
        let mut sizes = BTreeMap::new();
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs()? {
            self.look()?;
            if entry.tag() != dw::DW_TAG_variable {
                continue;
            }
            let Some(address) = self.address(unit, entry)? else {
                continue;
            };
            // What the linker left out is at the address 0, or at the last one.
            let end = self.size(unit, entry, &mut sizes)?;
            let end = end.and_then(|size| address.checked_add(size));
            let Some(end) = end.filter(|end| *end > address && address > 0) else {
                continue;
            };
            let next = self.wanted.partition_point(|range| range.end <= address);
            if self.wanted.get(next).is_some_and(|range| range.start < end)
                && let Some(name) = self.name(unit, entry)?
            {
                self.found.push((address..end, name));
            }
        }
        Ok(())
    }

    /// The address of a variable that is always at the same one.
    fn address(&self, unit: &Unit<Reader<'a>>, entry: &Entry<'a>) -> gimli::Result<Option<u64>> {
        let Some(AttributeValue::Exprloc(location)) = entry.attr_value(dw::DW_AT_location) else {
            return Ok(None);
        };
        let mut operations = location.operations(unit.encoding());
        let address = match operations.next()? {
            Some(Operation::Address { address }) => address,
            Some(Operation::AddressIndex { index }) => self.dwarf.address(unit, index)?,
            _ => return Ok(None),
        };
        // What follows would make another address of it, such as one in the memory of a thread.
        Ok(operations.next()?.is_none().then_some(address))
    }

    /// The size of a variable in bytes. `sizes` has those of types.
    fn size(
        &mut self,
        unit: &Unit<Reader<'a>>,
        variable: &Entry<'a>,
        sizes: &mut BTreeMap<UnitOffset, Option<u64>>,
    ) -> gimli::Result<Option<u64>> {
        let mut factor = 1_u64;
        let mut entry = variable.clone();
        let mut first = None;
        let mut found = None;
        for _ in 0..MAX_TYPES {
            self.look()?;
            if let Some(known) = sizes.get(&entry.offset()) {
                found = known.and_then(|size| size.checked_mul(factor));
                break;
            }
            if let Some(size) = entry
                .attr_value(dw::DW_AT_byte_size)
                .and_then(|size| size.udata_value())
            {
                found = size.checked_mul(factor);
                break;
            }
            if entry.tag() == dw::DW_TAG_array_type {
                let Some(product) = factor.checked_mul(self.length(unit, entry.offset())?) else {
                    break;
                };
                factor = product;
            }
            let next = [dw::DW_AT_type, dw::DW_AT_specification].map(|name| entry.attr_value(name));
            let Some(AttributeValue::UnitRef(next)) = next.into_iter().flatten().next() else {
                break;
            };
            first = first.or(Some(next));
            entry = unit.entry(next)?;
        }
        // A variable is no type, so what leads to its size from its type on is that of the type.
        if let Some(ty) = first {
            sizes.insert(ty, found);
        }
        Ok(found)
    }

    /// How many elements an array type has.
    fn length(&mut self, unit: &Unit<Reader<'a>>, array: UnitOffset) -> gimli::Result<u64> {
        let mut tree = unit.entries_tree(Some(array))?;
        let mut children = tree.root()?.children();
        let mut length = 1_u64;
        while let Some(child) = children.next()? {
            self.look()?;
            let number = |name| {
                child
                    .entry()
                    .attr_value(name)
                    .and_then(|value| value.udata_value())
            };
            if child.entry().tag() == dw::DW_TAG_subrange_type {
                let count = number(dw::DW_AT_count)
                    .or_else(|| number(dw::DW_AT_upper_bound).map(|last| last.saturating_add(1)));
                length = length.saturating_mul(count.unwrap_or(0));
            }
        }
        Ok(length)
    }

    /// The name of a variable, demangled.
    fn name(&self, unit: &Unit<Reader<'a>>, entry: &Entry<'a>) -> gimli::Result<Option<String>> {
        let declared = match entry.attr_value(dw::DW_AT_specification) {
            Some(AttributeValue::UnitRef(declared)) => Some(unit.entry(declared)?),
            _ => None,
        };
        for attribute in [dw::DW_AT_linkage_name, dw::DW_AT_name] {
            for entry in std::iter::once(entry).chain(&declared) {
                if let Some(value) = entry.attr_value(attribute) {
                    let name = self.dwarf.attr_string(unit, value)?;
                    let is_short = name.len() <= MAX_NAME;
                    return Ok(is_short.then(|| demangle(&name.to_string_lossy())));
                }
            }
        }
        Ok(None)
    }
}
