//! Whatever is given to `bake`, it answers: no panic, no endless bake, and no more memory than the bounds allow.
//!
//! `PREINIT_MUTANTS=N` sets how many mutants are tried, `PREINIT_SEED=S` where to begin.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{panic, thread};

use preinit_tests::garbage::{check, mutate};
use preinit_tests::random::{Choices, input, module};
use preinit_tests::seeds;

/// How many mutants the normal test run tries.
const MUTANTS: u64 = 6000;
/// How much more memory the process may need than before the first mutant: on each thread a bake with 16 MiB of
/// memories, which the snapshot, the image and the output each hold once more, and a compiler.
const MEMORY: u64 = 400 << 20;

#[test]
fn bake_answers_whatever_it_is_given() {
    let seeds = seeds::from_environment("PREINIT_MUTANTS", MUTANTS);
    let modules = valid_modules();
    let panics = record_panics();
    // The first bake sets up what stays for the life of the process.
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
    // Some as text, which is read, too.
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

/// Bytes without sense, behind a header that makes the parser look at them, or not.
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

/// What panics, and how often, by place. Stages of a bake run on threads of their own name; what they say when they
/// panic is not wanted between the lines of a test that passes.
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

/// The most memory that the process ever had, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = fs_err::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}
