//! Modules made to measure one thing: a huge sparse memory, and a huge table.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use cargo_preinit::guest::Guest;
use cargo_preinit::{BakeOptions, HostFunctions, capture, init, instrument, run};
use wasm_encoder::{
    CodeSection, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection, Module,
    RefType, TableSection, TableType, TypeSection,
};

/// A memory that init grows to 1 GiB, of which it touches one page of 4 KiB in a hundred.
pub const SPARSE: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "wizer-initialize") (local $at i32)
        (drop (memory.grow (i32.const 16383)))
        (loop $next
            (i64.store (local.get $at) (i64.const 0x0123456789abcdef))
            (local.set $at (i32.add (local.get $at) (i32.const 409600)))
            (br_if $next (i32.lt_u (local.get $at) (i32.const 0x40000000))))))"#;

/// Modules whose init runs long, and what the last thing is that it does.
pub const SECOND_INIT: [(&str, &str); 2] = [
    ("init that asks nothing", ""),
    (
        "init that draws a random number",
        "(drop (call $random (i32.const 8) (i32.const 8)))",
    ),
];

/// A module whose init makes 200 million stores, and then does this.
pub fn long_init(last: &str) -> String {
    format!(
        r#"(module
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "wizer-initialize") (local $at i32)
        (loop $next
            (i32.store (i32.const 0) (i32.xor (local.get $at) (i32.load (i32.const 0))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $at) (i32.const 200000000))))
        {last})
    (func (export "get") (result i32) (i32.load (i32.const 0))))"#
    )
}

/// How many functions [`table`] has.
pub const ENTRIES: u32 = 100_000;

/// A table that init fills with functions, all of them different.
pub fn table() -> Result<Vec<u8>> {
    let mut types = TypeSection::new();
    types.ty().function([], [wasm_encoder::ValType::I32]);
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for number in 0..ENTRIES {
        functions.function(0);
        let mut body = Function::new([]);
        body.instructions().i32_const(number.try_into()?).end();
        code.function(&body);
    }
    functions.function(1);
    let mut init = Function::new([]);
    init.instructions()
        .i32_const(0)
        .i32_const(0)
        .i32_const(ENTRIES.try_into()?)
        .table_init(0, 0)
        .end();
    code.function(&init);
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: ENTRIES.into(),
        maximum: None,
        shared: false,
    });
    let mut exports = ExportSection::new();
    exports.export("init", ExportKind::Func, ENTRIES);
    exports.export("table", ExportKind::Table, 0);
    let mut elements = ElementSection::new();
    let backwards: Vec<u32> = (0..ENTRIES).rev().collect();
    elements.passive(Elements::Functions(backwards.into()));
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&tables)
        .section(&exports)
        .section(&elements)
        .section(&code);
    Ok(module.finish())
}

/// The least time that it takes to tell which function is in which slot of [`table`].
pub fn identify() -> Result<Duration> {
    let wasm = table()?;
    let options = BakeOptions {
        init_functions: vec!["init".to_owned()],
        ..BakeOptions::default()
    };
    let guest = Guest::parse(&wasm)?;
    let plan = init::plan(&guest, &options)?;
    let copy = instrument::instrument(&guest, &plan)?;
    let mut least = Duration::MAX;
    for _ in 0..3 {
        let mut ran = run::run(&guest, &copy, &plan, &options, &HostFunctions::default())?;
        let started = Instant::now();
        let (_, refusals) = capture::capture(&guest, &copy, &mut ran.live, options.memory_scan)?;
        least = least.min(started.elapsed());
        ensure!(refusals.0.is_empty(), "{refusals}");
    }
    Ok(least)
}
