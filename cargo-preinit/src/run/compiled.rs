//! A compiled run copy, which can be instantiated any number of times.

use wasmtime::Engine;

use super::code::{Code, Form};
use super::code_cache::Storing;
use super::compiler::Compiler;
use super::engine::{self, LaterCalls};
use super::error::{EngineError, RunError};
use super::host::HostFunctions;
use crate::guest::Guest;
use crate::instrument::GuestCopy;
use crate::options::BakeOptions;

/// The machine code of a run copy, and what is needed to instantiate it.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(super) code: Code,
    compiler: Compiler,
    host: HostFunctions,
    /// The write of the code into the cache, if one is going on.
    storing: Storing,
}

impl Compiled {
    pub(crate) fn new(
        guest: &Guest<'_>,
        copy: &GuestCopy,
        options: &BakeOptions,
        host: &HostFunctions,
        calls: LaterCalls,
    ) -> Result<Self, RunError> {
        let (code, compiler, storing) = engine::compile(guest, copy, options, calls)?;
        Ok(Self {
            code,
            compiler,
            host: host.clone(),
            storing,
        })
    }

    /// Drops the code and returns its write into the cache, which is complete when the result is dropped.
    pub(crate) fn into_storing(self) -> Storing {
        self.storing
    }

    pub(crate) fn compiler(&self) -> Compiler {
        self.compiler
    }

    /// The embedder's functions, which init may call.
    pub(crate) fn host(&self) -> &HostFunctions {
        &self.host
    }

    pub(crate) fn serialize(&self) -> Result<Vec<u8>, EngineError> {
        self.code.serialize().map_err(EngineError::from)
    }

    /// # Safety
    ///
    /// `bytes` are what [`serialize`](Self::serialize) returned for this guest, in this process or another.
    pub(crate) unsafe fn deserialize(
        guest: &Guest<'_>,
        compiler: Compiler,
        bytes: &[u8],
        options: &BakeOptions,
        host: &HostFunctions,
    ) -> Result<Self, EngineError> {
        let form = Form::of(guest.wasm);
        let engine = engine::config(compiler, form, options).and_then(|config| Engine::new(&config))?;
        // SAFETY: the caller promises that `serialize` returned the bytes.
        let code = unsafe { Code::deserialize(&engine, form, bytes) }?;
        Ok(Self {
            code,
            compiler,
            host: host.clone(),
            storing: Storing::default(),
        })
    }
}
