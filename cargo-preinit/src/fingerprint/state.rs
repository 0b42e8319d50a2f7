//! Compares files by their metadata, without reading them.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The metadata of a file. A change of the file changes it, unless the file changes twice within the clock's resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileState {
    /// The length in bytes. It means nothing for a directory.
    len: u64,
    /// The modification time, in nanoseconds since the epoch. A program can set it to any value.
    modified: u128,
    /// On Unix: the device, the inode, the number of links, and the time of the last status change in seconds and nanoseconds, which
    /// programs cannot set.
    unix: Option<(u64, u64, u64, i64, i64)>,
}

/// How long a file must not have changed: a file that changed a moment ago may change again and get the same times.
const REST: Duration = Duration::from_secs(2);

impl FileState {
    /// The state of the file at a path, through links; `None` if its metadata cannot be read.
    pub(crate) fn of(path: impl AsRef<Path>) -> Option<Self> {
        path.as_ref()
            .metadata()
            .ok()
            .map(|metadata| Self::from(&metadata))
    }

    /// Whether the file's last change was more than [`REST`] before `time`, so that a later change gets other times.
    pub(crate) fn is_at_rest(&self, time: SystemTime) -> bool {
        let time = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let time = time.saturating_sub(REST);
        let changed = self.unix.map_or(0, |(.., seconds, _)| seconds);
        self.modified < time.as_nanos()
            && u64::try_from(changed).is_ok_and(|changed| changed < time.as_secs())
    }
}

impl From<&Metadata> for FileState {
    fn from(metadata: &Metadata) -> Self {
        let modified = metadata
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self {
            len: metadata.len(),
            modified: modified.unwrap_or_default().as_nanos(),
            unix: unix(metadata),
        }
    }
}

#[cfg(unix)]
fn unix(metadata: &Metadata) -> Option<(u64, u64, u64, i64, i64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((
        metadata.dev(),
        metadata.ino(),
        metadata.nlink(),
        metadata.ctime(),
        metadata.ctime_nsec(),
    ))
}

#[cfg(not(unix))]
fn unix(_: &Metadata) -> Option<(u64, u64, u64, i64, i64)> {
    None
}
