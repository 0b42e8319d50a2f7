//! Finds the bytes of a memory that are not zero.

use std::ops::Range;
use std::slice;

use rayon::iter::{
    IndexedParallelIterator as _, IntoParallelIterator as _, IntoParallelRefIterator as _,
    ParallelIterator as _,
};

use crate::options::MemoryScan;
use crate::snapshot::Run;

/// How many zero bytes end a run. A segment costs some eight bytes of header, and engines copy few long segments faster than
/// many short ones. The image may join more runs, and divides none.
const GAP: usize = 64;

/// How many bytes are tested for zero at once. A chunk has bytes of one run at most, so its first and last non-zero byte are
/// enough.
const CHUNK: usize = GAP;

/// How many bytes one core reads before it takes more: whole chunks.
const PART: usize = 4 << 20;

/// How many runs one core copies before it takes more.
const RUNS_AT_ONCE: usize = 1 << 10;

/// The size in bytes below which a memory is read sooner than the system tells which pages were touched.
#[cfg(target_os = "linux")]
const WORTH_ASKING: usize = 4 << 20;

/// The runs of bytes that are not zero, in ascending order, with fewer than [`GAP`] zero bytes inside.
pub(crate) fn runs(memory: &[u8], scan: MemoryScan) -> Vec<Run> {
    #[cfg(target_os = "linux")]
    if scan == MemoryScan::Auto
        && memory.len() >= WORTH_ASKING
        && let Some(touched) = super::pagemap::touched(memory)
    {
        return runs_in(memory, &touched);
    }
    runs_in(memory, slice::from_ref(&(0..memory.len())))
}

/// Ranges in ascending order outside of which all bytes are zero, and were never written.
pub(crate) fn touched_ranges(memory: &[u8]) -> Vec<Range<usize>> {
    #[cfg(target_os = "linux")]
    if memory.len() >= WORTH_ASKING
        && let Some(touched) = super::pagemap::touched(memory)
    {
        return touched;
    }
    slice::from_ref(&(0..memory.len())).to_vec()
}

/// The runs in these ranges, outside of which all bytes are zero.
fn runs_in(memory: &[u8], ranges: &[Range<usize>]) -> Vec<Run> {
    let parts: Vec<Range<usize>> = ranges.iter().flat_map(parts).collect();
    let found: Vec<Vec<Range<usize>>> = parts.par_iter().map(|part| places_in(memory, part)).collect();
    let mut places: Vec<Range<usize>> = Vec::new();
    for place in found.into_iter().flatten() {
        add(&mut places, place);
    }
    places
        .into_par_iter()
        .with_min_len(RUNS_AT_ONCE)
        .map(|place| Run {
            offset: place.start as u64,
            bytes: memory[place].to_vec(),
        })
        .collect()
}

/// Divides a range between chunks.
fn parts(range: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<> {
    let end = range.end;
    range
        .clone()
        .step_by(PART)
        .map(move |start| start..end.min(start.saturating_add(PART)))
}

/// The runs in one part.
fn places_in(memory: &[u8], part: &Range<usize>) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    for (chunk, number) in memory[part.clone()].chunks(CHUNK).zip(0..) {
        // This compiles to a few vector instructions, where a byte-wise search has one branch for each byte.
        if chunk.iter().fold(0, |any, byte| any | byte) == 0 {
            continue;
        }
        let is_set = |byte: &u8| *byte != 0;
        let base = part.start + number * CHUNK;
        let start = base + chunk.iter().position(is_set).unwrap_or(0);
        let end = base + chunk.iter().rposition(is_set).map_or(0, |last| last + 1);
        add(&mut places, start..end);
    }
    places
}

/// Adds a run, and joins it to the last one if fewer than [`GAP`] zero bytes are between them.
fn add(places: &mut Vec<Range<usize>>, place: Range<usize>) {
    match places.last_mut() {
        Some(last) if place.start - last.end < GAP => last.end = place.end,
        _ => places.push(place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(non_zero: &[usize], expected: &[(u64, usize)]) {
        let mut memory = vec![0; 4096];
        for &position in non_zero {
            memory[position] = 1;
        }
        let found: Vec<(u64, usize)> = runs(&memory, MemoryScan::Portable)
            .iter()
            .map(|run| (run.offset, run.bytes.len()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn runs_reach_over_pages_that_were_not_touched() {
        let mut memory = vec![0; 3 * 64];
        memory[60] = 1;
        memory[130] = 1;
        for ranges in [[0..64, 128..192], [0..128, 128..192]] {
            let found: Vec<u64> = runs_in(&memory, &ranges).iter().map(|run| run.offset).collect();
            assert_eq!(found, [60, 130]);
        }
        memory[123] = 1;
        assert_eq!(runs_in(&memory, &[0..64, 64..192]).len(), 1);
    }

    #[test]
    fn runs_reach_over_parts() {
        let mut memory = vec![0; 2 * PART + 100];
        memory[PART - 1] = 1;
        memory[PART] = 1;
        memory[2 * PART + 1..].fill(1);
        let found: Vec<(u64, usize)> = runs_in(&memory, slice::from_ref(&(1..memory.len())))
            .iter()
            .map(|run| (run.offset, run.bytes.len()))
            .collect();
        assert_eq!(found, [(PART as u64 - 1, 2), (2 * PART as u64 + 1, 99)]);
    }

    #[test]
    fn runs_are_apart_by_the_gap() {
        check(&[], &[]);
        check(&[0], &[(0, 1)]);
        check(&[4095], &[(4095, 1)]);
        check(&[10, 11, 13], &[(10, 4)]);
        check(&[10, 10 + GAP], &[(10, 65)]);
        check(&[10, 11 + GAP], &[(10, 1), (75, 1)]);
    }
}
