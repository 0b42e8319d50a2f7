//! What a command line asks for.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::{BuildArgs, DiffTask, Messages, PackageArgs, Settings, Template, Variant, WhyTask};
use crate::call::Call;
use crate::options::{BakeOptions, Profile};
use crate::shell::{Color, Verbosity};

/// What the user asked for.
#[derive(Debug)]
pub struct Request {
    /// What is printed, and how.
    pub shell: ShellConfig,
    /// What to do.
    pub task: Task,
}

/// How much to say, in which form, and in which colours.
#[derive(Debug, Clone, Copy)]
pub struct ShellConfig {
    /// How much.
    pub verbosity: Verbosity,
    /// Whether to use colours.
    pub color: Color,
    /// What goes to standard output.
    pub messages: Messages,
}

/// What to do.
#[derive(Debug)]
pub enum Task {
    /// Build the guests with cargo, and bake what was built.
    Guests(Box<GuestsTask>),
    /// Bake one module.
    Module(Box<ModuleTask>),
    /// Bake a file, or the modules of a directory, in its place.
    InPlace(Box<InPlaceTask>),
    /// Compare a baked module with its original.
    Verify(Box<VerifyTask>),
    /// Remove what was baked, or the caches.
    Clean(Box<CleanTask>),
    /// Show what a module or a component has.
    Inspect(PathBuf),
    /// Show what changed from one file to another.
    Diff(DiffTask),
    /// Show why a function is there, or what is at an address.
    Why(Box<WhyTask>),
    /// Build and bake guests, and print where their reports are.
    Report(Box<GuestsTask>),
    /// Build and bake a guest, and run it.
    Run(Box<RunTask>),
    /// Make a package from a template.
    New(Box<NewTask>),
    /// Print the completions of a shell.
    Completions(clap_complete::Shell),
    /// Write man pages to a directory.
    Man(PathBuf),
}

/// `cargo preinit`.
#[derive(Debug)]
pub struct GuestsTask {
    /// What is handed to cargo.
    pub build: BuildArgs,
    /// What the command line says of the bakes. It takes precedence over what manifests say.
    pub settings: Settings,
    /// Whether what each step of init does is measured.
    pub profile: Profile,
    /// Whether the plan is only shown.
    pub is_dry: bool,
}

/// `cargo preinit run`.
#[derive(Debug)]
pub struct RunTask {
    /// What to build and bake, as `cargo preinit` does.
    pub guests: GuestsTask,
    /// The export to call instead of running the program.
    pub invoke: Option<Call>,
    /// The program's arguments.
    pub args: Vec<String>,
}

/// `cargo preinit new`.
#[derive(Debug)]
pub struct NewTask {
    /// The package's directory.
    pub path: OsString,
    /// What it is made from.
    pub template: Template,
    /// What is handed to `cargo new`.
    pub package: PackageArgs,
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

/// `cargo preinit bake` without an output.
#[derive(Debug)]
pub struct InPlaceTask {
    /// The module, or the directory that has it.
    pub input: PathBuf,
    /// Whether the command line says that a file is to be replaced. A directory needs no such word.
    pub is_asked_for: bool,
    /// How long the bake of each module may take; by default, a time that depends on its size.
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

/// `cargo preinit clean`.
#[derive(Debug)]
pub struct CleanTask {
    /// What to remove.
    pub what: Cleaned,
    /// Whether it is only listed.
    pub is_dry: bool,
}

/// What `cargo preinit clean` removes.
#[derive(Debug)]
pub enum Cleaned {
    /// The outputs in the target directory that cargo has for these arguments.
    Outputs(Box<BuildArgs>),
    /// The caches.
    Caches,
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
