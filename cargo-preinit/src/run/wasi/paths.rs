//! The functions that take a path: `path_*`. The guest cannot write, so functions that would write answer `perm`.

use super::HostWasi;
use super::abi::{Answer, Errno, Failure, GuestMemory, Span, length};
use super::descriptors::{Descriptor, OpenFile};
use super::files::{Found, Kind, LastLink, Place};
use super::status::{Status, rights};

/// `oflags`.
const CREATE: u32 = 1 << 0;
const DIRECTORY: u32 = 1 << 1;
const EXCLUSIVE: u32 = 1 << 2;
const TRUNCATE: u32 = 1 << 3;

/// The `fdflags` that are not supported: `dsync`, `rsync` and `sync`.
const SYNC: u16 = 1 << 1 | 1 << 3 | 1 << 4;

/// The arguments of `path_open` that say how to open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening {
    /// `lookupflags`.
    pub(super) lookup: u32,
    /// `oflags`.
    pub(super) how: u32,
    pub(super) rights: u64,
    /// `fdflags`.
    pub(super) flags: u32,
}

/// What `lookupflags` say about a link at the end of a path.
fn last_link(flags: u32) -> Answer<LastLink> {
    match flags {
        0 => Ok(LastLink::Keep),
        1 => Ok(LastLink::Follow),
        _ => Err(Errno::Inval.into()),
    }
}

impl HostWasi {
    /// The directory of a descriptor, from which a path is followed.
    fn start(&mut self, fd: u32, path: &str) -> Answer<Place> {
        let start = self.descriptors.directory(fd).cloned();
        if start.is_err() && self.files.dirs().is_empty() {
            self.asked.miss(path.to_owned());
        }
        start
    }

    /// Follows a path, and records it if there is nothing at its end.
    pub(super) fn find(&mut self, from: &Place, path: &str, last: LastLink) -> Answer<Found> {
        self.reads.look_up(self.files.shown(from, path));
        let found = self.files.find(from, path, last);
        if let Err(Failure::Errno(Errno::Noent)) = found {
            self.asked.miss(self.files.shown(from, path));
        }
        found
    }

    pub(super) fn path_filestat_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        lookup: u32,
        path: Span,
        result: u32,
    ) -> Answer {
        let path = memory.text(path)?;
        let from = self.start(fd, &path)?;
        let found = self.find(&from, &path, last_link(lookup)?)?;
        let size = self.files.size(&found)?;
        let status = Status::new(&self.files, &found.place, found.kind, size, self.clock.start());
        memory.write(result, &status.filestat())
    }

    pub(super) fn path_open(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        path: Span,
        opening: Opening,
        result: u32,
    ) -> Answer {
        let path = memory.text(path)?;
        let Opening {
            lookup,
            how,
            rights,
            flags,
        } = opening;
        if let Ok(Descriptor::File(_)) = self.descriptors.get(fd) {
            return Err(Errno::Notdir.into());
        }
        let from = self.start(fd, &path)?;
        let last = last_link(lookup)?;
        let flags = u16::try_from(flags).map_err(|_| Errno::Inval)?;
        if flags & SYNC != 0 {
            return Err(Errno::Notsup.into());
        }
        if how & DIRECTORY != 0 && how & (CREATE | EXCLUSIVE | TRUNCATE) != 0 {
            return Err(Errno::Inval.into());
        }
        if how & (CREATE | TRUNCATE) != 0 || rights & rights::FD_WRITE != 0 {
            return Err(Errno::Perm.into());
        }
        let Found { place, kind } = self.find(&from, &path, last)?;
        let descriptor = match kind {
            Kind::Directory => Descriptor::Directory {
                place,
                is_preopened: false,
            },
            Kind::Link => return Err(Errno::Loop.into()),
            _ if how & DIRECTORY != 0 => return Err(Errno::Notdir.into()),
            Kind::File => {
                let file = self.files.open(&place)?;
                self.files.note_opened(&place);
                Descriptor::File(OpenFile {
                    file,
                    place,
                    position: 0,
                    flags,
                })
            }
            Kind::BlockDevice | Kind::CharacterDevice | Kind::Other => {
                return Err(self.files.no_file(&place));
            }
        };
        memory.write_u32(result, self.descriptors.add(descriptor))
    }

    pub(super) fn path_readlink(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        path: Span,
        buffer: Span,
        result: u32,
    ) -> Answer {
        let path = memory.text(path)?;
        let from = self.start(fd, &path)?;
        let Found { place, kind } = self.find(&from, &path, LastLink::Keep)?;
        if kind != Kind::Link {
            return Err(Errno::Inval.into());
        }
        let target = self.files.link_target(&place)?;
        let target = target.as_bytes();
        let target = &target[..target.len().min(buffer.length as usize)];
        memory.write(buffer.address, target)?;
        memory.write_u32(result, length(target.len())?)
    }

    /// The answer of functions that would change a directory.
    pub(super) fn refuse_to_write(&mut self, memory: &mut GuestMemory<'_>, fd: u32, path: Span) -> Answer {
        self.descriptors.directory(fd)?;
        memory.text(path)?;
        Err(Errno::Perm.into())
    }

    /// The answer of functions that would change two directories.
    pub(super) fn refuse_to_move(
        &mut self,
        memory: &mut GuestMemory<'_>,
        (fd, path): (u32, Span),
        (to_fd, to_path): (u32, Span),
    ) -> Answer {
        self.descriptors.directory(fd)?;
        memory.text(path)?;
        self.refuse_to_write(memory, to_fd, to_path)
    }
}
