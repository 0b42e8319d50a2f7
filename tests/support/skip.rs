//! Tests that cannot be made here.

use std::io::Write as _;

/// Says that the test that is running makes no statement here, and why. It is shown whatever becomes of the test.
pub fn skipped(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Not by `eprintln!`, which is held back where a test passes.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}
