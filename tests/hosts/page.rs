//! A page in a headless Chromium: libraries for JavaScript, in both orders of baking and binding.

use std::collections::VecDeque;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use preinit_tests::browser::ARGUMENTS;
use serde_json::Value;

use crate::bindings::{ORDERS, ORIGINAL, bake_bound, bind, bound};
use crate::http::Server;
use crate::process::Running;
use crate::suite::{FOUND, Host, RUNS, Row, Seen, Suite, check, file, sample};

pub static HOST: Host = Host {
    key: "chromium",
    name: "Chromium",
    tests: &[
        ("plain_exports", plain_exports),
        ("values_at_run_time", values_at_run_time),
        ("start", start),
        ("refused", refused),
    ],
};

/// Texts go in and out, and an object lives in the guest.
fn plain_exports(suite: &Suite) -> Result<()> {
    let visits = [
        "Ada's visit 1: route 17, kiosk 42",
        "Ada's visit 2: route 19, abc 7",
    ];
    compare(suite, "page", &[&FOUND[..], &visits].concat())
}

/// The guest holds lists, functions and objects of JavaScript, and hands out a function of its own.
fn values_at_run_time(suite: &Suite) -> Result<()> {
    let values = ["true route 19, abc 7", "1 2 1"];
    compare(suite, "values", &[&FOUND[..], &values].concat())
}

/// A function runs when the library is loaded: once, and there, not in the bake.
fn start(suite: &Suite) -> Result<()> {
    compare(suite, "start", &[&FOUND[..], &["started 1 time(s)"]].concat())
}

/// Init that wants a list of JavaScript is refused in both orders, with its name. As it is, the library runs.
fn refused(suite: &Suite) -> Result<()> {
    let guests = suite.guests()?;
    let first = guests.preinit(&["--package", "refused"])?;
    let folders = suite.directory("refused")?;
    let original = folders.join("refused").join(ORIGINAL);
    bind(&guests.before("refused")?, &original)?;
    let last = bake_bound(&original, "refused")?;
    for (order, said) in ORDERS.iter().zip([first, last]) {
        ensure!(!said.is_done, "{order}: it was baked: {}", said.stderr);
        for part in ["was not baked", "`refused::touch`", "js_sys::Array::new"] {
            ensure!(
                said.stderr.contains(part),
                "{order}: the refusal does not say {part}: {}",
                said.stderr
            );
        }
    }
    let seen = visit(suite, &folders, &[format!("refused/{ORIGINAL}")])?;
    let answers = Seen::of(&seen[0])?.answers;
    ensure!(answers == ["length 1"], "it answered {answers:?}");
    Ok(())
}

/// Loads a library as it is and in each order, several times.
fn compare(suite: &Suite, guest: &str, expected: &[&str]) -> Result<()> {
    let folders = bound(suite, guest)?;
    let root = folders.parent().context("it is in a directory")?;
    let variants = [ORIGINAL, ORDERS[0], ORDERS[1]];
    let pages: Vec<String> = (0..RUNS)
        .flat_map(|_| variants.map(|variant| format!("{guest}/{variant}")))
        .collect();
    let seen = visit(suite, root, &pages)?;
    // The fastest of each variant, by what a field says.
    let fastest = |variant: usize, field: &str| {
        let mut of_variant = seen.iter().skip(variant).step_by(variants.len());
        sample(|| {
            let value = of_variant.next().context("there is one for each run")?;
            let seconds = value[field].as_f64().context("it says how long it took")?;
            Ok(Seen {
                seconds,
                ..Seen::of(value)?
            })
        })
    };
    for (variant, order) in ORDERS.iter().enumerate() {
        let record = |timed, field: &str| {
            let (before, after) = (fastest(0, field)?, fastest(variant + 1, field)?);
            check(&before, &after, expected)?;
            suite.record(Row {
                host: &HOST,
                guest: format!("`{guest}`, {order}"),
                timed,
                before: before.seconds,
                after: after.seconds,
            });
            Ok::<_, anyhow::Error>(())
        };
        record("the first call, by the page", "seconds")?;
        record("the same with loading the library", "withLoading")?;
    }
    Ok(())
}

/// Opens pages one after another, and returns what each says it saw.
fn visit(suite: &Suite, root: &std::path::Path, pages: &[String]) -> Result<Vec<Value>> {
    for name in ["page.html", "page.mjs"] {
        fs_err::write(root.join(name), file(name, &[])?)?;
    }
    let mut addresses: VecDeque<String> = pages.iter().map(|page| format!("/page.html?{page}")).collect();
    let first = addresses.pop_front().context("there is a page")?;
    let server = Server::start(root, addresses)?;
    let directory = suite.directory("chromium")?;
    let mut command = Command::new(suite.browser()?);
    command
        .args(ARGUMENTS)
        // Without it a headless shell ends as soon as the page is loaded.
        .arg("--remote-debugging-port=0")
        .arg(format!("--user-data-dir={}", directory.join("profile").display()))
        .arg(server.address(&first));
    let mut browser = Running::start(&mut command, &directory)?;
    let mut seen = Vec::new();
    for page in pages {
        let said = browser.until(|| server.seen())?;
        let value: Value = serde_json::from_str(&said)?;
        ensure!(value.get("error").is_none(), "{page}: {value}");
        seen.push(value);
    }
    Ok(seen)
}
