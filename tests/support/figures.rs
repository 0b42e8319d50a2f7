//! Figures of a module that do not depend on the machine.

use wasmparser::{DataKind, ElementItems, ElementKind, Parser, Payload};
use wasmtime::error::Result;
use wasmtime::{Config, Engine, Instance, Module, Store};

/// Counts of a module's contents.
#[derive(Debug, Default)]
pub struct Shape {
    /// The size of the module.
    pub bytes: u64,
    /// Defined functions.
    pub functions: u64,
    /// Data segments.
    pub data: u64,
    /// The bytes in active data segments.
    pub data_bytes: u64,
    /// Active element segments that list functions: wasmtime reads them when a slot is first needed.
    pub functions_in_tables: u64,
    /// Active element segments of expressions, which wasmtime evaluates at each start.
    pub expressions: u64,
}

impl Shape {
    pub fn of(wasm: &[u8]) -> Result<Self> {
        let mut shape = Self {
            bytes: wasm.len() as u64,
            ..Self::default()
        };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::FunctionSection(functions) => shape.functions = functions.count().into(),
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        shape.data += 1;
                        if matches!(segment.kind, DataKind::Active { .. }) {
                            shape.data_bytes += segment.data.len() as u64;
                        }
                    }
                }
                Payload::ElementSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        if matches!(segment.kind, ElementKind::Active { .. }) {
                            match segment.items {
                                ElementItems::Functions(_) => shape.functions_in_tables += 1,
                                ElementItems::Expressions(..) => shape.expressions += 1,
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(shape)
    }
}

/// Instantiates a module without imports, runs init if it has one, and calls `run`. Returns the answer, and the fuel for all three.
pub fn start(wasm: &[u8]) -> Result<(i32, u64)> {
    let engine = Engine::new(Config::new().consume_fuel(true))?;
    let mut store = Store::new(&engine, ());
    store.set_fuel(u64::MAX)?;
    let instance = Instance::new(&mut store, &Module::new(&engine, wasm)?, &[])?;
    if let Ok(init) = instance.get_typed_func::<(), ()>(&mut store, "wizer-initialize") {
        init.call(&mut store, ())?;
    }
    let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
    let answer = run.call(&mut store, ())?;
    Ok((answer, u64::MAX - store.get_fuel()?))
}
