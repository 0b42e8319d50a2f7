//! Tells what an output that is larger than its budget is made of, and by how much each remedy would make it smaller.
//!
//! What is told was measured: the output is written again with other options, from the same snapshot, so init does not run again.

use std::fmt;

use super::write_guest;
use crate::clock::Clock;
use crate::guest::Guest;
use crate::init::GuestPlan;
use crate::inspect::{CrateSize, sizes};
use crate::options::{BakeOptions, DeadCode, ScrubHeap};
use crate::run::RunSummary;
use crate::scrub::scrub;
use crate::shown;
use crate::snapshot::Snapshot;
use crate::text::size;

/// How many crates, and how many items, are named.
const NAMED: usize = 5;

/// An output that is larger than its budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oversize {
    /// The budget, in bytes.
    pub budget: u64,
    /// The output's size, in bytes.
    pub bytes: u64,
    /// The bytes of its data segments.
    pub data: u64,
    /// The crates with the most code, the largest first.
    pub crates: Vec<CrateSize>,
    /// The items that made the data larger, and by how many bytes, the largest first. Empty if that is not known.
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
        let (bytes, budget) = (size(self.bytes), size(self.budget));
        write!(
            f,
            "it has {bytes}, and {budget} are allowed: {} are data",
            size(self.data)
        )?;
        for (item, bytes) in &self.items {
            write!(f, "\n  - item {}: {} of it", shown::name(item), size(*bytes))?;
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
                    "`--scrub-heap=dlmalloc` saves {bytes} of memory that is free; `preinit_guest::ZeroFreed` around the allocator does as much"
                ),
                Remedy::RemoveDeadCode => format!("without `--keep-dead-code` it is {bytes} smaller"),
            }
        });
        let mut lines: Vec<String> = lines.collect();
        if self.data < self.bytes / 2 {
            lines.push(
                "most of it is not data: try `opt-level = \"s\"` or `lto = true` in the profile".to_owned(),
            );
        }
        lines
    }
}

/// What an output is written from, besides the snapshot.
pub(super) struct Sources<'s> {
    pub(super) guest: &'s Guest<'s>,
    pub(super) plan: &'s GuestPlan,
    pub(super) summary: &'s RunSummary,
    pub(super) options: &'s BakeOptions,
    pub(super) clock: &'s Clock,
}

/// Looks into an output that is larger than its budget.
pub(super) fn oversize(wasm: &[u8], budget: u64, snapshot: Snapshot, sources: &Sources<'_>) -> Oversize {
    let Sources {
        guest,
        plan,
        summary,
        options,
        clock,
    } = *sources;
    let bytes = wasm.len() as u64;
    let mut found = Oversize {
        budget,
        bytes,
        data: 0,
        crates: Vec::new(),
        items: Vec::new(),
        savings: Vec::new(),
    };
    // The output is valid.
    if let Ok(mut parts) = sizes(wasm) {
        found.data = parts.data.iter().map(|segment| segment.bytes).sum();
        parts.crates.truncate(NAMED);
        found.crates = parts.crates;
        let stripped = parts
            .customs
            .into_iter()
            .filter(|section| section.name == "name" || section.name.starts_with(".debug_"));
        let (mut names, mut saved) = (Vec::new(), 0);
        for section in stripped {
            saved += section.bytes;
            if !names.contains(&section.name) {
                names.push(section.name);
            }
        }
        found.saves(Remedy::Strip(names), saved);
    }
    let written = |snapshot: &Snapshot, options: &BakeOptions| {
        let written = write_guest(guest, plan, snapshot, summary, options, clock).ok()?;
        Some(written.wasm.len() as u64)
    };
    // What commands did to the output is not repeated, so both sizes are those from before.
    let before = written(&snapshot, options).unwrap_or(bytes);
    if options.dead_code == DeadCode::Keep {
        let removing = BakeOptions {
            dead_code: DeadCode::Remove,
            ..options.clone()
        };
        let after = written(&snapshot, &removing).unwrap_or(before);
        found.saves(Remedy::RemoveDeadCode, before.saturating_sub(after));
    }
    if options.scrub_heap == ScrubHeap::Off {
        let scrubbed = scrub(guest, snapshot, ScrubHeap::Dlmalloc).snapshot;
        let after = written(&scrubbed, options).unwrap_or(before);
        found.saves(Remedy::ScrubHeap, before.saturating_sub(after));
    }
    found
        .savings
        .sort_by_key(|saving| std::cmp::Reverse(saving.bytes));
    found
}

impl Oversize {
    fn saves(&mut self, remedy: Remedy, bytes: u64) {
        // A saving of a few bytes is none that helps.
        if bytes * 100 > self.bytes {
            self.savings.push(Saving { remedy, bytes });
        }
    }
}
