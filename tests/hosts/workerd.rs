//! workerd, which runs Cloudflare's workers: the guest is a library for JavaScript, in both orders of baking and binding.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::bindings::{ORDERS, ORIGINAL, bound};
use crate::http::{free_port, get};
use crate::process::Running;
use crate::suite::{FOUND, Host, PATHS, Row, Seen, Suite, check, file, sample};

pub static HOST: Host = Host {
    key: "workerd",
    name: "workerd",
    tests: &[("worker", worker)],
};

fn worker(suite: &Suite) -> Result<()> {
    let folders = bound(suite, "page")?;
    let before = sample(|| seen(suite, &folders.join(ORIGINAL)))?;
    for order in ORDERS {
        let after = sample(|| seen(suite, &folders.join(order)))?;
        check(
            &before,
            &after,
            &[&FOUND[..], &["Ada's visit 1: route 17, kiosk 42"]].concat(),
        )?;
        suite.record(Row {
            host: &HOST,
            guest: format!("`page`, {order}"),
            timed: "the first request, by the client",
            before: before.seconds,
            after: after.seconds,
        });
    }
    Ok(())
}

/// What a worker with this library answers.
fn seen(suite: &Suite, folder: &Path) -> Result<Seen> {
    let directory = suite.directory("workerd")?;
    let port = free_port()?;
    let config = file("workerd.capnp", &[("PORT", &port.to_string())])?;
    fs_err::write(directory.join("workerd.capnp"), config)?;
    fs_err::write(directory.join("worker.mjs"), file("worker.mjs", &[])?)?;
    for name in ["page.js", "page_bg.wasm"] {
        fs_err::copy(folder.join(name), directory.join(name))?;
    }
    let mut command = Command::new(suite.installed("workerd/node_modules/workerd/bin/workerd")?);
    command.current_dir(&directory).args(["serve", "workerd.capnp"]);
    let mut workerd = Running::start(&mut command, &directory)?;
    let first = workerd.until(|| get(port, PATHS[0]).ok())?;
    let mut answers = vec![first.body];
    for path in [PATHS[1], PATHS[2], &format!("{}?ada", PATHS[0])] {
        let reply = get(port, path)?.succeeded()?;
        answers.push(reply.body);
    }
    Ok(Seen {
        answers,
        seconds: first.seconds,
    })
}
