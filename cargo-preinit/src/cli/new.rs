//! The arguments of `cargo preinit new`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::args::ShellArgs;

/// Make a package with a guest that bakes as it is
///
/// `cargo new` makes the package, and its options that are not listed here are those of the template. `cargo preinit` in the new
/// directory bakes it.
#[derive(Debug, Args)]
pub(super) struct NewCommand {
    /// Where to make it; the package has the name of the directory
    #[arg(value_name = "PATH")]
    pub(super) path: OsString,
    /// What kind of guest it is
    #[arg(long, value_name = "TEMPLATE", value_enum, default_value = "command")]
    template: Template,
    // As `cargo new` takes them.
    #[arg(long, hide = true, conflicts_with_all = ["template", "lib"])]
    bin: bool,
    #[arg(long, hide = true, conflicts_with = "template")]
    lib: bool,
    #[command(flatten)]
    pub(super) package: PackageArgs,
    #[command(flatten)]
    pub(super) shell: ShellArgs,
}

impl NewCommand {
    pub(super) fn template(&self) -> Template {
        match self.lib {
            true => Template::Reactor,
            false => self.template,
        }
    }
}

/// The options of `cargo new` that are handed on.
#[derive(Debug, Clone, Args, Default)]
pub struct PackageArgs {
    /// Set the resulting package name, defaults to the directory name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Initialize a new repository for the given version control system, overriding a global configuration
    #[arg(long, value_name = "VCS")]
    pub vcs: Option<String>,
    /// Edition to set for the crate generated
    #[arg(long, value_name = "YEAR")]
    pub edition: Option<String>,
    /// Registry to use
    #[arg(long, value_name = "REGISTRY")]
    pub registry: Option<String>,
    /// Override a configuration value
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    pub config: Vec<String>,
    /// Unstable (nightly-only) flags to Cargo
    #[arg(short = 'Z', value_name = "FLAG")]
    pub unstable: Vec<String>,
    /// Assert that `Cargo.lock` will remain unchanged
    #[arg(long)]
    pub locked: bool,
    /// Run without accessing the network
    #[arg(long)]
    pub offline: bool,
    /// Equivalent to specifying both --locked and --offline
    #[arg(long)]
    pub frozen: bool,
}

/// A template of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// A library of functions for a host with WASI, for `wasm32-wasip1`
    Reactor,
    /// A program, for `wasm32-wasip1`
    Command,
    /// A component that exports functions with types of WIT, for `wasm32-wasip2`
    Component,
    /// A library for JavaScript, with a page that loads it, for `wasm32-unknown-unknown`
    Browser,
}
