//! Whatever is given to `bake`, it answers, within its bounds: the harness of `tests/garbage.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use preinit_tests::garbage::check;

fuzz_target!(|input: &[u8]| {
    if let Err(text) = check(input) {
        panic!("{text}");
    }
});
