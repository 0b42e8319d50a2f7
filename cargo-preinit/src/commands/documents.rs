//! `cargo preinit completions` and `cargo preinit man`: what is made of the definition of the command line.

use std::io::{self, Write as _};
use std::path::Path;

use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::definition;
use crate::write;

/// Prints the completions of a shell.
pub(super) fn completions(shell: Shell) -> io::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition(), "cargo-preinit", &mut script);
    if shell == Shell::Bash {
        // clap_complete 4.6 writes a program's name with a hyphen in two ways, so that no command in it is found.
        let text = String::from_utf8_lossy(&script);
        script = text
            .replace("cargo__subcmd__preinit", "cargo__preinit")
            .into_bytes();
    }
    let mut stdout = io::stdout().lock();
    stdout.write_all(&script)?;
    stdout.flush()
}

/// Writes a man page for the command, and for each of its subcommands.
pub(super) fn man(dir: &Path) -> io::Result<()> {
    fs_err::create_dir_all(dir)?;
    let mut preinit = definition();
    preinit.build();
    let commands = preinit
        .get_subcommands()
        .filter(|command| command.get_name() != "help");
    let commands = commands.map(|command| {
        let name = command.get_name();
        (
            format!("cargo-preinit-{name}"),
            command.clone().bin_name(format!("cargo preinit {name}")),
        )
    });
    let whole = (
        "cargo-preinit".to_owned(),
        preinit.clone().bin_name("cargo preinit"),
    );
    for (name, command) in commands.chain([whole]) {
        let mut page = Vec::new();
        Man::new(command.name(name.clone())).render(&mut page)?;
        write::write(&dir.join(format!("{name}.1")), &page)?;
    }
    Ok(())
}
