//! `cargo preinit`: builds the guests of a workspace, and bakes each.

use std::collections::BTreeMap;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

use super::deliver::{Module, Task, bake_if_changed, summarise, watch_bake};
use crate::bake_error::BakeError;
use crate::cargo::artifact::Artifact;
use crate::cargo::build::{self, Built};
use crate::cargo::plan_cache::PlanCache;
use crate::cargo::target;
use crate::cargo::workspace::{Guests, Plan, plan, select};
use crate::cli::{BuildArgs, GuestsTask, ShellConfig};
use crate::error::Error;
use crate::init::InitError;
use crate::options::BakeOptions;
use crate::report::{Event, Observer};
use crate::shell::Color;
use crate::write;

/// `cargo preinit`.
pub(super) fn build_and_bake(
    task: &GuestsTask,
    shell: ShellConfig,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let args = &task.build;
    let guests = if task.options.init_functions.is_empty() {
        Guests::DependOnSdk
    } else {
        Guests::All
    };
    let cache = PlanCache::new(args, guests);
    if let Some(cached) = cache.as_ref().and_then(PlanCache::find) {
        let built = build_guests(&cached.plan, args, shell, observer)?;
        if cached.holds() {
            return bake_artifacts(&built, task, observer);
        }
        // The build changed a file that the plan was made from, such as the lock file.
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
    let built = build_guests(&plan, args, shell, observer)?;
    if let Some(cache) = cache {
        cache.store(&plan, &metadata, libraries, began);
    }
    bake_artifacts(&built, task, observer)
}

/// Has cargo build everything in the plan. A failure is an error, unless `--keep-going` is given.
fn build_guests(
    plan: &Plan,
    args: &BuildArgs,
    shell: ShellConfig,
    observer: &mut dyn Observer,
) -> Result<Built, Error> {
    if !plan.left_out.is_empty() {
        observer.on(&Event::LeftOut {
            packages: &plan.left_out,
        });
    }
    for (package, dependency) in &plan.without_wasi {
        observer.on(&Event::WithoutWasi { package, dependency });
    }
    let color = match shell.color {
        Color::Auto => "auto",
        Color::Always => "always",
        Color::Never => "never",
    };
    let mut all = Built::default();
    for step in &plan.builds {
        let built = build::build(step, args, shell, color, &plan.packages, observer)?;
        if let (Some(code), false) = (built.failure, args.keep_going) {
            return Err(Error::Cargo { code });
        }
        all.artifacts.extend(built.artifacts);
        all.failure = all.failure.or(built.failure);
    }
    build::refuse_collisions(&all.artifacts)?;
    if let Some(dir) = &args.artifact_dir {
        refuse_same_name(dir, &all.artifacts)?;
    }
    Ok(all)
}

/// Refuses artifacts of one name, if all are copied to one directory.
fn refuse_same_name(dir: &Utf8Path, artifacts: &[Artifact]) -> Result<(), Error> {
    let mut names = BTreeMap::new();
    for artifact in artifacts {
        if let Some(other) = names.insert(artifact.path.file_name(), &artifact.path) {
            return Err(Error::SameName {
                dir: dir.to_owned(),
                artifacts: Box::new([other.clone(), artifact.path.clone()]),
            });
        }
    }
    Ok(())
}

/// Copies a baked module to a directory, and what is compiled from it.
fn copy_to(dir: &Utf8Path, guest: &Utf8Path, output: &Utf8Path, options: &BakeOptions) -> Result<(), Error> {
    fs_err::create_dir_all(dir)?;
    if let Some(name) = guest.file_name()
        && dir.join(name).canonicalize().ok() == guest.canonicalize().ok()
    {
        return Err(Error::OutputIsInput(dir.join(name).into()));
    }
    for path in options.written(output.as_ref()) {
        if let Some(name) = path.file_name() {
            write::write(&dir.as_std_path().join(name), &fs_err::read(&path)?)?;
        }
    }
    Ok(())
}

/// Bakes each module that cargo made. If one fails, the others are still baked.
fn bake_artifacts(
    Built { artifacts, failure }: &Built,
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
        let single = Task {
            module,
            guest: artifact.path.as_ref(),
            output: output.as_ref(),
            options: &task.options,
        };
        let result =
            bake_if_changed(single, &watch, observer).and_then(|()| match &task.build.artifact_dir {
                Some(dir) => copy_to(dir, &artifact.path, &output, &task.options),
                None => Ok(()),
            });
        match result {
            Ok(()) => baked += 1,
            // Its thread is still running, and would take time and memory from the other bakes.
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
    // A module without items is skipped if there are others; if it is the only one, that is an error.
    for (name, error) in without_items {
        if baked + failures.len() > 0 {
            let reason = "nothing in it is marked with `#[preinit]`";
            observer.on(&Event::Skipped { module: name, reason });
        } else {
            failures.push(error);
        }
    }
    let all = failures.len() + baked;
    match *failure {
        // What failed in cargo is said by cargo.
        Some(code) => {
            for error in &failures {
                observer.on(&Event::Failed { error });
            }
            Err(Error::Cargo { code })
        }
        None if all == 0 => Err(Error::NothingBuilt),
        None => summarise(failures, all, observer),
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

/// The output's path: in `preinit/` beside the artifact, so that cargo's own file stays unchanged.
fn baked_path(artifact: &Utf8Path) -> Utf8PathBuf {
    let dir = artifact.parent().unwrap_or(Utf8Path::new(""));
    dir.join("preinit")
        .join(artifact.file_name().unwrap_or("guest.wasm"))
}
