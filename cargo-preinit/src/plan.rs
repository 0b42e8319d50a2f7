//! Which packages to build, for which target.
//!
//! **In** the request, cargo's metadata, what is selected ([`select`]), and the targets of what says none ([`Defaults`]).
//! **Out** a [`Plan`]. Pure.

mod selection;

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Metadata, Package, TargetKind};
use serde::{Deserialize, Serialize};

use crate::cli::BuildArgs;

pub use selection::{Guest, Selection, select};

/// The target of a guest that names none.
pub const DEFAULT_TARGET: &str = "wasm32-wasip1";

/// What cargo is to build: one call per target.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The calls, in the order of their targets.
    pub builds: Vec<Build>,
    /// The packages whose modules can be what was asked for: their names, by what cargo calls them in its messages.
    pub packages: BTreeMap<String, String>,
    /// Selected packages that are no guests, and are not built.
    pub left_out: Vec<String>,
}

/// One call of cargo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// What `--target` gets. It is one, since cargo does not say for which of several an artifact is.
    pub target: String,
    /// What `--package` gets.
    pub packages: Vec<String>,
    /// What `--bin` gets.
    pub bins: Vec<String>,
    /// What `--example` gets.
    pub examples: Vec<String>,
    /// What `--features` gets.
    pub features: Vec<String>,
}

/// Which packages are guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guests {
    /// Those that depend on the SDK.
    DependOnSdk,
    /// All: the init functions were named.
    All,
}

/// The targets of packages that name none, where the arguments name none either.
#[derive(Debug, Default)]
pub struct Defaults {
    /// Those of cargo's own configuration, as far as they are of WebAssembly.
    pub configured: Vec<String>,
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
        // cargo knows specs that are not understood here, and says best what it does not know.
        let said = if args.target.is_empty() {
            configured_or_default(defaults)
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
    Plan {
        builds,
        packages: packages.collect(),
        left_out: selection.left_out.clone(),
    }
}

/// What is said, else what cargo's configuration says, else [`DEFAULT_TARGET`].
fn targets(guest: &Guest<'_>, defaults: &Defaults) -> Vec<String> {
    if !guest.targets.is_empty() {
        return unique(&guest.targets);
    }
    configured_or_default(defaults)
}

fn configured_or_default(defaults: &Defaults) -> Vec<String> {
    if defaults.configured.is_empty() {
        vec![DEFAULT_TARGET.to_owned()]
    } else {
        defaults.configured.clone()
    }
}

/// A target that is named twice is built for once.
fn unique(targets: &[String]) -> Vec<String> {
    let targets: BTreeSet<&String> = targets.iter().collect();
    targets.into_iter().cloned().collect()
}

fn names(packages: &[&Package]) -> Vec<String> {
    packages.iter().map(|package| package.name.to_string()).collect()
}

/// One of several calls: what only packages of the others have is not asked of these, and a call that would have nothing
/// to make is left out. What no package has stays, for cargo to complain of.
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

/// Whether a package knows a feature, which may be one of a dependency.
fn has_feature(package: &Package, feature: &str) -> bool {
    match feature.split_once('/') {
        Some((owner, _)) => {
            let owner = owner.trim_end_matches('?');
            package.name == owner
                || package
                    .dependencies
                    .iter()
                    .any(|dependency| dependency.name == owner)
        }
        None => package.features.contains_key(feature),
    }
}

/// Whether a target is one of WebAssembly.
pub(crate) fn is_wasm(target: &str) -> bool {
    // A target may also be a path to its description.
    target
        .rsplit(['/', '\\'])
        .next()
        .is_some_and(|name| name.starts_with("wasm"))
}
