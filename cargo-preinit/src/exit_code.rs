//! The exit codes of `cargo preinit`.

use std::process::ExitCode;

/// Why the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: the request is done.
    Done,
    /// 1: the request failed, for example a bake was refused, or a file could not be read or written.
    Failed,
    /// 2: the arguments are wrong.
    Usage,
    /// 70: a bug of this tool (`EX_SOFTWARE` of sysexits.h).
    Bug,
    /// cargo's own exit code if cargo failed; usually 101.
    Cargo(u8),
    /// The exit code of a baked program that `cargo preinit run` ran.
    Guest(u8),
}

impl Exit {
    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Bug => 70,
            Self::Cargo(code) | Self::Guest(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
