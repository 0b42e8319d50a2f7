//! Plans which packages to build for which target.
//!
//! **In** the request, cargo's metadata, the selected packages ([`select`]), and the targets of those that name none
//! ([`Defaults`]). **Out** a [`Plan`]. Pure.

mod selection;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use cargo_metadata::{Metadata, Package, PackageId, TargetKind};
use serde::{Deserialize, Serialize};

use crate::cli::{BuildArgs, Settings};

pub use selection::{Guest, Selection, select};

/// The default target of a guest that names none.
pub const DEFAULT_TARGET: &str = "wasm32-wasip1";

/// The default target of a guest for hosts without WASI.
pub const TARGET_WITHOUT_WASI: &str = "wasm32-unknown-unknown";

/// Crates for hosts without WASI. A guest that uses one does not build for a WASI target, or these hosts cannot load it.
pub const CRATES_WITHOUT_WASI: [&str; 4] = ["shopify_function", "worker", "wasm-bindgen", "js-sys"];

/// What cargo is to build: one call of cargo for each target.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The directory of the workspace.
    pub root: Utf8PathBuf,
    /// The calls, in the order of their targets.
    pub builds: Vec<Build>,
    /// The packages whose modules may have been asked for: their names, by the package IDs in cargo's messages.
    pub packages: BTreeMap<String, String>,
    /// Selected packages that are not built, since they are no guests or make no module.
    pub left_out: Vec<String>,
    /// Packages that are built for [`TARGET_WITHOUT_WASI`] since they depend on one of [`CRATES_WITHOUT_WASI`]: the names of the
    /// package and of that crate.
    pub without_wasi: Vec<(String, String)>,
    /// What manifests say of the bakes of a package's modules, by its name.
    pub settings: BTreeMap<String, Settings>,
}

/// One call of cargo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// The value of `--target`. Only one, since cargo's messages do not say for which of several targets an artifact is.
    pub target: String,
    /// The values of `--package`.
    pub packages: Vec<String>,
    /// The values of `--bin`.
    pub bins: Vec<String>,
    /// The values of `--example`.
    pub examples: Vec<String>,
    /// The values of `--features`.
    pub features: Vec<String>,
}

/// Which packages are guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guests {
    /// The packages that depend on the SDK.
    DependOnSdk,
    /// All packages, since the arguments name the init functions.
    All,
}

/// The targets of packages that name none, if the arguments name none either.
#[derive(Debug, Default)]
pub struct Defaults {
    /// The WebAssembly targets in cargo's configuration.
    pub configured: Vec<String>,
    /// If none is configured: the packages that are for [`TARGET_WITHOUT_WASI`], each with the crate that it depends on.
    pub without_wasi: BTreeMap<PackageId, String>,
}

/// Plans the builds.
#[must_use]
pub fn plan(args: &BuildArgs, metadata: &Metadata, selection: &Selection<'_>, defaults: &Defaults) -> Plan {
    let mut by_target: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    for guest in &selection.guests {
        for target in targets(guest, defaults) {
            by_target.entry(target).or_default().push(guest.package);
        }
    }
    let whole = |target, packages| Build {
        target,
        packages,
        bins: args.bin.clone(),
        examples: args.example.clone(),
        features: args.features.clone(),
    };
    let all: Vec<&Package> = selection.guests.iter().map(|guest| guest.package).collect();
    let mut builds: Vec<Build> = if by_target.len() > 1 {
        let narrowed = by_target
            .iter()
            .filter_map(|(target, packages)| narrow(args, target, packages, &all));
        narrowed.collect()
    } else {
        Vec::new()
    };
    if builds.is_empty() {
        let all = by_target
            .into_iter()
            .map(|(target, packages)| whole(target, names(&packages)));
        builds = all.collect();
    }
    if selection.is_for_cargo {
        // cargo understands more specifications than this tool, and reports those that it does not know.
        let said = if args.target.is_empty() {
            configured_or(defaults, DEFAULT_TARGET)
        } else {
            unique(&args.target)
        };
        builds.extend(said.into_iter().map(|target| whole(target, args.package.clone())));
    }
    let packages = if selection.is_for_cargo {
        metadata.packages.iter().collect()
    } else {
        all.clone()
    };
    let packages = packages
        .iter()
        .map(|package| (package.id.repr.clone(), package.name.to_string()));
    let without_wasi = all.iter().filter_map(|package| {
        let because = defaults.without_wasi.get(&package.id)?;
        Some((package.name.to_string(), because.clone()))
    });
    Plan {
        root: metadata.workspace_root.clone(),
        builds,
        packages: packages.collect(),
        left_out: selection.left_out.clone(),
        without_wasi: without_wasi.collect(),
        settings: selection
            .guests
            .iter()
            .map(|guest| (guest.package.name.to_string(), guest.settings.clone()))
            .collect(),
    }
}

/// The guest's targets: those that the arguments or the package name, else cargo's configured ones, else the default that fits
/// its dependencies.
fn targets(guest: &Guest<'_>, defaults: &Defaults) -> Vec<String> {
    if !guest.targets.is_empty() {
        return unique(&guest.targets);
    }
    let is_without_wasi = defaults.without_wasi.contains_key(&guest.package.id);
    configured_or(
        defaults,
        if is_without_wasi {
            TARGET_WITHOUT_WASI
        } else {
            DEFAULT_TARGET
        },
    )
}

fn configured_or(defaults: &Defaults, target: &str) -> Vec<String> {
    if defaults.configured.is_empty() {
        vec![target.to_owned()]
    } else {
        defaults.configured.clone()
    }
}

/// Sorts the targets and removes repeated ones, so that each is built for once.
fn unique(targets: &[String]) -> Vec<String> {
    let targets: BTreeSet<&String> = targets.iter().collect();
    targets.into_iter().cloned().collect()
}

fn names(packages: &[&Package]) -> Vec<String> {
    packages.iter().map(|package| package.name.to_string()).collect()
}

/// One of several calls of cargo. Binaries, examples and features that only packages of the other calls have are left out; those
/// that no package has stay, so that cargo reports them. `None` if the call would have nothing to build.
fn narrow(args: &BuildArgs, target: &str, packages: &[&Package], all: &[&Package]) -> Option<Build> {
    let has = |package: &Package, kind: &TargetKind, name: &str| {
        let mut targets = package.targets.iter();
        targets.any(|target| target.name == name && target.kind.contains(kind))
    };
    let keep = |values: &[String], is_in: &dyn Fn(&Package, &str) -> bool| -> Vec<String> {
        let values = values.iter().filter(|value| {
            packages.iter().any(|package| is_in(package, value))
                || !all.iter().any(|package| is_in(package, value))
        });
        values.cloned().collect()
    };
    let bins = keep(&args.bin, &|package, name| has(package, &TargetKind::Bin, name));
    let examples = keep(&args.example, &|package, name| {
        has(package, &TargetKind::Example, name)
    });
    let features = args.features.iter().flat_map(|list| list.split([',', ' ']));
    let features: Vec<String> = features
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let features = keep(&features, &has_feature);
    let has_library = packages.iter().any(|package| {
        package
            .targets
            .iter()
            .any(|target| target.kind.contains(&TargetKind::CDyLib))
    });
    let is_narrowed =
        args.lib || args.bins || args.examples || !args.bin.is_empty() || !args.example.is_empty();
    let is_empty =
        bins.is_empty() && examples.is_empty() && !(args.lib && has_library) && !args.bins && !args.examples;
    (!is_narrowed || !is_empty).then(|| Build {
        target: target.to_owned(),
        packages: packages.iter().map(|package| package.name.to_string()).collect(),
        bins,
        examples,
        features,
    })
}

/// Whether a package has a feature; `dependency/feature` counts if it has the dependency.
pub(crate) fn has_feature(package: &Package, feature: &str) -> bool {
    // A renamed dependency goes by its new name.
    match feature.split_once('/') {
        Some((owner, _)) => {
            let owner = owner.trim_end_matches('?');
            package.name == owner
                || package
                    .dependencies
                    .iter()
                    .any(|dependency| dependency.rename.as_ref().unwrap_or(&dependency.name) == owner)
        }
        None => package.features.contains_key(feature),
    }
}

/// Whether a target is a WebAssembly target.
pub(crate) fn is_wasm(target: &str) -> bool {
    // A target may also be a path to its specification.
    target
        .rsplit(['/', '\\'])
        .next()
        .is_some_and(|name| name.starts_with("wasm"))
}
