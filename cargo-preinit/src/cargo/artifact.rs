//! The modules that cargo makes.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Target, TargetKind};

use crate::shown;

/// A module that cargo made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Artifact {
    /// The module's file.
    pub path: Utf8PathBuf,
    /// The package's name.
    pub package: String,
    /// The kind of cargo target that it was made from.
    pub kind: Kind,
    /// The value of `--target` that it was built with.
    pub target: String,
}

impl Artifact {
    /// The target's name. For a path to a target specification that is the file's name without `.json`.
    #[must_use]
    pub fn target_name(&self) -> &str {
        let path = Utf8Path::new(&self.target);
        match path.extension() {
            Some("json") => path.file_stem().unwrap_or(&self.target),
            _ => &self.target,
        }
    }
}

/// The kind of cargo target that a module is made from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A binary. The module's file has its name.
    Binary,
    /// An example of this name. If it is a library, its file has `_` for `-`.
    Example(String),
    /// The library.
    Library,
}

impl From<&Target> for Kind {
    fn from(target: &Target) -> Self {
        match target.kind.first() {
            Some(TargetKind::Bin) => Self::Binary,
            Some(TargetKind::Example) => Self::Example(target.name.clone()),
            _ => Self::Library,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Binary => f.write_str("the binary"),
            Self::Example(name) => write!(f, "the example {}", shown::name(name)),
            Self::Library => f.write_str("the `cdylib`"),
        }
    }
}
