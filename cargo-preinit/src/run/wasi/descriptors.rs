//! The guest's file descriptors.
//!
//! The standard streams are 0, 1 and 2. They are never terminals, whatever they are on this machine. The mapped directories follow.

use std::collections::BTreeMap;
use std::io::{self, Seek as _, SeekFrom};

use super::abi::{Answer, Errno, GuestMemory, Span};
use super::files::{Files, Place};

/// What is open under a descriptor.
#[derive(Debug)]
pub(super) enum Descriptor {
    Input,
    Output,
    ErrorOutput,
    Directory { place: Place, is_preopened: bool },
    File(OpenFile),
}

/// A file that is being read.
#[derive(Debug)]
pub(super) struct OpenFile {
    pub(super) place: Place,
    pub(super) file: fs_err::File,
    /// Where the next read begins.
    pub(super) position: u64,
    /// `fdflags`; they have no effect.
    pub(super) flags: u16,
}

/// The open descriptors, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Descriptors {
    open: BTreeMap<u32, Descriptor>,
    /// The lowest number that may be given out.
    lowest: u32,
    /// How often the guest asked for the preopened directories, or used one.
    directories_asked_for: u64,
}

impl Descriptors {
    /// The standard streams, then the mapped directories.
    pub(super) fn new(files: &Files) -> Self {
        let mut this = Self::default();
        let directories = (0..files.dirs().len()).map(|dir| Descriptor::Directory {
            place: Place::root(dir),
            is_preopened: true,
        });
        let streams = [Descriptor::Input, Descriptor::Output, Descriptor::ErrorOutput];
        for descriptor in streams.into_iter().chain(directories) {
            this.add(descriptor);
        }
        this
    }

    pub(super) fn get(&mut self, fd: u32) -> Answer<&Descriptor> {
        let descriptor = self.open.get(&fd).ok_or(Errno::Badf)?;
        self.directories_asked_for += u64::from(descriptor.is_preopened());
        Ok(descriptor)
    }

    pub(super) fn close(&mut self, fd: u32) -> Answer {
        let closed = self.open.remove(&fd);
        closed.map(drop).ok_or(Errno::Badf.into())
    }

    /// Moves what is open under `from` to `to`, and closes what was open there.
    pub(super) fn renumber(&mut self, from: u32, to: u32) -> Answer {
        self.get(to)?;
        self.get(from)?;
        if let Some(moved) = self.open.remove(&from) {
            self.open.insert(to, moved);
        }
        Ok(())
    }

    /// Records that the guest asked for the preopened directories.
    pub(super) fn ask_for_directories(&mut self) {
        self.directories_asked_for += 1;
    }

    /// How often the guest asked for the preopened directories, or used one.
    pub(super) fn directories_asked_for(&self) -> u64 {
        self.directories_asked_for
    }

    /// What is open and was not at the start, and what was open at the start and is not any more, each by its name.
    pub(super) fn changes(&self, files: &Files) -> (Vec<String>, Vec<String>) {
        let name = |descriptor: &Descriptor| match descriptor {
            Descriptor::Input => "standard input".to_owned(),
            Descriptor::Output => "standard output".to_owned(),
            Descriptor::ErrorOutput => "standard error".to_owned(),
            Descriptor::Directory { place, .. } | Descriptor::File(OpenFile { place, .. }) => {
                files.shown(place, "")
            }
        };
        let at_first = Self::new(files);
        let is_in = |all: &Self, fd: u32, descriptor: &Descriptor| {
            all.open.get(&fd).is_some_and(|other| descriptor.is_same(other))
        };
        let added = self
            .open
            .iter()
            .filter(|(fd, open)| !is_in(&at_first, **fd, open));
        let gone = at_first.open.iter().filter(|(fd, open)| !is_in(self, **fd, open));
        (
            added.map(|(_, descriptor)| name(descriptor)).collect(),
            gone.map(|(_, descriptor)| name(descriptor)).collect(),
        )
    }

    /// From here on other numbers are given out. Those of the mapped directories stay: C libraries look for them behind the streams.
    pub(super) fn vary(&mut self) {
        const OTHER: u32 = 100;
        self.lowest = OTHER;
    }

    /// Adds a descriptor under the lowest free number, as POSIX does.
    pub(super) fn add(&mut self, descriptor: Descriptor) -> u32 {
        let taken = self
            .open
            .range(self.lowest..)
            .zip(self.lowest..)
            .take_while(|((fd, _), position)| **fd == *position);
        let fd = taken.last().map_or(self.lowest, |((fd, _), _)| fd + 1);
        self.open.insert(fd, descriptor);
        fd
    }

    pub(super) fn file(&mut self, fd: u32) -> Answer<&mut OpenFile> {
        match self.open.get_mut(&fd) {
            Some(Descriptor::File(file)) => Ok(file),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// An open file. `spipe` for a stream, which has no positions.
    pub(super) fn seekable(&mut self, fd: u32) -> Answer<&mut OpenFile> {
        match self.get(fd)? {
            Descriptor::Input | Descriptor::Output | Descriptor::ErrorOutput => Err(Errno::Spipe.into()),
            Descriptor::Directory { .. } | Descriptor::File(_) => self.file(fd),
        }
    }

    pub(super) fn directory(&mut self, fd: u32) -> Answer<&Place> {
        match self.get(fd)? {
            Descriptor::Directory { place, .. } => Ok(place),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// The guest's name of a mapped directory; `None` for another descriptor.
    pub(super) fn preopened<'f>(&mut self, fd: u32, files: &'f Files) -> Answer<Option<&'f str>> {
        self.directories_asked_for += 1;
        Ok(match self.get(fd)? {
            Descriptor::Directory {
                place,
                is_preopened: true,
            } => files.dirs().get(place.dir).map(|dir| dir.guest.as_str()),
            _ => None,
        })
    }
}

impl Descriptor {
    fn is_preopened(&self) -> bool {
        matches!(
            self,
            Self::Directory {
                is_preopened: true,
                ..
            }
        )
    }

    /// Whether two descriptors are of the same stream or the same mapped directory.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Input, Self::Input)
            | (Self::Output, Self::Output)
            | (Self::ErrorOutput, Self::ErrorOutput) => true,
            (Self::Directory { place: one, .. }, Self::Directory { place: two, .. }) => {
                self.is_preopened() && other.is_preopened() && one == two
            }
            _ => false,
        }
    }
}

impl OpenFile {
    pub(super) fn size(&self, files: &Files) -> Answer<u64> {
        let metadata = self.file.metadata();
        let metadata = metadata.map_err(|error| files.unreadable(&self.place, &error))?;
        Ok(metadata.len())
    }

    fn read_at(&mut self, position: u64, target: &mut [u8]) -> io::Result<usize> {
        match self.file.seek(SeekFrom::Start(position)) {
            Ok(_) => fill(&mut self.file, target),
            // The position is beyond what this system supports, and so beyond the file's end.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(0),
            Err(error) => Err(error),
        }
    }

    pub(super) fn read_into(
        &mut self,
        position: u64,
        memory: &mut GuestMemory<'_>,
        buffers: &[Span],
        files: &Files,
    ) -> Answer<u32> {
        let mut total = 0;
        for buffer in buffers {
            let target = memory.bytes_mut(*buffer)?;
            let read = self.read_at(position.saturating_add(total), target);
            let read = read.map_err(|error| files.unreadable(&self.place, &error))? as u64;
            total += read;
            if read < u64::from(buffer.length) {
                break;
            }
        }
        u32::try_from(total).map_err(|_| Errno::Overflow.into())
    }
}

/// Reads until the target is full or the source ends, so the result does not depend on how much the system returns in one read.
pub(super) fn fill(source: &mut impl io::Read, target: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < target.len() {
        match source.read(&mut target[read..]) {
            Ok(0) => break,
            Ok(count) => read += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}
