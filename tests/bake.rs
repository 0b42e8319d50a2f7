//! The tests of `bake`, from bytes to bytes: one directory is one case.
//!
//! `bake/<case>/guest.wat` must bake. The output must be `out.wat`, and the same bytes with both compilers. The baked module must be
//! equivalent: it behaves as the original after init. So must the output without dead code, and walrus's.
//! `bake/error-<what>/` must not bake, and `error.txt` holds the error and its advice.
//!
//! `bake/README.md` lists the cases by subject.
//!
//! The head of a guest's text says how it is baked and called: see `support/case.rs`. With `SNAPSHOTS=overwrite` the
//! goldens are written instead of compared.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cargo_preinit::run::{Compiler, RunError};
use cargo_preinit::{BakeError, BakeOptions, Baked, CompilerChoice, DeadCode, EmitError, Rewriter, verify};
use libtest_mimic::{Arguments, Failed, Trial};
use snapbox::{Assert, Data, assert};
use wasmparser::Parser;
use wasmtime::error::{Context as _, Result, bail, ensure};

use preinit_tests::case::Case;
use preinit_tests::equivalence::{self, equal};
use preinit_tests::parts;

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("bake");
    let mut directories: Vec<PathBuf> = fs_err::read_dir(&cases)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    directories.retain(|path| path.is_dir());
    directories.sort();
    let names: BTreeSet<String> = directories.iter().map(|path| file_name(path)).collect();
    let mut trials: Vec<Trial> = directories
        .into_iter()
        .map(|directory| {
            Trial::test(file_name(&directory), move || {
                check(&directory).map_err(|error| Failed::from(format!("{error:#}")))
            })
        })
        .collect();
    let list = cases.join("README.md");
    trials.push(Trial::test("every case is in README.md", move || {
        check_list(&list, &names).map_err(|error| Failed::from(format!("{error:#}")))
    }));
    libtest_mimic::run(&arguments, trials).exit()
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Checks that the last columns of the list's tables name exactly these directories.
fn check_list(list: &Path, directories: &BTreeSet<String>) -> Result<()> {
    let text = fs_err::read_to_string(list)?;
    let rows = text.lines().filter_map(|line| line.trim().strip_suffix('|'));
    let cells = rows.filter_map(|row| Some(row.rsplit_once('|')?.1));
    // Names stand between backticks.
    let listed: BTreeSet<String> = cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    let unlisted: Vec<&String> = directories.difference(&listed).collect();
    ensure!(unlisted.is_empty(), "it does not name {unlisted:?}");
    let missing: Vec<&String> = listed.difference(directories).collect();
    ensure!(
        missing.is_empty(),
        "it names {missing:?}, and there is no such directory"
    );
    Ok(())
}

/// Checks a case that must bake, or one that must not.
fn check(directory: &Path) -> Result<()> {
    let case = Case::read(directory)?;
    let baked = case.bake(&case.options);
    let compilers = match case.options.compiler {
        CompilerChoice::Auto => vec![CompilerChoice::Auto, CompilerChoice::Cranelift],
        compiler => vec![compiler],
    };
    for compiler in compilers {
        parts::check(&baked, |compile| {
            case.bake(&BakeOptions {
                compile,
                compiler,
                ..case.options.clone()
            })
        })?;
    }
    match (baked, case.must_fail) {
        (Err(error), true) => golden(&directory.join("error.txt"), &error_text(&error)),
        (Ok(baked), false) => check_baked(&case, &baked),
        (Err(error), false) => bail!("it must bake, and does not:\n{}", error_text(&error)),
        (Ok(baked), true) => {
            let wat = print(&baked.wasm)?;
            bail!("it must not bake, and does:\n{wat}")
        }
    }
}

fn check_baked(case: &Case, baked: &Baked) -> Result<()> {
    let wat = print(&baked.wasm)?;
    let checked = || -> Result<()> {
        let again = case.bake(&case.options).context("the second bake failed")?;
        ensure!(again.wasm == baked.wasm, "the same input gave other bytes");
        check_compilers(case, baked)?;
        let warnings: Vec<String> = baked.report.warnings.iter().map(ToString::to_string).collect();
        // A warning is a line, and one for each part of the state that it is about.
        let warnings: Vec<&str> = warnings
            .iter()
            .flat_map(|text| text.lines())
            .map(str::trim)
            .collect();
        equal("the warnings", &warnings.join("\n"), &case.warnings.join("\n"))?;
        equal("what init printed", &baked.report.run.output, &case.output)?;
        if case.is_for_v8 {
            return Ok(());
        }
        equivalence::check(case, &baked.wasm).context("the baked module is not equivalent")?;
        if Parser::is_component(&baked.wasm) {
            check_replay(case, &baked.wasm)?;
        }
        let mut options = case.options.clone();
        options.dead_code = DeadCode::Remove;
        let shrunk = case.bake(&options).context("without dead code the bake failed")?;
        equivalence::check(case, &shrunk.wasm)
            .context("without dead code the baked module is not equivalent")?;
        check_walrus(case)
    };
    checked().with_context(|| format!("the output is\n{wat}"))?;
    golden(&case.directory.join("out.wat"), &wat)
}

/// Checks that the tool's own comparison finds no difference, in the state of all instances and in the answers of calls.
fn check_replay(case: &Case, baked: &[u8]) -> Result<()> {
    let calls = case.calls.iter().chain(case.answers.iter().map(|(call, _)| call));
    let calls = calls.map(|call| {
        let text = format!("{}({})", call.export, call.arguments.join(", "));
        text.parse().map_err(wasmtime::Error::msg)
    });
    let calls = calls.collect::<Result<Vec<_>>>()?;
    let replay = verify(baked, &case.guest, &calls, &case.options)?;
    equal("the replay's differences", &replay.differences.join("\n"), "")
}

/// Checks that the output is the same with each compiler. Winch may refuse a guest that was compiled by Cranelift before.
fn check_compilers(case: &Case, baked: &Baked) -> Result<()> {
    for compiler in [CompilerChoice::Winch, CompilerChoice::Cranelift] {
        let mut options = case.options.clone();
        options.compiler = compiler;
        match case.bake(&options) {
            Ok(other) => ensure!(other.wasm == baked.wasm, "{compiler:?} leads to other bytes"),
            Err(BakeError::Run(RunError::Winch(_))) => ensure!(
                (compiler, baked.report.run.compiler) == (CompilerChoice::Winch, Compiler::Cranelift),
                "Winch takes the module once, and once not"
            ),
            Err(error) => bail!("with {compiler:?} it does not bake: {error}"),
        }
    }
    Ok(())
}

/// Checks that walrus's output is equivalent as well, or that walrus refuses the guest for the reason that the case states.
fn check_walrus(case: &Case) -> Result<()> {
    for dead_code in [DeadCode::Keep, DeadCode::Remove] {
        let mut options = case.options.clone();
        options.rewriter = Rewriter::Walrus;
        options.dead_code = dead_code;
        let refused = match case.bake(&options) {
            Ok(baked) => {
                equivalence::check(case, &baked.wasm).context("what walrus writes is not equivalent")?;
                String::new()
            }
            Err(BakeError::Emit(EmitError::Walrus(error))) => error.to_string(),
            Err(error) => bail!("with walrus it does not bake: {error}"),
        };
        equal("why walrus does not take it", &refused, &case.walrus)?;
    }
    Ok(())
}

fn print(wasm: &[u8]) -> Result<String> {
    wasmprinter::print_bytes(wasm)
        .map_err(|error| wasmtime::format_err!("the output cannot be printed: {error:#}"))
}

/// An error and its advice.
fn error_text(error: &BakeError) -> String {
    let mut text = format!("{error}\n");
    for help in error.help() {
        // Writing to a `String` does not fail.
        let _ = writeln!(text, "help: {help}");
    }
    text
}

/// Compares a text with a golden file, or writes the file.
fn golden(path: &Path, actual: &str) -> Result<()> {
    Assert::new()
        .action_env(assert::DEFAULT_ACTION_ENV)
        .normalize_paths(false)
        .try_eq(
            Some(&path.display()),
            Data::text(actual).raw(),
            Data::read_from(path, None).raw(),
        )
        .map_err(|difference| wasmtime::format_err!("{difference}"))
}
