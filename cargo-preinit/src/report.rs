//! Events of all stages, and the trait of their readers.

mod codes;
mod human;
mod json;

use std::path::Path;

use crate::error::Error;
use crate::fingerprint::Dirty;
use crate::pipeline::BakeReport;
use crate::precompile::Artifact;
use crate::verify::Compared;
use crate::warning::Warning;

pub use human::Human;
pub use json::Json;

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// A target is about to be added with rustup.
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
    /// A package that names no target is built for `wasm32-unknown-unknown`.
    WithoutWasi {
        /// The package.
        package: &'a str,
        /// The crate for hosts without WASI that it depends on.
        dependency: &'a str,
    },
    /// cargo wrote a message, as JSON.
    OfCargo {
        /// The line.
        line: &'a str,
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
    /// Something in a bake may not be intended.
    Warning {
        /// The module.
        module: &'a str,
        /// The warning.
        warning: &'a Warning,
    },
    /// A built module is not baked, since it has nothing to run.
    Skipped {
        /// The module.
        module: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// A module is not baked again, since nothing has changed.
    Fresh {
        /// The module.
        module: &'a str,
        /// The baked module's path.
        output: &'a Path,
        /// The warnings of the bake that wrote it.
        warnings: &'a [String],
    },
    /// A module is baked again.
    Dirty {
        /// The module.
        module: &'a str,
        /// Why.
        reason: Dirty,
    },
    /// The image of a baked module was compiled ahead of time, and written.
    Precompiled {
        /// The module.
        module: &'a str,
        /// Where the image was written.
        output: &'a Path,
        /// The image, and its target.
        artifact: &'a Artifact,
    },
    /// A module was baked and written.
    Baked {
        /// The module.
        module: &'a str,
        /// The target that cargo built it for, if cargo built it.
        target: Option<&'a str>,
        /// Where it was written.
        output: &'a Path,
        /// Facts about the bake.
        report: &'a BakeReport,
    },
    /// A baked module was compared with its original, and is the same.
    Verified {
        /// The baked module.
        module: &'a Path,
        /// How much was compared.
        compared: Compared,
    },
    /// A module was not baked, or the whole command failed.
    Failed {
        /// The error.
        error: &'a Error,
    },
}

/// A reader of events.
pub trait Observer {
    /// Handles an event.
    fn on(&mut self, event: &Event<'_>);
}

/// Two readers of the same events.
#[derive(Debug)]
pub struct Both<A, B>(pub A, pub B);

impl<A: Observer, B: Observer> Observer for Both<A, B> {
    fn on(&mut self, event: &Event<'_>) {
        self.0.on(event);
        self.1.on(event);
    }
}
