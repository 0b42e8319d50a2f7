//! Finds out what follows from which source.
//!
//! The answers of each source are changed by themselves, and what init leaves is compared with what it left with those of the bake: with two
//! sources changed, one could hide what follows from the other.
//!
//! What a step had in memory that it freed may be left behind in what a later step was given, and says nothing of what that made. So once
//! something differs, and the last step is not the only one that asked, init runs with free memory zeroed from then on, at first with the answers of the bake.

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
    let sources: Vec<Source> = asked.filter(|source| can_vary(shown, *source)).collect();
    if sources.is_empty() {
        return Ok(());
    }
    runnable.clock.enter(Stage::SecondInit);
    let mut search = Search {
        runnable,
        captured,
        found,
        patches: Vec::new(),
        zeroed: None,
        owners: None,
    };
    let proof = match sources.contains(&Source::Random) {
        true => search.prove_keys()?,
        false => None,
    };
    search.tell(&sources, proof);
    found.owners = search.zeroed.and_then(|zeroed| zeroed.owners).or(search.owners);
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
    /// The keys of hash maps that runs with other random numbers find, if it is known where these are.
    patches: Patches,
    /// What init left with the answers of the bake, and with free memory zeroed, if it runs so by now.
    zeroed: Option<Second>,
    /// Which step wrote what, if that is of use without a difference.
    owners: Option<MemoryOwners>,
}

impl Search<'_> {
    /// Finds where the keys of hash maps are. If that is proven, by a run with other random numbers, returns this run.
    ///
    /// # Errors
    ///
    /// If there was too little time for it.
    fn prove_keys(&mut self) -> Result<Option<Second>, RunError> {
        let candidates = hash_keys::candidates(self.runnable, self.captured);
        for places in &candidates.tries {
            let patches = hash_keys::patches(places);
            // What decides about the output may take all the time that is left.
            let again = Again {
                varied: Some(Source::Random),
                patches: &patches,
                has_owners: self.needs_owners(),
                ..Again::of_bake(self.runnable.time())
            };
            match again.run(self.runnable) {
                Ok(second)
                    if hash_keys::are_proven(
                        self.runnable,
                        places,
                        self.captured,
                        (&second.snapshot, &second.hash_keys),
                    ) =>
                {
                    let places = places.clone();
                    self.found.keys = candidates.keys(&places);
                    self.patches = patches;
                    return Ok(Some(second));
                }
                Err(error) if error.is_timeout() => return Err(error),
                // A byte that is not what it was taken for may have init fail.
                Ok(_) | Err(_) => {}
            }
        }
        self.found.keys = candidates.keys(&[]);
        Ok(None)
    }

    /// Tells what follows from each of these sources. `proof` is a run with other random numbers.
    fn tell(&mut self, sources: &[Source], mut proof: Option<Second>) {
        for &source in sources {
            let proof = proof.take_if(|_| source == Source::Random && self.zeroed.is_none());
            let mut second = match proof {
                Some(proof) => Ok(proof),
                None if self.zeroed.is_some() => self.run(Some(source), Free::Zeroed),
                None => self.run(Some(source), Free::Kept),
            };
            if let Ok(kept) = &second
                && self.zeroed.is_none()
                && self.only_asker(source).is_none()
                && !self.differences(kept).is_empty()
                && let Ok(before) = self.run(None, Free::Zeroed)
                && let Ok(after) = self.run(Some(source), Free::Zeroed)
            {
                self.zeroed = Some(before);
                second = Ok(after);
            }
            let effect = match second {
                Ok(second) => {
                    let effect = effect(source, self.tainted(source, &second));
                    // With names of files in another order, what is where may be otherwise.
                    if source != Source::Directories && self.zeroed.is_none() {
                        self.owners = self.owners.take().or(second.owners);
                    }
                    effect
                }
                Err(error) => Effect::Fails(failure(&error)),
            };
            self.found.effects.insert(source, effect);
        }
    }

    /// Runs init with other answers of a source, or with those of the bake.
    fn run(&self, source: Option<Source>, free: Free) -> Result<Second, RunError> {
        let again = Again {
            patches: match source {
                Some(Source::Random) => &self.patches,
                _ => &[],
            },
            varied: source,
            free,
            has_owners: free == Free::Zeroed || self.needs_owners(),
            ..Again::of_bake(time(self.runnable, self.captured))
        };
        again.run(self.runnable)
    }

    /// What a run has left otherwise than that with the answers of the bake, but for what is dead, and for the keys that are forgotten.
    fn differences(&self, second: &Second) -> Vec<Difference> {
        let before = match &self.zeroed {
            Some(zeroed) => &zeroed.snapshot,
            None => &self.captured.snapshot,
        };
        let mut found = compared(self.runnable.guest, before, &second.snapshot);
        leave_out(&mut found, &self.found.keys.by_instance());
        found
    }

    /// What follows from a source that was changed in this run, named.
    fn tainted(&self, source: Source, second: &Second) -> Vec<Tainted> {
        let runs = self.zeroed.iter().chain([second]);
        let known = Known {
            guest: self.runnable.guest,
            snapshot: &self.captured.snapshot,
            items: &self.captured.summary.items,
            owners: runs.filter_map(|run| run.owners.as_ref()).collect(),
            only: self.only_asker(source),
            keys: &self.found.keys,
        };
        known.tainted(&self.differences(second))
    }

    /// Whether a run has to tell which step wrote what, whatever it leaves.
    fn needs_owners(&self) -> bool {
        let Captured {
            snapshot, summary, ..
        } = self.captured;
        let Runnable { guest, options, .. } = self.runnable;
        self.owners.is_none() && growth::needs_owners(guest, snapshot, summary, options)
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

#[cfg(test)]
mod tests {
    use crate::impurity::Effect;
    use crate::options::{BakeOptions, Wasi, WasiOptions};
    use crate::pipeline::bake;
    use crate::run::Source;
    use crate::warning::Warning;

    const RANDOM: &str = "(drop (call $random (i32.const 0) (i32.const 8)))";
    const CLOCK: &str = "(drop (call $clock (i32.const 0) (i64.const 1) (i32.const 0)))";
    const VARIABLE: &str = "(drop (call $environment (i32.const 16) (i32.const 32)))
        (i64.store (i32.const 0) (i64.load (i32.const 32))) (i64.store (i32.const 32) (i64.const 0)) (i32.store (i32.const 16) (i32.const 0))";
    const FORGET: &str = "(i64.store (i32.const 0) (i64.const 0))";

    /// Keeps what was asked at an address.
    fn keep(address: u32) -> String {
        format!("(i64.store (i32.const {address}) (i64.load (i32.const 0))) {FORGET}")
    }

    /// Checks from which sources something follows in a guest with two such init functions, and from which nothing does.
    #[track_caller]
    fn check(inits: [&str; 2], follows: &[Source], nothing: &[Source]) {
        let [first, second] = inits;
        let guest = format!(
            r#"(module
                (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
                (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
                (import "wasi_snapshot_preview1" "environ_get" (func $environment (param i32 i32) (result i32)))
                (memory (export "memory") 1)
                (func (export "first") {first})
                (func (export "second") {second}))"#
        );
        let options = BakeOptions {
            init_functions: vec!["first".to_owned(), "second".to_owned()],
            wasi: Wasi::Allowed(WasiOptions {
                env: vec![("NAME".to_owned(), "ada".to_owned())],
                ..WasiOptions::default()
            }),
            ..BakeOptions::default()
        };
        let report = bake(guest.as_bytes(), &options).expect("it can be baked").report;
        let told = report.warnings.iter().filter_map(|warning| match warning {
            Warning::Wasi {
                warning,
                effect: Effect::State(parts),
                ..
            } if !parts.is_empty() => Some(warning.sources()[0]),
            _ => None,
        });
        assert_eq!(told.collect::<Vec<_>>(), follows);
        assert_eq!(report.harmless, nothing);
    }

    #[test]
    fn each_source_is_told_by_itself() {
        use Source::{Clock, Environment, Random};
        let asks = format!("{RANDOM} {CLOCK} {VARIABLE} {FORGET}");
        check([&asks, ""], &[], &[Random, Clock, Environment]);
        check(["", &asks], &[], &[Random, Clock, Environment]);
        for (source, asked) in [(Random, RANDOM), (Clock, CLOCK), (Environment, VARIABLE)] {
            let keeps = format!("{asks} {asked} {}", keep(64));
            let others: Vec<Source> = [Random, Clock, Environment]
                .into_iter()
                .filter(|other| *other != source)
                .collect();
            check([&keeps, ""], &[source], &others);
            check([&asks, &keeps], &[source], &others);
        }
        let two = format!("{RANDOM} {} {CLOCK} {FORGET} {VARIABLE} {}", keep(64), keep(72));
        check([&two, ""], &[Random, Environment], &[Clock]);
        // What is made of one of them overwrites what is made of another.
        let over = format!("{RANDOM} {} {CLOCK} {}", keep(64), keep(64));
        check([&over, ""], &[Clock], &[Random]);
        // One hides what follows from another once it is changed itself: the clock is changed by years.
        let expires = format!(
            "{CLOCK} (if (i64.lt_u (i64.load (i32.const 0)) (i64.const 1800000000000000000)) (then {VARIABLE} (i64.store (i32.const 64) (i64.load (i32.const 0))))) {FORGET}"
        );
        check([&expires, ""], &[Clock, Environment], &[]);
        // Both are in the same bytes.
        let mixed = format!(
            "{RANDOM} {} {CLOCK} (i64.store (i32.const 64) (i64.xor (i64.load (i32.const 64)) (i64.load (i32.const 0)))) {FORGET}",
            keep(64)
        );
        check([&mixed, ""], &[Random, Clock], &[]);
    }
}
