//! Makes sure that a target's standard library is installed.

use std::fs::File;
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;

use crate::cli::BuildArgs;
use crate::env;
use crate::error::Error;
use crate::report::{Event, Observer};

/// Adds a missing target with rustup, and reports that. Returns the directory of its standard library; `None` if std is built with
/// the guest, if the target is a specification file, or if the compiler does not answer.
///
/// # Errors
///
/// [`Error::TargetMissing`] with the command that adds the target, and why it failed.
pub fn ensure_target(
    target: &str,
    args: &BuildArgs,
    observer: &mut dyn Observer,
) -> Result<Option<Utf8PathBuf>, Error> {
    let builds_std = args.unstable.iter().any(|flag| flag.starts_with("build-std"));
    if builds_std || target.ends_with(".json") {
        return Ok(None);
    }
    // If the compiler cannot be run or does not know the target, cargo reports that better.
    let Some(library) = library_of(target) else {
        return Ok(None);
    };
    // rustup does not wait for another rustup that adds the same target, and a half-written target looks complete.
    let _lock = lock();
    if library.is_dir() {
        return Ok(Some(library));
    }
    let mut command = vec!["target".to_owned(), "add".to_owned(), target.to_owned()];
    if let Some(toolchain) = env::variable("RUSTUP_TOOLCHAIN") {
        // rustup's cargo proxy sets it, from `cargo +toolchain` or a toolchain file.
        command.extend(["--toolchain".to_owned(), toolchain]);
    }
    let line = format!("rustup {}", command.join(" "));
    observer.on(&Event::AddingTarget {
        target,
        command: &line,
    });
    let missing = |reason: String| Error::TargetMissing {
        target: target.to_owned(),
        command: line.clone(),
        reason,
    };
    let output = Command::new("rustup")
        .args(&command)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| missing(format!("`rustup` could not be started ({error})")))?;
    if output.status.success() {
        return Ok(Some(library));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let reason = said
        .lines()
        .rfind(|line| line.starts_with("error"))
        .map(|line| line.trim_start_matches("error:").trim().to_owned())
        .unwrap_or_else(|| format!("rustup ended with {}", output.status));
    Err(missing(reason))
}

/// Waits until no other process of this tool adds a target, and makes others wait until the file is dropped. `None` if the file cannot
/// be opened or locked; then there is no waiting.
fn lock() -> Option<File> {
    let file = File::options()
        .create(true)
        .append(true)
        .open(env::lock_of_targets())
        .ok()?;
    file.lock().ok()?;
    Some(file)
}

/// The directory where the compiler looks for the target's standard library, whether it exists or not.
fn library_of(target: &str) -> Option<Utf8PathBuf> {
    let output = Command::new(env::rustc())
        .args(["--print", "target-libdir", "--target", target])
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let path = String::from_utf8_lossy(&output.stdout);
    Some(path.trim().into())
}
