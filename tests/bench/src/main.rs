//! Compares `cargo preinit` with Wizer: how long they bake, what they need for it, and what comes out.
//!
//! `cargo compare` builds and fetches the modules, measures, and writes a table into `tests/bench/README.md` and a picture
//! beside it. `cargo compare NAME...` measures these modules only, and prints the tables. `cargo compare --draw` writes table
//! and picture anew, from the figures of the last whole comparison.

mod compare;
mod component;
mod job;
mod node;
mod npm;
mod plot;
mod results;
mod scale;
mod shape;
mod splice;
mod stages;
mod start;
mod subjects;
mod table;
mod unchanged;
mod wizer;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};

use crate::compare::Bench;
use crate::node::Node;
use crate::results::Results;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// How often each tool bakes a small module.
const RUNS: usize = 5;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let Some(exit) = cargo_preinit::answer_cargo() {
        return Ok(exit);
    }
    if arguments.first() == Some(&unchanged::SUBCOMMAND) {
        return Ok(cargo_preinit::main());
    }
    run(&arguments)?;
    Ok(ExitCode::SUCCESS)
}

fn run(arguments: &[&str]) -> Result<()> {
    match *arguments {
        [job::SUBCOMMAND, job] => job::run(job),
        [stages::SUBCOMMAND, job] => stages::run_job(job),
        ["--draw"] => draw(&serde_json::from_slice(&fs_err::read(
            dir()?.join("results.json"),
        )?)?),
        [] => {
            let results = compare(|_| true)?;
            fs_err::write(dir()?.join("results.json"), serde_json::to_vec_pretty(&results)?)?;
            draw(&results)
        }
        _ => {
            if let Some(option) = arguments.iter().find(|name| name.starts_with('-')) {
                bail!("unknown option `{option}`");
            }
            let results = compare(|name| arguments.contains(&name))?;
            print!("{}", table::markdown(&results));
            Ok(())
        }
    }
}

/// Where everything is put that is made: modules, caches, figures.
fn dir() -> Result<Utf8PathBuf> {
    let dir = root()?.join("target/bench");
    fs_err::create_dir_all(&dir)?;
    Ok(dir)
}

fn root() -> Result<&'static Utf8Path> {
    Utf8Path::new(HERE)
        .ancestors()
        .nth(2)
        .context("this is in the repository")
}

/// Measures the subjects with the names that are wanted. Huge memories and tables are the subject `scale`.
fn compare(is_wanted: impl Fn(&str) -> bool) -> Result<Results> {
    let dir = dir()?;
    let bench = Bench {
        node: Node::find(root()?),
        runs: RUNS,
        dir: dir.clone(),
    };
    let node = bench.node.as_ref();
    let mut results = Results {
        notes: vec![format!(
            "Both with wasmtime 48.0.8, {} processors, {}. The least of {RUNS} runs that take turns, of {} for modules above 3 MB.",
            std::thread::available_parallelism()?,
            node.map_or("without Node".to_owned(), |node| format!("Node {}", node.version)),
            RUNS.div_ceil(2),
        )],
        ..Results::default()
    };
    for subject in subjects::subjects(&dir)? {
        if is_wanted(subject.name) {
            bench.subject(&subject, &mut results).context(subject.name)?;
        }
    }
    if is_wanted("scale") {
        bench.scale(&mut results)?;
    }
    if is_wanted("unchanged") {
        bench.unchanged(&mut results)?;
    }
    Ok(results)
}

/// Writes the tables and the picture, and the summary into the project's README if that has a place for it.
fn draw(results: &Results) -> Result<()> {
    let here = Utf8Path::new(HERE);
    write_between_markers(&here.join("README.md"), &table::markdown(results))?;
    fs_err::write(here.join("comparison.svg"), plot::svg(results))?;
    let readme = root()?.join("README.md");
    if fs_err::read_to_string(&readme)?.contains(table::MARKERS[0]) {
        write_between_markers(&readme, &table::summary(results))?;
    }
    Ok(())
}

fn write_between_markers(file: &Utf8Path, table: &str) -> Result<()> {
    let text = table::replace(&fs_err::read_to_string(file)?, table)?;
    Ok(fs_err::write(file, text)?)
}
