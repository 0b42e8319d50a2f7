//! Has cargo make a package.

use std::process::{Command, Stdio};

use super::build::{spawn_error, with_flag};
use crate::cli::{NewTask, ShellConfig};
use crate::env;
use crate::error::Error;
use crate::shell::Verbosity;

/// Runs `cargo new`, which prints to standard error. `kind` is its flag for a library or a binary.
///
/// # Errors
///
/// If cargo could not be started or made no package; it has said why.
pub(crate) fn create(task: &NewTask, kind: &str, shell: ShellConfig) -> Result<(), Error> {
    let args = &task.package;
    let mut command = Command::new(env::cargo());
    command.args(["new", kind, "--color", shell.color.name()]);
    match shell.verbosity {
        Verbosity::Quiet => command.arg("--quiet"),
        Verbosity::Normal => &mut command,
        Verbosity::Verbose => command.arg("--verbose"),
    };
    for (flag, value) in [
        ("--name", &args.name),
        ("--vcs", &args.vcs),
        ("--edition", &args.edition),
        ("--registry", &args.registry),
    ] {
        command.args(value.iter().flat_map(|value| [flag, value]));
    }
    command.args(with_flag("--config", &args.config));
    command.args(with_flag("-Z", &args.unstable));
    for (flag, is_set) in [
        ("--locked", args.locked),
        ("--offline", args.offline),
        ("--frozen", args.frozen),
    ] {
        command.args(is_set.then_some(flag));
    }
    // A path may begin with a hyphen.
    command.arg("--").arg(&task.path).stdin(Stdio::null());
    let status = command.status().map_err(spawn_error)?;
    if status.success() {
        return Ok(());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Err(Error::Cargo {
        code: code.unwrap_or(101),
    })
}
