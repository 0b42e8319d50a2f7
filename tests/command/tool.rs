//! Runs `cargo preinit …`, as users do, and compares its output.

mod cargo;

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use snapbox::{Assert, IntoData, Redactions};

use crate::messages;

pub use cargo::{cargo, variable};

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
