//! For which targets cargo builds where no argument says it.
//!
//! cargo's configuration says so: files in all parent directories, files that these include, variables and `--config`, merged
//! by rules of cargo's own. No stable command tells what comes of it. But cargo asks the compiler about each target before it
//! builds for it, and [`RUSTC_WRAPPER`] names a program that it calls in place of the compiler. So cargo is run where the user
//! runs it, on a package of which there is nothing to build, with this program as the wrapper: it takes down for which targets
//! cargo asks, and hands the question on.
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

/// Whether this program would answer as the wrapper.
static ANSWERS: AtomicBool = AtomicBool::new(false);

/// A library, which `--bins` leaves out.
const MANIFEST: &str = "\
[package]
name = \"empty\"
version = \"0.0.0\"
edition = \"2024\"

[lib]
path = \"empty.rs\"

[workspace]
";

/// Answers cargo where it calls this program in place of the compiler, to learn about targets; otherwise there is nothing to
/// do. A program that calls [`execute`](crate::commands::execute) has to begin with this, and to end with the exit code if
/// there is one. [`main`](crate::main) does so.
#[must_use]
pub fn answer_cargo() -> Option<ExitCode> {
    let Some(record) = env::record_of_targets() else {
        ANSWERS.store(true, Ordering::Relaxed);
        return None;
    };
    let call: Vec<OsString> = std::env::args_os().skip(1).collect();
    // Whatever is wrong, cargo hears of it by the exit code, and says so.
    Some(answer(&record, &call).unwrap_or(ExitCode::FAILURE))
}

/// `call` is the compiler, and its arguments.
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

/// The targets that cargo builds for, if it is not told: those of its configuration, the host's among them if it is named
/// there.
///
/// # Errors
///
/// What cargo says of its configuration.
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
        // The last one counts. Elsewhere it would wait for another build to end.
        .args(["--config", &format!("build.build-dir = {build_dir}")])
        .args(with_flag("-Z", &args.unstable))
        .args((args.offline || args.frozen).then_some("--offline"))
        .env("RUSTC_WRAPPER", std::env::current_exe()?)
        .env(env::RECORD_OF_TARGETS, &record)
        // What cargo has kept of earlier answers it would not ask again.
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
