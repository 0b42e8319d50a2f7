//! Finds the function indices of function references.
//!
//! In wasmtime a function reference is an address (`Func::to_raw`), and every reference to a function has the same address: in
//! tables, in calls, in exports. So an index that is found for an address holds for every reference with that address. There
//! are two ways to find it:
//!
//! - The probe: while it is armed, a function that is called stores its own index and returns (see [`crate::instrument`]).
//! - The address: functions without a probe are exported, and the addresses are compared.
//!
//! Two addresses with the same index, or two exports with the same address, end the bake. A function that neither stores an
//! index nor is exported is not one of the module's.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use wasmtime::{Func, Global, Instance, Memory, Store, Val};

use super::error::RunError;
use super::host::Host;
use crate::guest::GuestModule;
use crate::guest::index::{FunctionIndex, MemoryIndex};
use crate::instrument::{ARMED_VALUE, Cells, Injected, Probe};

/// No function has this index: a module has fewer functions.
const NOBODY: i32 = -1;

pub(super) struct Prober {
    cells: LiveCells,
    /// The function of each address that was looked up. `None` is a function that is not the module's.
    known: BTreeMap<usize, Option<FunctionIndex>>,
    /// By function: whether its address is known.
    found: Vec<bool>,
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
        let mut this = Self {
            cells: LiveCells::find(probe.cells, store, instance)?,
            known: BTreeMap::new(),
            found: vec![false; module.functions.len()],
        };
        for &function in &probe.mute {
            let injected = Injected::Function(function);
            let live = instance
                .get_func(&mut *store, &injected.name())
                .ok_or_else(|| RunError::Bug(format!("the run copy has no `{}`", injected.name())))?;
            let address = live.to_raw(&mut *store) as usize;
            if this.known.insert(address, Some(function)).is_some() {
                return Err(RunError::Bug(format!(
                    "the engine takes function {function} for another"
                )));
            }
            this.found[function.position()] = true;
        }
        Ok(this)
    }

    /// The index of this function in the module; `None` if it is not one of the module's.
    pub(super) fn identify(
        &mut self,
        function: Func,
        store: &mut Store<Host>,
    ) -> Result<Option<FunctionIndex>, RunError> {
        let entry = match self.known.entry(function.to_raw(&mut *store) as usize) {
            Entry::Occupied(known) => return Ok(*known.get()),
            Entry::Vacant(entry) => entry,
        };
        let found = self.cells.ask(function, store)?;
        if let Some(number) = found {
            match self.found.get_mut(number.position()) {
                Some(is_found @ false) => *is_found = true,
                _ => {
                    return Err(RunError::Bug(format!(
                        "another function answered the probe with {number}"
                    )));
                }
            }
        }
        Ok(*entry.insert(found))
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

    /// Calls a function with the probe armed, and returns the index that it stored.
    fn ask(&self, function: Func, store: &mut Store<Host>) -> Result<Option<FunctionIndex>, RunError> {
        let ty = function.ty(&*store);
        let arguments: Option<Vec<Val>> = ty.params().map(|ty| Val::default_for_ty(&ty)).collect();
        let Some(arguments) = arguments else {
            return Ok(None);
        };
        let mut results = vec![Val::I32(0); ty.results().len()];
        self.write(store, ARMED_VALUE, NOBODY)?;
        // A host function stores no index, and this call of it must not be logged.
        let log = store.data_mut().log.take();
        // A function may trap after it has stored its index: some results have no default value.
        let _ = function.call(&mut *store, &arguments, &mut results);
        store.data_mut().log = log;
        let answer = self.read(store);
        self.write(store, 0, 0)?;
        Ok(u32::try_from(answer).ok().map(FunctionIndex))
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

    fn read(&self, store: &mut Store<Host>) -> i32 {
        match self {
            Self::Statics { memory, slot, .. } => {
                let mut bytes = [0; 4];
                memory
                    .read(&mut *store, *slot, &mut bytes)
                    .map_or(NOBODY, |()| i32::from_le_bytes(bytes))
            }
            Self::Globals { slot, .. } => slot.get(&mut *store).i32().unwrap_or(NOBODY),
        }
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::Ref;

    use super::*;
    use crate::guest::Guest;
    use crate::guest::index::TableIndex;
    use crate::instrument::Guard;
    use crate::{BakeOptions, HostFunctions, init, instrument, run};

    /// The probe and the addresses of exports are independent of each other, so they must agree.
    #[test]
    fn answers_agree_with_addresses() -> Result<(), Box<dyn std::error::Error>> {
        let wasm = wat::parse_str(
            r#"(module
                (table $t 0 funcref)
                (func $same0 (export "0") (result i32) (i32.const 7))
                (func $same1 (export "1") (result i32) (i32.const 7))
                (func $trap (export "2") (param f64) unreachable)
                (func $mute (export "3") (param (ref func)))
                (func (export "init")
                    (drop (table.grow $t (ref.func $mute) (i32.const 1)))
                    (drop (table.grow $t (ref.func $same1) (i32.const 2)))
                    (drop (table.grow $t (ref.func $trap) (i32.const 1)))
                    (drop (table.grow $t (ref.func $same0) (i32.const 1)))))"#,
        )?;
        let guest = Guest::parse(&wasm)?;
        let guest = guest.root();
        let options = BakeOptions {
            init_functions: vec!["init".to_owned()],
            ..BakeOptions::default()
        };
        let plan = init::plan(&guest, &options)?;
        let copy = instrument::instrument_with(&guest, &plan, Guard::Off)?;
        let mut live = run::run(&guest, &copy, &plan, &options, &HostFunctions::default())?.live;
        let mut prober = Prober::new(
            copy.probe.as_ref().ok_or("a probe")?,
            &guest,
            &mut live.store,
            live.instance,
        )?;
        let name = Injected::Table(TableIndex(0)).name();
        let table = live
            .instance
            .get_table(&mut live.store, &name)
            .ok_or("the table")?;
        let mut found = Vec::new();
        for slot in 0..table.size(&live.store) {
            let Some(Ref::Func(Some(function))) = table.get(&mut live.store, slot) else {
                return Err("a function".into());
            };
            let address = function.to_raw(&mut live.store);
            let index = prober.identify(function, &mut live.store)?.ok_or("an index")?;
            let export = live
                .instance
                .get_func(&mut live.store, &index.to_string())
                .ok_or("an export")?;
            assert_eq!(export.to_raw(&mut live.store), address);
            found.push(index.0);
        }
        assert_eq!(found, [3, 1, 1, 2, 0]);
        Ok(())
    }
}
