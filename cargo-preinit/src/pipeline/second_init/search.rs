//! Finds out what follows from which source.
//!
//! At first the answers of all sources are changed at once. If init leaves the same, nothing follows from any. Else one source after the other
//! is changed, and stays so: what differs between two runs that follow each other comes from the source that was changed last. As soon as a
//! run leaves what the first one left, nothing follows from the sources that are left. So there is one run where nothing follows, and no
//! more than there are sources, unless init fails with other answers.

use std::collections::BTreeSet;

use super::compare::{compared, leave_out};
use super::known::Known;
use super::{Again, Found, Free, Patches, Second, time};
use crate::clock::Stage;
use crate::impurity::{Difference, Effect, Tainted};
use crate::options::{Impurity, Wasi};
use crate::pipeline::captured::{Captured, Runnable};
use crate::pipeline::{growth, hash_keys};
use crate::run::{MemoryOwners, Read, RunError, Source, can_vary};
use crate::snapshot::Snapshot;

/// Runs init with other answers of the sources that it asked.
///
/// # Errors
///
/// If there was too little time to see whether the bytes that may be the keys of hash maps are: these bytes are others in the output, which
/// must not depend on how fast a machine is.
pub(super) fn search(
    runnable: &Runnable<'_>,
    captured: &Captured,
    found: &mut Found,
) -> Result<(), RunError> {
    let Wasi::Allowed(shown) = &runnable.options.wasi else {
        return Ok(());
    };
    // What an embedder's functions answer a second time nobody knows.
    if runnable.options.impurity == Impurity::Off || runnable.compiled.host().are_any() {
        return Ok(());
    }
    let asked = asked(captured).into_iter();
    let mut sources: Vec<Source> = asked.filter(|source| can_vary(shown, *source)).collect();
    if sources.is_empty() {
        return Ok(());
    }
    runnable.clock.enter(Stage::SecondInit);
    let mut search = Search {
        runnable,
        captured,
        found,
        varied: Vec::new(),
        reached: None,
        patches: Vec::new(),
    };
    if sources.contains(&Source::Random) && search.prove_keys()? {
        sources.retain(|source| *source != Source::Random);
    }
    search.vary(&sources);
    Ok(())
}

/// The sources that init asked.
fn asked(captured: &Captured) -> BTreeSet<Source> {
    let steps = captured.summary.items.iter().flat_map(|item| &item.reads);
    let reads = steps.chain(&captured.summary.reads_at_start);
    reads.map(|read| as_one(read.source)).collect()
}

/// To wait for a clock is to ask it.
fn as_one(source: Source) -> Source {
    match source {
        Source::Wait => Source::Clock,
        source => source,
    }
}

struct Search<'s> {
    runnable: &'s Runnable<'s>,
    captured: &'s Captured,
    found: &'s mut Found,
    /// The sources whose answers are others by now.
    varied: Vec<Source>,
    /// What init left with these; `None` if there are none.
    reached: Option<Second>,
    /// The keys of hash maps that runs with other random numbers find, if it is known where these are.
    patches: Patches,
}

impl Search<'_> {
    /// Finds where the keys of hash maps are. Returns whether that is proven, by a run with other random numbers, which is taken over.
    ///
    /// # Errors
    ///
    /// If there was too little time for that run.
    fn prove_keys(&mut self) -> Result<bool, RunError> {
        let candidates = hash_keys::candidates(self.runnable, self.captured);
        for places in &candidates.tries {
            let patches = hash_keys::patches(places);
            // What decides about the output may take all the time that is left.
            let again = Again {
                varied: &[Source::Random],
                patches: &patches,
                has_owners: self.needs_owners(),
                ..Again::of_bake(self.runnable.time())
            };
            match again.run(self.runnable) {
                Ok(second) if hash_keys::are_proven(self.runnable, places, self.captured, &second) => {
                    let places = places.clone();
                    self.found.keys = candidates.keys(&places);
                    self.patches = patches;
                    self.add(Source::Random, Ok(second));
                    return Ok(true);
                }
                Err(error) if error.is_timeout() => return Err(error),
                // A byte that is not what it was taken for may have init fail.
                Ok(_) | Err(_) => {}
            }
        }
        self.found.keys = candidates.keys(&[]);
        Ok(false)
    }

    /// Finds out what follows from each of these sources.
    fn vary(&mut self, mut sources: &[Source]) {
        let mut all = match sources {
            [] | [_] => None,
            several => self.run(several, Free::Kept).ok(),
        };
        while let [source, rest @ ..] = sources {
            if let Some(second) = &all
                && self.differences(self.reached(), &second.snapshot).is_empty()
            {
                for source in sources {
                    self.found.effects.insert(*source, effect(*source, Vec::new()));
                }
                self.varied.extend(sources);
                return self.keep_owners(all.and_then(|second| second.owners));
            }
            let second = match all.take_if(|_| rest.is_empty()) {
                Some(second) => Ok(second),
                None => self.run(&[*source], Free::Kept),
            };
            if second.is_err() {
                // Its answers stay as they were, so no run will have changed those of all.
                all = None;
            }
            self.add(*source, second);
            sources = rest;
        }
    }

    /// Takes over a run with other answers of a source, besides those that are others already.
    fn add(&mut self, source: Source, second: Result<Second, RunError>) {
        let mut second = match second {
            Ok(second) => second,
            Err(error) => {
                self.found.effects.insert(source, Effect::Fails(failure(&error)));
                return;
            }
        };
        let mut differences = self.differences(self.reached(), &second.snapshot);
        let only = self.only_asker(source);
        let mut zeroed = None;
        if !differences.is_empty() && only.is_none() {
            // What a step had in memory that it freed may be left behind in what a later step was given, and says nothing of what that made.
            let before = self.run(&[], Free::Zeroed);
            let after = self.run(&[source], Free::Zeroed);
            zeroed = before.ok().zip(after.ok());
        }
        if let Some((before, after)) = &zeroed {
            differences = self.differences(&before.snapshot, &after.snapshot);
        }
        let runs = zeroed.iter().flat_map(|(before, after)| [before, after]);
        let known = Known {
            guest: self.runnable.guest,
            snapshot: &self.captured.snapshot,
            items: &self.captured.summary.items,
            owners: runs.filter_map(|run| run.owners.as_ref()).collect(),
            only,
            keys: &self.found.keys,
        };
        let tainted = known.tainted(&differences);
        self.found.effects.insert(source, effect(source, tainted));
        self.varied.push(source);
        self.keep_owners(match zeroed {
            Some((_, after)) => after.owners,
            None => second.owners.take(),
        });
        self.reached = Some(second);
    }

    /// Runs init with other answers of these sources, besides those that are others already.
    fn run(&self, sources: &[Source], free: Free) -> Result<Second, RunError> {
        let varied = [&self.varied, sources].concat();
        let again = Again {
            patches: match varied.contains(&Source::Random) {
                true => &self.patches,
                false => &[],
            },
            varied: &varied,
            free,
            has_owners: free == Free::Zeroed || self.needs_owners(),
            ..Again::of_bake(time(self.runnable, self.captured))
        };
        again.run(self.runnable)
    }

    /// Whether a run has to tell which step wrote what, whatever it leaves.
    fn needs_owners(&self) -> bool {
        let Captured {
            snapshot, summary, ..
        } = self.captured;
        let Runnable { guest, options, .. } = self.runnable;
        self.found.owners.is_none() && growth::needs_owners(guest, snapshot, summary, options)
    }

    /// Keeps which step wrote what. With names of files in another order, what is where may be otherwise.
    fn keep_owners(&mut self, owners: Option<MemoryOwners>) {
        if !self.varied.contains(&Source::Directories) && self.found.owners.is_none() {
            self.found.owners = owners;
        }
    }

    /// What init left with the answers that are others by now.
    fn reached(&self) -> &Snapshot {
        match &self.reached {
            Some(second) => &second.snapshot,
            None => &self.captured.snapshot,
        }
    }

    /// What differs between what two runs left, but for what is dead, and for the keys that are forgotten.
    fn differences(&self, one: &Snapshot, other: &Snapshot) -> Vec<Difference> {
        let mut found = compared(self.runnable.guest, one, other);
        leave_out(&mut found, &self.found.keys.by_instance());
        found
    }

    /// The position of the only step that asked a source, counted from 1, if no other ran behind it: then what follows is that step's.
    fn only_asker(&self, source: Source) -> Option<usize> {
        let summary = &self.captured.summary;
        let asked = |reads: &[Read]| reads.iter().any(|read| as_one(read.source) == source);
        let (last, others) = summary.items.split_last()?;
        let is_only = !asked(&summary.reads_at_start) && !others.iter().any(|item| asked(&item.reads));
        (is_only && asked(&last.reads)).then_some(summary.items.len())
    }
}

/// What follows from a source, where this differs.
fn effect(source: Source, tainted: Vec<Tainted>) -> Effect {
    match source {
        // What a file has is not varied, so nobody knows what follows from that.
        Source::Directories if tainted.is_empty() => Effect::Unknown,
        _ => Effect::State(tainted),
    }
}

/// Why init failed, in a line.
fn failure(error: &RunError) -> String {
    match error {
        RunError::Stopped(stopped) => format!("{} {}", stopped.step, stopped.cause),
        error => error.to_string(),
    }
}
