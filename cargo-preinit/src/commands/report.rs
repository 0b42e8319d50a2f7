//! `cargo preinit report`: as `cargo preinit`, with a report of each bake, whose path goes to standard output.

use std::io::{self, Write as _};

use super::build::build_and_bake;
use crate::cli::{GuestsTask, ShellConfig};
use crate::error::Error;
use crate::report::{Event, Observer};

/// `cargo preinit report`.
pub(super) fn report(
    task: &GuestsTask,
    shell: ShellConfig,
    observer: &mut (dyn Observer + Send),
) -> Result<(), Error> {
    if shell.messages.are_json {
        return build_and_bake(task, shell, observer).map(drop);
    }
    build_and_bake(task, shell, &mut Paths(observer)).map(drop)
}

/// Prints where each report is, and hands events on.
struct Paths<'o>(&'o mut (dyn Observer + Send));

impl Observer for Paths<'_> {
    fn on(&mut self, event: &Event<'_>) {
        self.0.on(event);
        if let Event::Reported { page, .. } = event {
            let mut stdout = io::stdout().lock();
            // If standard output is closed, that is reported nowhere.
            let _ = writeln!(stdout, "{}", page.display()).and_then(|()| stdout.flush());
        }
    }
}
