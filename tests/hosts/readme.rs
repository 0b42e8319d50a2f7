//! The table in `README.md`: which guest ran where, and how much shorter its cold start became.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};

use crate::suite::{Host, Suite, path, versions};

const BEGIN: &str = "<!-- hosts: written by `SNAPSHOTS=overwrite` -->\n";
const END: &str = "<!-- end of the hosts -->\n";

/// The table names the versions that are installed, so who changes one measures again.
pub fn check(hosts: &[&Host]) -> Result<()> {
    let table = parts()?.1;
    for (key, packages) in versions()? {
        let host = hosts.iter().find(|host| host.key == key);
        let host = host.with_context(|| format!("{key} in tests/hosts/versions.txt is no host"))?;
        let cell = format!("| {} | {packages} |", host.name);
        ensure!(
            table.contains(&cell),
            "tests/hosts/README.md has no {cell}: run the suite with SNAPSHOTS=overwrite, in all hosts"
        );
    }
    Ok(())
}

/// Writes the table.
pub fn write(suite: &Suite) -> Result<()> {
    let (before, _, after) = parts()?;
    let versions = versions()?;
    let mut table =
        "| Host | Version | Guest | What is timed | Before / after |\n| --- | --- | --- | --- | --: |\n"
            .to_owned();
    for row in suite.rows().iter() {
        let pinned = versions.iter().find(|(key, _)| key == row.host.key);
        let version = pinned.map_or_else(|| suite.version(row.host), |(_, packages)| Ok(packages.clone()))?;
        writeln!(
            table,
            "| {} | {} | {} | {} | {:.1} |",
            row.host.name,
            version,
            row.guest,
            row.timed,
            row.before / row.after
        )?;
    }
    fs_err::write(path("README.md"), format!("{before}{BEGIN}{table}{END}{after}"))?;
    Ok(())
}

/// What is before the table, the table, and what is after it.
fn parts() -> Result<(String, String, String)> {
    let text = fs_err::read_to_string(path("README.md"))?;
    let parts = || {
        let (before, rest) = text.split_once(BEGIN)?;
        let (table, after) = rest.split_once(END)?;
        Some((before.to_owned(), table.to_owned(), after.to_owned()))
    };
    parts().context("tests/hosts/README.md has a table between two comments")
}
