//! Compares two graphs of objects: whether they are the same, with their sharing and their cycles.

use std::collections::BTreeMap;

use crate::snapshot::{Internal, ObjectIndex, Reference, Value};

/// The objects of one heap, each paired with one of another: so that nothing is shared on one side only.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    right_of: BTreeMap<ObjectIndex, ObjectIndex>,
    left_of: BTreeMap<ObjectIndex, ObjectIndex>,
    unread: Vec<(ObjectIndex, ObjectIndex)>,
}

impl Pairs {
    /// Whether two values are the same, where objects are if they are paired, or can be. `others` compares what is no
    /// object.
    pub(crate) fn are_same(
        &mut self,
        left: Value,
        right: Value,
        others: impl FnOnce(Value, Value) -> bool,
    ) -> bool {
        match (left, right) {
            (
                Value::Reference(Reference::Internal(Internal::Object(left), one)),
                Value::Reference(Reference::Internal(Internal::Object(right), other)),
            ) => one == other && self.are_paired(left, right),
            (left, right) => others(left, right),
        }
    }

    fn are_paired(&mut self, left: ObjectIndex, right: ObjectIndex) -> bool {
        match (self.right_of.get(&left), self.left_of.get(&right)) {
            (Some(one), Some(other)) => *one == right && *other == left,
            (None, None) => {
                self.right_of.insert(left, right);
                self.left_of.insert(right, left);
                self.unread.push((left, right));
                true
            }
            _ => false,
        }
    }

    /// A pair whose types and fields nobody has compared yet.
    pub(crate) fn next_unread(&mut self) -> Option<(ObjectIndex, ObjectIndex)> {
        self.unread.pop()
    }
}
