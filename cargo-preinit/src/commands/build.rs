//! `cargo preinit`: builds the guests of a workspace, and bakes each.

use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

use super::deliver::{Module, Task, bake_if_changed, summarise, watch_bake};
use crate::bake_error::BakeError;
use crate::cargo::artifact::Artifact;
use crate::cargo::build;
use crate::cargo::plan_cache::PlanCache;
use crate::cargo::target;
use crate::cargo::workspace::{Guests, Plan, plan, select};
use crate::cli::{BuildArgs, GuestsTask, ShellConfig};
use crate::error::Error;
use crate::init::InitError;
use crate::report::{Event, Observer};
use crate::shell::Color;

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
        let artifacts = build_guests(&cached.plan, args, shell, observer)?;
        if cached.holds() {
            return bake_artifacts(&artifacts, task, observer);
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
    let artifacts = build_guests(&plan, args, shell, observer)?;
    if let Some(cache) = cache {
        cache.store(&plan, &metadata, libraries, began);
    }
    bake_artifacts(&artifacts, task, observer)
}

/// Has cargo build everything in the plan.
fn build_guests(
    plan: &Plan,
    args: &BuildArgs,
    shell: ShellConfig,
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
    let color = match shell.color {
        Color::Auto => "auto",
        Color::Always => "always",
        Color::Never => "never",
    };
    let mut artifacts = Vec::new();
    for step in &plan.builds {
        artifacts.extend(build::build(step, args, shell, color, &plan.packages)?);
    }
    build::refuse_collisions(&artifacts)?;
    Ok(artifacts)
}

/// Bakes each module that cargo made. If one fails, the others are still baked.
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
        let single = Task {
            module,
            guest: artifact.path.as_ref(),
            output: output.as_ref(),
            options: &task.options,
        };
        match bake_if_changed(single, &watch, observer) {
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
    if baked == 0 && failures.is_empty() {
        return Err(Error::NothingBuilt);
    }
    let all = failures.len() + baked;
    summarise(failures, all, observer)
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
