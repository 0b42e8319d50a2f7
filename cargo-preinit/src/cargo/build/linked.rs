//! Finds out which crates cargo would link into a package.

use std::process::Command;

use cargo_metadata::Package;

use super::{common, output, with_flag};
use crate::cargo::workspace::has_feature;
use crate::cli::BuildArgs;
use crate::env;
use crate::error::Error;

/// The one of `crates` that a package links for a target, with the requested features: of several the nearest in the dependency
/// tree, and of these the first in `crates`. `cargo tree` leaves out dependencies for other platforms, for build scripts and for
/// tests, and optional ones that no feature enables.
///
/// # Errors
///
/// cargo's own error.
pub(super) fn nearest(
    args: &BuildArgs,
    package: &Package,
    target: &str,
    crates: &[&str],
) -> Result<Option<String>, Error> {
    let features = args.features.iter().flat_map(|list| list.split([',', ' ']));
    let features: Vec<String> = features
        .filter(|feature| has_feature(package, feature))
        .map(str::to_owned)
        .collect();
    let mut command = Command::new(env::cargo());
    command
        .args(["tree", "--quiet", "--color=never", "--edges=normal,no-proc-macro"])
        .args(["--prefix=depth", "--format= {p}", "--target", target])
        .args(["--package", &package.id.repr])
        .args(with_flag("--features", &features))
        .args(args.all_features.then_some("--all-features"))
        .args(args.no_default_features.then_some("--no-default-features"))
        .args(common(args));
    let tree = output(&mut command)?;
    // `2 wasm-bindgen v0.2.100` is a dependency of a dependency. Depth 0 is the package itself.
    let lines = tree.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let depth: usize = words.next()?.parse().ok()?;
        let name = words.next()?;
        let position = crates.iter().position(|other| *other == name)?;
        (depth > 0).then_some((depth, position))
    });
    Ok(lines.min().map(|(_, position)| crates[position].to_owned()))
}
