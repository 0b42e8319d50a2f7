//! Bakes a module, writes the output, and reports events. `cargo preinit` and `cargo preinit bake` share this.

use std::io;
use std::path::Path;
use std::time::Duration;

use super::files::{is_stream, read};
use super::reported::{self, Made, with_page};
use crate::bake_error::BakeError;
use crate::cli::Repeat;
use crate::clock::{Clock, Stage};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fingerprint::{self, Freshness, Inputs};
use crate::options::BakeOptions;
use crate::output_cache::{Found, OutputCache};
use crate::pipeline::bake_by;
use crate::precompile::Target;
use crate::report::{Event, Observer, Sizes, Turns};
use crate::run::host::HostFunctions;
use crate::watch::{Bounds, Process, Watch};
use crate::{env, write};

/// How events name a module.
#[derive(Clone, Copy)]
pub(super) struct Module<'n> {
    pub(super) name: &'n str,
    /// The target that cargo built it for, if cargo built it.
    pub(super) target: Option<&'n str>,
}

/// A module to bake, and where to.
#[derive(Clone, Copy)]
pub(super) struct Task<'t> {
    pub(super) module: Module<'t>,
    pub(super) guest: &'t Path,
    pub(super) output: &'t Path,
    pub(super) options: &'t BakeOptions,
}

/// Bakes, unless the output is fresh.
pub(super) fn bake_if_changed(task: Task<'_>, watch: &Watch, observer: &Turns<'_>) -> Result<(), Error> {
    let clock = watch.start();
    let Task {
        module,
        guest,
        output,
        options,
    } = task;
    if is_fresh(module, guest, output, options, watch, observer)? {
        return Ok(());
    }
    let (inputs, baked) = match bake_one(task, Repeat::IfChanged, watch, &clock, observer)? {
        Outcome::Baked(inputs, baked) => (inputs, baked),
        Outcome::Restored => return Ok(()),
    };
    keep(inputs, options, output, &baked);
    Ok(())
}

/// Whether the output is fresh: a bake would write the same bytes. Reports that, or why it is dirty.
pub(super) fn is_fresh(
    module: Module<'_>,
    guest: &Path,
    output: &Path,
    options: &BakeOptions,
    watch: &Watch,
    observer: &Turns<'_>,
) -> Result<bool, Error> {
    let (path, written, how) = (guest.to_owned(), output.to_owned(), options.clone());
    match watch.over(move || fingerprint::compare(&path, &written, &how))? {
        Freshness::Fresh { warnings } => {
            let mut turn = observer.turn();
            turn.on(&Event::Fresh {
                module: module.name,
                target: module.target,
                output,
                sizes: Sizes::of(guest, output)?,
                warnings: &warnings,
                baked_by: None,
            });
            reported::tell(module.name, output, options, &mut **turn);
            return Ok(true);
        }
        Freshness::Dirty(reason) => observer.on(&Event::Dirty {
            module: module.name,
            reason: &reason,
        }),
        Freshness::Unknown => {}
    }
    Ok(false)
}

/// Keeps the inputs of a bake beside its output, and in the shared cache what it wrote.
pub(super) fn keep(inputs: Option<Inputs>, options: &BakeOptions, output: &Path, made: &Made) {
    let Some(inputs) = inputs else { return };
    let Made { baked, page } = made;
    let warnings: Vec<String> = baked.report.warnings.iter().map(ToString::to_string).collect();
    let images = baked.artifacts.iter().map(|artifact| artifact.image.as_slice());
    let files: Vec<&[u8]> = images
        .chain([baked.wasm.as_slice()])
        .chain(page.as_deref())
        .collect();
    if let Some((cache, key)) = place_in_cache(&inputs, options) {
        cache.keep(&key, &files, &warnings, &baked.report.run.inputs);
    }
    inputs.keep(output, files, warnings, baked.report.run.inputs.clone());
}

/// What a bake with these inputs wrote, if the shared cache has it.
pub(super) fn find_in_cache(inputs: &Inputs, options: &BakeOptions) -> Option<Found> {
    let (cache, key) = place_in_cache(inputs, options)?;
    let count = options.written(Path::new("")).len();
    cache.find(&key).filter(|found| found.files.len() >= count)
}

/// The shared cache, if there is one, and the name of an entry in it.
fn place_in_cache(inputs: &Inputs, options: &BakeOptions) -> Option<(OutputCache, String)> {
    // It is not known what a program of the user's reads, and an image for this machine is for this kind of processor.
    let is_for_here = options.precompile.targets.iter().any(Target::is_host);
    if is_for_here || !options.post_process.is_empty() {
        return None;
    }
    let cache = OutputCache::at(&env::shared_cache_dir()?);
    let key = cache.key(inputs)?;
    Some((cache, key))
}

/// What became of a bake.
pub(super) enum Outcome {
    /// It ran. There are inputs for the fingerprint if one is needed and they can be known.
    Baked(Option<Inputs>, Box<Made>),
    /// The shared cache had what it would write.
    Restored,
}

/// Reads the guest, bakes it and writes the output.
pub(super) fn bake_one(
    task: Task<'_>,
    repeat: Repeat,
    watch: &Watch,
    clock: &Clock,
    observer: &Turns<'_>,
) -> Result<Outcome, Error> {
    let module = task.module;
    observer.on(&Event::Baking {
        module: module.name,
        progress: clock.progress(),
    });
    let (guest, options) = (task.guest.to_owned(), task.options.clone());
    let (watched, by) = (watch.clone(), clock.clone());
    let (name, target) = (module.name.to_owned(), module.target.map(str::to_owned));
    let work = watch.over(move || -> io::Result<_> {
        let bytes = read(&guest)?;
        watched.input_is(bytes.len());
        // Read before the bake reads the same files: a file that changes during the bake then makes the fingerprint dirty.
        let inputs = match repeat {
            Repeat::IfChanged => Inputs::read(&bytes, &options),
            Repeat::Always => None,
        };
        let found = inputs.as_ref().and_then(|inputs| find_in_cache(inputs, &options));
        if let (Some(inputs), Some(found)) = (&inputs, found) {
            return Ok(Work::Found(inputs.clone(), found));
        }
        let host = HostFunctions::default();
        let result = bake_by(&by, &bytes, &options, &host);
        let named = (name.as_str(), target.as_deref());
        let made = with_page(result, named, &bytes, &options, &by);
        Ok(Work::Done(inputs, made.map(Box::new)))
    })??;
    match work {
        Work::Done(inputs, made) => {
            let made = made.map(|made| *made);
            let baked = deliver(task, made, watch, clock, &mut **observer.turn())?;
            Ok(Outcome::Baked(inputs, Box::new(baked)))
        }
        Work::Found(inputs, found) => {
            restore(task, inputs, found, observer)?;
            Ok(Outcome::Restored)
        }
    }
}

/// What the thread of a bake found or made.
enum Work {
    /// The shared cache has what it would write.
    Found(Inputs, Found),
    Done(Option<Inputs>, Result<Box<Made>, BakeError>),
}

/// Writes what the shared cache has, and its fingerprint.
pub(super) fn restore(
    task: Task<'_>,
    inputs: Inputs,
    found: Found,
    observer: &Turns<'_>,
) -> Result<(), Error> {
    let Task {
        module,
        guest,
        output,
        options,
    } = task;
    for (path, bytes) in options.written(output).iter().zip(&found.files) {
        write::write(path, bytes)?;
    }
    let mut turn = observer.turn();
    turn.on(&Event::Restored {
        module: module.name,
        target: module.target,
        output,
        sizes: Sizes::of(guest, output)?,
        warnings: &found.warnings,
    });
    reported::tell(module.name, output, options, &mut **turn);
    inputs.keep(
        output,
        found.files.iter().map(Vec::as_slice),
        found.warnings.clone(),
        found.read,
    );
    Ok(())
}

/// Writes the module and its images, and reports the result.
pub(super) fn deliver(
    task: Task<'_>,
    result: Result<Made, BakeError>,
    watch: &Watch,
    clock: &Clock,
    observer: &mut dyn Observer,
) -> Result<Made, Error> {
    let Task {
        module,
        output,
        options,
        ..
    } = task;
    let Module { name, target } = module;
    let Made { mut baked, mut page } = result.map_err(|source| {
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
    let place = options.report.page_of(output);
    for path in images.chain([output.to_owned()]).chain(place.clone()) {
        write::refuse_directory(&path)?;
    }
    // The module is written last: if it is new, its images and its report are new too.
    for artifact in &mut baked.artifacts {
        let path = artifact.target.image_of(output);
        put(&path, &mut artifact.image, watch, clock)?;
    }
    if let (Some(path), Some(page)) = (&place, &mut page) {
        put(path, page, watch, clock)?;
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
    reported::tell(module.name, output, options, observer);
    Ok(Made { baked, page })
}

/// Writes an output. A write to a pipe can block for ever, so standard output and special files are written on another thread.
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

/// Starts a watch over a bake of `together` variants at the same time.
pub(super) fn watch_bake(
    name: &str,
    timeout: Option<Duration>,
    options: &BakeOptions,
    together: usize,
    process: &Process,
) -> Watch {
    let bounds = Bounds::of_bake(timeout, options, together);
    let watch = Watch::new(format!("`{name}` was not baked"), bounds, process);
    watch.end_what_is_stuck();
    watch
}

/// Makes one error of those of several bakes. A single one of a single bake is returned; others are reported, and counted in the error.
pub(super) fn summarise(
    mut failures: Vec<Error>,
    all: usize,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    if failures.is_empty() {
        return Ok(());
    }
    if all == 1
        && let Some(only) = failures.pop()
    {
        return Err(only);
    }
    for error in &failures {
        observer.on(&Event::Failed { error });
    }
    Err(Error::SomeFailed {
        failed: failures.len(),
        all,
        bug: failures.iter().any(|error| error.exit() == Exit::Bug),
    })
}
