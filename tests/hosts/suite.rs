//! What the tests of all hosts share: where the hosts are, the guests, and what is expected of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::cargo::variable;
use crate::guests::Guests;

/// What guests are asked, in this order: the first call is the cold start.
pub const PATHS: [&str; 3] = ["/ROUTE-17/kiosk/42", "/route-19/abc/7", "/nowhere"];

/// What they find.
pub const FOUND: [&str; 3] = ["route 17, kiosk 42", "route 19, abc 7", "no route for /nowhere"];

/// Follows an answer whose patterns were compiled before the call, as it is with every answer of a baked guest.
const READY: &str = " (patterns ready)";

/// Follows the first answer of a guest that was not baked.
const MADE_NOW: &str = " (patterns made now)";

/// How often a cold start is measured. The least counts.
pub const RUNS: usize = 5;

/// What a test does.
pub type Test = fn(&Suite) -> Result<()>;

/// A host.
pub struct Host {
    /// What it is called in `versions.txt`.
    pub key: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Its tests.
    pub tests: &'static [(&'static str, Test)],
}

/// What a guest answered in a host, and how long its cold start took.
#[derive(Clone, Debug)]
pub struct Seen {
    pub answers: Vec<String>,
    pub seconds: f64,
}

impl Seen {
    /// What a script printed as JSON, in its last line.
    pub fn parse(printed: &str) -> Result<Self> {
        let line = printed.lines().last().context("it printed nothing")?;
        let value = serde_json::from_str(line).with_context(|| format!("it printed {printed}"))?;
        Self::of(&value)
    }

    /// What a script says.
    pub fn of(value: &Value) -> Result<Self> {
        let seen = || {
            let answers = value["answers"].as_array()?.iter();
            let answers = answers.map(|answer| answer.as_str().map(str::to_owned));
            Some(Self {
                answers: answers.collect::<Option<_>>()?,
                seconds: value["seconds"].as_f64()?,
            })
        };
        seen().with_context(|| format!("it said {value}"))
    }
}

/// A line of the table in `README.md`.
pub struct Row {
    pub host: &'static Host,
    /// The guest, and in which order it was baked and bound.
    pub guest: String,
    pub timed: &'static str,
    pub before: f64,
    pub after: f64,
}

/// The suite.
pub struct Suite {
    hosts: Option<PathBuf>,
    /// The packages of each host.
    versions: Vec<(String, String)>,
    browser: Option<PathBuf>,
    guests: OnceLock<Result<Guests, String>>,
    rows: Mutex<Vec<Row>>,
    /// The hosts whose tests ran.
    ran: Mutex<BTreeSet<&'static str>>,
    work: TempDir,
}

impl Suite {
    pub fn new() -> Result<Self> {
        Ok(Self {
            hosts: variable("PREINIT_HOSTS").map(PathBuf::from),
            versions: versions()?,
            browser: variable("PREINIT_BROWSER").map(PathBuf::from),
            guests: OnceLock::new(),
            rows: Mutex::default(),
            ran: Mutex::default(),
            work: tempfile::tempdir()?,
        })
    }

    /// Why a host is not there.
    pub fn missing(&self, host: &Host) -> Option<String> {
        let Some(hosts) = &self.hosts else {
            return Some("`PREINIT_HOSTS` does not say where they are".to_owned());
        };
        match host.key {
            "chromium" => match &self.browser {
                Some(browser) if browser.exists() => None,
                _ => Some("`PREINIT_BROWSER` does not name a browser".to_owned()),
            },
            "node" => (self.version(host).is_err()).then(|| "`node` cannot be started".to_owned()),
            key => {
                let folder = hosts.join(key);
                let Ok(installed) = fs_err::read_to_string(folder.join("installed")) else {
                    let why = fs_err::read_to_string(folder.join("missing"));
                    return Some(
                        why.map_or_else(|_| "not installed".to_owned(), |why| why.trim().to_owned()),
                    );
                };
                let packages = installed.split_whitespace().collect::<Vec<_>>().join(", ");
                let wanted = self.versions.iter().find(|(host, _)| host == key);
                let is_wanted = wanted.is_some_and(|(_, wanted)| *wanted == packages);
                (!is_wanted)
                    .then(|| format!("{packages} is installed, and tests/hosts/versions.txt wants another"))
            }
        }
    }

    /// What a host that is not in `versions.txt` says of its version.
    pub fn version(&self, host: &Host) -> Result<String> {
        let program = match host.key {
            "chromium" => self.browser()?,
            key => Path::new(key),
        };
        let output = Command::new(program).arg("--version").output()?;
        ensure!(output.status.success(), "it ended with {}", output.status);
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// A file that was installed for a host.
    pub fn installed(&self, path: &str) -> Result<PathBuf> {
        let hosts = self.hosts.as_ref().context("the hosts are somewhere")?;
        Ok(std::path::absolute(hosts.join(path))?)
    }

    /// The browser.
    pub fn browser(&self) -> Result<&Path> {
        self.browser.as_deref().context("it is somewhere")
    }

    /// The guests, which are built once.
    pub fn guests(&self) -> Result<&Guests> {
        let guests = self
            .guests
            .get_or_init(|| Guests::build().map_err(|error| format!("{error:#}")));
        guests.as_ref().map_err(|error| anyhow!("{error}"))
    }

    /// A directory for a test, which is empty.
    pub fn directory(&self, name: &str) -> Result<PathBuf> {
        let directory = self.work.path().join(name);
        if directory.exists() {
            fs_err::remove_dir_all(&directory)?;
        }
        fs_err::create_dir_all(&directory)?;
        Ok(directory)
    }

    /// A directory that does not change once it is made.
    pub fn kept(&self, name: &str) -> PathBuf {
        self.work.path().join("kept").join(name)
    }

    /// Notes how long a cold start took before and after.
    pub fn record(&self, row: Row) {
        locked(&self.rows).push(row);
    }

    /// What was noted.
    pub fn rows(&self) -> MutexGuard<'_, Vec<Row>> {
        locked(&self.rows)
    }

    /// Notes that a host runs.
    pub fn runs(&self, host: &Host) {
        locked(&self.ran).insert(host.key);
    }

    /// How many hosts ran.
    pub fn ran(&self) -> usize {
        locked(&self.ran).len()
    }
}

/// A test that panicked left nothing half done.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file of this suite, with words in it replaced.
pub fn file(name: &str, words: &[(&str, &str)]) -> Result<String> {
    let mut text = fs_err::read_to_string(path(&format!("files/{name}")))?;
    for (word, by) in words {
        ensure!(text.contains(word), "{name} does not contain {word}");
        text = text.replace(word, by);
    }
    Ok(text)
}

/// The path of a file of this suite.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts").join(name)
}

/// The packages of each host.
pub fn versions() -> Result<Vec<(String, String)>> {
    let text = fs_err::read_to_string(path("versions.txt"))?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let versions = lines.map(|line| {
        let mut words = line.split_whitespace();
        let host = words.next()?.to_owned();
        // What installs it is of no interest here.
        words.next()?;
        Some((host, words.collect::<Vec<_>>().join(", ")))
    });
    let versions: Option<_> = versions.collect();
    versions.context("a line of tests/hosts/versions.txt names a host, what installs it, and packages")
}

/// Does something several times, and returns the fastest.
pub fn sample(mut run: impl FnMut() -> Result<Seen>) -> Result<Seen> {
    let mut fastest = run()?;
    for _ in 1..RUNS {
        let seen = run()?;
        ensure!(
            seen.answers == fastest.answers,
            "it answered {:?}, and then {:?}",
            fastest.answers,
            seen.answers
        );
        if seen.seconds < fastest.seconds {
            fastest = seen;
        }
    }
    Ok(fastest)
}

/// Checks what a guest answered before and after it was baked. `expected` is what it answers, without what says when its patterns were
/// compiled: the baked guest found them ready at its first call, and the one before made them then. What was
/// asked later may have gone to a fresh instance.
pub fn check(before: &Seen, after: &Seen, expected: &[&str]) -> Result<()> {
    let found: Vec<&str> = before.answers.iter().map(|answer| found(answer)).collect();
    ensure!(
        found == expected,
        "the guest that is not baked answered {:?}",
        before.answers
    );
    match before.answers.first() {
        Some(first) if first.ends_with(MADE_NOW) => {}
        first => bail!("the guest that is not baked first answered {first:?}"),
    }
    let ready: Vec<String> = before
        .answers
        .iter()
        .map(|answer| answer.replace(MADE_NOW, READY))
        .collect();
    ensure!(
        after.answers == ready,
        "the baked guest answered {:?}, and the other {:?}",
        after.answers,
        before.answers
    );
    Ok(())
}

/// An answer without what says when the patterns were compiled.
fn found(answer: &str) -> &str {
    answer
        .strip_suffix(READY)
        .or_else(|| answer.strip_suffix(MADE_NOW))
        .unwrap_or(answer)
}
