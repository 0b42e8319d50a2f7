//! What belongs to the host in a run, and the functions that an embedder gives it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use wasmtime::{Func, FuncType, Linker, Store};

use super::RunError;
use super::imports::wasi_memory_export;
use super::limits::Counted;
use super::wasi::HostWasi;
use crate::guest::index::FunctionIndex;
use crate::guest::{GuestModule, Node};
use crate::options::BakeOptions;

/// What belongs to the host in a run. Functions of an embedder keep what they need to themselves.
pub struct Host {
    pub(super) limits: Counted,
    pub(super) wasi: HostWasi,
    /// The export that is the memory of WASI, if there is one.
    pub(super) wasi_memory: Option<String>,
    /// The calls of imports, where they are answered; `None` where they stop what runs.
    pub(super) log: Option<Vec<String>>,
    /// How often init called each import that the options answer.
    pub(super) answered: BTreeMap<FunctionIndex, u64>,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").finish_non_exhaustive()
    }
}

impl Host {
    pub(super) fn new(guest: &Node<'_>, options: &BakeOptions) -> Result<Self, RunError> {
        Ok(Self {
            wasi_memory: wasi_memory_export(guest),
            limits: Counted::new(options.limits, has_whole_pages(guest)),
            wasi: HostWasi::new(&options.wasi, &options.limits)?,
            log: None,
            answered: BTreeMap::new(),
        })
    }
}

/// Whether the pages of all memories are of 64 KiB.
fn has_whole_pages(guest: &GuestModule<'_>) -> bool {
    guest
        .memories
        .iter()
        .all(|memory| memory.page_size_log2.is_none_or(|log2| log2 == 16))
}

type Define = dyn Fn(&mut Linker<Host>) -> wasmtime::Result<()> + Send + Sync;

/// Functions for imports that init may call, by an embedder of the library.
#[derive(Clone, Default)]
pub struct HostFunctions(Option<Arc<Define>>);

impl HostFunctions {
    /// `define` is called once in each run, and puts the functions into a linker.
    pub fn new(define: impl Fn(&mut Linker<Host>) -> wasmtime::Result<()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(define)))
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The functions, for a run in that store.
    pub(super) fn linker(&self, store: &Store<Host>) -> Result<Linker<Host>, RunError> {
        let mut linker = Linker::new(store.engine());
        if let Some(define) = &self.0 {
            define(&mut linker).map_err(|error| RunError::HostFunctions(error.into()))?;
        }
        Ok(linker)
    }
}

impl fmt::Debug for HostFunctions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HostFunctions").field(&!self.is_empty()).finish()
    }
}

/// The function that a linker has for an import.
///
/// # Errors
///
/// If it has one of another type.
pub(super) fn function(
    linker: &Linker<Host>,
    store: &mut Store<Host>,
    (module, name): (&str, &str),
    ty: &FuncType,
) -> Result<Option<Func>, RunError> {
    let Some(external) = linker.get(&mut *store, module, name).ok() else {
        return Ok(None);
    };
    let function = external
        .into_func()
        .filter(|function| FuncType::eq(&function.ty(&*store), ty));
    match function {
        Some(function) => Ok(Some(function)),
        None => Err(RunError::HostFunctionType {
            module: module.to_owned(),
            name: name.to_owned(),
        }),
    }
}
