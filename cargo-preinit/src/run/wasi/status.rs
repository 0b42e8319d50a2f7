//! What the guest is told about a file: its `filestat`, its type, and its rights.

use super::files::{Files, Kind, Place};

/// `filetype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum FileType {
    Unknown = 0,
    BlockDevice = 1,
    CharacterDevice = 2,
    Directory = 3,
    File = 4,
    Link = 7,
}

impl FileType {
    pub(super) fn number(self) -> u8 {
        self as u8
    }
}

impl From<Kind> for FileType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Directory => Self::Directory,
            Kind::File => Self::File,
            Kind::Link => Self::Link,
            Kind::BlockDevice => Self::BlockDevice,
            Kind::CharacterDevice => Self::CharacterDevice,
            Kind::Other => Self::Unknown,
        }
    }
}

/// A `filestat`. Every file has one link, and its times are the start of the wall clock.
#[derive(Debug)]
pub(super) struct Status {
    device: u64,
    number: u64,
    ty: FileType,
    links: u64,
    /// In bytes.
    size: u64,
    /// In nanoseconds since the Unix epoch.
    time: u64,
}

impl Status {
    /// The status of what is at a place. `start` is that of the wall clock, in nanoseconds since the Unix epoch.
    pub(super) fn new(files: &Files, place: &Place, kind: Kind, size: u64, start: u64) -> Self {
        Self {
            device: 1,
            number: files.number(place),
            ty: kind.into(),
            links: 1,
            size,
            time: files.time(start),
        }
    }

    /// The status of a standard stream: zeros, and an unknown type.
    pub(super) fn of_a_stream() -> Self {
        Self {
            device: 0,
            number: 0,
            ty: FileType::Unknown,
            links: 0,
            size: 0,
            time: 0,
        }
    }

    /// The bytes of the `filestat` in the guest's memory.
    pub(super) fn filestat(&self) -> [u8; 64] {
        let mut filestat = [0; 64];
        let ty = self.ty.number().into();
        let fields = [self.device, self.number, ty, self.links, self.size];
        let times = [self.time; 3];
        for (target, value) in filestat.chunks_exact_mut(8).zip(fields.into_iter().chain(times)) {
            target.copy_from_slice(&u64::to_le_bytes(value));
        }
        filestat
    }
}

/// Sets of `rights`, as wasmtime's own host grants them. As there, they allow more than a read-only file does: a write fails
/// all the same.
pub(super) mod rights {
    pub(in crate::run::wasi) const FD_READ: u64 = 1 << 1;
    const FD_SEEK: u64 = 1 << 2;
    pub(in crate::run::wasi) const FD_WRITE: u64 = 1 << 6;
    const PATH_FILESTAT_SET_SIZE: u64 = 1 << 19;
    const FD_FILESTAT_SET_SIZE: u64 = 1 << 22;
    const ALL: u64 = (1 << 30) - 1;
    /// The rights of an open file.
    pub(in crate::run::wasi) const FILE: u64 = ALL & !FD_WRITE;
    /// The rights of an open directory.
    pub(in crate::run::wasi) const DIRECTORY: u64 =
        ALL & !(FD_WRITE | FD_SEEK | FD_FILESTAT_SET_SIZE | PATH_FILESTAT_SET_SIZE);
    /// The rights of a mapped directory: `fd_readdir`, and `path_*` and `fd_filestat_*` except those that set a size.
    pub(in crate::run::wasi) const PREOPENED: u64 = 0x07b7_fe00;
    /// The rights that files and directories in a mapped directory can have: these, and those of files.
    pub(in crate::run::wasi) const BELOW_PREOPENED: u64 = PREOPENED | 0x0860_01ff;
}
