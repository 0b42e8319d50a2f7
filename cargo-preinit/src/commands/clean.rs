//! `cargo preinit clean`: removes what was baked, or the caches.

use std::io;
use std::path::{Path, PathBuf};

use crate::cargo::build::metadata;
use crate::cli::{CleanTask, Cleaned};
use crate::env;
use crate::error::Error;
use crate::report::{Event, Observer};

/// The directories below a target directory in which outputs can be: `TARGET/PROFILE/preinit`, and that of the examples. A target
/// directory that is set for one target only has no directory for the target.
const DEPTH_OF_OUTPUTS: usize = 3;

/// `cargo preinit clean`.
pub(super) fn clean(task: &CleanTask, observer: &mut dyn Observer) -> Result<(), Error> {
    let mut found = Found::default();
    let mut dirs = Vec::new();
    match &task.what {
        Cleaned::Outputs(args) => {
            let target = match &args.target_dir {
                Some(dir) => dir.clone(),
                None => metadata(args)?.target_directory,
            };
            outputs_below(target.as_std_path(), DEPTH_OF_OUTPUTS, &mut dirs)?;
        }
        Cleaned::Caches => {
            let dir = env::cache_dir();
            dirs.extend(dir.filter(|dir| dir.is_dir()));
        }
    }
    for dir in &dirs {
        match &task.what {
            Cleaned::Outputs(_) => found.add(dir)?,
            // Beside the entries there may be files of somebody else, since the user names the directory.
            Cleaned::Caches => found.add_entries(dir)?,
        }
    }
    if !task.is_dry {
        for file in &found.files {
            match fs_err::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
        // One that is not empty stays, and so does one that is gone.
        for dir in found.dirs.iter().rev() {
            let _ = fs_err::remove_dir(dir);
        }
    }
    observer.on(&Event::Removed {
        files: found.files.len(),
        bytes: found.bytes,
        dirs: &dirs,
        is_dry: task.is_dry,
    });
    Ok(())
}

/// Finds the directories named `preinit` down to a depth.
fn outputs_below(dir: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    let mut entries: Vec<_> = fs_err::read_dir(dir)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(fs_err::DirEntry::file_name);
    for entry in entries {
        // A link leads to something that is not cargo's.
        if !entry.file_type()?.is_dir() {
            continue;
        }
        if entry.file_name() == "preinit" {
            found.push(entry.path());
        } else if depth > 0 && !is_of_cargo(&entry.file_name().to_string_lossy()) {
            outputs_below(&entry.path(), depth - 1, found)?;
        }
    }
    Ok(())
}

/// Whether cargo keeps a directory of this name beside artifacts, with many files in it.
fn is_of_cargo(name: &str) -> bool {
    matches!(name, "deps" | "build" | "incremental" | ".fingerprint" | "doc")
}

/// What is removed.
#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    /// Each stands before those in it.
    dirs: Vec<PathBuf>,
    bytes: u64,
}

impl Found {
    /// Adds everything below a directory.
    fn add(&mut self, dir: &Path) -> io::Result<()> {
        self.dirs.push(dir.to_owned());
        for entry in fs_err::read_dir(dir)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                self.add(&entry.path())?;
            } else {
                self.add_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Adds the entries of the caches in a directory.
    fn add_entries(&mut self, dir: &Path) -> io::Result<()> {
        let outputs = dir.join("outputs");
        for place in [dir, outputs.as_path()] {
            if !place.is_dir() {
                continue;
            }
            self.dirs.push(place.to_owned());
            for entry in fs_err::read_dir(place)? {
                let entry = entry?;
                let path = entry.path();
                let is_entry = path.extension().is_some_and(|extension| {
                    extension == "code" || extension == "baked" || extension == "new"
                });
                let is_of_tool = place == outputs && entry.file_name().to_string_lossy().starts_with("tool-");
                if entry.file_type()?.is_file() && (is_entry || is_of_tool) {
                    self.add_file(path)?;
                }
            }
        }
        Ok(())
    }

    fn add_file(&mut self, path: PathBuf) -> io::Result<()> {
        match fs_err::symlink_metadata(&path) {
            Ok(metadata) => self.bytes += metadata.len(),
            // Another process has removed it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
        self.files.push(path);
        Ok(())
    }
}
