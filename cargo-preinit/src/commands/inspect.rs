//! `cargo preinit inspect`, `diff` and `why`: what a file has. The answer goes to standard output, as text or as an event.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::files::{is_stream, read};
use crate::cli::{Asked, DiffTask, ShellConfig, WhyTask};
use crate::clock::Stage;
use crate::error::Error;
use crate::inspect::{Change, CompareError, Explanation, QuestionError};
use crate::options::BakeOptions;
use crate::report::{self, Event, Observer};
use crate::shell::Verbosity;
use crate::watch::{Bounds, Process, Watch};
use crate::{inspect, shown};

/// `cargo preinit inspect`.
pub(super) fn inspect(path: &Path, shell: ShellConfig, observer: &mut dyn Observer) -> Result<(), Error> {
    let file = name(path);
    let found = answer(path.to_owned(), inspect::inspect)?.map_err(|source| unreadable(path, source))?;
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
    let found = answer(old.clone(), move |old| {
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
    } = task;
    let file = name(path);
    let (what, module) = (what.clone(), *module);
    let found = answer(path.clone(), move |input| match what {
        Asked::Function(wanted) => inspect::why_function(input, &wanted, module).map(Explanation::Function),
        Asked::Address(address) => inspect::why_address(input, address, module).map(Explanation::Address),
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
    )
}

/// Reads a file, and answers a question about it, within the bounds of a bake.
fn answer<T: Send + 'static>(
    path: PathBuf,
    question: impl FnOnce(&[u8]) -> T + Send + 'static,
) -> Result<T, Error> {
    let failure = format!("`{}` was not inspected", name(&path));
    let watch = Watch::new(
        failure,
        Bounds::of_bake(None, &BakeOptions::default(), 1),
        &Process::default(),
    );
    watch.end_what_is_stuck();
    let clock = watch.start();
    let watched = watch.clone();
    watch.over(move || {
        let input = read(&path)?;
        watched.input_is(input.len());
        clock.enter(Stage::Parse);
        Ok(question(&input))
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
