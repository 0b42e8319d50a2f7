//! The components of wit-component's own tests: the shapes that Rust guests have, with adapters, linked libraries and resources.
//!
//! Each gets an init that does nothing, and is baked. It may be refused for a reason that is listed here. A baked one can be
//! instantiated where the original can.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use cargo_preinit::{BakeError, BakeOptions, DeadCode, bake};
use snapbox::str;
use wasmparser::WasmFeatures;
use wasmtime::error::{Context as _, Result, ensure};

use preinit_tests::component::World;
use preinit_tests::{graphs, no_op, seeds};

/// The texts of all components of wit-component's tests, by name.
fn corpus() -> Result<BTreeMap<String, Vec<u8>>> {
    // The crate is among the engine's dependencies, so it is in every checkout's registry.
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        .args([
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ])
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout)?;
    let packages = metadata["packages"].as_array().context("cargo lists packages")?;
    let is_it = |package: &&serde_json::Value| package["name"] == "wit-component";
    let package = packages
        .iter()
        .find(is_it)
        .context("wasmtime needs wit-component")?;
    let manifest = PathBuf::from(package["manifest_path"].as_str().context("it has a path")?);
    let tests = manifest.with_file_name("tests").join("components");
    let mut corpus = BTreeMap::new();
    for entry in fs_err::read_dir(tests)? {
        let entry = entry?;
        let component = entry.path().join("component.wat");
        if component.exists() {
            let name = entry.file_name().to_string_lossy().into_owned();
            corpus.insert(name, fs_err::read(component)?);
        }
    }
    Ok(corpus)
}

#[test]
fn the_shapes_of_rust_guests() -> Result<()> {
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let corpus = corpus()?;
    ensure!(corpus.len() >= 90, "{} components", corpus.len());
    for (name, text) in corpus {
        let outcome = outcome(&text).with_context(|| name.clone())?;
        said.entry(outcome).or_default().push(name);
    }
    let mut report = String::new();
    for (outcome, names) in said {
        let names = if names.len() > 20 {
            format!("{} components", names.len())
        } else {
            names.join(" ")
        };
        report.push_str(&format!("{outcome}\n    {names}\n"));
    }
    snapbox::assert_data_eq!(
        report,
        str![[r#"
baked; instantiated
    83 components
refused: the component uses what a bake does not know of the component model: cm-async
    async-export-with-callback async-import async-import-only-intrinsic async-import-tricky async-task-return-param-string link-lib-with-async-export
refused: the component uses what a bake does not know of the component model: cm-async, cm-async-stackful
    async-export wasm-init-task
refused: the component uses what a bake does not know of the component model: cm-async, cm-async-stackful, cm-error-context
    async-builtins
refused: the component uses what a bake does not know of the component model: cm-async, cm-async-stackful, cm-more-async-builtins
    async-streams-and-futures
refused: the component uses what a bake does not know of the component model: cm-async, cm-async-stackful, cm-threading
    threading
refused: the component uses what a bake does not know of the component model: cm-async, cm-more-async-builtins
    async-unit-builtins
refused: the component uses what a bake does not know of the component model: cm-implements
    implements
refused: the module's start trapped: wasm `unreachable` instruction executed; guest backtrace:; 0: function 1, which has no name
    initialize

"#]]
    );
    Ok(())
}

/// Bakes a component through an init that does nothing, with both strategies, and compares the result with the original.
fn outcome(text: &[u8]) -> Result<String> {
    let wasm = wat::parse_bytes(text)?;
    let Ok((original, init)) = no_op::add_to_component(&wasm, WasmFeatures::all()) else {
        return Ok("not valid".to_owned());
    };
    let mut texts = Vec::new();
    for dead_code in [DeadCode::Keep, DeadCode::Remove] {
        let options = BakeOptions {
            init_functions: vec![init.clone()],
            dead_code,
            ..BakeOptions::default()
        };
        texts.push(match bake(&original, &options) {
            Err(error) => reason(&error)?,
            Ok(baked) => {
                ensure!(
                    bake(&original, &options)?.wasm == baked.wasm,
                    "the same input gave other bytes"
                );
                let instantiated = |wasm: &[u8]| match World::new(wasm) {
                    Ok(_) => "instantiated".to_owned(),
                    Err(error) => format!("{:#}", error.root_cause()),
                };
                let (before, after) = (instantiated(&original), instantiated(&baked.wasm));
                ensure!(before == after, "before: {before}; after: {after}");
                format!("baked; {after}")
            }
        });
    }
    texts.dedup();
    Ok(texts.join("; without dead code: "))
}

/// A refusal without names and numbers.
fn reason(error: &BakeError) -> Result<String> {
    ensure!(!error.is_bug(), "{error}");
    let text = error.to_string();
    let lines = text.lines().map(|line| {
        let line = line.trim_start_matches(['-', ' ']);
        match line.split_once("): ") {
            Some((place, rest)) if place.starts_with("core instance") => rest,
            _ => line,
        }
    });
    let mut lines: Vec<&str> = lines.collect();
    lines.dedup();
    Ok(format!("refused: {}", lines.join("; ")))
}

/// Random graphs of instances: the original after init, and the baked component, answer alike.
///
/// `PREINIT_COMPONENTS=N` sets their number, `PREINIT_SEED=S` the first seed. A failure names its seed, and prints the component.
#[test]
fn random_graphs() {
    const COMPONENTS: u64 = 300;
    let seeds = seeds::from_environment("PREINIT_COMPONENTS", COMPONENTS);
    let (tally, failures) = seeds::check_all(&seeds, |seed| {
        graphs::check(seed).map_err(|error| format!("PREINIT_SEED={seed}: {error:#}"))
    });
    for (outcome, count) in &tally {
        println!("  {count:>6} {outcome:?}");
    }
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    let baked = |outcome| tally.get(&outcome).copied().unwrap_or_default();
    let (all, count) = (
        baked(graphs::Outcome::Baked) + baked(graphs::Outcome::BakedApart),
        seeds.end - seeds.start,
    );
    assert!(
        all * 2 > count,
        "only {all} of {count} were baked, so little was tested"
    );
}

/// The harness is not blind: more than half of the components answer otherwise without their init.
#[test]
fn random_graphs_show_what_init_did() -> Result<()> {
    const COMPONENTS: u64 = 60;
    let mut noticed = 0;
    for seed in 1..=COMPONENTS {
        noticed += u64::from(graphs::notices_what_init_did(seed)?);
    }
    ensure!(noticed * 2 > COMPONENTS, "{noticed} of {COMPONENTS}");
    Ok(())
}

/// What the output needs may be more than a component may have.
#[test]
fn outputs_that_engines_would_not_take() -> Result<()> {
    // 998 more instances, and a slot that a fix-up has to fill.
    let mut text = String::from(
        r#"(component
            (core module $owner (table (export "t") 1 funcref))
            (core instance $owner (instantiate $owner))
            (core module $guest
                (import "owner" "t" (table 1 funcref))
                (elem declare func $f)
                (func $f)
                (func (export "init") (table.set (i32.const 0) (ref.func $f))))
            (core instance $guest (instantiate $guest (with "owner" (instance $owner))))
            (func (export "wizer-initialize") (canon lift (core func $guest "init")))"#,
    );
    for _ in 0..997 {
        text.push_str("(core instance (instantiate $owner))");
    }
    text.push(')');
    let error = bake(text.as_bytes(), &BakeOptions::default());
    let error = error.err().context("a component has at most 1,000 instances")?;
    snapbox::assert_data_eq!(
        error.to_string(),
        str![[r#"
the component cannot be baked
  - the baked component would be more than engines take: the module is not valid: instances count exceeds limit of 1000 (at byte 0xd6a)
"#]]
    );
    Ok(())
}
