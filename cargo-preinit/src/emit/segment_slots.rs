//! The slots of the segments of a section. Instructions name segments by their slot.
//!
//! A segment that is kept, or that an instruction names, keeps its slot; if it is gone, the slot gets an empty segment. All other
//! slots are free for new segments.

use crate::guest::index::enumerate;

/// What happens to a segment of the guest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SegmentFate {
    Kept,
    /// It is gone, but an instruction names it and must find an empty segment.
    Emptied,
    Gone,
}

impl SegmentFate {
    pub(super) fn of(is_gone: bool, is_named: bool) -> Self {
        match (is_gone, is_named) {
            (false, _) => Self::Kept,
            (true, true) => Self::Emptied,
            (true, false) => Self::Gone,
        }
    }
}

/// A segment of the output.
pub(super) enum Slot<'a, Segment, New> {
    /// A segment of the guest, unchanged.
    Kept(&'a Segment),
    /// A passive segment without contents, in place of this one.
    Empty(&'a Segment),
    New(New),
}

/// Assigns the slots: the segments of the output in their order.
pub(super) fn fill<Segment, New>(
    segments: &[Segment],
    fate: impl Fn(u32) -> SegmentFate,
    new: impl IntoIterator<Item = New>,
) -> Vec<Slot<'_, Segment, New>> {
    let fates: Vec<SegmentFate> = enumerate(segments).map(|(index, _)| fate(index)).collect();
    let last = fates.iter().rposition(|fate| *fate != SegmentFate::Gone);
    let mut new = new.into_iter();
    let mut slots = Vec::new();
    for (segment, fate) in segments.iter().zip(fates).take(last.map_or(0, |last| last + 1)) {
        slots.push(match fate {
            SegmentFate::Kept => Slot::Kept(segment),
            SegmentFate::Emptied => Slot::Empty(segment),
            SegmentFate::Gone => new.next().map_or(Slot::Empty(segment), Slot::New),
        });
    }
    slots.extend(new.map(Slot::New));
    slots
}
