//! Which packages to build, for which target.
//!
//! **In** the request, cargo's metadata, and the target that cargo's configuration names. **Out** a [`Plan`]. Pure.
//! **Keeps** cargo's rules for what is selected; then leaves out what is no guest, so that `--workspace` does what is
//! meant in a workspace that also has hosts. **Refuses** a selection without a guest.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, Package, PackageId, TargetKind};
use serde::{Deserialize, Serialize};

use crate::cli::BuildArgs;
use crate::error::Error;

/// The target of a guest that names none.
pub const DEFAULT_TARGET: &str = "wasm32-wasip1";
const SDK: &str = "preinit-guest";

/// What cargo is to build: one call per set of targets.
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
    /// What `--target` gets.
    pub targets: Vec<String>,
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

/// Plans the builds.
///
/// `configured` are the targets of cargo's own configuration.
///
/// # Errors
///
/// Says which packages were selected, when none of them is a guest.
pub fn plan(
    args: &BuildArgs,
    metadata: &Metadata,
    configured: &[String],
    guests: Guests,
) -> Result<Plan, Error> {
    if let Some(target) = args.target.iter().find(|target| !is_wasm(target)) {
        return Err(Error::NotWasm(target.clone()));
    }
    let dependents = dependents_of_sdk(metadata);
    let selected = select(args, metadata);
    let is_guest = |package: &&Package| guests == Guests::All || dependents.contains(&package.id);
    let names = |packages: &[&Package]| -> Vec<String> {
        packages.iter().map(|package| package.name.to_string()).collect()
    };
    let (guests, others): (Vec<&Package>, Vec<&Package>) =
        selected.iter().partition(|package| is_guest(package));
    if let Some(other) = others.first()
        && !args.package.is_empty()
    {
        return Err(Error::NotAGuest(other.name.to_string()));
    }
    if guests.is_empty() && !selected.is_empty() {
        return Err(Error::NoGuests(names(&others)));
    }
    let (sources, libraries): (Vec<&Package>, Vec<&Package>) =
        guests.iter().partition(|package| makes_modules(package, args));
    if sources.is_empty() && !libraries.is_empty() {
        return Err(Error::NoModule(names(&libraries)));
    }
    let mut by_targets: BTreeMap<Vec<String>, Vec<&Package>> = BTreeMap::new();
    for package in &sources {
        let targets = targets(args, package, configured)?;
        by_targets.entry(targets).or_default().push(package);
    }
    let whole = |targets, packages| Build {
        targets,
        packages,
        bins: args.bin.clone(),
        examples: args.example.clone(),
        features: args.features.clone(),
    };
    let mut builds: Vec<Build> = if by_targets.len() > 1 {
        let narrowed = by_targets
            .iter()
            .filter_map(|(targets, packages)| narrow(args, targets, packages, &sources));
        narrowed.collect()
    } else {
        Vec::new()
    };
    if builds.is_empty() {
        let all = by_targets
            .into_iter()
            .map(|(targets, packages)| whole(targets, names(&packages)));
        builds = all.collect();
    }
    if selected.is_empty() {
        // cargo knows specs that are not understood here, and says best what it does not know.
        builds.push(whole(default_targets(args, configured), args.package.clone()));
    }
    let mut left_out = names(&others);
    left_out.extend(names(&libraries));
    let packages = if selected.is_empty() {
        metadata.packages.iter().collect()
    } else {
        sources
    };
    let packages = packages
        .iter()
        .map(|package| (package.id.repr.clone(), package.name.to_string()));
    Ok(Plan {
        builds,
        packages: packages.collect(),
        left_out,
    })
}

/// One of several calls: what only packages of the others have is not asked of these, and a call that would have nothing
/// to make is left out. What no package has stays, for cargo to complain of.
fn narrow(args: &BuildArgs, targets: &[String], packages: &[&Package], all: &[&Package]) -> Option<Build> {
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
    let features = keep(&features, &|package, feature| match feature.split_once('/') {
        Some((owner, _)) => {
            let owner = owner.trim_end_matches('?');
            package.name == owner
                || package
                    .dependencies
                    .iter()
                    .any(|dependency| dependency.name == owner)
        }
        None => package.features.contains_key(feature),
    });
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
        targets: targets.to_vec(),
        packages: packages.iter().map(|package| package.name.to_string()).collect(),
        bins,
        examples,
        features,
    })
}

fn is_wasm(target: &str) -> bool {
    // A target may also be a path to its description.
    target
        .rsplit(['/', '\\'])
        .next()
        .is_some_and(|name| name.starts_with("wasm"))
}

/// The packages from which a chain of normal dependencies leads to the SDK.
fn dependents_of_sdk(metadata: &Metadata) -> BTreeSet<PackageId> {
    let is_sdk: BTreeSet<&PackageId> = metadata
        .packages
        .iter()
        .filter(|package| package.name == SDK)
        .map(|package| &package.id)
        .collect();
    let mut users: BTreeMap<&PackageId, Vec<&PackageId>> = BTreeMap::new();
    for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
        for dependency in &node.deps {
            let is_normal = dependency
                .dep_kinds
                .iter()
                .any(|info| info.kind == DependencyKind::Normal);
            if is_normal {
                users.entry(&dependency.pkg).or_default().push(&node.id);
            }
        }
    }
    let mut found: BTreeSet<PackageId> = BTreeSet::new();
    let mut open: Vec<&PackageId> = is_sdk.into_iter().collect();
    while let Some(package) = open.pop() {
        for user in users.get(package).into_iter().flatten() {
            if found.insert((*user).clone()) {
                open.push(user);
            }
        }
    }
    found
}

/// The packages that cargo would build.
fn select<'m>(args: &BuildArgs, metadata: &'m Metadata) -> Vec<&'m Package> {
    let members = metadata.workspace_packages();
    if args.workspace {
        return members
            .into_iter()
            .filter(|package| !args.exclude.iter().any(|spec| matches(spec, package)))
            .collect();
    }
    if !args.package.is_empty() {
        return members
            .into_iter()
            .filter(|package| args.package.iter().any(|spec| matches(spec, package)))
            .collect();
    }
    // In a member's own directory cargo builds that member; at the root, the default members.
    let root = metadata
        .root_package()
        .filter(|package| package.manifest_path.parent() != Some(metadata.workspace_root.as_path()));
    match root {
        Some(package) => vec![package],
        None => metadata.workspace_default_packages(),
    }
}

/// Whether a package ID specification means a package: `name`, `name@version`, or a pattern with `*` and `?`.
fn matches(spec: &str, package: &Package) -> bool {
    let (name, version) = spec.split_once('@').unwrap_or((spec, ""));
    let same_version = version.is_empty() || package.version.to_string().starts_with(version);
    package.id.repr == spec || (same_version && glob(name.as_bytes(), package.name.as_bytes()))
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => glob(rest, text) || matches!(text, [_, tail @ ..] if glob(pattern, tail)),
        ([b'?', rest @ ..], [_, tail @ ..]) => glob(rest, tail),
        ([a, rest @ ..], [b, tail @ ..]) => a == b && glob(rest, tail),
        _ => false,
    }
}

/// Whether what is asked for of a package can be a module.
fn makes_modules(package: &Package, args: &BuildArgs) -> bool {
    let asks_for_examples = args.examples || !args.example.is_empty();
    package
        .targets
        .iter()
        .flat_map(|target| &target.kind)
        .any(|kind| match kind {
            TargetKind::Bin | TargetKind::CDyLib => true,
            TargetKind::Example => asks_for_examples,
            _ => false,
        })
}

fn default_targets(args: &BuildArgs, configured: &[String]) -> Vec<String> {
    if !args.target.is_empty() {
        return args.target.clone();
    }
    let wasm: Vec<String> = configured
        .iter()
        .filter(|target| is_wasm(target))
        .cloned()
        .collect();
    if wasm.is_empty() {
        vec![DEFAULT_TARGET.to_owned()]
    } else {
        wasm
    }
}

/// The argument, else the package's own, else cargo's, else [`DEFAULT_TARGET`].
fn targets(args: &BuildArgs, package: &Package, configured: &[String]) -> Result<Vec<String>, Error> {
    let own = package_target(package)?;
    Ok(match own {
        Some(target) if args.target.is_empty() => vec![target],
        _ => default_targets(args, configured),
    })
}

fn package_target(package: &Package) -> Result<Option<String>, Error> {
    let wrong = |message: String| Error::PackageMetadata {
        package: package.name.to_string(),
        message,
    };
    let Some(table) = package.metadata.get("preinit") else {
        return Ok(None);
    };
    let table = table
        .as_object()
        .ok_or_else(|| wrong("it is not a table".to_owned()))?;
    if let Some(key) = table.keys().find(|key| *key != "target") {
        return Err(wrong(format!("there is no `{key}`")));
    }
    let Some(target) = table.get("target") else {
        return Ok(None);
    };
    let target = target
        .as_str()
        .ok_or_else(|| wrong("`target` is not a string".to_owned()))?;
    if is_wasm(target) {
        Ok(Some(target.to_owned()))
    } else {
        Err(Error::NotWasm(target.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn specs_are_patterns() {
        let check = |pattern: &str, text: &str| glob(pattern.as_bytes(), text.as_bytes());
        assert!(check("a", "a") && check("a*", "abc") && check("*c", "abc") && check("a?c", "abc"));
        assert!(!check("a", "ab") && !check("a?", "a") && !check("*d", "abc"));
    }
}
