//! Finds the pages of a memory that were never written, so that they need not be read.
//!
//! A guest may have a gigabyte and use little of it. Linux tells in [`/proc/self/pagemap`][pagemap] which pages exist: one
//! that is neither present nor swapped out has never been written, and is zero in an anonymous private mapping.
//! `/proc/self/maps` tells which parts are in such mappings. wasmtime maps what a memory has at first from a file, and there
//! missing pages are what the file has.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::ops::Range;

/// The bits of an entry that tell that the page exists: 63 is *present*, 62 *swapped*.
///
/// [pagemap]: https://docs.kernel.org/admin-guide/mm/pagemap.html
const IS_THERE: u64 = 0b11 << 62;

/// The size of an entry in bytes.
const ENTRY: usize = 8;

/// How many entries are read at once.
const BATCH: usize = 1 << 16;

/// The ranges of a memory that may have bytes other than zero, in order; `None` if the system does not tell.
pub(super) fn touched(memory: &[u8]) -> Option<Vec<Range<usize>>> {
    let page = rustix::param::page_size();
    let start = memory.as_ptr().addr();
    let end = start.checked_add(memory.len())?;
    let mapped = mapped_files(start..end)?;
    let first = start / page;
    let pages = end.div_ceil(page) - first;
    let mut pagemap = File::open("/proc/self/pagemap").ok()?;
    let position = u64::try_from(first.checked_mul(ENTRY)?).ok()?;
    pagemap.seek(SeekFrom::Start(position)).ok()?;
    let mut touched: Vec<Range<usize>> = Vec::new();
    let mut entries = vec![0; BATCH.min(pages) * ENTRY];
    let mut done = 0;
    while done < pages {
        let count = BATCH.min(pages - done);
        let entries = &mut entries[..count * ENTRY];
        pagemap.read_exact(entries).ok()?;
        for (entry, number) in entries.chunks_exact(ENTRY).zip(first + done..) {
            let is_there = u64::from_ne_bytes(entry.try_into().ok()?) & IS_THERE != 0;
            let is_mapped = || mapped.iter().any(|file| file.contains(&(number * page)));
            if !is_there && !is_mapped() {
                continue;
            }
            let from = (number * page).max(start) - start;
            let to = ((number + 1) * page).min(end) - start;
            match touched.last_mut() {
                Some(last) if last.end == from => last.end = to,
                _ => touched.push(from..to),
            }
        }
        done += count;
    }
    Some(touched)
}

/// The parts of these addresses that are in private mappings of files, where the others are in private anonymous mappings; `None`
/// if some are in neither.
fn mapped_files(addresses: Range<usize>) -> Option<Vec<Range<usize>>> {
    let maps = BufReader::new(File::open("/proc/self/maps").ok()?);
    let mut covered = addresses.start;
    let mut files = Vec::new();
    // In ascending order: `start-end perms offset device inode path`.
    for line in maps.split(b'\n') {
        let line = line.ok()?;
        let line = String::from_utf8_lossy(&line);
        let mut fields = line.split_ascii_whitespace();
        let (start, end) = fields.next()?.split_once('-')?;
        let start = usize::from_str_radix(start, 16).ok()?;
        let end = usize::from_str_radix(end, 16).ok()?;
        if end <= covered {
            continue;
        }
        let is_private = fields.next()?.ends_with('p');
        let inode = fields.nth(2)?;
        if start > covered || !is_private {
            return None;
        }
        if inode != "0" {
            files.push(start..end);
        }
        covered = end;
        if covered >= addresses.end {
            return Some(files);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    #[test]
    fn what_was_written_is_touched() {
        // Large enough for the allocator to map it by itself.
        let mut memory = vec![0_u8; 64 * MIB];
        memory[5 * MIB + 17] = 1;
        memory[63 * MIB] = 1;
        let touched = touched(&memory).expect("there is a page map");
        let has = |position: usize| touched.iter().any(|range| range.contains(&position));
        assert!(has(5 * MIB + 17) && has(63 * MIB));
        // Where the system uses huge pages, a write touches a whole one.
        let total: usize = touched.iter().map(Range::len).sum();
        assert!(total < 32 * MIB, "{total}");
        assert!(touched.is_sorted_by(|one, next| one.end < next.start));
    }

    #[test]
    fn a_mapped_file_has_contents_where_nothing_was_written() {
        let code = (what_was_written_is_touched as fn() as *const ()).addr();
        let files = mapped_files(code..code + 1).expect("it is mapped");
        assert!(files.len() == 1 && files[0].contains(&code), "{files:?}");
        assert_eq!(mapped_files(16..17), None);
    }
}
