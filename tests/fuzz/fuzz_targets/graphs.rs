//! Equivalence of components that the input makes: the harness of `tests/library/components.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use preinit_tests::graphs::check_choices;
use preinit_tests::random::Choices;

fuzz_target!(|input: &[u8]| {
    if let Err(error) = check_choices(&mut Choices::following(input)) {
        panic!("{error:#}");
    }
});
