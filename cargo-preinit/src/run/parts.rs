//! Compiles only the functions that init reaches: see [`Split`].
//!
//! [`Parts`] is the code of a run copy, which runs share; a [`Loader`] is what one run has loaded of it. A function is loaded in the middle
//! of a call of the guest's: the engine compiles a part, instantiates it beside the state, which runs no code of the guest's, and the call
//! goes on.

mod archive;
pub(super) mod loader;
pub(super) mod reached;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wasmtime::{Engine, Module};

use super::compiler::Compiler;
use super::error::{EngineError, RunError};
use crate::instrument::{Imported, Part, Reach, Split, StateModule};
use crate::options::CompilationCache;

use archive::Archive;

/// The SHA-256 of a module.
type Hash = [u8; 32];

/// A part, and the hash of its module.
#[derive(Debug, Serialize, Deserialize)]
struct Made {
    part: Part,
    hash: Hash,
}

/// How many functions a part has. Each part costs about as much as 2 KB of code that is not needed, so for a compiler that takes longer it
/// is fewer. Measured on StarlingMonkey and Ruby: between depths of 2 and 4, and 16 and 64 functions, Winch takes the same time.
fn reach(compiler: Compiler) -> Reach {
    match compiler {
        Compiler::Winch => Reach {
            depth: 3,
            functions: 64,
        },
        Compiler::Cranelift => Reach {
            depth: 1,
            functions: 16,
        },
    }
}

/// The code of a run copy in parts.
pub(super) struct Parts {
    split: Arc<Split>,
    engine: Engine,
    compiler: Compiler,
    described: StateModule,
    state: Module,
    /// The code that was compiled, and what an earlier bake left.
    archive: Mutex<Archive>,
    /// Whether a run reached so much that it takes less time to compile all functions.
    were_too_many: AtomicBool,
}

/// How many parts a run loads at most of a copy with this many functions. Each costs some tenths of a millisecond and a mapping of memory,
/// and all functions together take about as long as this many parts.
fn most_parts(functions: usize) -> usize {
    (functions / 8).clamp(1000, 20_000)
}

impl Parts {
    /// Compiles the state module. `cache` has the code of earlier bakes.
    pub(super) fn new(
        split: &Arc<Split>,
        engine: Engine,
        compiler: Compiler,
        cache: &CompilationCache,
    ) -> wasmtime::Result<Self> {
        let described = split.state().map_err(wasmtime::Error::new)?;
        let mut archive = Archive::open(cache, split, compiler);
        let state = match archive.find(&engine, Archive::STATE, 0) {
            Some(state) => state,
            None => {
                let wasm = split.state_module(&described).map_err(wasmtime::Error::new)?;
                let state = compiler.compile(|| Module::from_binary(&engine, &wasm))?;
                archive.keep(Archive::STATE, &state);
                state
            }
        };
        Ok(Self {
            split: Arc::clone(split),
            engine,
            compiler,
            described,
            state,
            archive: Mutex::new(archive),
            were_too_many: AtomicBool::new(false),
        })
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn split(&self) -> &Arc<Split> {
        &self.split
    }

    /// Whether a run reached so much that it takes less time to compile all functions.
    pub(super) fn were_too_many(&self) -> bool {
        self.were_too_many.load(Ordering::Relaxed)
    }

    /// The state module, whose first imports are those of the run copy.
    pub(super) fn state(&self) -> &Module {
        &self.state
    }

    /// Writes what was compiled into the cache, if there is one.
    pub(super) fn store(&self) {
        self.archive().store();
    }

    fn archive(&self) -> MutexGuard<'_, Archive> {
        self.archive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A part for a slot: one that an earlier run or bake made, if it fits what is loaded, else a new one.
    fn part(&self, slot: u32, is_loaded: &dyn Fn(u32) -> bool) -> wasmtime::Result<Arc<Made>> {
        let fits = |part: &Part| {
            let is_there = |import: &Imported| match import {
                Imported::Loaded(slot) => is_loaded(*slot),
                _ => true,
            };
            part.imports.iter().all(is_there) && !part.slots.iter().any(|slot| is_loaded(*slot))
        };
        let known = self.archive().made(slot, fits);
        // A file may lack its code, or the engine may not take that.
        if let Some(made) = known
            && self.archive().find(&self.engine, made.hash, 0).is_some()
        {
            return Ok(made);
        }
        let (part, wasm) = self
            .split
            .part(slot, reach(self.compiler), is_loaded)
            .map_err(wasmtime::Error::new)?;
        let hash: Hash = Sha256::digest(&wasm).into();
        if self.archive().find(&self.engine, hash, 0).is_none() {
            let module = self
                .compiler
                .compile(|| Module::from_binary(&self.engine, &wasm))?;
            self.archive().keep(hash, &module);
        }
        let made = Arc::new(Made { part, hash });
        self.archive().keep_part(slot, Arc::clone(&made));
        Ok(made)
    }

    /// The code of a part. `copy` counts the copies of the same code.
    fn module(&self, made: &Made, copy: u32) -> wasmtime::Result<Module> {
        let module = self.archive().find(&self.engine, made.hash, copy);
        module.ok_or_else(|| wasmtime::Error::msg("the code of a part is gone"))
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

/// A part was not compiled, so that the run has to begin anew.
#[derive(Debug)]
pub(super) struct NotCompiled {
    compiler: Compiler,
    error: wasmtime::Error,
}

impl NotCompiled {
    pub(super) fn into_error(self) -> RunError {
        let error = EngineError::from(self.error);
        match self.compiler {
            Compiler::Winch => RunError::Winch(error),
            Compiler::Cranelift => RunError::Compile(error),
        }
    }
}

impl fmt::Display for NotCompiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a part of the code was not compiled: {}", self.error)
    }
}

impl std::error::Error for NotCompiled {}
