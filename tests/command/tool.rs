//! Runs `cargo preinit …`, as users do, and compares its output.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use snapbox::{Assert, IntoData, Redactions};

use crate::messages;

/// A directory with the tool under the name `cargo-preinit`, by which cargo finds it.
static BIN_DIR: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bin");
    let name = format!("cargo-preinit{}", std::env::consts::EXE_SUFFIX);
    fs_err::create_dir_all(&dir).expect("the temporary directory is writable");
    // Another test process may do the same, so the file is renamed when it is complete.
    let fresh = dir.join(format!("{name}.{}", std::process::id()));
    #[cfg(unix)]
    fs_err::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cargo-preinit-dup"), &fresh).expect("no such name yet");
    #[cfg(not(unix))]
    fs_err::copy(env!("CARGO_BIN_EXE_cargo-preinit-dup"), &fresh).expect("no such name yet");
    fs_err::rename(&fresh, dir.join(&name)).expect("both names are in one directory");
    dir
});

/// Whether the tool's environment keeps a variable. Those that change cargo's or the tool's behaviour are removed.
fn is_kept(name: &str) -> bool {
    let is_of_the_surroundings = ["CARGO", "__CARGO", "RUSTC", "RUSTFLAGS", "RUSTDOC", "CLICOLOR"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || ["CI", "NO_COLOR", "RUST_BACKTRACE", "RUST_LOG", "TERM"].contains(&name);
    name == "CARGO_HOME" || !is_of_the_surroundings
}

/// A variable of the tests' environment.
pub fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the tests that reads the environment"
    )]
    std::env::var(name).ok()
}

/// A `cargo` command that finds the tool, without variables that change its behaviour.
pub fn cargo(dir: &Path) -> Command {
    let mut command = Command::new("cargo");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_none_or(|name| !is_kept(name)) {
            command.env_remove(name);
        }
    }
    let path = variable("PATH").unwrap_or_default();
    let path = std::iter::once(BIN_DIR.clone()).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).expect("no directory has a separator in its name");
    command.current_dir(dir).env("PATH", path).stdin(Stdio::null());
    command
}

/// The output and exit code of a program.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    /// Standard error, without cargo's own progress and with times and sizes replaced by placeholders.
    pub stderr: String,
    redactions: Redactions,
}

/// Runs a command. `dir` becomes `[DIR]` in its output.
pub fn run(command: &mut Command, dir: &Path) -> Said {
    let output = command.output().expect("the program can be started");
    said(output, dir)
}

/// Reads the output of a command, as [`run`] does.
pub fn said(output: Output, dir: &Path) -> Said {
    messages::check(&output.stdout);
    let stderr = String::from_utf8(output.stderr).expect("messages are UTF-8");
    Said {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: stderr
            .lines()
            .filter(|line| !is_progress_of_cargo(line))
            .map(|line| without_measurements(line) + "\n")
            .collect(),
        redactions: Redactions::new(),
    }
    .redact("[DIR]", dir.display().to_string())
}

impl Said {
    /// Replaces a text that depends on the machine by a placeholder.
    pub fn redact(mut self, placeholder: &'static str, text: String) -> Self {
        self.redactions.insert(placeholder, text).expect("a placeholder");
        self
    }

    /// Expects an exit code and this text on standard error.
    pub fn expect(&self, code: i32, stderr: impl IntoData) -> &Self {
        self.golden().eq(&self.stderr, stderr);
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }

    /// Expects success, with any output.
    pub fn succeeds(&self) -> &Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    /// Expects this text on standard output.
    pub fn prints(&self, stdout: impl IntoData) -> &Self {
        let text = String::from_utf8_lossy(&self.stdout).into_owned();
        self.golden().eq(text, stdout);
        self
    }

    fn golden(&self) -> Assert {
        Assert::new()
            .action_env("SNAPSHOTS")
            .normalize_paths(false)
            .redact_with(self.redactions.clone())
    }
}

/// Whether a line is cargo's progress, which depends on earlier builds.
fn is_progress_of_cargo(line: &str) -> bool {
    const VERBS: [&str; 12] = [
        "Adding",
        "Blocking",
        "Compiling",
        "Dirty",
        "Downloaded",
        "Downloading",
        "Finished",
        "Fresh",
        "Locking",
        "Removing",
        "Running",
        "Updating",
    ];
    let is_status = line.starts_with(' ');
    let mut words = line.split_whitespace();
    let ours = match (words.next(), words.next()) {
        (Some("Adding"), Some("target")) => true,
        // The tool's lines name modules, which have a dot in their names; packages have none.
        (Some("Dirty" | "Fresh"), Some(name)) => name.contains('.'),
        _ => false,
    };
    is_status && !ours && VERBS.iter().any(|verb| line.trim_start().starts_with(verb))
}

/// Replaces times and sizes in the tool's lines by placeholders.
fn without_measurements(line: &str) -> String {
    if let Some((what, _)) = line
        .strip_prefix("         Ran ")
        .and_then(|rest| rest.rsplit_once(" in "))
    {
        return format!("         Ran {what} in [TIME]");
    }
    if let Some(verb) = ["   Allocated ", "     Changed "]
        .iter()
        .find(|verb| line.starts_with(**verb))
    {
        return format!("{verb}[FIGURES]");
    }
    if line.starts_with("    Compiled ")
        && let Some((what, _)) = line.rsplit_once(", ")
    {
        return format!("{what}, [SIZE]");
    }
    if line.starts_with("       Baked ")
        && let Some((what, _)) = line.rsplit_once(" in ")
    {
        return format!("{what} in [TIME], [SIZE] -> [SIZE]");
    }
    if line.starts_with("    Restored ")
        && let Some((what, _)) = line.rsplit_once(": ")
    {
        return format!("{what}: [SIZE] -> [SIZE], from the cache");
    }
    line.to_owned()
}

/// The names of all files below a directory, sorted.
pub fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs_err::read_dir(&at).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(dir) {
                found.push(name.display().to_string());
            }
        }
    }
    found.sort();
    found
}

/// Splits a line at whitespace; tests need no quotes.
pub fn words(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}
