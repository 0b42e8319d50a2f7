//! Directories of cache entries: bounded in size, and safe for several processes at once.
//!
//! An entry is a file, which gets its name when it is complete. Entries that were not used for longest are removed first.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How long an unfinished file is left alone: another process may still be writing it.
const ABANDONED: Duration = Duration::from_secs(3600);

/// How many bytes of compiled code are kept.
pub(crate) const CODE_CAPACITY: u64 = 1 << 30;

/// The extension of files of compiled code.
pub(crate) const CODE_EXTENSION: &str = "code";

/// The extension of entries that are still being written.
const UNFINISHED: &str = "new";

/// The entries in a directory that have one extension, and how many bytes they may have together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounded<'d> {
    pub(crate) dir: &'d Path,
    pub(crate) extension: &'static str,
    pub(crate) capacity: u64,
}

impl Bounded<'_> {
    /// Writes an entry, and makes room for it before. Two processes may write the same entry at the same time.
    pub(crate) fn write(self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs_err::create_dir_all(self.dir)?;
        self.make_room(bytes.len() as u64);
        let path = self.dir.join(name);
        let unfinished = path.with_extension(format!("{}.{UNFINISHED}", std::process::id()));
        let written = fs_err::write(&unfinished, bytes).and_then(|()| fs_err::rename(&unfinished, &path));
        if written.is_err() {
            let _ = fs_err::remove_file(&unfinished);
        }
        written
    }

    /// Removes abandoned unfinished files, and the least recently used entries until `bytes` more bytes fit.
    fn make_room(self, bytes: u64) {
        let Ok(files) = self.dir.read_dir() else { return };
        let mut entries = Vec::new();
        for file in files.flatten() {
            let path = file.path();
            let Ok(metadata) = file.metadata() else { continue };
            let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            match path.extension().and_then(|extension| extension.to_str()) {
                Some(extension) if extension == self.extension => entries.push((used, metadata.len(), path)),
                Some(UNFINISHED) if used.elapsed().is_ok_and(|age| age > ABANDONED) => {
                    let _ = fs_err::remove_file(path);
                }
                _ => {}
            }
        }
        entries.sort();
        let mut all = entries
            .iter()
            .map(|(_, len, _)| len)
            .sum::<u64>()
            .saturating_add(bytes);
        for (_, len, path) in entries {
            if all <= self.capacity {
                break;
            }
            if fs_err::remove_file(path).is_ok() {
                all -= len;
            }
        }
    }
}

/// Records that an entry is used now. A failure to do so is ignored.
pub(crate) fn touch(path: &Path) {
    let now = File::options().write(true).open(path);
    let _ = now.and_then(|file| file.set_modified(SystemTime::now()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_makes_room() {
        const CAPACITY: u64 = 1 << 30;
        let dir = tempfile::tempdir().expect("there is a place for temporary files");
        let entries = Bounded {
            dir: dir.path(),
            extension: "code",
            capacity: CAPACITY,
        };
        let file = |name: &str, len: u64, age: u64| {
            let file = File::create(dir.path().join(name)).expect("it can be made");
            file.set_len(len).expect("it can be sparse");
            let time = SystemTime::now() - Duration::from_secs(age);
            file.set_modified(time).expect("it is ours");
        };
        file("old.code", CAPACITY / 2, 30);
        file("newer.code", CAPACITY / 4, 20);
        file("newest.code", CAPACITY / 4, 10);
        file("1.new", 1, 2 * ABANDONED.as_secs());
        file("2.new", 1, 1);
        file("another", CAPACITY, 50);
        let left = || {
            let files = dir.path().read_dir().expect("it is there").flatten();
            let mut names: Vec<_> = files.map(|file| file.file_name()).collect();
            names.sort();
            names
        };
        entries.make_room(0);
        assert_eq!(
            left(),
            ["2.new", "another", "newer.code", "newest.code", "old.code"]
        );
        entries.make_room(1);
        assert_eq!(left(), ["2.new", "another", "newer.code", "newest.code"]);
        touch(&dir.path().join("newer.code"));
        entries.make_room(CAPACITY / 2 + CAPACITY / 4);
        assert_eq!(left(), ["2.new", "another", "newer.code"]);
        entries.make_room(CAPACITY);
        assert_eq!(left(), ["2.new", "another"]);
    }
}
