//! What a profile measures of a step: see [`Profile`](crate::Profile).

use crate::instrument::Allocator;

/// What a step did. `None` stands for what is not known: without a profile everything; of a function of a component all but the fuel, since
/// the engine shows no memory of a component between its calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// How much work it was, in wasmtime's units of fuel: about one for each instruction. The compilers count a little differently. `None`
    /// where functions are compiled as init reaches them, which takes fuel of its own.
    pub fuel: Option<u64>,
    /// What it changed in memories.
    pub memory: Option<MemoryFigures>,
    /// How many globals it changed.
    pub globals_changed: Option<u64>,
    /// How many slots of tables it changed or added.
    pub slots_changed: Option<u64>,
    /// Its calls of the allocator, if names tell which functions that is.
    pub allocations: Option<Allocations>,
}

/// What a step changed in memories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryFigures {
    /// How many bytes differ from before.
    pub bytes_changed: u64,
    /// By how many pages the memories grew, in pages of their own sizes.
    pub pages_grown: u64,
    /// How many bytes that are not zero in the output this step was the last to change. `None` until the output is made.
    pub bytes_kept: Option<u64>,
    /// How many of the bytes kept are where the input has no data segment, so that they make the output larger. `None` until the output is
    /// made, or if the place of a segment of the input is no constant.
    pub bytes_added: Option<u64>,
}

/// Calls of the guest's allocator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocations {
    /// Which functions were counted.
    pub by: Allocator,
    /// How many allocations.
    pub allocations: u64,
    /// How many changes of an allocation's size.
    pub reallocations: u64,
    /// How many allocations were given back.
    pub frees: u64,
    /// How many bytes were asked for, those of reallocations included.
    pub bytes_allocated: u64,
    /// How many bytes were given back, those of reallocations included; `None` if the allocator is that of C, which is not told.
    pub bytes_freed: Option<u64>,
}
