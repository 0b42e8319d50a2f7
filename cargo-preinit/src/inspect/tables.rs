//! What tables start with, by the active element segments.

use std::collections::BTreeMap;

use serde::Serialize;

use super::expressions::{Value, items_of};
use super::read::FunctionNames;
use crate::guest::index::{TableIndex, enumerate};
use crate::guest::{GuestModule, SegmentMode, constant};

/// A slot of a table, and what it starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// Its number.
    pub slot: u64,
    /// What it holds.
    #[serde(flatten)]
    pub value: Value,
}

/// What a table starts with.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    /// The slots that segments set, in ascending order.
    pub(crate) slots: Vec<Slot>,
    /// The segments whose first slot is not a constant.
    pub(crate) elsewhere: Vec<u32>,
}

impl Slots {
    pub(crate) fn of(module: &GuestModule<'_>, names: &FunctionNames<'_>, table: TableIndex) -> Self {
        let mut slots = BTreeMap::new();
        let mut elsewhere = Vec::new();
        for (index, segment) in enumerate(&module.elements) {
            if segment.mode != SegmentMode::Active(table) {
                continue;
            }
            let Some(first) = segment.offset.as_ref().and_then(constant) else {
                elsewhere.push(index);
                continue;
            };
            // A later segment overwrites what an earlier one set.
            let items = (0_u64..).zip(items_of(&segment.items, names));
            slots.extend(items.map_while(|(place, item)| Some((first.checked_add(place)?, item))));
        }
        let slots = slots.into_iter().map(|(slot, value)| Slot { slot, value });
        Self {
            slots: slots.collect(),
            elsewhere,
        }
    }
}
