//! Runs cargo, and reads from its messages which modules it made.
//!
//! **In** a [`Build`]. **Out** the modules, with the paths that cargo reports; no path is guessed. Only this file and those below
//! it start cargo.

mod collisions;
mod configured;
mod linked;

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader};
use std::process::{Command, Stdio};

use cargo_metadata::{Message, Metadata, MetadataCommand, Package, Target, TargetKind};

use crate::cargo::artifact::{Artifact, Kind};
use crate::cargo::workspace::{Build, CRATES_WITHOUT_WASI, DEFAULT_TARGET, Defaults, Selection, is_wasm};
use crate::cli::{BuildArgs, ShellConfig};
use crate::env;
use crate::error::Error;
use crate::report::{Event, Observer};
use crate::shell::{Color, Verbosity};

pub(crate) use collisions::refuse_collisions;
pub use configured::answer_cargo;

/// Runs `cargo metadata`.
///
/// # Errors
///
/// cargo's own error, such as a missing `Cargo.toml`.
pub fn metadata(args: &BuildArgs) -> Result<Metadata, Error> {
    let mut command = Command::new(env::cargo());
    command
        // A package is a guest if any of its features can make it depend on the SDK.
        .args([
            "metadata",
            "--format-version=1",
            "--color=never",
            "--all-features",
        ])
        .args(common(args));
    let text = output(&mut command)?;
    MetadataCommand::parse(text).map_err(|error| Error::Metadata(error.to_string()))
}

/// Replaces package specifications that only cargo understands, such as URLs, by the package IDs that `cargo pkgid` prints. One
/// that cargo does not know either is kept, so that the build reports it.
#[must_use]
pub fn with_package_ids(args: &BuildArgs) -> BuildArgs {
    let id = |spec: &String| {
        if !spec.contains([':', '/']) {
            return spec.clone();
        }
        let mut command = Command::new(env::cargo());
        command.args(["pkgid", "--color=never", spec]).args(common(args));
        output(&mut command).map_or_else(|_| spec.clone(), |id| id.trim().to_owned())
    };
    BuildArgs {
        package: args.package.iter().map(id).collect(),
        exclude: args.exclude.iter().map(id).collect(),
        ..args.clone()
    }
}

/// Asks cargo for the default targets of guests that name none, if there are such guests and no `--target`.
///
/// # Errors
///
/// cargo's own error, usually one in its configuration.
pub fn defaults(args: &BuildArgs, metadata: &Metadata, selection: &Selection<'_>) -> Result<Defaults, Error> {
    let mut defaults = Defaults::default();
    let undecided = selection.guests.iter().filter(|guest| guest.targets.is_empty());
    let undecided: Vec<&Package> = undecided.map(|guest| guest.package).collect();
    let is_said = undecided.is_empty() && !selection.is_for_cargo;
    if is_said || !args.target.is_empty() {
        return Ok(defaults);
    }
    defaults.configured = configured::configured(args)?;
    defaults.configured.retain(|target| is_wasm(target));
    let is_there = |name: &str| CRATES_WITHOUT_WASI.contains(&name);
    let can_be_without_wasi = metadata.packages.iter().any(|package| is_there(&package.name));
    if defaults.configured.is_empty() && can_be_without_wasi {
        for package in undecided {
            let found = linked::nearest(args, package, DEFAULT_TARGET, &CRATES_WITHOUT_WASI)?;
            let found = found.map(|name| (package.id.clone(), name));
            defaults.without_wasi.extend(found);
        }
    }
    Ok(defaults)
}

/// Runs cargo, and returns its standard output.
fn output(command: &mut Command) -> Result<String, Error> {
    let output = command.stdin(Stdio::null()).output().map_err(spawn_error)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // cargo may print its progress before the error.
    let lines = said.lines().skip_while(|line| !line.starts_with("error"));
    let text = lines.collect::<Vec<_>>().join("\n");
    Err(Error::Metadata(if text.is_empty() { said } else { text }))
}

pub(super) fn spawn_error(source: io::Error) -> Error {
    Error::Spawn {
        program: env::cargo().to_string_lossy().into_owned(),
        source,
    }
}

/// The arguments of all cargo commands that read the workspace.
fn common(args: &BuildArgs) -> Vec<String> {
    let manifest_path = args.manifest_path.as_ref().map(ToString::to_string);
    let mut line = with_flag("--manifest-path", manifest_path.as_slice());
    line.extend(with_flag("--config", &args.config));
    line.extend(with_flag("-Z", &args.unstable));
    for (flag, is_set) in [
        ("--locked", args.locked),
        ("--offline", args.offline),
        ("--frozen", args.frozen),
    ] {
        line.extend(is_set.then(|| flag.to_owned()));
    }
    line
}

pub(super) fn with_flag(flag: &str, values: &[String]) -> Vec<String> {
    values
        .iter()
        .flat_map(|value| [flag.to_owned(), value.clone()])
        .collect()
}

/// What a build made.
#[derive(Debug, Default)]
pub struct Built {
    /// The modules, in the order of their packages. With `--keep-going` there are some although the build failed.
    pub artifacts: Vec<Artifact>,
    /// cargo's exit code, if it failed.
    pub failure: Option<u8>,
}

/// Runs `cargo build`, with its own progress and diagnostics on standard error, and reports its messages.
///
/// `packages` are those of the [`Plan`](crate::cargo::workspace::Plan): names by package ID.
///
/// # Errors
///
/// If cargo could not be started, or its messages not be read.
pub fn build(
    build: &Build,
    args: &BuildArgs,
    shell: ShellConfig,
    packages: &BTreeMap<String, String>,
    observer: &mut dyn Observer,
) -> Result<Built, Error> {
    let mut child = Command::new(env::cargo())
        .args(arguments(build, args, shell))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(spawn_error)?;
    let mut artifacts = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            observer.on(&Event::OfCargo { line: &line });
            // What is no message was printed by a build script.
            if let Ok(Message::CompilerArtifact(artifact)) = serde_json::from_str(&line) {
                let package = packages.get(&artifact.package_id.repr);
                let Some(package) =
                    package.filter(|package| is_asked_for(package, &artifact.target, build, args))
                else {
                    continue;
                };
                let modules = artifact
                    .filenames
                    .into_iter()
                    .filter(|path| path.extension() == Some("wasm"));
                artifacts.extend(modules.map(|path| Artifact {
                    package: package.clone(),
                    kind: Kind::from(&artifact.target),
                    target: build.target.clone(),
                    path,
                }));
            }
        }
    }
    let status = child.wait().map_err(spawn_error)?;
    // cargo reports artifacts in the order in which they get ready.
    artifacts.sort();
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(Built {
        artifacts,
        failure: (!status.success()).then(|| code.unwrap_or(101)),
    })
}

/// Whether an artifact was asked for. cargo also makes modules of the `cdylib`s that a selected package depends on.
fn is_asked_for(package: &str, target: &Target, build: &Build, args: &BuildArgs) -> bool {
    let by_name = build.packages.iter().any(|name| package == name);
    // The package is given by a specification that only cargo understands.
    let by_spec = build.packages == args.package
        && !by_name
        && build.packages.iter().any(|spec| spec.contains([':', '/']));
    let is_narrowed =
        args.lib || args.bins || args.examples || !args.bin.is_empty() || !args.example.is_empty();
    let by_kind = target.kind.iter().any(|kind| match kind {
        TargetKind::Bin => !is_narrowed || args.bins || build.bins.contains(&target.name),
        TargetKind::Example => args.examples || build.examples.contains(&target.name),
        _ => !is_narrowed || args.lib,
    });
    (by_name || by_spec) && by_kind
}

/// The command line of a build as a user would type it, but for what only concerns messages.
#[must_use]
pub fn command_line(build: &Build, args: &BuildArgs, shell: ShellConfig) -> String {
    let line = arguments(build, args, shell);
    let own = line
        .iter()
        .filter(|word| !word.starts_with("--message-format=") && !word.starts_with("--color="));
    let words: Vec<&str> = ["cargo"].into_iter().chain(own.map(String::as_str)).collect();
    words.join(" ")
}

fn arguments(build: &Build, args: &BuildArgs, shell: ShellConfig) -> Vec<String> {
    let color = match shell.color {
        Color::Auto => "auto",
        Color::Always => "always",
        Color::Never => "never",
    };
    let mut line: Vec<String> = vec![
        "build".to_owned(),
        format!("--message-format={}", shell.messages.for_cargo()),
        format!("--color={color}"),
    ];
    match shell.verbosity {
        Verbosity::Quiet => line.push("--quiet".to_owned()),
        Verbosity::Normal => {}
        Verbosity::Verbose => line.push("--verbose".to_owned()),
    }
    line.extend(with_flag("--package", &build.packages));
    line.extend(["--target".to_owned(), build.target.clone()]);
    line.extend(with_flag("--bin", &build.bins));
    line.extend(with_flag("--example", &build.examples));
    line.extend(with_flag("--features", &build.features));
    line.extend(common(args));
    for (flag, is_set) in [
        ("--lib", args.lib),
        ("--bins", args.bins),
        ("--examples", args.examples),
        ("--all-features", args.all_features),
        ("--no-default-features", args.no_default_features),
        ("--release", args.release),
        ("--keep-going", args.keep_going),
        ("--timings", args.timings),
        ("--ignore-rust-version", args.ignore_rust_version),
        ("--future-incompat-report", args.future_incompat_report),
    ] {
        line.extend(is_set.then(|| flag.to_owned()));
    }
    let valued = [
        ("--profile", args.profile.clone()),
        ("--jobs", args.jobs.clone()),
        ("--target-dir", args.target_dir.as_ref().map(ToString::to_string)),
    ];
    for (flag, value) in valued {
        line.extend(value.into_iter().flat_map(|value| [flag.to_owned(), value]));
    }
    line
}
