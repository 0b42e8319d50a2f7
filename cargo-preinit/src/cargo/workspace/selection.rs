//! Selects packages, and finds the targets that each names.
//!
//! **In** the request and cargo's metadata. **Out** a [`Selection`]. Pure. **Keeps** cargo's rules for which packages are
//! selected; then leaves out those that are no guests, so that `--workspace` works in a workspace that also has hosts.
//! **Refuses** a selection without a guest.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::semver::Version;
use cargo_metadata::{DependencyKind, Metadata, Package, PackageId, TargetKind};

use super::settings::{OfPackage, of_package};
use super::{Guests, is_wasm};
use crate::cli::{BuildArgs, Settings};
use crate::error::Error;

const SDK: &str = "preinit-guest";

/// The packages to build.
#[derive(Debug)]
pub struct Selection<'m> {
    /// Guests that make modules.
    pub guests: Vec<Guest<'m>>,
    /// Selected packages that are not built, since they are no guests or make no module.
    pub left_out: Vec<String>,
    /// Whether a package is named in a way that only cargo understands, so that nothing could be selected here.
    pub is_for_cargo: bool,
}

/// A package to bake.
#[derive(Debug)]
pub struct Guest<'m> {
    /// The package.
    pub package: &'m Package,
    /// Its targets: those of the arguments, else those of its manifest, else of its workspace. Empty if none names one.
    pub targets: Vec<String>,
    /// What its manifest and that of its workspace say of its bakes.
    pub settings: Settings,
}

/// Selects packages.
///
/// # Errors
///
/// If no selected package is a guest or makes a module, if one that was named is no guest, if all packages are excluded, if a
/// target is not WebAssembly, or if `[package.metadata.preinit]` is not understood.
pub fn select<'m>(args: &BuildArgs, metadata: &'m Metadata, guests: Guests) -> Result<Selection<'m>, Error> {
    if let Some(target) = args.target.iter().find(|target| !is_wasm(target)) {
        return Err(Error::NotWasm(target.clone()));
    }
    let dependents = dependents_of_sdk(metadata);
    let selected = selected(args, metadata);
    if selected.is_empty() && args.workspace {
        return Err(Error::AllExcluded);
    }
    let profile = args.profile();
    let mut said: BTreeMap<&PackageId, OfPackage> = BTreeMap::new();
    for package in &selected {
        said.insert(&package.id, of_package(package, metadata, profile)?);
    }
    let names_init = |package: &&Package| said.get(&package.id).is_some_and(|said| said.names_init);
    let is_guest =
        |package: &&Package| guests == Guests::All || dependents.contains(&package.id) || names_init(package);
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
    let mut left_out = names(&others);
    left_out.extend(names(&libraries));
    let guests = sources.into_iter().map(|package| {
        let OfPackage {
            targets, settings, ..
        } = said.remove(&package.id).unwrap_or_default();
        Guest {
            package,
            targets: match args.target.is_empty() {
                true => targets,
                false => args.target.clone(),
            },
            settings,
        }
    });
    Ok(Selection {
        guests: guests.collect(),
        left_out,
        is_for_cargo: selected.is_empty(),
    })
}

/// The packages that depend on the SDK, directly or through others, by normal dependencies.
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

/// The packages that cargo would select; none if one is named that is not known here.
fn selected<'m>(args: &BuildArgs, metadata: &'m Metadata) -> Vec<&'m Package> {
    let members = metadata.workspace_packages();
    if args.workspace {
        return members
            .into_iter()
            .filter(|package| !args.exclude.iter().any(|spec| matches(spec, package)))
            .collect();
    }
    if !args.package.is_empty() {
        let is_known = |spec: &String| members.iter().any(|package| matches(spec, package));
        if !args.package.iter().all(is_known) {
            return Vec::new();
        }
        return members
            .into_iter()
            .filter(|package| args.package.iter().any(|spec| matches(spec, package)))
            .collect();
    }
    // In a member's own directory cargo selects that member; at the root, the default members.
    let root = metadata
        .root_package()
        .filter(|package| package.manifest_path.parent() != Some(metadata.workspace_root.as_path()));
    match root {
        Some(package) => vec![package],
        None => metadata.workspace_default_packages(),
    }
}

/// Whether a [specification][specs] matches a package: its ID, `name`, `name@version`, or a pattern with `*`, `?` and `[]`, as cargo
/// reads it.
///
/// [specs]: https://doc.rust-lang.org/cargo/reference/pkgid-spec.html
fn matches(spec: &str, package: &Package) -> bool {
    if package.id.repr == spec {
        return true;
    }
    let (name, version) = spec.split_once('@').unwrap_or((spec, ""));
    let is_named = match glob::Pattern::new(name) {
        Ok(pattern) => pattern.matches(&package.name),
        Err(_) => *package.name == *name,
    };
    is_named && (version.is_empty() || has_version(version, &package.version))
}

/// Whether a version is the one of a specification, which may leave out what is behind the first or the second number. One before a
/// release has to be written out.
fn has_version(spec: &str, version: &Version) -> bool {
    let (major, minor, patch) = (version.major, version.minor, version.patch);
    let written_out = version.to_string();
    let without_build = written_out.split('+').next().unwrap_or_default();
    if spec == written_out || spec == without_build {
        return true;
    }
    let is_release = version.pre.is_empty();
    is_release
        && (spec == format!("{major}")
            || spec == format!("{major}.{minor}")
            || spec == format!("{major}.{minor}.{patch}"))
}

/// Whether a package has cargo targets that make modules. Examples count only if the arguments ask for them.
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

#[cfg(test)]
mod tests {
    use cargo_metadata::semver::Version;

    use super::has_version;

    #[test]
    fn versions_of_specifications() {
        let is_of =
            |spec: &str, version: &str| has_version(spec, &Version::parse(version).expect("it is one"));
        assert!(is_of("1", "1.10.2") && is_of("1.10", "1.10.2") && is_of("1.10.2", "1.10.2"));
        assert!(!is_of("1.1", "1.10.2") && !is_of("1.10.20", "1.10.2") && !is_of("2", "1.10.2"));
        assert!(is_of("1.0.0-a", "1.0.0-a") && is_of("1.0.0-a", "1.0.0-a+b") && is_of("1.0.0", "1.0.0+b"));
        assert!(!is_of("1", "1.0.0-a") && !is_of("1.0.0", "1.0.0-a"));
    }
}
