//! Equivalence: calls of the baked module have the same effects and results as calls of the original after its init.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use preinit_guest::abi;
use snapbox::{Assert, Data};
use wasmtime::error::{Context as _, Result, bail, ensure};
use wasmtime::{Val, ValType};

use crate::case::{Call, Case};
use crate::names::{export_names, exports, original_init};
use crate::observe::state;
use crate::world::World;

/// Checks the exports and the answers that a case states. Unless it states answers of the baked module only (`expect`), the baked
/// module is compared with the original.
pub fn check(case: &Case, baked: &[u8]) -> Result<()> {
    let original = wat::parse_bytes(&case.guest)?;
    if wasmparser::Parser::is_component(&original) {
        return crate::component::check(case, baked);
    }
    let names = export_names(case, &original)?;
    let found = exports(baked)?;
    let expected: Vec<&String> = names.keys().collect();
    ensure!(
        found.iter().collect::<Vec<_>>() == expected,
        "the exports are {found:?}, but must be {expected:?}"
    );
    let answers = &case.options.imports;
    let mut world = World::new(baked, answers)?;
    if let Some(initialize) = world.exported_function("_initialize") {
        let answer = world.call(initialize, &[])?;
        ensure!(answer.is_empty(), "`_initialize` in the baked module: {answer}");
    }
    check_answers(&case.answers, &mut World::new(baked, answers)?)?;
    if !case.expected.is_empty() {
        return check_answers(&case.expected, &mut world);
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

/// Checks the answers that a case states.
fn check_answers(answers: &[(Call, String)], world: &mut World) -> Result<()> {
    for (call, expected) in answers {
        let answer = perform(world, call, &call.export)?;
        ensure!(
            answer == *expected,
            "`{}` answers `{answer}`, not `{expected}`",
            call.export
        );
    }
    Ok(())
}

/// Instantiates the original and runs its init, as a bake does.
fn initialised(case: &Case, original: &[u8]) -> Result<World> {
    let mut world = World::in_init(original, &case.options.imports)?;
    set_phase(&mut world, abi::PHASE_RUNNING)?;
    for call in original_init(case, original)? {
        let answer = perform(&mut world, &call, &call.export)?;
        ensure!(
            !answer.contains("trap") && !answer.contains("exception"),
            "`{}`: {answer}",
            call.export
        );
    }
    world.end_init();
    set_phase(&mut world, abi::PHASE_DONE)?;
    clear(&mut world, &case.dead)?;
    Ok(world)
}

/// Zeroes the bytes that the bake zeroes.
fn clear(world: &mut World, dead: &[Range<usize>]) -> Result<()> {
    for range in dead {
        let memory = world
            .instance
            .get_memory(&mut world.store, "memory")
            .context("a guest with dead bytes exports its memory as `memory`")?;
        let bytes = memory.data_mut(&mut world.store).get_mut(range.clone());
        bytes.context("the dead bytes are in the memory")?.fill(0);
    }
    Ok(())
}

/// Sets the phase in a guest that carries the SDK, as the tool does. A guest without the SDK is left alone.
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

/// Makes the calls, and writes their answers and all visible state as text. `names` maps the output's exports to those of this
/// world.
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
    // `state` calls the functions that it finds in tables, which may change state.
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

/// Compares two texts, and shows a diff.
pub fn equal(what: &str, actual: &str, expected: &str) -> Result<()> {
    Assert::new()
        .try_eq(Some(&what), Data::text(actual).raw(), Data::text(expected).raw())
        .map_err(|difference| wasmtime::format_err!("{difference}"))
}
