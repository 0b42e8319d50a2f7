//! What loads a function in the middle of a call: functions of the host's.

use std::sync::Arc;
use std::time::Instant;

use wasmtime::{Caller, Extern, ExternType, Func, FuncType, Instance, Store, ValRaw};

use super::Parts;
use super::loader::Loader;
use crate::run::host::Host;

/// Instantiates the state module. `imports` are those of the run copy. The store's host gets the loader.
pub(in crate::run) fn instantiate(
    parts: &Arc<Parts>,
    store: &mut Store<Host>,
    imports: &[Extern],
) -> wasmtime::Result<Instance> {
    let mut externs = imports.to_vec();
    let load = Func::wrap(&mut *store, |mut caller: Caller<'_, Host>, slot: i32| {
        with_loader(&mut caller, |loader, caller| {
            loader.load(caller, slot.cast_unsigned()).map(drop)
        })
    });
    externs.push(load.into());
    if parts.split.has_still_table() {
        let load = Func::wrap(&mut *store, |mut caller: Caller<'_, Host>, place: i32| {
            with_loader(&mut caller, |loader, caller| {
                loader.load_entry(caller, place.cast_unsigned())
            })
        });
        externs.push(load.into());
    }
    let types = parts.state.imports().skip(externs.len());
    for (function, import) in parts.described.referenced.iter().zip(types) {
        let (Some(slot), ExternType::Func(ty)) = (parts.split.slot(*function), import.ty()) else {
            return Err(wasmtime::Error::msg(
                "the state module imports what it should not",
            ));
        };
        externs.push(loading(store, ty, slot).into());
    }
    // Not the guest's: its table has a slot for each function.
    store.data_mut().limits.exempt_table(parts.split.own_functions());
    let instance = Instance::new(&mut *store, &parts.state, &externs)?;
    let loader = Loader::new(Arc::clone(parts), store, instance, imports)?;
    store.data_mut().loader = Some(Box::new(loader));
    Ok(instance)
}

/// The function of the host's that loads the function of a slot and calls it.
fn loading(store: &mut Store<Host>, ty: FuncType, slot: u32) -> Func {
    let call = move |mut caller: Caller<'_, Host>, values: &mut [std::mem::MaybeUninit<ValRaw>]| {
        let loaded = caller
            .data()
            .loader
            .as_ref()
            .and_then(|loader| loader.loaded(slot));
        let function = match loaded {
            Some(function) => function,
            None => with_loader(&mut caller, |loader, caller| loader.load(caller, slot))?,
        };
        let values: *mut [std::mem::MaybeUninit<ValRaw>] = values;
        // SAFETY: the function is of the type that this one has, so the values are as many, and of the types, that it takes; and they
        // are the engine's own, from a call that it makes.
        unsafe { function.call_unchecked(&mut caller, values as *mut [ValRaw]) }
    };
    // SAFETY: what it returns is what a function of this type has put in place of the arguments.
    unsafe { Func::new_unchecked(store, ty, call) }
}

/// Does something with the loader, which is not in its place meanwhile.
fn with_loader<R>(
    caller: &mut Caller<'_, Host>,
    work: impl FnOnce(&mut Loader, &mut Caller<'_, Host>) -> wasmtime::Result<R>,
) -> wasmtime::Result<R> {
    let Some(mut loader) = caller.data_mut().loader.take() else {
        return Err(wasmtime::Error::msg("a function is loaded while another is"));
    };
    let begun = Instant::now();
    let result = work(&mut loader, caller);
    caller.data_mut().loading.add(begun.elapsed());
    caller.data_mut().loader = Some(loader);
    result
}
