//! The law: whoever calls the baked module sees what they would see of the original after its init.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cargo_preinit::KeepInit;
use preinit_guest::abi;
use wasmparser::{Parser, Payload};
use wasmtime::error::{Context as _, Result, bail, ensure};
use wasmtime::{Val, ValType};

use crate::case::{Call, Case};
use crate::equal;
use crate::host::World;
use crate::observe::state;

/// Checks a case against the original, or against what it expects by itself.
pub(crate) fn check(case: &Case, baked: &[u8]) -> Result<()> {
    let original = wat::parse_bytes(&case.guest)?;
    let names = export_names(case, &original)?;
    let found = exports(baked)?;
    let expected: Vec<&String> = names.keys().collect();
    ensure!(
        found.iter().collect::<Vec<_>>() == expected,
        "the exports are {found:?}, but must be {expected:?}"
    );
    let mut world = World::new(baked)?;
    if let Some(initialize) = world.exported_function("_initialize") {
        let answer = world.call(initialize, &[])?;
        ensure!(answer.is_empty(), "`_initialize` in the baked module: {answer}");
    }
    if !case.expected.is_empty() {
        return check_expected(case, &mut world);
    }
    let same: BTreeMap<String, String> = found.into_iter().map(|name| (name.clone(), name)).collect();
    let seen = observe(case, &mut world, &same)?;
    let mut world = initialised(case, &original)?;
    let wanted = observe(case, &mut world, &names)?;
    equal(
        "the baked module, as against the original after its init",
        &seen,
        &wanted,
    )
}

/// Checks the answers that the case states.
fn check_expected(case: &Case, world: &mut World) -> Result<()> {
    for (call, expected) in &case.expected {
        let answer = perform(world, call, &call.export)?;
        ensure!(
            answer == *expected,
            "`{}` answers `{answer}`, not `{expected}`",
            call.export
        );
    }
    Ok(())
}

/// Instantiates the original and runs what a bake runs.
fn initialised(case: &Case, original: &[u8]) -> Result<World> {
    let mut world = World::new(original)?;
    let mut run: Vec<String> = Vec::new();
    if world.exported_function("_initialize").is_some() {
        run.push("_initialize".to_owned());
    }
    run.extend(match &case.original_init {
        Some(names) => names.clone(),
        None => init_functions(case, original)?,
    });
    set_phase(&mut world, abi::PHASE_RUNNING)?;
    for name in run {
        let function = world
            .exported_function(&name)
            .with_context(|| format!("there is no `{name}`"))?;
        let answer = world.call(function, &[])?;
        ensure!(
            !answer.contains("trap") && !answer.contains("exception"),
            "`{name}`: {answer}"
        );
    }
    set_phase(&mut world, abi::PHASE_DONE)?;
    Ok(world)
}

/// What the tool does to a guest that carries the SDK.
fn set_phase(world: &mut World, phase: u32) -> Result<()> {
    let Some(global) = world.instance.get_global(&mut world.store, abi::PHASE) else {
        return Ok(());
    };
    let address = match global.get(&mut world.store) {
        Val::I32(address) => usize::try_from(address)?,
        Val::I64(address) => usize::try_from(address)?,
        other => bail!("the phase is at {other:?}"),
    };
    let memory = world
        .instance
        .get_memory(&mut world.store, "memory")
        .context("a guest with the SDK exports its memory as `memory`")?;
    memory.write(&mut world.store, address, &phase.to_le_bytes())?;
    Ok(())
}

/// The init functions: those that are named, or Wizer's.
fn init_functions(case: &Case, wasm: &[u8]) -> Result<Vec<String>> {
    if !case.options.init_functions.is_empty() {
        return Ok(case.options.init_functions.clone());
    }
    let exports = exports(wasm)?;
    let wizer = ["wizer-initialize", "wizer.initialize"];
    Ok(wizer
        .into_iter()
        .find(|name| exports.iter().any(|export| export == name))
        .map(str::to_owned)
        .into_iter()
        .collect())
}

/// The exports that the output must have, and what each of them is called in the original.
fn export_names(case: &Case, original: &[u8]) -> Result<BTreeMap<String, String>> {
    let init = init_functions(case, original)?;
    let mut names: BTreeMap<String, String> = exports(original)?
        .into_iter()
        .filter(|name| !name.starts_with(abi::PREFIX))
        .filter(|name| case.options.keep_init_functions == KeepInit::Keep || !init.contains(name))
        .map(|name| (name.clone(), name))
        .collect();
    for rename in &case.options.renames {
        names.remove(&rename.old);
    }
    for rename in &case.options.renames {
        names.insert(rename.new.clone(), rename.old.clone());
    }
    Ok(names)
}

/// The names of a module's exports, sorted.
fn exports(wasm: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ExportSection(reader) = payload? {
            for export in reader {
                names.push(export?.name.to_owned());
            }
        }
    }
    names.sort();
    Ok(names)
}

/// Makes the calls, and writes down everything that can be seen. `names` leads from the output's exports to those of
/// this world.
fn observe(case: &Case, world: &mut World, names: &BTreeMap<String, String>) -> Result<String> {
    let pairs: Vec<(String, String)> = names
        .iter()
        .map(|(name, own)| (name.clone(), own.clone()))
        .collect();
    let mut text = String::new();
    for call in &case.calls {
        let own = names
            .get(&call.export)
            .with_context(|| format!("`{}` is not exported", call.export))?;
        let answer = perform(world, call, own)?;
        writeln!(text, "{}({}): {answer}", call.export, call.arguments.join(", "))?;
    }
    text.push_str(&state(world, &pairs)?);
    // The functions that were found in tables have been called, which may have changed something.
    writeln!(text, "and then:")?;
    text.push_str(&state(world, &pairs)?);
    Ok(text)
}

fn perform(world: &mut World, call: &Call, export: &str) -> Result<String> {
    let function = world
        .exported_function(export)
        .with_context(|| format!("there is no exported function `{export}`"))?;
    let types: Vec<ValType> = function.ty(&world.store).params().collect();
    ensure!(
        types.len() == call.arguments.len(),
        "`{export}` takes {} arguments",
        types.len()
    );
    let arguments = types.iter().zip(&call.arguments);
    let arguments: Vec<Val> = arguments
        .map(|(ty, text)| argument(ty, text))
        .collect::<Result<_>>()?;
    world.call(function, &arguments)
}

fn argument(ty: &ValType, text: &str) -> Result<Val> {
    Ok(match ty {
        ValType::I32 => Val::I32(text.parse()?),
        ValType::I64 => Val::I64(text.parse()?),
        ValType::F32 => Val::F32(text.parse::<f32>()?.to_bits()),
        ValType::F64 => Val::F64(text.parse::<f64>()?.to_bits()),
        ValType::V128 => Val::V128(text.parse::<u128>()?.into()),
        ValType::Ref(ty) => Val::null_ref(ty.heap_type()),
    })
}
