//! Runs the user's commands on the output, such as wasm-opt.
//!
//! **In** the baked bytes, and commands. **Out** the bytes that the last command wrote. **Refuses** what fails, and what is not
//! valid. Whether a command keeps what the module does is not known; `--verify` compares what comes of it with the original.
//!
//! A command is a program and its arguments, with spaces between. `{input}` in an argument stands for the file to read, and `{output}` for
//! the file to write. Both are in a new directory, which is removed. No shell is involved.

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use wasmparser::{Validator, WasmFeatures};

use crate::clock::Clock;
use crate::shown;

/// How often a command is asked whether it has ended.
const POLL: Duration = Duration::from_millis(5);

/// Why a command failed.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum PostProcessError {
    /// It could not be started, or a file for it not be written or read.
    #[error("{} could not be run on the baked module: {source}", shown::name(.command))]
    Io {
        /// The command.
        command: String,
        /// The system's error.
        source: io::Error,
    },
    /// It ended with an error.
    #[error("{} failed on the baked module ({status})", shown::name(.command))]
    Failed {
        /// The command.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// It was still running when the time of the bake was over.
    #[error("{} did not end in time", shown::name(.0))]
    OutOfTime(String),
    /// It wrote no file.
    #[error("{} ended without an error, and wrote no `{{output}}`", shown::name(.0))]
    NoOutput(String),
    /// What it wrote is not valid.
    #[error("{} wrote a module that is not valid: {message}", shown::name(.command))]
    Invalid {
        /// The command.
        command: String,
        /// The validator's message.
        message: String,
    },
}

/// Runs commands on a module or a component in turn. Their standard output and standard error are this process's standard error.
///
/// # Errors
///
/// [`PostProcessError`] of the first command that fails.
pub(crate) fn post_process(
    mut wasm: Vec<u8>,
    commands: &[String],
    clock: &Clock,
) -> Result<Vec<u8>, PostProcessError> {
    for command in commands {
        wasm = run(&wasm, command, clock)?;
        Validator::new_with_features(WasmFeatures::all())
            .validate_all(&wasm)
            .map_err(|error| PostProcessError::Invalid {
                command: command.clone(),
                message: error.to_string(),
            })?;
    }
    Ok(wasm)
}

fn run(wasm: &[u8], command: &str, clock: &Clock) -> Result<Vec<u8>, PostProcessError> {
    let failed = |source| PostProcessError::Io {
        command: command.to_owned(),
        source,
    };
    let dir = tempfile::tempdir().map_err(failed)?;
    let (input, output) = (dir.path().join("input.wasm"), dir.path().join("output.wasm"));
    fs_err::write(&input, wasm).map_err(failed)?;
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default();
    let arguments = words.map(|word| {
        word.replace("{input}", &input.to_string_lossy())
            .replace("{output}", &output.to_string_lossy())
    });
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        // Standard output may carry messages for programs, or the baked module.
        .stdout(io::stderr())
        .spawn()
        .map_err(failed)?;
    let status = wait(&mut child, clock).map_err(failed)?;
    match status {
        None => Err(PostProcessError::OutOfTime(command.to_owned())),
        Some(status) if !status.success() => Err(PostProcessError::Failed {
            command: command.to_owned(),
            status,
        }),
        Some(_) if !output.is_file() => Err(PostProcessError::NoOutput(command.to_owned())),
        Some(_) => fs_err::read(&output).map_err(failed),
    }
}

/// Waits for a program, and ends it if the time of the bake is over.
fn wait(child: &mut Child, clock: &Clock) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if clock.left_of(Duration::MAX).is_zero() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(POLL);
    }
}
