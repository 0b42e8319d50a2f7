//! Finds the function indices of function references.
//!
//! In wasmtime a function reference is an address (`Func::to_raw`), and every reference to a function has the same address: in
//! tables, in calls, in exports. (Where functions are compiled as init reaches them, they have two, of which the loader knows that they
//! are one: `run/parts.rs`.) So an index that is found for an address holds for every reference with that address. There
//! are two ways to find it:
//!
//! - The probe: while it is armed, a function that is called stores its own index and returns (see [`crate::instrument`]).
//! - The address: functions without a probe are exported, and the addresses are compared.
//!
//! Two addresses with the same index, or two exports with the same address, end the bake. A function that neither stores an
//! index nor is exported is not one of the module's.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use wasmtime::{Func, Global, Instance, Memory, Store, Val};

use super::error::RunError;
use super::host::Host;
use super::started::Started;
use crate::guest::index::{FunctionIndex, InstanceId, MemoryIndex};
use crate::instrument::{ARMED_VALUE, Cells, Injected};
use crate::snapshot::FunctionRef;

/// No function has this index: a module has fewer functions.
const NOBODY: i32 = -1;

pub(super) struct Prober {
    /// The cells of each instance that has some.
    cells: Vec<(InstanceId, LiveCells)>,
    /// The function of each address that was looked up. `None` is a function that is not the guest's.
    known: BTreeMap<usize, Option<FunctionRef>>,
    /// The functions whose address is known.
    found: BTreeSet<FunctionRef>,
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
    pub(super) fn new(started: &[Started<'_>], store: &mut Store<Host>) -> Result<Self, RunError> {
        let mut this = Self {
            cells: Vec::new(),
            known: BTreeMap::new(),
            found: BTreeSet::new(),
        };
        for Started {
            node, copy, instance, ..
        } in started
        {
            let Some(probe) = &copy.probe else { continue };
            this.cells
                .push((node.id, LiveCells::find(probe.cells, store, *instance)?));
            for &index in &probe.mute {
                let injected = Injected::Function(index);
                let live = instance
                    .get_func(&mut *store, &injected.name())
                    .ok_or_else(|| RunError::Bug(format!("the run copy has no `{}`", injected.name())))?;
                let function = FunctionRef {
                    instance: node.id,
                    index,
                };
                let address = live.to_raw(&mut *store) as usize;
                let address = store.data().address(address);
                if this.known.insert(address, Some(function)).is_some() {
                    return Err(RunError::Bug(format!(
                        "the engine takes function {index} for another"
                    )));
                }
                this.found.insert(function);
            }
        }
        Ok(this)
    }

    /// The guest's function; `None` if it is not one of the guest's.
    pub(super) fn identify(
        &mut self,
        function: Func,
        store: &mut Store<Host>,
    ) -> Result<Option<FunctionRef>, RunError> {
        let address = function.to_raw(&mut *store) as usize;
        let address = store.data().address(address);
        let entry = match self.known.entry(address) {
            Entry::Occupied(known) => return Ok(*known.get()),
            Entry::Vacant(entry) => entry,
        };
        let found = match store.data().function_at(address) {
            Some(function) => Some(function),
            None => ask(&self.cells, function, store)?,
        };
        if let Some(function) = found
            && !self.found.insert(function)
        {
            return Err(RunError::Bug(format!(
                "another function answered the probe with {}",
                function.index
            )));
        }
        Ok(*entry.insert(found))
    }
}

/// Calls a function with all probes armed, and returns the index that it stored, with the instance in whose cell it is.
fn ask(
    cells: &[(InstanceId, LiveCells)],
    function: Func,
    store: &mut Store<Host>,
) -> Result<Option<FunctionRef>, RunError> {
    if cells.is_empty() {
        return Ok(None);
    }
    let ty = function.ty(&*store);
    let arguments: Option<Vec<Val>> = ty.params().map(|ty| Val::default_for_ty(&ty)).collect();
    let Some(arguments) = arguments else {
        return Ok(None);
    };
    let mut results = vec![Val::I32(0); ty.results().len()];
    for (_, cells) in cells {
        cells.write(store, ARMED_VALUE, NOBODY)?;
    }
    // A host function stores no index, and this call of it must not be logged.
    let log = store.data_mut().log.take();
    // A function may trap after it has stored its index: some results have no default value.
    let _ = function.call(&mut *store, &arguments, &mut results);
    store.data_mut().log = log;
    let mut found = None;
    for (instance, cells) in cells {
        let answer = u32::try_from(cells.read(store));
        cells.write(store, 0, 0)?;
        let Ok(index) = answer else { continue };
        let function = FunctionRef {
            instance: *instance,
            index: FunctionIndex(index),
        };
        if found.replace(function).is_some() {
            return Err(RunError::Bug("two instances answered the probe".to_owned()));
        }
    }
    Ok(found)
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
    use crate::run::LiveReference;
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
        let options = BakeOptions {
            init_functions: vec!["init".to_owned()],
            ..BakeOptions::default()
        };
        let plan = init::plan(&guest, &options)?;
        let copy = instrument::instrument_with(&guest, &plan, Guard::Off)?;
        let mut live = run::run(&guest, &copy, &plan, &options, &HostFunctions::default())?.live;
        let mut live = live.instance(InstanceId(0));
        let table = live.table(TableIndex(0))?;
        let mut found = Vec::new();
        for (slot, answer) in (0..).zip(live.slots(TableIndex(0))?) {
            let Some(Ref::Func(Some(function))) = table.get(&mut *live.store, slot) else {
                return Err("a function".into());
            };
            let LiveReference::Function(FunctionRef { index, .. }) = answer else {
                return Err("an index".into());
            };
            let export = live.function(&index.to_string()).ok_or("an export")?;
            assert_eq!(export.to_raw(&mut *live.store), function.to_raw(&mut *live.store));
            found.push(index.0);
        }
        assert_eq!(found, [3, 1, 1, 2, 0]);
        Ok(())
    }
}
