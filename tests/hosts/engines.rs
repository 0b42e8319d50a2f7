//! Engines for JavaScript: the guests are a module without imports, a command of WASI and a library for JavaScript.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::bindings::{ORDERS, ORIGINAL, bound};
use crate::process::run;
use crate::suite::{FOUND, Host, PATHS, Row, Seen, Suite, check, path, sample};

pub static NODE: Host = Host {
    key: "node",
    name: "Node",
    tests: &[
        ("plain", |suite| plain(suite, &NODE_ENGINE)),
        ("wasi", |suite| wasi(suite, &NODE_ENGINE)),
        ("bound", |suite| library(suite, &NODE_ENGINE)),
    ],
};

pub static DENO: Host = Host {
    key: "deno",
    name: "Deno",
    tests: &[
        ("plain", |suite| plain(suite, &DENO_ENGINE)),
        ("wasi", |suite| wasi(suite, &DENO_ENGINE)),
        ("bound", |suite| library(suite, &DENO_ENGINE)),
    ],
};

pub static BUN: Host = Host {
    key: "bun",
    name: "Bun",
    tests: &[
        ("plain", |suite| plain(suite, &BUN_ENGINE)),
        ("wasi", wasi_in_bun),
        ("bound", |suite| library(suite, &BUN_ENGINE)),
    ],
};

/// How a host runs a script.
struct Engine {
    host: &'static Host,
    /// The program below the directory of hosts, or in `PATH`.
    program: &'static str,
    options: &'static [&'static str],
}

static NODE_ENGINE: Engine = Engine {
    host: &NODE,
    program: "node",
    // `node:wasi` is an experiment to it.
    options: &["--no-warnings"],
};

static DENO_ENGINE: Engine = Engine {
    host: &DENO,
    program: "deno/node_modules/.bin/deno",
    options: &["run", "--quiet", "--allow-read", "--no-config", "--no-remote"],
};

static BUN_ENGINE: Engine = Engine {
    host: &BUN,
    program: "bun/node_modules/.bin/bun",
    options: &["run"],
};

impl Engine {
    /// The engine, about to run a file, in a directory.
    fn command(&self, suite: &Suite, file: &Path, directory: &Path) -> Result<Command> {
        let program = match self.program {
            "node" => self.program.into(),
            program => suite.installed(program)?,
        };
        let mut command = Command::new(program);
        command
            .current_dir(directory)
            // They keep files there.
            .env("HOME", directory)
            .args(self.options)
            .arg(file);
        Ok(command)
    }

    /// What a script prints that is given a guest and all paths.
    fn seen(&self, suite: &Suite, script: &str, guest: &Path) -> Result<Seen> {
        let directory = suite.directory(self.host.key)?;
        let mut command = self.command(suite, &path(script), &directory)?;
        command.arg(guest).args(PATHS);
        Seen::parse(&run(&mut command, &directory)?.stdout)
    }
}

fn plain(suite: &Suite, engine: &Engine) -> Result<()> {
    let guests = suite.guests()?;
    let seen = |guest: &Path| sample(|| engine.seen(suite, "files/plain.mjs", guest));
    let before = seen(&guests.before("plain")?)?;
    let after = seen(&guests.after("plain")?)?;
    check(&before, &after, &FOUND)?;
    suite.record(Row {
        host: engine.host,
        guest: "`plain`".to_owned(),
        timed: "an instance and its first call, by the script",
        before: before.seconds,
        after: after.seconds,
    });
    Ok(())
}

fn wasi(suite: &Suite, engine: &Engine) -> Result<()> {
    let guests = suite.guests()?;
    let seen = |guest: &Path| {
        sample(|| {
            let directory = suite.directory(engine.host.key)?;
            let mut command = engine.command(suite, &path("files/wasi.mjs"), &directory)?;
            command.arg(guest).arg(PATHS[0]);
            let printed = run(&mut command, &directory)?.stdout;
            let lines = printed.trim_end().split_once('\n');
            let (answer, seconds) = lines.with_context(|| format!("it printed {printed}"))?;
            Ok(Seen {
                answers: vec![answer.to_owned()],
                seconds: seconds.parse()?,
            })
        })
    };
    let before = seen(&guests.before("command")?)?;
    let after = seen(&guests.after("command")?)?;
    check(&before, &after, &FOUND[..1])?;
    suite.record(Row {
        host: engine.host,
        guest: "`command`".to_owned(),
        timed: "an instance and its run, by the script",
        before: before.seconds,
        after: after.seconds,
    });
    Ok(())
}

/// Bun runs a command of WASI as it runs a script.
fn wasi_in_bun(suite: &Suite) -> Result<()> {
    let guests = suite.guests()?;
    let seen = |guest: &Path| {
        sample(|| {
            let directory = suite.directory(BUN.key)?;
            let mut command = BUN_ENGINE.command(suite, guest, &directory)?;
            let ended = run(command.arg(PATHS[0]), &directory)?;
            Ok(Seen {
                answers: vec![ended.stdout.trim_end().to_owned()],
                seconds: ended.seconds,
            })
        })
    };
    let before = seen(&guests.before("command")?)?;
    let after = seen(&guests.after("command")?)?;
    check(&before, &after, &FOUND[..1])?;
    suite.record(Row {
        host: &BUN,
        guest: "`command`".to_owned(),
        timed: "the whole process",
        before: before.seconds,
        after: after.seconds,
    });
    Ok(())
}

fn library(suite: &Suite, engine: &Engine) -> Result<()> {
    let folders = bound(suite, "page")?;
    let seen = |folder: &str| {
        let folder = folders.join(folder);
        sample(|| engine.seen(suite, "files/bound.mjs", &folder))
    };
    let before = seen(ORIGINAL)?;
    let visits = [
        "Ada's visit 1: route 17, kiosk 42",
        "Ada's visit 2: route 19, abc 7",
    ];
    for order in ORDERS {
        let after = seen(order)?;
        check(&before, &after, &[&FOUND[..], &visits].concat())?;
        suite.record(Row {
            host: engine.host,
            guest: format!("`page`, {order}"),
            timed: "an instance and its first call, by the script",
            before: before.seconds,
            after: after.seconds,
        });
    }
    Ok(())
}
