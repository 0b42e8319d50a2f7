//! Looks into an output that is larger than its budget.
//!
//! What is told was measured: the output is written again with other options, from the same snapshot, so init does not run again.

use super::write_guest;
use crate::clock::Clock;
use crate::guest::Guest;
use crate::init::GuestPlan;
use crate::inspect::sizes;
use crate::options::{BakeOptions, DeadCode, ScrubHeap, SizeBudget};
use crate::oversize::{Oversize, Remedy};
use crate::run::{ItemRun, RunSummary};
use crate::scrub::scrub;
use crate::snapshot::Snapshot;

/// How many crates, and how many items, are named.
const NAMED: usize = 5;

/// What an output is written from, besides the snapshot.
pub(super) struct Sources<'s> {
    pub(super) guest: &'s Guest<'s>,
    pub(super) plan: &'s GuestPlan,
    pub(super) summary: &'s RunSummary,
    pub(super) options: &'s BakeOptions,
    pub(super) clock: &'s Clock,
}

/// Looks into an output that is larger than its budget.
pub(super) fn oversize(
    wasm: &[u8],
    budget: SizeBudget,
    snapshot: Snapshot,
    sources: &Sources<'_>,
) -> Oversize {
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
        measured: budget.measure(wasm),
        bytes,
        data: 0,
        crates: Vec::new(),
        items: largest(&summary.items),
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

/// The items of which the most bytes are kept.
fn largest(items: &[ItemRun]) -> Vec<(String, u64)> {
    let kept = items.iter().filter_map(|item| {
        let kept = item.figures.memory?.bytes_kept?;
        Some((item.step.to_string(), kept))
    });
    let mut kept: Vec<(String, u64)> = kept.filter(|(_, bytes)| *bytes > 0).collect();
    kept.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    kept.truncate(NAMED);
    kept
}
