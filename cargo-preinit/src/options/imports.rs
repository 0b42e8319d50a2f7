//! What becomes of imports: while init runs, and in the baked module.

use std::sync::Arc;

use crate::hash::hash;

/// An import, and its answer at build time. The baked module still imports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredImport {
    /// `MODULE.NAME`, as both are written in the module. Either may contain dots; if the text matches two imports, that is an
    /// error. For functions it may have a `*` for any text: `env.*` is all functions of `env` that no other answer names as a whole.
    pub import: String,
    /// The answer.
    pub answer: ImportAnswer,
}

impl AnsweredImport {
    /// Whether it is for all imports that a pattern matches.
    pub(crate) fn is_pattern(&self) -> bool {
        self.import.contains('*')
    }

    /// Whether it is for the import of this name.
    pub(crate) fn matches(&self, name: &str) -> bool {
        matches(&self.import, name)
    }
}

/// Whether a name is of a pattern, in which a `*` is any text.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        match rest.find(part) {
            Some(start) => rest = &rest[start + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The answer of an import at build time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportAnswer {
    /// A function does nothing, and returns zero for each result, or null for a reference.
    Zero,
    /// A function does nothing, and returns this number, which is parsed as its result's type has it. Of core modules only.
    Const(String),
    /// A call stops init, also of a function that an embedder or WASI provides.
    Trap,
    /// A function does what this function of WASI preview 1 does, as where Emscripten has given it another name. Of core modules only.
    Wasi(String),
    /// A function is one that another module exports. Of core modules only.
    Module(AnsweringModule),
    /// The user promises that each instance of the baked module gets a fresh memory: all zeros, of at least the module's minimum size, and
    /// not passed for another import. So init may use it, and the baked module initialises it with what init left.
    Fresh,
}

/// A module that has a function for an import. It imports nothing, so that its functions compute what they answer of their arguments,
/// and of the calls before. It is instantiated once in each run.
#[derive(Clone, PartialEq, Eq)]
pub struct AnsweringModule {
    /// The name of its file, for messages.
    pub file: String,
    /// Its bytes, in the binary format.
    pub wasm: Arc<[u8]>,
    /// The export; `None` is that of the import's name.
    pub export: Option<String>,
}

impl std::fmt::Display for AnsweringModule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        match &self.export {
            Some(export) => write!(f, ":{export}"),
            None => Ok(()),
        }
    }
}

impl std::fmt::Debug for AnsweringModule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnsweringModule")
            .field("file", &self.file)
            .field("wasm", &hash(&self.wasm))
            .field("export", &self.export)
            .finish()
    }
}

impl ImportAnswer {
    /// The kind of import that it is for, in words.
    pub(crate) fn subject(&self) -> &'static str {
        match self {
            Self::Zero | Self::Const(_) | Self::Trap | Self::Wasi(_) | Self::Module(_) => "a function",
            Self::Fresh => "a memory",
        }
    }
}

impl std::fmt::Display for ImportAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Zero => f.write_str("zero"),
            Self::Const(number) => write!(f, "const:{number}"),
            Self::Trap => f.write_str("trap"),
            Self::Wasi(function) => write!(f, "wasi:{function}"),
            Self::Module(module) => module.fmt(f),
            Self::Fresh => f.write_str("fresh"),
        }
    }
}

/// An imported function that the baked module has itself, so that no host has to provide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StubbedImport {
    /// `MODULE.NAME`, perhaps with a `*` for any text: see [`AnsweredImport::import`].
    pub import: String,
    /// What the function does.
    pub stub: Stub,
}

impl StubbedImport {
    /// The functions of WASI preview 1.
    pub const WASI: &'static str = "wasi_snapshot_preview1.*";

    /// Whether it is for the import of this name.
    pub(crate) fn matches(&self, name: &str) -> bool {
        matches(&self.import, name)
    }
}

/// What a function does in place of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Stub {
    /// A call traps
    #[default]
    Trap,
    /// A call returns WASI's error number for a function that is not supported, 52; where the function returns no `i32`, it traps
    Nosys,
}
