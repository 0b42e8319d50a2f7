//! What the guest's imports are during a run: WASI where it is allowed, and elsewhere functions that stop the bake.

use wasmtime::{Extern, ExternType, Func, FuncType, Linker, Module, Store, Tag};

use super::state::Host;
use super::trap::is_wasi;
use super::{RunError, wasi};
use crate::module::GuestModule;

/// Init called an import that does not exist at build time.
#[derive(Debug, thiserror::Error)]
#[error("call to the import `{module}` `{name}`")]
pub(super) struct ImportCalled {
    pub(super) module: String,
    pub(super) name: String,
}

/// Finds or makes something for every import. The order is that of the import section.
pub(super) fn resolve(
    guest: &GuestModule<'_>,
    compiled: &Module,
    store: &mut Store<Host>,
) -> Result<Vec<Extern>, RunError> {
    let setup = |error: wasmtime::Error| RunError::Setup(format!("{error:#}"));
    let mut linker: Linker<Host> = Linker::new(compiled.engine());
    if store.data().wasi.is_allowed() {
        wasi::link(&mut linker).map_err(setup)?;
    }
    let mut resolved = Vec::with_capacity(guest.imports.len());
    for import in compiled.imports() {
        let external = match import.ty() {
            ExternType::Func(ty) => {
                let (module, name) = (import.module(), import.name());
                let provided = is_wasi(module)
                    .then(|| linker.get(&mut *store, module, name))
                    .and_then(|external| external.ok()?.into_func())
                    .filter(|function| FuncType::eq(&function.ty(&*store), &ty));
                let function =
                    provided.unwrap_or_else(|| missing(store, ty, module.to_owned(), name.to_owned()));
                Extern::Func(function)
            }
            ExternType::Tag(ty) => Extern::Tag(Tag::new(&mut *store, &ty).map_err(setup)?),
            ExternType::Memory(_) | ExternType::Table(_) | ExternType::Global(_) => {
                return Err(RunError::Setup(format!(
                    "the import `{}` `{}` holds state",
                    import.module(),
                    import.name()
                )));
            }
        };
        resolved.push(external);
    }
    Ok(resolved)
}

/// A function that stops the bake when it is called.
fn missing(store: &mut Store<Host>, ty: FuncType, module: String, name: String) -> Func {
    Func::new(store, ty, move |_, _, _| {
        Err(ImportCalled {
            module: module.clone(),
            name: name.clone(),
        }
        .into())
    })
}
