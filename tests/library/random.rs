//! Equivalence of random modules: the original after init, and the baked module, must look the same to a host.
//!
//! `PREINIT_MODULES=N` sets the number of modules, `PREINIT_SEED=S` the first seed. A failure names its seed, and the module is
//! written to the directory for temporary test files. The fuzz target `equivalence` uses the same harness.

use std::collections::BTreeMap;

use preinit_tests::random::{
    Checked, Failure, Outcome, Special, check, input, notices_what_init_did, shrink,
};
use preinit_tests::seeds;

/// How many modules the normal test run tries.
const MODULES: u64 = 4000;

#[test]
fn a_baked_module_cannot_be_told_from_one_that_ran_its_init() {
    let seeds = seeds::from_environment("PREINIT_MODULES", MODULES);
    let (tally, failures) = seeds::check_all(&seeds, |seed| {
        check(&input(seed)).map_err(|failure| report(seed, failure))
    });
    let count = seeds.end - seeds.start;
    println!("{count} modules from seed {}:", seeds.start);
    for (outcome, count) in outcomes(&tally) {
        println!("  {count:>6} {outcome:?}");
    }
    let specials = specials(&tally);
    println!("made, baked or refused:");
    for (special, [made, baked, refused]) in &specials {
        println!("  {made:>6} {baked:>6} {refused:>6} {special:?}");
    }
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    let baked: u64 = tally
        .iter()
        .filter(|(checked, _)| is_baked(&checked.outcome))
        .map(|(_, count)| count)
        .sum();
    assert!(
        count < 500 || baked * 3 > count,
        "only {baked} of {count} were baked, so little was tested"
    );
    for (special, [_, baked, refused]) in specials {
        let came_up = if special.is_refused() { refused } else { baked };
        assert!(
            count < 2000 || came_up * 1000 >= count,
            "{special:?} came up {came_up} times in {count} modules, so little of it was tested"
        );
    }
}

fn is_baked(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Baked | Outcome::BakedUntil(_))
}

/// The number of modules with each outcome.
fn outcomes(tally: &BTreeMap<Checked, u64>) -> BTreeMap<&Outcome, u64> {
    let mut outcomes = BTreeMap::new();
    for (checked, count) in tally {
        *outcomes.entry(&checked.outcome).or_default() += count;
    }
    outcomes
}

/// For each special feature: how many modules had it, how many of these were baked, and how many refused.
fn specials(tally: &BTreeMap<Checked, u64>) -> BTreeMap<Special, [u64; 3]> {
    let mut specials: BTreeMap<Special, [u64; 3]> =
        Special::ALL.iter().map(|special| (*special, [0; 3])).collect();
    for (checked, count) in tally {
        for special in &checked.specials {
            let [made, baked, refused] = specials.entry(*special).or_default();
            *made += count;
            match &checked.outcome {
                outcome if is_baked(outcome) => *baked += count,
                Outcome::Refused(_) => *refused += count,
                _ => {}
            }
        }
    }
    specials
}

/// The harness must notice differences, since one that notices none would pass all modules.
#[test]
fn a_module_whose_init_did_not_run_can_be_told() {
    let noticed: Vec<bool> = (1..200)
        .filter_map(|seed| notices_what_init_did(&input(seed)))
        .collect();
    let count = noticed.iter().filter(|noticed| **noticed).count();
    println!("told in {count} of {} modules", noticed.len());
    assert!(
        2 * count > noticed.len(),
        "told in {count} of {} only",
        noticed.len()
    );
}

/// Writes the module to a file, and a smaller one that also fails.
fn report(seed: u64, failure: Failure) -> String {
    let directory = env!("CARGO_TARGET_TMPDIR");
    let path = format!("{directory}/random-{seed}.wasm");
    let small = format!("{directory}/random-{seed}-small.wasm");
    let text = failure.text.clone();
    fs_err::write(&path, &failure.wasm).expect("the directory for temporary test files can be written");
    let (_, smaller) = shrink(&input(seed), failure);
    fs_err::write(&small, &smaller.wasm).expect("the directory for temporary test files can be written");
    format!(
        "{text}\nthe module is in {path}\na smaller one is in {small}: {}",
        smaller.text
    )
}
