//! Memories: sizes, active segments, and the passive ones that init dropped.

use walrus::ir::Value;
use walrus::{ConstExpr, DataKind};

use super::Subject;
use crate::image::Image;
use crate::index::{DataIndex, enumerate};
use crate::module::{Droppable, GuestModule, SegmentMode, is_marked};
use crate::snapshot::Snapshot;

pub(super) fn bake(subject: &mut Subject, guest: &GuestModule<'_>, snapshot: &Snapshot, image: &Image) {
    drop_segments(subject, guest, snapshot);
    for state in &snapshot.memories {
        let id = subject.ids.memories[state.index.position()];
        subject.module.memories.get_mut(id).initial = state.pages;
    }
    for (memory, run) in &image.segments {
        let id = subject.ids.memories[memory.position()];
        let memory = subject.module.memories.get_mut(id);
        let offset = if memory.memory64 {
            Value::I64(run.offset.cast_signed())
        } else {
            let offset = u32::try_from(run.offset).expect("a 32-bit memory has 32-bit offsets");
            Value::I32(offset.cast_signed())
        };
        let kind = DataKind::Active {
            memory: id,
            offset: ConstExpr::Value(offset),
        };
        let segment = subject.module.data.add(kind, run.bytes.clone());
        let memory = subject.module.memories.get_mut(id);
        memory.data_segments.insert(segment);
    }
}

/// Active segments were dropped by instantiation, passive ones by init. What an instruction names must still exist, so
/// it becomes a passive segment without bytes, which behaves the same; anything else goes.
fn drop_segments(subject: &mut Subject, guest: &GuestModule<'_>, snapshot: &Snapshot) {
    for (index, mode) in enumerate(&guest.data) {
        let id = subject.ids.data[index as usize];
        let is_gone = match mode {
            SegmentMode::Active(memory) => {
                let memory = subject.ids.memories[memory.position()];
                let memory = subject.module.memories.get_mut(memory);
                memory.data_segments.remove(&id);
                true
            }
            SegmentMode::Passive | SegmentMode::Declared => {
                snapshot.dropped.contains(&Droppable::Data(DataIndex(index)))
            }
        };
        if !is_gone {
            continue;
        }
        if is_marked(&guest.code.used_data, index) {
            let segment = subject.module.data.get_mut(id);
            segment.kind = DataKind::Passive;
            segment.value = Vec::new();
        } else {
            subject.module.data.delete(id);
        }
    }
}
