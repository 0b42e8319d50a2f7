//! What a run provides for the guest's imports: WASI where it is allowed, the embedder's host functions, functions that stop the
//! run in place of all others, and stand-ins for memories, tables and globals.
//!
//! A memory that the options promise to be fresh has the imported type. Every other stand-in is a memory or table of size 0, or a
//! global with zero, null, or a reference made for it. The run copy stops init before it uses a stand-in (see
//! [`crate::instrument`]), so nothing that is baked depends on one. After init, their sizes and numbers are checked all the same.

use std::collections::BTreeMap;

use wasmtime::{
    AnyRef, Caller, Extern, ExternRef, ExternType, Func, FuncType, Global, HeapType, I31, Instance, Linker,
    Memory, Module, Ref, RefType, Store, Table, Tag, Val, ValType,
};

use super::answers::{Answering, missing, touching};
use super::error::{EngineError, RunError, Step};
use super::host::{self, Host, HostFunctions, wasi_memory};
use super::stand_in::{ExternalTouched, Token};
use super::trap::classify;
use super::wasi::{is_wasi, link::link};
use crate::guest::answers::FunctionAnswer;
use crate::guest::index::{GlobalIndex, InstanceId};
use crate::guest::{Import, ImportKind, Node};
use crate::instrument::{ExternalPlace, INSPECTION_SLOTS, Injected};
use crate::options::BakeOptions;
use crate::refusal::Space;
use crate::shown;

/// The imports that a module is instantiated with.
pub(super) struct Imports {
    /// In the order of the import section.
    pub(super) externs: Vec<Extern>,
}

fn setup(error: impl Into<wasmtime::Error>) -> RunError {
    RunError::Setup(EngineError::from(error.into()))
}

/// The error for an imported memory or table whose initial size is above a limit.
fn too_large(
    error: wasmtime::Error,
    instance: InstanceId,
    store: &Store<Host>,
    options: &BakeOptions,
) -> RunError {
    classify(error, instance, Step::Start, options, store, None, None)
}

impl Imports {
    /// Finds or makes a value for every import.
    pub(super) fn resolve(
        guest: &Node<'_>,
        module: &Module,
        host: &HostFunctions,
        store: &mut Store<Host>,
        options: &BakeOptions,
    ) -> Result<Self, RunError> {
        let mut linker: Linker<Host> = Linker::new(store.engine());
        if store.data().wasi.is_allowed() {
            link(&mut linker).map_err(setup)?;
        }
        let of_embedder = host.linker(store)?;
        let mut wasi: Linker<Host> = Linker::new(store.engine());
        if guest.answers.takes_wasi {
            link(&mut wasi).map_err(setup)?;
        }
        let mut answering = Answering::default();
        let outside = external_wasi_memory(guest);
        let mut externs = Vec::with_capacity(guest.imports.len());
        for (import, of_guest) in module.imports().zip(&guest.imports) {
            let (module, name) = (import.module(), import.name());
            externs.push(match import.ty() {
                ExternType::Func(ty) => {
                    if let ImportKind::Function(index) = of_guest.kind
                        && let Some(answer) = guest.answers.of_function(index)
                    {
                        let function = match (answer, &outside) {
                            (FunctionAnswer::Wasi(_) | FunctionAnswer::Grow, Some(place)) => {
                                touching(store, ty, place.clone())
                            }
                            (FunctionAnswer::Wasi(named), None) => {
                                let external =
                                    wasi.get(&mut *store, super::wasi::MODULE, named).map_err(setup)?;
                                external
                                    .into_func()
                                    .ok_or_else(|| RunError::Bug("WASI has it".to_owned()))?
                            }
                            _ => answering.function(store, ty, (module, name), answer)?,
                        };
                        externs.push(Extern::Func(function));
                        continue;
                    }
                    if let Some(function) = host::function(&of_embedder, store, (module, name), &ty)? {
                        externs.push(Extern::Func(function));
                        continue;
                    }
                    let provided = is_wasi(module)
                        .then(|| linker.get(&mut *store, module, name))
                        .and_then(|external| external.ok()?.into_func())
                        .filter(|function| FuncType::eq(&function.ty(&*store), &ty));
                    Extern::Func(match (provided, &outside) {
                        (Some(_), Some(place)) => touching(store, ty, place.clone()),
                        (Some(function), None) => function,
                        (None, _) => match (guest.answers.known_of(of_guest.kind), &outside) {
                            (Some(FunctionAnswer::Grow), Some(place)) => touching(store, ty, place.clone()),
                            (Some(answer), _) => answering.function(store, ty, (module, name), answer)?,
                            (None, _) => missing(store, ty, module.to_owned(), name.to_owned(), None),
                        },
                    })
                }
                ExternType::Tag(ty) => Extern::Tag(Tag::new(&mut *store, &ty).map_err(setup)?),
                ExternType::Memory(ty) => {
                    let memory = Memory::new(&mut *store, ty);
                    Extern::Memory(memory.map_err(|error| too_large(error, guest.id, store, options))?)
                }
                ExternType::Table(ty) => {
                    let init = reference(store, ty.element())?;
                    let table = Table::new(&mut *store, ty, init);
                    Extern::Table(table.map_err(|error| too_large(error, guest.id, store, options))?)
                }
                ExternType::Global(ty) => {
                    let value = match of_guest.kind {
                        ImportKind::Global(index) if guest.external.is_token(index) => {
                            token(store, ty.content(), index, of_guest)?
                        }
                        _ => value(store, ty.content())?,
                    };
                    Extern::Global(Global::new(&mut *store, ty, value).map_err(setup)?)
                }
            });
        }
        Ok(Self { externs })
    }

    /// The functions that stand in for imported references, with the imported global of each, by their addresses.
    pub(super) fn token_functions(
        &self,
        guest: &Node<'_>,
        store: &mut Store<Host>,
    ) -> BTreeMap<usize, GlobalIndex> {
        let mut functions = BTreeMap::new();
        for (import, external) in guest.imports.iter().zip(&self.externs) {
            if let (ImportKind::Global(index), Extern::Global(global)) = (import.kind, external)
                && guest.external.is_token(index)
                && let Val::FuncRef(Some(function)) = global.get(&mut *store)
            {
                functions.insert(function.to_raw(&mut *store) as usize, index);
            }
        }
        functions
    }

    /// Sets the run copy's inspection functions, which stop init from inspecting imported references.
    pub(super) fn guard_references(
        &self,
        guest: &Node<'_>,
        store: &mut Store<Host>,
        instance: Instance,
    ) -> Result<(), RunError> {
        let table = instance
            .get_table(&mut *store, &Injected::Inspect.name())
            .ok_or_else(|| RunError::Bug("the run copy has no place for inspections".to_owned()))?;
        let places: BTreeMap<GlobalIndex, ExternalPlace> = guest
            .imports
            .iter()
            .filter_map(|import| match import.kind {
                ImportKind::Global(index) if guest.external.is_token(index) => {
                    Some((index, reference_of(import)))
                }
                _ => None,
            })
            .collect();
        let functions = self.token_functions(guest, store);
        for (slot, ty) in
            (0..u64::from(INSPECTION_SLOTS)).zip([RefType::EXTERNREF, RefType::ANYREF, RefType::FUNCREF])
        {
            let ty = ValType::Ref(ty);
            let ty = FuncType::new(store.engine(), [ty.clone()], [ty]);
            let (places, functions) = (places.clone(), functions.clone());
            let function = Func::new(&mut *store, ty, move |mut caller, arguments, results| {
                let [argument] = arguments else { return Ok(()) };
                if let Some(global) = token_in(&mut caller, *argument, &functions)?
                    && let Some(place) = places.get(&global)
                {
                    return Err(ExternalTouched(place.clone()).into());
                }
                results.copy_from_slice(arguments);
                Ok(())
            });
            table
                .set(&mut *store, slot, Ref::Func(Some(function)))
                .map_err(setup)?;
        }
        Ok(())
    }

    /// Checks that stand-ins have size 0 and hold zeros as before init. References are not checked.
    pub(super) fn check_untouched(&self, guest: &Node<'_>, store: &mut Store<Host>) -> Result<(), RunError> {
        for (import, external) in guest.imports.iter().zip(&self.externs) {
            let is_untouched = match (import.kind, external) {
                (ImportKind::Memory(index), Extern::Memory(memory)) => {
                    !guest.external.memory(index) || memory.size(&*store) == 0
                }
                (ImportKind::Table(_), Extern::Table(table)) => table.size(&*store) == 0,
                (ImportKind::Global(_), Extern::Global(global)) => match global.get(&mut *store) {
                    Val::I32(value) => value == 0,
                    Val::I64(value) => value == 0,
                    Val::F32(bits) => bits == 0,
                    Val::F64(bits) => bits == 0,
                    Val::V128(value) => value.as_u128() == 0,
                    Val::FuncRef(_)
                    | Val::ExternRef(_)
                    | Val::AnyRef(_)
                    | Val::ExnRef(_)
                    | Val::ContRef(_) => true,
                },
                (
                    ImportKind::Function(_)
                    | ImportKind::Tag(_)
                    | ImportKind::Memory(_)
                    | ImportKind::Table(_)
                    | ImportKind::Global(_),
                    _,
                ) => true,
            };
            if !is_untouched {
                return Err(RunError::Bug(format!(
                    "the import {} {} changed, and nobody noticed",
                    shown::name(import.module),
                    shown::name(import.name)
                )));
            }
        }
        Ok(())
    }
}

/// The memory that WASI reads and writes, if it is external.
fn external_wasi_memory(guest: &Node<'_>) -> Option<ExternalPlace> {
    let index = wasi_memory(guest).filter(|index| guest.external.memory(*index))?;
    let import = guest
        .imports
        .iter()
        .find(|import| import.kind == ImportKind::Memory(index));
    Some(match import {
        Some(import) => ExternalPlace::Imported {
            space: Space::Memory,
            module: import.module.to_owned(),
            name: import.name.to_owned(),
        },
        None => ExternalPlace::Derived {
            space: Space::Memory,
            index: index.0,
        },
    })
}

/// A value of the type, for a global that init does not read.
fn value(store: &mut Store<Host>, ty: &ValType) -> Result<Val, RunError> {
    match (Val::default_for_ty(ty), ty) {
        (Some(value), _) => Ok(value),
        (None, ValType::Ref(ty)) => Ok(reference(store, ty)?.into()),
        (None, ty) => Err(RunError::NoStandIn(ty.to_string())),
    }
}

fn reference_of(import: &Import<'_>) -> ExternalPlace {
    ExternalPlace::Reference {
        module: import.module.to_owned(),
        name: import.name.to_owned(),
    }
}

/// The imported global that a reference stands in for, if it is such a stand-in. `functions` are the stand-ins that are functions,
/// by their addresses.
fn token_in(
    caller: &mut Caller<'_, Host>,
    value: Val,
    functions: &BTreeMap<usize, GlobalIndex>,
) -> wasmtime::Result<Option<GlobalIndex>> {
    let value = match value {
        Val::FuncRef(Some(function)) => {
            let address = function.to_raw(&mut *caller) as usize;
            return Ok(functions.get(&address).copied());
        }
        Val::ExternRef(Some(value)) => value,
        Val::AnyRef(Some(value)) => ExternRef::convert_any(&mut *caller, value)?,
        _ => return Ok(None),
    };
    let data = value.data(&*caller)?;
    let token = data.and_then(|data| data.downcast_ref::<Token>());
    Ok(token.map(|Token(global)| *global))
}

/// A new reference that stands in for the one an imported global holds, and that differs from every other reference.
fn token(
    store: &mut Store<Host>,
    ty: &ValType,
    index: GlobalIndex,
    import: &Import<'_>,
) -> Result<Val, RunError> {
    let name = || (import.module.to_owned(), import.name.to_owned());
    let unknown = || RunError::NoStandIn(ty.to_string());
    let ValType::Ref(reference) = ty else {
        return Err(unknown());
    };
    Ok(match reference.heap_type() {
        HeapType::Extern => ExternRef::new(&mut *store, Token(index)).map_err(setup)?.into(),
        HeapType::Any => {
            let value = ExternRef::new(&mut *store, Token(index)).map_err(setup)?;
            AnyRef::convert_extern(&mut *store, value).map_err(setup)?.into()
        }
        HeapType::Func => {
            let ty = FuncType::new(store.engine(), [], []);
            let (module, name) = name();
            missing(store, ty, module, name, None).into()
        }
        HeapType::ConcreteFunc(ty) => {
            let (module, name) = name();
            missing(store, ty.clone(), module, name, None).into()
        }
        _ => return Err(unknown()),
    })
}

fn reference(store: &mut Store<Host>, ty: &RefType) -> Result<Ref, RunError> {
    if ty.is_nullable() {
        return Ok(Ref::null(ty.heap_type()));
    }
    Ok(match ty.heap_type() {
        HeapType::Func => {
            let ty = FuncType::new(store.engine(), [], []);
            Ref::Func(Some(missing(store, ty, String::new(), String::new(), None)))
        }
        HeapType::ConcreteFunc(ty) => {
            let ty = ty.clone();
            Ref::Func(Some(missing(store, ty, String::new(), String::new(), None)))
        }
        HeapType::Extern => Ref::Extern(Some(ExternRef::new(&mut *store, ()).map_err(setup)?)),
        HeapType::Any | HeapType::Eq | HeapType::I31 => {
            Ref::Any(Some(AnyRef::from_i31(&mut *store, I31::wrapping_u32(0))))
        }
        ty => {
            return Err(RunError::NoStandIn(format!("(ref {ty})")));
        }
    })
}
