//! Which step wrote each byte of a memory last.
//!
//! A second copy of the memory is compared with it after each step. What is zero and was never written takes no space: it has no page.

use std::ops::Range;

/// The size of a page of the comparison, in bytes.
const PAGE: usize = 4096;

/// A step: its position among those that ran, counted from 1. 0 is none of them: the module's segments, or this tool.
pub(crate) type Owner = u16;

/// The step that wrote each byte of a memory last.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    pages: Vec<Option<Box<Page>>>,
}

#[derive(Debug)]
struct Page {
    bytes: [u8; PAGE],
    by: By,
}

/// Who wrote the bytes of a page that are not zero.
#[derive(Debug)]
enum By {
    One(Owner),
    /// The owner of each byte.
    Each(Box<[Owner; PAGE]>),
}

impl By {
    fn set(&mut self, position: usize, owner: Owner) {
        match self {
            Self::One(one) if *one == owner => {}
            Self::One(one) => {
                let mut each = Box::new([*one; PAGE]);
                each[position] = owner;
                *self = Self::Each(each);
            }
            Self::Each(each) => each[position] = owner,
        }
    }
}

impl Page {
    /// Takes over a page of the memory, which may end in it. Returns how many bytes differ.
    fn update(&mut self, memory: &[u8], owner: Owner) -> u64 {
        let mut changed = 0;
        if memory == &self.bytes[..memory.len()] {
            return changed;
        }
        for (position, byte) in memory.iter().enumerate() {
            if self.bytes[position] != *byte {
                self.bytes[position] = *byte;
                self.by.set(position, owner);
                changed += 1;
            }
        }
        changed
    }
}

impl Owners {
    /// Compares a memory with the copy, and takes over what has changed. Outside of the ranges, which are in ascending order, it is zero,
    /// and always was. Returns how many bytes have changed.
    pub(super) fn update(&mut self, memory: &[u8], ranges: &[Range<usize>], owner: Owner) -> u64 {
        let mut changed = 0;
        self.pages.resize_with(memory.len().div_ceil(PAGE), || None);
        let mut next = 0;
        for range in ranges {
            let first = (range.start / PAGE).max(next);
            next = range.end.min(memory.len()).div_ceil(PAGE).max(first);
            for (number, page) in (first..).zip(&mut self.pages[first..next]) {
                let start = number * PAGE;
                let chunk = &memory[start..memory.len().min(start + PAGE)];
                changed += match page {
                    Some(page) => page.update(chunk, owner),
                    // This compiles to a few vector instructions.
                    None if chunk.iter().fold(0, |any, byte| any | byte) == 0 => 0,
                    None => {
                        let fresh = page.insert(Box::new(Page {
                            bytes: [0; PAGE],
                            by: By::One(owner),
                        }));
                        fresh.update(chunk, owner)
                    }
                };
            }
        }
        changed
    }

    /// Begins with a memory of that many bytes, which is zero.
    pub(super) fn zeros(bytes: usize) -> Self {
        let mut pages = Vec::new();
        pages.resize_with(bytes.div_ceil(PAGE), || None);
        Self { pages }
    }

    /// Takes over bytes that this tool wrote, or that are the guest's own. Addresses beyond the end are ignored.
    pub(super) fn wrote(&mut self, address: usize, bytes: &[u8]) {
        for (position, byte) in (address..).zip(bytes) {
            let Some(page) = self.pages.get_mut(position / PAGE) else {
                continue;
            };
            let page = page.get_or_insert_with(|| {
                Box::new(Page {
                    bytes: [0; PAGE],
                    by: By::One(0),
                })
            });
            page.bytes[position % PAGE] = *byte;
            page.by.set(position % PAGE, 0);
        }
    }

    /// The owner of a byte; nobody owns one that is zero.
    pub(crate) fn of(&self, address: u64) -> Owner {
        let page = usize::try_from(address).ok().and_then(|address| {
            let page = self.pages.get(address / PAGE)?.as_ref()?;
            Some((page, address % PAGE))
        });
        match page {
            None => 0,
            Some((page, position)) if page.bytes[position] == 0 => 0,
            Some((page, position)) => match &page.by {
                By::One(owner) => *owner,
                By::Each(each) => each[position],
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(owners: &mut Owners, memory: &[u8], owner: Owner) -> u64 {
        let all = 0..memory.len();
        owners.update(memory, std::slice::from_ref(&all), owner)
    }

    #[test]
    fn the_last_step_that_changes_a_byte_owns_it() {
        let mut memory = vec![0; 3 * PAGE];
        memory[5] = 1;
        let mut owners = Owners::default();
        assert_eq!(update(&mut owners, &memory, 0), 1);
        memory[6] = 2;
        memory[PAGE + 1] = 3;
        memory[PAGE + 2] = 3;
        assert_eq!(update(&mut owners, &memory, 1), 3);
        // Neither is written to.
        assert_eq!(update(&mut owners, &memory, 2), 0);
        memory[PAGE + 2] = 4;
        memory[6] = 0;
        assert_eq!(update(&mut owners, &memory, 3), 2);
        memory.extend([0; PAGE]);
        memory[3 * PAGE + 9] = 1;
        assert_eq!(update(&mut owners, &memory, 4), 1);
        let of = [5, 6, PAGE + 1, PAGE + 2, 3 * PAGE + 9].map(|address| owners.of(address as u64));
        assert_eq!(of, [0, 0, 1, 3, 4]);
        assert_eq!(owners.of(1 << 40), 0);
    }

    #[test]
    fn what_the_tool_writes_is_nobodys() {
        let mut memory = vec![1; PAGE];
        let mut owners = Owners::default();
        update(&mut owners, &memory, 1);
        memory[8..12].copy_from_slice(&[2; 4]);
        owners.wrote(8, &[2; 4]);
        owners.wrote(PAGE - 1, &[1, 1]);
        assert_eq!(update(&mut owners, &memory, 2), 0);
        assert_eq!([7, 8, 11, 12].map(|address| owners.of(address)), [1, 0, 0, 1]);
    }

    #[test]
    fn only_the_ranges_are_read() {
        let mut memory = vec![0; 4 * PAGE];
        memory[PAGE] = 1;
        memory[2 * PAGE + 7] = 1;
        let mut owners = Owners::default();
        let ranges = [PAGE..PAGE + 4, PAGE + 8..PAGE + 16, 2 * PAGE + 4..3 * PAGE];
        assert_eq!(owners.update(&memory, &ranges, 1), 2);
        assert!(owners.pages[0].is_none() && owners.pages[3].is_none());
    }

    #[test]
    fn a_memory_may_end_inside_a_page() {
        let mut owners = Owners::default();
        assert_eq!(update(&mut owners, &[1; 10], 1), 10);
        assert_eq!(update(&mut owners, &[1; 20], 2), 10);
        assert_eq!((owners.of(9), owners.of(10)), (1, 2));
    }
}
