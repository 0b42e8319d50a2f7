//! Baked guests in the hosts that people run them in: each answers as the guest that was not baked does, from its first call.
//!
//! `.ci/hosts` installs the hosts, and `PREINIT_HOSTS` says where. A host that is not there is not run: its tests are ignored, and the
//! closing line says why. `tests/hosts/README.md` says what is run how.

mod bindings;
mod component;
mod engines;
mod envoy;
mod extism;
mod guests;
mod http;
mod page;
mod process;
mod readme;
mod sqlc;
mod suite;
mod typst;
mod workerd;

#[path = "../command/tool/cargo.rs"]
mod cargo;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use cargo::variable;
use libtest_mimic::{Arguments, Failed, Trial};

use suite::{Host, Suite};

/// Each host, with its tests.
static HOSTS: &[&Host] = &[
    &envoy::HOST,
    &workerd::HOST,
    &page::HOST,
    &component::WASMTIME,
    &component::WASH,
    &extism::HOST,
    &typst::HOST,
    &sqlc::HOST,
    &engines::NODE,
    &engines::DENO,
    &engines::BUN,
];

fn main() -> Result<ExitCode> {
    let mut arguments = Arguments::from_args();
    // One at a time, since they measure.
    arguments.test_threads = Some(1);
    let suite = Arc::new(Suite::new()?);
    let blesses = variable("SNAPSHOTS").is_some_and(|action| action == "overwrite");
    let mut trials = vec![
        Trial::test("readme", || {
            readme::check(HOSTS).map_err(|error| Failed::from(format!("{error:#}")))
        })
        .with_ignored_flag(blesses),
    ];
    let mut not_run: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for host in HOSTS {
        let missing = suite.missing(host);
        for (name, test) in host.tests {
            let suite = Arc::clone(&suite);
            let trial = Trial::test(format!("{}::{name}", host.key), move || {
                suite.runs(host);
                test(&suite).map_err(|error| Failed::from(format!("{error:#}")))
            });
            trials.push(trial.with_ignored_flag(missing.is_some()));
        }
        if let Some(why) = missing {
            not_run.entry(why).or_default().push(host.name);
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if arguments.list {
        return Ok(conclusion.exit_code());
    }
    // A table of some hosts would lose the others.
    let is_whole = conclusion.num_failed == 0 && conclusion.num_filtered_out == 0 && not_run.is_empty();
    if blesses && is_whole {
        readme::write(&suite)?;
    }
    for row in suite.rows().iter() {
        let [before, after] = [row.before, row.after].map(|seconds| seconds * 1e3);
        eprintln!(
            "{}, {}, {}: {before:.1} -> {after:.1} ms",
            row.host.name, row.guest, row.timed
        );
    }
    let mut closing = format!("guests ran in {} of {} hosts", suite.ran(), HOSTS.len());
    for (n, (why, hosts)) in not_run.iter().enumerate() {
        let begin = if n == 0 { "; not run: " } else { "; " };
        closing.extend([begin, &hosts.join(", "), ": ", why]);
    }
    eprintln!("{closing}");
    if not_run.is_empty() {
        return Ok(conclusion.exit_code());
    }
    if variable("PREINIT_HOSTS_REQUIRED").is_some_and(|value| value == "1") {
        eprintln!("error: PREINIT_HOSTS_REQUIRED=1, so that is a failure");
        return Ok(ExitCode::FAILURE);
    }
    Ok(conclusion.exit_code())
}
