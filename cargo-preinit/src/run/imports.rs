//! What the guest's imports are during a run: WASI where it is allowed, functions that stop the bake elsewhere, and
//! stand-ins for memories, tables and globals.
//!
//! A stand-in holds zeros and nulls, and has no size. Init cannot touch it without being stopped (see [`crate::instrument`]), so it
//! matters to nothing that is baked; that it is unchanged in the end is checked all the same.

use wasmtime::{
    AnyRef, Extern, ExternRef, ExternType, Func, FuncType, Global, HeapType, I31, Linker, Memory, Module,
    Ref, RefType, Store, Table, Tag, Val, ValType,
};

use super::state::Host;
use super::trap::{Step, classify, is_wasi};
use super::{RunError, wasi};
use crate::index::MemoryIndex;
use crate::instrument::ExternalPlace;
use crate::module::{GuestModule, ImportKind};
use crate::options::BakeOptions;
use crate::refusal::Space;

/// Init called an import that does not exist at build time.
#[derive(Debug, thiserror::Error)]
#[error("call to the import `{module}` `{name}`")]
pub(super) struct ImportCalled {
    pub(super) module: String,
    pub(super) name: String,
}

/// Init had the host touch external state on its behalf.
#[derive(Debug, thiserror::Error)]
#[error("{0} was touched")]
pub(super) struct ExternalTouched(pub(super) ExternalPlace);

/// What a module is instantiated with.
pub(super) struct Imports {
    /// In the order of the import section.
    pub(super) externs: Vec<Extern>,
}

fn setup(error: impl Into<wasmtime::Error>) -> RunError {
    RunError::Setup(format!("{:#}", error.into()))
}

/// A memory or table that has to be larger at its start than the limits allow.
fn too_large(error: wasmtime::Error, store: &Store<Host>, options: &BakeOptions) -> RunError {
    classify(error, Step::Start, options, store, None, None)
}

impl Imports {
    /// Finds or makes something for every import.
    pub(super) fn resolve(
        guest: &GuestModule<'_>,
        compiled: &Module,
        store: &mut Store<Host>,
        options: &BakeOptions,
    ) -> Result<Self, RunError> {
        let mut linker: Linker<Host> = Linker::new(compiled.engine());
        if store.data().wasi.is_allowed() {
            wasi::link(&mut linker).map_err(setup)?;
        }
        let outside = external_wasi_memory(guest);
        let mut externs = Vec::with_capacity(guest.imports.len());
        for import in compiled.imports() {
            let (module, name) = (import.module(), import.name());
            externs.push(match import.ty() {
                ExternType::Func(ty) => {
                    let provided = is_wasi(module)
                        .then(|| linker.get(&mut *store, module, name))
                        .and_then(|external| external.ok()?.into_func())
                        .filter(|function| FuncType::eq(&function.ty(&*store), &ty));
                    Extern::Func(match (provided, &outside) {
                        (Some(_), Some(place)) => touching(store, ty, place.clone()),
                        (Some(function), None) => function,
                        (None, _) => missing(store, ty, module.to_owned(), name.to_owned()),
                    })
                }
                ExternType::Tag(ty) => Extern::Tag(Tag::new(&mut *store, &ty).map_err(setup)?),
                ExternType::Memory(ty) => {
                    let memory = Memory::new(&mut *store, ty);
                    Extern::Memory(memory.map_err(|error| too_large(error, store, options))?)
                }
                ExternType::Table(ty) => {
                    let init = reference(store, ty.element())?;
                    let table = Table::new(&mut *store, ty, init);
                    Extern::Table(table.map_err(|error| too_large(error, store, options))?)
                }
                ExternType::Global(ty) => {
                    let value = value(store, ty.content())?;
                    Extern::Global(Global::new(&mut *store, ty, value).map_err(setup)?)
                }
            });
        }
        Ok(Self { externs })
    }

    /// Checks that the stand-ins are as they were made.
    pub(super) fn check_untouched(
        &self,
        guest: &GuestModule<'_>,
        store: &mut Store<Host>,
    ) -> Result<(), RunError> {
        for (import, external) in guest.imports.iter().zip(&self.externs) {
            let is_untouched = match (import.kind, external) {
                (ImportKind::Memory(_), Extern::Memory(memory)) => memory.size(&*store) == 0,
                (ImportKind::Table(_), Extern::Table(table)) => table.size(&*store) == 0,
                (ImportKind::Global(_), Extern::Global(global)) => match global.get(&mut *store) {
                    Val::I32(value) => value == 0,
                    Val::I64(value) => value == 0,
                    Val::F32(bits) => bits == 0,
                    Val::F64(bits) => bits == 0,
                    Val::V128(value) => value.as_u128() == 0,
                    _ => true,
                },
                _ => true,
            };
            if !is_untouched {
                return Err(RunError::Bug(format!(
                    "the import `{}` `{}` changed, and nobody noticed",
                    import.module, import.name
                )));
            }
        }
        Ok(())
    }
}

/// The memory that WASI reads and writes, if it is external.
fn external_wasi_memory(guest: &GuestModule<'_>) -> Option<ExternalPlace> {
    let export = guest.export("memory")?;
    let index = MemoryIndex(export.index);
    if export.kind != wasmparser::ExternalKind::Memory || !guest.external.memory(index) {
        return None;
    }
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

/// A value that can stand in for any of the type.
fn value(store: &mut Store<Host>, ty: &ValType) -> Result<Val, RunError> {
    match (Val::default_for_ty(ty), ty) {
        (Some(value), _) => Ok(value),
        (None, ValType::Ref(ty)) => Ok(reference(store, ty)?.into()),
        (None, ty) => Err(RunError::Setup(format!("nothing can stand in for a `{ty}`"))),
    }
}

fn reference(store: &mut Store<Host>, ty: &RefType) -> Result<Ref, RunError> {
    if ty.is_nullable() {
        return Ok(Ref::null(ty.heap_type()));
    }
    Ok(match ty.heap_type() {
        HeapType::Func => {
            let ty = FuncType::new(store.engine(), [], []);
            Ref::Func(Some(missing(store, ty, String::new(), String::new())))
        }
        HeapType::ConcreteFunc(ty) => {
            let ty = ty.clone();
            Ref::Func(Some(missing(store, ty, String::new(), String::new())))
        }
        HeapType::Extern => Ref::Extern(Some(ExternRef::new(&mut *store, ()).map_err(setup)?)),
        HeapType::Any | HeapType::Eq | HeapType::I31 => {
            Ref::Any(Some(AnyRef::from_i31(&mut *store, I31::wrapping_u32(0))))
        }
        ty => {
            return Err(RunError::Setup(format!(
                "nothing can stand in for a `(ref {ty})`"
            )));
        }
    })
}

/// A function that stops what runs when it is called. In a replay it is written down instead, and answers with zeros.
fn missing(store: &mut Store<Host>, ty: FuncType, module: String, name: String) -> Func {
    let results: Vec<ValType> = ty.results().collect();
    Func::new(store, ty, move |mut caller, arguments, answers| {
        let called = || ImportCalled {
            module: module.clone(),
            name: name.clone(),
        };
        let Some(log) = &mut caller.data_mut().log else {
            return Err(called().into());
        };
        let arguments: Vec<String> = arguments.iter().map(super::replay::show).collect();
        log.push(format!("`{module}` `{name}`({})", arguments.join(", ")));
        for (answer, ty) in answers.iter_mut().zip(&results) {
            *answer = Val::default_for_ty(ty).ok_or_else(called)?;
        }
        Ok(())
    })
}

/// A function of WASI that would use a memory of which nothing is known.
fn touching(store: &mut Store<Host>, ty: FuncType, place: ExternalPlace) -> Func {
    Func::new(store, ty, move |_, _, _| {
        Err(ExternalTouched(place.clone()).into())
    })
}
