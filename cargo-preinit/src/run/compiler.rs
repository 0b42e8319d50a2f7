//! The compilers of the engine.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// A compiler of wasmtime's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Compiler {
    /// Compiles five to nine times faster than Cranelift; its code runs half as fast.
    Winch,
    /// Compiles every module that wasmtime supports.
    Cranelift,
}

impl Compiler {
    /// Compiles something. Winch reports instructions that it does not support; if it panics instead, Cranelift can still compile it.
    pub(super) fn compile<T>(self, work: impl FnOnce() -> wasmtime::Result<T>) -> wasmtime::Result<T> {
        match self {
            Self::Winch => catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|_| Err(wasmtime::Error::msg("it panicked"))),
            Self::Cranelift => work(),
        }
    }
}

impl std::fmt::Display for Compiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Winch => "winch",
            Self::Cranelift => "cranelift",
        })
    }
}
