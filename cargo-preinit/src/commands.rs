//! Runs the subcommands; each has a file.

mod bake;
mod build;
mod clean;
mod deliver;
mod documents;
mod files;
mod guests;
mod in_place;
mod inspect;
mod lock;
mod new;
mod report;
mod reported;
mod run;
mod variants;
mod verify;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::cargo::build::answer_cargo;
use crate::cli::{self, Request, ShellConfig, Task};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::report::{Both, Event, Human, Json, Observer};
use crate::shell::Shell;
use crate::{env, shown};

/// The subcommand: parses the process's arguments, executes the request, and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    if let Some(exit) = answer_cargo() {
        return exit;
    }
    let args: Vec<OsString> = std::env::args_os().collect();
    let color = env::color(&args);
    let are_plain = args.iter().all(|arg| {
        let text = arg.to_string_lossy();
        shown::line(&text) == text
    });
    let request = match cli::parse(args, color) {
        Ok(request) => request.measured(),
        Err(error) => {
            let exit = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            };
            // If the standard streams are closed, the error cannot be reported.
            let _ = if are_plain {
                error.print()
            } else {
                // clap quotes arguments, which here contain control characters.
                io::stderr().write_all(shown::ours(&error.to_string()).as_bytes())
            };
            return exit.into();
        }
    };
    let ShellConfig {
        verbosity,
        color,
        messages,
    } = request.shell;
    let shell = Shell::new(verbosity, color);
    let human = Human::new(shell);
    if !messages.are_json {
        return report(request, human).into();
    }
    let mut json = Json::default();
    let exit = report(request, Both(human, &mut json));
    match json.finish(exit) {
        Err(error) if exit == Exit::Done => {
            shell.error(&format!("standard output cannot be written: {error}"), &[]);
            Exit::Failed.into()
        }
        Ok(()) | Err(_) => exit.into(),
    }
}

/// Executes a request, and reports its error.
fn report(request: Request, mut observer: impl Observer + Send) -> Exit {
    match execute(request, &mut observer) {
        Ok(()) => Exit::Done,
        Err(error) => {
            observer.on(&Event::Failed { error: &error });
            error.exit()
        }
    }
}

/// Executes a request. A program that calls this must begin with [`answer_cargo`].
///
/// # Errors
///
/// Why the request failed. After [`Error::Overrun`], also as one of several failures, the process has to end, since the work that
/// exceeded its bound is still running on another thread.
pub fn execute(request: Request, observer: &mut (dyn Observer + Send)) -> Result<(), Error> {
    match request.task {
        Task::Guests(task) => build::build_and_bake(&task, request.shell, observer).map(drop),
        Task::Module(task) => bake::bake_module(&task, observer),
        Task::InPlace(task) => in_place::bake_in_place(&task, observer),
        Task::Verify(task) => verify::verify(&task, observer),
        Task::Clean(task) => clean::clean(&task, observer),
        Task::Inspect(file) => inspect::inspect(&file, request.shell, observer),
        Task::Diff(task) => inspect::diff(&task, request.shell, observer),
        Task::Why(task) => inspect::why(&task, request.shell, observer),
        Task::Report(task) => report::report(&task, request.shell, observer),
        Task::Run(task) => run::run(&task, request.shell, observer),
        Task::New(task) => new::new(&task, request.shell, observer),
        Task::Completions(shell) => Ok(documents::completions(shell)?),
        Task::Man(dir) => Ok(documents::man(&dir)?),
    }
}
