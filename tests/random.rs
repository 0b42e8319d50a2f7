//! The law on random modules: init then calls, in the original and in the baked module, must be the same to see.
//!
//! `PREINIT_MODULES=N` sets how many modules are tried, `PREINIT_SEED=S` where to begin. A failure names its seed, and
//! the module is written to the directory for temporary test files. The same harness is the fuzz target `law`.

use preinit_tests::random::{Failure, Outcome, check, input, notices_what_init_did, shrink};
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
    for (outcome, count) in &tally {
        println!("  {count:>6} {outcome:?}");
    }
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    let baked: u64 = tally
        .iter()
        .filter(|(outcome, _)| matches!(outcome, Outcome::Baked | Outcome::BakedUntil(_)))
        .map(|(_, count)| count)
        .sum();
    assert!(
        count < 500 || baked * 3 > count,
        "only {baked} of {count} were baked, so little was tested"
    );
}

/// A test that sees nothing passes, too.
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

/// Writes the module to a file, and a smaller one that fails as well.
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
