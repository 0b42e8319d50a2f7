//! `cargo preinit` and its subcommands, as clap reads them.

use std::path::PathBuf;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand};

use super::args::{BakeArgs, GuestsArgs, OutputArgs, ShellArgs};
use super::inspect::{DiffCommand, InspectCommand, WhyCommand};
use super::new::NewCommand;
use super::report::ReportCommand;
use super::run::RunCommand;
use super::values::{in_any_text, parse_path_for_cargo};
use super::variant;
use crate::call::Call;

#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", styles = clap_cargo::style::CLAP_STYLING)]
pub(super) enum Cargo {
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
pub(super) struct Preinit {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) guests: GuestsArgs,
    /// Print what would be built and baked, and with which options
    #[arg(long, help_heading = None)]
    pub(super) dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Run(Box<RunCommand>),
    Report(Box<ReportCommand>),
    Bake(BakeCommand),
    Verify(VerifyCommand),
    Clean(CleanCommand),
    Inspect(InspectCommand),
    Diff(DiffCommand),
    Why(Box<WhyCommand>),
    New(NewCommand),
    Completions(CompletionsCommand),
    Man(ManCommand),
}

/// Remove what was baked, or the caches
///
/// Removes the directories `preinit/` from cargo's target directory, so that everything is baked again; cargo's own files stay.
#[derive(Debug, Args)]
pub(super) struct CleanCommand {
    /// Remove the caches of compiled code and of baked modules instead
    ///
    /// They are in the directory that the variable `CARGO_PREINIT_CACHE_DIR` names, else in `cargo-preinit` in the user's cache
    /// directory.
    #[arg(long)]
    pub(super) cache: bool,
    /// Print what would be removed
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    /// Directory for all generated artifacts
    #[arg(long, value_name = "DIRECTORY", value_parser = in_any_text(parse_path_for_cargo), conflicts_with = "cache")]
    pub(super) target_dir: Option<Utf8PathBuf>,
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH", value_parser = in_any_text(parse_path_for_cargo), conflicts_with = "cache", help_heading = "Manifest Options")]
    pub(super) manifest_path: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(super) shell: ShellArgs,
}

/// Print a script that completes the command line of `cargo-preinit` in a shell
#[derive(Debug, Args)]
pub(super) struct CompletionsCommand {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(super) for_shell: clap_complete::Shell,
    #[command(flatten)]
    pub(super) shell: ShellArgs,
}

/// Write man pages: one for `cargo preinit`, and one for each of its commands
#[derive(Debug, Args)]
pub(super) struct ManCommand {
    /// The directory for them, such as `~/.local/share/man/man1`
    #[arg(value_name = "DIR")]
    pub(super) dir: PathBuf,
    #[command(flatten)]
    pub(super) shell: ShellArgs,
}

/// Check that a baked module or component is what its original is after init
///
/// Runs the original with its init and the baked module as it starts, makes the same calls on both, and compares results,
/// traps, imports called, memories, globals and tables. Give the options that it was baked with.
#[derive(Debug, Args)]
pub(super) struct VerifyCommand {
    /// The baked module or component
    #[arg(value_name = "BAKED")]
    pub(super) baked: PathBuf,
    /// What it was baked from
    #[arg(value_name = "ORIGINAL")]
    pub(super) original: PathBuf,
    /// Call an export on both, such as `f(1, 2.5)`, or `greet("you")` of a component; repeat it for several, in order
    ///
    /// Arguments of a core module are numbers and `null`, those of a component WAVE values. `interface#function` is a function of
    /// an exported instance.
    #[arg(long, value_name = "EXPORT(ARGS)", value_parser = str::parse::<Call>)]
    pub(super) call: Vec<Call>,
    /// Let init and the calls use WASI, as in the bake
    #[arg(long, help_heading = "Bake Options")]
    pub(super) allow_wasi: bool,
    #[command(flatten)]
    pub(super) shell: ShellArgs,
    #[command(flatten)]
    pub(super) bake: BakeArgs,
}

/// Bake a module or a component of any language
#[derive(Debug, Args)]
pub(super) struct BakeCommand {
    /// The module or component, in the binary or the text format; `-` reads standard input
    ///
    /// The modules of a directory, such as the `pkg/` of wasm-pack or the `dist/` of Trunk, are baked in their places.
    #[arg(value_name = "INPUT")]
    pub(super) input: PathBuf,
    /// Where to write the baked module or component; `-` writes to standard output
    #[arg(short, long, value_name = "OUTPUT")]
    pub(super) output: Option<PathBuf>,
    /// Replace INPUT
    #[arg(long, conflicts_with_all = ["output", "if_changed", "variant"])]
    pub(super) in_place: bool,
    /// Bake only if the module, the options, a directory of `--dir`, the tool or OUTPUT has changed
    ///
    /// Keeps a fingerprint beside OUTPUT, in `.OUTPUT.fingerprint`. Init finds standard input at its end.
    #[arg(long)]
    pub(super) if_changed: bool,
    /// Bake a variant NAME, and perhaps show its init an environment variable, a directory or an argument; repeat it
    ///
    /// The module is compiled once. Each variant is written to OUTPUT with its name before the extension, or into the
    /// directory OUTPUT. It sees what `--env`, `--dir` and `--arg` show to all, and its own; standard input is at its end.
    /// WHAT is `env:NAME[=VALUE]`, `dir:HOST[::GUEST]` or `arg:ARG`: `--variant test=env:STAGE=1 --variant test=arg:-v --variant live`
    /// makes two variants.
    #[arg(long, value_name = "NAME[=WHAT]", value_parser = in_any_text(variant::parse))]
    pub(super) variant: Vec<variant::VariantArg>,
    #[command(flatten)]
    pub(super) output_args: OutputArgs,
    /// Let init call WASI: virtual time, fixed random seed, no environment, no files, standard input handed through
    ///
    /// Time starts at what the variable `SOURCE_DATE_EPOCH` says, else at the beginning of 2026.
    #[arg(long, help_heading = "Bake Options")]
    pub(super) allow_wasi: bool,
    #[command(flatten)]
    pub(super) shell: ShellArgs,
    #[command(flatten)]
    pub(super) bake: BakeArgs,
}
