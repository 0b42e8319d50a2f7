//! The kinds of warnings.

/// The kind of a [`Warning`](crate::Warning).
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningKind {
    /// Init drew random numbers.
    Random,
    /// Init had keys of hash maps made where there are no random numbers.
    HashKeys,
    /// Init read a clock, or waited for one.
    Clock,
    /// Init read the environment.
    Environment,
    /// Init read its arguments.
    Arguments,
    /// Init used preopened directories.
    Directories,
    /// Init read standard input.
    Stdin,
    /// Init left files open.
    LeftOpen,
    /// Init closed what was open.
    Closed,
    /// A memory holds a secret, or a text of the build machine.
    Leaks,
    /// An item was left for run time.
    LeftLazy,
    /// An item is allowed what it has not done.
    AllowUnused,
    /// Init called an import that `--import` answers.
    AnsweredImport,
    /// Nothing is left for the host to call.
    NothingToCall,
    /// An export runs init again.
    RunsAgain,
    /// An init function stays exported.
    InitKept,
    /// Custom sections were left out.
    LeftOut,
    /// What stands for an import can still be reached.
    StubReached,
    /// The heap was not scrubbed.
    HeapKept,
    /// The engine that loads the compiled module needs settings.
    ToEnable,
}

impl WarningKind {
    /// All kinds.
    pub const ALL: [Self; 20] = [
        Self::Random,
        Self::HashKeys,
        Self::Clock,
        Self::Environment,
        Self::Arguments,
        Self::Directories,
        Self::Stdin,
        Self::LeftOpen,
        Self::Closed,
        Self::Leaks,
        Self::LeftLazy,
        Self::AllowUnused,
        Self::AnsweredImport,
        Self::NothingToCall,
        Self::RunsAgain,
        Self::InitKept,
        Self::LeftOut,
        Self::StubReached,
        Self::HeapKept,
        Self::ToEnable,
    ];

    /// Whether it is about what the outside answered init.
    pub(crate) fn is_about_answers(self) -> bool {
        match self {
            Self::Random
            | Self::Clock
            | Self::Environment
            | Self::Arguments
            | Self::Directories
            | Self::Stdin => true,
            Self::HashKeys
            | Self::LeftOpen
            | Self::Closed
            | Self::Leaks
            | Self::LeftLazy
            | Self::AllowUnused
            | Self::AnsweredImport
            | Self::NothingToCall
            | Self::RunsAgain
            | Self::InitKept
            | Self::LeftOut
            | Self::StubReached
            | Self::HeapKept
            | Self::ToEnable => false,
        }
    }

    /// Its name on the command line and in JSON. It stays when the text of the warning changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::HashKeys => "hash-keys",
            Self::Clock => "clock",
            Self::Environment => "environment",
            Self::Arguments => "arguments",
            Self::Directories => "directories",
            Self::Stdin => "stdin",
            Self::LeftOpen => "left-open",
            Self::Closed => "closed",
            Self::Leaks => "leaks",
            Self::LeftLazy => "left-lazy",
            Self::AllowUnused => "allow-unused",
            Self::AnsweredImport => "answered-import",
            Self::NothingToCall => "nothing-to-call",
            Self::RunsAgain => "runs-again",
            Self::InitKept => "init-kept",
            Self::LeftOut => "left-out",
            Self::StubReached => "stub-reached",
            Self::HeapKept => "heap-kept",
            Self::ToEnable => "to-enable",
        }
    }
}
