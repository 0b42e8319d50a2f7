//! The tool once more, under another name, so that cargo tells the tests where it is.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_preinit::main()
}
