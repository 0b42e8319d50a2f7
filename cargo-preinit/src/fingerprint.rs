//! Whether a bake would write what is there already.
//!
//! Beside an output is a small file that says what the output was made from: the tool, the guest's bytes, the options,
//! and every file that init was shown. If all that is still so, and the output is still what was written, nothing runs.
//!
//! No path is in it: the output and its images are what is beside it, and of the host's directories counts what init can
//! see. So it means the same from every working directory, and moves with its own.
//!
//! It is sound in whichever order files get written, by one bake or by several at once: the inputs are read before the
//! bake that uses them, and the output is known by its hash, so a fingerprint speaks of no other output than its own.
//! A file is read again unless the system says that nothing has touched it since it was read last.
//!
//! What cannot be known to be the same is never skipped: a standard input that is handed through, an output that is no
//! file, and directories of more than 256 MiB or with something in them that is neither file, directory nor link.
//!
//! The file is a cache. If it is lost, broken or cannot be written, the next bake runs.

mod state;
mod tree;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::hash::{digits, hash};
use crate::options::{BakeOptions, Stdin, Wasi};
use crate::write;

pub(crate) use state::FileState;

/// What a bake depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    tool: String,
    guest: String,
    options: String,
    files: String,
}

/// What there is to know about an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Freshness {
    /// A bake would write the same again.
    Fresh {
        /// What the bake that wrote it warned of.
        warnings: Vec<String>,
    },
    /// It is there no more, or no fingerprint is.
    Unknown,
    /// It is of no use any more.
    Dirty(Dirty),
}

/// Why an output is of no use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dirty {
    /// Another version or build of the tool made it.
    Tool,
    /// The guest is another one.
    Guest,
    /// The options are others.
    Options,
    /// A file that init is shown is another one.
    Files,
    /// The output was changed by somebody else.
    Output,
}

impl std::fmt::Display for Dirty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Tool => "another build of the tool made the baked module",
            Self::Guest => "the guest changed",
            Self::Options => "the options changed",
            Self::Files => "the directories that init reads changed",
            Self::Output => "the baked module is not what was written",
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Fingerprint {
    inputs: Inputs,
    /// The images, in the order of their targets, and last the module.
    outputs: Vec<Written>,
    warnings: Vec<String>,
    /// What the guest's file was when it had its hash, if that was for a while: as long as it is that, it need not be
    /// read.
    guest_state: Option<FileState>,
}

/// A file that a bake wrote.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    hash: String,
    /// As for the guest's file.
    state: Option<FileState>,
}

/// Whether a bake of the guest with these options would write what is there.
#[must_use]
pub fn compare(guest: &Path, output: &Path, options: &BakeOptions) -> Freshness {
    // Who reads a pipe takes from it.
    if !output.is_file() {
        return Freshness::Unknown;
    }
    let Some(mut kept) = Fingerprint::read(output) else {
        return Freshness::Unknown;
    };
    let Some(files) = files(options) else {
        return Freshness::Unknown;
    };
    let (guest, guest_state) = hash_unless(guest, kept.guest_state, &kept.inputs.guest);
    let mut is_at_rest = guest_state == kept.guest_state;
    kept.guest_state = guest_state;
    // With other options there may be more or fewer, and that is the reason then.
    let mut are_outputs_same = true;
    for (path, written) in options.written(output).iter().zip(&mut kept.outputs) {
        let (found, state) = hash_unless(path, written.state, &written.hash);
        are_outputs_same &= found == written.hash;
        is_at_rest &= state == written.state;
        written.state = state;
    }
    let parts = [
        (tool() == kept.inputs.tool, Dirty::Tool),
        (guest == kept.inputs.guest, Dirty::Guest),
        (hash_of(options) == kept.inputs.options, Dirty::Options),
        (files == kept.inputs.files, Dirty::Files),
        (are_outputs_same, Dirty::Output),
    ];
    if let Some((_, dirty)) = parts.into_iter().find(|(is_same, _)| !is_same) {
        return Freshness::Dirty(dirty);
    }
    if !is_at_rest {
        kept.write(output);
    }
    Freshness::Fresh {
        warnings: kept.warnings,
    }
}

impl Inputs {
    /// Reads what the bake of a guest depends on; `None` where it cannot be known to be the same another time.
    #[must_use]
    pub fn read(guest: &[u8], options: &BakeOptions) -> Option<Self> {
        Some(Self {
            tool: tool(),
            guest: hash(guest),
            options: hash_of(options),
            files: files(options)?,
        })
    }

    /// Keeps beside an output that it and its images were made from this. Does what it can: the next bake runs if nothing is
    /// kept.
    ///
    /// `written` are the files of [`BakeOptions::written`], in their order.
    pub fn keep<'a>(self, output: &Path, written: impl IntoIterator<Item = &'a [u8]>, warnings: Vec<String>) {
        if output.is_file() {
            let outputs = written.into_iter().map(|bytes| Written {
                hash: hash(bytes),
                state: None,
            });
            let fingerprint = Fingerprint {
                inputs: self,
                outputs: outputs.collect(),
                warnings,
                guest_state: None,
            };
            fingerprint.write(output);
        }
    }
}

impl Fingerprint {
    fn read(output: &Path) -> Option<Self> {
        let path = beside(output);
        // A pipe in its place may never end.
        let text = path.is_file().then(|| fs_err::read(path))?.ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn write(&self, output: &Path) {
        let path = beside(output);
        if let Ok(text) = serde_json::to_vec(self)
            && !write::is_special(&path)
        {
            let _ = write::write(&path, &text);
        }
    }
}

fn files(options: &BakeOptions) -> Option<String> {
    match &options.wasi {
        Wasi::Denied => Some(String::new()),
        Wasi::Allowed(wasi) => match wasi.stdin {
            Stdin::Inherited => None,
            Stdin::Closed => tree::digest(&wasi.dirs),
        },
    }
}

/// Whatever is added to the options is in their text. What is in directories is known by [`files`], wherever they are.
fn hash_of(options: &BakeOptions) -> String {
    let mut options = options.clone();
    if let Wasi::Allowed(wasi) = &mut options.wasi {
        for dir in &mut wasi.dirs {
            dir.host = PathBuf::new();
        }
    }
    hash(format!("{options:?}").as_bytes())
}

/// The hash of a file, and its state if that stands for the hash. A file that cannot be read has the hash of nothing.
fn hash_unless(file: &Path, known: Option<FileState>, known_hash: &str) -> (String, Option<FileState>) {
    let now = SystemTime::now();
    let state = FileState::of(file);
    if state.is_some() && state == known {
        return (known_hash.to_owned(), known);
    }
    let bytes = fs_err::read(file).unwrap_or_default();
    (hash(&bytes), state.filter(|state| state.is_at_rest(now)))
}

/// `.guest.wasm.fingerprint` for `guest.wasm`.
pub(crate) fn beside(output: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(output.file_name().unwrap_or_default());
    name.push(".fingerprint");
    output.with_file_name(name)
}

/// The version, and the file that runs: builds from source change without it.
pub(crate) fn tool() -> String {
    let file = std::env::current_exe().ok().map(FileState::of);
    let version = env!("CARGO_PKG_VERSION");
    format!("{version} {file:?}")
}

#[cfg(test)]
mod tests;
