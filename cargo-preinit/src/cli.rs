//! Parses the arguments into a [`Request`]. The stages decide what a request means.

mod values;
mod variant;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use camino::Utf8PathBuf;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::call::Call;
use crate::env;
use crate::options::{
    AnsweredImport, BakeOptions, Check, CompilationCache, CompilerChoice, DeadCode, InitResult, KeepInit,
    Limits, MappedDir, MemoryScan, Rename, Rewriter, ScrubHeap, Stamp, Stdin, Wasi, WasiOptions,
};
use crate::precompile::{EngineSetting, Precompile, Target};
use crate::run::host::HostFunctions;
use crate::shell::{Color, Verbosity};

use values::{
    in_any_text, parse_bytes, parse_dir, parse_env, parse_import, parse_path_for_cargo, parse_rename,
    parse_seconds, parse_stack, show,
};
pub use variant::Variant;

/// What the user asked for.
#[derive(Debug)]
pub struct Request {
    /// What is printed, and how.
    pub shell: ShellConfig,
    /// What to do.
    pub task: Task,
}

/// How much to say, and in which colours.
#[derive(Debug, Clone, Copy)]
pub struct ShellConfig {
    /// How much.
    pub verbosity: Verbosity,
    /// Whether to use colours.
    pub color: Color,
}

/// What to do.
#[derive(Debug)]
pub enum Task {
    /// Build the guests with cargo, and bake what was built.
    Guests(Box<GuestsTask>),
    /// Bake one module.
    Module(Box<ModuleTask>),
    /// Compare a baked module with its original.
    Verify(Box<VerifyTask>),
}

/// `cargo preinit`.
#[derive(Debug)]
pub struct GuestsTask {
    /// What is handed to cargo.
    pub build: BuildArgs,
    /// How long the whole bake of each guest may take; by default, a time that depends on its size.
    pub timeout: Option<Duration>,
    /// How to bake.
    pub options: BakeOptions,
}

/// `cargo preinit bake`.
#[derive(Debug)]
pub struct ModuleTask {
    /// The module; `-` is standard input.
    pub input: PathBuf,
    /// Where the result goes; `-` is standard output.
    pub output: PathBuf,
    /// When to bake.
    pub repeat: Repeat,
    /// The variants to bake, each into a file of its own. If empty, one module goes to `output`.
    pub variants: Vec<Variant>,
    /// How long the whole bake may take; by default, a time that depends on the size of the module.
    pub timeout: Option<Duration>,
    /// How to bake.
    pub options: BakeOptions,
}

/// When to bake a module whose output exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Always.
    Always,
    /// If something has changed: see [`crate::fingerprint`].
    IfChanged,
}

/// `cargo preinit verify`.
#[derive(Debug)]
pub struct VerifyTask {
    /// The baked module.
    pub baked: PathBuf,
    /// The module that it was baked from.
    pub original: PathBuf,
    /// What to call on both.
    pub calls: Vec<Call>,
    /// How it was baked.
    pub options: BakeOptions,
}

#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", styles = clap_cargo::style::CLAP_STYLING)]
enum Cargo {
    Preinit(Preinit),
}

/// Build WebAssembly guests and run their initialisation at build time
///
/// Builds the selected packages that depend on `preinit-guest` with cargo, runs the code marked with `#[preinit]`, and
/// writes each module, with the state that it left, to `preinit/` beside the artifact that cargo made.
#[derive(Debug, Args)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Run `cargo preinit bake --help` to bake a module that exists already, and `cargo preinit verify --help` to check one."
)]
struct Preinit {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    shell: ShellArgs,
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    bake: BakeArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    Bake(BakeCommand),
    Verify(VerifyCommand),
}

/// Check that a baked module is what its original is after init
///
/// Runs the original with its init and the baked module as it starts, makes the same calls on both, and compares results,
/// traps, imports called, memories, globals and tables. Give the options that it was baked with.
#[derive(Debug, Args)]
struct VerifyCommand {
    /// The baked module
    #[arg(value_name = "BAKED")]
    baked: PathBuf,
    /// The module that it was baked from
    #[arg(value_name = "ORIGINAL")]
    original: PathBuf,
    /// Call an export on both, such as `f(1, 2.5)`; repeat it for several, in order
    #[arg(long, value_name = "EXPORT(ARGS)", value_parser = str::parse::<Call>)]
    call: Vec<Call>,
    /// Let init and the calls use WASI, as in the bake
    #[arg(long, help_heading = "Bake Options")]
    allow_wasi: bool,
    #[command(flatten)]
    shell: ShellArgs,
    #[command(flatten)]
    bake: BakeArgs,
}

/// Bake a core module of any language
#[derive(Debug, Args)]
struct BakeCommand {
    /// The module, in the binary or the text format; `-` reads standard input
    #[arg(value_name = "INPUT")]
    input: PathBuf,
    /// Where to write the baked module; `-` writes to standard output
    #[arg(short, long, value_name = "OUTPUT")]
    output: PathBuf,
    /// Bake only if the module, the options, a directory of `--dir`, the tool or OUTPUT has changed
    ///
    /// Keeps a fingerprint beside OUTPUT, in `.OUTPUT.fingerprint`. Init finds standard input at its end.
    #[arg(long)]
    if_changed: bool,
    /// Bake a variant NAME, and perhaps show its init an environment variable, a directory or an argument; repeat it
    ///
    /// The module is compiled once. Each variant is written to OUTPUT with its name before the extension, or into the
    /// directory OUTPUT. It sees what `--env`, `--dir` and `--arg` show to all, and its own; standard input is at its end.
    /// `--variant test=env:STAGE=1 --variant test=arg:-v --variant live` makes two variants.
    #[arg(long, value_name = "NAME[=env:NAME=VALUE|=dir:HOST::GUEST|=arg:ARG]", value_parser = in_any_text(variant::parse))]
    variant: Vec<variant::VariantArg>,
    #[command(flatten)]
    check: OutputArgs,
    /// Let init call WASI: virtual time, fixed random seed, no environment, no files, standard input handed through
    ///
    /// Time starts at what the variable `SOURCE_DATE_EPOCH` says, else at the beginning of 2026.
    #[arg(long, help_heading = "Bake Options")]
    allow_wasi: bool,
    #[command(flatten)]
    shell: ShellArgs,
    #[command(flatten)]
    bake: BakeArgs,
}

#[derive(Debug, Clone, Copy, Args)]
struct ShellArgs {
    /// Use verbose output
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Print errors only
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Coloring
    #[arg(long, value_name = "WHEN", value_enum)]
    color: Option<Color>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Bake Options")]
struct BakeArgs {
    /// Run this exported function instead of the marked items, with arguments such as `run(1, 2)`; repeat it for several, in
    /// order
    #[arg(long, value_name = "NAME[(ARGS)]")]
    init_func: Vec<String>,
    /// What is made of the `i32` that an init function returns
    #[arg(long, value_name = "WHAT", value_enum, default_value = "check")]
    init_result: InitResult,
    /// Keep the init functions' exports: callable again, or `=empty` for hosts that call them by name once more
    #[arg(long, value_name = "HOW", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "callable")]
    keep_init_func: Option<KeptInit>,
    /// Give the export OLD the name NEW once init has run
    #[arg(long, value_name = "NEW=OLD", value_parser = parse_rename)]
    rename: Vec<Rename>,
    /// Zero what this allocator has free after init, if its whole heap is as it leaves it
    #[arg(long, value_name = "ALLOCATOR", value_enum)]
    scrub_heap: Option<Allocator>,
    /// Let init see an environment variable, with this value or with the one it has here
    #[arg(long, value_name = "NAME[=VALUE]", value_parser = parse_env)]
    env: Vec<String>,
    /// Let init read a directory
    #[arg(long, value_name = "HOST[::GUEST]", value_parser = in_any_text(parse_dir))]
    dir: Vec<MappedDir>,
    /// Give init an argument of the command line; repeat it for several, the program's name first
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    arg: Vec<String>,
    /// Have an imported function answer with `zero` while init runs, or promise that an imported memory is `fresh`; repeat it for
    /// several
    ///
    /// Names are those of the module's imports, as in `--import 'env.abort=zero'`; they may have dots in them. The baked module
    /// imports the same. What init makes of the answer is the same in every instance. A memory that is `fresh` is all zeros wherever
    /// the module is instantiated, belongs to no other instance or import, and init sees it in the size that the module asks for: the
    /// baked module writes to it what init left.
    #[arg(long, value_name = "MODULE.NAME=WHAT", value_parser = parse_import)]
    import: Vec<AnsweredImport>,
    /// How long a bake may take, from reading the module to writing the result, or each run of `verify` [default: 60 for what
    /// runs; 60, and 20 for each MiB of the module, for the rest]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = parse_seconds)]
    timeout: Option<Duration>,
    /// How much memory init may use; the tool itself may use several times as much, 1 GiB, and 100 times the module's size
    #[arg(long, value_name = "BYTES", default_value = "1GiB", allow_negative_numbers = true, value_parser = parse_bytes)]
    max_memory: u64,
    /// How many table elements init may use
    #[arg(
        long,
        value_name = "N",
        default_value = "10000000",
        allow_negative_numbers = true
    )]
    max_table_elements: u64,
    /// How much stack init's calls may use
    #[arg(long, value_name = "BYTES", default_value = "8MiB", allow_negative_numbers = true, value_parser = parse_stack)]
    max_stack: u64,
    /// How much init may print
    #[arg(long, value_name = "BYTES", default_value = "1MiB", allow_negative_numbers = true, value_parser = parse_bytes)]
    max_output: u64,
    /// What compiles the module for its run at build time
    #[arg(long, value_name = "COMPILER", value_enum, default_value = "auto")]
    compiler: CompilerChoice,
}

/// How the exports of init functions are kept.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum KeptInit {
    /// They can be called again
    Callable,
    /// They do nothing but return what init returned
    Empty,
}

/// An allocator that is known.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Allocator {
    Dlmalloc,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Bake Options")]
struct OutputArgs {
    /// Run the baked module beside its original before it is written, and compare
    #[arg(long)]
    verify: bool,
    /// Keep the code that only init reached, with every function's index
    #[arg(long)]
    keep_dead_code: bool,
    /// What writes the baked module
    #[arg(long, value_name = "WHICH", value_enum, default_value = "splice")]
    rewriter: Rewriter,
    /// Add a custom section `preinit` that says what was baked
    #[arg(long)]
    stamp: bool,
    /// Compile the baked module ahead of time for wasmtime 48: for this machine, to `NAME.cwasm`, or for a target, to
    /// `NAME.TRIPLE.cwasm`, beside the module; repeat it for several
    #[arg(long, value_name = "TRIPLE", num_args = 0..=1, require_equals = true, default_missing_value = "host")]
    precompile: Vec<Target>,
    /// What the engine that loads it sets, other than the default; repeat it for several
    #[arg(long, value_name = "SETTING", value_enum, requires = "precompile")]
    precompile_engine: Vec<EngineSetting>,
}

/// The options of `cargo build` that `cargo preinit` hands on.
#[derive(Debug, Clone, Args, Default)]
pub struct BuildArgs {
    /// Package to build and bake (see `cargo help pkgid`)
    #[arg(short, long, value_name = "SPEC", help_heading = "Package Selection")]
    pub package: Vec<String>,
    /// Build and bake all guests in the workspace
    #[arg(long, visible_alias = "all", help_heading = "Package Selection")]
    pub workspace: bool,
    /// Exclude packages
    #[arg(
        long,
        value_name = "SPEC",
        requires = "workspace",
        help_heading = "Package Selection"
    )]
    pub exclude: Vec<String>,
    /// Only the package's library
    #[arg(long, help_heading = "Target Selection")]
    pub lib: bool,
    /// All binaries
    #[arg(long, help_heading = "Target Selection")]
    pub bins: bool,
    /// Only the specified binary
    #[arg(long, value_name = "NAME", help_heading = "Target Selection")]
    pub bin: Vec<String>,
    /// All examples
    #[arg(long, help_heading = "Target Selection")]
    pub examples: bool,
    /// Only the specified example
    #[arg(long, value_name = "NAME", help_heading = "Target Selection")]
    pub example: Vec<String>,
    /// Space or comma separated list of features to activate
    #[arg(
        short = 'F',
        long,
        value_name = "FEATURES",
        help_heading = "Feature Selection"
    )]
    pub features: Vec<String>,
    /// Activate all available features
    #[arg(long, help_heading = "Feature Selection")]
    pub all_features: bool,
    /// Do not activate the `default` feature
    #[arg(long, help_heading = "Feature Selection")]
    pub no_default_features: bool,
    /// Build artifacts in release mode, with optimizations
    #[arg(short, long, conflicts_with = "profile", help_heading = "Compilation Options")]
    pub release: bool,
    /// Build artifacts with the specified profile
    #[arg(long, value_name = "PROFILE-NAME", help_heading = "Compilation Options")]
    pub profile: Option<String>,
    /// Number of parallel jobs, defaults to # of CPUs
    #[arg(
        short,
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Compilation Options"
    )]
    pub jobs: Option<String>,
    /// Build for the target triple [default: the package's, cargo's, or wasm32-wasip1, but with `wasm-bindgen` and the like
    /// wasm32-unknown-unknown]
    #[arg(long, value_name = "TRIPLE", help_heading = "Compilation Options")]
    pub target: Vec<String>,
    /// Directory for all generated artifacts
    #[arg(long, value_name = "DIRECTORY", value_parser = in_any_text(parse_path_for_cargo), help_heading = "Compilation Options")]
    pub target_dir: Option<Utf8PathBuf>,
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH", value_parser = in_any_text(parse_path_for_cargo), help_heading = "Manifest Options")]
    pub manifest_path: Option<Utf8PathBuf>,
    /// Assert that `Cargo.lock` will remain unchanged
    #[arg(long, help_heading = "Manifest Options")]
    pub locked: bool,
    /// Run without accessing the network
    #[arg(long, help_heading = "Manifest Options")]
    pub offline: bool,
    /// Equivalent to specifying both --locked and --offline
    #[arg(long, help_heading = "Manifest Options")]
    pub frozen: bool,
    /// Override a configuration value
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    pub config: Vec<String>,
    /// Unstable (nightly-only) flags to Cargo
    #[arg(short = 'Z', value_name = "FLAG")]
    pub unstable: Vec<String>,
}

/// Reads the arguments of the process.
///
/// # Errors
///
/// clap's error; help and version are among them.
pub fn parse(args: impl IntoIterator<Item = OsString>, color: Color) -> Result<Request, clap::Error> {
    let choice = match color {
        Color::Auto => clap::ColorChoice::Auto,
        Color::Always => clap::ColorChoice::Always,
        Color::Never => clap::ColorChoice::Never,
    };
    let matches = Cargo::command().color(choice).try_get_matches_from(args)?;
    let Cargo::Preinit(preinit) = Cargo::from_arg_matches(&matches)?;
    match preinit.command {
        None => Ok(Request {
            shell: shell(preinit.shell, color),
            task: Task::Guests(Box::new(GuestsTask {
                timeout: preinit.bake.timeout,
                build: preinit.build,
                // Rust's std draws random numbers from WASI for its hash maps, so few guests would run without it.
                options: options(preinit.bake, preinit.output, "bake", Allow::Wasi(Stdin::Closed))?,
            })),
        }),
        Some(Command::Verify(command)) => {
            let allow = if command.allow_wasi {
                Allow::Wasi(Stdin::Closed)
            } else {
                Allow::Nothing
            };
            Ok(Request {
                shell: shell(command.shell, color),
                task: Task::Verify(Box::new(VerifyTask {
                    baked: command.baked,
                    original: command.original,
                    calls: command.call,
                    options: options(command.bake, OutputArgs::default(), "verify", allow)?,
                })),
            })
        }
        Some(Command::Bake(command)) => {
            let repeat = match command.if_changed {
                true => Repeat::IfChanged,
                false => Repeat::Always,
            };
            if command.output.as_os_str() == "-" && !command.check.precompile.is_empty() {
                return Err(usage(
                    "bake",
                    clap::error::ErrorKind::ArgumentConflict,
                    "`--precompile` writes files beside the output, and standard output has no place beside it",
                ));
            }
            let allow = if command.allow_wasi {
                let is_read_once = command.variant.is_empty() && command.input.as_os_str() != "-";
                Allow::Wasi(match repeat {
                    Repeat::Always if is_read_once => Stdin::Inherited,
                    Repeat::Always | Repeat::IfChanged => Stdin::Closed,
                })
            } else {
                Allow::Nothing
            };
            if !command.variant.is_empty() && command.output.as_os_str() == "-" {
                let text = "`--variant` writes several modules, so OUTPUT cannot be `-`";
                return Err(usage("bake", clap::error::ErrorKind::ArgumentConflict, text));
            }
            if !command.allow_wasi && command.variant.iter().any(variant::VariantArg::needs_wasi) {
                let text = "what `--variant` shows to init needs `--allow-wasi`";
                return Err(usage(
                    "bake",
                    clap::error::ErrorKind::MissingRequiredArgument,
                    text,
                ));
            }
            let timeout = command.bake.timeout;
            let options = options(command.bake, command.check, "bake", allow)?;
            Ok(Request {
                shell: shell(command.shell, color),
                task: Task::Module(Box::new(ModuleTask {
                    input: command.input,
                    output: command.output,
                    repeat,
                    variants: variant::variants(command.variant, &options.wasi),
                    timeout,
                    options,
                })),
            })
        }
    }
}

fn shell(args: ShellArgs, color: Color) -> ShellConfig {
    let verbosity = match (args.quiet, args.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, 0) => Verbosity::Normal,
        (false, _) => Verbosity::Verbose,
    };
    ShellConfig { verbosity, color }
}

#[derive(Clone, Copy)]
enum Allow {
    Nothing,
    Wasi(Stdin),
}

/// An error about arguments that clap itself accepts. It shows the usage of the subcommand `command`.
fn usage(command: &str, kind: clap::error::ErrorKind, message: &str) -> clap::Error {
    let mut cargo = Cargo::command();
    cargo.build();
    cargo
        .find_subcommand_mut("preinit")
        .and_then(|preinit| preinit.find_subcommand_mut(command))
        .expect("the command that was parsed")
        .error(kind, message)
}

/// Removes repeated targets, and keeps the order.
fn each_once(targets: Vec<Target>) -> Vec<Target> {
    let mut found = Vec::new();
    for target in targets {
        if !found.contains(&target) {
            found.push(target);
        }
    }
    found
}

/// The environment that `--env` gives. The last entry for a name counts.
fn environment(entries: Vec<String>) -> Vec<(String, String)> {
    let mut env: Vec<(String, String)> = Vec::new();
    for entry in entries {
        show(&mut env, entry);
    }
    env
}

/// Makes bake options from the arguments. An error shows the usage of the subcommand `command`.
fn options(
    args: BakeArgs,
    output: OutputArgs,
    command: &str,
    allow: Allow,
) -> Result<BakeOptions, clap::Error> {
    let guests: BTreeSet<&str> = args.dir.iter().map(|dir| dir.guest.as_str()).collect();
    if guests.len() < args.dir.len() {
        let text = "`--dir` shows two directories in one place";
        return Err(usage(command, clap::error::ErrorKind::ArgumentConflict, text));
    }
    let wasi = match allow {
        Allow::Nothing if args.env.is_empty() && args.dir.is_empty() && args.arg.is_empty() => Wasi::Denied,
        Allow::Nothing => {
            let text =
                "`--env`, `--dir` and `--arg` say what WASI shows to init, so they need `--allow-wasi`";
            return Err(usage(
                command,
                clap::error::ErrorKind::MissingRequiredArgument,
                text,
            ));
        }
        Allow::Wasi(stdin) => Wasi::Allowed(WasiOptions {
            args: args.arg,
            env: environment(args.env),
            dirs: args.dir,
            stdin,
            wall_clock_start: env::source_date_epoch()
                .map_err(|text| usage(command, clap::error::ErrorKind::ValueValidation, &text))?,
        }),
    };
    Ok(BakeOptions {
        init_functions: args.init_func,
        keep_init_functions: match args.keep_init_func {
            None => KeepInit::Remove,
            Some(KeptInit::Callable) => KeepInit::Keep,
            Some(KeptInit::Empty) => KeepInit::Empty,
        },
        init_result: args.init_result,
        renames: args.rename,
        rewriter: output.rewriter,
        scrub_heap: match args.scrub_heap {
            Some(Allocator::Dlmalloc) => ScrubHeap::Dlmalloc,
            None => ScrubHeap::Off,
        },
        dead_code: if output.keep_dead_code {
            DeadCode::Keep
        } else {
            DeadCode::Remove
        },
        check: if output.verify { Check::Replay } else { Check::Read },
        stamp: if output.stamp { Stamp::Add } else { Stamp::Omit },
        wasi,
        imports: args.import,
        // No argument can name a host function.
        host: HostFunctions::default(),
        limits: Limits {
            timeout: args.timeout.unwrap_or(Limits::default().timeout),
            memory_bytes: args.max_memory,
            table_elements: args.max_table_elements,
            stack_bytes: usize::try_from(args.max_stack).unwrap_or(usize::MAX),
            output_bytes: usize::try_from(args.max_output).unwrap_or(usize::MAX),
        },
        compiler: args.compiler,
        precompile: Precompile {
            targets: each_once(output.precompile),
            engine: output.precompile_engine,
        },
        // Without a cache directory nothing is cached.
        cache: env::cache_dir().map_or(CompilationCache::Off, CompilationCache::At),
        memory_scan: MemoryScan::Auto,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Cargo::command().debug_assert();
    }

    fn check(args: &str) -> Result<Request, String> {
        let args = args.split_whitespace().map(OsString::from);
        parse(args, Color::Never).map_err(|error| error.to_string())
    }

    #[test]
    fn cargos_options_are_understood() {
        let request = check(
            "cargo preinit --release -p a -p b --features x,y --target wasm32-wasip1 -j 2 --locked -Z flag -vv",
        )
        .expect("these are valid");
        assert_eq!(request.shell.verbosity, Verbosity::Verbose);
        let Task::Guests(task) = request.task else {
            panic!("not a task for cargo");
        };
        assert_eq!(task.build.package, ["a", "b"]);
        assert!(task.build.release && task.build.locked);
    }

    #[test]
    fn env_without_wasi_is_an_error() {
        let error = check("cargo preinit bake a.wasm -o b.wasm --env A=B").expect_err("this is not valid");
        assert!(error.contains("--allow-wasi"), "{error}");
        assert!(check("cargo preinit bake a.wasm -o b.wasm --allow-wasi --env A=B").is_ok());
    }
}
