//! The subcommand `cargo preinit`.

fn main() -> std::process::ExitCode {
    cargo_preinit::main()
}
