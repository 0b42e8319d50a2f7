use core::alloc::{GlobalAlloc, Layout};
use core::ptr;

use crate::phase::{Phase, phase};

/// An allocator that keeps what items free out of the baked module.
///
/// Initialisation frees much of what it allocates, and freed memory keeps its bytes: they make the baked module larger, and
/// can be read from it. With this around the allocator, freed memory is zero:
///
/// ```
/// # #[cfg(feature = "std")] {
/// use std::alloc::System;
///
/// use preinit_guest::ZeroFreed;
///
/// #[global_allocator]
/// static ALLOCATOR: ZeroFreed<System> = ZeroFreed::new(System);
///
/// assert_eq!(vec![1, 2, 3].len(), 3);
/// # }
/// ```
///
/// It zeroes only while `cargo preinit` runs the items, as [`phase`] tells. Natively and in the baked module it passes
/// everything on, for the cost of one load and one branch when memory is freed or reallocated. It wraps any allocator, and
/// needs no `std`.
///
/// # What it does not reach
///
/// - Memory that is still allocated, such as the spare capacity of a vector: `shrink_to_fit` frees it.
/// - Memory that is freed before the first item runs, such as by constructors, or not through this allocator, such as by C
///   code.
#[derive(Debug, Clone, Copy, Default)]
pub struct ZeroFreed<A>(A);

impl<A> ZeroFreed<A> {
    /// Wraps an allocator.
    #[must_use]
    pub const fn new(inner: A) -> Self {
        Self(inner)
    }
}

impl<A: GlobalAlloc> ZeroFreed<A> {
    /// Zeroes and frees a block. Never inlined, like [`move_block`](Self::move_block): memory is freed in thousands of
    /// places.
    ///
    /// # Safety
    ///
    /// That of [`GlobalAlloc::dealloc`].
    #[cold]
    #[inline(never)]
    unsafe fn zero_and_free(&self, start: *mut u8, layout: Layout) {
        // SAFETY: the block is allocated, and has that many bytes.
        unsafe { zero(start, layout.size()) };
        // SAFETY: the caller holds what the inner allocator asks for.
        unsafe { self.0.dealloc(start, layout) }
    }

    /// Moves a block to a new one. The inner allocator does not tell whether it moves a block, or what it cuts off, so each
    /// block is moved here.
    ///
    /// # Safety
    ///
    /// That of [`GlobalAlloc::realloc`].
    #[cold]
    #[inline(never)]
    unsafe fn move_block(&self, start: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller says that the size is a valid one for the alignment.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: the size is not zero, as the caller says.
        let moved = unsafe { self.0.alloc(new) };
        if !moved.is_null() {
            // SAFETY: both blocks are allocated, and have at least that many bytes.
            unsafe { ptr::copy_nonoverlapping(start, moved, layout.size().min(size)) };
            // SAFETY: the block is the caller's to free.
            unsafe { self.zero_and_free(start, layout) };
        }
        moved
    }
}

// SAFETY: every call is passed on as it is, or as calls that the inner allocator's contract allows as well. What is zeroed
// belongs to the caller until it is freed.
unsafe impl<A: GlobalAlloc> GlobalAlloc for ZeroFreed<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller holds what the inner allocator asks for.
        unsafe { self.0.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the same.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        if phase() == Phase::BeingPreinitialised {
            // SAFETY: the same.
            unsafe { self.zero_and_free(start, layout) }
        } else {
            // SAFETY: the same.
            unsafe { self.0.dealloc(start, layout) }
        }
    }

    #[inline]
    unsafe fn realloc(&self, start: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if phase() == Phase::BeingPreinitialised {
            // SAFETY: the same.
            unsafe { self.move_block(start, layout, size) }
        } else {
            // SAFETY: the same.
            unsafe { self.0.realloc(start, layout, size) }
        }
    }
}

/// Zeroes a block.
///
/// The writes are volatile: a compiler removes plain writes to memory that is about to be freed.
///
/// # Safety
///
/// `len` bytes from `start` on can be written.
unsafe fn zero(start: *mut u8, len: usize) {
    /// The bytes that are written at once. An array of bytes may have any address.
    type Part = [u8; 64];
    let rest = len % size_of::<Part>();
    for offset in (0..len - rest).step_by(size_of::<Part>()) {
        // SAFETY: the offset is below the length.
        let part = unsafe { start.add(offset) }.cast::<Part>();
        // SAFETY: a whole part fits before the rest.
        unsafe { part.write_volatile([0; 64]) };
    }
    for offset in len - rest..len {
        // SAFETY: the offset is below the length.
        let byte = unsafe { start.add(offset) };
        // SAFETY: the same.
        unsafe { byte.write_volatile(0) };
    }
}

#[cfg(test)]
mod tests;
