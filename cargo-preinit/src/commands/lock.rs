//! `preinit.lock`: what the inits of a workspace's guests read of what they were shown, by hashes.
//!
//! It is kept beside the workspace's `Cargo.toml`, for what is baked with `--lock`. With `--locked`, as with `Cargo.lock`, it has to be
//! right already: then init reads what it read before, and a bake by the same tool writes the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::run::ReadInputs;
use crate::{fingerprint, shown, write};

/// The name of the file.
const FILE: &str = "preinit.lock";

/// The version of its format.
const VERSION: u32 = 1;

/// What the file holds, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Lock {
    version: u32,
    /// By the module's target and name, as in `wasm32-wasip1/guest.wasm`.
    modules: BTreeMap<String, ReadInputs>,
}

/// Updates the file with the baked modules, or checks that they are as it says. A module is its target, and its output.
///
/// # Errors
///
/// If the file would change and `is_locked`, if it is not one of this tool's, or if it is not known what an init read.
pub(super) fn keep(root: &Utf8Path, modules: &[(&str, PathBuf)], is_locked: bool) -> Result<(), Error> {
    if modules.is_empty() {
        return Ok(());
    }
    let path = root.join(FILE);
    let path = path.as_std_path();
    let before = read(path)?;
    let mut now = before.clone().unwrap_or(Lock {
        version: VERSION,
        modules: BTreeMap::new(),
    });
    let mut changes = Vec::new();
    for (target, output) in modules {
        let name = output.file_name().unwrap_or_default().to_string_lossy();
        let Some(inputs) = fingerprint::read_inputs(output) else {
            return Err(Error::NotRecorded(name.into_owned()));
        };
        let key = format!("{target}/{name}");
        changes.extend(differences(&key, now.modules.get(&key), &inputs));
        now.modules.insert(key, inputs);
    }
    if before.as_ref() == Some(&now) {
        return Ok(());
    }
    if is_locked {
        return Err(Error::LockOutdated {
            path: path.to_owned(),
            changes,
        });
    }
    // Every part of it has a form in JSON.
    let mut text = serde_json::to_string_pretty(&now).unwrap_or_default();
    text.push('\n');
    Ok(write::write(path, text.as_bytes())?)
}

fn read(path: &Path) -> Result<Option<Lock>, Error> {
    if !path.exists() {
        return Ok(None);
    }
    let text = fs_err::read(path)?;
    let lock: Option<Lock> = serde_json::from_slice(&text).ok();
    match lock.filter(|lock| lock.version == VERSION) {
        Some(lock) => Ok(Some(lock)),
        None => Err(Error::NoLock(path.to_owned())),
    }
}

/// What init read otherwise than before, a line for each.
fn differences(module: &str, before: Option<&ReadInputs>, now: &ReadInputs) -> Vec<String> {
    let module = shown::name(module);
    let Some(before) = before else {
        return vec![format!("{module} is new")];
    };
    let mut lines = Vec::new();
    for (what, before, now) in [
        ("file", &before.files, &now.files),
        ("directory", &before.directories, &now.directories),
        ("variable", &before.variables, &now.variables),
    ] {
        let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        for name in names {
            let how = match (before.get(name), now.get(name)) {
                (Some(before), Some(now)) if before == now => continue,
                (Some(_), Some(_)) => "has changed",
                (None, _) => "is new",
                (_, None) => "is not read any more",
            };
            lines.push(format!("{module}: the {what} {} {how}", shown::name(name)));
        }
    }
    if before.arguments != now.arguments {
        lines.push(format!("{module}: the arguments are others"));
    }
    lines
}
