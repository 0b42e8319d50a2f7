//! Compares the removal of dead code with walrus's: the output must not have more functions, tables, memories or globals. (walrus
//! also removes unreachable instructions, which is a compiler's task, so bytes of code are not compared.)

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::path::Path;

use cargo_preinit::{BakeOptions, DeadCode};
use wasmparser::{Parser, Payload, TypeRef};
use wasmtime::error::{Result, ensure};

/// The numbers of a module's definitions that can be dead.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sizes {
    functions: u32,
    tables: u32,
    memories: u32,
    globals: u32,
}

impl Sizes {
    fn of(wasm: &[u8]) -> Result<Self> {
        let mut sizes = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::FunctionSection(section) => sizes.functions = section.count(),
                Payload::TableSection(section) => sizes.tables = section.count(),
                Payload::MemorySection(section) => sizes.memories = section.count(),
                Payload::GlobalSection(section) => sizes.globals = section.count(),
                _ => {}
            }
        }
        Ok(sizes)
    }

    fn is_above(&self, other: &Self) -> bool {
        self.functions > other.functions
            || self.tables > other.tables
            || self.memories > other.memories
            || self.globals > other.globals
    }
}

/// Whether a module imports anything but functions. A segment's offset can depend on an imported global, and with it whether
/// instantiation traps; walrus removes such a segment, and the tool does not.
fn imports_state(wasm: &[u8]) -> Result<bool> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                if !matches!(import?.ty, TypeRef::Func(_)) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

/// Whether wasm-bindgen has yet to bind a module. It is told of slots of tables as plain numbers, so a table can be in use that
/// nothing in the module names; walrus removes it, and the tool does not.
fn is_to_be_bound(wasm: &[u8]) -> Result<bool> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CustomSection(section) = payload?
            && section.name() == "__wasm_bindgen_unstable"
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The module after walrus's gc; `None` if walrus does not parse it, or panics.
fn by_walrus(wasm: &[u8]) -> Option<Vec<u8>> {
    let collected = catch_unwind(|| {
        let mut config = walrus::ModuleConfig::new();
        let mut module = config.only_stable_features(false).parse(wasm).ok()?;
        walrus::passes::gc::run(&mut module);
        Some(module.emit_wasm())
    });
    collected.ok().flatten()
}

#[test]
fn nothing_that_walrus_removes_stays() -> Result<()> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("bake");
    let mut compared = BTreeSet::new();
    for entry in fs_err::read_dir(cases)? {
        let directory = entry?.path();
        if !directory.is_dir() || directory.join("error.txt").exists() {
            continue;
        }
        let case = preinit_tests::case::Case::read(&directory)?;
        let with = |dead_code| BakeOptions {
            dead_code,
            ..case.options.clone()
        };
        let (Ok(full), Ok(ours)) = (
            case.bake(&with(DeadCode::Keep)),
            case.bake(&with(DeadCode::Remove)),
        ) else {
            continue;
        };
        if ours.report.dead_code.is_err() {
            continue;
        }
        if imports_state(&full.wasm)? || is_to_be_bound(&full.wasm)? {
            continue;
        }
        let Some(theirs) = by_walrus(&full.wasm) else {
            continue;
        };
        let (ours, theirs) = (Sizes::of(&ours.wasm)?, Sizes::of(&theirs)?);
        ensure!(
            !ours.is_above(&theirs),
            "{}: {ours:?}, and walrus {theirs:?}",
            directory.display()
        );
        compared.insert(directory);
    }
    ensure!(compared.len() > 50, "only {} were compared", compared.len());
    println!("{} modules", compared.len());
    Ok(())
}
