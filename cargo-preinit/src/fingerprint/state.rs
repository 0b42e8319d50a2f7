//! What the system says of a file, without reading it.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A file that has changed has another state, unless it was changed twice within the resolution of the system's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileState {
    /// In bytes. Of directories it says nothing.
    len: u64,
    /// Nanoseconds since the epoch. It can be set to anything.
    modified: u128,
    /// Where there are such: the device, the file's number there, how many names it has, and when anything about it was
    /// changed last, which cannot be set.
    unix: Option<(u64, u64, u64, i64, i64)>,
}

/// A file that changed a moment ago may change again and get the same times.
const REST: Duration = Duration::from_secs(2);

impl FileState {
    /// The state of what a path leads to; `None` if there is nothing, or nothing that can be seen.
    pub(crate) fn of(path: impl AsRef<Path>) -> Option<Self> {
        path.as_ref()
            .metadata()
            .ok()
            .map(|metadata| Self::from(&metadata))
    }

    /// Whether the file had been at rest at that time for so long that another change would show.
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
