//! Typst, a typesetting system, whose wasmi interprets plugins: the guest is one, by its protocol.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process::run;
use crate::suite::{FOUND, Host, Row, Seen, Suite, check, file, path, sample};

pub static HOST: Host = Host {
    key: "typst",
    name: "Typst",
    tests: &[("plugin", plugin)],
};

fn plugin(suite: &Suite) -> Result<()> {
    let guests = suite.guests()?;
    let before = sample(|| seen(suite, &guests.before("typst")?))?;
    let after = sample(|| seen(suite, &guests.after("typst")?))?;
    check(&before, &after, &FOUND)?;
    suite.record(Row {
        host: &HOST,
        guest: "`typst`".to_owned(),
        timed: "the document, by the host",
        before: before.seconds,
        after: after.seconds,
    });
    Ok(())
}

/// What the plugin answers in a document.
fn seen(suite: &Suite, guest: &Path) -> Result<Seen> {
    let directory = suite.directory("typst")?;
    let document = directory.join("main.typ");
    fs_err::write(&document, file("main.typ", &[])?)?;
    fs_err::copy(guest, directory.join("guest.wasm"))?;
    let mut command = Command::new("python3");
    command
        .env("PYTHONPATH", suite.installed("typst")?)
        .arg(path("files/in_typst.py"))
        .arg(document);
    Seen::parse(&run(&mut command, &directory)?.stdout)
}
