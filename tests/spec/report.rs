//! What came of the test suite, as `REPORT.md` says it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use snapbox::{Assert, Data, assert};
use wasmtime::error::{Result, bail};

use crate::suites::Suite;
use crate::{KNOWN_BUGS, Outcome, REFUSALS, Refused};

/// Compares the report with the one that is kept, or writes it.
pub(crate) fn check(suites: &[Suite], outcomes: &BTreeMap<String, Outcome>) -> Result<()> {
    for (reason, _) in REFUSALS {
        let is_needed = outcomes
            .values()
            .any(|outcome| outcome.refused.contains_key(*reason));
        if !is_needed {
            bail!("no module is refused for `{reason}`: the line can go");
        }
    }
    for bug in KNOWN_BUGS {
        if !outcomes.contains_key(bug.file) {
            bail!("there is no file `{}` with a known bug", bug.file);
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/REPORT.md");
    Assert::new()
        .action_env(assert::DEFAULT_ACTION_ENV)
        .normalize_paths(false)
        .try_eq(
            Some(&path.display()),
            Data::text(report(suites, outcomes)?).raw(),
            Data::read_from(&path, None).raw(),
        )
        .map_err(|difference| wasmtime::format_err!("{difference}"))
}

fn report(suites: &[Suite], outcomes: &BTreeMap<String, Outcome>) -> Result<String> {
    let mut text = String::new();
    text.push_str(INTRODUCTION);
    let columns = [
        "Suite",
        "Files",
        "Repeated",
        "Modules",
        "Baked",
        "Refused",
        "Not taken",
        "Assertions",
        "On a baked module",
        "Same verdict",
        "No module",
    ];
    row(&mut text, &columns)?;
    row(&mut text, &columns.map(|_| "---"))?;
    let mut total = [0; 10];
    for suite in suites {
        let of_suite: Vec<&Outcome> = suite.files.keys().filter_map(|name| outcomes.get(name)).collect();
        let sum = |of: fn(&Outcome) -> u64| of_suite.iter().map(|outcome| of(outcome)).sum::<u64>();
        let numbers: [u64; 10] = [
            suite.files.len() as u64,
            suite.repeated as u64,
            sum(|outcome| outcome.modules),
            sum(|outcome| outcome.baked),
            sum(|outcome| outcome.refused.values().map(|refused| refused.modules).sum()),
            sum(|outcome| outcome.untaken),
            sum(|outcome| outcome.assertions),
            sum(|outcome| outcome.on_baked),
            sum(|outcome| outcome.same),
            sum(|outcome| outcome.about_text),
        ];
        for (total, number) in total.iter_mut().zip(numbers) {
            *total += number;
        }
        numbers_row(&mut text, &suite.name, &numbers)?;
    }
    numbers_row(&mut text, "all", &total)?;
    reasons(&mut text, suites, outcomes)?;
    failures(&mut text, suites, outcomes)?;
    Ok(text)
}

const INTRODUCTION: &str = "\
# The WebAssembly test suite, baked

Written by `SNAPSHOTS=overwrite cargo test --workspace --test spec`; the test compares it.

Every script runs twice, side by side on wasmtime: as it is, and with each module baked through an init that does
nothing. Verdicts, results bit by bit, and what is printed are compared after every directive; everything that a baked
module exports is compared at its start and at the end of the script. A module that is refused runs unbaked in both.

- *Repeated*: files that a suite further up has letter by letter; they run once.
- *Not taken*: modules that wasmtime itself does not take; the bake says no to them, too.
- *Same verdict*: of the assertions about what runs.
- *No module*: assertions that something is malformed or invalid; the bake says no to what can be encoded at all.

";

fn row(text: &mut String, cells: &[impl AsRef<str>]) -> Result<()> {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| cell.as_ref().replace('|', "\\|"))
        .collect();
    writeln!(text, "| {} |", cells.join(" | "))?;
    Ok(())
}

fn numbers_row(text: &mut String, name: &str, numbers: &[u64]) -> Result<()> {
    let mut cells = vec![name.to_owned()];
    cells.extend(numbers.iter().map(ToString::to_string));
    row(text, &cells)
}

/// Why modules are refused, in all and by suite.
fn reasons(text: &mut String, suites: &[Suite], outcomes: &BTreeMap<String, Outcome>) -> Result<()> {
    text.push_str("\n## Refused\n\nA module with several reasons counts for the first.\n\n");
    row(
        text,
        &[
            "Reason",
            "Modules",
            "What the user is told, for instance",
            "Why that is right",
        ],
    )?;
    row(text, &["---"; 4])?;
    for (reason, why) in REFUSALS {
        let refused: Vec<&Refused> = outcomes
            .values()
            .filter_map(|outcome| outcome.refused.get(*reason))
            .collect();
        let modules: u64 = refused.iter().map(|refused| refused.modules).sum();
        let example = refused.first().map_or("", |refused| refused.example.as_str());
        row(
            text,
            &[&format!("`{reason}`"), &modules.to_string(), example, *why],
        )?;
    }
    text.push('\n');
    row(text, &["Suite", "Reason", "Modules"])?;
    row(text, &["---"; 3])?;
    for suite in suites {
        for (reason, _) in REFUSALS {
            let refused = suite
                .files
                .keys()
                .filter_map(|name| outcomes.get(name)?.refused.get(*reason));
            let modules: u64 = refused.map(|refused| refused.modules).sum();
            if modules > 0 {
                row(text, &[&suite.name, &format!("`{reason}`"), &modules.to_string()])?;
            }
        }
    }
    Ok(())
}

/// The files that wasmtime does not pass, with and without the tool.
fn failures(text: &mut String, suites: &[Suite], outcomes: &BTreeMap<String, Outcome>) -> Result<()> {
    text.push_str(
        "\n## What wasmtime itself does not pass\n\nThese directives fail in the same way in both. Most are of old \
         suites, which call invalid what later versions of the language allow: every feature is on here. Custom \
         descriptors are not in wasmtime yet.\n\n",
    );
    row(text, &["File", "Directives", "The first"])?;
    row(text, &["---"; 3])?;
    for suite in suites {
        for name in suite.files.keys() {
            if let Some(outcome) = outcomes.get(name)
                && let Some(first) = &outcome.first_failing
            {
                row(text, &[name, &outcome.failing.to_string(), first])?;
            }
        }
    }
    Ok(())
}
