//! The tool under another name, as a binary of the tests' package, so that cargo gives the tests its path.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_preinit::main()
}
