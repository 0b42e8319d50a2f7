//! A cache of baked modules, shared by checkouts, and by machines that pass its directory on.
//!
//! An entry is what one bake wrote, under a name that is a hash of all that the bake depended on: the guest's bytes, the options, the
//! files that init was shown, and the tool's own bytes. It holds no path. An entry is a line of JSON, with the hash of each file that
//! follows, so one that is damaged is not used.
//!
//! Not kept are outputs that a program of the user's has changed (`--post-process`), since it is not known what such a program reads, and
//! images for this machine, since they are for its kind of processor.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::cache::{Bounded, touch};
use crate::fingerprint::{FileState, Inputs, tool};
use crate::hash::hash;
use crate::run::ReadInputs;

/// How many bytes all entries together may have.
const CAPACITY: u64 = 1 << 30;

/// The extension of entries.
const ENTRY: &str = "baked";

/// The cache, whose directory may not exist yet.
#[derive(Debug, Clone)]
pub(crate) struct OutputCache {
    dir: PathBuf,
}

/// What a bake wrote.
#[derive(Debug)]
pub(crate) struct Found {
    /// The contents of the files of [`BakeOptions::written`](crate::BakeOptions::written), in their order.
    pub(crate) files: Vec<Vec<u8>>,
    /// The bake's warnings.
    pub(crate) warnings: Vec<String>,
    /// What init read.
    pub(crate) read: ReadInputs,
}

#[derive(Serialize, Deserialize)]
struct Header {
    /// The length in bytes and the hash of each file.
    files: Vec<(usize, String)>,
    warnings: Vec<String>,
    read: ReadInputs,
}

impl OutputCache {
    /// The cache in a directory.
    pub(crate) fn at(dir: &Path) -> Self {
        Self {
            dir: dir.join("outputs"),
        }
    }

    /// The name of the entry for these inputs; `None` if the tool cannot be read.
    pub(crate) fn key(&self, inputs: &Inputs) -> Option<String> {
        let of_tool = self.hash_of_tool()?;
        let text = serde_json::to_string(&(of_tool, inputs.without_tool())).ok()?;
        Some(format!("{}.{ENTRY}", hash(text.as_bytes())))
    }

    /// The entry of this name, if it exists and is whole.
    pub(crate) fn find(&self, key: &str) -> Option<Found> {
        let path = self.dir.join(key);
        let bytes = fs_err::read(&path).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let header: Header = serde_json::from_slice(bytes.get(..end)?).ok()?;
        let mut rest = bytes.get(end + 1..)?;
        let mut files = Vec::new();
        for (len, hash_of_file) in header.files {
            let (file, others) = rest.split_at_checked(len)?;
            if hash(file) != hash_of_file {
                return None;
            }
            files.push(file.to_vec());
            rest = others;
        }
        touch(&path);
        Some(Found {
            files,
            warnings: header.warnings,
            read: header.read,
        })
    }

    /// Writes an entry. A failure is ignored: without the entry the next bake runs.
    pub(crate) fn keep(&self, key: &str, files: &[&[u8]], warnings: &[String], read: &ReadInputs) {
        let header = Header {
            files: files.iter().map(|file| (file.len(), hash(file))).collect(),
            warnings: warnings.to_vec(),
            read: read.clone(),
        };
        let Ok(mut bytes) = serde_json::to_vec(&header) else {
            return;
        };
        bytes.push(b'\n');
        for file in files {
            bytes.extend_from_slice(file);
        }
        let _: io::Result<()> = self.entries().write(key, &bytes);
    }

    fn entries(&self) -> Bounded<'_> {
        Bounded {
            dir: &self.dir,
            extension: ENTRY,
            capacity: CAPACITY,
        }
    }

    /// The hash of the tool's executable. It is kept in a file that is named after the executable's state, since there are many bytes.
    fn hash_of_tool(&self) -> Option<String> {
        let path = std::env::current_exe().ok()?;
        let now = SystemTime::now();
        let state = FileState::of(&path)?;
        let kept = format!("tool-{}", hash(tool().as_bytes()).get(..16)?);
        let is_hash = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some(known) = fs_err::read_to_string(self.dir.join(&kept)).ok().filter(is_hash) {
            return Some(known);
        }
        let found = hash(&fs_err::read(path).ok()?);
        if state.is_at_rest(now) {
            let _: io::Result<()> = self.entries().write(&kept, found.as_bytes());
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_again_unless_it_is_damaged() {
        let dir = tempfile::tempdir().expect("there is a place for temporary files");
        let cache = OutputCache::at(dir.path());
        assert!(cache.find("a.baked").is_none());
        let warnings = ["beware".to_owned()];
        cache.keep(
            "a.baked",
            &[b"image", b"module"],
            &warnings,
            &ReadInputs::default(),
        );
        let found = cache.find("a.baked").expect("it was kept");
        assert_eq!(found.files, [b"image".to_vec(), b"module".to_vec()]);
        assert_eq!(found.warnings, warnings);
        let path = dir.path().join("outputs/a.baked");
        let whole = fs_err::read(&path).expect("it is there");
        for position in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[position] ^= 1;
            fs_err::write(&path, &bytes).expect("it can be written");
            if let Some(found) = cache.find("a.baked") {
                // Only a warning may differ.
                assert_eq!(found.files, [b"image".to_vec(), b"module".to_vec()]);
            }
            fs_err::write(&path, &whole[..position]).expect("it can be written");
            assert!(cache.find("a.baked").is_none(), "cut at {position}");
        }
    }
}
