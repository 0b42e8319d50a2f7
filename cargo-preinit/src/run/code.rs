//! Compiled code: of a module, or of a component.

use std::path::Path;

use std::sync::Arc;

use wasmtime::component::Component;
use wasmtime::{Engine, Extern, Instance, Module, Store};

use super::compiler::Compiler;
use super::host::Host;
use super::parts::{Parts, reached};

/// Whether it is a module or a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Module,
    Component,
}

impl Form {
    /// The form of these bytes.
    pub(super) fn of(wasm: &[u8]) -> Self {
        if wasmparser::Parser::is_component(wasm) {
            Self::Component
        } else {
            Self::Module
        }
    }
}

/// The machine code of a run copy, and what the engine needs to instantiate it.
#[derive(Clone)]
pub(super) enum Code {
    Module(Module),
    /// A module whose functions are compiled as they are reached.
    Parts(Arc<Parts>),
    Component(Component),
}

/// The machine code of a run copy, and what compiled it.
#[derive(Debug, Clone)]
pub(super) struct CompiledCode {
    pub(super) code: Code,
    pub(super) compiler: Compiler,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Module(_) => "Module",
            Self::Parts(_) => "Parts",
            Self::Component(_) => "Component",
        })
    }
}

impl Code {
    pub(super) fn compile(engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Self> {
        match Form::of(wasm) {
            Form::Module => Module::from_binary(engine, wasm).map(Self::Module),
            Form::Component => Component::from_binary(engine, wasm).map(Self::Component),
        }
    }

    pub(super) fn engine(&self) -> &Engine {
        match self {
            Self::Module(module) => module.engine(),
            Self::Parts(parts) => parts.engine(),
            Self::Component(component) => component.engine(),
        }
    }

    pub(super) fn serialize(&self) -> wasmtime::Result<Vec<u8>> {
        match self {
            Self::Module(module) => module.serialize(),
            Self::Parts(_) => Err(wasmtime::Error::msg("parts are in an archive of their own")),
            Self::Component(component) => component.serialize(),
        }
    }

    /// Whether the engine counts fuel where that is asked for. Parts would add their own to it.
    pub(super) fn counts_fuel(&self) -> bool {
        !matches!(self, Self::Parts(_))
    }

    /// The module whose first imports are those of the run copy; `None` for a component.
    pub(super) fn importing(&self) -> Option<&Module> {
        match self {
            Self::Module(module) => Some(module),
            Self::Parts(parts) => Some(parts.state()),
            Self::Component(_) => None,
        }
    }

    /// Instantiates a module.
    pub(super) fn instantiate(
        &self,
        store: &mut Store<Host>,
        imports: &[Extern],
    ) -> wasmtime::Result<Instance> {
        match self {
            Self::Module(module) => Instance::new(store, module, imports),
            Self::Parts(parts) => reached::instantiate(parts, store, imports),
            Self::Component(_) => Err(wasmtime::Error::msg("it is a component")),
        }
    }

    /// # Safety
    ///
    /// `bytes` are what [`serialize`](Self::serialize) returned for code of this form.
    pub(super) unsafe fn deserialize(engine: &Engine, form: Form, bytes: &[u8]) -> wasmtime::Result<Self> {
        match form {
            // SAFETY: the caller promises that `serialize` returned the bytes.
            Form::Module => unsafe { Module::deserialize(engine, bytes) }.map(Self::Module),
            // SAFETY: as above.
            Form::Component => unsafe { Component::deserialize(engine, bytes) }.map(Self::Component),
        }
    }

    /// Maps a file, so that only the pages that are used are read.
    ///
    /// # Safety
    ///
    /// As for [`deserialize`](Self::deserialize), and nobody writes to the file while the code is in use.
    pub(super) unsafe fn map(engine: &Engine, form: Form, path: &Path) -> wasmtime::Result<Self> {
        match form {
            // SAFETY: the caller promises that `serialize` returned the file's bytes, and that they stay.
            Form::Module => unsafe { Module::deserialize_file(engine, path) }.map(Self::Module),
            // SAFETY: as above.
            Form::Component => unsafe { Component::deserialize_file(engine, path) }.map(Self::Component),
        }
    }
}
