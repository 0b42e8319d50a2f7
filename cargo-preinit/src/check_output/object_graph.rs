//! Object graph equality: whether two graphs of structs and arrays are the same, with their sharing and their cycles.

use std::collections::BTreeMap;

use crate::snapshot::{Internal, ObjectIndex, Reference, Value};

/// Which object of one heap corresponds to which object of another. The correspondence is one to one, so that an object that is
/// shared in one heap is shared in the other.
#[derive(Debug, Default)]
pub(crate) struct GraphEquality {
    right_of: BTreeMap<ObjectIndex, ObjectIndex>,
    left_of: BTreeMap<ObjectIndex, ObjectIndex>,
    unread: Vec<(ObjectIndex, ObjectIndex)>,
}

impl GraphEquality {
    /// Whether two values are the same. Two objects are if they correspond, or if neither corresponds to an object yet: then
    /// they do from now on. `others` compares other values.
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
            ) => one == other && self.correspond(left, right),
            (left, right) => others(left, right),
        }
    }

    fn correspond(&mut self, left: ObjectIndex, right: ObjectIndex) -> bool {
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

    /// Two corresponding objects whose types and fields have not been compared.
    pub(crate) fn next_unread(&mut self) -> Option<(ObjectIndex, ObjectIndex)> {
        self.unread.pop()
    }
}
