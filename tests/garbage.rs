//! `bake` returns for every input, without a panic, in time, and within the bounds of memory.
//!
//! `PREINIT_MUTANTS=N` sets the number of mutants, `PREINIT_SEED=S` the first seed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{panic, thread};

use preinit_tests::garbage::{check, mutate};
use preinit_tests::random::{Choices, input, module};
use preinit_tests::seeds;

/// How many mutants the normal test run tries.
const MUTANTS: u64 = 6000;
/// How many bytes of memory the mutants may add to the process: on each thread a bake with 16 MiB of memories, of which snapshot,
/// image and output each hold a copy, and a compiler.
const MEMORY: u64 = 400 << 20;

#[test]
fn bake_answers_whatever_it_is_given() {
    let seeds = seeds::from_environment("PREINIT_MUTANTS", MUTANTS);
    let modules = valid_modules();
    let panics = record_panics();
    // The first bake allocates memory that the process keeps.
    check(&modules[0]).expect("a valid module is no bug");
    let before = peak_memory();
    let (tally, failures) = seeds::check_all(&seeds, |seed| {
        let bytes = mutant(&modules, seed);
        check(&bytes).map_err(|text| {
            let path = format!("{}/garbage-{seed}.wasm", env!("CARGO_TARGET_TMPDIR"));
            fs_err::write(&path, &bytes).expect("a temporary test file can be written");
            format!("{text}\nthe bytes are in {path}")
        })
    });
    let count = seeds.end - seeds.start;
    println!("{count} mutants from seed {}: {tally:#?}", seeds.start);
    let panics = lock(panics);
    println!("panics that something caught: {panics:#?}");
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        let grown = after.saturating_sub(before);
        println!("at most {} MiB more than at the start", grown >> 20);
        assert!(grown < MEMORY, "{grown} bytes more than at the start");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The guests of `bake/`, and random modules.
fn valid_modules() -> Vec<Vec<u8>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("bake");
    let mut paths: Vec<PathBuf> = fs_err::read_dir(cases)
        .expect("the cases are there")
        .filter_map(|entry| Some(entry.ok()?.path().join("guest.wat")))
        .collect();
    paths.sort();
    let guests = paths.iter().filter_map(|path| wat::parse_file(path).ok());
    // Some in the text format, which `bake` also parses.
    let texts = paths.iter().step_by(8).filter_map(|path| fs_err::read(path).ok());
    guests
        .chain(texts)
        .chain((0..60).filter_map(|seed| module(&input(seed))))
        .collect()
}

fn mutant(modules: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut choices = Choices::new(seed);
    match choices.pick(modules) {
        Some(wasm) if !choices.chance(1, 16) => mutate(wasm, &mut choices),
        _ => noise(&mut choices),
    }
}

/// Random bytes, with or without a header that makes the parser read them.
fn noise(choices: &mut Choices) -> Vec<u8> {
    let length = choices.below(200);
    let noise = choices.bytes(length);
    let header: &[u8] = match choices.below(4) {
        0 => b"",
        1 => b"(module ",
        _ => b"\0asm\x01\0\0\0",
    };
    [header, &noise].concat()
}

/// Counts the panics of bakes by place, instead of printing them. A bake runs on a thread of the name `bake`.
fn record_panics() -> &'static Mutex<BTreeMap<String, u64>> {
    static PANICS: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());
    let loud = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().name() == Some("bake") {
            let place = info.location().map_or_else(String::new, ToString::to_string);
            *lock(&PANICS).entry(place).or_default() += 1;
        } else {
            loud(info);
        }
    }));
    &PANICS
}

/// The most bytes of memory that the process has had, if the system tells.
fn peak_memory() -> Option<u64> {
    let status = fs_err::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}
