//! Extism, a system for plugins: the guest is one, by its SDK.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process::run;
use crate::suite::{FOUND, Host, PATHS, Row, Seen, Suite, check, path, sample};

pub static HOST: Host = Host {
    key: "extism",
    name: "Extism",
    tests: &[("plugin", plugin)],
};

fn plugin(suite: &Suite) -> Result<()> {
    let guests = suite.guests()?;
    let before = sample(|| seen(suite, &guests.before("plugin")?))?;
    let after = sample(|| seen(suite, &guests.after("plugin")?))?;
    check(&before, &after, &FOUND)?;
    suite.record(Row {
        host: &HOST,
        guest: "`plugin`".to_owned(),
        timed: "the first call, by the host",
        before: before.seconds,
        after: after.seconds,
    });
    Ok(())
}

/// What the plugin answers.
fn seen(suite: &Suite, guest: &Path) -> Result<Seen> {
    let directory = suite.directory("extism")?;
    let mut command = Command::new("python3");
    command
        .env("PYTHONPATH", suite.installed("extism")?)
        // Compiled code would else be kept in the home of the user.
        .env("HOME", &directory)
        .arg(path("files/in_extism.py"))
        .arg(guest)
        .args(PATHS);
    Seen::parse(&run(&mut command, &directory)?.stdout)
}
