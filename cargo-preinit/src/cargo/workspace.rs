//! Which packages to build, for which target.
//!
//! **In** the request, cargo's metadata, what is selected ([`select`]), and the targets of what says none ([`Defaults`]).
//! **Out** a [`Plan`]. Pure.

mod selection;

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Metadata, Package, PackageId, TargetKind};
use serde::{Deserialize, Serialize};

use crate::cli::BuildArgs;

pub use selection::{Guest, Selection, select};

/// The target of a guest that names none.
pub const DEFAULT_TARGET: &str = "wasm32-wasip1";

/// The target of a guest whose hosts know no WASI.
pub const TARGET_WITHOUT_WASI: &str = "wasm32-unknown-unknown";

/// Crates for hosts that know no WASI. What is built for WASI with them does not build, or is of no use to these hosts.
pub const CRATES_WITHOUT_WASI: [&str; 4] = ["shopify_function", "worker", "wasm-bindgen", "js-sys"];

/// What cargo is to build: one call per target.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The calls, in the order of their targets.
    pub builds: Vec<Build>,
    /// The packages whose modules can be what was asked for: their names, by what cargo calls them in its messages.
    pub packages: BTreeMap<String, String>,
    /// Selected packages that are no guests, and are not built.
    pub left_out: Vec<String>,
    /// Packages that are built for [`TARGET_WITHOUT_WASI`] since they depend on one of [`CRATES_WITHOUT_WASI`]: their names,
    /// each with that of the crate.
    pub without_wasi: Vec<(String, String)>,
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
    /// Where there are none: the packages that are for [`TARGET_WITHOUT_WASI`], and on which crate each depends.
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
        // cargo knows specs that are not understood here, and says best what it does not know.
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
        builds,
        packages: packages.collect(),
        left_out: selection.left_out.clone(),
        without_wasi: without_wasi.collect(),
    }
}

/// What is said, else what cargo's configuration says, else what fits the dependencies.
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
pub(crate) fn has_feature(package: &Package, feature: &str) -> bool {
    // A dependency goes by the name that the package gives it.
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

/// Whether a target is one of WebAssembly.
pub(crate) fn is_wasm(target: &str) -> bool {
    // A target may also be a path to its description.
    target
        .rsplit(['/', '\\'])
        .next()
        .is_some_and(|name| name.starts_with("wasm"))
}
