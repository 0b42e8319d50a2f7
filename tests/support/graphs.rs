//! Random components: graphs of instances whose exported functions change and read their state.
//!
//! Modules are defined at any level, and instantiated several times, where they are defined or through outer aliases. They import
//! memories, globals, tables and functions of earlier instances, put functions into tables and globals of others, and every function mixes what it reads into what it returns, so
//! that a difference in any instance's state shows in an answer. [`check`] derives all of it from one seed.

use std::fmt::Write as _;

use cargo_preinit::{BakeError, BakeOptions, DeadCode, KeepInit, Rewriter, bake, verify};
use wasmtime::error::{Context as _, Result, bail, ensure};

use crate::component::World;
use crate::random::Choices;

mod writer;

use writer::Writer;

/// What came of a seed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Baked, without a visible difference.
    Baked,
    /// Baked, and a module has become several.
    BakedApart,
    /// Refused, for an expected reason.
    Refused(&'static str),
    /// Init traps, in the original and in the bake.
    Traps,
}

/// The refusals that a random component may meet, by a part of their text.
const REFUSALS: &[&str] = &[
    "starts as a global of another instance of the component says",
    "is passed on as an argument or an export",
];

/// A random component, and how it is used.
pub struct Case {
    pub text: String,
    /// The functions that run at build time, as calls.
    init: Vec<(String, u32)>,
    /// The functions that a host may call.
    functions: Vec<String>,
}

/// Checks equivalence on the component that the seed makes.
///
/// # Errors
///
/// If the two are not equivalent, or something fails that must not.
pub fn check(seed: u64) -> Result<Outcome> {
    check_choices(&mut Choices::new(seed))
}

/// [`check`] with choices from elsewhere.
///
/// # Errors
///
/// As for [`check`].
pub fn check_choices(choices: &mut Choices) -> Result<Outcome> {
    let case = Case::new(choices);
    equivalence(&case, choices).with_context(|| format!("init {:?}\n{}", case.init, case.text))
}

/// Whether the harness notices a component whose init has not run in place of the baked one.
///
/// # Errors
///
/// If the component that the seed makes cannot be run.
pub fn notices_what_init_did(seed: u64) -> Result<bool> {
    let mut choices = Choices::new(seed);
    let case = Case::new(&mut choices);
    let wasm = wat::parse_str(&case.text)?;
    let (mut after, mut before) = (World::new(&wasm)?, World::new(&wasm)?);
    for (name, n) in &case.init {
        after.call(name, &n.to_string())?;
    }
    let mut is_noticed = false;
    for _ in 0..12 {
        let Some(name) = choices.pick(&case.functions) else {
            break;
        };
        is_noticed |= after.call(name, "7")? != before.call(name, "7")?;
    }
    Ok(is_noticed)
}

fn equivalence(case: &Case, choices: &mut Choices) -> Result<Outcome> {
    let wasm = wat::parse_str(&case.text)?;
    let options = BakeOptions {
        init_functions: case.init.iter().map(|(name, n)| format!("{name}({n})")).collect(),
        keep_init_functions: match choices.chance(1, 2) {
            true => KeepInit::Keep,
            false => KeepInit::Remove,
        },
        dead_code: match choices.chance(1, 2) {
            true => DeadCode::Keep,
            false => DeadCode::Remove,
        },
        rewriter: match choices.chance(1, 8) {
            true => Rewriter::Walrus,
            false => Rewriter::Splice,
        },
        ..BakeOptions::default()
    };
    let mut original = World::new(&wasm)?;
    let mut trapped = false;
    for (name, n) in &case.init {
        trapped |= original.call(name, &n.to_string())?.contains("trap");
    }
    let baked = match bake(&wasm, &options) {
        Ok(baked) if trapped => bail!("init traps, and {} bytes are baked", baked.wasm.len()),
        Ok(baked) => baked.wasm,
        Err(BakeError::Run(_)) if trapped => return Ok(Outcome::Traps),
        Err(error) => {
            let text = error.to_string();
            let expected = REFUSALS.iter().find(|reason| text.contains(**reason));
            return match expected {
                Some(reason) if !error.is_bug() => Ok(Outcome::Refused(reason)),
                _ => bail!("{text}"),
            };
        }
    };
    ensure!(
        bake(&wasm, &options)?.wasm == baked,
        "the same input gave other bytes"
    );
    if choices.chance(1, 16) {
        compare_states(&wasm, &baked, case, &options)?;
    }
    let mut world = World::new(&baked)?;
    let exports = world.exports();
    for _ in 0..12 {
        let Some(name) = choices.pick(&case.functions) else {
            break;
        };
        if !exports.contains(name) {
            continue;
        }
        let n = (choices.number() % 1000).to_string();
        let (expected, found) = (original.call(name, &n)?, world.call(name, &n)?);
        ensure!(
            expected == found,
            "{name}({n}) answers {expected} in the original, and {found} baked"
        );
    }
    let modules = |wasm: &[u8]| {
        let payloads = wasmparser::Parser::new(0).parse_all(wasm).flatten();
        let modules = payloads.filter(|payload| matches!(payload, wasmparser::Payload::ModuleSection { .. }));
        modules.count()
    };
    Ok(match modules(&baked) > modules(&wasm) {
        true => Outcome::BakedApart,
        false => Outcome::Baked,
    })
}

/// Compares the state of all instances after some calls, as a debugger of the engine reads it.
fn compare_states(wasm: &[u8], baked: &[u8], case: &Case, options: &BakeOptions) -> Result<()> {
    let is_called = |name: &&String| case.init.iter().all(|(init, _)| init != *name);
    let calls = case.functions.iter().filter(is_called).take(3);
    let calls = calls.map(|name| format!("{name}(5)").parse().map_err(wasmtime::Error::msg));
    let replay = verify(baked, wasm, &calls.collect::<Result<Vec<_>>>()?, options)?;
    ensure!(replay.differences.is_empty(), "{}", replay.differences.join("\n"));
    Ok(())
}

impl Case {
    fn new(choices: &mut Choices) -> Self {
        let mut writer = Writer {
            choices,
            names: 0,
            modules: Vec::new(),
        };
        let (mut text, mut functions) = (
            String::from("(component\n(import \"host\" (func $host (param \"n\" u32) (result u32)))\n"),
            Vec::new(),
        );
        let exports = writer.body(&mut text, 0, true);
        for (position, function) in exports.iter().enumerate() {
            let name = format!("step{position}");
            let _ = writeln!(text, "(export \"{name}\" (func ${function}))");
            functions.push(name);
        }
        text.push(')');
        let called: Vec<String> = exports
            .iter()
            .zip(&functions)
            .filter(|(function, _)| !function.contains("late"))
            .map(|(_, name)| name.clone())
            .collect();
        let mut init: Vec<(String, u32)> = Vec::new();
        for _ in 0..1 + choices.below(4) {
            if let Some(name) = choices.pick(&called)
                && !init.iter().any(|(known, _)| known == name)
            {
                init.push((name.clone(), u32::try_from(choices.below(1000)).unwrap_or(0)));
            }
        }
        Self {
            text,
            init,
            functions,
        }
    }
}
