//! Each misuse gives one error, at the token that is wrong. `TRYBUILD=overwrite` writes the expected texts anew.

#![cfg(feature = "std")]

#[test]
fn misuse_is_one_precise_error() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// The statics of `once_cell` need a feature.
#[cfg(not(feature = "once_cell"))]
#[test]
fn a_missing_feature_is_one_error() {
    trybuild::TestCases::new().compile_fail("tests/ui/without_once_cell/*.rs");
}
