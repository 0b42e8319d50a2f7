//! Servers for components: the guest answers requests, each in an instance of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::http::{free_port, get};
use crate::process::Running;
use crate::suite::{FOUND, Host, PATHS, RUNS, Row, Seen, Suite, check, file};

pub static WASMTIME: Host = Host {
    key: "wasmtime",
    name: "`wasmtime serve`",
    tests: &[("service", |suite| service(suite, &WASMTIME, wasmtime))],
};

pub static WASH: Host = Host {
    key: "wash",
    name: "wasmCloud's `wash dev`",
    tests: &[("service", |suite| service(suite, &WASH, wash))],
};

/// Makes the command that serves a component at a port, in a directory of its own.
type Serve = fn(suite: &Suite, guest: &Path, port: u16, directory: &Path) -> Result<Command>;

fn service(suite: &Suite, host: &'static Host, serve: Serve) -> Result<()> {
    let guests = suite.guests()?;
    let before = seen(suite, &guests.before("service")?, serve)?;
    let after = seen(suite, &guests.after("service")?, serve)?;
    check(&before, &after, &FOUND)?;
    suite.record(Row {
        host,
        guest: "`service`".to_owned(),
        timed: "a request, by the client",
        before: before.seconds,
        after: after.seconds,
    });
    Ok(())
}

fn wasmtime(suite: &Suite, guest: &Path, port: u16, directory: &Path) -> Result<Command> {
    let mut command = Command::new(suite.installed("wasmtime/wasmtime_cli/wasmtime")?);
    command
        .current_dir(directory)
        .args(["serve", "-Scli", "--addr", &format!("127.0.0.1:{port}")])
        .arg(guest);
    Ok(command)
}

fn wash(suite: &Suite, guest: &Path, port: u16, directory: &Path) -> Result<Command> {
    fs_err::create_dir_all(directory.join(".wash"))?;
    let config = file("wash.yaml", &[("PORT", &port.to_string())])?;
    fs_err::write(directory.join(".wash/config.yaml"), config)?;
    fs_err::copy(guest, directory.join("service.wasm"))?;
    let mut command = Command::new(suite.installed("wash/wash_cli/wash")?);
    command
        .current_dir(directory)
        // It keeps files there.
        .env("HOME", home(directory)?)
        .args(["--non-interactive", "dev"]);
    Ok(command)
}

/// An empty directory for what a program writes to the home of its user.
fn home(directory: &Path) -> Result<PathBuf> {
    let home = directory.join("home");
    fs_err::create_dir_all(&home)?;
    Ok(home)
}

/// What a server with this component answers.
fn seen(suite: &Suite, guest: &Path, serve: Serve) -> Result<Seen> {
    let directory = suite.directory("component")?;
    let port = free_port()?;
    let mut command = serve(suite, guest, port, &directory)?;
    let mut server = Running::start(&mut command, &directory)?;
    // Until the component is deployed, `wash` answers that there is nothing.
    server.until(|| get(port, PATHS[0]).ok().filter(|reply| reply.status == 200))?;
    let mut answers = Vec::new();
    let mut seconds = f64::INFINITY;
    for path in PATHS {
        for _ in 0..RUNS {
            let reply = get(port, path)?.succeeded()?;
            seconds = seconds.min(reply.seconds);
            if answers.last() != Some(&reply.body) {
                answers.push(reply.body);
            }
        }
    }
    Ok(Seen { answers, seconds })
}
