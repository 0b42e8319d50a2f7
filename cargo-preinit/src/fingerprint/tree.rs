//! What is in the directories that init is shown.

use std::io;

use camino::Utf8Path;
use sha2::{Digest as _, Sha256};

use super::{FileState, digits};
use crate::options::MappedDir;

/// More than this takes longer to read than most bakes.
const MAX_BYTES: u64 = 256 << 20;

/// Tells directories apart by all that a guest can see: names, contents, times, numbers, where links lead. `None` for
/// those that are too large or hold something whose contents cannot be known, such as a pipe.
pub(super) fn digest(dirs: &[MappedDir]) -> Option<String> {
    let mut tree = Tree {
        hash: Sha256::new(),
        bytes: 0,
    };
    for dir in dirs {
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
    fn add_dir(&mut self, root: &Utf8Path) -> io::Result<()> {
        let mut open = vec![root.to_owned()];
        while let Some(dir) = open.pop() {
            self.add("directory", dir.as_str(), FileState::of(&dir), &[]);
            let mut entries: Vec<_> = dir.read_dir_utf8()?.collect::<io::Result<_>>()?;
            entries.sort_by(|a, b| a.file_name().cmp(b.file_name()));
            for entry in entries {
                let path = entry.path();
                let metadata = entry.metadata()?;
                let state = Some(FileState::from(&metadata));
                if metadata.is_dir() {
                    open.push(path.to_owned());
                } else if metadata.is_symlink() {
                    // A guest gets no further than to what is in the directory, too.
                    let target = path.read_link()?;
                    self.add(
                        "link",
                        path.as_str(),
                        state,
                        target.as_os_str().as_encoded_bytes(),
                    );
                } else if metadata.is_file() {
                    self.bytes = self.bytes.saturating_add(metadata.len());
                    if self.bytes > MAX_BYTES {
                        return Err(io::ErrorKind::FileTooLarge.into());
                    }
                    self.add("file", path.as_str(), state, &fs_err::read(path)?);
                } else {
                    return Err(io::ErrorKind::Unsupported.into());
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, kind: &str, path: &str, state: Option<FileState>, contents: &[u8]) {
        let head = format!("{kind} {path:?} {state:?} {}\n", contents.len());
        self.hash.update(head);
        self.hash.update(contents);
    }
}
