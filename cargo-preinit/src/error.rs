//! The errors of the subcommand: in the workspace, in cargo, on the disk, in a bake.

use std::path::PathBuf;

use camino::Utf8PathBuf;

use crate::bake_error::BakeError;
use crate::cargo::artifact::Artifact;
use crate::exit_code::Exit;
use crate::guest::InputError;
use crate::inspect::QuestionError;
use crate::shown;
use crate::text::listed;
use crate::verify::ReplayError;
use crate::watch::overrun::Overrun;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// cargo could not answer a question about the workspace or its configuration. The text is cargo's.
    #[error("{}", .0.trim_end().trim_start_matches("error: "))]
    Metadata(String),
    /// A program calls [`execute`](crate::commands::execute) without [`answer_cargo`](crate::cargo::build::answer_cargo) before.
    #[error(
        "cargo cannot be asked for the target, since this program does not begin with `cargo_preinit::answer_cargo`"
    )]
    NoAnswer,
    /// What a manifest says of bakes is not understood.
    #[error("{}: {}", shown::line(.manifest), shown::line(.message))]
    Settings {
        /// The manifest's path, and the line and column, if these are known.
        manifest: String,
        /// What is wrong.
        message: String,
        /// What may have been meant.
        help: Option<String>,
    },
    /// The options of a package's bakes, from the command line and manifests, do not go together.
    #[error("the options for the package {} do not go together: {message}", shown::name(.package))]
    Together {
        /// The package.
        package: String,
        /// Why not.
        message: String,
    },
    /// No selected package depends on the SDK; their names.
    #[error("no selected package depends on `preinit-guest` ({})", .0.join(", "))]
    NoGuests(Vec<String>),
    /// A package named in the arguments does not depend on the SDK.
    #[error("the package {} does not depend on `preinit-guest`", shown::name(.0))]
    NotAGuest(String),
    /// The selected guests make no module; their names.
    #[error("the package{} {} {} neither a binary nor a `cdylib`, so no module comes from it", plural(.0), shown::names(.0), if .0.len() == 1 { "has" } else { "have" })]
    NoModule(Vec<String>),
    /// A target is not a WebAssembly target.
    #[error("the target {} is not one of WebAssembly", shown::name(.0))]
    NotWasm(String),
    /// A target is missing and could not be added.
    #[error("the target {} is not installed, and could not be added: {reason}", shown::name(.target))]
    TargetMissing {
        /// The target.
        target: String,
        /// The command that was tried.
        command: String,
        /// Why not.
        reason: String,
    },
    /// A program could not be started.
    #[error("{} could not be started: {source}", shown::name(.program))]
    Spawn {
        /// The program.
        program: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// A build failed; cargo has printed why.
    #[error("cargo failed")]
    Cargo {
        /// Its exit code.
        code: u8,
    },
    /// What init read is not what `preinit.lock` says, and `--locked` is given.
    #[error("the lock file `{}` needs to be updated, but --locked was passed to prevent this{}", .path.display(), lines(.changes))]
    LockOutdated {
        /// The file.
        path: PathBuf,
        /// What is different, a line for each.
        changes: Vec<String>,
    },
    /// The file is no `preinit.lock` of this version.
    #[error("`{}` is no lock file that this version of cargo-preinit knows", .0.display())]
    NoLock(PathBuf),
    /// It is not known what an init read, so that `preinit.lock` cannot say it. Holds the module's name.
    #[error("what the init of {} read is not known, so `preinit.lock` cannot hold it", shown::name(.0))]
    NotRecorded(String),
    /// cargo built nothing that could be baked.
    #[error("cargo built no WebAssembly module")]
    NothingBuilt,
    /// Two modules have the same path, so one replaced the other.
    #[error("{} both make `{}`, and only one of them is there", makers(.0), .0[1].path)]
    SameArtifact(Box<[Artifact; 2]>),
    /// Two modules of one name are to be copied to one directory.
    #[error("`{}` and `{}` have one name, and both would be copied to `{dir}`", .artifacts[0], .artifacts[1])]
    SameName {
        /// The directory.
        dir: Utf8PathBuf,
        /// The two.
        artifacts: Box<[Utf8PathBuf; 2]>,
    },
    /// Two modules are to be baked into one file.
    #[error("`{}` and `{}` would both be baked into `{}`", shown::path(&.modules[0]), shown::path(&.modules[1]), shown::path(.output))]
    SameOutput {
        /// The file.
        output: PathBuf,
        /// The two.
        modules: Box<[PathBuf; 2]>,
    },
    /// A module was not baked.
    #[error("`{artifact}` was not baked: {source}")]
    Bake {
        /// The module.
        artifact: String,
        /// Why.
        source: BakeError,
    },
    /// The init of a file was not run, so what it leaves is not known.
    #[error("init of `{file}` was not run: {source}")]
    InitNotRun {
        /// The file.
        file: String,
        /// Why.
        source: BakeError,
    },
    /// A baked module and its original could not be compared.
    #[error("{0}")]
    Replay(ReplayError),
    /// A file is not a valid module or component.
    #[error("`{file}` cannot be read: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why not.
        source: InputError,
    },
    /// A question about a file has no answer.
    #[error("{0}")]
    Question(QuestionError),
    /// Two files differ, and `--exit-code` is given.
    #[error("the files differ")]
    FilesDiffer,
    /// A baked module differs from its original after init.
    #[error("`{}` is not what its original is after init{}", shown::path(.baked), listed(.differences))]
    Differs {
        /// The baked module.
        baked: PathBuf,
        /// The differences.
        differences: Vec<String>,
    },
    /// A file could not be read or written.
    #[error("{}", shown::line(&.0.to_string()))]
    File(#[from] std::io::Error),
    /// An output, image or fingerprint would replace the input.
    #[error("the output `{}` is the input itself", shown::path(.0))]
    OutputIsInput(PathBuf),
    /// There is no output, and the input is not to be replaced.
    #[error("`--output` does not say where to write what is baked of `{}`", shown::path(.0))]
    NoOutput(PathBuf),
    /// The input that is to be replaced is no file.
    #[error("`{}` is no file that could be replaced", shown::path(.0))]
    NothingToReplace(PathBuf),
    /// The input that is to be replaced is text.
    #[error("`{}` is text, and what is baked of it is not", shown::path(.0))]
    TextToReplace(PathBuf),
    /// An output is given for a directory.
    #[error("`{}` is a directory, whose modules are baked in their places", shown::path(.0))]
    FolderElsewhere(PathBuf),
    /// A directory has no modules.
    #[error("there is no `.wasm` file in `{}`", shown::path(.0))]
    NoModules(PathBuf),
    /// Two outputs are one file, by name or through links.
    #[error("the outputs `{}` and `{}` are one file", shown::path(.0), shown::path(.1))]
    OneOutput(PathBuf, PathBuf),
    /// Images would be written beside an output that is a special file, such as a pipe.
    #[error("`{}` is no file, and what is compiled from the baked module would be beside it", shown::path(.0))]
    NothingBeside(PathBuf),
    /// `--exclude` excludes all packages of the workspace.
    #[error("no package is left to build: all of the workspace is excluded")]
    AllExcluded,
    /// The command took too long, or too much memory. Its work may still be running, so the process has to end.
    #[error("{failure}: {overrun}")]
    Overrun {
        /// What failed, as a sentence such as "`guest.wasm` was not baked".
        failure: String,
        /// The stage, and the bound that it reached.
        overrun: Overrun,
    },
    /// Several modules were baked, and nothing says which of them is to run; their names.
    #[error("nothing says which is to run: {}", shown::names(.0))]
    SeveralPrograms(Vec<String>),
    /// A module that is to run is no program.
    #[error("{} is no program{}", shown::name(.module), if .exports.is_empty() { ", and exports nothing to call".to_owned() } else { format!(", and exports {}", shown::names(.exports)) })]
    NotAProgram {
        /// The module.
        module: String,
        /// Its exported functions and instances.
        exports: Vec<String>,
    },
    /// A baked module could not be instantiated, or the export not be called.
    #[error("{} could not be run: {}", shown::name(.module), shown::line(.reason))]
    NotRun {
        /// The module.
        module: String,
        /// Why.
        reason: String,
    },
    /// A baked program trapped.
    #[error("{} stopped: {}", shown::name(.module), shown::text(.reason))]
    Stopped {
        /// The module.
        module: String,
        /// The trap and its backtrace.
        reason: String,
        /// The exit code of the command.
        code: u8,
    },
    /// A baked program ended with an exit code other than 0.
    #[error("the program ended with exit code {code}")]
    Guest {
        /// Its exit code.
        code: u8,
    },
    /// Several guests of a workspace, or several variants of a guest, failed; each error was reported.
    #[error("{failed} of {all} guests could not be baked")]
    SomeFailed {
        /// How many failed.
        failed: usize,
        /// How many there were.
        all: usize,
        /// Whether one of the failures is a bug of this tool.
        bug: bool,
    },
}

/// The plural ending of a noun before these names.
fn plural(names: &[String]) -> &'static str {
    if names.len() == 1 { "" } else { "s" }
}

/// A line for each change.
fn lines(changes: &[String]) -> String {
    changes.iter().map(|change| format!("\n  - {change}")).collect()
}

fn makers([first, second]: &[Artifact; 2]) -> String {
    if first.package == second.package && first.kind == second.kind {
        format!(
            "{} for `{}` and that for `{}` of package `{}`",
            first.kind, first.target, second.target, first.package
        )
    } else if first.package == second.package {
        format!(
            "{} and {} of package `{}`",
            first.kind, second.kind, first.package
        )
    } else {
        format!("the packages `{}` and `{}`", first.package, second.package)
    }
}

impl Error {
    /// The exit code for this error.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Metadata(_) => Exit::Cargo(101),
            Self::Cargo { code } => Exit::Cargo(*code),
            Self::Guest { code } | Self::Stopped { code, .. } => Exit::Guest(*code),
            Self::NotWasm(_)
            | Self::NoOutput(_)
            | Self::FolderElsewhere(_)
            | Self::NothingToReplace(_)
            | Self::TextToReplace(_)
            | Self::NoModules(_)
            | Self::OutputIsInput(_)
            | Self::OneOutput(..)
            | Self::NothingBeside(_) => Exit::Usage,
            Self::Bake { source, .. } | Self::InitNotRun { source, .. } if source.is_bug() => Exit::Bug,
            Self::SomeFailed { bug: true, .. } => Exit::Bug,
            Self::NoAnswer
            | Self::Settings { .. }
            | Self::Together { .. }
            | Self::NoGuests(_)
            | Self::AllExcluded
            | Self::NotAGuest(_)
            | Self::NoModule(_)
            | Self::TargetMissing { .. }
            | Self::Spawn { .. }
            | Self::NothingBuilt
            | Self::LockOutdated { .. }
            | Self::NoLock(_)
            | Self::NotRecorded(_)
            | Self::SeveralPrograms(_)
            | Self::NotAProgram { .. }
            | Self::NotRun { .. }
            | Self::SameArtifact(_)
            | Self::SameName { .. }
            | Self::SameOutput { .. }
            | Self::Bake { .. }
            | Self::InitNotRun { .. }
            | Self::Replay(_)
            | Self::Unreadable { .. }
            | Self::Question(_)
            | Self::FilesDiffer
            | Self::Differs { .. }
            | Self::File(_)
            | Self::Overrun { .. }
            | Self::SomeFailed { .. } => Exit::Failed,
        }
    }

    /// Advice for the user, one string per line.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        match self {
            Self::NoGuests(_) | Self::NotAGuest(_) => vec![
                "add it with `cargo add preinit-guest`, and mark what is to run at build time with `#[preinit]`".to_owned(),
            ],
            Self::NoOutput(_) | Self::OutputIsInput(_) => vec![
                "`--in-place` replaces the input; the modules of a directory, such as wasm-pack's `pkg/`, are always baked in their places".to_owned(),
            ],
            Self::NothingToReplace(_) | Self::TextToReplace(_) => vec!["say where to write with `--output`".to_owned()],
            Self::FolderElsewhere(_) => vec!["leave `--output` away, or name one of its files".to_owned()],
            Self::NoModules(_) => vec!["name the directory that has the module itself, beside its JavaScript".to_owned()],
            Self::NoAnswer => vec!["name a target with `--target`".to_owned()],
            Self::NoModule(_) => {
                vec!["add `crate-type = [\"cdylib\"]` to `[lib]`, or a `src/main.rs`".to_owned()]
            }
            Self::NotWasm(_) => {
                vec!["use `wasm32-wasip1` or `wasm32-unknown-unknown`".to_owned()]
            }
            Self::TargetMissing { command, .. } => {
                vec![format!("run `{command}`")]
            }
            Self::Settings { help, .. } => help.iter().cloned().collect(),
            Self::SameArtifact(artifacts) => {
                let [first, second] = artifacts.as_ref();
                let line = if first.package != second.package {
                    "rename one of the two targets, or bake the packages one by one"
                } else if first.kind != second.kind {
                    "rename one of the two, or bake them one by one with `--lib`, `--bin` or `--example`"
                } else {
                    "build for one target at a time, or into a `--target-dir` for each"
                };
                vec![line.to_owned()]
            }
            Self::SameName { .. } => vec!["build for one of them at a time, or leave `--artifact-dir` away".to_owned()],
            Self::SameOutput { .. } => vec!["have `output-name` hold `{name}`, which stands for the name of cargo's module".to_owned()],
            Self::LockOutdated { .. } => vec!["run it without `--locked` and keep the file, if that is as it should be".to_owned()],
            Self::NoLock(_) => vec!["remove it, and have it written anew".to_owned()],
            Self::NotRecorded(_) => vec![
                "show init files of less than 256 MiB, and no standard input, or leave `--lock` away".to_owned(),
            ],
            Self::NothingBuilt => vec![
                "a module comes from a binary, an example, or a library with `crate-type = [\"cdylib\"]`".to_owned(),
            ],
            Self::Bake { source, .. } | Self::InitNotRun { source, .. } => {
                let mut lines = source.help();
                if source.is_bug() {
                    lines.push("this is a bug in cargo-preinit; please report it with the module".to_owned());
                }
                lines
            }
            Self::Differs { .. } => vec![
                "give the options that it was baked with, such as `--init-func`, `--allow-wasi` and `--env`".to_owned(),
            ],
            Self::Replay(error) => error.help(),
            Self::Question(error) => error.help(),
            Self::Overrun { overrun, .. } => vec![overrun.help().to_owned()],
            Self::SeveralPrograms(_) => vec![
                "name one with `--bin` or `--example`, its package with `--package`, or set `default-run` in the package".to_owned(),
            ],
            Self::NotAProgram { exports, .. } if exports.is_empty() => Vec::new(),
            Self::NotAProgram { .. } => {
                vec!["call one with `--invoke 'NAME(ARGS)'`, or have cargo's `target.TRIPLE.runner` run it".to_owned()]
            }
            Self::NotRun { reason, .. } if !reason.contains("import") => Vec::new(),
            Self::NotRun { .. } => vec![
                "a host that gives more than WASI can be named in cargo's configuration, as `target.TRIPLE.runner`".to_owned(),
            ],
            Self::Metadata(_)
            | Self::Together { .. }
            | Self::Spawn { .. }
            | Self::Cargo { .. }
            | Self::Unreadable { .. }
            | Self::FilesDiffer
            | Self::File(_)
            | Self::OneOutput(..)
            | Self::NothingBeside(_)
            | Self::AllExcluded
            | Self::Stopped { .. }
            | Self::Guest { .. }
            | Self::SomeFailed { .. } => Vec::new(),
        }
    }

    /// Whether cargo has printed the error already, or the program that was run, or it is an answer that was printed.
    #[must_use]
    pub fn is_said(&self) -> bool {
        matches!(self, Self::Cargo { .. } | Self::FilesDiffer | Self::Guest { .. })
    }
}
