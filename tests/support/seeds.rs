//! The seeds that a test tries, in order, on up to four threads.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The seeds to try: from `PREINIT_SEED` (1 by default) on, as many as the variable `count` says.
#[must_use]
pub fn from_environment(count: &str, default: u64) -> Range<u64> {
    let first = number("PREINIT_SEED", 1);
    first..first + number(count, default)
}

#[expect(clippy::disallowed_methods, reason = "a test has no other way to be told")]
fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Checks every seed. Returns the number of each outcome, and the failures, in order.
pub fn check_all<Outcome: Ord + Send>(
    seeds: &Range<u64>,
    check: impl Fn(u64) -> Result<Outcome, String> + Sync,
) -> (BTreeMap<Outcome, u64>, Vec<String>) {
    let next = AtomicU64::new(seeds.start);
    let tally: Mutex<BTreeMap<Outcome, u64>> = Mutex::default();
    let failures: Mutex<BTreeMap<u64, String>> = Mutex::default();
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get().min(4));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    match check(seed) {
                        Ok(outcome) => {
                            let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                            *tally.entry(outcome).or_default() += 1;
                        }
                        Err(text) => {
                            let text = format!("seed {seed}: {text}");
                            let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
                            failures.insert(seed, text);
                        }
                    }
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    let failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    (tally, failures.into_values().collect())
}
