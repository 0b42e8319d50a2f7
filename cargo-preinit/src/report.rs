//! Events of all stages, and the trait of their readers.

mod codes;
mod columns;
mod compared;
mod explained;
mod figures;
mod human;
mod inspected;
mod json;
mod page;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cli::Settings;
use crate::clock::Progress;
use crate::error::Error;
use crate::fingerprint::Dirty;
use crate::inspect::{Change, Comparison, Explanation, Inspection};
use crate::pipeline::BakeReport;
use crate::precompile::Artifact;
use crate::verify::Compared;
use crate::warning::Warning;

pub(crate) use compared::compared;
pub(crate) use explained::explained;
pub use human::Human;
pub(crate) use inspected::inspected;
pub use json::Json;
pub(crate) use page::{Subject, page};

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
    /// A package was made from a template.
    Created {
        /// Its name.
        package: &'a str,
        /// Its directory.
        path: &'a Path,
        /// A command that bakes it.
        next: &'a str,
    },
    /// A baked module is about to run.
    Running {
        /// The module.
        module: &'a str,
        /// The command line, or what the tool itself runs.
        command: &'a str,
    },
    /// cargo wrote a message, as JSON.
    OfCargo {
        /// The line.
        line: &'a str,
    },
    /// What a call of cargo would build, and how that would be baked.
    Planned {
        /// The target.
        target: &'a str,
        /// The command line of cargo.
        command: &'a str,
        /// The packages, each with the options that are set for its bakes.
        packages: &'a [(&'a str, Settings)],
    },
    /// Files were removed, or would be.
    Removed {
        /// How many.
        files: usize,
        /// How many bytes they had together.
        bytes: u64,
        /// The directories.
        dirs: &'a [PathBuf],
        /// Whether they are still there.
        is_dry: bool,
    },
    /// A bake begins.
    Baking {
        /// The module.
        module: &'a str,
        /// What init is running, while it runs.
        progress: &'a Progress,
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
    /// A module that cargo built, or that is in a folder, is not baked, since it has nothing to run.
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
        /// The target that cargo built it for, if cargo built it.
        target: Option<&'a str>,
        /// The baked module's path.
        output: &'a Path,
        /// The sizes of the module and of the baked one.
        sizes: Sizes,
        /// The warnings of the bake that wrote it.
        warnings: &'a [String],
        /// The version of this tool that baked it, if it was the input and had been baked before; empty if that is not known.
        baked_by: Option<&'a str>,
    },
    /// A baked module was taken from the shared cache, and written.
    Restored {
        /// The module.
        module: &'a str,
        /// The target that cargo built it for, if cargo built it.
        target: Option<&'a str>,
        /// The baked module's path.
        output: &'a Path,
        /// The sizes of the module and of the baked one.
        sizes: Sizes,
        /// The warnings of the bake that wrote it.
        warnings: &'a [String],
    },
    /// A module is baked again.
    Dirty {
        /// The module.
        module: &'a str,
        /// Why.
        reason: &'a Dirty,
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
    /// A page about a bake is there: it was written, or is that of a module that was not baked again.
    Reported {
        /// The module.
        module: &'a str,
        /// The page.
        page: &'a Path,
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
    /// A file was inspected. If events do not go to standard output, the command writes a text there.
    Inspected {
        /// The file.
        file: &'a str,
        /// What it has.
        found: &'a Inspection,
    },
    /// Two files were compared; the same holds.
    Compared {
        /// The files.
        files: Change<&'a str>,
        /// What changed.
        found: &'a Comparison,
    },
    /// A question about a file was answered; the same holds.
    Explained {
        /// The file.
        file: &'a str,
        /// The answer.
        found: &'a Explanation,
    },
    /// A module was not baked, or the whole command failed.
    Failed {
        /// The error.
        error: &'a Error,
    },
}

/// The size of a module before and after it was baked, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Before.
    pub before: u64,
    /// After.
    pub after: u64,
}

impl Sizes {
    /// The sizes of two files.
    ///
    /// # Errors
    ///
    /// If one cannot be found.
    pub fn of(guest: &Path, output: &Path) -> std::io::Result<Self> {
        Ok(Self {
            before: fs_err::metadata(guest)?.len(),
            after: fs_err::metadata(output)?.len(),
        })
    }
}

/// A reader of events.
pub trait Observer {
    /// Handles an event.
    fn on(&mut self, event: &Event<'_>);
}

/// A reader that several bakes share. What one of them says in a turn stays together.
pub struct Turns<'o>(Mutex<&'o mut (dyn Observer + Send)>);

impl<'o> Turns<'o> {
    /// Shares a reader.
    pub fn new(observer: &'o mut (dyn Observer + Send)) -> Self {
        Self(Mutex::new(observer))
    }

    /// Waits for a turn, which lasts until it is dropped.
    pub fn turn(&self) -> MutexGuard<'_, &'o mut (dyn Observer + Send)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Handles one event.
    pub fn on(&self, event: &Event<'_>) {
        self.turn().on(event);
    }
}

impl std::fmt::Debug for Turns<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Turns")
    }
}

impl<O: Observer + ?Sized> Observer for &mut O {
    fn on(&mut self, event: &Event<'_>) {
        (**self).on(event);
    }
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
