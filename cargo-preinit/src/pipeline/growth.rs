//! Why an output is much larger than its input.

use super::profile::kept;
use super::report::{DataSizes, GrownBy, Growth};
use crate::guest::Guest;
use crate::options::{BakeOptions, Impurity, ScrubHeap};
use crate::run::{MemoryOwners, RunSummary};
use crate::scrub::scrub;
use crate::snapshot::Snapshot;

/// An output of more than this many times its input has grown much.
const TIMES: usize = 2;

/// An output that has grown by fewer bytes is small, however many times its input it is.
const LEAST: usize = 64 << 10;

/// How many steps are named.
const NAMED: usize = 3;

/// Whether an output has grown much.
pub(super) fn is_much(before: usize, after: usize) -> bool {
    after > before.saturating_mul(TIMES) && after - before >= LEAST
}

/// Whether it has to be found out which step wrote what: the output will have grown much, and there are several steps.
pub(super) fn needs_owners(
    guest: &Guest<'_>,
    snapshot: &Snapshot,
    summary: &RunSummary,
    options: &BakeOptions,
) -> bool {
    // A lower bound of the output: what has contents in memory comes on top of code, and may replace data.
    let after = usize::try_from(contents(snapshot)).unwrap_or(usize::MAX);
    options.impurity != Impurity::Off && summary.items.len() > 1 && is_much(guest.wasm.len(), after)
}

/// The bytes of memories that are not between runs, which become data.
fn contents(snapshot: &Snapshot) -> u64 {
    let memories = snapshot.instances.iter().flat_map(|instance| &instance.memories);
    let runs = memories.flat_map(|memory| &memory.runs);
    runs.map(|run| run.bytes.len() as u64).sum()
}

/// Why an output has grown. What the allocator has free in it is only told where it was not left out.
pub(super) fn growth(
    guest: &Guest<'_>,
    snapshot: Snapshot,
    summary: &RunSummary,
    owners: Option<&MemoryOwners>,
    data: DataSizes,
    options: &BakeOptions,
) -> Growth {
    let steps = summary.items.iter();
    let mut by: Vec<GrownBy> = match (owners, &summary.items[..]) {
        (_, [only]) => vec![GrownBy {
            step: only.step.clone(),
            bytes: data.after.saturating_sub(data.before),
        }],
        (Some(owners), _) => {
            let (kept, new) = kept(guest, &snapshot, owners, summary.items.len());
            let bytes = new.unwrap_or(kept);
            let all = steps.zip(bytes).map(|(item, bytes)| GrownBy {
                step: item.step.clone(),
                bytes,
            });
            all.filter(|by| by.bytes > 0).collect()
        }
        (None, _) => Vec::new(),
    };
    by.sort_by_key(|by| std::cmp::Reverse(by.bytes));
    by.truncate(NAMED);
    let before = contents(&snapshot);
    // A few bytes between two runs cost less than a segment of its own.
    let filled = data.after.saturating_sub(before);
    let free = match options.scrub_heap {
        ScrubHeap::Off => {
            before.saturating_sub(contents(&scrub(guest, snapshot, ScrubHeap::Dlmalloc).snapshot))
        }
        ScrubHeap::Dlmalloc => 0,
    };
    Growth { by, free, filled }
}
