//! The result of a successful bake: the module, and facts about the run.

use super::memory_map::MemoryMap;
use crate::emit::{Kept, has_world};
use crate::guest::{Guest, Node, SegmentMode};
use crate::image::{Image, Mapping};
use crate::init::START_EXPORT;
use crate::precompile::Artifact;
use crate::run::{RunSummary, Source, Step, is_wasi};
use crate::warning::Warning;

/// A baked module, and a report about its bake.
#[derive(Debug, Clone)]
pub struct Baked {
    /// The module. It is valid, and it holds exactly the state that init left.
    pub wasm: Vec<u8>,
    /// The module compiled for each requested target.
    pub artifacts: Vec<Artifact>,
    /// Facts about the bake.
    pub report: BakeReport,
}

/// Facts about a bake.
#[derive(Debug, Clone)]
pub struct BakeReport {
    /// The functions that ran, for how long, and their use of WASI.
    pub run: RunSummary,
    /// Whether wasmtime will map the module's memories copy-on-write.
    pub mapping: Mapping,
    /// How many functions were removed since only init reached them, or why dead code was kept.
    pub dead_code: Result<usize, Kept>,
    /// Whether the baked module has a start function, for state that no constant expression can express. Each instance runs it.
    pub has_start: bool,
    /// How many bytes of memory were zeroed since the guest no longer reads them: see [`crate::scrub`].
    pub scrubbed: u64,
    /// The size of the input in bytes, in the binary format.
    pub size_before: usize,
    /// The size of the output in bytes.
    pub size_after: usize,
    /// The sizes of the data in the input and the output.
    pub data: DataSizes,
    /// What is where in the memories of the output. Empty unless it was measured: see [`Profile`](crate::Profile).
    pub memories: Vec<MemoryMap>,
    /// What init asked for and its state does not follow from: it ran again with other answers, and left the same.
    pub harmless: Vec<Source>,
    /// Why the output is more than twice as large as the input, and by 64 KiB at least; `None` if it is not.
    pub growth: Option<Growth>,
    /// The adapter that makes a component of the output, which is a core module with types of WIT; `None` if it is something else.
    pub adapter: Option<Adapter>,
    /// Warnings for the user.
    pub warnings: Vec<Warning>,
}

/// What `wasm-tools component new --adapt` needs to make a component of a core module that calls WASI preview 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adapter {
    /// None: it does not call WASI.
    Unneeded,
    /// That for programs.
    Command,
    /// That for libraries.
    Reactor,
}

impl Adapter {
    /// The adapter for a core module.
    pub(super) fn of(guest: &Guest<'_>) -> Option<Self> {
        if guest.around.is_some() || !has_world(&guest.root()) {
            return None;
        }
        let root = guest.root();
        Some(if !root.imports.iter().any(|import| is_wasi(import.module)) {
            Self::Unneeded
        } else if root.exports.iter().any(|export| export.name == START_EXPORT) {
            Self::Command
        } else {
            Self::Reactor
        })
    }
}

/// Why an output is much larger than its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// The steps that wrote most of what was added, the first three; none if that was not measured.
    pub by: Vec<GrownBy>,
    /// By how many bytes its data would be smaller with [`ScrubHeap`](crate::ScrubHeap): what the allocator has free.
    pub free: u64,
    /// How many bytes of its data are zeros that fill gaps: see [`MemoryLayout`](crate::MemoryLayout).
    pub filled: u64,
}

/// A step that made an output larger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrownBy {
    /// The step.
    pub step: Step,
    /// The bytes that it wrote where the input has no data.
    pub bytes: u64,
}

/// The contents of active data segments, in bytes. In a component, those of all instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DataSizes {
    /// Of the input.
    pub before: u64,
    /// Of the output.
    pub after: u64,
}

impl DataSizes {
    /// Adds an instance with this image.
    pub(super) fn add(&mut self, node: &Node<'_>, image: &Image<'_>) {
        self.before += of_guest(node);
        let segments = image.segments.iter();
        self.after += segments.map(|(_, run)| run.bytes.len() as u64).sum::<u64>();
    }

    /// Adds an instance whose module stays as it is.
    pub(super) fn add_unchanged(&mut self, node: &Node<'_>) {
        let bytes = of_guest(node);
        self.before += bytes;
        self.after += bytes;
    }
}

fn of_guest(node: &Node<'_>) -> u64 {
    let active = node
        .data
        .iter()
        .filter(|segment| matches!(segment.mode, SegmentMode::Active(_)));
    active.map(|segment| segment.bytes.len() as u64).sum()
}
