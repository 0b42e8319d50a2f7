//! Envoy, a proxy: the guest is a filter, by the SDK for proxies.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::http::{free_port, get};
use crate::process::Running;
use crate::suite::{FOUND, Host, PATHS, Row, Seen, Suite, check, file, sample};

pub static HOST: Host = Host {
    key: "envoy",
    name: "Envoy",
    tests: &[("filter", filter)],
};

fn filter(suite: &Suite) -> Result<()> {
    let guests = suite.guests()?;
    let before = sample(|| seen(suite, &guests.before("filter")?))?;
    let after = sample(|| seen(suite, &guests.after("filter")?))?;
    check(&before, &after, &FOUND)?;
    suite.record(Row {
        host: &HOST,
        guest: "`filter`".to_owned(),
        timed: "the first request, in the proxy's log",
        before: before.seconds,
        after: after.seconds,
    });
    Ok(())
}

/// What a proxy with this filter answers.
fn seen(suite: &Suite, guest: &Path) -> Result<Seen> {
    let directory = suite.directory("envoy")?;
    let port = free_port()?;
    let guest = guest.display().to_string();
    let config = file("envoy.yaml", &[("PORT", &port.to_string()), ("GUEST", &guest)])?;
    fs_err::write(directory.join("envoy.yaml"), config)?;
    let mut command = Command::new(suite.installed("envoy/envoy/_bin/envoy")?);
    command
        .current_dir(&directory)
        .args(["-c", "envoy.yaml", "--concurrency", "1", "--log-level", "warning"])
        .args(["--disable-hot-restart", "--file-flush-interval-msec", "10"]);
    let mut envoy = Running::start(&mut command, &directory)?;
    // It listens once the filter is there.
    let first = envoy.until(|| get(port, PATHS[0]).ok())?;
    let took = envoy.until_line("took ")?;
    let mut answers = vec![first.body];
    for path in &PATHS[1..] {
        let reply = get(port, path)?.succeeded()?;
        answers.push(reply.body);
    }
    let microseconds: f64 = took.trim_end_matches(" us").parse()?;
    Ok(Seen {
        answers,
        seconds: microseconds / 1e6,
    })
}
