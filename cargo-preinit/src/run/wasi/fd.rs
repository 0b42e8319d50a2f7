//! The functions that take a descriptor: `fd_*`.

use super::HostWasi;
use super::abi::{Answer, Errno, GuestMemory, Span, length, stop};
use super::descriptors::Descriptor;
use super::files::{Kind, Unreadable};
use super::status::{FileType, Status, rights};
use crate::options::Stdin;

/// `fdflags`.
const APPEND: u16 = 1 << 0;
const NONBLOCK: u16 = 1 << 2;

impl HostWasi {
    pub(super) fn fd_advise(&mut self, fd: u32, advice: u32) -> Answer {
        const LAST: u32 = 5;
        if advice > LAST {
            return Err(Errno::Inval.into());
        }
        self.descriptors.file(fd).map(drop)
    }

    pub(super) fn fd_allocate(&mut self, fd: u32) -> Answer {
        self.descriptors.file(fd)?;
        Err(Errno::Notsup.into())
    }

    pub(super) fn fd_close(&mut self, fd: u32) -> Answer {
        self.descriptors.close(fd)
    }

    pub(super) fn fd_sync(&mut self, fd: u32) -> Answer {
        self.descriptors.file(fd).map(drop)
    }

    pub(super) fn fd_fdstat_get(&mut self, memory: &mut GuestMemory<'_>, fd: u32, result: u32) -> Answer {
        let (ty, flags, base, inheriting) = match self.descriptors.get(fd)? {
            Descriptor::Input => (FileType::Unknown, 0, rights::FD_READ, rights::FD_READ),
            Descriptor::Output | Descriptor::ErrorOutput => {
                (FileType::Unknown, 0, rights::FD_WRITE, rights::FD_WRITE)
            }
            Descriptor::Directory { is_preopened, .. } => {
                let (base, inheriting) = match is_preopened {
                    true => (rights::PREOPENED, rights::BELOW_PREOPENED),
                    false => (rights::DIRECTORY, rights::DIRECTORY),
                };
                (FileType::Directory, 0, base, inheriting)
            }
            Descriptor::File(file) => (FileType::File, file.flags, rights::FILE, rights::FILE),
        };
        let mut fdstat = [0; 24];
        fdstat[0] = ty.number();
        fdstat[2..4].copy_from_slice(&flags.to_le_bytes());
        fdstat[8..16].copy_from_slice(&base.to_le_bytes());
        fdstat[16..24].copy_from_slice(&inheriting.to_le_bytes());
        memory.write(result, &fdstat)
    }

    pub(super) fn fd_fdstat_set_flags(&mut self, fd: u32, flags: u32) -> Answer {
        let file = self.descriptors.file(fd)?;
        match u16::try_from(flags) {
            Ok(flags) if flags & !(APPEND | NONBLOCK) == 0 => {
                file.flags = flags;
                Ok(())
            }
            _ => Err(Errno::Inval.into()),
        }
    }

    pub(super) fn fd_fdstat_set_rights(&mut self, fd: u32) -> Answer {
        match self.descriptors.get(fd)? {
            Descriptor::Directory { .. } | Descriptor::File(_) => Err(Errno::Notsup.into()),
            Descriptor::Input | Descriptor::Output | Descriptor::ErrorOutput => Err(Errno::Badf.into()),
        }
    }

    pub(super) fn fd_filestat_get(&mut self, memory: &mut GuestMemory<'_>, fd: u32, result: u32) -> Answer {
        let status = match self.descriptors.get(fd)? {
            Descriptor::Input | Descriptor::Output | Descriptor::ErrorOutput => Status::of_a_stream(),
            Descriptor::Directory { place, .. } => {
                Status::new(&self.files, place, Kind::Directory, 0, self.clock.start())
            }
            Descriptor::File(file) => {
                let size = file.size(&self.files)?;
                Status::new(&self.files, &file.place, Kind::File, size, self.clock.start())
            }
        };
        memory.write(result, &status.filestat())
    }

    pub(super) fn fd_filestat_set_size(&mut self, fd: u32) -> Answer {
        self.descriptors.file(fd)?;
        Err(Errno::Perm.into())
    }

    pub(super) fn fd_filestat_set_times(&mut self, fd: u32) -> Answer {
        match self.descriptors.get(fd)? {
            Descriptor::Directory { .. } | Descriptor::File(_) => Err(Errno::Perm.into()),
            Descriptor::Input | Descriptor::Output | Descriptor::ErrorOutput => Err(Errno::Badf.into()),
        }
    }

    pub(super) fn fd_pread(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        buffers: Span,
        offset: u64,
        result: u32,
    ) -> Answer {
        let buffers = memory.buffers(buffers)?;
        if let Descriptor::Output | Descriptor::ErrorOutput = self.descriptors.get(fd)? {
            return Err(Errno::Badf.into());
        }
        let file = self.descriptors.seekable(fd)?;
        let read = file.read_into(offset, memory, &buffers, &self.files)?;
        memory.write_u32(result, read)
    }

    pub(super) fn fd_read(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        buffers: Span,
        result: u32,
    ) -> Answer {
        let buffers = memory.buffers(buffers)?;
        if let Descriptor::Input = self.descriptors.get(fd)? {
            self.asked.input += 1;
            let buffer = buffers.into_iter().find(|buffer| buffer.length > 0);
            let read = match buffer {
                Some(buffer) => self.read_input(memory.bytes_mut(buffer)?)?,
                None => 0,
            };
            return memory.write_u32(result, length(read)?);
        }
        let file = self.descriptors.file(fd)?;
        let read = file.read_into(file.position, memory, &buffers, &self.files)?;
        file.position = file.position.saturating_add(read.into());
        memory.write_u32(result, read)
    }

    /// Reads standard input until the target is full or the input ends.
    fn read_input(&mut self, target: &mut [u8]) -> Answer<usize> {
        match self.stdin {
            Stdin::Closed => Ok(0),
            Stdin::Inherited => self.input.read(target).map_err(|error| {
                stop(Unreadable {
                    path: "standard input".to_owned(),
                    reason: error.to_string(),
                })
            }),
        }
    }

    pub(super) fn fd_write(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        buffers: Span,
        result: u32,
    ) -> Answer {
        let buffers = memory.buffers(buffers)?;
        let pipe = match self.descriptors.get(fd)? {
            Descriptor::Output => &mut self.stdout,
            Descriptor::ErrorOutput => &mut self.stderr,
            Descriptor::Input | Descriptor::Directory { .. } | Descriptor::File(_) => {
                return Err(Errno::Badf.into());
            }
        };
        let mut written = 0;
        for buffer in buffers {
            pipe.write(memory.bytes(buffer)?)?;
            written += buffer.length as usize;
        }
        memory.write_u32(result, length(written)?)
    }

    pub(super) fn fd_pwrite(&mut self, fd: u32) -> Answer {
        match self.descriptors.get(fd)? {
            Descriptor::Output | Descriptor::ErrorOutput => Err(Errno::Spipe.into()),
            Descriptor::Input | Descriptor::Directory { .. } | Descriptor::File(_) => Err(Errno::Badf.into()),
        }
    }

    pub(super) fn fd_prestat_get(&mut self, memory: &mut GuestMemory<'_>, fd: u32, result: u32) -> Answer {
        let name = self.descriptors.preopened(fd, &self.files)?;
        let name = name.ok_or(Errno::Badf)?;
        // The tag of a preopened directory is 0.
        memory.write_u32(result, 0)?;
        memory.write_u32(result.saturating_add(4), length(name.len())?)
    }

    pub(super) fn fd_prestat_dir_name(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        path: Span,
    ) -> Answer {
        let name = self.descriptors.preopened(fd, &self.files)?;
        let name = name.ok_or(Errno::Notdir)?;
        if length(name.len())? > path.length {
            return Err(Errno::Nametoolong.into());
        }
        memory.write(path.address, name.as_bytes())
    }

    /// Lists `.`, `..`, and the entries in the order of their names. A cookie is the number of entries before the next one.
    pub(super) fn fd_readdir(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        buffer: Span,
        cookie: u64,
        result: u32,
    ) -> Answer {
        let place = self.descriptors.directory(fd)?;
        let shown = self.files.show(place)?;
        if shown.has_other_names {
            return Err(Errno::Ilseq.into());
        }
        let of_itself = [
            (".", self.files.number(place), FileType::Directory),
            ("..", self.files.number(&place.parent()), FileType::Directory),
        ];
        let first = usize::try_from(cookie).unwrap_or(usize::MAX);
        let entries = shown.entries.get(first.saturating_sub(of_itself.len())..);
        let entries = entries.unwrap_or_default().iter();
        let entries = entries.map(|entry| (entry.name.as_str(), entry.number, FileType::from(entry.kind)));
        let entries = of_itself.into_iter().skip(first).chain(entries);
        let target = memory.bytes_mut(buffer)?;
        let mut used = 0;
        for ((name, number, ty), next) in entries.zip(cookie.saturating_add(1)..) {
            let mut head = [0; 24];
            head[0..8].copy_from_slice(&next.to_le_bytes());
            head[8..16].copy_from_slice(&number.to_le_bytes());
            head[16..20].copy_from_slice(&length(name.len())?.to_le_bytes());
            head[20] = ty.number();
            for part in [head.as_slice(), name.as_bytes()] {
                // The last entry is cut off at the buffer's end: a full buffer means that there are more entries.
                let room = part.len().min(target.len() - used);
                target[used..used + room].copy_from_slice(&part[..room]);
                used += room;
            }
            if used == target.len() {
                break;
            }
        }
        memory.write_u32(result, length(used)?)
    }

    pub(super) fn fd_renumber(&mut self, from: u32, to: u32) -> Answer {
        self.descriptors.renumber(from, to)
    }

    pub(super) fn fd_seek(
        &mut self,
        memory: &mut GuestMemory<'_>,
        fd: u32,
        offset: i64,
        whence: u32,
        result: u32,
    ) -> Answer {
        let file = self.descriptors.seekable(fd)?;
        let base = match whence {
            0 => 0,
            1 => file.position,
            2 => file.size(&self.files)?,
            _ => return Err(Errno::Inval.into()),
        };
        file.position = base.checked_add_signed(offset).ok_or(Errno::Inval)?;
        memory.write_u64(result, file.position)
    }

    pub(super) fn fd_tell(&mut self, memory: &mut GuestMemory<'_>, fd: u32, result: u32) -> Answer {
        let position = self.descriptors.seekable(fd)?.position;
        memory.write_u64(result, position)
    }
}
