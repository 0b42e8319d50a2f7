//! Finds the files of cargo's configuration, to see whether they have changed, and the target directories that they name, where a
//! plan may be cached. All else in them is for cargo to interpret.

use camino::{Utf8Path, Utf8PathBuf};
use toml::{Table, Value};

use crate::cli::BuildArgs;
use crate::env;

/// What is known of cargo's configuration without asking cargo.
#[derive(Debug)]
pub(super) struct Configuration {
    /// All configuration files, whether they exist or not.
    pub(super) files: Vec<Utf8PathBuf>,
    /// The target directories that variables, `--config` and these files name.
    pub(super) target_dirs: Vec<Utf8PathBuf>,
}

impl Configuration {
    /// Finds the files where cargo [looks for them]; `None` if one of them cannot be parsed.
    ///
    /// [looks for them]: https://doc.rust-lang.org/cargo/reference/config.html
    pub(super) fn find(here: &Utf8Path, args: &BuildArgs) -> Option<Self> {
        const NAMES: [&str; 2] = ["config.toml", "config"];
        let variables = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"];
        let mut found = Self {
            files: Vec::new(),
            target_dirs: variables
                .into_iter()
                .filter_map(env::variable)
                .map(|dir| here.join(dir))
                .collect(),
        };
        for value in &args.config {
            // The value is a path if such a file exists.
            found.add(here.join(value))?;
            if let Ok(table) = value.parse::<Table>() {
                found.read(&table, here, here)?;
            }
        }
        let dirs = here.ancestors().map(|dir| dir.join(".cargo"));
        for dir in dirs.chain(env::cargo_home()) {
            for name in NAMES {
                found.add(dir.join(name))?;
            }
        }
        Some(found)
    }

    /// Adds a file and those that it includes.
    fn add(&mut self, file: Utf8PathBuf) -> Option<()> {
        if self.files.contains(&file) {
            return Some(());
        }
        self.files.push(file.clone());
        if !file.is_file() {
            return Some(());
        }
        let table: Table = fs_err::read_to_string(&file).ok()?.parse().ok()?;
        let dir = file.parent()?;
        self.read(&table, dir, dir.parent().unwrap_or(dir))
    }

    /// Reads one table. Included files are relative to `includes`, and other paths to `paths`.
    fn read(&mut self, table: &Table, includes: &Utf8Path, paths: &Utf8Path) -> Option<()> {
        let target_dir = table.get("build").and_then(|build| build.get("target-dir"));
        self.target_dirs
            .extend(target_dir.and_then(Value::as_str).map(|dir| paths.join(dir)));
        let Some(included) = table.get("include") else {
            return Some(());
        };
        for include in included.as_array()? {
            let path = include.as_str().or_else(|| include.get("path")?.as_str())?;
            self.add(includes.join(path))?;
        }
        Some(())
    }
}
