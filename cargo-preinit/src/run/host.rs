//! The host's data in a run's store, and the host functions of an embedder.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use wasmtime::component::Linker as ComponentLinker;
use wasmtime::{Func, FuncType, Linker, Module, Store};

use super::error::RunError;
use super::limits::Counted;
use super::loading::Loading;
use super::parts::loader::Loader;
use super::wasi::HostWasi;
use crate::guest::index::{InstanceId, MemoryIndex};
use crate::guest::stubs::returned_by_name;
use crate::guest::{Guest, GuestModule, Node};
use crate::instrument::Injected;
use crate::options::BakeOptions;
use crate::snapshot::FunctionRef;

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
    /// The modules that answer imports: their functions are not the guest's.
    pub(super) answering: Vec<Module>,
    /// What is loaded of a run copy whose functions are compiled as they are reached.
    pub(super) loader: Option<Box<Loader>>,
    /// How long that took.
    pub(super) loading: Loading,
    /// What the bake has in place of imports: the number that each returns, or a trap.
    stubs: BTreeMap<(String, String), Option<i32>>,
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
            answering: Vec::new(),
            loader: None,
            loading: Loading::default(),
            stubs: match guest.around {
                Some(_) => BTreeMap::new(),
                None => returned_by_name(&guest.root(), &options.stubs),
            },
        })
    }

    /// The address that stands for all references to the same function as the one with this address.
    pub(super) fn address(&self, address: usize) -> usize {
        self.loader
            .as_ref()
            .map_or(address, |loader| loader.address(address))
    }

    /// The function of the references with this address, if functions are compiled as they are reached: then all are known.
    pub(super) fn function_at(&self, address: usize) -> Option<FunctionRef> {
        let index = self.loader.as_ref()?.function_at(address)?;
        Some(FunctionRef {
            instance: InstanceId(0),
            index,
        })
    }

    /// In a replay, the number that the bake returns in place of an import that it has itself, or `None` within for a trap.
    pub(super) fn stub_of(&self, module: &str, name: &str) -> Option<Option<i32>> {
        self.log.as_ref()?;
        if self.stubs.is_empty() {
            return None;
        }
        self.stubs.get(&(module.to_owned(), name.to_owned())).copied()
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
/// first imported memory, since a loader that provides the memory passes it to WASI as well; or the only one, where an option says which
/// functions are WASI's.
pub(super) fn wasi_memory(guest: &Node<'_>) -> Option<MemoryIndex> {
    // Whoever renames functions renames the memory as well.
    let is_renamed = guest.answers.takes_wasi && guest.memories.len() == 1;
    match guest.export("memory") {
        None if is_renamed => Some(MemoryIndex(0)),
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
type DefineForComponents = dyn Fn(&mut ComponentLinker<Host>) -> wasmtime::Result<()> + Send + Sync;

/// An embedder's functions for imports that init may call.
#[derive(Clone, Default)]
pub struct HostFunctions {
    define: Option<Arc<Define>>,
    define_for_components: Option<Arc<DefineForComponents>>,
}

impl HostFunctions {
    /// `define` is called once in each run of a core module, and defines the functions in a linker.
    pub fn new(define: impl Fn(&mut Linker<Host>) -> wasmtime::Result<()> + Send + Sync + 'static) -> Self {
        Self {
            define: Some(Arc::new(define)),
            define_for_components: None,
        }
    }

    /// `define` is called once in each run of a component, and defines functions and resources in a linker. It has WASI and all other
    /// imports of the component already, and what is defined again takes their place.
    ///
    /// # Examples
    ///
    /// ```
    /// use cargo_preinit::{Baker, HostFunctions};
    ///
    /// let guest = r#"(component
    ///     (import "seed" (func $seed (result u32)))
    ///     (core func $seed (canon lower (func $seed)))
    ///     (core module $guest
    ///         (import "" "seed" (func $seed (result i32)))
    ///         (global $seed (mut i32) (i32.const 0))
    ///         (func (export "init") (global.set $seed (call $seed)))
    ///         (func (export "get") (result i32) (global.get $seed)))
    ///     (core instance $guest (instantiate $guest (with "" (instance (export "seed" (func $seed))))))
    ///     (func (export "init") (canon lift (core func $guest "init")))
    ///     (func (export "get") (result u32) (canon lift (core func $guest "get"))))"#;
    /// let host = HostFunctions::for_components(|linker| {
    ///     linker.root().func_wrap("seed", |_, ()| Ok((7_u32,)))?;
    ///     Ok(())
    /// });
    /// let baked = Baker::new().init("init").host(host).bake(guest.as_bytes())?;
    /// let text = wasmprinter::print_bytes(&baked.wasm).expect("the output is valid");
    /// assert!(text.contains("(mut i32) i32.const 7"));
    /// # Ok::<(), cargo_preinit::BakeError>(())
    /// ```
    pub fn for_components(
        define: impl Fn(&mut ComponentLinker<Host>) -> wasmtime::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self {
            define: None,
            define_for_components: Some(Arc::new(define)),
        }
    }

    /// Whether there are functions at all.
    pub(crate) fn are_any(&self) -> bool {
        self.define.is_some() || self.define_for_components.is_some()
    }

    /// Whether there are functions for core modules.
    pub(crate) fn are_for_modules(&self) -> bool {
        self.define.is_some()
    }

    /// A linker with the functions, for a run in this store.
    pub(super) fn linker(&self, store: &Store<Host>) -> Result<Linker<Host>, RunError> {
        let mut linker = Linker::new(store.engine());
        if let Some(define) = &self.define {
            define(&mut linker).map_err(|error| RunError::HostFunctions(error.into()))?;
        }
        Ok(linker)
    }

    /// Defines the functions in the linker of a component, in place of what it has.
    pub(super) fn define_in(&self, linker: &mut ComponentLinker<Host>) -> Result<(), RunError> {
        let Some(define) = &self.define_for_components else {
            return Ok(());
        };
        linker.allow_shadowing(true);
        define(linker).map_err(|error| RunError::HostFunctions(error.into()))
    }
}

impl fmt::Debug for HostFunctions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostFunctions")
            .field("define", &self.define.is_some())
            .field("define_for_components", &self.define_for_components.is_some())
            .finish()
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
