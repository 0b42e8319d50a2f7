//! Finds the targets that cargo builds for without `--target`.
//!
//! They come from cargo's configuration: files in all parent directories, files that these include, variables and `--config`,
//! merged by cargo's own rules. No stable command prints the result. But cargo asks the compiler about each target before it
//! builds for it, and [`RUSTC_WRAPPER`] names a program that it calls in place of the compiler. So cargo is run in the user's
//! directory, on a package with nothing to build and with this program as the wrapper, which records the targets that cargo asks
//! about and passes each question on to the compiler.
//!
//! [`RUSTC_WRAPPER`]: https://doc.rust-lang.org/cargo/reference/environment-variables.html

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use super::{output, with_flag};
use crate::cli::BuildArgs;
use crate::env;
use crate::error::Error;

/// Whether this program called [`answer_cargo`], and so can be the wrapper.
static ANSWERS: AtomicBool = AtomicBool::new(false);

/// A package with only a library, of which `--bins` builds nothing.
const MANIFEST: &str = "\
[package]
name = \"empty\"
version = \"0.0.0\"
edition = \"2024\"

[lib]
path = \"empty.rs\"

[workspace]
";

/// Answers cargo if it called this program in place of the compiler, to learn about targets; otherwise returns `None`. A program
/// that calls [`execute`](crate::commands::execute) must call this first, and end with the exit code if there is one.
/// [`main`](crate::main) does so.
#[must_use]
pub fn answer_cargo() -> Option<ExitCode> {
    let Some(record) = env::record_of_targets() else {
        ANSWERS.store(true, Ordering::Relaxed);
        return None;
    };
    let call: Vec<OsString> = std::env::args_os().skip(1).collect();
    // cargo reports the failure of its wrapper.
    Some(answer(&record, &call).unwrap_or(ExitCode::FAILURE))
}

/// Handles one call: `call` is the compiler and its arguments. A question is passed on, and its targets are recorded; any other call
/// fails.
fn answer(record: &Path, call: &[OsString]) -> io::Result<ExitCode> {
    let [compiler, args @ ..] = call else {
        return Ok(ExitCode::FAILURE);
    };
    let is_question = |arg: &OsString| arg == "-vV" || arg.as_encoded_bytes().starts_with(b"--print");
    if !args.iter().any(is_question) {
        return Ok(ExitCode::FAILURE);
    }
    let mut record = fs_err::OpenOptions::new()
        .append(true)
        .create(true)
        .open(record)?;
    for pair in args.windows(2) {
        if pair[0] == "--target" {
            record.write_all(pair[1].as_encoded_bytes())?;
            record.write_all(b"\n")?;
        }
    }
    let status = Command::new(compiler)
        .args(args)
        .env_remove(env::RECORD_OF_TARGETS)
        .status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The targets that cargo builds for without `--target`: those of its configuration, including the host's if it is named there.
///
/// # Errors
///
/// cargo's own error about its configuration, and [`Error::NoAnswer`] if this program cannot be the wrapper.
pub(super) fn configured(args: &BuildArgs) -> Result<Vec<String>, Error> {
    if !ANSWERS.load(Ordering::Relaxed) {
        return Err(Error::NoAnswer);
    }
    let dir = tempfile::tempdir()?;
    let path = |name: &str| dir.path().join(name);
    fs_err::write(path("Cargo.toml"), MANIFEST)?;
    fs_err::write(path("empty.rs"), "")?;
    let record = path("record");
    let build_dir = serde_json::Value::from(path("build").to_string_lossy());
    let mut command = Command::new(env::cargo());
    command
        .args(["build", "--quiet", "--bins", "--manifest-path"])
        .arg(path("Cargo.toml"))
        .arg("--target-dir")
        .arg(path("target"))
        .args(with_flag("--config", &args.config))
        // The last `--config` counts. A configured build directory could be locked by another build.
        .args(["--config", &format!("build.build-dir = {build_dir}")])
        .args(with_flag("-Z", &args.unstable))
        .args((args.offline || args.frozen).then_some("--offline"))
        .env("RUSTC_WRAPPER", std::env::current_exe()?)
        .env(env::RECORD_OF_TARGETS, &record)
        // With cached answers cargo would not call the compiler.
        .env("CARGO_CACHE_RUSTC_INFO", "0")
        .stdin(Stdio::null());
    output(&mut command)?;
    let mut targets: Vec<String> = Vec::new();
    for target in fs_err::read_to_string(&record)?.lines() {
        if !targets.iter().any(|other| other == target) {
            targets.push(target.to_owned());
        }
    }
    Ok(targets)
}
