//! Records which segments init dropped, and which it copied from. No instruction can query that, so a flag is set after each
//! `data.drop` and `elem.drop` of a passive segment, and after each instruction that copies from a passive segment of
//! objects.
//!
//! ```wat
//! (data.drop $d)      (data.drop $d)
//!                     (global.set $dropped_d (i32.const 1))
//! ```

use std::collections::BTreeMap;

use wasm_encoder::Instruction;

use super::Additions;
use super::exports::{Injected, export_global};
use crate::guest::index::{ElementIndex, GlobalIndex};
use crate::guest::{Droppable, GuestModule, SegmentMode};

impl Droppable {
    /// The export that tells whether this segment was dropped.
    pub(crate) fn flag(self) -> Injected {
        match self {
            Self::Data(index) => Injected::DroppedData(index),
            Self::Element(index) => Injected::DroppedElement(index),
        }
    }

    /// Active and declared segments are gone once the module is instantiated; dropping them changes nothing.
    fn is_passive(self, module: &GuestModule<'_>) -> bool {
        match self {
            Self::Data(index) => module.data[index.position()].mode == SegmentMode::Passive,
            Self::Element(index) => module.elements[index.position()].mode == SegmentMode::Passive,
        }
    }
}

/// Adds the flags, and returns the segments that have one.
pub(super) fn flag_drops(module: &GuestModule<'_>, additions: &mut Additions) -> Vec<Droppable> {
    let mut flags: BTreeMap<Droppable, GlobalIndex> = BTreeMap::new();
    for site in &module.code.drops {
        if !site.segment.is_passive(module) {
            continue;
        }
        let flag = *flags.entry(site.segment).or_insert_with(|| {
            let flag = additions.flag(module);
            export_global(additions, site.segment.flag(), flag);
            flag
        });
        additions.insert(
            site.end,
            &[Instruction::I32Const(1), Instruction::GlobalSet(flag.0)],
        );
    }
    flags.into_keys().collect()
}

/// Adds a flag for each passive segment that allocates objects, set after each instruction that copies from the segment.
/// Returns these segments.
pub(super) fn flag_uses(module: &GuestModule<'_>, additions: &mut Additions) -> Vec<ElementIndex> {
    let mut flags: BTreeMap<ElementIndex, GlobalIndex> = BTreeMap::new();
    for &(end, index) in &module.code.element_uses {
        let segment = &module.elements[index.position()];
        if segment.mode != SegmentMode::Passive || !segment.allocates {
            continue;
        }
        let flag = *flags.entry(index).or_insert_with(|| {
            let flag = additions.flag(module);
            export_global(additions, Injected::UsedElement(index), flag);
            flag
        });
        additions.insert(end, &[Instruction::I32Const(1), Instruction::GlobalSet(flag.0)]);
    }
    flags.into_keys().collect()
}
