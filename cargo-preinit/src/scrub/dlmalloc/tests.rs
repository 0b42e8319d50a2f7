use super::*;
use crate::capture::memory::runs;
use crate::guest::index::MemoryIndex;
use crate::options::MemoryScan;

const SIZE: u64 = 65536;
const BINS: u64 = 1024;
const RECORD: u64 = 1500;
const VICTIM_IN_STATE: u64 = 1480;
const TREE_SLOT: u64 = 1400;
const HEAP: u64 = 4096;

/// The bytes of a memory.
struct Image(Vec<u8>);

impl Image {
    fn set(&mut self, address: u64, value: u64) {
        let place = usize::try_from(address).expect("it is small");
        let value = u32::try_from(value).expect("it is a word");
        self.0[place..place + 4].copy_from_slice(&value.to_le_bytes());
    }

    fn get(&self, address: u64) -> u64 {
        let place = usize::try_from(address).expect("it is small");
        u32::from_le_bytes([0, 1, 2, 3].map(|byte| self.0[place + byte])).into()
    }

    fn free(&self) -> Result<Vec<Range<u64>>> {
        let memory = MemoryState {
            index: MemoryIndex(0),
            pages: 1,
            runs: runs(&self.0, MemoryScan::Portable),
        };
        free(&memory, SIZE, HEAP)
    }

    /// Appends a chunk. The flags in its head tell whether the chunk before it is free.
    fn chunk(&mut self, end: &mut u64, size: u64, kind: u32) -> u64 {
        let chunk = *end;
        self.set(chunk + HEAD, size | u64::from(kind));
        if kind & IN_USE == 0 {
            self.set(chunk + size, size);
        }
        *end += size;
        chunk
    }

    fn ring(&mut self, chunks: &[u64]) {
        let next = chunks.iter().cycle().skip(1);
        for (chunk, next) in chunks.iter().zip(next) {
            self.set(chunk + FORWARD, *next);
            self.set(next + BACK, *chunk);
        }
    }
}

const USED: u32 = IN_USE | PREVIOUS_IN_USE;
const AFTER_FREE: u32 = IN_USE;
const FREE: u32 = PREVIOUS_IN_USE;

/// A heap with free chunks of all kinds, the ranges that are free in it, and the words that describe it.
fn heap((alignment, foot): (u64, u64)) -> (Image, Vec<Range<u64>>, BTreeSet<u64>) {
    let mut image = Image(vec![0; 65536]);
    for bin in (0..32).map(|index| BINS + 8 * index) {
        image.ring(&[bin]);
    }
    let mut end = HEAP + alignment - 8;
    let next = &mut end;
    image.chunk(next, 32, USED);
    let small = image.chunk(next, 48, FREE);
    image.chunk(next, 16, AFTER_FREE);
    let other = image.chunk(next, 48, FREE);
    image.chunk(next, 32, AFTER_FREE);
    let large = image.chunk(next, 320, FREE);
    image.chunk(next, 16, AFTER_FREE);
    let child = image.chunk(next, 512, FREE);
    image.chunk(next, 16, AFTER_FREE);
    let same = image.chunk(next, 320, FREE);
    image.chunk(next, 16, AFTER_FREE);
    let victim = image.chunk(next, 64, FREE);
    image.chunk(next, 16, AFTER_FREE);
    let top = end;
    let top_size = 61440 - foot - (top - HEAP);
    image.set(top + HEAD, top_size | 1);
    image.set(top + top_size + HEAD, foot);

    image.ring(&[BINS + 48, small, other]);
    image.ring(&[large, same]);
    image.ring(&[child]);
    image.set(TREE_SLOT, large);
    image.set(large + PARENT, TREE_SLOT);
    image.set(large + CHILDREN[1], child);
    image.set(child + PARENT, large);
    for (position, word) in [victim, 64, top, top_size].into_iter().enumerate() {
        image.set(VICTIM_IN_STATE + 4 * position as u64, word);
    }
    image.set(RECORD, HEAP);
    image.set(RECORD + 4, 61440);

    let ranges = vec![
        small + 16..small + 48,
        other + 16..other + 48,
        large + 32..large + 320,
        child + 32..child + 512,
        same + 32..same + 320,
        victim + 16..victim + 64,
        top + 8..top + top_size,
    ];
    let words = (0..SIZE).step_by(4).filter(|address| image.get(*address) != 0);
    let mut words: BTreeSet<u64> = words.collect();
    // The links of an empty list are not checked, except those of the first two bins.
    let links = |bin: u64| [BINS + 8 * bin + FORWARD, BINS + 8 * bin + BACK];
    for empty in (2..32).filter(|bin| *bin != 6) {
        words.retain(|word| !links(empty).contains(word));
    }
    words.extend([BINS, BINS + 4, RECORD + 8, RECORD + 12, same + PARENT]);
    for range in &ranges {
        image.0[usize::try_from(range.start).expect("it is small")] = 7;
        image.0[usize::try_from(range.end - 1).expect("it is small")] = 7;
    }
    (image, ranges, words)
}

#[test]
fn free_chunks_are_found() {
    for variant in VARIANTS {
        let (image, expected, _) = heap(variant);
        assert_eq!(image.free(), Ok(expected));
    }
}

/// If one bit of a word is wrong, nothing is free.
#[test]
fn one_wrong_word_is_enough() {
    for variant in VARIANTS {
        let (mut image, expected, words) = heap(variant);
        for address in words {
            let right = image.get(address);
            for bit in 0..32 {
                image.set(address, right ^ (1 << bit));
                assert!(image.free().is_err(), "bit {bit} of {address:#x}");
            }
            image.set(address, right);
        }
        assert_eq!(image.free(), Ok(expected));
    }
}

#[test]
fn what_keeps_the_heap_is_told() {
    let (mut image, _, _) = heap(VARIANTS[0]);
    image.set(HEAP + 32 + HEAD, 48);
    let error = image.free().expect_err("its neighbour is in use");
    assert_eq!(
        error.to_string(),
        "what is at 0x1020 is not as the allocator leaves it"
    );
    image.set(RECORD, 0);
    assert_eq!(image.free(), Err(HeapKept::NoSegment { state: BINS }));
    for bin in 0..32 {
        image.ring(&[2 * BINS + 8 * bin]);
    }
    assert_eq!(image.free(), Err(HeapKept::Several));
    assert_eq!(Image(vec![0; 65536]).free(), Err(HeapKept::NotFound));
}

/// If other code has grown the memory, the heap has a second segment, and the first one ends with its record and fences.
#[test]
fn segments_are_followed() {
    let (mut image, mut expected, _) = heap(VARIANTS[0]);
    let top = expected.pop().expect("the top is the last");
    let (start, end) = (top.start - 8, HEAP + 32768);
    // Eight words for the record and its head, and as many fences as fit.
    let record = end - 40;
    image.set(start + HEAD, (record - start) | 1);
    image.set(record, record - start);
    image.set(record + HEAD, 24 | 2);
    for fence in (record + 24 + HEAD..end).step_by(4) {
        image.set(fence, FENCE.into());
    }
    image.ring(&[start]);
    image.set(TREE_SLOT + 4, start);
    image.set(start + PARENT, TREE_SLOT + 4);
    expected.push(start + 32..record);
    // The old record moves into the old segment.
    image.set(record + 8, HEAP);
    image.set(record + 12, 32768);
    let second = HEAP + 40960;
    image.set(RECORD, second);
    image.set(RECORD + 4, 8192);
    image.set(RECORD + 8, record + 8);
    image.set(second + HEAD, (8192 - 40) | 1);
    image.set(second + 8192 - 40 + HEAD, 40);
    image.set(VICTIM_IN_STATE + 8, second);
    image.set(VICTIM_IN_STATE + 12, 8192 - 40);
    expected.push(second + 8..second + 8192 - 40);
    let bytes = usize::try_from(start + 16).expect("it is small");
    image.0[bytes..bytes + 8].fill(0);
    assert_eq!(image.free(), Ok(expected));

    image.set(end - 4, 3);
    assert!(image.free().is_err(), "the last fence is missing");
}
