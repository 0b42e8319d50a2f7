//! What differs between two snapshots, but for what the guest never reads again.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::guest::Guest;
use crate::guest::index::InstanceId;
use crate::impurity::{Difference, Place, differences};
use crate::options::ScrubHeap;
use crate::scrub::{self, MEMORY};
use crate::snapshot::Snapshot;

/// Compares two snapshots, but for what is dead in both.
pub(super) fn compared(guest: &Guest<'_>, one: &Snapshot, other: &Snapshot) -> Vec<Difference> {
    let mut found = differences(one, other);
    // What is dead takes as long to find as what differs.
    if !found.is_empty() {
        leave_out(&mut found, &dead_in_both(guest, one, other));
    }
    found
}

/// Ranges of the memories 0 of instances, in ascending order.
pub(super) type Dead = BTreeMap<InstanceId, Vec<Range<u64>>>;

/// What the guest never reads again, whichever answers it was given: see [`crate::scrub`](mod@crate::scrub). What the allocator has free is
/// among it, also where it is kept: it says nothing of what init has made.
fn dead_in_both(guest: &Guest<'_>, one: &Snapshot, other: &Snapshot) -> Dead {
    let nodes = scrub::scrubbed(guest);
    let dead = nodes.filter_map(|node| {
        let ranges = |snapshot: &Snapshot| {
            let dead = scrub::dead_in(&node, snapshot.instance(&node), ScrubHeap::Dlmalloc)?;
            Some(dead.ranges())
        };
        Some((node.id, intersection(&ranges(one)?, &ranges(other)?)))
    });
    dead.collect()
}

/// What is in both of two lists of ranges, which are in ascending order and apart from each other.
fn intersection(one: &[Range<u64>], other: &[Range<u64>]) -> Vec<Range<u64>> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut found = Vec::new();
    while let (Some(left), Some(right)) = (one.peek(), other.peek()) {
        let both = left.start.max(right.start)..left.end.min(right.end);
        if left.end <= right.end {
            one.next();
        } else {
            other.next();
        }
        if !both.is_empty() {
            found.push(both);
        }
    }
    found
}

/// Leaves out the bytes that are dead.
pub(super) fn leave_out(found: &mut Vec<Difference>, dead: &Dead) {
    let alive = found.drain(..).flat_map(|difference| match &difference.place {
        Place::Bytes(MEMORY, range) => {
            let dead = dead.get(&difference.instance).map_or(&[][..], Vec::as_slice);
            let rest = without(range, dead).into_iter();
            let rest = rest.map(|range| Difference {
                instance: difference.instance,
                place: Place::Bytes(MEMORY, range),
            });
            rest.collect()
        }
        _ => vec![difference],
    });
    *found = alive.collect();
}

/// What of a range is in none of the others, which are in ascending order.
fn without(range: &Range<u64>, others: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut rest = Vec::new();
    let mut start = range.start;
    let first = others.partition_point(|other| other.end <= range.start);
    for other in others[first..].iter().take_while(|other| other.start < range.end) {
        rest.push(start..other.start.max(start));
        start = other.end.max(start);
    }
    rest.push(start..range.end.max(start));
    rest.retain(|range| !range.is_empty());
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "a list of one range is meant")]
    fn ranges_are_intersected_and_left_out() {
        assert_eq!(
            intersection(&[0..10, 20..30], &[5..25, 28..40]),
            [5..10, 20..25, 28..30]
        );
        assert!(intersection(&[0..10], &[10..20]).is_empty());
        assert_eq!(without(&(0..100), &[10..20, 30..40]), [0..10, 20..30, 40..100]);
        assert_eq!(without(&(15..35), &[0..5, 10..20, 30..40, 50..60]), [20..30]);
        assert!(without(&(12..18), std::slice::from_ref(&(10..20))).is_empty());
        assert_eq!(without(&(0..5), &[]), [0..5]);
    }
}
