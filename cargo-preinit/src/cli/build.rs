//! The options of `cargo build`.

use camino::Utf8PathBuf;
use clap::Args;

use super::values::{in_any_text, parse_path_for_cargo};

/// The options of `cargo build` that `cargo preinit` hands on.
#[derive(Debug, Clone, Args, Default)]
pub struct BuildArgs {
    /// Package to build and bake (see `cargo help pkgid`)
    #[arg(short, long, value_name = "SPEC", help_heading = "Package Selection")]
    pub package: Vec<String>,
    /// Build and bake all guests in the workspace
    #[arg(long, visible_alias = "all", help_heading = "Package Selection")]
    pub workspace: bool,
    /// Exclude packages
    #[arg(
        long,
        value_name = "SPEC",
        requires = "workspace",
        help_heading = "Package Selection"
    )]
    pub exclude: Vec<String>,
    /// Only the package's library
    #[arg(long, help_heading = "Target Selection")]
    pub lib: bool,
    /// All binaries
    #[arg(long, help_heading = "Target Selection")]
    pub bins: bool,
    /// Only the specified binary
    #[arg(long, value_name = "NAME", help_heading = "Target Selection")]
    pub bin: Vec<String>,
    /// All examples
    #[arg(long, help_heading = "Target Selection")]
    pub examples: bool,
    /// Only the specified example
    #[arg(long, value_name = "NAME", help_heading = "Target Selection")]
    pub example: Vec<String>,
    /// Space or comma separated list of features to activate
    #[arg(
        short = 'F',
        long,
        value_name = "FEATURES",
        help_heading = "Feature Selection"
    )]
    pub features: Vec<String>,
    /// Activate all available features
    #[arg(long, help_heading = "Feature Selection")]
    pub all_features: bool,
    /// Do not activate the `default` feature
    #[arg(long, help_heading = "Feature Selection")]
    pub no_default_features: bool,
    /// Build artifacts in release mode, with optimizations
    #[arg(short, long, conflicts_with = "profile", help_heading = "Compilation Options")]
    pub release: bool,
    /// Build artifacts with the specified profile
    #[arg(long, value_name = "PROFILE-NAME", help_heading = "Compilation Options")]
    pub profile: Option<String>,
    /// Number of parallel jobs, defaults to # of CPUs
    #[arg(
        short,
        long,
        value_name = "N",
        allow_negative_numbers = true,
        help_heading = "Compilation Options"
    )]
    pub jobs: Option<String>,
    /// Do not abort the build, or the bakes, as soon as there is an error
    #[arg(long, help_heading = "Compilation Options")]
    pub keep_going: bool,
    /// Build for the target triple [default: the package's, cargo's, or wasm32-wasip1, but with `wasm-bindgen` and the like
    /// wasm32-unknown-unknown]
    #[arg(long, value_name = "TRIPLE", help_heading = "Compilation Options")]
    pub target: Vec<String>,
    /// Directory for all generated artifacts
    #[arg(long, value_name = "DIRECTORY", value_parser = in_any_text(parse_path_for_cargo), help_heading = "Compilation Options")]
    pub target_dir: Option<Utf8PathBuf>,
    /// Copy the baked modules, and what is compiled from them, to this directory
    #[arg(long, value_name = "PATH", value_parser = in_any_text(parse_path_for_cargo), help_heading = "Compilation Options")]
    pub artifact_dir: Option<Utf8PathBuf>,
    /// Output a build timing report at the end of the build
    #[arg(long, help_heading = "Compilation Options")]
    pub timings: bool,
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH", value_parser = in_any_text(parse_path_for_cargo), help_heading = "Manifest Options")]
    pub manifest_path: Option<Utf8PathBuf>,
    /// Ignore `rust-version` specification in packages
    #[arg(long, help_heading = "Manifest Options")]
    pub ignore_rust_version: bool,
    /// Assert that `Cargo.lock` will remain unchanged
    #[arg(long, help_heading = "Manifest Options")]
    pub locked: bool,
    /// Run without accessing the network
    #[arg(long, help_heading = "Manifest Options")]
    pub offline: bool,
    /// Equivalent to specifying both --locked and --offline
    #[arg(long, help_heading = "Manifest Options")]
    pub frozen: bool,
    /// Override a configuration value
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    pub config: Vec<String>,
    /// Unstable (nightly-only) flags to Cargo
    #[arg(short = 'Z', value_name = "FLAG")]
    pub unstable: Vec<String>,
    /// Outputs a future incompatibility report at the end of the build
    #[arg(long)]
    pub future_incompat_report: bool,
}

impl BuildArgs {
    /// The name of the profile to build with.
    #[must_use]
    pub fn profile(&self) -> &str {
        match &self.profile {
            Some(profile) => profile,
            None if self.release => "release",
            None => "dev",
        }
    }
}
