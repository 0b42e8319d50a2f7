//! An output that is larger than its budget: what it is made of, and what would help.

use std::fmt;

use crate::inspect::CrateSize;
use crate::options::{Measured, SizeBudget};
use crate::shown;
use crate::text::size;

/// An output that is larger than its budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oversize {
    /// The budget.
    pub budget: SizeBudget,
    /// What the output has of what the budget measures, in bytes.
    pub measured: u64,
    /// The output's size, in bytes.
    pub bytes: u64,
    /// The bytes of its data segments.
    pub data: u64,
    /// The crates with the most code, the largest first.
    pub crates: Vec<CrateSize>,
    /// The items that wrote most of the data, and how many bytes that are not zero, the largest first. Empty if that was not measured.
    pub items: Vec<(String, u64)>,
    /// What would make it smaller, the best first.
    pub savings: Vec<Saving>,
}

/// What makes an output smaller, and by how many bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saving {
    /// What to do.
    pub remedy: Remedy,
    /// The bytes that it saves, without the others.
    pub bytes: u64,
}

/// What makes an output smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// To leave out these custom sections, such as names and debug information.
    Strip(Vec<String>),
    /// To zero what the allocator has free.
    ScrubHeap,
    /// To remove code that only init reached.
    RemoveDeadCode,
}

impl fmt::Display for Oversize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let measured = SizeBudget {
            bytes: self.measured,
            ..self.budget
        };
        let allowed = size(self.budget.bytes);
        match size(self.measured) == allowed {
            true => write!(
                f,
                "it has {} B, and {} B are allowed: ",
                self.measured, self.budget.bytes
            )?,
            false => write!(f, "it has {measured}, and {allowed} are allowed: ")?,
        }
        match self.budget.of {
            Measured::File => write!(f, "{} are data", size(self.data))?,
            Measured::Compressed => write!(f, "of {}, {} are data", size(self.bytes), size(self.data))?,
        }
        for (item, bytes) in &self.items {
            write!(f, "\n  - data of {item}: {}", size(*bytes))?;
        }
        for CrateSize { name, bytes, .. } in &self.crates {
            write!(f, "\n  - code of {}: {}", shown::name(name), size(*bytes))?;
        }
        Ok(())
    }
}

impl Oversize {
    /// What to do, one string per line.
    pub(crate) fn help(&self) -> Vec<String> {
        let lines = self.savings.iter().map(|saving| {
            let bytes = size(saving.bytes);
            match &saving.remedy {
                Remedy::Strip(names) => format!(
                    "`strip = true` in the profile saves {bytes} ({})",
                    shown::names(names)
                ),
                Remedy::ScrubHeap => format!(
                    "`--scrub-heap=dlmalloc` saves {bytes} of memory that is free; `preinit_guest::ZeroFreed` around the allocator does most of that"
                ),
                Remedy::RemoveDeadCode => format!("without `--keep-dead-code` it is {bytes} smaller"),
            }
        });
        let mut lines: Vec<String> = lines.collect();
        if self.data < self.bytes / 2 {
            lines.push(
                "most of it is not data: `--config 'profile.release.opt-level=\"s\"'` and `--config profile.release.lto=true` show what the profile \
                 could save"
                    .to_owned(),
            );
        }
        lines
    }
}

impl Oversize {
    /// Adds a remedy.
    pub(crate) fn saves(&mut self, remedy: Remedy, bytes: u64) {
        // A saving of a few bytes is none that helps.
        if bytes * 100 > self.bytes {
            self.savings.push(Saving { remedy, bytes });
        }
    }
}
