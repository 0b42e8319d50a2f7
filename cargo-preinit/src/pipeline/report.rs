//! The result of a successful bake: the module, and facts about the run.

use crate::emit::Kept;
use crate::image::Mapping;
use crate::precompile::Artifact;
use crate::run::RunSummary;
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
    /// Warnings for the user.
    pub warnings: Vec<Warning>,
}
