//! What a file's bytes are, as a tree.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::inspect::{DataSize, FunctionSize, Sizes};
use crate::pipeline::{Contents, MemoryMap};

/// What has less than this part of the larger file is not listed by itself.
const SMALLEST: u64 = 2500;

/// A part of a file. Its bytes are those of its parts, if it has some.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) bytes: u64,
    pub(super) parts: Vec<Part>,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Code,
    /// The code of a crate.
    Crate,
    Function,
    Data,
    /// A segment, or what is in segments.
    Segment,
    /// What is zero in segments of the output, between what is not.
    Zeros,
    /// What a step of init left in segments; its position.
    Item(usize),
    /// Custom sections, most of them for people and tools.
    Custom,
    Section,
    /// Parts that are too small to be listed.
    More,
}

impl Part {
    fn leaf(name: impl Into<String>, kind: Kind, bytes: u64) -> Self {
        Self {
            name: name.into(),
            kind,
            bytes,
            parts: Vec::new(),
        }
    }

    /// A part of these, the largest first. Those with less than `smallest` become one.
    fn group(name: impl Into<String>, kind: Kind, mut parts: Vec<Self>, smallest: u64) -> Self {
        let bytes = parts.iter().map(|part| part.bytes).sum();
        let is_small = |part: &Self| part.bytes < smallest;
        let small = parts.iter().filter(|part| is_small(part));
        let (count, rest) = small.fold((0_u64, 0), |(count, rest), part| (count + 1, rest + part.bytes));
        if count > 1 {
            parts.retain(|part| !is_small(part));
        }
        // Those of one size stay in their order, which is that of the file.
        parts.sort_by_key(|part| Reverse(part.bytes));
        if count > 1 {
            parts.push(Self::leaf(format!("{count} more"), Kind::More, rest));
        }
        parts.retain(|part| part.bytes > 0);
        Self {
            name: name.into(),
            kind,
            bytes,
            parts,
        }
    }
}

/// The parts of a file: code, data, custom sections and the others. In the output, `memories` tell which step left what is in its data.
/// `whole` is the size of the larger of two files that are compared.
pub(super) fn of(sizes: &Sizes, memories: Option<&[MemoryMap]>, whole: u64) -> Vec<Part> {
    let smallest = (whole / SMALLEST).max(1);
    let section = |name: &str| {
        let found = sizes.sections.iter().find(|section| section.name == name);
        found.map_or(0, |section| section.bytes)
    };
    let code = code(&sizes.functions, section("code"), smallest);
    let data = data(&sizes.data, memories, section("data"), smallest);
    let mut customs: BTreeMap<&str, u64> = BTreeMap::new();
    for custom in &sizes.customs {
        *customs.entry(&custom.name).or_default() += custom.bytes;
    }
    let customs = customs.into_iter();
    let customs = customs.map(|(name, bytes)| Part::leaf(name, Kind::Section, bytes));
    let others = sizes.sections.iter();
    let others = others.filter(|section| !["code", "data", "custom"].contains(&&*section.name));
    let others = others.map(|section| Part::leaf(&*section.name, Kind::Section, section.bytes));
    let mut all = vec![
        code,
        data,
        Part::group(
            "names and other custom sections",
            Kind::Custom,
            customs.collect(),
            smallest,
        ),
        Part::group("other sections", Kind::Section, others.collect(), smallest),
    ];
    all.retain(|part| part.bytes > 0);
    all
}

fn code(functions: &[FunctionSize], section: u64, smallest: u64) -> Part {
    let mut by_crate: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
    for function in functions {
        let name = function.name.clone();
        let name = name.unwrap_or_else(|| format!("function {}", function.index));
        let of_crate = by_crate.entry(&function.crate_name).or_default();
        of_crate.push(Part::leaf(name, Kind::Function, function.bytes));
    }
    let crates = by_crate.into_iter();
    let mut crates: Vec<Part> = crates
        .map(|(name, functions)| Part::group(name, Kind::Crate, functions, smallest))
        .collect();
    let bodies: u64 = crates.iter().map(|part| part.bytes).sum();
    crates.push(Part::leaf(
        "headers of the code",
        Kind::Section,
        section.saturating_sub(bodies),
    ));
    Part::group("code", Kind::Code, crates, smallest)
}

fn data(segments: &[DataSize], memories: Option<&[MemoryMap]>, section: u64, smallest: u64) -> Part {
    let contents: u64 = segments.iter().map(|segment| segment.bytes).sum();
    let mut parts = memories
        .and_then(|memories| by_owner(segments, memories))
        .unwrap_or_else(|| {
            let parts = segments.iter().map(|segment| {
                let name = segment.name.clone();
                let name = name.unwrap_or_else(|| format!("segment {}", segment.index));
                Part::leaf(name, Kind::Segment, segment.bytes)
            });
            parts.collect()
        });
    parts.push(Part::leaf(
        "headers of the data",
        Kind::Section,
        section.saturating_sub(contents),
    ));
    Part::group("data", Kind::Data, parts, smallest)
}

/// What is in segments that fill memories, by the step that left it. `None` if the memories do not tell that: some bytes are of no memory
/// that is known, as those of passive segments.
fn by_owner(segments: &[DataSize], memories: &[MemoryMap]) -> Option<Vec<Part>> {
    let nonzero: u64 = segments.iter().map(|segment| segment.nonzero).sum();
    let contents: u64 = segments.iter().map(|segment| segment.bytes).sum();
    let mut by_step: BTreeMap<usize, u64> = BTreeMap::new();
    for (contents, bytes) in memories.iter().flat_map(|memory| &memory.amounts) {
        if let Contents::Step(position) = contents {
            *by_step.entry(*position).or_default() += bytes;
        }
    }
    let of_steps: u64 = by_step.values().sum();
    if memories.is_empty() {
        return None;
    }
    let own = nonzero.checked_sub(of_steps)?;
    let steps = by_step.into_iter();
    let mut parts: Vec<Part> = steps
        .map(|(position, bytes)| Part::leaf(format!("item {position}"), Kind::Item(position), bytes))
        .collect();
    parts.push(Part::leaf("the guest's own data", Kind::Segment, own));
    parts.push(Part::leaf("zeros between", Kind::Zeros, contents - nonzero));
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_parts_are_joined() {
        let parts = [5, 1, 9, 2].map(|bytes| Part::leaf(format!("of {bytes}"), Kind::Function, bytes));
        let group = Part::group("all", Kind::Crate, parts.into(), 3);
        let found: Vec<_> = group.parts.iter().map(|part| (&*part.name, part.bytes)).collect();
        assert_eq!(found, [("of 9", 9), ("of 5", 5), ("2 more", 3)]);
        assert_eq!(group.bytes, 17);
        // A single one keeps its name.
        let parts = [5, 1].map(|bytes| Part::leaf(format!("of {bytes}"), Kind::Function, bytes));
        let group = Part::group("all", Kind::Crate, parts.into(), 3);
        assert_eq!(group.parts[1].name, "of 1");
    }

    #[test]
    fn the_parts_are_the_whole_file() {
        let text = r#"(module (memory 1) (data $x (i32.const 8) "abc\00") (func (export "f") (nop)) (func $g (nop) (nop)) (@custom "c" "12"))"#;
        let wasm = wat::parse_str(text).expect("it is valid");
        let sizes = crate::inspect::sizes(&wasm).expect("it can be read");
        let parts = of(&sizes, None, wasm.len() as u64);
        assert_eq!(
            parts.iter().map(|part| part.bytes).sum::<u64>(),
            wasm.len() as u64
        );
        fn check(part: &Part) {
            if !part.parts.is_empty() {
                assert_eq!(
                    part.parts.iter().map(|part| part.bytes).sum::<u64>(),
                    part.bytes,
                    "{part:?}"
                );
            }
            part.parts.iter().for_each(check);
        }
        parts.iter().for_each(check);
    }
}
