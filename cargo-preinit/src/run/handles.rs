//! Counts the handles that the instances of a component hold.
//!
//! A handle is an index into a table of the engine, so no module can bring one along. The engine counts the handles of all
//! instances in a store against a limit: one more can be made if there are fewer than that. So a component that makes a handle
//! and drops it is instantiated beside the guest, and asked again with other limits.
//!
//! Which numbers later handles get depends on those that were dropped. So as many are made after init as a table can have had, and
//! their numbers are looked at.

use wasmtime::component::{Component, Linker};
use wasmtime::{Func, Instance, Store};

use super::component::all;
use super::error::{EngineError, RunError};
use super::host::Host;
use crate::snapshot::Streams;

/// The handles that are alive.
#[derive(Debug, Clone, Default)]
pub(crate) struct Handles {
    /// How many there are in all instances.
    pub(crate) count: usize,
    /// Those of them that the host has given, in words.
    pub(crate) of_host: Vec<String>,
    /// All of them, if they are of standard streams, and later ones are given out as if there had never been others.
    pub(crate) streams: Option<Streams>,
    /// Whether all of them are of standard streams.
    pub(crate) are_streams: bool,
    /// Whether handles are given out as if there had never been any.
    pub(crate) is_fresh: bool,
}

impl Handles {
    /// There are none, and there were none.
    pub(super) fn none() -> Self {
        Self {
            streams: Some(Streams {
                slots: Vec::new(),
                free: Vec::new(),
            }),
            is_fresh: true,
            ..Self::default()
        }
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

    /// The number of handles that are alive, and what the host knows of them. Of later ones it knows nothing.
    pub(super) fn count(&self, store: &mut Store<Host>) -> Result<Handles, RunError> {
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
        store.set_max_component_handles(MOST);
        let wasi = &store.data().wasi;
        let of_host: Vec<String> = wasi.held().map(ToString::to_string).collect();
        let streams = wasi.streams().filter(|_| of_host.len() == low);
        Ok(Handles {
            count: low,
            are_streams: streams.is_some(),
            streams,
            is_fresh: false,
            of_host,
        })
    }
}

/// Whether a table of handles gives them out in this order. `maker` makes one. They stay alive.
pub(super) fn gives_out(
    store: &mut Store<Host>,
    maker: &Func,
    expected: impl IntoIterator<Item = u32>,
) -> Result<bool, RunError> {
    store.set_max_component_handles(usize::MAX);
    let maker = maker.typed::<u32, u32>(&*store).map_err(setup)?;
    for expected in expected {
        if maker.call(&mut *store, 0).map_err(setup)? != expected {
            return Ok(false);
        }
    }
    Ok(true)
}
