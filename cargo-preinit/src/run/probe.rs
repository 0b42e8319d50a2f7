//! Asks functions for their numbers, and checks the answers against the engine.
//!
//! Two ways lead from a reference to an index, and they have nothing in common:
//!
//! - The probe: armed, the function itself stores its number (see [`crate::instrument`]).
//! - The engine's identity: `Func::to_raw` of a table entry equals that of the same function's export. wasmtime does
//!   not promise this, so the map is checked to be injective in each bake.
//!
//! A function that can be called without arguments to invent is asked both ways, and a disagreement ends the bake. One
//! with a parameter that has no default value, and an imported one, is known by its identity alone. A function that
//! the engine does not know as one of the module's is never called.

use std::collections::BTreeMap;

use wasmtime::{Func, Global, Instance, Memory, Store, Val};

use super::RunError;
use super::state::Host;
use crate::index::{FunctionIndex, MemoryIndex};
use crate::instrument::{ARMED_VALUE, Cells, Injected, Probe};
use crate::module::GuestModule;

/// No function has this number: a module has fewer functions.
const NOBODY: i32 = -1;

pub(super) struct Prober {
    cells: LiveCells,
    /// By identity: which function, and whether it can be asked.
    known: BTreeMap<usize, Known>,
}

struct Known {
    function: FunctionIndex,
    /// Default arguments, and as many results; `None` where the function cannot be asked.
    call: Option<(Vec<Val>, usize)>,
    confirmed: bool,
}

enum LiveCells {
    Statics {
        memory: Memory,
        armed: usize,
        slot: usize,
    },
    Globals {
        armed: Global,
        slot: Global,
    },
}

impl Prober {
    pub(super) fn new(
        probe: &Probe,
        module: &GuestModule<'_>,
        store: &mut Store<Host>,
        instance: Instance,
    ) -> Result<Self, RunError> {
        let mut known = BTreeMap::new();
        for &function in &probe.functions {
            let injected = Injected::Function(function);
            let live = instance
                .get_func(&mut *store, &injected.name())
                .ok_or_else(|| RunError::Bug(format!("the run copy has no `{}`", injected.name())))?;
            let call = if module.body(function).is_some() {
                let ty = live.ty(&*store);
                let arguments: Option<Vec<Val>> = ty
                    .params()
                    .map(|parameter| Val::default_for_ty(&parameter))
                    .collect();
                arguments.map(|arguments| (arguments, ty.results().len()))
            } else {
                None
            };
            let entry = Known {
                function,
                call,
                confirmed: false,
            };
            let identity = live.to_raw(&mut *store) as usize;
            if let Some(other) = known.insert(identity, entry) {
                return Err(RunError::Bug(format!(
                    "the engine takes functions {} and {function} for the same",
                    other.function
                )));
            }
        }
        let cells = LiveCells::find(probe.cells, store, instance)?;
        Ok(Self { cells, known })
    }

    /// Which of the module's functions this is; `None` if it is none of them.
    pub(super) fn identify(
        &mut self,
        function: Func,
        store: &mut Store<Host>,
    ) -> Result<Option<FunctionIndex>, RunError> {
        let identity = function.to_raw(&mut *store) as usize;
        let Some(known) = self.known.get_mut(&identity) else {
            return Ok(None);
        };
        if !known.confirmed
            && let Some((arguments, results)) = &known.call
        {
            let mut results = vec![Val::I32(0); *results];
            self.cells.arm(store)?;
            // A function that has nothing to return traps, after it has answered.
            let _ = function.call(&mut *store, arguments, &mut results);
            let answer = self.cells.disarm(store)?;
            if answer != known.function.0.cast_signed() {
                return Err(RunError::Bug(format!(
                    "function {} answered the probe with {answer}",
                    known.function
                )));
            }
        }
        known.confirmed = true;
        Ok(Some(known.function))
    }
}

impl LiveCells {
    fn find(cells: Cells, store: &mut Store<Host>, instance: Instance) -> Result<Self, RunError> {
        let lost = || RunError::Bug("the run copy has no probe cells".to_owned());
        match cells {
            Cells::Statics { armed, slot } => {
                let name = Injected::Memory(MemoryIndex(0)).name();
                Ok(Self::Statics {
                    memory: instance.get_memory(&mut *store, &name).ok_or_else(lost)?,
                    armed: usize::try_from(armed.0).map_err(|_| lost())?,
                    slot: usize::try_from(slot.0).map_err(|_| lost())?,
                })
            }
            Cells::Globals => Ok(Self::Globals {
                armed: instance
                    .get_global(&mut *store, &Injected::Armed.name())
                    .ok_or_else(lost)?,
                slot: instance
                    .get_global(&mut *store, &Injected::Slot.name())
                    .ok_or_else(lost)?,
            }),
        }
    }

    fn write(&self, store: &mut Store<Host>, armed_value: i32, slot_value: i32) -> Result<(), RunError> {
        let written = match self {
            Self::Statics { memory, armed, slot } => memory
                .write(&mut *store, *armed, &armed_value.to_le_bytes())
                .and_then(|()| memory.write(&mut *store, *slot, &slot_value.to_le_bytes()))
                .is_ok(),
            Self::Globals { armed, slot } => armed
                .set(&mut *store, Val::I32(armed_value))
                .and_then(|()| slot.set(&mut *store, Val::I32(slot_value)))
                .is_ok(),
        };
        if written {
            Ok(())
        } else {
            Err(RunError::Bug("the probe cells cannot be written".to_owned()))
        }
    }

    fn arm(&self, store: &mut Store<Host>) -> Result<(), RunError> {
        self.write(store, ARMED_VALUE, NOBODY)
    }

    /// Disarms, and returns who answered.
    fn disarm(&self, store: &mut Store<Host>) -> Result<i32, RunError> {
        let answer = match self {
            Self::Statics { memory, slot, .. } => {
                let mut bytes = [0; 4];
                memory
                    .read(&mut *store, *slot, &mut bytes)
                    .map_or(NOBODY, |()| i32::from_le_bytes(bytes))
            }
            Self::Globals { slot, .. } => slot.get(&mut *store).i32().unwrap_or(NOBODY),
        };
        self.write(store, 0, 0)?;
        Ok(answer)
    }
}
