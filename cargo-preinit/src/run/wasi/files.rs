//! The directories that init is shown, as their names and contents make them: the same wherever and whenever they were
//! copied.
//!
//! What the system keeps beside these (times, numbers of files and devices, counts of links, sizes and order of directories,
//! permissions) reaches nobody. A path is followed here, name by name, through what the directories list, so that no
//! system has its own word on what a name means, and a path always comes to one [`Place`].
//!
//! Where this machine does not let a file be read, or where it is a pipe, a socket or a device, nothing can be said that
//! would hold elsewhere: that ends the run.

use std::collections::BTreeMap;
use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::abi::{Answer, Errno, Failure, field, stop};
use crate::options::MappedDir;
use crate::run::RunError;

/// How many symbolic links may be followed on one way, as on Linux.
const MAX_LINKS: usize = 40;

/// Where something is: in which of the mapped directories, and by which names below it. No name is a link to a directory,
/// `.` or `..`, so what is in one place has one `Place`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The position among the mapped directories.
    pub(super) dir: usize,
    pub(super) names: Vec<String>,
}

/// What is in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Directory,
    File,
    Link,
    BlockDevice,
    CharacterDevice,
    /// A pipe, a socket, or what nobody knows.
    Other,
}

/// What a path led to.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

/// What becomes of a link that the last name of a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLink {
    Follow,
    Keep,
}

/// What is in a directory, by names.
#[derive(Debug)]
pub(super) struct Listing {
    /// In the order of the names.
    pub(super) entries: Vec<(String, Kind)>,
    /// Whether there are names that no string of WASI can be.
    pub(super) has_other_names: bool,
}

/// Something cannot be read, and that is so on this machine or at this time only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` cannot be read here: {reason}")]
pub(crate) struct Unreadable {
    /// What, as the guest would name it.
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// The mapped directories. Each directory in them is listed once, so that it is the same for all of the run.
#[derive(Debug, Default)]
pub(super) struct Files {
    dirs: Vec<MappedDir>,
    listings: BTreeMap<Place, Arc<Listing>>,
}

impl Place {
    /// A mapped directory itself.
    pub(super) fn root(dir: usize) -> Self {
        Self {
            dir,
            names: Vec::new(),
        }
    }

    /// The directory that holds it; a mapped directory holds itself.
    pub(super) fn parent(&self) -> Self {
        let mut parent = self.clone();
        parent.names.pop();
        parent
    }

    pub(super) fn child(&self, name: &str) -> Self {
        let mut child = self.clone();
        child.names.push(name.to_owned());
        child
    }

    /// The number of the file (`inode`): that of the place, since guests take two files with the same number for one. It
    /// is a hash, as two places must not get the same number, in whichever order they are looked at.
    pub(super) fn number(&self) -> u64 {
        let mut hash = Sha256::new();
        hash.update((self.dir as u64).to_le_bytes());
        for name in &self.names {
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name);
        }
        u64::from_le_bytes(field(hash.finalize().as_slice(), 0))
    }
}

impl Listing {
    fn get(&self, name: &str) -> Option<Kind> {
        let found = self
            .entries
            .binary_search_by(|(entry, _)| entry.as_str().cmp(name));
        found.ok().map(|position| self.entries[position].1)
    }
}

impl Files {
    /// # Errors
    ///
    /// Says which of the directories cannot be listed.
    pub(super) fn new(dirs: &[MappedDir]) -> Result<Self, RunError> {
        for dir in dirs {
            let listed = dir.host.as_path().read_dir();
            listed.map_err(|source| RunError::Dir {
                path: dir.host.clone(),
                source,
            })?;
        }
        Ok(Self {
            dirs: dirs.to_vec(),
            listings: BTreeMap::new(),
        })
    }

    pub(super) fn dirs(&self) -> &[MappedDir] {
        &self.dirs
    }

    /// A path below a place, as the guest would name it.
    pub(super) fn shown(&self, place: &Place, path: &str) -> String {
        let dir = self.dirs.get(place.dir).map_or("", |dir| &dir.guest);
        let names = place.names.iter().map(String::as_str).chain([path]);
        let path: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        match (dir, path.join("/")) {
            ("." | "./", path) if !path.is_empty() => path,
            (dir, path) if path.is_empty() || dir.ends_with('/') => format!("{dir}{path}"),
            (dir, path) => format!("{dir}/{path}"),
        }
    }

    /// Follows a path from a directory, which it must not leave.
    pub(super) fn find(&mut self, from: &Place, path: &str, last: LastLink) -> Answer<Found> {
        let mut place = from.clone();
        let mut links = 0;
        // The last one comes first.
        let mut steps: Vec<String> = Vec::new();
        push_steps(&mut steps, path)?;
        while let Some(step) = steps.pop() {
            match step.as_str() {
                "." => continue,
                ".." if place.names.len() == from.names.len() => return Err(Errno::Perm.into()),
                ".." => {
                    place.names.pop();
                    continue;
                }
                _ => {}
            }
            let listing = self.list(&place)?;
            let kind = listing.get(&step).ok_or(Errno::Noent)?;
            let found = place.child(&step);
            match kind {
                Kind::Directory => place = found,
                Kind::Link if !steps.is_empty() || last == LastLink::Follow => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(Errno::Loop.into());
                    }
                    let target = self.link_target(&found)?;
                    push_steps(&mut steps, &target)?;
                }
                _ if steps.is_empty() => return Ok(Found { place: found, kind }),
                _ => return Err(Errno::Notdir.into()),
            }
        }
        Ok(Found {
            place,
            kind: Kind::Directory,
        })
    }

    /// What is in a directory.
    pub(super) fn list(&mut self, place: &Place) -> Answer<Arc<Listing>> {
        if let Some(listing) = self.listings.get(place) {
            return Ok(Arc::clone(listing));
        }
        let listing = read_listing(&self.host(place)).map_err(|error| self.unreadable(place, &error))?;
        let listing = Arc::new(listing);
        self.listings.insert(place.clone(), Arc::clone(&listing));
        Ok(listing)
    }

    /// Opens a file to be read.
    pub(super) fn open(&self, place: &Place) -> Answer<fs_err::File> {
        let file = fs_err::File::open(self.host(place));
        file.map_err(|error| self.unreadable(place, &error))
    }

    /// What there would be to read is not a file's.
    pub(super) fn no_file(&self, place: &Place) -> Failure {
        stop(Unreadable {
            path: self.shown(place, ""),
            reason: "it is neither a file nor a directory".to_owned(),
        })
    }

    /// Where a link leads: a relative path. Where an absolute one leads differs from machine to machine, and it is out of
    /// all that init is shown.
    pub(super) fn link_target(&self, place: &Place) -> Answer<String> {
        let target = fs_err::read_link(self.host(place));
        let target = target.map_err(|error| self.unreadable(place, &error))?;
        if target.has_root() {
            return Err(Errno::Perm.into());
        }
        let target = target.into_os_string().into_string();
        let target = target.map_err(|_| Errno::Ilseq)?;
        Ok(if cfg!(windows) {
            target.replace('\\', "/")
        } else {
            target
        })
    }

    /// How many bytes there are to read. That of directories is no one's.
    pub(super) fn size(&self, found: &Found) -> Answer<u64> {
        match found.kind {
            Kind::File => {
                let metadata = fs_err::symlink_metadata(self.host(&found.place));
                let metadata = metadata.map_err(|error| self.unreadable(&found.place, &error))?;
                Ok(metadata.len())
            }
            Kind::Link => match self.link_target(&found.place) {
                Ok(target) => Ok(target.len() as u64),
                Err(Failure::Errno(_)) => Ok(0),
                Err(Failure::Stop(error)) => Err(Failure::Stop(error)),
            },
            Kind::Directory | Kind::BlockDevice | Kind::CharacterDevice | Kind::Other => Ok(0),
        }
    }

    pub(super) fn unreadable(&self, place: &Place, error: &io::Error) -> Failure {
        stop(Unreadable {
            path: self.shown(place, ""),
            reason: error.to_string(),
        })
    }

    fn host(&self, place: &Place) -> PathBuf {
        let dir = self.dirs.get(place.dir).map(|dir| dir.host.as_path());
        let mut path = dir.unwrap_or("".as_ref()).to_owned();
        path.extend(&place.names);
        path
    }
}

/// Adds the names of a path to the steps of a way that is walked from its end. A directory is what a path with a slash at
/// its end leads to.
fn push_steps(steps: &mut Vec<String>, path: &str) -> Answer {
    if path.is_empty() {
        return Err(Errno::Noent.into());
    }
    if path.starts_with('/') {
        return Err(Errno::Perm.into());
    }
    let is_directory = path.ends_with('/').then_some(".");
    let names = path.split('/').filter(|name| !name.is_empty());
    let names: Vec<&str> = names.chain(is_directory).collect();
    steps.extend(names.into_iter().rev().map(str::to_owned));
    Ok(())
}

fn read_listing(path: &Path) -> io::Result<Listing> {
    let mut listing = Listing {
        entries: Vec::new(),
        has_other_names: false,
    };
    for entry in fs_err::read_dir(path)? {
        let entry = entry?;
        match entry.file_name().into_string() {
            Ok(name) => listing.entries.push((name, kind(entry.file_type()?))),
            Err(_) => listing.has_other_names = true,
        }
    }
    listing.entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(listing)
}

fn kind(ty: FileType) -> Kind {
    if ty.is_dir() {
        Kind::Directory
    } else if ty.is_file() {
        Kind::File
    } else if ty.is_symlink() {
        Kind::Link
    } else {
        special_kind(ty)
    }
}

#[cfg(unix)]
fn special_kind(ty: FileType) -> Kind {
    use std::os::unix::fs::FileTypeExt as _;
    if ty.is_block_device() {
        Kind::BlockDevice
    } else if ty.is_char_device() {
        Kind::CharacterDevice
    } else {
        Kind::Other
    }
}

#[cfg(not(unix))]
fn special_kind(_: FileType) -> Kind {
    Kind::Other
}
