//! Whether init is measured: where someone is told what each step did.

use super::{Request, Task};
use crate::options::Profile;
use crate::shell::Verbosity;

impl Request {
    /// Has what each step of init does measured, if the messages that were asked for say it.
    #[must_use]
    pub fn measured(mut self) -> Self {
        let is_told = self.shell.verbosity == Verbosity::Verbose || self.shell.messages.are_json;
        if !is_told {
            return self;
        }
        match &mut self.task {
            Task::Guests(task) | Task::Report(task) => task.profile = Profile::Items,
            Task::Run(task) => task.guests.profile = Profile::Items,
            Task::Module(task) => task.options.profile = Profile::Items,
            Task::InPlace(task) => task.options.profile = Profile::Items,
            Task::Verify(_)
            | Task::Clean(_)
            | Task::Inspect(_)
            | Task::Diff(_)
            | Task::Why(_)
            | Task::New(_)
            | Task::Completions(_)
            | Task::Man(_) => {}
        }
        self
    }
}
