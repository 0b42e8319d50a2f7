//! `cargo preinit`: builds the guests of a workspace, and bakes each.

use std::collections::BTreeMap;
use std::time::SystemTime;

use camino::Utf8Path;

use super::guests::{BakedGuest, bake_guests};
use crate::cargo::artifact::Artifact;
use crate::cargo::build::{self, Built};
use crate::cargo::plan_cache::PlanCache;
use crate::cargo::target;
use crate::cargo::workspace::{Guests, Plan, plan, select};
use crate::cli::{BuildArgs, GuestsTask, ShellConfig};
use crate::error::Error;
use crate::report::{Event, Observer};

/// `cargo preinit`. Returns what was baked, or was fresh.
pub(super) fn build_and_bake(
    task: &GuestsTask,
    shell: ShellConfig,
    observer: &mut (dyn Observer + Send),
) -> Result<Vec<BakedGuest>, Error> {
    let args = &task.build;
    let guests = if task.settings.sets("init-func") {
        Guests::All
    } else {
        Guests::DependOnSdk
    };
    let cache = PlanCache::new(args, guests);
    if let Some(cached) = cache.as_ref().and_then(PlanCache::find) {
        if task.is_dry {
            show(&cached.plan, task, shell, observer);
            return Ok(Vec::new());
        }
        let built = build_guests(&cached.plan, args, shell, observer)?;
        if cached.holds() {
            return bake_guests(&built, &cached.plan, task, observer);
        }
        // The build changed a file that the plan was made from, such as the lock file.
    }
    let began = SystemTime::now();
    let metadata = build::metadata(args)?;
    let args = &build::with_package_ids(args);
    let selection = select(args, &metadata, guests)?;
    let defaults = build::defaults(args, &metadata, &selection)?;
    let plan = plan(args, &metadata, &selection, &defaults);
    if task.is_dry {
        show(&plan, task, shell, observer);
        return Ok(Vec::new());
    }
    let mut libraries = Vec::new();
    for step in &plan.builds {
        libraries.extend(target::ensure_target(&step.target, args, observer)?);
    }
    let built = build_guests(&plan, args, shell, observer)?;
    if let Some(cache) = cache {
        cache.store(&plan, &metadata, libraries, began);
    }
    bake_guests(&built, &plan, task, observer)
}

/// Has cargo build everything in the plan. A failure is an error, unless `--keep-going` is given.
fn build_guests(
    plan: &Plan,
    args: &BuildArgs,
    shell: ShellConfig,
    observer: &mut dyn Observer,
) -> Result<Built, Error> {
    tell_selection(plan, observer);
    let mut all = Built::default();
    for step in &plan.builds {
        let built = build::build(step, args, shell, &plan.packages, observer)?;
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

/// Says which packages are not built, and for which a target was chosen.
fn tell_selection(plan: &Plan, observer: &mut dyn Observer) {
    if !plan.left_out.is_empty() {
        observer.on(&Event::LeftOut {
            packages: &plan.left_out,
        });
    }
    for (package, dependency) in &plan.without_wasi {
        observer.on(&Event::WithoutWasi { package, dependency });
    }
}

/// Shows what would be built, and how it would be baked.
fn show(plan: &Plan, task: &GuestsTask, shell: ShellConfig, observer: &mut dyn Observer) {
    tell_selection(plan, observer);
    for step in &plan.builds {
        let packages: Vec<_> = step
            .packages
            .iter()
            .map(|package| {
                let of_manifests = plan.settings.get(package).cloned().unwrap_or_default();
                (package.as_str(), task.settings.clone().over(&of_manifests))
            })
            .collect();
        observer.on(&Event::Planned {
            target: &step.target,
            command: &build::command_line(step, &task.build, shell),
            packages: &packages,
        });
    }
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
