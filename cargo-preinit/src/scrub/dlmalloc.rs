//! Finds free memory in the heap of Doug Lea's allocator, by the data structures that it keeps in memory.
//!
//! Rust's `dlmalloc` crate, which the standard library uses on `wasm32-unknown-unknown`, and the C original in wasi-libc
//! differ in the order of the fields of their state and in their alignment, and agree in everything else:
//!
//! ```text
//! segment:  chunk chunk chunk .. top, and room for a record at the end
//! chunk:    prev_foot  head = size | IN_USE | PREVIOUS_IN_USE  ..payload..
//! free:     prev_foot  head  forward  back  ......................  (size, as the next one's prev_foot)
//! large:    prev_foot  head  forward  back  child  child  parent  index  ......
//! ```
//!
//! The state is recognised by its small bins: list heads that lead to themselves until they are used, and the first two are
//! never used. From there all structures are followed and have to agree: the chain of chunks from the start of each segment
//! to its end, each free chunk's size at both of its ends, every list and every tree. A free chunk in no list and no tree has
//! to be the *designated victim*, which the state names. If one word is not as the allocator would have left it, nothing is
//! dead.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::snapshot::MemoryState;

/// Why the heap is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeapKept {
    /// There is no memory 0 that init can have used, or it has 64-bit addresses.
    NoMemory,
    /// No allocator's state was found.
    NotFound,
    /// The states of several allocators were found.
    Several,
    /// The allocator's state does not lead to a heap.
    NoSegment {
        /// The address of the state.
        state: u64,
    },
    /// A word is not as the allocator leaves it.
    Damaged {
        /// Its address, or that of its chunk.
        address: u64,
    },
}

impl std::fmt::Display for HeapKept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoMemory => f.write_str("there is no 32-bit memory for it"),
            Self::NotFound => f.write_str("no dlmalloc that was used is in memory 0"),
            Self::Several => f.write_str("more than one dlmalloc is in memory 0"),
            Self::NoSegment { state } => {
                write!(f, "the allocator at {state:#x} has no heap that can be followed")
            }
            Self::Damaged { address } => {
                write!(f, "what is at {address:#x} is not as the allocator leaves it")
            }
        }
    }
}

type Result<T> = std::result::Result<T, HeapKept>;

const PREVIOUS_IN_USE: u32 = 1;
const IN_USE: u32 = 2;
/// The bits of a head that are not part of the size. The third is unused.
const FLAGS: u32 = 7;
/// What fills the end of a segment that is not the newest: the head of a chunk of one word.
const FENCE: u32 = 4 | IN_USE | PREVIOUS_IN_USE;

/// The offsets of a chunk's words.
const HEAD: u64 = 4;
const FORWARD: u64 = 8;
const BACK: u64 = 12;
const CHILDREN: [u64; 2] = [16, 20];
const PARENT: u64 = 24;

/// The size of the smallest chunk in bytes: the words of a free one.
const SMALLEST: u64 = 16;
/// From this size in bytes on, free chunks are in trees.
const LARGE: u64 = 256;
/// The bytes that the words of a free chunk in a tree take.
const LARGE_WORDS: u64 = 32;
const BINS: u64 = 32;
/// Two words for each bin, and two more, since a bin is laid over the array so that its links are where a chunk has them.
const BINS_BYTES: u64 = 8 * (BINS + 1);

/// How far the rest of the state can be from the small bins, in bytes: it takes some 500, and in Rust's allocator the
/// compiler chooses the order of its fields.
const REACH: u64 = 512;

/// A heap gets another segment only if other code grew the memory in between, which is rare.
const MOST_SEGMENTS: usize = 1024;

/// The alignment of chunks, and what stays free behind the newest segment's last chunk, in bytes: room for a segment record
/// and its alignment.
const VARIANTS: [(u64, u64); 2] = [(8, 40), (16, 56)];

/// Finds the bytes of free chunks, in ascending order. `heap_base` is the lowest address that the heap can have.
pub(super) fn free(memory: &MemoryState, size: u64, heap_base: u64) -> Result<Vec<Range<u64>>> {
    let bins = find_bins(memory)?;
    let mut failed = HeapKept::NoSegment { state: bins };
    for record in (bins.saturating_sub(REACH)..bins + REACH).step_by(4) {
        let Some(heap) = Heap::at(memory, size, bins, record) else {
            continue;
        };
        if heap.segments.iter().any(|segment| segment.start < heap_base) {
            continue;
        }
        match heap.free() {
            Ok(ranges) => return Ok(ranges),
            Err(reason) => failed = reason,
        }
    }
    Err(failed)
}

/// The address of the one array of small bins.
fn find_bins(memory: &MemoryState) -> Result<u64> {
    let mut found = None;
    for run in &memory.runs {
        // A run begins and ends with a byte that is not zero: in the middle of a word, or after the array's first two words,
        // which are zero.
        let start = (run.offset & !3).saturating_sub(8);
        let mut bytes: Vec<u8> = (start..run.offset).map(|_| 0).collect();
        bytes.extend_from_slice(&run.bytes);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        let (words, _) = bytes.as_chunks::<4>();
        for (position, window) in words.windows(6).enumerate() {
            let word = |index: usize| u64::from(u32::from_le_bytes(window[index]));
            let address = start + 4 * position as u64;
            // The array begins with two words that are never written.
            let is_unused = word(0) == 0 && word(1) == 0;
            let is_first = word(2) == address && word(3) == address;
            let is_second = word(4) == address + 8 && word(5) == address + 8;
            if is_unused && is_first && is_second && found.replace(address).is_some() {
                return Err(HeapKept::Several);
            }
        }
    }
    found.ok_or(HeapKept::NotFound)
}

/// An allocator's heap, as its state describes it.
struct Heap<'a> {
    memory: &'a MemoryState,
    bins: u64,
    /// The alignment of chunks, in bytes.
    alignment: u64,
    /// How many bytes stay free at the end of the newest segment.
    foot: u64,
    /// The newest first.
    segments: Vec<Range<u64>>,
}

/// The free chunks of a heap.
#[derive(Default)]
struct Free {
    /// The size of each by its address, apart from `top`.
    sizes: BTreeMap<u64, u64>,
    /// The last chunk of the newest segment.
    top: Range<u64>,
    /// The chunks that a list or a tree leads to.
    linked: BTreeSet<u64>,
}

fn damaged<T>(address: u64) -> Result<T> {
    Err(HeapKept::Damaged { address })
}

fn check(is_right: bool, address: u64) -> Result<()> {
    if is_right { Ok(()) } else { damaged(address) }
}

impl<'a> Heap<'a> {
    /// Reads the list of segments from its first record; `None` if the words there cannot be such a list.
    fn at(memory: &'a MemoryState, size: u64, bins: u64, record: u64) -> Option<Self> {
        let word = |address| u64::from(memory.u32(address));
        let mut segments: Vec<Range<u64>> = Vec::new();
        let mut record = record;
        while record != 0 {
            let (start, len, next, flags) = (
                word(record),
                word(record + 4),
                word(record + 8),
                word(record + 12),
            );
            let end = start + len;
            let is_apart = segments
                .iter()
                .all(|other| end <= other.start || other.end <= start);
            if start == 0 || len == 0 || end > size || flags != 0 || !is_apart {
                return None;
            }
            if segments.len() == MOST_SEGMENTS {
                return None;
            }
            // The state is a static of the guest, so it is not in the heap.
            if (start..end).contains(&bins) {
                return None;
            }
            segments.push(start..end);
            record = next;
        }
        let end = segments.first()?.end;
        let (alignment, foot) = VARIANTS
            .into_iter()
            .find(|(_, foot)| end > *foot && word(end - foot + HEAD) == *foot)?;
        Some(Self {
            memory,
            bins,
            alignment,
            foot,
            segments,
        })
    }

    fn word(&self, address: u64) -> u64 {
        u64::from(self.memory.u32(address))
    }

    /// Whether a word of the state, apart from the small bins, has that value.
    fn state_has(&self, value: u64) -> bool {
        let places =
            (self.bins.saturating_sub(REACH)..self.bins).chain(self.bins + BINS_BYTES..self.bins + REACH);
        places.step_by(4).any(|place| self.word(place) == value)
    }

    /// Follows all structures, and returns the free ranges.
    fn free(&self) -> Result<Vec<Range<u64>>> {
        let mut free = Free::default();
        for (position, segment) in self.segments.iter().enumerate() {
            self.walk(segment, position == 0, &mut free)?;
        }
        let top = &free.top;
        check(
            self.state_has(top.start) && self.state_has(top.end - top.start),
            top.start,
        )?;
        for index in 0..BINS {
            // The head of an empty list may still lead to the chunk that was taken from it last.
            if let Ok(chunks) = self.list(self.bins + 8 * index, 8 * index, &free.sizes) {
                free.linked.extend(chunks);
            }
        }
        self.follow_trees(&mut free)?;
        let mut ranges = Vec::new();
        let mut victim = None;
        for (&chunk, &size) in &free.sizes {
            if !free.linked.contains(&chunk) {
                // The designated victim is in no list. There is one at most.
                let is_victim = self.state_has(chunk) && self.state_has(size);
                check(is_victim && victim.replace(chunk).is_none(), chunk)?;
            }
            // The victim has no links, but the words where another chunk has them are kept, to be safe.
            let words = if size < LARGE { SMALLEST } else { LARGE_WORDS };
            ranges.push(chunk + words..chunk + size);
        }
        ranges.push(free.top.start + FORWARD..free.top.end);
        ranges.retain(|range| !range.is_empty());
        ranges.sort_by_key(|range| range.start);
        Ok(ranges)
    }

    /// Walks the chunks of a segment from its start to its end.
    fn walk(&self, segment: &Range<u64>, is_newest: bool, free: &mut Free) -> Result<()> {
        // Payloads are aligned, and a chunk begins two words before its payload.
        let mut chunk = (segment.start + FORWARD).next_multiple_of(self.alignment) - FORWARD;
        let mut previous = IN_USE;
        let mut previous_size = 0;
        loop {
            check(chunk + SMALLEST <= segment.end, chunk)?;
            let head = self.memory.u32(chunk + HEAD);
            let size = u64::from(head & !FLAGS);
            let end = chunk + size;
            let flags = head & FLAGS;
            check((flags & PREVIOUS_IN_USE != 0) == (previous & IN_USE != 0), chunk)?;
            if previous & IN_USE == 0 {
                check(self.word(chunk) == previous_size, chunk)?;
            }
            if head == FENCE && !is_newest {
                let mut fences = (chunk + HEAD..segment.end).step_by(4);
                return check(fences.all(|fence| self.memory.u32(fence) == FENCE), chunk);
            }
            check(flags & !(IN_USE | PREVIOUS_IN_USE) == 0, chunk)?;
            check(size > 0 && size.is_multiple_of(self.alignment), chunk)?;
            check(end < segment.end, chunk)?;
            // No two free chunks are neighbours, so the one before it is in use.
            check(flags != 0, chunk)?;
            if is_newest && end + self.foot == segment.end {
                free.top = chunk..end;
                return check(flags == PREVIOUS_IN_USE, chunk);
            }
            check(size >= SMALLEST, chunk)?;
            if flags & IN_USE == 0 {
                free.sizes.insert(chunk, size);
            }
            (chunk, previous, previous_size) = (end, flags, size);
        }
    }

    /// The chunks of a circular list that begins and ends at `head`, all of one size.
    fn list(&self, head: u64, size: u64, sizes: &BTreeMap<u64, u64>) -> Result<Vec<u64>> {
        let mut chunks = Vec::new();
        let mut previous = head;
        loop {
            let chunk = self.word(previous + FORWARD);
            check(self.word(chunk + BACK) == previous, chunk)?;
            if chunk == head {
                return Ok(chunks);
            }
            check(sizes.get(&chunk) == Some(&size), previous)?;
            check(chunks.len() < sizes.len(), chunk)?;
            chunks.push(chunk);
            previous = chunk;
        }
    }

    /// Follows the trees. Of several chunks of one size, only the first is in the tree itself, and the others are in its
    /// list.
    fn follow_trees(&self, free: &mut Free) -> Result<()> {
        let large = free.sizes.iter().filter(|(_, size)| **size >= LARGE);
        let large: Vec<(u64, u64)> = large.map(|(chunk, size)| (*chunk, *size)).collect();
        let mut others = Vec::new();
        for (chunk, size) in large {
            let parent = self.word(chunk + PARENT);
            let children = |chunk: u64| CHILDREN.map(|child| self.word(chunk + child));
            let is_in_state = parent.abs_diff(self.bins) < REACH;
            let is_child = if free.sizes.contains_key(&parent) {
                children(parent).contains(&chunk)
            } else {
                is_in_state && self.word(parent) == chunk
            };
            if !is_child {
                // It is in the list of another chunk, or in none.
                others.push(chunk);
                continue;
            }
            for child in children(chunk) {
                let is_known = free.sizes.contains_key(&child) && self.word(child + PARENT) == chunk;
                check(child == 0 || is_known, chunk)?;
            }
            for chunk in self.list(chunk, size, &free.sizes)?.into_iter().chain([chunk]) {
                check(free.linked.insert(chunk), chunk)?;
            }
        }
        others.retain(|chunk| free.linked.contains(chunk));
        others
            .into_iter()
            .try_for_each(|chunk| check(self.word(chunk + PARENT) == 0, chunk))
    }
}

#[cfg(test)]
mod tests;
