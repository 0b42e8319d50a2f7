//! Hashes the directories that init is shown.

use std::collections::BTreeMap;
use std::fs::FileType;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{digits, hash};
use crate::options::MappedDir;

/// The most bytes to hash. To read more takes longer than most bakes.
const MAX_BYTES: u64 = 256 << 20;

/// How many files are known one by one. With more of them the fingerprint is large.
const MAX_KNOWN: usize = 10_000;

/// All that a guest can see of directories: their paths in the guest, and the names and contents below them, with the targets of links.
/// Host paths and modification times are not visible to a guest, and do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Files {
    /// The hash of all.
    digest: String,
    /// The hash of each by its path in the guest; empty if there are more than [`MAX_KNOWN`].
    each: BTreeMap<String, String>,
}

impl Files {
    /// Reads directories. `None` if the contents exceed [`MAX_BYTES`], cannot be read, or include a special file such as a pipe.
    pub(super) fn read(dirs: &[MappedDir]) -> Option<Self> {
        let mut tree = Tree {
            hash: Sha256::new(),
            bytes: 0,
            each: BTreeMap::new(),
        };
        for dir in dirs {
            tree.add("shown", dir.guest.as_bytes());
            tree.add_dir(&dir.host, dir.guest.trim_end_matches('/')).ok()?;
        }
        Some(Self {
            digest: digits(tree.hash.finalize().as_slice()),
            each: match tree.each.len() {
                0..=MAX_KNOWN => tree.each,
                _ => BTreeMap::new(),
            },
        })
    }

    /// The hash of all.
    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether they differ from earlier ones, and in which file, as far as files are known.
    pub(super) fn differ_from(&self, earlier: &Self) -> Option<Option<String>> {
        if self.digest == earlier.digest {
            return None;
        }
        let paths = self.each.keys().chain(earlier.each.keys());
        let mut changed = paths.filter(|path| self.each.get(*path) != earlier.each.get(*path));
        let are_known = !self.each.is_empty() && !earlier.each.is_empty();
        Some(changed.next().filter(|_| are_known).cloned())
    }
}

struct Tree {
    hash: Sha256,
    bytes: u64,
    each: BTreeMap<String, String>,
}

impl Tree {
    /// Adds a directory and everything below it, in the order of the names.
    fn add_dir(&mut self, dir: &Path, guest: &str) -> io::Result<()> {
        self.know(guest, "directory");
        let mut entries: Vec<_> = fs_err::read_dir(dir)?.collect::<io::Result<_>>()?;
        entries.sort_by_key(fs_err::DirEntry::file_name);
        for entry in entries {
            self.add("name", entry.file_name().as_encoded_bytes());
            let guest = format!("{guest}/{}", entry.file_name().to_string_lossy());
            self.add_entry(&entry.path(), entry.file_type()?, &guest)?;
        }
        self.add("end", &[]);
        Ok(())
    }

    fn add_entry(&mut self, path: &Path, kind: FileType, guest: &str) -> io::Result<()> {
        if kind.is_dir() {
            self.add("directory", &[]);
            self.add_dir(path, guest)
        } else if kind.is_symlink() {
            // The target is not followed: a guest cannot leave the directory, and what is in it is hashed anyway.
            let target = fs_err::read_link(path)?;
            let target = target.as_os_str().as_encoded_bytes();
            self.add("link", target);
            self.know(guest, &format!("link {}", hash(target)));
            Ok(())
        } else if kind.is_file() {
            self.bytes = self.bytes.saturating_add(fs_err::metadata(path)?.len());
            if self.bytes > MAX_BYTES {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            let contents = fs_err::read(path)?;
            self.add("file", &contents);
            self.know(guest, &format!("file {}", hash(&contents)));
            Ok(())
        } else {
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    /// Notes an entry. The names of two that are not Unicode may be the same text.
    fn know(&mut self, guest: &str, hash: &str) {
        if self.each.len() <= MAX_KNOWN {
            let known = self.each.entry(guest.to_owned()).or_default();
            known.push_str(hash);
        }
    }

    fn add(&mut self, kind: &str, contents: &[u8]) {
        self.hash.update(format!("{kind} {}\n", contents.len()));
        self.hash.update(contents);
    }
}
