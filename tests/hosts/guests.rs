//! The guests, built and baked as their users do it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::cargo::cargo;
use crate::suite::path;

/// The target of each package.
const TARGETS: &[(&str, &str)] = &[
    ("command", "wasm32-wasip1"),
    ("filter", "wasm32-wasip1"),
    ("page", "wasm32-unknown-unknown"),
    ("plain", "wasm32-unknown-unknown"),
    ("plugin", "wasm32-unknown-unknown"),
    ("refused", "wasm32-unknown-unknown"),
    ("service", "wasm32-wasip2"),
    ("sqlc", "wasm32-wasip1"),
    ("start", "wasm32-unknown-unknown"),
    ("typst", "wasm32-unknown-unknown"),
    ("values", "wasm32-unknown-unknown"),
];

/// All guests, and what was baked of them.
pub struct Guests {
    target_dir: PathBuf,
}

/// What a command of cargo said.
pub struct Said {
    pub is_done: bool,
    pub stderr: String,
}

impl Guests {
    /// Builds and bakes all but the one that is refused. What was built for an earlier run of the tests is fresh.
    pub fn build() -> Result<Self> {
        let target_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hosts");
        let guests = Self { target_dir };
        let said = guests.preinit(&["--workspace", "--exclude", "refused"])?;
        ensure!(said.is_done, "the guests cannot be baked: {}", said.stderr);
        Ok(guests)
    }

    /// Builds and bakes with these options.
    pub fn preinit(&self, options: &[&str]) -> Result<Said> {
        let mut command = cargo(&path("guests"));
        command
            .env("CARGO_TARGET_DIR", &self.target_dir)
            .args(["preinit", "--release", "--locked"])
            .args(options);
        Ok(said(&command.output()?))
    }

    /// A guest as cargo made it.
    pub fn before(&self, name: &str) -> Result<PathBuf> {
        self.module(name, "")
    }

    /// A guest that is baked.
    pub fn after(&self, name: &str) -> Result<PathBuf> {
        self.module(name, "preinit")
    }

    fn module(&self, name: &str, folder: &str) -> Result<PathBuf> {
        let found = TARGETS.iter().find(|(package, _)| *package == name);
        let (_, target) = found.with_context(|| format!("no guest is called {name}"))?;
        let release = self.target_dir.join(target).join("release");
        Ok(release.join(folder).join(format!("{name}.wasm")))
    }
}

/// Bakes a folder that wasm-bindgen has made, in its place.
pub fn bake_folder(folder: &Path) -> Result<Said> {
    let mut command = cargo(folder);
    command.args(["preinit", "bake", "."]);
    Ok(said(&command.output()?))
}

fn said(output: &std::process::Output) -> Said {
    Said {
        is_done: output.status.success(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
