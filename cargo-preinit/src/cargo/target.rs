//! Makes sure that a target's standard library is there.

use std::fs::File;
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;

use crate::cli::BuildArgs;
use crate::env;
use crate::error::Error;
use crate::report::{Event, Observer};

/// Adds a target through rustup where it is missing, and says so. Returns where its standard library is, if it has one and
/// the compiler says so.
///
/// # Errors
///
/// Names the command that would add it.
pub fn ensure_target(
    target: &str,
    args: &BuildArgs,
    observer: &mut dyn Observer,
) -> Result<Option<Utf8PathBuf>, Error> {
    let builds_std = args.unstable.iter().any(|flag| flag.starts_with("build-std"));
    if builds_std || target.ends_with(".json") {
        return Ok(None);
    }
    // If the compiler cannot be asked, or does not know the target at all, cargo says it better.
    let Some(library) = library_of(target) else {
        return Ok(None);
    };
    // rustup does not wait for another one that adds the same, and what that has written until now looks complete.
    let _lock = lock();
    if library.is_dir() {
        return Ok(Some(library));
    }
    let mut command = vec!["target".to_owned(), "add".to_owned(), target.to_owned()];
    if let Some(toolchain) = env::variable("RUSTUP_TOOLCHAIN") {
        // rustup's own cargo sets it, be it from `cargo +toolchain` or from a file.
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

/// Waits until no other process of this tool adds a target, and keeps others waiting until it is dropped. Where there can be no such
/// file, nobody waits.
fn lock() -> Option<File> {
    let file = File::options()
        .create(true)
        .append(true)
        .open(env::lock_of_targets())
        .ok()?;
    file.lock().ok()?;
    Some(file)
}

/// Where the compiler would have the target's standard library.
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
