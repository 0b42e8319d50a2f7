//! Reports tests that cannot run on this machine.

use std::io::Write as _;

/// Prints that the running test is skipped, and why, even if it passes.
pub fn skipped(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Not by `eprintln!`, whose output is captured in a test that passes.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}
