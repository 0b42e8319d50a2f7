use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::vec::Vec;

use super::*;
use crate::abi;
use crate::exports::PHASE;
use crate::phase::ALONE;

const SIZE: usize = 1024;

/// Hands out its bytes one after the other and takes nothing back, so that freed memory can be read.
struct Arena {
    bytes: UnsafeCell<[u8; SIZE]>,
    used: AtomicUsize,
    reallocated: AtomicUsize,
}

impl Arena {
    fn new() -> ZeroFreed<Self> {
        ZeroFreed::new(Self {
            bytes: UnsafeCell::new([0; SIZE]),
            used: AtomicUsize::new(0),
            reallocated: AtomicUsize::new(0),
        })
    }
}

// SAFETY: no two blocks overlap.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = self.used.fetch_add(layout.size(), Ordering::Relaxed);
        if used + layout.size() > SIZE {
            return ptr::null_mut();
        }
        // SAFETY: the block is in the array.
        unsafe { self.bytes.get().cast::<u8>().add(used) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    unsafe fn realloc(&self, start: *mut u8, _: Layout, _: usize) -> *mut u8 {
        self.reallocated.fetch_add(1, Ordering::Relaxed);
        start
    }
}

/// The bytes of the arena from an address on.
fn bytes(start: *mut u8, len: usize) -> Vec<u8> {
    // SAFETY: the arena takes nothing back.
    unsafe { core::slice::from_raw_parts(start, len) }.to_vec()
}

fn filled(allocator: &ZeroFreed<Arena>, layout: Layout) -> *mut u8 {
    // SAFETY: no layout here is empty.
    let start = unsafe { allocator.alloc(layout) };
    assert!(!start.is_null());
    // SAFETY: the block was allocated.
    unsafe { start.write_bytes(7, layout.size()) };
    start
}

/// Frees a block in a phase, with another block behind it, and returns what its bytes are then.
fn freed(phase: u32, len: usize) -> Vec<u8> {
    let _alone = ALONE.lock();
    PHASE.store(phase, Ordering::Relaxed);
    let allocator = Arena::new();
    let layout = Layout::array::<u8>(len).expect("it is small");
    let start = filled(&allocator, layout);
    let next = filled(&allocator, Layout::new::<u8>());
    // SAFETY: the block was allocated with that layout.
    unsafe { allocator.dealloc(start, layout) };
    PHASE.store(abi::PHASE_PLAIN, Ordering::Relaxed);
    assert_eq!(bytes(next, 1), [7], "the next block is another's");
    bytes(start, len)
}

#[test]
fn what_is_freed_in_the_bake_is_zero() {
    for len in [1, 7, 63, 64, 65, 127, 128, 129, 1000] {
        assert!(
            freed(abi::PHASE_RUNNING, len).iter().all(|byte| *byte == 0),
            "{len}"
        );
        assert!(freed(abi::PHASE_DONE, len).iter().all(|byte| *byte == 7), "{len}");
        assert!(
            freed(abi::PHASE_PLAIN, len).iter().all(|byte| *byte == 7),
            "{len}"
        );
    }
}

#[test]
fn what_is_reallocated_in_the_bake_moves() {
    let _alone = ALONE.lock();
    let allocator = Arena::new();
    let layout = Layout::array::<u8>(100).expect("it is small");
    for size in [70, 200] {
        let start = filled(&allocator, layout);
        PHASE.store(abi::PHASE_RUNNING, Ordering::Relaxed);
        // SAFETY: the block was allocated with that layout.
        let moved = unsafe { allocator.realloc(start, layout, size) };
        PHASE.store(abi::PHASE_PLAIN, Ordering::Relaxed);
        assert_ne!(moved, start);
        assert_eq!(bytes(start, 100), [0; 100]);
        assert_eq!(bytes(moved, size.min(100)), [7; 100][..size.min(100)]);
    }
    assert_eq!(allocator.0.reallocated.load(Ordering::Relaxed), 0);

    let start = filled(&allocator, layout);
    // SAFETY: the block was allocated with that layout.
    let same = unsafe { allocator.realloc(start, layout, 200) };
    assert_eq!((same, bytes(same, 100)), (start, [7; 100].to_vec()));
    assert_eq!(allocator.0.reallocated.load(Ordering::Relaxed), 1);
}

/// A block stays the caller's if there is no room for the new one.
#[test]
fn what_finds_no_room_stays() {
    let _alone = ALONE.lock();
    let allocator = Arena::new();
    let layout = Layout::array::<u8>(100).expect("it is small");
    let start = filled(&allocator, layout);
    PHASE.store(abi::PHASE_RUNNING, Ordering::Relaxed);
    // SAFETY: the block was allocated with that layout.
    let moved = unsafe { allocator.realloc(start, layout, SIZE) };
    PHASE.store(abi::PHASE_PLAIN, Ordering::Relaxed);
    assert!(moved.is_null());
    assert_eq!(bytes(start, 100), [7; 100]);
}
