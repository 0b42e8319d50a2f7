//! `cargo preinit inspect`, `diff` and `why`: what a file has. The answer goes to standard output, as text or as an event.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::files::{is_stream, read};
use crate::bake_error::BakeError;
use crate::cli::{Asked, DiffTask, ShellConfig, WhyTask};
use crate::clock::{Clock, Stage};
use crate::error::Error;
use crate::guest::index::MemoryIndex;
use crate::guest::to_binary;
use crate::init::InitError;
use crate::inspect::{AddressReason, Change, CompareError, Explanation, QuestionError};
use crate::options::BakeOptions;
use crate::pipeline::after_init::after_init;
use crate::report::{self, Event, Observer};
use crate::shell::Verbosity;
use crate::watch::{Bounds, Process, Watch};
use crate::{inspect, shown};

/// `cargo preinit inspect`.
pub(super) fn inspect(path: &Path, shell: ShellConfig, observer: &mut dyn Observer) -> Result<(), Error> {
    let file = name(path);
    let found = answer(path.to_owned(), reading(), |input, _| inspect::inspect(input))?
        .map_err(|source| unreadable(path, source))?;
    tell(
        shell,
        observer,
        &Event::Inspected {
            file: &file,
            found: &found,
        },
        |is_verbose| report::inspected(&file, &found, is_verbose),
    )
}

/// `cargo preinit diff`.
pub(super) fn diff(task: &DiffTask, shell: ShellConfig, observer: &mut dyn Observer) -> Result<(), Error> {
    let DiffTask { old, new, exit_code } = task;
    let files = [name(old), name(new)];
    let [old_name, new_name] = &files;
    let new_path = new.clone();
    let found = answer(old.clone(), reading(), move |old, _| {
        let new = read(&new_path)?;
        Ok::<_, io::Error>(inspect::compare(old, &new))
    })??
    .map_err(|error| match error {
        CompareError::Old(source) => unreadable(old, source),
        CompareError::New(source) => unreadable(new, source),
    })?;
    let files = Change {
        old: old_name.as_str(),
        new: new_name.as_str(),
    };
    tell(
        shell,
        observer,
        &Event::Compared { files, found: &found },
        |is_verbose| report::compared(files, &found, is_verbose),
    )?;
    match *exit_code && !found.is_same {
        true => Err(Error::FilesDiffer),
        false => Ok(()),
    }
}

/// `cargo preinit why`.
pub(super) fn why(task: &WhyTask, shell: ShellConfig, observer: &mut dyn Observer) -> Result<(), Error> {
    let WhyTask {
        what,
        file: path,
        module,
        options,
    } = task;
    let file = name(path);
    let (what, module, options) = (what.clone(), *module, options.clone());
    let bounds = Bounds::of_verify(&options, 1);
    let (found, not_run) = answer(path.clone(), bounds, move |input, clock| {
        let address = match &what {
            Asked::Address(address) => Some(*address),
            Asked::Name(wanted) => inspect::item_address(input, wanted),
        };
        match (what, address) {
            (_, Some(address)) => {
                let mut found = inspect::why_address(input, address, module)?;
                let not_run = run_init(input, &mut found, &options, clock);
                Ok((Explanation::Address(found), not_run))
            }
            (Asked::Name(wanted), None) => Ok((
                Explanation::Function(inspect::why_function(input, &wanted, module)?),
                None,
            )),
            (Asked::Address(_), None) => Err(QuestionError::NoMemory),
        }
    })?
    .map_err(|error| match error {
        QuestionError::Input(source) => unreadable(path, source),
        error => Error::Question(error),
    })?;
    tell(
        shell,
        observer,
        &Event::Explained {
            file: &file,
            found: &found,
        },
        |is_verbose| report::explained(&found, is_verbose),
    )?;
    match not_run {
        None => Ok(()),
        Some(error) => Err(Error::InitNotRun { file, source: error }),
    }
}

/// Adds what init leaves at the address, if the file has an init to run. Returns why it could not be run.
fn run_init(
    input: &[u8],
    found: &mut AddressReason,
    options: &BakeOptions,
    clock: &Clock,
) -> Option<BakeError> {
    let wasm = to_binary(input).ok()?;
    let address = found.address;
    for at in &mut found.found {
        let place = (at.module, MemoryIndex(at.memory));
        match after_init(&wasm, options, clock, place, address) {
            Ok(after) => at.after_init = after,
            Err(BakeError::Init(InitError::NoItems | InitError::NoInit | InitError::AlreadyBaked(_))) => {
                return None;
            }
            Err(error) => return Some(error),
        }
    }
    None
}

/// The bounds where nothing runs.
fn reading() -> Bounds {
    Bounds::of_bake(None, &BakeOptions::default(), 1)
}

/// Reads a file, and answers a question about it within these bounds.
fn answer<T: Send + 'static>(
    path: PathBuf,
    bounds: Bounds,
    question: impl FnOnce(&[u8], &Clock) -> T + Send + 'static,
) -> Result<T, Error> {
    let failure = format!("`{}` was not inspected", name(&path));
    let watch = Watch::new(failure, bounds, &Process::default());
    watch.end_what_is_stuck();
    let clock = watch.start();
    let watched = watch.clone();
    watch.over(move || {
        let input = read(&path)?;
        watched.input_is(input.len());
        clock.enter(Stage::Parse);
        Ok(question(&input, &clock))
    })?
}

/// Writes an answer to standard output: as an event if events go there, else as text.
fn tell(
    shell: ShellConfig,
    observer: &mut dyn Observer,
    event: &Event<'_>,
    text: impl FnOnce(bool) -> String,
) -> Result<(), Error> {
    if shell.messages.are_json {
        observer.on(event);
        return Ok(());
    }
    let text = shown::ours(&text(shell.verbosity == Verbosity::Verbose));
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // Whoever reads has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn unreadable(path: &Path, source: crate::guest::InputError) -> Error {
    Error::Unreadable {
        file: name(path),
        source,
    }
}

/// A file in messages.
fn name(path: &Path) -> String {
    match is_stream(path) {
        true => "standard input".to_owned(),
        false => shown::path(path),
    }
}
