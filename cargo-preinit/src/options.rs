//! What a bake can be told, apart from the module itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::guest::ImportKind;
use crate::precompile::Precompile;
use crate::run::host::HostFunctions;

/// How to bake a module. `BakeOptions::default()` is what `cargo preinit bake` does without options.
#[derive(Debug, Clone, Default)]
pub struct BakeOptions {
    /// Exported functions to run, in this order, by their names, or by calls such as `run(1, 2)`. Empty: the SDK's items, else
    /// Wizer's exports, else what starts the module.
    pub init_functions: Vec<String>,
    /// What becomes of the init functions' exports.
    pub keep_init_functions: KeepInit,
    /// What is made of what init functions return.
    pub init_result: InitResult,
    /// Exports to move once init has run.
    pub renames: Vec<Rename>,
    /// What becomes of code that nothing reaches any more.
    pub dead_code: DeadCode,
    /// What writes the output.
    pub rewriter: Rewriter,
    /// What becomes of free memory in the heap.
    pub scrub_heap: ScrubHeap,
    /// How the result is checked before it is handed out.
    pub check: Check,
    /// Whether the output says what was baked.
    pub stamp: Stamp,
    /// What init may ask of WASI.
    pub wasi: Wasi,
    /// What imports answer that do not exist at build time. It counts before what WASI would answer.
    pub imports: Vec<AnsweredImport>,
    /// Functions for imports that init may call. They count before what WASI would answer.
    pub host: HostFunctions,
    /// Where init has to stop.
    pub limits: Limits,
    /// What compiles the module for its run at build time. The output does not depend on it.
    pub compiler: CompilerChoice,
    /// For what the output is also compiled ahead of time.
    pub precompile: Precompile,
    /// Whether compiled code is kept for the next bake of the same module.
    pub cache: CompilationCache,
    /// How the bytes of a memory that are not zero are found.
    pub memory_scan: MemoryScan,
}

impl BakeOptions {
    /// The files that a bake with these options writes: the images, in the order of their targets, and last the module.
    #[must_use]
    pub fn written(&self, module: &Path) -> Vec<PathBuf> {
        let targets = self.precompile.targets.iter();
        let images = targets.map(|target| target.image_of(module));
        images.chain([module.to_owned()]).collect()
    }

    /// What an export of the guest is called in the output.
    pub(crate) fn name_in_output<'a>(&'a self, name: &'a str) -> &'a str {
        let mut renames = self.renames.iter();
        let rename = renames.find(|rename| rename.old == name);
        rename.map_or(name, |rename| rename.new.as_str())
    }
}

/// What writes the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Rewriter {
    /// What has not changed is copied: the default
    #[default]
    Splice,
    /// All of it, by the library walrus: slower, and some modules are refused
    Walrus,
}

/// What becomes of code that nothing reaches any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeadCode {
    /// It is removed where that can be done: see [`crate::emit`](mod@crate::emit).
    #[default]
    Remove,
    /// It stays, and every function keeps its bytes and its index.
    Keep,
}

/// What becomes of free memory in the heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScrubHeap {
    /// It is as init left it.
    #[default]
    Off,
    /// The allocator is Doug Lea's, as it is in Rust's standard library on `wasm32-unknown-unknown` and in wasi-libc: what
    /// it has free is zeroed, if all of its heap can be followed from outside. See [`crate::scrub`](mod@crate::scrub).
    Dlmalloc,
}

/// How the result is checked before it is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Check {
    /// The output is validated, and what it starts with is read from it and compared with what was captured.
    #[default]
    Read,
    /// It is also run beside the original: see [`crate::verify`](fn@crate::verify).
    Replay,
}

/// Whether the output says what was baked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stamp {
    /// It does not.
    #[default]
    Omit,
    /// In a custom section `preinit`, as JSON: the tool's version, what ran, and what was baked.
    Add,
}

/// What becomes of the exports of the init functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeepInit {
    /// They are removed: init has run.
    #[default]
    Remove,
    /// They stay, and can be called again.
    Keep,
    /// They stay, for hosts that call them by name, and lead to functions that do nothing but return what init returned.
    Empty,
}

/// What is made of what init functions return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum InitResult {
    /// One `i32` is a status: any other than 0 fails the bake
    #[default]
    Check,
    /// It is no status
    Ignore,
}

/// An export that takes another's name after init: `new` is then what `old` was, and `old` is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The name in the output; an export that had it is replaced.
    pub new: String,
    /// The name in the input.
    pub old: String,
}

/// An import, and what it answers at build time. In the baked module it is what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredImport {
    /// `MODULE.NAME`, as they are written in the module. Either may have dots in it; where that leaves two imports to be meant,
    /// that is an error.
    pub import: String,
    /// The answer.
    pub answer: ImportAnswer,
}

/// What an import answers at build time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportAnswer {
    /// A function does nothing, and returns zero of each type that it returns: null, for references.
    Zero,
    /// A memory is promised to be fresh wherever the baked module is instantiated: all zeros, of the size that the module asks for at
    /// least, and no other import's as well. So init may use it, and the baked module writes to it what init left.
    Fresh,
}

impl ImportAnswer {
    /// What it is an answer for.
    pub(crate) fn subject(self) -> &'static str {
        match self {
            Self::Zero => "a function",
            Self::Fresh => "a memory",
        }
    }

    /// Whether it is an answer for such an import.
    pub(crate) fn is_for(self, kind: ImportKind) -> bool {
        match self {
            Self::Zero => matches!(kind, ImportKind::Function(_)),
            Self::Fresh => matches!(kind, ImportKind::Memory(_)),
        }
    }
}

impl std::fmt::Display for ImportAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Zero => "zero",
            Self::Fresh => "fresh",
        })
    }
}

/// What init may ask of WASI (preview 1).
#[derive(Debug, Clone, Default)]
pub enum Wasi {
    /// Nothing: a call to WASI stops the bake, like a call to any other import.
    #[default]
    Denied,
    /// WASI with virtual time and a fixed random seed, and only the environment and the files given here.
    Allowed(WasiOptions),
}

/// The part of the build machine that init gets to see. Empty by default.
#[derive(Debug, Clone, Default)]
pub struct WasiOptions {
    /// Arguments of the program. The first one is its name, if the guest expects one.
    pub args: Vec<String>,
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// Directories, readable and not writable.
    pub dirs: Vec<MappedDir>,
    /// Where the guest's standard input comes from.
    pub stdin: Stdin,
    /// What the wall clock shows when init begins, in seconds since the Unix epoch; it saturates at what WASI counts, 2^64 - 1
    /// nanoseconds. `None` is the beginning of 2026. It is the time of all files, too.
    pub wall_clock_start: Option<u64>,
}

/// A directory of the build machine that the guest can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedDir {
    /// Where it is on the build machine.
    pub host: PathBuf,
    /// Where the guest sees it.
    pub guest: String,
}

/// Where the guest's standard input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stdin {
    /// Nowhere: it is at its end.
    #[default]
    Closed,
    /// From the process's own. Every run finds it from its beginning.
    Inherited,
}

/// Which of the engine's compilers is used at build time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum CompilerChoice {
    /// Winch, or Cranelift where Winch does not take the module.
    #[default]
    Auto,
    /// Compiles fast, and does not take every module.
    Winch,
    /// Takes every module, and pays where init runs long.
    Cranelift,
}

/// Where init has to stop, so that a bake always ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long everything that init runs may take together.
    pub timeout: Duration,
    /// How many bytes all memories may have together.
    pub memory_bytes: u64,
    /// How many elements all tables may have together.
    pub table_elements: u64,
    /// How many bytes of stack the guest's calls may use.
    pub stack_bytes: usize,
    /// How many bytes init may print to each of standard output and standard error.
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            memory_bytes: 1 << 30,
            table_elements: 10_000_000,
            stack_bytes: 8 << 20,
            output_bytes: 1 << 20,
        }
    }
}

/// How the bytes of a memory that are not zero are found. The output is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemoryScan {
    /// The system is asked which pages of a large memory were touched, where it tells; only these are read.
    #[default]
    Auto,
    /// All bytes are read, as on systems that do not tell.
    Portable,
}

/// Whether compiled code is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CompilationCache {
    /// Nothing is written outside of the bake.
    #[default]
    Off,
    /// In this directory, which is kept below 1 GiB. What is in it is executed: nobody else may write to it.
    At(PathBuf),
}
