//! Compiled code: of a module, or of a component.

use std::path::Path;

use wasmtime::component::Component;
use wasmtime::{Engine, Module};

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
    Component(Component),
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Module(_) => "Module",
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
            Self::Component(component) => component.engine(),
        }
    }

    pub(super) fn serialize(&self) -> wasmtime::Result<Vec<u8>> {
        match self {
            Self::Module(module) => module.serialize(),
            Self::Component(component) => component.serialize(),
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
