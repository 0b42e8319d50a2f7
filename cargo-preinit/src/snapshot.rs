//! The state of a guest after init, as plain values.
//!
//! All indices are those of the guest's own index spaces, and no type of the engine occurs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::guest::index::{
    FunctionIndex, GlobalIndex, InstanceId, MemoryIndex, ScopeId, TableIndex, TypeIndex,
};
use crate::guest::{Droppable, Node};

/// The state of a guest.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// By [`InstanceId`].
    pub(crate) instances: Vec<InstanceState>,
    /// The places that hold functions which their instances cannot name, in a component.
    pub(crate) foreign: Vec<Foreign>,
    /// The tables of handles that hold standard streams, in a component.
    pub(crate) streams: BTreeMap<ScopeId, Streams>,
}

/// The handles of a component instance, all of which are of standard streams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Streams {
    /// By the handle less 1. `None` is one that is free.
    pub(crate) slots: Vec<Option<Stream>>,
    /// The handles that are free, the one that is given out first last.
    pub(crate) free: Vec<u32>,
}

/// What a handle is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdin,
    Stdout,
    Stderr,
    /// A subscription to the stream of this handle.
    Pollable(u32),
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdin => "standard input (`wasi:cli/stdin`)",
            Self::Stdout => "standard output (`wasi:cli/stdout`)",
            Self::Stderr => "standard error (`wasi:cli/stderr`)",
            Self::Pollable(_) => "a subscription to a stream (`wasi:io/streams`)",
        })
    }
}

impl Snapshot {
    /// The state of a node's instance.
    #[must_use]
    pub fn instance(&self, node: &Node<'_>) -> &InstanceState {
        &self.instances[node.id.position()]
    }
}

/// A place in an instance that holds a function which the instance does not define or import. Its state has a null there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Foreign {
    /// The instance that has the place.
    pub(crate) instance: InstanceId,
    pub(crate) place: ForeignPlace,
    pub(crate) function: FunctionRef,
}

/// Where a foreign function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ForeignPlace {
    /// In a table, with the slot.
    Slot(TableIndex, u64),
    Global(GlobalIndex),
}

/// The state of one instance.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct InstanceState {
    pub(crate) memories: Vec<MemoryState>,
    /// The globals whose value can differ from their initialiser's, in ascending order of index.
    pub(crate) globals: Vec<GlobalState>,
    /// The tables that init can have changed.
    pub(crate) tables: Vec<TableState>,
    /// The structures and arrays that globals and tables lead to, by [`ObjectIndex`].
    pub(crate) heap: Vec<Object>,
    /// The passive segments that init dropped.
    pub(crate) dropped: BTreeSet<Droppable>,
}

impl InstanceState {
    /// The state of a global, if its value can differ from its initialiser's.
    pub(crate) fn global(&self, index: GlobalIndex) -> Option<&GlobalState> {
        let position = self.globals.binary_search_by_key(&index, |state| state.index);
        Some(&self.globals[position.ok()?])
    }
}

/// A memory: its size, and everything in it that is not zero.
#[derive(Debug, PartialEq, Eq)]
pub struct MemoryState {
    pub(crate) index: MemoryIndex,
    /// Its size in pages of its own page size.
    pub(crate) pages: u64,
    /// In ascending order, with zeros between them; all bytes outside of them are zero.
    pub(crate) runs: Vec<Run>,
}

impl MemoryState {
    /// Four bytes as a little-endian number. Bytes beyond the end of the memory count as zeros.
    pub(crate) fn u32(&self, address: u64) -> u32 {
        let first = self.runs.partition_point(|run| run.end() <= address);
        // Mostly all of them are in one run.
        if let Some(run) = self.runs.get(first)
            && let Some(offset) = address.checked_sub(run.offset)
            && let Some(bytes) = usize::try_from(offset)
                .ok()
                .and_then(|offset| run.bytes.get(offset..))
            && let Some(bytes) = bytes.first_chunk()
        {
            return u32::from_le_bytes(*bytes);
        }
        let mut bytes = [0; 4];
        for (offset, byte) in (0..).zip(&mut bytes) {
            let found = address.checked_add(offset).and_then(|place| {
                let run = self.runs[first..].iter().find(|run| place < run.end())?;
                let position = usize::try_from(place.checked_sub(run.offset)?).ok()?;
                run.bytes.get(position)
            });
            *byte = found.copied().unwrap_or(0);
        }
        u32::from_le_bytes(bytes)
    }
}

/// Consecutive bytes of a memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) offset: u64,
    pub(crate) bytes: Vec<u8>,
}

impl Run {
    pub(crate) fn end(&self) -> u64 {
        self.offset + self.bytes.len() as u64
    }
}

/// A global.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GlobalState {
    pub(crate) index: GlobalIndex,
    pub(crate) value: Value,
}

/// A value with all its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    I32(i32),
    I64(i64),
    /// The bits, since NaNs differ in theirs.
    F32(u32),
    /// The bits, since NaNs differ in theirs.
    F64(u64),
    V128(u128),
    Reference(Reference),
}

/// A reference that a module can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference {
    Null,
    Function(FunctionRef),
    Internal(Internal, Hierarchy),
    /// The reference that an imported immutable global holds, which may be null: see [`External`](crate::guest::External).
    Imported(GlobalIndex, Hierarchy),
}

/// A function of an instance. Two instances of a module have different functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FunctionRef {
    pub(crate) instance: InstanceId,
    pub(crate) index: FunctionIndex,
}

/// A reference that is neither to a function nor to a value of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Internal {
    /// An `i31` number, zero-extended from 31 bits.
    I31(u32),
    Object(ObjectIndex),
}

/// The hierarchy of types that a reference is seen in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hierarchy {
    /// That of `anyref`.
    Any,
    /// That of `externref`.
    Extern,
    /// That of `funcref`.
    Func,
}

/// A structure or an array in [`InstanceState::heap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectIndex(pub(crate) u32);

impl ObjectIndex {
    pub(crate) fn position(self) -> usize {
        self.0 as usize
    }
}

/// A structure or an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) ty: TypeIndex,
    /// The fields, or the elements. Packed ones are zero-extended.
    pub(crate) fields: Vec<Value>,
}

/// A table, slot by slot.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TableState {
    pub(crate) index: TableIndex,
    pub(crate) slots: Vec<Reference>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_be_partly_in_runs() {
        let run = |offset, bytes: &[u8]| Run {
            offset,
            bytes: bytes.to_vec(),
        };
        let memory = MemoryState {
            index: MemoryIndex(0),
            pages: 1,
            runs: vec![run(8, &[1, 2, 3, 4, 5]), run(100, &[6])],
        };
        let cases = [
            (0, 0),
            (6, 0x0201_0000),
            (8, 0x0403_0201),
            (11, 0x0504),
            (13, 0),
            (97, 0x0600_0000),
            (100, 6),
            (u64::MAX, 0),
        ];
        for (address, expected) in cases {
            assert_eq!(memory.u32(address), expected, "{address}");
        }
    }
}
