//! The statics that a module's debug information names, and where they are.
//!
//! The format is [DWARF] in custom sections named as those of ELF ([DWARF for WebAssembly]); addresses are those of memory 0. It is a
//! description by whoever made the file: good for names in messages, and for nothing that has to be right.
//!
//! [DWARF]: https://dwarfstd.org/dwarf5std.html
//! [DWARF for WebAssembly]: https://yurydelendik.github.io/webassembly-dwarf/

use std::ops::Range;

use gimli::{
    AttributeValue, DebuggingInformationEntry, Dwarf, EndianSlice, LittleEndian, Operation, Unit, UnitOffset,
    constants as dw,
};
use wasmparser::{Parser, Payload};

use crate::guest::GuestModule;
use crate::text::demangle;

type Reader<'a> = EndianSlice<'a, LittleEndian>;
type Entry<'a> = DebuggingInformationEntry<Reader<'a>>;

/// How many types may lead from a static to one that has a size, such as aliases and arrays. Debug information that is broken may go in
/// circles.
const MAX_TYPES: usize = 16;

/// The statics of a module with their names, in ascending order of address, and apart from each other. There are none where the debug
/// information is missing, and only those before the fault where it is broken.
pub(crate) fn statics(guest: &GuestModule<'_>) -> Vec<(Range<u64>, String)> {
    let sections = sections(guest.wasm);
    let section = |id: gimli::SectionId| -> Result<_, gimli::Error> {
        let section = sections.iter().find(|(name, _)| *name == id.name());
        let bytes = section.map_or(&[][..], |(_, bytes)| bytes);
        Ok(EndianSlice::new(bytes, LittleEndian))
    };
    let mut found = Vec::new();
    if let Ok(dwarf) = Dwarf::load(section) {
        let mut units = dwarf.units();
        while let Ok(Some(header)) = units.next() {
            if let Ok(unit) = dwarf.unit(header) {
                // The statics before a fault stay.
                let _fault = note_statics(&dwarf, &unit, &mut found);
            }
        }
    }
    found.sort_by(|(one, _), (other, _)| (one.start, other.end).cmp(&(other.start, one.end)));
    let mut end = 0;
    found.retain(|(range, _)| {
        let is_apart = range.start >= end;
        end = if is_apart { range.end } else { end };
        is_apart
    });
    found
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

fn note_statics<'a>(
    dwarf: &Dwarf<Reader<'a>>,
    unit: &Unit<Reader<'a>>,
    found: &mut Vec<(Range<u64>, String)>,
) -> gimli::Result<()> {
    let mut entries = unit.entries();
    while let Some(entry) = entries.next_dfs()? {
        if entry.tag() != dw::DW_TAG_variable {
            continue;
        }
        let Some(address) = address(dwarf, unit, entry)? else {
            continue;
        };
        // What the linker left out is at the address 0, or at the last one.
        let end = size(unit, entry)?.and_then(|size| address.checked_add(size));
        if let Some(end) = end.filter(|end| *end > address && address > 0)
            && let Some(name) = name(dwarf, unit, entry)?
        {
            found.push((address..end, name));
        }
    }
    Ok(())
}

/// The address of a variable that is always at the same one.
fn address<'a>(
    dwarf: &Dwarf<Reader<'a>>,
    unit: &Unit<Reader<'a>>,
    entry: &Entry<'a>,
) -> gimli::Result<Option<u64>> {
    let Some(AttributeValue::Exprloc(location)) = entry.attr_value(dw::DW_AT_location) else {
        return Ok(None);
    };
    let mut operations = location.operations(unit.encoding());
    let address = match operations.next()? {
        Some(Operation::Address { address }) => address,
        Some(Operation::AddressIndex { index }) => dwarf.address(unit, index)?,
        _ => return Ok(None),
    };
    // What follows would make another address of it, such as one in the memory of a thread.
    Ok(operations.next()?.is_none().then_some(address))
}

/// The size of a variable in bytes.
fn size<'a>(unit: &Unit<Reader<'a>>, entry: &Entry<'a>) -> gimli::Result<Option<u64>> {
    let mut factor = 1_u64;
    let mut entry = entry.clone();
    for _ in 0..MAX_TYPES {
        if let Some(size) = entry
            .attr_value(dw::DW_AT_byte_size)
            .and_then(|size| size.udata_value())
        {
            return Ok(size.checked_mul(factor));
        }
        if entry.tag() == dw::DW_TAG_array_type {
            let Some(product) = factor.checked_mul(length(unit, entry.offset())?) else {
                return Ok(None);
            };
            factor = product;
        }
        let next = [dw::DW_AT_type, dw::DW_AT_specification].map(|name| entry.attr_value(name));
        let Some(AttributeValue::UnitRef(next)) = next.into_iter().flatten().next() else {
            return Ok(None);
        };
        entry = unit.entry(next)?;
    }
    Ok(None)
}

/// How many elements an array type has.
fn length(unit: &Unit<Reader<'_>>, array: UnitOffset) -> gimli::Result<u64> {
    let mut tree = unit.entries_tree(Some(array))?;
    let mut children = tree.root()?.children();
    let mut length = 1_u64;
    while let Some(child) = children.next()? {
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
fn name<'a>(
    dwarf: &Dwarf<Reader<'a>>,
    unit: &Unit<Reader<'a>>,
    entry: &Entry<'a>,
) -> gimli::Result<Option<String>> {
    let declared = match entry.attr_value(dw::DW_AT_specification) {
        Some(AttributeValue::UnitRef(declared)) => Some(unit.entry(declared)?),
        _ => None,
    };
    for attribute in [dw::DW_AT_linkage_name, dw::DW_AT_name] {
        for entry in std::iter::once(entry).chain(&declared) {
            if let Some(value) = entry.attr_value(attribute) {
                let name = dwarf.attr_string(unit, value)?;
                return Ok(Some(demangle(&name.to_string_lossy())));
            }
        }
    }
    Ok(None)
}
