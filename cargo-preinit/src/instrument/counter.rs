//! What is counted of a guest's allocator.

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counter {
    Allocations,
    Reallocations,
    Frees,
    BytesAllocated,
    BytesFreed,
}

impl Counter {
    pub(crate) const ALL: [Self; 5] = [
        Self::Allocations,
        Self::Reallocations,
        Self::Frees,
        Self::BytesAllocated,
        Self::BytesFreed,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Allocations => "allocations",
            Self::Reallocations => "reallocations",
            Self::Frees => "frees",
            Self::BytesAllocated => "bytes_allocated",
            Self::BytesFreed => "bytes_freed",
        }
    }
}
