//! Equivalence of modules that the input makes: the harness of `tests/library/random.rs`.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use preinit_tests::random::{Outcome, check};

fuzz_target!(|input: &[u8]| -> Corpus {
    match check(input) {
        Ok(checked) if checked.outcome == Outcome::NoModule => Corpus::Reject,
        Ok(_) => Corpus::Keep,
        Err(failure) => panic!("{}\nthe module is {:02x?}", failure.text, failure.wasm),
    }
});
