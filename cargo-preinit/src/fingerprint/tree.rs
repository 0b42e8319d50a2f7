//! What is in the directories that init is shown.

use std::fs::FileType;
use std::io;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::digits;
use crate::options::MappedDir;

/// More than this takes longer to read than most bakes.
const MAX_BYTES: u64 = 256 << 20;

/// Tells directories apart by all that a guest can see: what they are called, and the names and contents below them, with
/// where links lead. Where they are on the host, and when somebody touched them, no guest sees. `None` for those that are
/// too large or hold something whose contents cannot be known, such as a pipe.
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
    /// A directory and all below it, in the order of the names.
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
            // A guest gets no further than to what is in the directory, too.
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
