//! What init asked WASI for, and the warnings for it: the answers are in the baked module, and so in every instance.

use std::fmt;

use super::HostWasi;
use super::reads::Source;
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

/// How often init asked for what has no state of its own, and what it did not find.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) environment: u64,
    pub(super) arguments: u64,
    pub(super) input: u64,
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
            environment: (self.asked.environment > 0).then(|| names.collect()),
            arguments: (self.asked.arguments > 0).then(|| self.arguments.clone()),
            directories: (self.descriptors.directories_asked_for() > 0).then(|| dirs.collect()),
            input: (self.asked.input > 0).then_some(self.stdin),
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

impl WasiWarning {
    /// What init did, as a clause.
    pub(crate) fn deed(&self) -> String {
        match self {
            Self::Random => "init drew random numbers".to_owned(),
            Self::Clock { reads: 0, waits } => format!("init waited for the clock ({waits}x)"),
            Self::Clock { reads, waits: 0 } => format!("init read the clock ({reads}x)"),
            Self::Clock { reads, waits } => {
                format!("init read the clock ({reads}x) and waited for it ({waits}x)")
            }
            Self::Environment(names) if names.is_empty() => {
                "init read the environment, which was empty".to_owned()
            }
            Self::Environment(names) => format!("init read the environment ({})", shown::names(names)),
            Self::Arguments(arguments) if arguments.is_empty() => {
                "init read its arguments, and there were none".to_owned()
            }
            Self::Arguments(arguments) => format!("init read its arguments ({})", shown::names(arguments)),
            Self::Directories(names) if names.is_empty() => {
                "init asked for preopened directories, and there were none".to_owned()
            }
            Self::Directories(names) => {
                format!("init used the preopened directories ({})", shown::names(names))
            }
            Self::Input(Stdin::Closed) => "init read standard input, which was at its end".to_owned(),
            Self::Input(Stdin::Inherited) => "init read standard input".to_owned(),
            Self::LeftOpen(_) => "init left open what no instance has open".to_owned(),
            Self::Closed(_) => "init closed what every instance has open".to_owned(),
        }
    }

    /// What that means for the baked module.
    pub(crate) fn consequence(&self) -> String {
        match self {
            Self::Random => "they come from a fixed seed, and are the same in every instance".to_owned(),
            Self::Clock { reads: 0, .. } => "time in a bake is virtual".to_owned(),
            Self::Clock { .. } => {
                "time in a bake is virtual, and what was read is the same in every instance".to_owned()
            }
            Self::Environment(_) => "each instance sees what init kept of it".to_owned(),
            Self::Arguments(none) | Self::Directories(none) if none.is_empty() => {
                "each instance sees what init kept of that".to_owned()
            }
            Self::Arguments(_) | Self::Directories(_) => {
                "each instance sees what init kept of them".to_owned()
            }
            Self::Input(Stdin::Closed) => "each instance sees what init kept of that".to_owned(),
            Self::Input(Stdin::Inherited) => "what it read is the same in every instance".to_owned(),
            Self::LeftOpen(names) | Self::Closed(names) => shown::names(names),
        }
    }

    /// The sources that it is about.
    pub(crate) fn sources(&self) -> &'static [Source] {
        match self {
            Self::Random => &[Source::Random],
            Self::Clock { .. } => &[Source::Clock, Source::Wait],
            Self::Environment(_) => &[Source::Environment],
            Self::Arguments(_) => &[Source::Arguments],
            Self::Directories(_) => &[Source::Directories],
            Self::Input(_) => &[Source::Stdin],
            Self::LeftOpen(_) | Self::Closed(_) => &[],
        }
    }
}

impl fmt::Display for WasiWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.deed(), self.consequence())
    }
}
