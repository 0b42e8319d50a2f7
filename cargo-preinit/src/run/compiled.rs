//! A compiled run copy, which can be instantiated any number of times.

use std::sync::{Arc, Mutex, PoisonError};

use wasmtime::Engine;

use super::code::{Code, CompiledCode, Form};
use super::code_cache::Storing;
use super::compiler::Compiler;
use super::engine::{self, Fuel, LaterCalls};
use super::error::{Cause, EngineError, RunError};
use super::host::HostFunctions;
use crate::guest::Guest;
use crate::instrument::GuestCopy;
use crate::options::BakeOptions;

/// The machine code of a run copy, and what is needed to instantiate it.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Other code takes its place where a function that init reaches is not compiled by the compiler that was tried first.
    code: Mutex<CompiledCode>,
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
        let (code, storing) = engine::compile(guest, copy, options, host, calls)?;
        Ok(Self {
            code: Mutex::new(code),
            host: host.clone(),
            storing,
        })
    }

    /// Drops the code and returns its write into the cache, which is complete when the result is dropped.
    pub(crate) fn into_storing(self) -> Storing {
        match self.code().code {
            Code::Parts(parts) => Storing::begin(move || parts.store()),
            Code::Module(_) | Code::Component(_) => self.storing,
        }
    }

    pub(super) fn code(&self) -> CompiledCode {
        self.code.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has other code take the place of this code, if a run in parts ended for a reason that need not be the guest's: a part was not
    /// compiled, there were too many, or the stack was full of what is between parts. Returns whether it did.
    pub(super) fn fall_back(
        &self,
        code: &CompiledCode,
        error: &RunError,
        options: &BakeOptions,
    ) -> Result<bool, RunError> {
        let Code::Parts(parts) = &code.code else {
            return Ok(false);
        };
        let is_full = matches!(error, RunError::Stopped(stopped) if matches!(stopped.cause, Cause::Stack(_)));
        let is_not_compiled = matches!(error, RunError::Winch(_) | RunError::Compile(_));
        if !is_full && !is_not_compiled {
            return Ok(false);
        }
        let mut current = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        // Another run may have done so already.
        if !matches!(&current.code, Code::Parts(now) if Arc::ptr_eq(now, parts)) {
            return Ok(true);
        }
        let other_parts = is_not_compiled && !parts.were_too_many();
        let (other, storing) = engine::instead_of(parts, code.compiler, other_parts, options)?;
        *current = other;
        drop(current);
        // Once the write is complete, since it is not known when the code is not needed any more.
        drop(storing);
        Ok(true)
    }

    /// The embedder's functions, which init may call.
    pub(crate) fn host(&self) -> &HostFunctions {
        &self.host
    }

    /// The code of all functions, and what compiled it. They are for bakes with other inputs, which may reach other functions.
    pub(crate) fn serialize(&self, options: &BakeOptions) -> Result<(Compiler, Vec<u8>), RunError> {
        let mut code = self.code();
        // Written into the cache, too, before this returns.
        let _storing = match &code.code {
            Code::Parts(parts) => {
                let (all, storing) = engine::whole(code.compiler, parts.split().wasm(), options)?;
                code = all;
                storing
            }
            Code::Module(_) | Code::Component(_) => Storing::default(),
        };
        let bytes = code
            .code
            .serialize()
            .map_err(|error| RunError::Setup(error.into()))?;
        Ok((code.compiler, bytes))
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
        let engine = engine::config(compiler, form, options, Fuel::of(options))
            .and_then(|config| Engine::new(&config))?;
        // SAFETY: the caller promises that `serialize` returned the bytes.
        let code = unsafe { Code::deserialize(&engine, form, bytes) }?;
        Ok(Self {
            code: Mutex::new(CompiledCode { code, compiler }),
            host: host.clone(),
            storing: Storing::default(),
        })
    }
}
