//! Bakes the modules that cargo made, several at the same time.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use camino::{Utf8Path, Utf8PathBuf};

use super::deliver::{Module, Task, bake_if_changed, summarise, watch_bake};
use super::lock;
use super::variants::{bake_variants, variant_path};
use crate::bake_error::BakeError;
use crate::cargo::artifact::Artifact;
use crate::cargo::build::Built;
use crate::cargo::workspace::Plan;
use crate::cli::{GuestOptions, GuestsTask, ModuleTask, Repeat};
use crate::error::Error;
use crate::init::InitError;
use crate::options::{Profile, Wasi};
use crate::pipeline::variants::together;
use crate::report::{Event, Observer, Turns};
use crate::watch::{Bound, Overrun, Process};
use crate::write;

/// The most bakes at the same time without `--jobs`. Each bake of a large module takes hundreds of megabytes.
const MAX_JOBS: usize = 4;

/// A module that was baked, or is fresh.
#[derive(Debug)]
pub(super) struct BakedGuest {
    /// What cargo made.
    pub(super) artifact: Artifact,
    /// The baked module's file.
    pub(super) path: Utf8PathBuf,
    /// What WASI showed to init.
    pub(super) wasi: Wasi,
}

/// A module to bake.
struct Job<'j> {
    artifact: &'j Artifact,
    options: &'j GuestOptions,
    output: Utf8PathBuf,
}

/// Bakes each module that cargo made, and returns those that were baked. If one fails, the others are still baked.
pub(super) fn bake_guests(
    Built { artifacts, failure }: &Built,
    plan: &Plan,
    task: &GuestsTask,
    observer: &mut (dyn Observer + Send),
) -> Result<Vec<BakedGuest>, Error> {
    let options = options_of_packages(artifacts, plan, task)?;
    let jobs: Vec<Job<'_>> = artifacts
        .iter()
        .map(|artifact| Job {
            artifact,
            options: &options[artifact.package.as_str()],
            output: baked_path(
                &artifact.path,
                options[artifact.package.as_str()].output_name.as_deref(),
            ),
        })
        .collect();
    refuse_same_outputs(&jobs)?;
    let turns = Turns::new(observer);
    let results = bake_together(&jobs, task, &turns);
    let observer = &mut **turns.turn();
    let mut locked = Vec::new();
    let mut baked = Vec::new();
    let mut baked_jobs = 0;
    let mut failures = Vec::new();
    let mut without_items = Vec::new();
    for (job, result) in jobs.iter().zip(results) {
        match result {
            Some(Ok(())) => {
                baked_jobs += 1;
                if job.options.is_locked {
                    let outputs = job.outputs().into_iter();
                    locked.extend(outputs.map(|output| (job.artifact.target_name(), output)));
                }
                baked.extend(job.baked());
            }
            Some(Err(error)) if is_nothing_to_run(&error) => without_items.push((job, error)),
            Some(Err(error)) => failures.push(error),
            None => observer.on(&Event::Skipped {
                module: job.name(),
                reason: "there is no memory left for it, since another bake took too much",
            }),
        }
    }
    // A module without items is skipped if there are others; if it is the only one, that is an error.
    for (job, error) in without_items {
        if baked_jobs + failures.len() > 0 {
            let reason = "nothing in it is marked with `#[preinit]`";
            observer.on(&Event::Skipped {
                module: job.name(),
                reason,
            });
        } else {
            failures.push(error);
        }
    }
    let all = failures.len() + baked_jobs;
    match *failure {
        // What failed in cargo is said by cargo.
        Some(code) => {
            for error in &failures {
                observer.on(&Event::Failed { error });
            }
            Err(Error::Cargo { code })
        }
        None if all == 0 => Err(Error::NothingBuilt),
        None => {
            summarise(failures, all, observer)?;
            let is_locked = task.build.locked || task.build.frozen;
            lock::keep(&plan.root, &locked, is_locked).map(|()| baked)
        }
    }
}

/// The options of each package that an artifact is of.
fn options_of_packages<'a>(
    artifacts: &'a [Artifact],
    plan: &Plan,
    task: &GuestsTask,
) -> Result<BTreeMap<&'a str, GuestOptions>, Error> {
    let mut options = BTreeMap::new();
    for artifact in artifacts {
        let package = artifact.package.as_str();
        if options.contains_key(package) {
            continue;
        }
        let of_manifests = plan.settings.get(package).cloned().unwrap_or_default();
        let settings = task.settings.clone().over(&of_manifests);
        let mut resolved = settings.resolve().map_err(|message| Error::Together {
            package: package.to_owned(),
            message,
        })?;
        if resolved.bake.profile == Profile::Off {
            resolved.bake.profile = task.profile;
        }
        options.insert(package, resolved);
    }
    Ok(options)
}

/// Bakes modules on several threads. The results are in the order of the modules; there is none for those that were not begun when the
/// memory of the process reached its bound.
fn bake_together(
    jobs: &[Job<'_>],
    task: &GuestsTask,
    observer: &Turns<'_>,
) -> Vec<Option<Result<(), Error>>> {
    let process = Process::default();
    let next = AtomicUsize::new(0);
    let is_over = AtomicBool::new(false);
    let results: Vec<Mutex<Option<Result<(), Error>>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        while !is_over.load(Ordering::Relaxed) {
            let position = next.fetch_add(1, Ordering::Relaxed);
            let (Some(job), Some(place)) = (jobs.get(position), results.get(position)) else {
                break;
            };
            let result = job.bake(task, &process, observer);
            if let Err(Error::Overrun { overrun, .. }) = &result
                && is_of_memory(overrun)
            {
                is_over.store(true, Ordering::Relaxed);
            }
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }
    };
    let at_once = parallel(task.build.jobs.as_deref());
    if task.build.jobs.is_some() {
        // Compilers share this pool. An embedder may have set it up before.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(at_once)
            .build_global();
    }
    match at_once.min(jobs.len()) {
        0 | 1 => work(),
        threads => thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        }),
    }
    let results = results.into_iter();
    results
        .map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect()
}

fn is_of_memory(overrun: &Overrun) -> bool {
    match overrun.bound {
        Bound::Memory(_) | Bound::MemoryOfAll { .. } => true,
        Bound::Time(_) => false,
    }
}

/// How many modules are baked at the same time, at most. `--jobs` is read as cargo reads it, which has accepted it before.
fn parallel(jobs: Option<&str>) -> usize {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    match jobs.map(str::parse::<isize>) {
        Some(Ok(fewer)) if fewer < 0 => processors.saturating_sub(fewer.unsigned_abs()),
        Some(Ok(jobs)) => jobs.unsigned_abs(),
        // `default`
        Some(Err(_)) => processors,
        None => processors.min(MAX_JOBS),
    }
    .max(1)
}

impl Job<'_> {
    fn name(&self) -> &str {
        let path = &self.artifact.path;
        path.file_name().unwrap_or(path.as_str())
    }

    /// The files of the baked modules.
    fn outputs(&self) -> Vec<PathBuf> {
        let output = self.output.as_std_path();
        if self.options.variants.is_empty() {
            return vec![output.to_owned()];
        }
        let variants = self.options.variants.iter();
        let guest = self.artifact.path.as_std_path();
        variants
            .map(|variant| variant_path(output, guest, &variant.name))
            .collect()
    }

    /// The baked modules.
    fn baked(&self) -> impl Iterator<Item = BakedGuest> + '_ {
        let variants = self.options.variants.iter().map(|variant| &variant.wasi);
        let wasi = match self.options.variants.is_empty() {
            true => vec![&self.options.bake.wasi],
            false => variants.collect(),
        };
        // Paths are made of cargo's, which are UTF-8.
        let paths = self.outputs().into_iter().flat_map(Utf8PathBuf::from_path_buf);
        paths.zip(wasi).map(|(path, wasi)| BakedGuest {
            artifact: self.artifact.clone(),
            path,
            wasi: wasi.clone(),
        })
    }

    fn bake(&self, task: &GuestsTask, process: &Process, observer: &Turns<'_>) -> Result<(), Error> {
        let GuestOptions {
            bake,
            timeout,
            variants,
            ..
        } = self.options;
        let at_once = together(variants.len()).max(1);
        let watch = watch_bake(self.name(), *timeout, bake, at_once, process);
        let guest = self.artifact.path.as_std_path();
        let result = if variants.is_empty() {
            let single = Task {
                module: Module {
                    name: self.name(),
                    target: Some(self.artifact.target_name()),
                },
                guest,
                output: self.output.as_std_path(),
                options: bake,
            };
            bake_if_changed(single, &watch, observer)
        } else {
            let variants = ModuleTask {
                input: guest.to_owned(),
                output: self.output.clone().into(),
                repeat: Repeat::IfChanged,
                variants: variants.clone(),
                timeout: *timeout,
                options: bake.clone(),
            };
            bake_variants(self.name(), &variants, &watch, observer)
        };
        if let Err(Error::Overrun { .. }) = &result {
            // It is reported once the other bakes have ended, and these have their own bounds.
            watch.set_reported();
        }
        result?;
        match &task.build.artifact_dir {
            Some(dir) => self.copy_to(dir),
            None => Ok(()),
        }
    }

    /// Copies the baked modules to a directory, and what is compiled from them.
    fn copy_to(&self, dir: &Utf8Path) -> Result<(), Error> {
        fs_err::create_dir_all(dir)?;
        let guest = &self.artifact.path;
        if let Some(name) = guest.file_name()
            && dir.join(name).canonicalize().ok() == guest.canonicalize().ok()
        {
            return Err(Error::OutputIsInput(dir.join(name).into()));
        }
        for path in self
            .outputs()
            .iter()
            .flat_map(|output| self.options.bake.written(output))
        {
            if let Some(name) = path.file_name() {
                write::write(&dir.as_std_path().join(name), &fs_err::read(&path)?)?;
            }
        }
        Ok(())
    }
}

/// Refuses outputs of two modules in one place.
fn refuse_same_outputs(jobs: &[Job<'_>]) -> Result<(), Error> {
    let mut places: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for job in jobs {
        for output in job
            .outputs()
            .iter()
            .flat_map(|output| job.options.bake.written(output))
        {
            let of = job.artifact.path.clone().into_std_path_buf();
            if let Some(other) = places.insert(output.clone(), of.clone()) {
                return Err(Error::SameOutput {
                    output,
                    modules: Box::new([other, of]),
                });
            }
        }
    }
    Ok(())
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

/// The output's path: in `preinit/` beside the artifact, so that cargo's own file stays unchanged.
fn baked_path(artifact: &Utf8Path, name: Option<&str>) -> Utf8PathBuf {
    let dir = artifact.parent().unwrap_or(Utf8Path::new("")).join("preinit");
    match name {
        Some(name) => dir.join(name.replace("{name}", artifact.file_stem().unwrap_or("guest"))),
        None => dir.join(artifact.file_name().unwrap_or("guest.wasm")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_those_of_cargo() {
        let processors = parallel(Some("default"));
        assert_eq!(parallel(Some("1")), 1);
        assert_eq!(parallel(Some("17")), 17);
        assert_eq!(parallel(Some("-1")), (processors - 1).max(1));
        assert_eq!(parallel(Some("-1000")), 1);
        assert_eq!(parallel(None), processors.min(MAX_JOBS));
    }

    #[test]
    fn the_name_of_an_output() {
        let artifact = Utf8Path::new("target/release/a.wasm");
        assert_eq!(baked_path(artifact, None), "target/release/preinit/a.wasm");
        assert_eq!(
            baked_path(artifact, Some("{name}.baked.wasm")),
            "target/release/preinit/a.baked.wasm"
        );
    }
}
