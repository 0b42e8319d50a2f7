//! What init asked of WASI, and what there is to say of it: the answers are in the baked module, and so in every instance.

use std::fmt;

use super::HostWasi;
use crate::options::Stdin;
use crate::shown;

/// What init asked of WASI.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WasiUse {
    /// How often init drew from the random numbers.
    pub random_draws: u64,
    /// How often init read a clock.
    pub clock_reads: u64,
    /// How often init waited for a clock, or asked whether a time had come.
    pub clock_waits: u64,
    /// The names of the environment variables that there were, if init asked for them.
    pub environment: Option<Vec<String>>,
    /// The arguments that there were, if init asked for them.
    pub arguments: Option<Vec<String>>,
    /// The guest's names of the directories that there were, if init asked for them or used one.
    pub directories: Option<Vec<String>>,
    /// Where standard input came from, if init read it.
    pub input: Option<Stdin>,
    /// What init looked for in the directories last and did not find.
    pub missing: Vec<String>,
    /// What init left open, and was not open when it began.
    pub left_open: Vec<String>,
    /// What init closed, and was open when it began.
    pub closed: Vec<String>,
}

/// Something that init asked of WASI, and that may not be meant to be the same in every instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WasiWarning {
    /// It drew random numbers.
    Random,
    /// It read a clock, or waited for one.
    Clock {
        /// How often it read one.
        reads: u64,
        /// How often it waited for one, or asked whether a time had come.
        waits: u64,
    },
    /// It read the environment: these variables.
    Environment(Vec<String>),
    /// It read its arguments.
    Arguments(Vec<String>),
    /// It asked for the directories that are open from the start, or used one: these.
    Directories(Vec<String>),
    /// It read standard input.
    Input(Stdin),
    /// It left these files and directories open.
    LeftOpen(Vec<String>),
    /// It closed these standard streams and directories.
    Closed(Vec<String>),
}

/// What init asked for, as far as only that is known of it.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) environment: bool,
    pub(super) arguments: bool,
    pub(super) input: bool,
    /// The last one comes last.
    missing: Vec<String>,
}

impl Asked {
    /// Takes note of something that is not there.
    pub(super) fn miss(&mut self, path: String) {
        /// Whoever looks in many places fails at the last one.
        const KEPT: usize = 3;
        self.missing.retain(|missing| *missing != path);
        self.missing.push(path);
        if self.missing.len() > KEPT {
            self.missing.remove(0);
        }
    }
}

impl HostWasi {
    /// What init asked, and how it left things.
    pub(crate) fn asked(&self) -> WasiUse {
        let variables = self.environment.iter();
        let names = variables.map(|variable| variable.split('=').next().unwrap_or_default().to_owned());
        let dirs = self.files.dirs().iter().map(|dir| dir.guest.clone());
        let (left_open, closed) = self.descriptors.changes(&self.files);
        WasiUse {
            random_draws: self.random.draws(),
            clock_reads: self.clock.reads(),
            clock_waits: self.clock.waits(),
            environment: self.asked.environment.then(|| names.collect()),
            arguments: self.asked.arguments.then(|| self.arguments.clone()),
            directories: self
                .descriptors
                .are_directories_asked_for()
                .then(|| dirs.collect()),
            input: self.asked.input.then_some(self.stdin),
            missing: self.asked.missing.clone(),
            left_open,
            closed,
        }
    }
}

impl WasiUse {
    /// What there is to say of it.
    #[must_use]
    pub fn warnings(&self) -> Vec<WasiWarning> {
        let some = |names: &[String]| (!names.is_empty()).then(|| names.to_vec());
        let (reads, waits) = (self.clock_reads, self.clock_waits);
        [
            (self.random_draws > 0).then_some(WasiWarning::Random),
            (reads > 0 || waits > 0).then_some(WasiWarning::Clock { reads, waits }),
            self.environment.clone().map(WasiWarning::Environment),
            self.arguments.clone().map(WasiWarning::Arguments),
            self.directories.clone().map(WasiWarning::Directories),
            self.input.map(WasiWarning::Input),
            some(&self.left_open).map(WasiWarning::LeftOpen),
            some(&self.closed).map(WasiWarning::Closed),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl fmt::Display for WasiWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Random => f.write_str(
                "init drew random numbers: they come from a fixed seed, and are the same in every instance",
            ),
            Self::Clock { reads: 0, waits } => {
                write!(f, "init waited for the clock ({waits}x): time in a bake is virtual")
            }
            Self::Clock { reads, waits } => {
                write!(f, "init read the clock ({reads}x)")?;
                if *waits > 0 {
                    write!(f, " and waited for it ({waits}x)")?;
                }
                f.write_str(": time in a bake is virtual, and what was read is the same in every instance")
            }
            Self::Environment(names) if names.is_empty() => {
                f.write_str("init read the environment, which was empty: each instance sees what init kept of it")
            }
            Self::Environment(names) => write!(
                f,
                "init read the environment ({}): each instance sees what init kept of it",
                shown::names(names)
            ),
            Self::Arguments(arguments) if arguments.is_empty() => {
                f.write_str("init read its arguments, and there were none: each instance sees what init kept of that")
            }
            Self::Arguments(arguments) => write!(
                f,
                "init read its arguments ({}): each instance sees what init kept of them",
                shown::names(arguments)
            ),
            Self::Directories(names) if names.is_empty() => f.write_str(
                "init asked for preopened directories, and there were none: each instance sees what init kept of that",
            ),
            Self::Directories(names) => write!(
                f,
                "init used the preopened directories ({}): each instance sees what init kept of them",
                shown::names(names)
            ),
            Self::Input(Stdin::Closed) => f.write_str(
                "init read standard input, which was at its end: each instance sees what init kept of that",
            ),
            Self::Input(Stdin::Inherited) => {
                f.write_str("init read standard input: what it read is the same in every instance")
            }
            Self::LeftOpen(names) => {
                write!(f, "init left open what no instance has open: {}", shown::names(names))
            }
            Self::Closed(names) => {
                write!(f, "init closed what every instance has open: {}", shown::names(names))
            }
        }
    }
}
