//! The arguments of `cargo preinit run`.

use clap::Args;

use super::args::GuestsArgs;
use crate::call::Call;

/// Build and bake a guest, and run the result
///
/// Takes the options of `cargo preinit`. Runs the package's only binary or component, or the one that `--bin` or `--example` names: with
/// the runner that cargo is configured to use for the target (`target.TRIPLE.runner`), else with `wasmtime` if it is installed, else
/// by itself. Without a runner of cargo's, the program finds what `--env` and `--dir` show to init, and may write to the directories.
/// The exit code is the program's.
#[derive(Debug, Args)]
#[command(override_usage = "cargo preinit run [OPTIONS] [-- <ARGS>...]")]
pub(super) struct RunCommand {
    /// Call an export instead, such as `f(1, 2.5)`, or `greet("you")` of a component, and print what it returns
    ///
    /// Arguments of a core module are numbers and `null`, those of a component WAVE values. `interface#function` is a function of
    /// an exported instance. No runner is used.
    #[arg(long, value_name = "EXPORT(ARGS)", value_parser = str::parse::<Call>)]
    pub(super) invoke: Option<Call>,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    pub(super) args: Vec<String>,
    #[command(flatten)]
    pub(super) guests: GuestsArgs,
}
