//! What runs in each baked instance.

use core::fmt;

use crate::outcome::Outcome;

/// Runs a function in an instance of a baked module. There is no caller who could take its error, so that is a panic.
pub fn resume<R: Outcome>(function: impl FnOnce() -> R) {
    let outcome = function();
    if let Some(failure) = outcome.failure() {
        panic_with(Shown(failure));
    }
}

/// A function that is called through a pointer panics with its own location: the path of this file would be that on the machine that
/// builds it.
fn panic_with<E: fmt::Debug>(error: E) {
    let expect: fn(Result<(), E>, &str) = Result::expect;
    expect(Err(error), "a `#[preinit(resume)]` function failed");
}

/// Shows an error as the tool does, with its causes where the alternate form has them.
struct Shown<E>(E);

impl<E: fmt::Display> fmt::Debug for Shown<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}
