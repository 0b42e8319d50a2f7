//! What a guest holds of the host, in preview 2.

use std::collections::BTreeMap;

use wasmtime::component::Resource;

use super::files::{Kind, Place};
use crate::refusal::DIRECTORY_HANDLE;
use crate::snapshot::Stream;

/// What a guest can hold of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::run) enum Held {
    Stdin,
    Stdout,
    Stderr,
    /// A wait for a clock.
    Wait(Wait),
    /// What is ready at once: a subscription to the stream of this number.
    Ready(u32),
    /// A file or a directory.
    Descriptor(Place, Kind),
    /// What is read of a file.
    FileStream(FileStream),
    /// What is read of a directory.
    Entries(Entries),
}

/// What is read of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::run) struct FileStream {
    pub(super) place: Place,
    /// Where the next read begins.
    pub(super) position: u64,
}

/// What is read of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::run) struct Entries {
    pub(super) place: Place,
    /// The position of the next entry.
    pub(super) next: usize,
}

impl std::fmt::Display for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stream = match self {
            Self::Stdin => Stream::Stdin,
            Self::Stdout => Stream::Stdout,
            Self::Stderr => Stream::Stderr,
            Self::Ready(stream) => Stream::Pollable(*stream),
            Self::Wait(_) => {
                return f.write_str("a wait for a clock (`wasi:clocks/monotonic-clock`)");
            }
            Self::Descriptor(_, Kind::Directory) => {
                return f.write_str(DIRECTORY_HANDLE);
            }
            Self::Descriptor(..) | Self::FileStream(_) => {
                return f.write_str("a file (`wasi:filesystem/types`)");
            }
            Self::Entries(_) => {
                return f.write_str("a list of a directory's entries (`wasi:filesystem/types`)");
            }
        };
        stream.fmt(f)
    }
}

/// When a wait ends, on the clock that runs since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) struct Wait {
    pub(super) nanoseconds: u64,
}

/// What the guest holds, by number.
#[derive(Debug, Default)]
pub(super) struct Resources {
    pub(super) held: BTreeMap<u32, Held>,
    next: u32,
    /// What was dropped last.
    pub(super) dropped: Option<(u32, Held)>,
}

impl Resources {
    pub(super) fn add<T: 'static>(&mut self, held: Held) -> Resource<T> {
        let number = self.next;
        self.next += 1;
        self.held.insert(number, held);
        Resource::new_own(number)
    }

    pub(super) fn remove(&mut self, number: u32) {
        self.dropped = self.held.remove(&number).map(|held| (number, held));
    }

    /// How many the guest was ever given.
    pub(super) fn given(&self) -> usize {
        self.next as usize
    }

    pub(super) fn get_mut<T: 'static>(&mut self, resource: &Resource<T>) -> wasmtime::Result<&mut Held> {
        let held = self.held.get_mut(&resource.rep());
        held.ok_or_else(|| wasmtime::format_err!("there is no such resource"))
    }

    pub(super) fn get<T: 'static>(&self, resource: &Resource<T>) -> wasmtime::Result<&Held> {
        let held = self.held.get(&resource.rep());
        held.ok_or_else(|| wasmtime::format_err!("there is no such resource"))
    }
}
