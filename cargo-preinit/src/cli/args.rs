//! The arguments of the command line, as clap reads them.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::BuildArgs;
use super::values::{
    Denied, in_any_text, parse_allowed, parse_bytes, parse_denied, parse_dir, parse_env, parse_file_name,
    parse_import, parse_mapdir, parse_post_process, parse_rename, parse_seconds, parse_size_budget,
    parse_stack, parse_stub,
};
use super::variant;
use crate::options::{
    AllowedImpurity, AnsweredImport, CompiledFunctions, CompilerChoice, Impurity, InitResult, MappedDir,
    MemoryLayout, OnDenied, Rename, Rewriter, SizeBudget, Stub, StubbedImport,
};
use crate::precompile::{EngineSetting, Target};
use crate::shell::Color;

/// What `cargo build` takes, and what is of no use here.
#[derive(Debug, Args)]
pub(super) struct RefusedArgs {
    #[arg(long, hide = true)]
    tests: bool,
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "")]
    test: Vec<String>,
    #[arg(long, hide = true)]
    benches: bool,
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "")]
    bench: Vec<String>,
    #[arg(long, hide = true)]
    all_targets: bool,
    #[arg(long, hide = true)]
    unit_graph: bool,
}

impl RefusedArgs {
    /// Why one of them that was given is refused.
    pub(super) fn reason(&self) -> Option<&'static str> {
        let are_tests = self.tests || self.benches || !self.test.is_empty() || !self.bench.is_empty();
        if are_tests {
            Some(
                "tests and benchmarks are no guests: build them with `cargo build`, and bake one of the modules with `cargo preinit bake`",
            )
        } else if self.all_targets {
            Some(
                "tests and benchmarks are no guests: `--lib`, `--bins` and `--examples` select all that can be one",
            )
        } else if self.unit_graph {
            Some("`cargo build --unit-graph` shows what cargo would build, and there is nothing to bake then")
        } else {
            None
        }
    }
}

/// The arguments of the commands that build and bake guests.
#[derive(Debug, Args)]
pub(super) struct GuestsArgs {
    #[command(flatten)]
    pub(super) shell: ShellArgs,
    #[command(flatten)]
    pub(super) build: BuildArgs,
    // What of these is given is taken from the matches, so that it can be told from the defaults.
    #[command(flatten)]
    _options: GuestArgs,
    #[command(flatten)]
    pub(super) refused: RefusedArgs,
}

#[derive(Debug, Args)]
pub(super) struct ShellArgs {
    /// Use verbose output
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
    /// Print errors only
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Coloring
    #[arg(long, value_name = "WHEN", value_enum)]
    pub(super) color: Option<Color>,
    /// Error format; `json` writes an object for each event to standard output, with cargo's own between them
    #[arg(long, value_name = "FMT", value_enum, value_delimiter = ',')]
    pub(super) message_format: Vec<MessageFormat>,
}

/// What cargo takes for `--message-format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MessageFormat {
    /// Lines for people
    Human,
    /// The compiler's diagnostics in one line each
    Short,
    /// JSON on standard output, with the compiler's diagnostics
    Json,
    /// JSON; the text in diagnostics is short
    JsonDiagnosticShort,
    /// JSON; the text in diagnostics has colors
    JsonDiagnosticRenderedAnsi,
    /// JSON; the compiler's diagnostics are for people
    JsonRenderDiagnostics,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Bake Options")]
pub(super) struct BakeArgs {
    /// Run this exported function instead of the marked items, with arguments such as `run(1, 2)`; repeat it for several, in
    /// order
    ///
    /// Arguments of a core module are numbers and `null`, those of a component WAVE values, as in `load("en", [1, 2])`.
    /// `interface#function` is a function of an exported instance.
    #[arg(long, value_name = "NAME[(ARGS)]")]
    pub(super) init_func: Vec<String>,
    /// Call this exported function once init has run, as in `render("/")` of a component or `render(1)` of a module; repeat it for several
    ///
    /// What a first call makes, such as caches, is then in the baked module. The export stays, and what the function returns is no status.
    #[arg(long, value_name = "NAME[(ARGS)]")]
    pub(super) warm_up: Vec<String>,
    /// What is made of the `i32`, or of a component's `result`, that an init function returns
    #[arg(long, value_name = "WHAT", value_enum, default_value = "check")]
    pub(super) init_result: InitResult,
    /// Keep the init functions' exports: callable again, or `=empty` for hosts that call them by name once more
    #[arg(long, value_name = "HOW", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "callable")]
    pub(super) keep_init_func: Option<KeptInit>,
    /// Give the export OLD the name NEW once init has run
    // Hidden names and values are those of Wizer.
    #[arg(long, aliases = ["rename-func", "func-rename"], value_name = "NEW=OLD", value_parser = parse_rename)]
    pub(super) rename: Vec<Rename>,
    /// Zero what this allocator has free after init, if its whole heap is as it leaves it
    #[arg(long, value_name = "ALLOCATOR", value_enum)]
    pub(super) scrub_heap: Option<Allocator>,
    /// Let init see an environment variable, with this value or with the one it has here
    #[arg(long, value_name = "NAME[=VALUE]", value_parser = parse_env)]
    pub(super) env: Vec<String>,
    // Wizer's, which takes a value of either.
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "true")]
    pub(super) inherit_env: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "true")]
    pub(super) inherit_stdio: Option<String>,
    // Wizer's, which names the guest's directory first.
    #[arg(long, hide = true, value_name = "GUEST::HOST", value_parser = in_any_text(parse_mapdir))]
    pub(super) mapdir: Vec<MappedDir>,
    /// Let init read a directory
    #[arg(long, value_name = "HOST[::GUEST]", value_parser = in_any_text(parse_dir))]
    pub(super) dir: Vec<MappedDir>,
    /// Give init an argument of the command line; repeat it for several, the program's name first
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    pub(super) arg: Vec<String>,
    /// Have an imported function answer in a way of your own while init runs, or promise that an imported memory is `fresh`; repeat it for
    /// several
    ///
    /// Names are those of the module's imports, as in `--import 'env.abort=zero'`; they may have dots in them. A `*` is any text:
    /// `'env.*=zero'` is all functions of `env` that are not named as a whole. A component's function has its interface's name before it,
    /// as in `--import 'example:shop/prices.load=zero'`. The baked module imports the same. What init makes of the answer is the same in
    /// every instance.
    ///
    /// WHAT is `zero` (it does nothing, and returns zeros or null), `const:NUMBER` (it does nothing, and returns this number), `trap` (a call
    /// stops the bake, also where WASI has the function), `wasi:FUNCTION` (it is this function of WASI preview 1, such as `fd_write`, where
    /// Emscripten has renamed it), or `FILE.wasm[:EXPORT]` (it is an exported function of that module, which imports nothing). A component's
    /// functions take `zero` and `trap`.
    ///
    /// A memory that is `fresh` is all zeros wherever the module is instantiated, belongs to no other instance or import, and init sees it
    /// in the size that the module asks for: the baked module writes to it what init left.
    #[arg(long, value_name = "MODULE.NAME=WHAT", value_parser = parse_import)]
    pub(super) import: Vec<AnsweredImport>,
    /// Have the baked module itself hold an imported function, so that no host has to provide it; repeat it for several
    ///
    /// NAME is that of an import, `MODULE.NAME`, in which a `*` is any text. A call traps, or with `=nosys` returns WASI's error number for
    /// what is not supported, 52. Imports that nothing calls any more are gone. What can still reach the others is a warning. Code that
    /// nothing reaches is removed. Components import what their world says, and keep it.
    #[arg(long, value_name = "MODULE.NAME[=HOW]", value_parser = parse_stub)]
    pub(super) stub: Vec<StubbedImport>,
    /// As `--stub` for all functions of WASI preview 1, if there are any
    #[arg(
        long,
        value_name = "HOW",
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "trap"
    )]
    pub(super) stub_wasi: Option<Stub>,
    /// What is made of state that follows from random numbers, the time, or other answers of the outside that init asked for
    ///
    /// All instances of the baked module share such state. Where init asked for something, it runs again with other answers, once for each
    /// kind, and the warning says which bytes and items differ then. There is none where nothing does. With `off`, the keys of hash maps stay those
    /// of the bake.
    #[arg(long, value_name = "HOW", value_enum, default_value = "warn")]
    pub(super) impurity: Impurity,
    /// What is made of an item that calls an import which does not exist at build time
    #[arg(long, value_name = "HOW", value_enum, default_value = "fail")]
    pub(super) on_denied: OnDenied,
    /// How long a bake may take, from reading the module to writing the result, or each run of `verify` [default: 60 for what
    /// runs; 60, and 20 for each MiB of the module, for the rest]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = parse_seconds)]
    pub(super) timeout: Option<Duration>,
    /// How much memory init may use; the tool itself may use several times as much, 1 GiB, and 100 times the module's size
    #[arg(long, value_name = "BYTES", default_value = "1GiB", allow_negative_numbers = true, value_parser = parse_bytes)]
    pub(super) max_memory: u64,
    /// How many table elements init may use
    #[arg(
        long,
        value_name = "N",
        default_value = "10000000",
        allow_negative_numbers = true
    )]
    pub(super) max_table_elements: u64,
    /// How much stack init's calls may use
    #[arg(long, value_name = "BYTES", default_value = "8MiB", allow_negative_numbers = true, value_parser = parse_stack)]
    pub(super) max_stack: u64,
    /// How much init may print
    #[arg(long, value_name = "BYTES", default_value = "1MiB", allow_negative_numbers = true, value_parser = parse_bytes)]
    pub(super) max_output: u64,
    /// What compiles the module for its run at build time
    #[arg(long, value_name = "COMPILER", value_enum, default_value = "auto")]
    pub(super) compiler: CompilerChoice,
    /// Which functions are compiled for that run
    #[arg(long, value_name = "FUNCTIONS", value_enum, default_value = "auto")]
    pub(super) compile: CompiledFunctions,
}

/// How the exports of init functions are kept.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum KeptInit {
    /// They can be called again
    #[value(alias = "true")]
    Callable,
    /// They do nothing but return what init returned; those of a component can only be some that return nothing
    Empty,
    #[value(name = "false", hide = true)]
    Removed,
}

/// An allocator that is known.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Allocator {
    Dlmalloc,
}

// `verify` has none of these, and takes their `Default`, which does not know clap's default values.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Bake Options")]
pub(super) struct OutputArgs {
    /// Run the baked module beside its original before it is written, and compare
    #[arg(long)]
    pub(super) verify: bool,
    /// Fail the bake if it has a warning of this kind, such as `random` or `clock`, or any, with `warnings`; repeat it for several
    ///
    /// The kinds are those of `code` in what `--message-format json` writes of warnings.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = parse_denied)]
    pub(super) deny: Vec<Denied>,
    /// Let an item keep state that follows from such answers, and say why; repeat it for several
    ///
    /// ITEM is the item's path, or the end of it, as in `--allow-impure 'RULES=the keys need not be secret'`.
    #[arg(long, value_name = "ITEM=REASON", value_parser = parse_allowed)]
    pub(super) allow_impure: Vec<AllowedImpurity>,
    /// Keep the code that only init reached, with every function's index
    #[arg(long)]
    pub(super) keep_dead_code: bool,
    /// How the contents of memories become data segments
    #[arg(long, value_name = "HOW", value_enum, default_value = "auto")]
    pub(super) memory_layout: MemoryLayout,
    /// What writes the baked module
    #[arg(long, value_name = "WHICH", value_enum, default_value = "splice")]
    pub(super) rewriter: Rewriter,
    /// Run a program on the baked module before it is written, such as `wasm-opt -O {input} -o {output}`; repeat it for several, in
    /// order
    ///
    /// Words are separated by spaces. The program reads the file `{input}` and writes `{output}`, which is validated.
    #[arg(long, value_name = "COMMAND", value_parser = parse_post_process)]
    pub(super) post_process: Vec<String>,
    /// Fail the bake if the baked module is larger, and say what makes it large and what would help
    ///
    /// A host's name stands for its limit: `shopify` (256 kB), `workers` or `workers-free` (10 and 3 MB, compressed by gzip).
    #[arg(long, value_name = "BYTES|HOST", allow_negative_numbers = true, value_parser = parse_size_budget)]
    pub(super) check_size: Option<SizeBudget>,
    /// Add a custom section `preinit` that says what was baked
    #[arg(long)]
    pub(super) stamp: bool,
    /// Compile the baked module ahead of time for wasmtime 48: for this machine, to `NAME.cwasm`, or for a target, to
    /// `NAME.TRIPLE.cwasm`, beside the module; repeat it for several
    #[arg(long, value_name = "TRIPLE", num_args = 0..=1, require_equals = true, default_missing_value = "host")]
    pub(super) precompile: Vec<Target>,
    /// What the engine that loads it sets, other than the default; repeat it for several
    #[arg(long, value_name = "SETTING", value_enum)]
    pub(super) precompile_engine: Vec<EngineSetting>,
    /// Write a page about the bake beside the baked module, to `NAME.report.html`: sizes, a map of the memory, what each item did
    ///
    /// The page needs no network and no other file. Each item is measured, so the bake takes longer; the baked module is the same.
    #[arg(long)]
    pub(super) report: bool,
}

/// The options of bakes that manifests can set, too.
#[derive(Debug, Args)]
#[command(next_help_heading = "Bake Options")]
pub(super) struct GuestArgs {
    #[command(flatten)]
    pub(super) bake: BakeArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    /// Bake a variant NAME of each module, and perhaps show its init an environment variable, a directory or an argument; repeat
    /// it
    ///
    /// Each variant is written with its name before the extension. It sees what `--env`, `--dir` and `--arg` show to all, and its own.
    /// WHAT is `env:NAME[=VALUE]`, `dir:HOST[::GUEST]` or `arg:ARG`: `--variant test=env:STAGE=1 --variant test=arg:-v --variant live`
    /// makes two variants.
    #[arg(long, value_name = "NAME[=WHAT]", value_parser = in_any_text(variant::parse))]
    pub(super) variant: Vec<variant::VariantArg>,
    /// Name the baked modules; `{name}` stands for the name of cargo's module without its extension
    #[arg(long, value_name = "NAME", value_parser = parse_file_name)]
    pub(super) output_name: Option<String>,
    /// Keep what init read in `preinit.lock`, beside the workspace's `Cargo.toml`; with `--locked`, fail if it would change
    ///
    /// It has a hash of each file and directory that init read, of each variable that it was shown, and of its arguments.
    #[arg(long)]
    pub(super) lock: bool,
}
