//! The arguments of `cargo preinit report`.

use clap::Args;

use super::args::GuestsArgs;

/// Build and bake guests, write a report about each, and print where it is
///
/// Takes the options of `cargo preinit`, and does what it does with `--report`. A report is a page in HTML that needs nothing else.
#[derive(Debug, Args)]
#[command(override_usage = "cargo preinit report [OPTIONS]")]
pub(super) struct ReportCommand {
    #[command(flatten)]
    pub(super) guests: GuestsArgs,
}
