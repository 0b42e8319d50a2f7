//! The directories that the options map into the guest, reduced to names and contents: a copy of a directory on another machine
//! looks the same.
//!
//! The guest does not see what else the system keeps: times, inode and device numbers, link counts, the sizes and the order of
//! directories, permissions. Paths are resolved here, name by name, in the listings of the directories. So the rules for names
//! are the same on every system, and a path always resolves to one [`Place`].
//!
//! A file that this machine does not let us read, a pipe, a socket or a device ends the run: an answer could be another on
//! another machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::abi::{Answer, Errno, Failure, field, stop};
use super::vary;
use crate::options::MappedDir;
use crate::run::error::RunError;

/// How many symbolic links a path may go through; the limit is that of Linux.
const MAX_LINKS: usize = 40;

/// A location: a mapped directory, and names below it. No name is `.`, `..` or a link to a directory, so every location has one
/// `Place`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::run) struct Place {
    /// The position among the mapped directories.
    pub(super) dir: usize,
    pub(super) names: Vec<String>,
}

/// The kind of a directory entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) enum Kind {
    Directory,
    File,
    Link,
    BlockDevice,
    CharacterDevice,
    /// A pipe, a socket, or another kind.
    Other,
}

/// The result of following a path.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

/// What happens to a symbolic link that is the last name of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLink {
    Follow,
    Keep,
}

/// The entries of a directory.
#[derive(Debug)]
pub(super) struct Listing {
    /// In the order of the names.
    pub(super) entries: Vec<(String, Kind)>,
    /// Whether there are names that are not UTF-8.
    has_other_names: bool,
}

/// The error for a file or directory that cannot be read, on this machine or at this time only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` cannot be read here: {reason}")]
pub(crate) struct Unreadable {
    /// The path, as the guest would name it.
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// The mapped directories. Each directory below them is listed once, so that it does not change during the run.
#[derive(Debug, Default)]
pub(super) struct Files {
    dirs: Vec<MappedDir>,
    listings: BTreeMap<Place, Arc<Listing>>,
    /// The files that were opened.
    opened: BTreeSet<Place>,
    /// The directories whose entries the guest asked for, as it sees them.
    shown: BTreeMap<Place, Arc<Shown>>,
    /// Whether entries have other names than on this machine, and files other numbers and times.
    is_other: bool,
}

/// The entries of a directory, as the guest sees them.
#[derive(Debug)]
pub(super) struct Shown {
    /// In the order of the names.
    pub(super) entries: Vec<Entry>,
    /// The names on this machine of those that have other ones, by these.
    others: BTreeMap<String, String>,
    /// Whether there are names that are not UTF-8, which WASI cannot express.
    pub(super) has_other_names: bool,
}

/// An entry of a directory, as the guest sees it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Its inode number.
    pub(super) number: u64,
}

impl Place {
    /// A mapped directory itself, by its position.
    pub(super) fn root(dir: usize) -> Self {
        Self {
            dir,
            names: Vec::new(),
        }
    }

    /// The directory that contains it. The parent of a mapped directory is itself.
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

    /// A hash of the place: different for different places, and independent of the order in which they are looked at.
    fn hash(&self) -> u64 {
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
    /// If one of the directories cannot be listed.
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
            ..Self::default()
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

    /// Follows a path from a directory. `perm` if the path leads out of that directory.
    pub(super) fn find(&mut self, from: &Place, path: &str, last: LastLink) -> Answer<Found> {
        let mut place = from.clone();
        let mut links = 0;
        // The last step comes first, so that the next one can be popped.
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
            let (name, kind) = self.entry(&place, &listing, &step).ok_or(Errno::Noent)?;
            let found = place.child(&name);
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

    /// The entries of a directory.
    pub(super) fn list(&mut self, place: &Place) -> Answer<Arc<Listing>> {
        if let Some(listing) = self.listings.get(place) {
            return Ok(Arc::clone(listing));
        }
        let listing = read_listing(&self.host(place)).map_err(|error| self.unreadable(place, &error))?;
        let listing = Arc::new(listing);
        self.listings.insert(place.clone(), Arc::clone(&listing));
        Ok(listing)
    }

    /// The entries of a directory, for the guest.
    pub(super) fn show(&mut self, place: &Place) -> Answer<Arc<Shown>> {
        if let Some(shown) = self.shown.get(place) {
            return Ok(Arc::clone(shown));
        }
        let listing = self.list(place)?;
        let mut entries = Vec::new();
        let mut others = BTreeMap::new();
        for (own, kind) in &listing.entries {
            let name = match self.is_other {
                true => other_name(own, |name| {
                    listing.get(name).is_none() && !others.contains_key(name)
                }),
                false => own.clone(),
            };
            if name != *own {
                others.insert(name.clone(), own.clone());
            }
            entries.push(Entry {
                name,
                kind: *kind,
                number: self.number(&place.child(own)),
            });
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        let shown = Arc::new(Shown {
            entries,
            others,
            has_other_names: listing.has_other_names,
        });
        self.shown.insert(place.clone(), Arc::clone(&shown));
        Ok(shown)
    }

    /// From here on entries have other names, and files other numbers and times. The contents of files stay.
    pub(super) fn vary(&mut self) {
        self.is_other = true;
    }

    /// What a directory has under a name that the guest gives: its name on this machine, and its kind. A name that is varied leads to its
    /// entry, too, and is none that another one has.
    fn entry(&self, place: &Place, listing: &Listing, name: &str) -> Option<(String, Kind)> {
        let own = || {
            let shown = self.shown.get(place)?;
            shown.others.get(name).map(String::as_str)
        };
        let name = if listing.get(name).is_some() { name } else { own()? };
        listing.get(name).map(|kind| (name.to_owned(), kind))
    }

    /// The inode number. Guests take two files with the same number for one file.
    pub(super) fn number(&self, place: &Place) -> u64 {
        place.hash() ^ u64::from(self.is_other)
    }

    /// The time of each file, if the wall clock starts at this, in nanoseconds since the Unix epoch.
    pub(super) fn time(&self, start: u64) -> u64 {
        const DAY: u64 = 86_400_000_000_000;
        match self.is_other {
            true => start.saturating_add(DAY),
            false => start,
        }
    }

    /// The directories whose entries the guest asked for, with these.
    pub(super) fn listed(&self) -> impl Iterator<Item = (&Place, &Arc<Listing>)> {
        let listed = self.shown.keys();
        listed.filter_map(|place| self.listings.get_key_value(place))
    }

    /// Notes that the guest opened a file.
    pub(super) fn note_opened(&mut self, place: &Place) {
        self.opened.insert(place.clone());
    }

    /// The files that were opened.
    pub(super) fn opened(&self) -> &BTreeSet<Place> {
        &self.opened
    }

    /// Opens a file for reading.
    pub(super) fn open(&self, place: &Place) -> Answer<fs_err::File> {
        let file = fs_err::File::open(self.host(place));
        file.map_err(|error| self.unreadable(place, &error))
    }

    /// The failure for something that can be opened but is neither a file nor a directory.
    pub(super) fn no_file(&self, place: &Place) -> Failure {
        stop(Unreadable {
            path: self.shown(place, ""),
            reason: "it is neither a file nor a directory".to_owned(),
        })
    }

    /// The target of a symbolic link. It has to be relative: an absolute path differs from machine to machine, and leads out of the
    /// mapped directories.
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

    /// The size in bytes, of a file's contents or of a link's target. It is 0 for everything else, directories included.
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

    pub(super) fn host(&self, place: &Place) -> PathBuf {
        let dir = self.dirs.get(place.dir).map(|dir| dir.host.as_path());
        let mut path = dir.unwrap_or("".as_ref()).to_owned();
        path.extend(&place.names);
        path
    }
}

/// Another name for an entry that is free, or its own if none is found.
fn other_name(own: &str, is_free: impl Fn(&str) -> bool) -> String {
    /// As many as there are letters: then a name is what it was.
    const TRIES: usize = 26;
    let mut name = own.to_owned();
    for _ in 0..TRIES {
        name = vary::other_name(&name);
        if is_free(&name) {
            return name;
        }
    }
    own.to_owned()
}

/// Adds the names of a path to a stack of steps, so that the first name is popped first. A path that ends with a slash has to lead
/// to a directory, so its last step is `.`.
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
