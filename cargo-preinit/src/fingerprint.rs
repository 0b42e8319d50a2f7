//! Decides whether a bake would write the bytes that the output has already.
//!
//! A small file beside an output, its fingerprint, records what the output was made from: the tool, the guest's bytes, the options,
//! and every file that init was shown. If none has changed, nor the output, the bake is skipped.
//!
//! It contains no path: the output and its images are found beside it, and of the host's directories only the contents count. So it
//! is valid from every working directory, and can be moved or copied with the output.
//!
//! It is sound in whichever order files are written, by one bake or by several at once: the inputs are hashed before the bake reads
//! them, and the fingerprint holds the output's hash, so it never matches another output. A file is read again unless its metadata
//! shows that it has not been written since.
//!
//! A bake always runs if its inputs cannot be compared: with an inherited standard input, an output that is no regular file, or
//! directories with more than 256 MiB or an entry that is neither file, directory nor link.
//!
//! The fingerprint is a cache. If it is missing, broken or cannot be written, the next bake runs.

mod state;
mod tree;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::hash::{digits, hash};
use crate::options::{BakeOptions, Limits, Stdin, StubbedImport, Wasi, WasiOptions};
use crate::run::ReadInputs;
use crate::{env, shown, write};

pub(crate) use state::FileState;
use tree::Files;

/// What a bake depends on: the tool, and hashes of the guest, the options and the directories that init is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    tool: String,
    guest: String,
    /// By the name of the option.
    options: BTreeMap<String, String>,
    files: Files,
}

/// Whether an output is what a bake would write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Freshness {
    /// A bake would write the same bytes.
    Fresh {
        /// The warnings of the bake that wrote it.
        warnings: Vec<String>,
    },
    /// The output or its fingerprint is missing, or the inputs cannot be compared.
    Unknown,
    /// A bake may write other bytes.
    Dirty(Dirty),
}

/// Why an output is outdated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dirty {
    /// Another version or build of the tool made it.
    Tool,
    /// The guest's bytes changed.
    Guest,
    /// An option changed: its long name on the command line, or what else says it.
    Option(String),
    /// A file or a directory that init is shown changed: its path in the guest. `None` if there are too many to know which.
    File(Option<String>),
    /// The output, or one of its images, is not what the bake wrote.
    Output,
    /// There is no report about the output, or not what the bake wrote.
    Report,
}

impl std::fmt::Display for Dirty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tool => f.write_str("the tool changed"),
            Self::Guest => f.write_str("the guest changed"),
            Self::Option(name) => write!(f, "option {} changed", shown::name(name)),
            Self::File(Some(path)) => write!(f, "input {} changed", shown::name(path)),
            Self::File(None) => f.write_str("the directories that init reads changed"),
            Self::Report => f.write_str("its report is missing, or not what was written"),
            Self::Output => f.write_str("the baked module is not what was written"),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Fingerprint {
    inputs: Inputs,
    /// As in [`BakeOptions::written`].
    outputs: Vec<Written>,
    warnings: Vec<String>,
    /// What init read.
    read: ReadInputs,
    /// The state of the guest's file when it was hashed, if it was at rest. While the state is the same, the file is not read.
    guest_state: Option<FileState>,
}

/// A file that a bake wrote.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    hash: String,
    /// As [`Fingerprint::guest_state`].
    state: Option<FileState>,
}

/// Whether a bake of the guest with these options would write the bytes that the output has. Updates the states in the fingerprint.
#[must_use]
pub fn compare(guest: &Path, output: &Path, options: &BakeOptions) -> Freshness {
    // Reading a pipe would consume its contents.
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
    // Other options can mean more or fewer files. Then `Dirty::Option` is the reason, which comes first.
    let page = options.report.page_of(output);
    // Other options can mean more or fewer files. Then `Dirty::Option` is the reason, which comes first. A report that was not asked for
    // then is not among the files, whatever stands in its place.
    let mut written = kept.outputs.iter_mut();
    let mut wrong = None;
    for path in options.written(output) {
        let is_report = page.as_ref() == Some(&path);
        let Some(written) = written.next() else {
            wrong = wrong.or(is_report.then_some(Dirty::Report));
            continue;
        };
        let (found, state) = hash_unless(&path, written.state, &written.hash);
        if found != written.hash {
            wrong = wrong.or(Some(if is_report { Dirty::Report } else { Dirty::Output }));
        }
        is_at_rest &= state == written.state;
        written.state = state;
    }
    let now = Inputs {
        tool: tool(),
        guest,
        options: by_name(options),
        files,
    };
    let dirty = now.differs_from(&kept.inputs);
    if let Some(dirty) = dirty.or(wrong) {
        return Freshness::Dirty(dirty);
    }
    if !is_at_rest {
        kept.write(output);
    }
    Freshness::Fresh {
        warnings: kept.warnings,
    }
}

/// What the init read whose bake wrote an output; `None` if there is no fingerprint beside it.
#[must_use]
pub fn read_inputs(output: &Path) -> Option<ReadInputs> {
    Fingerprint::read(output).map(|kept| kept.read)
}

impl Inputs {
    /// Reads and hashes what the bake of a guest depends on; `None` if a later run could not compare it.
    #[must_use]
    pub fn read(guest: &[u8], options: &BakeOptions) -> Option<Self> {
        Some(Self {
            tool: tool(),
            guest: hash(guest),
            options: by_name(options),
            files: files(options)?,
        })
    }

    /// The first difference from earlier inputs.
    fn differs_from(&self, earlier: &Self) -> Option<Dirty> {
        if self.tool != earlier.tool {
            return Some(Dirty::Tool);
        }
        if self.guest != earlier.guest {
            return Some(Dirty::Guest);
        }
        let names = self.options.keys().chain(earlier.options.keys());
        let mut changed = names.filter(|name| self.options.get(*name) != earlier.options.get(*name));
        if let Some(name) = changed.next() {
            return Some(Dirty::Option(name.clone()));
        }
        self.files.differ_from(&earlier.files).map(Dirty::File)
    }

    /// What a bake depends on beside the tool.
    pub(crate) fn without_tool(&self) -> impl Serialize + '_ {
        (&self.guest, &self.options, self.files.digest())
    }

    /// Writes the fingerprint beside an output. Errors are ignored: without a fingerprint the next bake runs.
    ///
    /// `written` holds the contents of the files of [`BakeOptions::written`], in their order.
    pub fn keep<'a>(
        self,
        output: &Path,
        written: impl IntoIterator<Item = &'a [u8]>,
        warnings: Vec<String>,
        read: ReadInputs,
    ) {
        if output.is_file() {
            let outputs = written.into_iter().map(|bytes| Written {
                hash: hash(bytes),
                state: None,
            });
            let fingerprint = Fingerprint {
                inputs: self,
                outputs: outputs.collect(),
                warnings,
                read,
                guest_state: None,
            };
            fingerprint.write(output);
        }
    }
}

impl Fingerprint {
    fn read(output: &Path) -> Option<Self> {
        let path = beside(output);
        // A read from a pipe in its place might never end.
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

fn files(options: &BakeOptions) -> Option<Files> {
    match &options.wasi {
        Wasi::Denied => Some(Files::default()),
        Wasi::Allowed(wasi) => match wasi.stdin {
            Stdin::Inherited => None,
            Stdin::Closed => Files::read(&wasi.dirs),
        },
    }
}

/// The hash of each option that the output or the outcome can depend on, by the option's long name. Host directories are left out, since
/// [`files`] hashes their contents.
fn by_name(options: &BakeOptions) -> BTreeMap<String, String> {
    let BakeOptions {
        init_functions,
        warm_up,
        keep_init_functions,
        init_result,
        renames,
        dead_code,
        memory_layout,
        rewriter,
        scrub_heap,
        check,
        post_process,
        size_budget,
        stamp,
        wasi,
        imports,
        stubs,
        impurity,
        allow_impure,
        // They are only looked for.
        machine_texts: _,
        deny,
        on_denied,
        limits,
        compiler: _,
        compile: _,
        precompile,
        cache: _,
        memory_scan: _,
        // It is only measured.
        profile: _,
        report: _,
    } = options;
    let Limits {
        timeout: _,
        memory_bytes,
        table_elements,
        stack_bytes,
        output_bytes,
    } = limits;
    let programs: Vec<_> = post_process.iter().map(|command| program(command)).collect();
    let (wasi_stubs, named_stubs): (Vec<_>, Vec<_>) =
        stubs.iter().partition(|stub| stub.import == StubbedImport::WASI);
    let mut texts = vec![
        ("init-func", format!("{init_functions:?}")),
        ("warm-up", format!("{warm_up:?}")),
        ("keep-init-func", format!("{keep_init_functions:?}")),
        ("init-result", format!("{init_result:?}")),
        ("rename", format!("{renames:?}")),
        ("keep-dead-code", format!("{dead_code:?}")),
        ("memory-layout", format!("{memory_layout:?}")),
        ("rewriter", format!("{rewriter:?}")),
        ("scrub-heap", format!("{scrub_heap:?}")),
        ("verify", format!("{check:?}")),
        ("post-process", format!("{post_process:?} {programs:?}")),
        ("check-size", format!("{size_budget:?}")),
        ("stamp", format!("{stamp:?}")),
        ("import", format!("{imports:?}")),
        ("stub", format!("{named_stubs:?}")),
        ("stub-wasi", format!("{wasi_stubs:?}")),
        ("impurity", format!("{impurity:?}")),
        ("allow-impure", format!("{allow_impure:?}")),
        ("deny", format!("{deny:?}")),
        ("on-denied", format!("{on_denied:?}")),
        ("max-memory", format!("{memory_bytes:?}")),
        ("max-table-elements", format!("{table_elements:?}")),
        ("max-stack", format!("{stack_bytes:?}")),
        ("max-output", format!("{output_bytes:?}")),
        ("precompile", format!("{:?}", precompile.targets)),
        ("precompile-engine", format!("{:?}", precompile.engine)),
    ];
    match wasi {
        Wasi::Denied => texts.push(("allow-wasi", "no".to_owned())),
        Wasi::Allowed(WasiOptions {
            args,
            env,
            dirs,
            stdin,
            wall_clock_start,
        }) => {
            let dirs: Vec<&String> = dirs.iter().map(|dir| &dir.guest).collect();
            texts.extend([
                ("allow-wasi", format!("{stdin:?}")),
                ("arg", format!("{args:?}")),
                ("env", format!("{env:?}")),
                ("dir", format!("{dirs:?}")),
                ("SOURCE_DATE_EPOCH", format!("{wall_clock_start:?}")),
            ]);
        }
    }
    texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), hash(text.as_bytes())))
        .collect()
}

/// The state of the program of a command, so that another build of it counts.
fn program(command: &str) -> Option<FileState> {
    let name = command.split_whitespace().next()?;
    if name.contains(['/', '\\']) {
        return FileState::of(name);
    }
    env::path().find_map(|dir| FileState::of(dir.join(name)))
}

/// The hash of a file, and its state if the file is at rest. Reads the file unless its state is `known`. A file that cannot be read
/// has the hash of an empty one.
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

/// The version and the state of the executable, which differs between builds from source of the same version.
pub(crate) fn tool() -> String {
    let file = std::env::current_exe().ok().map(FileState::of);
    let version = env!("CARGO_PKG_VERSION");
    format!("{version} {file:?}")
}

#[cfg(test)]
mod tests;
