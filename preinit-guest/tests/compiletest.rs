//! Each misuse gives one error, at the token that is wrong. `TRYBUILD=overwrite` writes the expected texts anew.

#![cfg(feature = "std")]

#[test]
fn misuse_is_one_precise_error() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
