//! The options of a bake.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::leaks::MachineText;
use crate::precompile::settings::Precompile;

mod imports;
mod size_budget;
mod warning_kind;

pub use imports::{AnsweredImport, AnsweringModule, ImportAnswer, Stub, StubbedImport};
pub use size_budget::{Measured, SizeBudget};
pub use warning_kind::WarningKind;

/// How to bake a module. The default is what `cargo preinit bake` does without options, but without a cache of compiled code.
#[derive(Debug, Clone, Default)]
pub struct BakeOptions {
    /// Exported functions to run, in this order: names, or calls such as `run(1, 2)`. If empty, the SDK's items are run, else
    /// Wizer's exports, else what starts the module.
    pub init_functions: Vec<String>,
    /// Exported functions to call once init has run, in this order: calls such as `render("/")`. Their exports stay, and what they return
    /// is no status.
    pub warm_up: Vec<String>,
    /// Whether the init functions' exports are removed, kept or emptied.
    pub keep_init_functions: KeepInit,
    /// Whether what init functions return is checked as a status.
    pub init_result: InitResult,
    /// Exports to rename after init.
    pub renames: Vec<Rename>,
    /// Whether code that nothing reaches after init is removed.
    pub dead_code: DeadCode,
    /// How the contents of memories become segments.
    pub memory_layout: MemoryLayout,
    /// How the output is written.
    pub rewriter: Rewriter,
    /// Whether free memory in the heap is zeroed.
    pub scrub_heap: ScrubHeap,
    /// How the output is checked before it is returned.
    pub check: Check,
    /// Commands that are run on the output in turn, before it is compared with the original, stamped and precompiled. See
    /// [`crate::post_process`](mod@crate::post_process).
    pub post_process: Vec<String>,
    /// How large the output may be. A larger one fails the bake.
    pub size_budget: Option<SizeBudget>,
    /// Whether the output records in a custom section what was baked.
    pub stamp: Stamp,
    /// Whether init may call WASI, and what WASI shows to it.
    pub wasi: Wasi,
    /// Answers for imports that do not exist at build time. They take precedence over an embedder's functions and WASI.
    pub imports: Vec<AnsweredImport>,
    /// Imported functions that the baked module has itself. A core module only, without the code that nothing reaches.
    pub stubs: Vec<StubbedImport>,
    /// Whether init runs again where it asked something of the outside, and what is made of state that follows from the answers.
    pub impurity: Impurity,
    /// Items whose state may follow from what they asked.
    pub allow_impure: Vec<AllowedImpurity>,
    /// Texts of this machine, such as the home directory, which a warning is about if init leaves them in a memory. So it is about secrets
    /// that are known by their form.
    pub machine_texts: Vec<MachineText>,
    /// The kinds of warnings that fail the bake.
    pub deny: Vec<WarningKind>,
    /// What is made of an item that calls an import which does not exist at build time.
    pub on_denied: OnDenied,
    /// The bounds on init's time and resources.
    pub limits: Limits,
    /// The compiler for the run at build time. The output does not depend on it.
    pub compiler: CompilerChoice,
    /// Which functions are compiled for the run at build time. The output does not depend on it.
    pub compile: CompiledFunctions,
    /// The targets for which wasmtime compiles the output ahead of time, and the engine's settings.
    pub precompile: Precompile,
    /// Whether compiled code is cached for the next bake of the same module.
    pub cache: CompilationCache,
    /// How the nonzero bytes of a memory are found.
    pub memory_scan: MemoryScan,
    /// Whether what each step of init does is measured.
    pub profile: Profile,
    /// Whether a report for people is written beside the output.
    pub report: Report,
}

impl BakeOptions {
    /// The files that a bake with these options writes: the images, in the order of their targets, then the module, then the report.
    #[must_use]
    pub fn written(&self, module: &Path) -> Vec<PathBuf> {
        let targets = self.precompile.targets.iter();
        let images = targets.map(|target| target.image_of(module));
        let report = self.report.page_of(module);
        images.chain([module.to_owned()]).chain(report).collect()
    }

    /// Whether a warning of this kind fails the bake.
    pub(crate) fn denies(&self, kind: WarningKind) -> bool {
        self.deny.contains(&kind) || (self.impurity == Impurity::Deny && kind.is_about_answers())
    }

    /// The name in the output of a guest's export.
    pub(crate) fn name_in_output<'a>(&'a self, name: &'a str) -> &'a str {
        let mut renames = self.renames.iter();
        let rename = renames.find(|rename| rename.old == name);
        rename.map_or(name, |rename| rename.new.as_str())
    }
}

/// How the contents of memories become data segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum MemoryLayout {
    /// `compact` for modules of wasm-bindgen, else `mapped`
    #[default]
    Auto,
    /// Zeros fill gaps where wasmtime then maps the memory, so that an instance costs microseconds
    Mapped,
    /// As few bytes as can be
    Compact,
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

/// Whether code that nothing reaches after init is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeadCode {
    /// It is removed if the module allows that: see [`crate::emit`](mod@crate::emit).
    #[default]
    Remove,
    /// It stays, and every function keeps its bytes and its index.
    Keep,
}

/// Whether free memory in the heap is zeroed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScrubHeap {
    /// It stays as init left it.
    #[default]
    Off,
    /// The allocator is Doug Lea's, as in Rust's standard library on `wasm32-unknown-unknown` and in wasi-libc: its free memory
    /// is zeroed, if its whole heap can be parsed in the snapshot. See [`crate::scrub`](mod@crate::scrub).
    Dlmalloc,
}

/// How the output is checked before it is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Check {
    /// The output is validated, and the state that an instance of it starts with is read from it and compared with the snapshot.
    #[default]
    Read,
    /// The output is also run beside the original: see [`crate::verify`](fn@crate::verify).
    Replay,
}

/// Whether the output records in a custom section what was baked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stamp {
    /// No such section is added.
    #[default]
    Omit,
    /// A custom section `preinit` holds as JSON the tool's version, what ran, and what was baked.
    Add,
}

/// Whether the exports of the init functions are removed, kept or emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeepInit {
    /// They are removed, since init has run.
    #[default]
    Remove,
    /// They stay, and can be called again.
    Keep,
    /// They stay, for hosts that call them by name, but export functions that only return what init returned.
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

/// Renames an export after init, from `old` to `new`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The name in the output. An export that has this name in the input is replaced.
    pub new: String,
    /// The name in the input.
    pub old: String,
}

/// Whether init may call WASI (preview 1), and with what.
#[derive(Debug, Clone, Default)]
pub enum Wasi {
    /// A call to WASI stops the bake, like a call to any other import.
    #[default]
    Denied,
    /// WASI has virtual time and a fixed random seed, and only the environment and the files given here.
    Allowed(WasiOptions),
}

/// The part of the build machine that init can see. Empty by default.
#[derive(Debug, Clone, Default)]
pub struct WasiOptions {
    /// Arguments of the program. The program's name is not added; if the guest expects it, it has to be the first.
    pub args: Vec<String>,
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// Read-only directories.
    pub dirs: Vec<MappedDir>,
    /// The guest's standard input.
    pub stdin: Stdin,
    /// The wall clock when init begins, in seconds since the Unix epoch. It saturates at WASI's maximum, 2^64 - 1 nanoseconds. `None`
    /// is the beginning of 2026. It is also the timestamp of all files.
    pub wall_clock_start: Option<u64>,
}

/// A directory of the build machine that the guest can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedDir {
    /// Its path on the build machine.
    pub host: PathBuf,
    /// Its path in the guest.
    pub guest: String,
}

/// The guest's standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stdin {
    /// Empty: a read is at the end at once.
    #[default]
    Closed,
    /// This process's standard input. Each run reads it from its beginning.
    Inherited,
}

/// What is made of state that follows from what init asked of the outside, such as random numbers or the time: it is the same in every
/// instance of the baked module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Impurity {
    /// Init does not run again; a warning says what it asked
    Off,
    /// Init runs again with other answers; a warning says what of its state follows from them
    #[default]
    Warn,
    /// As `warn`, and what follows from them fails the bake
    Deny,
}

/// What is made of an item that calls an import which does not exist at build time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum OnDenied {
    /// The bake fails
    #[default]
    Fail,
    /// The item is left for run time, with a warning, and init runs anew without it
    LeaveLazy,
}

/// An item whose state may follow from what it asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedImpurity {
    /// The item's path, or the end of it from a `::` on; or the name of another step.
    pub item: String,
    /// Why that is as it should be.
    pub reason: String,
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

/// Which functions are compiled at build time. An init runs a small part of a large guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum CompiledFunctions {
    /// `reached` where that takes less time, else `all`
    #[default]
    Auto,
    /// All of them, before init runs
    All,
    /// Each when init reaches it, with some that it calls. Components, modules with structures, arrays or typed references to functions,
    /// and those that call functions of an embedder are compiled as a whole
    Reached,
}

/// Bounds on init, so that it always ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The time for all init functions together.
    pub timeout: Duration,
    /// The bytes of all memories together.
    pub memory_bytes: u64,
    /// The elements of all tables together.
    pub table_elements: u64,
    /// The bytes of stack for the guest's calls.
    pub stack_bytes: usize,
    /// The bytes that init may print to standard output, and to standard error.
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

/// How the nonzero bytes of a memory are found. The output does not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemoryScan {
    /// If the system can tell which pages of a large memory were touched, only these are read.
    #[default]
    Auto,
    /// All bytes are read, as on systems that cannot tell.
    Portable,
}

/// Whether what each step of init does is measured: see [`Figures`](crate::run::Figures). The output does not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Only how long each step takes and what it asks WASI for.
    #[default]
    Off,
    /// Each step's fuel, allocations, and changes of memories, globals and tables as well. The run copy is compiled with counters, memories
    /// are compared after each step, and two copies of what is in them are kept.
    Items,
}

/// Whether a report for people is written beside the output. The subcommand does that; the output does not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Report {
    /// None is.
    #[default]
    Omit,
    /// A page in HTML, which needs no other file.
    Page,
}

impl Report {
    /// Where the report about a module goes, if there is one.
    #[must_use]
    pub fn page_of(self, module: &Path) -> Option<PathBuf> {
        const SUFFIX: &str = "report.html";
        (self == Self::Page).then(|| match module.extension() {
            Some(extension) if extension == "wasm" => module.with_extension(SUFFIX),
            _ => module.with_added_extension(SUFFIX),
        })
    }
}

/// Whether compiled code is cached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CompilationCache {
    /// No code is cached.
    #[default]
    Off,
    /// Code is cached in this directory, which is kept below 1 GiB. The cached code is executed, so no one else may have write access.
    At(PathBuf),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        let matches = |pattern: &str, name: &str| {
            AnsweredImport {
                import: pattern.to_owned(),
                answer: ImportAnswer::Zero,
            }
            .matches(name)
        };
        for (pattern, name) in [
            ("env.*", "env.abort"),
            ("*", "a.b"),
            ("*.now", "env.now"),
            ("a*c*e", "abcde"),
            ("a.b", "a.b"),
            ("a**b", "ab"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("env.*", "enw.abort"),
            ("*.now", "env.nowhere"),
            ("a*c*e", "aec"),
            ("a.b", "a.bc"),
            ("a*ab", "ab"),
            ("", "a.b"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
