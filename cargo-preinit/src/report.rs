//! What happens, as events, and who reads them.

mod human;

use std::path::Path;

use crate::error::Error;
use crate::fingerprint::Dirty;
use crate::pipeline::{BakeReport, Warning};
use crate::precompile::Artifact;
use crate::verify::Compared;

pub use human::Human;

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// A target is about to be added through rustup.
    AddingTarget {
        /// The target.
        target: &'a str,
        /// The command that adds it.
        command: &'a str,
    },
    /// Selected packages are not built, since they do not depend on the SDK or make no module.
    LeftOut {
        /// Their names.
        packages: &'a [String],
    },
    /// A package that names no target is built for the one without WASI.
    WithoutWasi {
        /// The package.
        package: &'a str,
        /// On what it depends.
        dependency: &'a str,
    },
    /// A bake begins.
    Baking {
        /// The module.
        module: &'a str,
    },
    /// Init printed something.
    Output {
        /// The module.
        module: &'a str,
        /// What it printed.
        text: &'a str,
    },
    /// Something that may not be meant.
    Warning {
        /// The module.
        module: &'a str,
        /// What it is.
        warning: &'a Warning,
    },
    /// A module that was built has nothing to run.
    Skipped {
        /// The module.
        module: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// A module is baked already: nothing has changed since.
    Fresh {
        /// The module.
        module: &'a str,
        /// Where it is.
        output: &'a Path,
        /// What the bake that wrote it warned of.
        warnings: &'a [String],
    },
    /// A module is baked again.
    Dirty {
        /// The module.
        module: &'a str,
        /// Why.
        reason: Dirty,
    },
    /// A baked module was compiled ahead of time, and written.
    Precompiled {
        /// The module.
        module: &'a str,
        /// Where the image was written.
        output: &'a Path,
        /// What it is for.
        artifact: &'a Artifact,
    },
    /// A module was baked and written.
    Baked {
        /// The module.
        module: &'a str,
        /// What cargo built it for, where it was cargo.
        target: Option<&'a str>,
        /// Where it was written.
        output: &'a Path,
        /// How it went.
        report: &'a BakeReport,
    },
    /// A baked module was compared with its original, and is the same.
    Verified {
        /// The baked module.
        module: &'a Path,
        /// How much was compared.
        compared: Compared,
    },
    /// A module was not baked, or something else went wrong.
    Failed {
        /// What.
        error: &'a Error,
    },
}

/// A reader of events.
pub trait Observer {
    /// Takes note of an event.
    fn on(&mut self, event: &Event<'_>);
}
