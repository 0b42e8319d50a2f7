//! `cargo preinit bake DIRECTORY`, or with `--in-place`: what is baked replaces the input.
//!
//! The folders that wasm-bindgen, and what calls it, make (`pkg/`, `dist/`) have glue that names the module, so it has to keep its place. The
//! declarations beside it say which exports the module has; those of the SDK leave them as they leave the module.

use std::path::{Path, PathBuf};

use preinit_guest::abi;

use super::deliver::{Module, Task, bake_one, summarise, watch_bake};
use super::files::{is_stream, refuse_same};
use crate::bake_error::BakeError;
use crate::cli::{InPlaceTask, Repeat};
use crate::error::Error;
use crate::guest::is_text;
use crate::init::{InitError, baked_by};
use crate::options::{BakeOptions, Check, Report, Stamp};
use crate::report::{Event, Observer, Sizes, Turns};
use crate::watch::Process;
use crate::{shown, write};

/// Bakes a file in its place, or all modules of a directory.
pub(super) fn bake_in_place(task: &InPlaceTask, observer: &mut (dyn Observer + Send)) -> Result<(), Error> {
    let is_dir = task.input.is_dir();
    if !is_dir && !is_stream(&task.input) {
        // Whether there is such a file comes first.
        fs_err::metadata(&task.input)?;
    }
    if !is_dir && !task.is_asked_for {
        return Err(Error::NoOutput(task.input.clone()));
    }
    if is_stream(&task.input) || write::is_special(&task.input) {
        return Err(Error::NothingToReplace(task.input.clone()));
    }
    let modules = match is_dir {
        true => modules(&task.input)?,
        false => vec![task.input.clone()],
    };
    let mut failures = Vec::new();
    let mut without_init = Vec::new();
    let mut is_any_baked = false;
    for module in &modules {
        match bake_one_in_place(module, task, observer) {
            Ok(()) => is_any_baked = true,
            // A folder may have modules that are not the author's own.
            Err(error) if is_dir && has_no_init(&error) => without_init.push((module, error)),
            Err(error) => failures.push(error),
        }
    }
    for (module, error) in without_init {
        match is_any_baked {
            true => observer.on(&Event::Skipped {
                module: &file_name(module),
                reason: "it has nothing to run",
            }),
            false => failures.push(error),
        }
    }
    summarise(failures, modules.len(), observer)
}

/// The modules in a directory, in the order of their names.
fn modules(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut modules = Vec::new();
    for entry in fs_err::read_dir(dir)? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "wasm") {
            modules.push(path);
        }
    }
    modules.sort();
    match modules.is_empty() {
        true => Err(Error::NoModules(dir.to_owned())),
        false => Ok(modules),
    }
}

fn bake_one_in_place(
    path: &Path,
    task: &InPlaceTask,
    observer: &mut (dyn Observer + Send),
) -> Result<(), Error> {
    let name = file_name(path);
    refuse_same(None, [(path, &task.options)], Repeat::Always)?;
    let watch = watch_bake(&name, task.timeout, &task.options, 1, &Process::default());
    let clock = watch.start();
    let single = Task {
        module: Module {
            name: &name,
            target: None,
        },
        guest: path,
        output: path,
        options: &task.options,
    };
    let turns = Turns::new(observer);
    let input = fs_err::read(path)?;
    if is_text(&input) {
        return Err(Error::TextToReplace(path.to_owned()));
    }
    match baked_by(&input) {
        Some(version) if asks_for_more(&task.options) => {
            return Err(Error::Bake {
                artifact: name,
                source: InitError::AlreadyBaked(version).into(),
            });
        }
        Some(version) => turns.on(&Event::Fresh {
            module: &name,
            target: None,
            output: path,
            sizes: Sizes::of(path, path)?,
            warnings: &[],
            baked_by: Some(&version),
        }),
        None => drop(bake_one(single, Repeat::Always, &watch, &clock, &turns)?),
    }
    // Also if the module was baked already: the command may have been ended before it came to them.
    Ok(tidy_declarations(path)?)
}

/// The name of a file, to be shown.
fn file_name(path: &Path) -> String {
    shown::path(path.file_name().map_or(path, Path::new))
}

/// Whether the options want something of a module that is baked already.
fn asks_for_more(options: &BakeOptions) -> bool {
    options.check == Check::Replay
        || options.stamp == Stamp::Add
        || options.size_budget.is_some()
        || options.report != Report::Omit
        || !options.precompile.targets.is_empty()
        || !options.post_process.is_empty()
}

/// Whether nothing was baked since the module has nothing to run.
fn has_no_init(error: &Error) -> bool {
    matches!(
        error,
        Error::Bake {
            source: BakeError::Init(InitError::NoItems | InitError::NoInit),
            ..
        }
    )
}

/// Removes the exports of the SDK from the declarations that wasm-bindgen has written beside a module: `NAME_bg.wasm.d.ts`, and those of
/// `NAME.d.ts`, which list the module's exports as fields of an interface. Each is on a line of its own.
fn tidy_declarations(module: &Path) -> Result<(), std::io::Error> {
    let Some(name) = module.file_name().and_then(|name| name.to_str()) else {
        return Ok(());
    };
    let stem = name.strip_suffix(".wasm").unwrap_or(name);
    let glue = stem.strip_suffix("_bg").unwrap_or(stem);
    let both = [format!("{name}.d.ts"), format!("{glue}.d.ts")];
    // One that cannot be read does not keep the other from being tidied.
    let tidied = both.map(|name| tidy(&module.with_file_name(name)));
    tidied.into_iter().collect()
}

/// Removes the exports of the SDK from a file of declarations, if there is one.
fn tidy(path: &Path) -> Result<(), std::io::Error> {
    if !path.is_file() {
        return Ok(());
    }
    let text = fs_err::read_to_string(path)?;
    let lines = text.split_inclusive('\n');
    let left: String = lines.filter(|line| !is_of_sdk(line)).collect();
    match left.len() < text.len() {
        true => write::write(path, left.as_bytes()),
        false => Ok(()),
    }
}

/// Whether a line declares an export of the SDK.
fn is_of_sdk(line: &str) -> bool {
    let line = line.trim_start();
    let declared = ["export const ", "export function ", "readonly "]
        .iter()
        .find_map(|words| line.strip_prefix(words));
    declared.is_some_and(|name| name.starts_with(abi::PREFIX))
}

#[cfg(test)]
mod tests {
    use super::is_of_sdk;

    #[test]
    fn declarations_of_the_sdk_are_told_from_others() {
        for line in [
            "export const __preinit_v1_item_5: WebAssembly.Global;",
            "  readonly __preinit_v1_run_5: () => number;\n",
            "export function __preinit_v1_version(): number;",
        ] {
            assert!(is_of_sdk(line), "{line}");
        }
        for line in [
            "export const memory: WebAssembly.Memory;",
            "// __preinit_v1_",
            "  readonly preinit: () => void;",
            "",
        ] {
            assert!(!is_of_sdk(line), "{line}");
        }
    }
}
