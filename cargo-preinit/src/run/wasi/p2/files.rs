//! `wasi:filesystem`: the files of preview 1, with the same rules for paths, and what is said of a file reduced in the same way.
//! The guest cannot write, so functions that would write answer `not-permitted`.

mod types;

use std::io::{self, Seek as _, SeekFrom};

use wasmtime::component::{LinkerInstance, Resource, Val};

use super::{Descriptor, DirectoryEntryStream, InputStream, IoError, Store, WRITABLE, datetime};
use crate::run::host::Host;
use crate::run::trap::stack_of;
use crate::run::wasi::HostWasi;
use crate::run::wasi::abi::{Errno, Failure};
use crate::run::wasi::descriptors::fill;
use crate::run::wasi::files::{Found, Kind, LastLink, Place};
use crate::run::wasi::resources::{Entries, FileStream, Held};
use types::{
    Advice, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntry, ErrorCode, MetadataHash,
    OpenFlags, PathFlags,
};

type Answer<T> = Result<T, ErrorCode>;

/// What the guest gets for a result: an error number is for it, and any other failure ends the run.
fn answer<T>(result: Result<T, Failure>) -> wasmtime::Result<(Answer<T>,)> {
    match result {
        Ok(value) => Ok((Ok(value),)),
        Err(Failure::Errno(errno)) => Ok((Err(errno.into()),)),
        Err(Failure::Stop(error)) => Err(error),
    }
}

fn last_link(flags: PathFlags) -> LastLink {
    match flags.contains(PathFlags::SYMLINK_FOLLOW) {
        true => LastLink::Follow,
        false => LastLink::Keep,
    }
}

pub(super) fn preopens(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "get-directories" () |wasi| {
            wasi.descriptors.ask_for_directories();
            let names = wasi.files.dirs().iter().map(|dir| dir.guest.clone());
            let directories = names.collect::<Vec<String>>().into_iter().enumerate().map(|(dir, name)| {
                let held = Held::Descriptor(Place::root(dir), Kind::Directory);
                (wasi.resources.add::<Descriptor>(held), name)
            });
            Ok((directories.collect::<Vec<(Resource<Descriptor>, String)>>(),))
        };
    }
}

pub(super) fn functions(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    if WRITES.contains(&name) {
        linker.func_new(name, |mut store, _, arguments, results| {
            for argument in arguments {
                // What was lent has to be given back.
                if let Val::Resource(handle) = argument {
                    handle.resource_drop(&mut store)?;
                }
            }
            if let Some(result) = results.first_mut() {
                let error = Val::Enum("not-permitted".to_owned());
                *result = Val::Result(Err(Some(Box::new(error))));
            }
            Ok(())
        })?;
        return Ok(true);
    }
    functions! { linker, name:
        "[method]descriptor.read-via-stream" (file: Resource<Descriptor>, position: u64) |wasi| {
            let (place, kind) = wasi.descriptor(&file)?;
            let stream = FileStream { place, position };
            Ok((match kind {
                Kind::Directory => Err(ErrorCode::IsDirectory),
                _ => Ok(wasi.resources.add::<InputStream>(Held::FileStream(stream))),
            },))
        };
        "[method]descriptor.advise" (file: Resource<Descriptor>, _offset: u64, _len: u64, _advice: Advice) |wasi| {
            Ok((wasi.file(&file)?.map(drop),))
        };
        "[method]descriptor.sync-data" (file: Resource<Descriptor>) |wasi| {
            wasi.descriptor(&file)?;
            Ok((Ok::<(), ErrorCode>(()),))
        };
        "[method]descriptor.sync" (file: Resource<Descriptor>) |wasi| {
            wasi.descriptor(&file)?;
            Ok((Ok::<(), ErrorCode>(()),))
        };
        "[method]descriptor.get-flags" (file: Resource<Descriptor>) |wasi| {
            wasi.descriptor(&file)?;
            Ok((Ok::<DescriptorFlags, ErrorCode>(DescriptorFlags::READ),))
        };
        "[method]descriptor.get-type" (file: Resource<Descriptor>) |wasi| {
            let (_, kind) = wasi.descriptor(&file)?;
            Ok((Ok::<DescriptorType, ErrorCode>(kind.into()),))
        };
        "[method]descriptor.read" (file: Resource<Descriptor>, len: u64, position: u64) |wasi| {
            match wasi.file(&file)? {
                Ok(place) => answer(wasi.read_file(&place, len, position).map(|bytes| {
                    let is_at_end = bytes.is_empty();
                    (bytes, is_at_end)
                })),
                Err(error) => Ok((Err(error),)),
            }
        };
        "[method]descriptor.read-directory" (dir: Resource<Descriptor>) |wasi| match wasi.directory(&dir)? {
            Ok(place) => answer(wasi.files.show(&place).map(|_| {
                wasi.resources.add::<DirectoryEntryStream>(Held::Entries(Entries { place, next: 0 }))
            })),
            Err(error) => Ok((Err(error),)),
        };
        "[method]directory-entry-stream.read-directory-entry" (entries: Resource<DirectoryEntryStream>) |wasi| {
            answer(wasi.next_entry(&entries)?)
        };
        "[method]descriptor.stat" (file: Resource<Descriptor>) |wasi| {
            let (place, kind) = wasi.descriptor(&file)?;
            answer(wasi.stat(&Found { place, kind }))
        };
        "[method]descriptor.stat-at" (dir: Resource<Descriptor>, flags: PathFlags, path: String) |wasi| {
            match wasi.find_at(&dir, flags, &path)? {
                Ok(found) => answer(wasi.stat(&found)),
                Err(error) => Ok((Err(error),)),
            }
        };
        "[method]descriptor.open-at" (
            dir: Resource<Descriptor>,
            flags: PathFlags,
            path: String,
            how: OpenFlags,
            access: DescriptorFlags
        ) |wasi| Ok((wasi.open_at(&dir, flags, &path, (how, access))?,));
        "[method]descriptor.readlink-at" (dir: Resource<Descriptor>, path: String) |wasi| {
            match wasi.find_at(&dir, PathFlags::empty(), &path)? {
                Ok(Found { place, kind: Kind::Link }) => answer(wasi.files.link_target(&place)),
                Ok(_) => Ok((Err(ErrorCode::Invalid),)),
                Err(error) => Ok((Err(error),)),
            }
        };
        "[method]descriptor.is-same-object" (file: Resource<Descriptor>, other: Resource<Descriptor>) |wasi| {
            Ok((wasi.descriptor(&file)? == wasi.descriptor(&other)?,))
        };
        "[method]descriptor.metadata-hash" (file: Resource<Descriptor>) |wasi| {
            let (place, _) = wasi.descriptor(&file)?;
            Ok((Ok::<MetadataHash, ErrorCode>(wasi.hash(&place)),))
        };
        "[method]descriptor.metadata-hash-at" (dir: Resource<Descriptor>, flags: PathFlags, path: String) |wasi| {
            Ok((wasi.find_at(&dir, flags, &path)?.map(|found| wasi.hash(&found.place)),))
        };
        "filesystem-error-code" (_error: Resource<IoError>) |wasi| Ok((None::<ErrorCode>,));
    }
}

/// The functions that write.
const WRITES: [&str; 12] = [
    "[method]descriptor.write-via-stream",
    "[method]descriptor.append-via-stream",
    "[method]descriptor.set-size",
    "[method]descriptor.set-times",
    "[method]descriptor.write",
    "[method]descriptor.create-directory-at",
    "[method]descriptor.set-times-at",
    "[method]descriptor.link-at",
    "[method]descriptor.remove-directory-at",
    "[method]descriptor.rename-at",
    "[method]descriptor.symlink-at",
    "[method]descriptor.unlink-file-at",
];

impl HostWasi {
    fn hash(&self, place: &Place) -> MetadataHash {
        MetadataHash {
            lower: self.files.number(place),
            upper: 1,
        }
    }

    /// What is open under a descriptor.
    fn descriptor(&self, descriptor: &Resource<Descriptor>) -> wasmtime::Result<(Place, Kind)> {
        match self.resources.get(descriptor)? {
            Held::Descriptor(place, kind) => Ok((place.clone(), *kind)),
            _ => Err(wasmtime::format_err!("this is no descriptor")),
        }
    }

    fn file(&self, file: &Resource<Descriptor>) -> wasmtime::Result<Answer<Place>> {
        Ok(match self.descriptor(file)? {
            (_, Kind::Directory) => Err(ErrorCode::BadDescriptor),
            (place, _) => Ok(place),
        })
    }

    fn directory(&self, dir: &Resource<Descriptor>) -> wasmtime::Result<Answer<Place>> {
        Ok(match self.descriptor(dir)? {
            (place, Kind::Directory) => Ok(place),
            _ => Err(ErrorCode::NotDirectory),
        })
    }

    /// Follows a path from a directory, and records it if there is nothing at its end.
    fn find_at(
        &mut self,
        dir: &Resource<Descriptor>,
        flags: PathFlags,
        path: &str,
    ) -> wasmtime::Result<Answer<Found>> {
        let from = match self.directory(dir)? {
            Ok(from) => from,
            Err(error) => return Ok(Err(error)),
        };
        match self.find(&from, path, last_link(flags)) {
            Ok(found) => Ok(Ok(found)),
            Err(Failure::Errno(errno)) => Ok(Err(errno.into())),
            Err(Failure::Stop(error)) => Err(error),
        }
    }

    fn open_at(
        &mut self,
        dir: &Resource<Descriptor>,
        flags: PathFlags,
        path: &str,
        (how, access): (OpenFlags, DescriptorFlags),
    ) -> wasmtime::Result<Answer<Resource<Descriptor>>> {
        let syncs = DescriptorFlags::FILE_INTEGRITY_SYNC
            | DescriptorFlags::DATA_INTEGRITY_SYNC
            | DescriptorFlags::REQUESTED_WRITE_SYNC;
        let changes = OpenFlags::CREATE | OpenFlags::EXCLUSIVE | OpenFlags::TRUNCATE;
        if let Err(error) = self.directory(dir)? {
            return Ok(Err(error));
        }
        if access.intersects(syncs) {
            return Ok(Err(ErrorCode::Unsupported));
        }
        if how.contains(OpenFlags::DIRECTORY) && how.intersects(changes) {
            return Ok(Err(ErrorCode::Invalid));
        }
        let is_new = how.intersects(OpenFlags::CREATE | OpenFlags::TRUNCATE);
        if is_new || access.contains(DescriptorFlags::WRITE) {
            return Ok(Err(ErrorCode::NotPermitted));
        }
        let Found { place, kind } = match self.find_at(dir, flags, path)? {
            Ok(found) => found,
            Err(error) => return Ok(Err(error)),
        };
        match kind {
            Kind::Link => return Ok(Err(ErrorCode::Loop)),
            Kind::File if how.contains(OpenFlags::DIRECTORY) => return Ok(Err(ErrorCode::NotDirectory)),
            Kind::File => {
                // Whether it can be read is seen when it is opened.
                if let Err(Failure::Stop(error)) = self.files.open(&place) {
                    return Err(error);
                }
                self.files.note_opened(&place);
            }
            Kind::Directory => {}
            Kind::BlockDevice | Kind::CharacterDevice | Kind::Other => match self.files.no_file(&place) {
                Failure::Stop(error) => return Err(error),
                Failure::Errno(errno) => return Ok(Err(errno.into())),
            },
        }
        let opened = Held::Descriptor(place, kind);
        Ok(Ok(self.resources.add::<Descriptor>(opened)))
    }

    fn stat(&self, found: &Found) -> Result<DescriptorStat, Failure> {
        let time = || Some(datetime(self.files.time(self.clock.start())));
        Ok(DescriptorStat {
            ty: found.kind.into(),
            link_count: 1,
            size: self.files.size(found)?,
            data_access_timestamp: time(),
            data_modification_timestamp: time(),
            status_change_timestamp: time(),
        })
    }

    fn next_entry(
        &mut self,
        stream: &Resource<DirectoryEntryStream>,
    ) -> wasmtime::Result<Result<Option<DirectoryEntry>, Failure>> {
        let Held::Entries(entries) = self.resources.get_mut(stream)? else {
            return Err(wasmtime::format_err!("these are no entries"));
        };
        let position = entries.next;
        let shown = match self.files.show(&entries.place) {
            Ok(shown) => shown,
            Err(failure) => return Ok(Err(failure)),
        };
        entries.next += 1;
        Ok(match shown.entries.get(position) {
            Some(entry) => Ok(Some(DirectoryEntry {
                ty: entry.kind.into(),
                name: entry.name.clone(),
            })),
            None if shown.has_other_names => Err(Errno::Ilseq.into()),
            None => Ok(None),
        })
    }

    /// Reads from a file; no more than a guest gets at a time.
    pub(super) fn read_file(&self, place: &Place, len: u64, position: u64) -> Result<Vec<u8>, Failure> {
        let len = usize::try_from(len.min(WRITABLE)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; len];
        let mut file = self.files.open(place)?;
        let read = match file.seek(SeekFrom::Start(position)) {
            Ok(_) => fill(&mut file, &mut bytes),
            // The position is beyond what this system supports, and so beyond the file's end.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(0),
            Err(error) => Err(error),
        };
        let read = read.map_err(|error| self.files.unreadable(place, &error))?;
        bytes.truncate(read);
        Ok(bytes)
    }
}
