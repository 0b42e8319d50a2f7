//! The host's data in a run's store, and the host functions of an embedder.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use wasmtime::{Func, FuncType, Linker, Store};

use super::error::RunError;
use super::limits::Counted;
use super::wasi::HostWasi;
use crate::guest::index::MemoryIndex;
use crate::guest::{Guest, GuestModule, Node};
use crate::instrument::Injected;
use crate::options::BakeOptions;

/// The host's data in a run's store. Host functions of an embedder keep their own data in their closures.
pub struct Host {
    pub(super) limits: Counted,
    pub(super) wasi: HostWasi,
    /// The export of the run copy that is the memory WASI reads and writes, if there is one.
    pub(super) wasi_memory: Option<String>,
    /// In a replay, the calls of imports that are not provided. `None` during init, where such a call stops the run.
    pub(super) log: Option<Vec<String>>,
    /// How often init called each import that the options answer, by module and name.
    pub(super) answered: BTreeMap<(String, String), u64>,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").finish_non_exhaustive()
    }
}

impl Host {
    pub(super) fn new(guest: &Guest<'_>, options: &BakeOptions) -> Result<Self, RunError> {
        Ok(Self {
            wasi_memory: match guest.around {
                Some(_) => None,
                None => wasi_memory_export(&guest.root()),
            },
            limits: Counted::new(options.limits, guest.nodes().all(|node| has_whole_pages(&node))),
            wasi: HostWasi::new(&options.wasi, &options.limits)?,
            log: None,
            answered: BTreeMap::new(),
        })
    }
}

/// Whether all memories have pages of 64 KiB.
fn has_whole_pages(guest: &GuestModule<'_>) -> bool {
    guest
        .memories
        .iter()
        .all(|memory| memory.page_size_log2.is_none_or(|log2| log2 == 16))
}

/// The memory that WASI reads and writes: the one that the guest exports as `memory`. Without an export of that name it is the
/// first imported memory, since a loader that provides the memory passes it to WASI as well.
pub(super) fn wasi_memory(guest: &GuestModule<'_>) -> Option<MemoryIndex> {
    match guest.export("memory") {
        Some(export) if export.kind == wasmparser::ExternalKind::Memory => Some(MemoryIndex(export.index)),
        Some(_) => None,
        None => (guest.imported_memories > 0).then_some(MemoryIndex(0)),
    }
}

/// The export of the run copy for the memory that WASI reads and writes, unless that memory is external.
fn wasi_memory_export(guest: &Node<'_>) -> Option<String> {
    let index = wasi_memory(guest).filter(|index| !guest.external.memory(*index))?;
    Some(Injected::Memory(index).name())
}

type Define = dyn Fn(&mut Linker<Host>) -> wasmtime::Result<()> + Send + Sync;

/// An embedder's functions for imports that init may call.
#[derive(Clone, Default)]
pub struct HostFunctions(Option<Arc<Define>>);

impl HostFunctions {
    /// `define` is called once in each run, and defines the functions in a linker.
    pub fn new(define: impl Fn(&mut Linker<Host>) -> wasmtime::Result<()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(define)))
    }

    /// Whether the embedder gave no functions.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// A linker with the functions, for a run in this store.
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

/// The embedder's function for an import, if the linker has one.
///
/// # Errors
///
/// If what the linker has is not a function of the import's type.
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
