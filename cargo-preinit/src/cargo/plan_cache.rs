//! Caches the plan, so that cargo is asked about the workspace only when the workspace has changed.
//!
//! Asking costs as much as a build with nothing to do. The answer depends on arguments and variables, whose hash is in the cached
//! plan's file name, and on files: manifests, the lock file, cargo's configuration, and the directories in which cargo discovers
//! targets. The cached plan lists these files with their states. Manifests of a registry cannot change. A new member changes the
//! lock file, at the latest when cargo builds, so the states are compared again after the build.
//!
//! The file is in cargo's target directory, so `cargo clean` removes it. If it is missing or broken, cargo is asked.

use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::Metadata;
use serde::{Deserialize, Serialize};

use crate::cargo::workspace::{Guests, Plan};
use crate::cli::BuildArgs;
use crate::fingerprint::{FileState, tool};
use crate::hash::hash;
use crate::{env, write};

mod configuration;

use configuration::Configuration;

/// A plan, and the state of every file that it was made from.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CachedPlan {
    /// The plan.
    pub(crate) plan: Plan,
    seen: Vec<(Utf8PathBuf, Option<FileState>)>,
}

/// Where the plan for one set of arguments and variables is cached.
#[derive(Debug)]
pub(crate) struct PlanCache {
    name: String,
    /// The argument `--target-dir`.
    target_dir: Option<Utf8PathBuf>,
    /// The directory from which cargo searches upwards for manifests.
    start: Utf8PathBuf,
    cargo: Utf8PathBuf,
    configuration: Configuration,
}

impl PlanCache {
    /// The cache for the plan of these arguments; `None` if `CARGO` does not name the cargo to call, or cargo's configuration is not
    /// understood.
    pub(crate) fn new(args: &BuildArgs, guests: Guests) -> Option<Self> {
        let cargo = env::variable("CARGO")?;
        let here = Utf8PathBuf::from_path_buf(std::env::current_dir().ok()?).ok()?;
        let variables = env::of_cargo();
        let call = format!("{:?}", (args, guests, &here, variables, tool()));
        let start = match &args.manifest_path {
            Some(path) => here.join(path).parent()?.to_owned(),
            None => here.clone(),
        };
        Some(Self {
            name: format!(".preinit_plan_{}.json", hash(call.as_bytes()).get(..16)?),
            target_dir: args.target_dir.as_ref().map(|dir| here.join(dir)),
            start,
            cargo: cargo.into(),
            configuration: Configuration::find(&here, args)?,
        })
    }

    /// The plan of an earlier call, if its files have not changed.
    pub(crate) fn find(&self) -> Option<CachedPlan> {
        let dirs: Vec<Utf8PathBuf> = match &self.target_dir {
            Some(dir) => vec![dir.clone()],
            None => {
                // Any of these may be cargo's target directory. Whether a plan in it is valid depends on the plan's files alone.
                let configured = self.configuration.target_dirs.iter().cloned();
                let default = self.start.ancestors().map(|dir| dir.join("target"));
                configured.chain(default).collect()
            }
        };
        dirs.iter().find_map(|dir| {
            let text = fs_err::read(dir.join(&self.name)).ok()?;
            let cached: CachedPlan = serde_json::from_slice(&text).ok()?;
            cached.holds().then_some(cached)
        })
    }

    /// Stores a plan, unless one of its files changed less than two seconds before `began`, when the first of them was read.
    /// `libraries` are the directories of its targets' standard libraries.
    pub(crate) fn store(
        &self,
        plan: &Plan,
        metadata: &Metadata,
        libraries: Vec<Utf8PathBuf>,
        began: SystemTime,
    ) {
        let mut paths = made_of(&self.start, metadata);
        paths.push(self.cargo.clone());
        paths.extend(self.configuration.files.iter().cloned());
        paths.extend(libraries);
        let seen: Vec<_> = paths
            .into_iter()
            .map(|path| {
                let state = FileState::of(&path);
                (path, state)
            })
            .collect();
        let mut states = seen.iter().filter_map(|(_, state)| *state);
        let is_at_rest = states.all(|state| state.is_at_rest(began));
        let dir = self.target_dir.as_ref().unwrap_or(&metadata.target_directory);
        if is_at_rest
            && dir.is_dir()
            && let Ok(text) = serde_json::to_vec(&CachedPlanRef { plan, seen: &seen })
        {
            let _ = write::write(dir.join(&self.name).as_std_path(), &text);
        }
    }
}

/// [`CachedPlan`] by reference, to be serialized.
#[derive(Serialize)]
struct CachedPlanRef<'a> {
    plan: &'a Plan,
    seen: &'a [(Utf8PathBuf, Option<FileState>)],
}

impl CachedPlan {
    /// Whether all files that the plan was made from have the same state as then.
    pub(crate) fn holds(&self) -> bool {
        self.seen
            .iter()
            .all(|(path, state)| FileState::of(path) == *state)
    }
}

/// The files and directories that cargo's answer depends on, whether they exist or not.
fn made_of(start: &Utf8Path, metadata: &Metadata) -> Vec<Utf8PathBuf> {
    // A manifest further up can make this a member of its workspace.
    let above = start.ancestors().map(|dir| dir.join("Cargo.toml"));
    let mut paths: Vec<Utf8PathBuf> = above.collect();
    let root = &metadata.workspace_root;
    paths.extend(["Cargo.toml", "Cargo.lock"].map(|name| root.join(name)));
    let local = metadata
        .packages
        .iter()
        .filter(|package| package.source.is_none());
    for package in local {
        paths.push(package.manifest_path.clone());
        let Some(dir) = package.manifest_path.parent() else {
            continue;
        };
        // Where cargo discovers targets that the manifest does not name.
        paths.push(dir.join("src"));
        for places in ["src/bin", "examples"] {
            let places = dir.join(places);
            let entries = places.read_dir_utf8().into_iter().flatten().flatten();
            let below = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
            paths.extend(below.map(|entry| entry.into_path()));
            paths.push(places);
        }
    }
    paths
}
