//! The compilers of the engine.

/// A compiler of wasmtime's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Compiler {
    /// Compiles five to nine times faster than Cranelift; its code runs half as fast.
    Winch,
    /// Compiles every module that wasmtime supports.
    Cranelift,
}

impl std::fmt::Display for Compiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Winch => "winch",
            Self::Cranelift => "cranelift",
        })
    }
}
