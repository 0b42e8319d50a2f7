//! What init asked WASI for, and the warnings for it: the answers are in the baked module, and so in every instance.

use std::fmt;

use super::HostWasi;
use crate::options::Stdin;
use crate::shown;

/// What init asked WASI for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WasiUse {
    /// How many bytes of random numbers init drew.
    pub random_draws: u64,
    /// How often init read a clock.
    pub clock_reads: u64,
    /// How often init waited for a clock, or polled one for a time that had passed.
    pub clock_waits: u64,
    /// The names of all environment variables, if init asked for the environment.
    pub environment: Option<Vec<String>>,
    /// All arguments, if init asked for them.
    pub arguments: Option<Vec<String>>,
    /// The guest's names of all mapped directories, if init asked for them or used one.
    pub directories: Option<Vec<String>>,
    /// Where standard input comes from, if init read it.
    pub input: Option<Stdin>,
    /// The paths that init looked for last and did not find, at most three.
    pub missing: Vec<String>,
    /// What is open after init and was not before it.
    pub left_open: Vec<String>,
    /// What was open before init and is not after it: standard streams and mapped directories.
    pub closed: Vec<String>,
}

/// Something that init asked WASI for and that may have to differ between instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WasiWarning {
    /// It drew random numbers.
    Random,
    /// It read a clock or waited for one.
    Clock {
        /// How often it read a clock.
        reads: u64,
        /// How often it waited for a clock, or polled one for a time that had passed.
        waits: u64,
    },
    /// It read the environment, which has these variables.
    Environment(Vec<String>),
    /// It read its arguments, which are these.
    Arguments(Vec<String>),
    /// It asked for the preopened directories or used one. The directories are these.
    Directories(Vec<String>),
    /// It read standard input.
    Input(Stdin),
    /// It left these files and directories open.
    LeftOpen(Vec<String>),
    /// It closed these standard streams and directories.
    Closed(Vec<String>),
}

/// What init asked for, where it is only recorded whether it did.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) environment: bool,
    pub(super) arguments: bool,
    pub(super) input: bool,
    /// The paths that were not found, the latest one last.
    missing: Vec<String>,
}

impl Asked {
    /// Records a path that was not found.
    pub(super) fn miss(&mut self, path: String) {
        /// A guest that looks in several places fails after the last ones.
        const KEPT: usize = 3;
        self.missing.retain(|missing| *missing != path);
        self.missing.push(path);
        if self.missing.len() > KEPT {
            self.missing.remove(0);
        }
    }
}

impl HostWasi {
    /// What init asked for so far, and which descriptors it left changed.
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
    /// The warnings for what init asked.
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
