//! `cargo preinit bake --variant`: bakes several modules from one guest.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::deliver::{Module, Task, deliver, find_in_cache, is_fresh, keep, restore, summarise};
use super::files::{is_stream, read, refuse_same};
use super::reported::{Made, with_page};
use crate::bake_error::BakeError;
use crate::cli::{ModuleTask, Repeat};
use crate::error::Error;
use crate::fingerprint::Inputs;
use crate::guest::to_binary;
use crate::options::{BakeOptions, Wasi};
use crate::pipeline::variants::bake_all;
use crate::report::{Event, Turns};
use crate::watch::Watch;
use crate::write;

/// Bakes each variant. If one fails, the others are still baked.
pub(super) fn bake_variants(
    name: &str,
    task: &ModuleTask,
    watch: &Watch,
    observer: &Turns<'_>,
) -> Result<(), Error> {
    let prepare_error = |source: BakeError| Error::Bake {
        artifact: name.to_owned(),
        source,
    };
    let clock = watch.start();
    let mut all = Vec::new();
    for variant in &task.variants {
        let job = VariantJob {
            name: format!("{name} ({})", variant.name),
            output: variant_path(&task.output, &task.input, &variant.name),
            options: BakeOptions {
                wasi: variant.wasi.clone(),
                ..task.options.clone()
            },
        };
        all.push(job);
    }
    let outputs = all.iter().map(|job| (&*job.output, &job.options));
    refuse_same(Some(&task.input), outputs, task.repeat)?;
    let mut jobs = Vec::new();
    for job in all {
        let is_fresh = task.repeat == Repeat::IfChanged
            && task.input.is_file()
            && !is_stream(&task.input)
            && is_fresh(
                job.module(),
                &task.input,
                &job.output,
                &job.options,
                watch,
                observer,
            )?;
        if !is_fresh {
            jobs.push(job);
        }
    }
    if jobs.is_empty() {
        return Ok(());
    }
    observer.on(&Event::Baking {
        module: name,
        progress: clock.progress(),
    });
    let (path, repeat) = (task.input.clone(), task.repeat);
    let of_each: Vec<BakeOptions> = jobs.iter().map(|job| job.options.clone()).collect();
    let watched = watch.clone();
    let (wasm, inputs) = watch.over(move || -> io::Result<_> {
        let bytes = read(&path)?;
        watched.input_is(bytes.len());
        let inputs = of_each.iter().map(|options| match repeat {
            Repeat::IfChanged => Inputs::read(&bytes, options),
            Repeat::Always => None,
        });
        let inputs: Vec<Option<Inputs>> = inputs.collect();
        Ok((to_binary(&bytes).map(Cow::into_owned), inputs))
    })??;
    let wasm = wasm.map_err(|error| prepare_error(error.into()))?;
    let (jobs, inputs) = without_restored(task, jobs, inputs, observer)?;
    if jobs.is_empty() {
        return Ok(());
    }
    let mut failures = Vec::new();
    let wasi: Vec<Wasi> = jobs.iter().map(|job| job.options.wasi.clone()).collect();
    let (options, watched) = (task.options.clone(), watch.clone());
    let names: Vec<String> = jobs.iter().map(|job| job.name.clone()).collect();
    let work = move |done: &dyn Fn((usize, Result<Made, BakeError>))| {
        bake_all(&wasm, &wasi, &options, &watched, clock, |position, result| {
            let options = BakeOptions {
                wasi: wasi[position].clone(),
                ..options.clone()
            };
            let named = (names[position].as_str(), None);
            done((
                position,
                with_page(result, named, &wasm, &options, &watched.start()),
            ));
        })
    };
    let prepared = watch.over_each(work, |(position, result)| {
        let job = &jobs[position];
        let delivered = Task {
            module: job.module(),
            guest: &task.input,
            output: &job.output,
            options: &job.options,
        };
        let mut turn = observer.turn();
        match deliver(delivered, result, watch, &watch.start(), &mut **turn) {
            Ok(made) => keep(inputs[position].clone(), &job.options, &job.output, &made),
            Err(overrun @ Error::Overrun { .. }) => return Err(overrun),
            Err(error) => failures.push(error),
        }
        Ok(())
    })?;
    prepared.map_err(prepare_error)?;
    summarise(failures, jobs.len(), &mut **observer.turn())
}

/// Writes the variants that the shared cache has. Returns the others with their inputs.
fn without_restored(
    task: &ModuleTask,
    jobs: Vec<VariantJob>,
    inputs: Vec<Option<Inputs>>,
    observer: &Turns<'_>,
) -> Result<(Vec<VariantJob>, Vec<Option<Inputs>>), Error> {
    let mut left = (Vec::new(), Vec::new());
    for (job, inputs) in jobs.into_iter().zip(inputs) {
        let found = inputs
            .as_ref()
            .and_then(|inputs| find_in_cache(inputs, &job.options));
        match (inputs, found) {
            (Some(inputs), Some(found)) => {
                let restored = Task {
                    module: job.module(),
                    guest: &task.input,
                    output: &job.output,
                    options: &job.options,
                };
                restore(restored, inputs, found, observer)?;
            }
            (inputs, _) => {
                left.0.push(job);
                left.1.push(inputs);
            }
        }
    }
    Ok(left)
}

/// A variant to bake.
struct VariantJob {
    name: String,
    output: PathBuf,
    options: BakeOptions,
}

impl VariantJob {
    fn module(&self) -> Module<'_> {
        Module {
            name: &self.name,
            target: None,
        }
    }
}

/// `guest.NAME.wasm` for the output `guest.wasm`. In an output directory, it is named after the input.
pub(super) fn variant_path(output: &Path, input: &Path, variant: &str) -> PathBuf {
    let wasm = OsStr::new("wasm");
    let (dir, named, extension) = if output.is_dir() || write::ends_in_separator(output) {
        (output, input, wasm)
    } else {
        let dir = output.parent().unwrap_or(Path::new(""));
        (dir, output, output.extension().unwrap_or(wasm))
    };
    let stem = named.file_stem().filter(|_| !is_stream(named));
    let mut name = stem.unwrap_or(OsStr::new("guest")).to_owned();
    name.push(format!(".{variant}."));
    name.push(extension);
    dir.join(name)
}
