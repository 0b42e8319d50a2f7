//! What the tool does, read from top to bottom.

mod variants;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};

use crate::bake::{BakeError, Baked, bake_by};
use crate::cargo::build::{self, Artifact};
use crate::cargo::plan_cache::PlanCache;
use crate::cargo::target;
use crate::cargo::workspace::{Guests, Plan, plan, select};
use crate::cli::{self, BuildArgs, Color, GuestsTask, ModuleTask, Repeat, Request, Talk, Task, VerifyTask};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fingerprint::{self, Freshness, Inputs};
use crate::init::InitError;
use crate::options::BakeOptions;
use crate::report::{Event, Human, Observer};
use crate::shell::Shell;
use crate::variants::together;
use crate::watch::{Bounds, Clock, Stage, Watch};
use crate::{env, shown, write};

use variants::bake_variants;

/// The subcommand: reads the process's arguments, does what they say, and returns how it ended.
#[must_use]
pub fn main() -> ExitCode {
    if let Some(exit) = build::answer_cargo() {
        return exit;
    }
    let args: Vec<OsString> = std::env::args_os().collect();
    let color = env::color(&args);
    let are_plain = args.iter().all(|arg| {
        let text = arg.to_string_lossy();
        shown::line(&text) == text
    });
    let request = match cli::parse(args, color) {
        Ok(request) => request,
        Err(error) => {
            let exit = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            };
            // Nobody is left to tell when the standard streams are closed.
            let _ = if are_plain {
                error.print()
            } else {
                // It may quote what would drive the terminal.
                io::stderr().write_all(shown::ours(&error.to_string()).as_bytes())
            };
            return exit.into();
        }
    };
    let Talk { verbosity, color } = request.talk;
    let mut observer = Human::new(Shell::new(verbosity, color));
    let exit = match execute(request, &mut observer) {
        Ok(()) => Exit::Done,
        Err(error) => {
            observer.on(&Event::Failed { error: &error });
            error.exit()
        }
    };
    exit.into()
}

/// Does what a request says. A program that calls this begins with [`answer_cargo`](build::answer_cargo).
///
/// # Errors
///
/// Whatever kept it from being done. After [`Error::Overrun`] the process has to end, since what took too long or too much
/// still goes on.
pub fn execute(request: Request, observer: &mut dyn Observer) -> Result<(), Error> {
    match request.task {
        Task::Guests(task) => bake_guests(&task, request.talk, observer),
        Task::Module(task) => bake_module(&task, observer),
        Task::Verify(task) => verify(&task, observer),
    }
}

/// `cargo preinit`.
fn bake_guests(task: &GuestsTask, talk: Talk, observer: &mut dyn Observer) -> Result<(), Error> {
    let args = &task.build;
    let guests = if task.options.init_functions.is_empty() {
        Guests::DependOnSdk
    } else {
        Guests::All
    };
    let cache = PlanCache::new(args, guests);
    if let Some(cached) = cache.as_ref().and_then(PlanCache::find) {
        let artifacts = build_guests(&cached.plan, args, talk, observer)?;
        if cached.holds() {
            return bake_artifacts(&artifacts, task, observer);
        }
        // What cargo found when it built changes the plan.
    }
    let began = SystemTime::now();
    let metadata = build::metadata(args)?;
    let args = &build::with_package_ids(args);
    let selection = select(args, &metadata, guests)?;
    let defaults = build::defaults(args, &metadata, &selection)?;
    let plan = plan(args, &metadata, &selection, &defaults);
    let mut libraries = Vec::new();
    for step in &plan.builds {
        libraries.extend(target::ensure_target(&step.target, args, observer)?);
    }
    let artifacts = build_guests(&plan, args, talk, observer)?;
    if let Some(cache) = cache {
        cache.store(&plan, &metadata, libraries, began);
    }
    bake_artifacts(&artifacts, task, observer)
}

/// Has cargo build what the plan says.
fn build_guests(
    plan: &Plan,
    args: &BuildArgs,
    talk: Talk,
    observer: &mut dyn Observer,
) -> Result<Vec<Artifact>, Error> {
    if !plan.left_out.is_empty() {
        observer.on(&Event::LeftOut {
            packages: &plan.left_out,
        });
    }
    for (package, dependency) in &plan.without_wasi {
        observer.on(&Event::WithoutWasi { package, dependency });
    }
    let color = match talk.color {
        Color::Auto => "auto",
        Color::Always => "always",
        Color::Never => "never",
    };
    let mut artifacts = Vec::new();
    for step in &plan.builds {
        artifacts.extend(build::build(step, args, talk.verbosity, color, &plan.packages)?);
    }
    build::refuse_collisions(&artifacts)?;
    Ok(artifacts)
}

/// What is said of a module.
#[derive(Clone, Copy)]
struct Module<'n> {
    name: &'n str,
    /// What cargo built it for, where it was cargo.
    target: Option<&'n str>,
}

/// Bakes each module that cargo made. One that fails does not keep the others from being baked.
fn bake_artifacts(
    artifacts: &[Artifact],
    task: &GuestsTask,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let mut failures = Vec::new();
    let mut without_items = Vec::new();
    let mut baked = 0;
    for artifact in artifacts {
        let name = artifact.path.file_name().unwrap_or(artifact.path.as_str());
        let module = Module {
            name,
            target: Some(artifact.target_name()),
        };
        let output = baked_path(&artifact.path);
        let watch = watch_bake(name, task.timeout, &task.options, 1);
        let (guest, options) = (artifact.path.as_ref(), &task.options);
        let result = bake_if_changed(module, guest, output.as_ref(), options, &watch, observer);
        match result {
            Ok(()) => baked += 1,
            // What it did is still going on, and the others would share the machine with it.
            Err(overrun @ Error::Overrun { .. }) => {
                for error in &failures {
                    observer.on(&Event::Failed { error });
                }
                return Err(overrun);
            }
            Err(error) if is_nothing_to_run(&error) => without_items.push((name, error)),
            Err(error) => failures.push(error),
        }
    }
    // Beside others a module without items may be just that; alone it is not what was meant.
    for (name, error) in without_items {
        if baked + failures.len() > 0 {
            let reason = "nothing in it is marked with `#[preinit]`";
            observer.on(&Event::Skipped { module: name, reason });
        } else {
            failures.push(error);
        }
    }
    if baked == 0 && failures.is_empty() {
        return Err(Error::NothingBuilt);
    }
    let all = failures.len() + baked;
    summarise(failures, all, observer)
}

/// What there is to say in the end, where several were to be baked.
fn summarise(mut failures: Vec<Error>, all: usize, observer: &mut dyn Observer) -> Result<(), Error> {
    let failed = failures.len();
    match failures.pop() {
        None => Ok(()),
        Some(only) if failures.is_empty() => Err(only),
        Some(last) => {
            failures.push(last);
            for error in &failures {
                observer.on(&Event::Failed { error });
            }
            Err(Error::SomeFailed {
                failed,
                all,
                bug: failures.iter().any(|error| error.exit() == Exit::Bug),
            })
        }
    }
}

fn is_nothing_to_run(error: &Error) -> bool {
    matches!(
        error,
        Error::Bake {
            source: BakeError::Init(InitError::NoItems | InitError::NoInit),
            ..
        }
    )
}

/// `preinit/` beside the artifact, so that cargo's own file stays as it is.
fn baked_path(artifact: &Utf8Path) -> Utf8PathBuf {
    let dir = artifact.parent().unwrap_or(Utf8Path::new(""));
    dir.join("preinit")
        .join(artifact.file_name().unwrap_or("guest.wasm"))
}

/// `cargo preinit bake`.
fn bake_module(task: &ModuleTask, observer: &mut dyn Observer) -> Result<(), Error> {
    refuse_same(task, [(&*task.output, &task.options)])?;
    let name = match task.input.file_name() {
        _ if is_stream(&task.input) => "standard input".to_owned(),
        name => shown::path(name.map_or(task.input.as_path(), Path::new)),
    };
    let name = name.as_str();
    let module = Module { name, target: None };
    let is_file = task.input.is_file()
        && !is_stream(&task.input)
        && !is_stream(&task.output)
        && !write::is_special(&task.output);
    let watch = watch_bake(
        name,
        task.timeout,
        &task.options,
        together(task.variants.len()).max(1),
    );
    if !task.variants.is_empty() {
        bake_variants(name, task, &watch, observer)
    } else if task.repeat == Repeat::IfChanged && is_file {
        bake_if_changed(module, &task.input, &task.output, &task.options, &watch, observer)
    } else {
        let clock = watch.start();
        let (guest, output, options) = (&task.input, &task.output, &task.options);
        bake_one(module, guest, output, options, &watch, &clock, observer).map(drop)
    }
}

/// Watches over a bake of which so many may go on together.
fn watch_bake(name: &str, timeout: Option<Duration>, options: &BakeOptions, together: usize) -> Watch {
    let bounds = Bounds::of_bake(timeout, options, together);
    let watch = Watch::new(format!("`{name}` was not baked"), bounds);
    watch.end_what_is_stuck();
    watch
}

/// All of a module, from a file or from standard input.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    if is_stream(path) {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes)?;
        Ok(bytes)
    } else {
        fs_err::read(path)
    }
}

/// Whether a path stands for standard input or output.
fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The guest must not be written over, neither by an output nor by what is compiled from that or kept beside it; and no two outputs may
/// be one file.
fn refuse_same<'a>(
    task: &ModuleTask,
    outputs: impl IntoIterator<Item = (&'a Path, &'a BakeOptions)>,
) -> Result<(), Error> {
    let mut written: Vec<PathBuf> = Vec::new();
    for (output, options) in outputs {
        let all = options.written(output);
        if all.len() > 1 && write::is_special(output) {
            return Err(Error::NothingBeside(output.to_owned()));
        }
        written.extend(all);
        if task.repeat == Repeat::IfChanged {
            written.push(fingerprint::beside(output));
        }
    }
    let input = (!is_stream(&task.input))
        .then(|| task.input.canonicalize().ok())
        .flatten();
    let mut places: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for path in written.into_iter().filter(|path| !is_stream(path)) {
        let place = write::place(&path);
        if input.as_ref() == Some(&place) {
            return Err(Error::OutputIsInput(path));
        }
        if let Some(other) = places.insert(place, path.clone()) {
            return Err(Error::OneOutput(other, path));
        }
    }
    Ok(())
}

/// `cargo preinit verify`.
fn verify(task: &VerifyTask, observer: &mut dyn Observer) -> Result<(), Error> {
    let failure = format!("`{}` was not compared", shown::path(&task.baked));
    let watch = Watch::new(failure, Bounds::of_verify(&task.options, task.calls.len()));
    watch.end_what_is_stuck();
    let clock = watch.start();
    let (baked, original) = (task.baked.clone(), task.original.clone());
    let (calls, options) = (task.calls.clone(), task.options.clone());
    let replay = {
        let watched = watch.clone();
        watch.over(move || -> Result<_, Error> {
            let baked = fs_err::read(&baked)?;
            let original = fs_err::read(&original)?;
            watched.input_is(baked.len() + original.len());
            clock.enter(Stage::Replay);
            crate::verify::verify(&baked, &original, &calls, &options).map_err(Error::Replay)
        })??
    };
    if replay.differences.is_empty() {
        observer.on(&Event::Verified {
            module: &task.baked,
            compared: replay.compared,
        });
        Ok(())
    } else {
        Err(Error::Differs {
            baked: task.baked.clone(),
            differences: replay.differences,
        })
    }
}

/// Bakes, unless that would write what is there.
fn bake_if_changed(
    module: Module<'_>,
    guest: &Path,
    output: &Path,
    options: &BakeOptions,
    watch: &Watch,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let clock = watch.start();
    if is_fresh(module.name, guest, output, options, watch, observer)? {
        return Ok(());
    }
    let (inputs, baked) = bake_one(module, guest, output, options, watch, &clock, observer)?;
    keep(inputs, output, &baked);
    Ok(())
}

/// Whether a bake would write what is there. Says so, or why not.
fn is_fresh(
    name: &str,
    guest: &Path,
    output: &Path,
    options: &BakeOptions,
    watch: &Watch,
    observer: &mut dyn Observer,
) -> Result<bool, Error> {
    let (path, written, how) = (guest.to_owned(), output.to_owned(), options.clone());
    match watch.over(move || fingerprint::compare(&path, &written, &how))? {
        Freshness::Fresh { warnings } => {
            observer.on(&Event::Fresh {
                module: name,
                output,
                warnings: &warnings,
            });
            return Ok(true);
        }
        Freshness::Dirty(reason) => observer.on(&Event::Dirty { module: name, reason }),
        Freshness::Unknown => {}
    }
    Ok(false)
}

fn keep(inputs: Option<Inputs>, output: &Path, baked: &Baked) {
    if let Some(inputs) = inputs {
        let warnings = baked.report.warnings.iter().map(ToString::to_string);
        let images = baked.artifacts.iter().map(|artifact| artifact.image.as_slice());
        inputs.keep(output, images.chain([baked.wasm.as_slice()]), warnings.collect());
    }
}

/// Reads, bakes and writes. Also returns what the bake depended on.
fn bake_one(
    module: Module<'_>,
    guest: &Path,
    output: &Path,
    options: &BakeOptions,
    watch: &Watch,
    clock: &Clock,
    observer: &mut dyn Observer,
) -> Result<(Option<Inputs>, Baked), Error> {
    observer.on(&Event::Baking { module: module.name });
    let (guest, options) = (guest.to_owned(), options.clone());
    let (watched, by) = (watch.clone(), clock.clone());
    let (inputs, result) = watch.over(move || -> io::Result<_> {
        let bytes = read(&guest)?;
        watched.input_is(bytes.len());
        // Before the bake reads them, too: what changes meanwhile is not what is kept.
        let inputs = Inputs::read(&bytes, &options);
        Ok((inputs, bake_by(&by, &bytes, &options)))
    })??;
    Ok((inputs, deliver(module, result, output, watch, clock, observer)?))
}

/// Writes what was baked, and says how it went.
fn deliver(
    module: Module<'_>,
    result: Result<Baked, BakeError>,
    output: &Path,
    watch: &Watch,
    clock: &Clock,
    observer: &mut dyn Observer,
) -> Result<Baked, Error> {
    let Module { name, target } = module;
    let mut baked = result.map_err(|source| {
        if let BakeError::Run(error) = &source
            && !error.output().is_empty()
        {
            let text = error.output();
            observer.on(&Event::Output { module: name, text });
        }
        Error::Bake {
            artifact: name.to_owned(),
            source,
        }
    })?;
    if !baked.report.run.output.is_empty() {
        let text = &baked.report.run.output;
        observer.on(&Event::Output { module: name, text });
    }
    for warning in &baked.report.warnings {
        observer.on(&Event::Warning {
            module: name,
            warning,
        });
    }
    clock.enter(Stage::Write);
    let images = baked
        .artifacts
        .iter()
        .map(|artifact| artifact.target.image_of(output));
    for path in images.chain([output.to_owned()]) {
        write::refuse_directory(&path)?;
    }
    // The module comes last: where it is new, so is what was compiled from it.
    for artifact in &mut baked.artifacts {
        let path = artifact.target.image_of(output);
        put(&path, &mut artifact.image, watch, clock)?;
    }
    put(output, &mut baked.wasm, watch, clock)?;
    for artifact in &baked.artifacts {
        observer.on(&Event::Precompiled {
            module: name,
            output: &artifact.target.image_of(output),
            artifact,
        });
    }
    observer.on(&Event::Baked {
        module: name,
        target,
        output,
        report: &baked.report,
    });
    Ok(baked)
}

/// Writes an output. A pipe may take nothing for ever, so it is another thread that writes to what is no file.
fn put(path: &Path, bytes: &mut Vec<u8>, watch: &Watch, clock: &Clock) -> Result<(), Error> {
    if !is_stream(path) && !write::is_special(path) {
        let goes_on = || clock.overrun().is_none();
        return write::write_while(path, bytes, &goes_on).map_err(|error| match clock.overrun() {
            Some(overrun) => watch.error(overrun),
            None => error.into(),
        });
    }
    let (place, contents) = (path.to_owned(), std::mem::take(bytes));
    let (contents, written) = watch.over(move || {
        let written = match is_stream(&place) {
            true => write::to_stdout(&contents),
            false => write::write(&place, &contents),
        };
        (contents, written)
    })?;
    *bytes = contents;
    Ok(written?)
}
