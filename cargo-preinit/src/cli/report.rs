//! The arguments of `cargo preinit report`.

use clap::Args;

use super::BuildArgs;
use super::args::{GuestArgs, RefusedArgs, ShellArgs};

/// Build and bake guests, write a report about each, and print where it is
///
/// Takes the options of `cargo preinit`, and does what it does with `--report`. A report is a page in HTML that needs nothing else.
#[derive(Debug, Args)]
#[command(override_usage = "cargo preinit report [OPTIONS]")]
pub(super) struct ReportCommand {
    #[command(flatten)]
    pub(super) shell: ShellArgs,
    #[command(flatten)]
    pub(super) build: BuildArgs,
    // As in `Preinit`, they are taken from the matches.
    #[command(flatten)]
    pub(super) _guests: GuestArgs,
    #[command(flatten)]
    pub(super) refused: RefusedArgs,
}
