//! Hashes the directories that init is shown.

use std::fs::FileType;
use std::io;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::digits;
use crate::options::MappedDir;

/// The most bytes to hash. To read more takes longer than most bakes.
const MAX_BYTES: u64 = 256 << 20;

/// The hash of all that a guest can see of directories: their paths in the guest, and the names and contents below them, with the
/// targets of links. Host paths and modification times are not visible to a guest, and do not count. `None` if the contents exceed
/// [`MAX_BYTES`], cannot be read, or include a special file such as a pipe.
pub(super) fn digest(dirs: &[MappedDir]) -> Option<String> {
    let mut tree = Tree {
        hash: Sha256::new(),
        bytes: 0,
    };
    for dir in dirs {
        tree.add("shown", dir.guest.as_bytes());
        tree.add_dir(&dir.host).ok()?;
    }
    Some(digits(tree.hash.finalize().as_slice()))
}

struct Tree {
    hash: Sha256,
    bytes: u64,
}

impl Tree {
    /// Adds a directory and everything below it, in the order of the names.
    fn add_dir(&mut self, dir: &Path) -> io::Result<()> {
        let mut entries: Vec<_> = fs_err::read_dir(dir)?.collect::<io::Result<_>>()?;
        entries.sort_by_key(fs_err::DirEntry::file_name);
        for entry in entries {
            self.add("name", entry.file_name().as_encoded_bytes());
            self.add_entry(&entry.path(), entry.file_type()?)?;
        }
        self.add("end", &[]);
        Ok(())
    }

    fn add_entry(&mut self, path: &Path, kind: FileType) -> io::Result<()> {
        if kind.is_dir() {
            self.add("directory", &[]);
            self.add_dir(path)
        } else if kind.is_symlink() {
            // The target is not followed: a guest cannot leave the directory, and what is in it is hashed anyway.
            let target = fs_err::read_link(path)?;
            self.add("link", target.as_os_str().as_encoded_bytes());
            Ok(())
        } else if kind.is_file() {
            self.bytes = self.bytes.saturating_add(fs_err::metadata(path)?.len());
            if self.bytes > MAX_BYTES {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            self.add("file", &fs_err::read(path)?);
            Ok(())
        } else {
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    fn add(&mut self, kind: &str, contents: &[u8]) {
        self.hash.update(format!("{kind} {}\n", contents.len()));
        self.hash.update(contents);
    }
}
