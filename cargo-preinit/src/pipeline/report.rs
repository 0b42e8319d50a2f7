//! The result of a successful bake: the module, and facts about the run.

use super::memory_map::MemoryMap;
use crate::emit::Kept;
use crate::guest::{Node, SegmentMode};
use crate::image::{Image, Mapping};
use crate::precompile::Artifact;
use crate::run::{RunSummary, Source};
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
    /// Warnings for the user.
    pub warnings: Vec<Warning>,
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
