//! Finds the core instances in the store of a component.
//!
//! wasmtime has no way to a component's core instances, but for one: a core dump lists all instances of its store, in the order of
//! instantiation, and a trap of any instance makes one ([`Config::coredump_on_trap`][config]). So a module that traps is
//! instantiated last. Nothing of the guest is on the stack then. From there on the store refuses calls of component functions;
//! core functions can be called, and the handles of memories, tables and globals are as good as any.
//!
//! An engine that debugs a guest lists the instances as well, and goes on: see [`LaterCalls`](super::engine::LaterCalls).
//!
//! [config]: https://docs.rs/wasmtime/48.0.8/wasmtime/struct.Config.html#method.coredump_on_trap

use wasmtime::{Instance, Module, Store, WasmCoreDump};

use super::error::{EngineError, RunError};
use super::host::Host;

fn setup(error: wasmtime::Error) -> RunError {
    RunError::Setup(EngineError::from(error))
}

/// All core instances of the store, in the order of instantiation.
pub(super) fn all(store: &mut Store<Host>) -> Result<Vec<Instance>, RunError> {
    if is_debugged(store) {
        return Ok(store.debug_all_instances());
    }
    let trap = Module::new(store.engine(), TRAP).map_err(setup)?;
    let dumped = match Instance::new(&mut *store, &trap, &[]) {
        Err(error) => error,
        Ok(_) => return Err(RunError::Bug("a module that traps did not".to_owned())),
    };
    let dump = dumped.downcast_ref::<WasmCoreDump>();
    let dump = dump.ok_or_else(|| RunError::Bug("a trap made no core dump".to_owned()))?;
    // The last one is the module that trapped.
    let mut instances = dump.instances().to_vec();
    instances.pop();
    Ok(instances)
}

/// Whether the engine debugs the guest.
pub(super) fn is_debugged(store: &Store<Host>) -> bool {
    store.engine().get_guest_debug()
}

/// `(module (func unreachable) (start 0))`
const TRAP: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x08\x01\0\x0a\x05\x01\x03\0\0\x0b";
