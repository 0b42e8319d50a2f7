//! What a guest holds of the host, in preview 2.

use std::collections::BTreeMap;

use wasmtime::component::Resource;

use crate::snapshot::{Stream, Streams};

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
}

impl std::fmt::Display for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Stdin => "standard input (`wasi:cli/stdin`)",
            Self::Stdout => "standard output (`wasi:cli/stdout`)",
            Self::Stderr => "standard error (`wasi:cli/stderr`)",
            Self::Wait(_) => "a wait for a clock (`wasi:clocks/monotonic-clock`)",
            Self::Ready(_) => "a subscription to a stream (`wasi:io/streams`)",
        })
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
    /// The numbers behind the guest's handles, by the handle less 1, if it has no other handles.
    handles: Vec<Option<u32>>,
    /// The handles that were dropped, the last one last. It is given out first.
    free: Vec<u32>,
}

impl Resources {
    pub(super) fn add<T: 'static>(&mut self, held: Held) -> Resource<T> {
        let number = self.next;
        self.next += 1;
        self.held.insert(number, held);
        match self.free.pop() {
            Some(handle) => self.handles[handle as usize - 1] = Some(number),
            None => self.handles.push(Some(number)),
        }
        Resource::new_own(number)
    }

    pub(super) fn remove(&mut self, number: u32) {
        self.held.remove(&number);
        if let Some(handle) = self.handle(number) {
            self.handles[handle as usize - 1] = None;
            self.free.push(handle);
        }
    }

    /// The guest's handle for a number.
    fn handle(&self, number: u32) -> Option<u32> {
        let position = self.handles.iter().position(|held| *held == Some(number))?;
        u32::try_from(position + 1).ok()
    }

    /// How many the guest was ever given.
    pub(super) fn given(&self) -> usize {
        self.next as usize
    }

    /// The guest's handles, if all are of standard streams.
    pub(super) fn streams(&self) -> Option<Streams> {
        let slots = self.handles.iter().map(|number| {
            let Some(number) = number else { return Some(None) };
            Some(Some(match self.held.get(number)? {
                Held::Stdin => Stream::Stdin,
                Held::Stdout => Stream::Stdout,
                Held::Stderr => Stream::Stderr,
                Held::Ready(stream) => Stream::Pollable(self.handle(*stream)?),
                Held::Wait(_) => return None,
            }))
        });
        Some(Streams {
            slots: slots.collect::<Option<_>>()?,
            free: self.free.clone(),
        })
    }

    pub(super) fn get<T: 'static>(&self, resource: &Resource<T>) -> wasmtime::Result<&Held> {
        let held = self.held.get(&resource.rep());
        held.ok_or_else(|| wasmtime::format_err!("there is no such resource"))
    }
}
