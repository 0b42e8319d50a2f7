//! Counts the handles that the instances of a component hold.
//!
//! A handle is an index into a table of the engine, so no module can bring one along. The engine counts the handles of all
//! instances in a store against a limit: one more can be made if there are fewer than that. So a component that makes a handle
//! and drops it is instantiated beside the guest, and asked again with other limits.
//!
//! Which numbers they have, and which ones later handles get, is told by functions in each component instance: see
//! `instrument/handles.rs`.

use std::collections::{BTreeMap, BTreeSet};

use wasmtime::component::{Component, Linker};
use wasmtime::{Func, Instance, Store};

use super::core_instances::all;
use super::error::{EngineError, RunError};
use super::host::Host;
use super::wasi::Held;
use crate::guest::index::ScopeId;
use crate::snapshot::{Stream, Streams};

/// The handles that are alive.
#[derive(Debug, Clone, Default)]
pub(crate) struct Handles {
    /// How many there are in all instances.
    pub(crate) count: usize,
    /// Those of them that the host has given, in words.
    pub(crate) of_host: Vec<String>,
    /// The tables of handles that differ from one that was never used; `None` if not all can be read.
    pub(crate) tables: Option<Vec<HandleTable>>,
}

/// The table of handles of a component instance.
#[derive(Debug, Clone)]
pub(crate) struct HandleTable {
    pub(crate) scope: ScopeId,
    /// By the handle less 1. `None` is one that is free.
    pub(crate) slots: Vec<Option<Handle>>,
    /// The handles that are free, the one that is given out first last.
    pub(crate) free: Vec<u32>,
}

/// What a handle is of.
#[derive(Debug, Clone)]
pub(crate) enum Handle {
    Stream(Stream),
    /// Something else, in words if the host gave it.
    Other(Option<String>),
}

impl Handles {
    /// There are none, and there were none.
    pub(super) fn none() -> Self {
        Self {
            tables: Some(Vec::new()),
            ..Self::default()
        }
    }
}

impl HandleTable {
    /// The handles, if all are of standard streams.
    pub(crate) fn streams(&self) -> Option<Streams> {
        let slots = self.slots.iter().map(|slot| match slot {
            None => Some(None),
            Some(Handle::Stream(stream)) => Some(Some(*stream)),
            Some(Handle::Other(_)) => None,
        });
        Some(Streams {
            slots: slots.collect::<Option<_>>()?,
            free: self.free.clone(),
        })
    }

    /// What is alive and no standard stream, in words if the host gave it.
    pub(crate) fn others(&self) -> impl Iterator<Item = Option<String>> {
        self.slots.iter().flatten().filter_map(|handle| match handle {
            Handle::Stream(_) => None,
            Handle::Other(words) => Some(words.clone()),
        })
    }
}

/// How many handles the engine allows by default, so that no table has more.
pub(super) const MOST: usize = 100_000;

/// The export of the function that makes a handle and drops it.
const EXPORT: &str = "__cargo_preinit_handle";

/// Makes a handle and drops it.
const COUNTER: &str = r#"(component
    (type $resource (resource (rep i32)))
    (core func $new (canon resource.new $resource))
    (core func $drop (canon resource.drop $resource))
    (core module $module
        (import "" "new" (func $new (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "__cargo_preinit_handle") (call $drop (call $new (i32.const 0)))))
    (core instance (instantiate $module (with "" (instance
        (export "new" (func $new))
        (export "drop" (func $drop)))))))"#;

/// Counts the handles in a store.
pub(super) struct HandleCounter(Func);

fn setup(error: wasmtime::Error) -> RunError {
    RunError::Setup(EngineError::from(error))
}

impl HandleCounter {
    pub(super) fn new(store: &mut Store<Host>) -> Result<Self, RunError> {
        let bug = |what: &str| RunError::Bug(format!("handles cannot be counted: {what}"));
        let wasm = wat::parse_str(COUNTER).map_err(|error| bug(&error.to_string()))?;
        let component = Component::from_binary(store.engine(), &wasm).map_err(setup)?;
        let linker: Linker<Host> = Linker::new(store.engine());
        linker.instantiate(&mut *store, &component).map_err(setup)?;
        let mut instances = all(store)?.into_iter();
        let found = instances.find_map(|instance: Instance| instance.get_func(&mut *store, EXPORT));
        found.map(Self).ok_or_else(|| bug("there is no counter"))
    }

    /// The number of handles that are alive.
    pub(super) fn count(&self, store: &mut Store<Host>) -> Result<usize, RunError> {
        // One more handle can be made with a limit above this, and none with a limit of it or below.
        let (mut low, mut high) = (0, MOST);
        while low < high {
            let middle = low + (high - low) / 2;
            store.set_max_component_handles(middle + 1);
            match self.0.call(&mut *store, &[], &mut []) {
                Ok(()) => high = middle,
                Err(_) => low = middle + 1,
            }
        }
        store.set_max_component_handles(usize::MAX);
        Ok(low)
    }
}

/// The functions that make and drop handles in a component instance.
#[derive(Debug)]
pub(super) struct HandleFunctions {
    pub(super) scope: ScopeId,
    pub(super) maker: Func,
    /// Each drops handles of one resource.
    pub(super) droppers: Vec<Func>,
}

impl HandleFunctions {
    /// Reads a table of handles; `None` if it is like one that was never used. That ends its use: more handles are in it then.
    ///
    /// `tried` is more than the handles that the table can have had at a time. If all that are alive are the host's, `are_of_host`,
    /// those of WASI's resources are dropped to tell what they are, since no code of the guest can run then.
    pub(super) fn read(
        &self,
        store: &mut Store<Host>,
        tried: usize,
        are_of_host: bool,
    ) -> Result<Option<HandleTable>, RunError> {
        let maker = self.maker.typed::<u32, u32>(&*store).map_err(setup)?;
        let mut given = Vec::new();
        for _ in 0..tried {
            given.push(maker.call(&mut *store, 0).map_err(setup)?);
        }
        let (len, free) = beyond_table(given);
        if len == 0 {
            return Ok(None);
        }
        let is_free: BTreeSet<u32> = free.iter().copied().collect();
        let mut held = Vec::new();
        for handle in 1..=len {
            held.push(match is_free.contains(&handle) {
                true => None,
                false if are_of_host => Some(self.drop(store, handle)?),
                false => Some(None),
            });
        }
        let handles: BTreeMap<u32, u32> = (1..)
            .zip(&held)
            .filter_map(|(handle, held)| Some((held.as_ref()?.as_ref()?.0, handle)))
            .collect();
        let slot = |held: &Option<(u32, Held)>| match held {
            None => Handle::Other(None),
            Some((_, held)) => {
                let stream = match held {
                    Held::Stdin => Some(Stream::Stdin),
                    Held::Stdout => Some(Stream::Stdout),
                    Held::Stderr => Some(Stream::Stderr),
                    Held::Ready(stream) => handles.get(stream).copied().map(Stream::Pollable),
                    Held::Wait(_) | Held::Descriptor(..) | Held::FileStream(_) | Held::Entries(_) => None,
                };
                stream.map_or_else(|| Handle::Other(Some(held.to_string())), Handle::Stream)
            }
        };
        let slots = held.iter().map(|held| held.as_ref().map(slot)).collect();
        let scope = self.scope;
        Ok(Some(HandleTable { scope, slots, free }))
    }

    /// Drops a handle, and returns what the host knows of it: its number for it, and what it is.
    fn drop(&self, store: &mut Store<Host>, handle: u32) -> Result<Option<(u32, Held)>, RunError> {
        for dropper in &self.droppers {
            let dropper = dropper.typed::<u32, ()>(&*store).map_err(setup)?;
            // It traps if the handle is of another resource.
            if dropper.call(&mut *store, handle).is_ok() {
                return Ok(store.data_mut().wasi.take_dropped());
            }
        }
        Ok(None)
    }
}

/// How many handles a table has, and those that are free, the one that is given out first last. `given` are the numbers that were
/// given out one after the other, at last those that follow the table's end.
///
/// A free handle that is given out just before them, and is the last of the table, counts as one beyond its end: that makes no
/// difference.
fn beyond_table(mut given: Vec<u32>) -> (u32, Vec<u32>) {
    let Some(mut last) = given.last().copied() else {
        return (0, given);
    };
    while given.pop_if(|number| *number == last).is_some() {
        last -= 1;
    }
    given.reverse();
    (last, given)
}

#[cfg(test)]
mod tests {
    use super::beyond_table;

    #[test]
    fn the_end_of_a_table() {
        assert_eq!(beyond_table(vec![1, 2, 3]), (0, vec![]), "never used");
        assert_eq!(beyond_table(vec![3, 4, 5]), (2, vec![]), "two are alive");
        assert_eq!(
            beyond_table(vec![2, 1, 3, 4]),
            (2, vec![1, 2]),
            "the second is given out first"
        );
        assert_eq!(
            beyond_table(vec![1, 3, 4, 5]),
            (2, vec![1]),
            "the second is alive"
        );
        assert_eq!(
            beyond_table(vec![2, 5, 6, 7]),
            (4, vec![2]),
            "1, 3, and 4 are alive"
        );
    }
}
