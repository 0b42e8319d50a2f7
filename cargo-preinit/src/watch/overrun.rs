//! The bound that a command exceeded.

use std::fmt;
use std::time::Duration;

use crate::clock::Stage;

/// A bound that the command exceeded, and in which stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overrun {
    /// The stage that it was in.
    pub stage: Stage,
    /// The bound.
    pub bound: Bound,
}

/// A bound of the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// On the time of a piece of work, all stages together.
    Time(Duration),
    /// On the bytes of memory that the process has resident.
    Memory(u64),
    /// The same while several modules were baked at once.
    MemoryOfAll {
        /// The bound in bytes, for all of them.
        bytes: u64,
        /// How many they were.
        bakes: usize,
    },
}

impl fmt::Display for Overrun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = self.stage;
        match self.bound {
            Bound::Time(limit) => write!(f, "still {stage} after {} s in all", limit.as_secs_f64()),
            Bound::Memory(limit) => {
                write!(f, "{stage} took more than {limit} bytes of this machine's memory")
            }
            Bound::MemoryOfAll { bytes, bakes } => write!(
                f,
                "{stage}, at the same time as {} more, took more than {bytes} bytes of this machine's memory",
                match bakes - 1 {
                    1 => "1 bake".to_owned(),
                    others => format!("{others} bakes"),
                }
            ),
        }
    }
}

impl Overrun {
    /// Advice for the user.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self.bound {
            Bound::Time(_) => "give all of it longer with `--timeout SECONDS`, if it does end",
            Bound::MemoryOfAll { .. } => {
                "bake fewer of them at once, with `--jobs N`, or allow more with `--max-memory BYTES`"
            }
            Bound::Memory(_) => {
                "allow more with `--max-memory BYTES`: the tool itself may take several times as much, and more for a large module"
            }
        }
    }
}
