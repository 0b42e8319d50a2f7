//! What memories start with, by the active data segments.

use std::collections::BTreeMap;

use crate::guest::index::{DataIndex, MemoryIndex, enumerate};
use crate::guest::{GuestModule, SegmentMode, constant};

/// How many of these bytes are not zero.
pub(crate) fn nonzero(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte != 0).count() as u64
}

/// Bytes of a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) start: u64,
    pub(crate) bytes: &'a [u8],
    /// The segment that they come from.
    pub(crate) segment: DataIndex,
}

impl Piece<'_> {
    /// The address behind its last byte.
    pub(crate) fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

/// What a memory starts with. A byte that is in no piece is zero.
#[derive(Debug, Default)]
pub(crate) struct Contents<'a> {
    /// In ascending order of address. No two have a byte in common, and none is empty.
    pub(crate) pieces: Vec<Piece<'a>>,
    /// The segments whose address only the host knows, or whose end has no address.
    pub(crate) elsewhere: Vec<DataIndex>,
}

impl<'a> Contents<'a> {
    /// The contents of a memory after its active segments were copied.
    pub(crate) fn of(module: &GuestModule<'a>, memory: MemoryIndex) -> Self {
        let mut contents = Self::default();
        let mut taken = BTreeMap::new();
        let mut segments: Vec<_> = enumerate(&module.data).collect();
        // Of two segments that overlap, the later one counts.
        segments.reverse();
        for (index, segment) in segments {
            if segment.mode != SegmentMode::Active(memory) {
                continue;
            }
            let index = DataIndex(index);
            let start = segment.offset.as_ref().and_then(constant);
            match start.and_then(|start| Some((start, start.checked_add(segment.bytes.len() as u64)?))) {
                Some((start, end)) => contents.add(&mut taken, (start, end), segment.bytes, index),
                None => contents.elsewhere.push(index),
            }
        }
        contents.pieces.sort_by_key(|piece| piece.start);
        contents.elsewhere.reverse();
        contents
    }

    /// Adds the parts of a segment that are not yet taken. `taken` has the end of each range by its start.
    fn add(
        &mut self,
        taken: &mut BTreeMap<u64, u64>,
        (start, end): (u64, u64),
        bytes: &'a [u8],
        segment: DataIndex,
    ) {
        let mut piece = |from: u64, to: u64| {
            let place = usize::try_from(from - start)
                .ok()
                .zip(usize::try_from(to - start).ok());
            if let Some(bytes) = place.and_then(|(from, to)| bytes.get(from..to))
                && !bytes.is_empty()
            {
                self.pieces.push(Piece {
                    start: from,
                    bytes,
                    segment,
                });
            }
        };
        let mut whole = (start, end);
        let before = taken.range(..start).next_back();
        let mut overlapping: Vec<(u64, u64)> = before
            .filter(|(_, before_end)| **before_end >= start)
            .into_iter()
            .chain(taken.range(start..end))
            .map(|(start, end)| (*start, *end))
            .collect();
        overlapping.sort_unstable();
        let mut from = start;
        for (other_start, other_end) in overlapping {
            piece(from, other_start.max(from));
            from = from.max(other_end.min(end));
            whole = (whole.0.min(other_start), whole.1.max(other_end));
            taken.remove(&other_start);
        }
        piece(from, end);
        if whole.0 < whole.1 {
            taken.insert(whole.0, whole.1);
        }
    }

    /// How many bytes segments set, each counted once.
    pub(crate) fn len(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.bytes.len() as u64).sum()
    }

    /// How many of them are not zero.
    pub(crate) fn nonzero(&self) -> u64 {
        self.pieces.iter().map(|piece| nonzero(piece.bytes)).sum()
    }

    /// The piece that holds an address.
    pub(crate) fn at(&self, address: u64) -> Option<&Piece<'a>> {
        let behind = self.pieces.partition_point(|piece| piece.start <= address);
        let piece = self.pieces.get(behind.checked_sub(1)?)?;
        (address < piece.end()).then_some(piece)
    }

    /// The whole memory up to the last byte that a segment sets; `None` if that is more than `limit` bytes.
    pub(crate) fn flat(&self, limit: usize) -> Option<Vec<u8>> {
        let len = self.pieces.last().map_or(0, Piece::end);
        let len = usize::try_from(len).ok().filter(|len| *len <= limit)?;
        let mut bytes = vec![0; len];
        for piece in &self.pieces {
            // Both ends are at most `len`.
            let start = usize::try_from(piece.start).ok()?;
            bytes[start..start + piece.bytes.len()].copy_from_slice(piece.bytes);
        }
        Some(bytes)
    }

    /// The ranges of addresses whose bytes differ. Ranges with fewer than `gap` equal bytes between them are one.
    pub(crate) fn differences(&self, other: &Self, gap: u64) -> Vec<(u64, u64)> {
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        let mut note = |start: u64, end: u64| match ranges.last_mut() {
            Some((_, last)) if start.saturating_sub(*last) < gap => *last = end,
            _ => ranges.push((start, end)),
        };
        let ends = |contents: &Self| -> Vec<u64> {
            let pieces = contents.pieces.iter();
            pieces.flat_map(|piece| [piece.start, piece.end()]).collect()
        };
        let mut bounds = ends(self);
        bounds.extend(ends(other));
        bounds.sort_unstable();
        bounds.dedup();
        for bound in bounds.windows(2) {
            let (start, end) = (bound[0], bound[1]);
            let (Some(len), ours, theirs) = (
                usize::try_from(end - start).ok(),
                self.part(start, end),
                other.part(start, end),
            ) else {
                continue;
            };
            if ours == theirs {
                continue;
            }
            for (at, place) in (0..len).zip(start..) {
                let byte = |part: Option<&[u8]>| part.map_or(0, |bytes| bytes[at]);
                if byte(ours) != byte(theirs) {
                    note(place, place + 1);
                }
            }
        }
        ranges
    }

    /// The bytes between two addresses that are in one piece.
    fn part(&self, start: u64, end: u64) -> Option<&'a [u8]> {
        let piece = self.at(start)?;
        let from = usize::try_from(start - piece.start).ok()?;
        let to = usize::try_from(end - piece.start).ok()?;
        piece.bytes.get(from..to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(wat: &str) -> Vec<(u64, Vec<u8>, u32)> {
        let wasm = wat::parse_str(wat).expect("it parses");
        let module = GuestModule::parse(&wasm).expect("it is valid");
        let contents = Contents::of(&module, MemoryIndex(0));
        let pieces = contents.pieces.iter();
        pieces
            .map(|piece| (piece.start, piece.bytes.to_vec(), piece.segment.0))
            .collect()
    }

    #[test]
    fn later_segments_count() {
        let found = pieces(
            r#"(module (memory 1)
                 (data (i32.const 4) "aaaaaaaa") (data (i32.const 6) "bb") (data (i32.const 11) "cccc") (data (i32.const 6) "")
                 (data (i32.const 7) "d") (data "passive"))"#,
        );
        let expected: [(u64, &[u8], u32); 5] = [
            (4, b"aa", 0),
            (6, b"b", 1),
            (7, b"d", 4),
            (8, b"aaa", 0),
            (11, b"cccc", 2),
        ];
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for ((start, bytes, segment), expected) in found.iter().zip(expected) {
            assert_eq!((*start, bytes.as_slice(), *segment), expected);
        }
    }

    #[test]
    fn differences_are_ranges() {
        let old =
            wat::parse_str(r#"(module (memory 1) (data (i32.const 4) "abcd\00\00"))"#).expect("it parses");
        let new = wat::parse_str(
            r#"(module (memory 1) (data (i32.const 3) "\00abXd") (data (i32.const 100) "\00\00e"))"#,
        )
        .expect("it parses");
        let [old, new] = [&old, &new].map(|wasm| GuestModule::parse(wasm).expect("it is valid"));
        let [old, new] = [&old, &new].map(|module| Contents::of(module, MemoryIndex(0)));
        assert_eq!(old.differences(&new, 1), [(6, 7), (102, 103)]);
        assert_eq!(old.differences(&new, 1000), [(6, 103)]);
        assert_eq!(old.differences(&old, 1), []);
        assert_eq!(new.at(101).map(|piece| piece.segment), Some(DataIndex(1)));
        assert_eq!(new.at(103), None);
        assert_eq!(new.flat(103).map(|bytes| bytes.len()), Some(103));
        assert_eq!(new.flat(102), None);
    }
}
