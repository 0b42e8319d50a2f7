//! The law on random modules: init then calls, in the original and in the baked module, must be the same to see.
//!
//! [`check`] makes everything out of bytes: the module, which function is init, and what a host does afterwards. So a
//! seed, or the input of a fuzzer, says all there is to say.

mod calls;
mod choices;
mod generate;
mod observe;
mod values;
mod world;

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use cargo_preinit::run::{Cause, RunError};
use cargo_preinit::{BakeError, BakeOptions, KeepInit, bake};
use wasmtime::error::{Context as _, Result, bail, ensure};
use wasmtime::{Module, Trap};

use calls::{Pair, Step};
pub use choices::Choices;
use generate::{Guest, generate};
use world::{End, MEMORY_BYTES, STACK_BYTES, TABLE_ELEMENTS, THREAD_STACK, World, engine};

/// How much of the input decides about everything but the module.
const HEAD: usize = 16;

/// The refusals that a random module may meet; any other fails the test.
const REFUSALS: &[(&str, &str)] = &[
    ("ImportedState", "nothing can stand in for what is imported"),
    (
        "SegmentOfObjects",
        "nothing tells what became of the objects that a passive segment made",
    ),
    (
        "ImportedSubtype",
        "a host may give a function of another type than the import says",
    ),
    (
        "Knot",
        "objects that hold each other in fields that are never null",
    ),
    ("LongArray", "a constant cannot list so many elements"),
    (
        "SharedMemory",
        "threads that start later would initialise it again",
    ),
    (
        "Reference",
        "no constant can say a value of the host's, or an exception",
    ),
    (
        "ForeignFunction",
        "a function of the host's does not exist at build time",
    ),
];

/// What became of an input that broke nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It makes no module.
    NoModule,
    /// The original itself cannot be run to the end of its init, and the bake says so, too.
    InitFails(String),
    /// Refused, for a reason that is on the list.
    Refused(String),
    /// Baked, and nobody could tell.
    Baked,
    /// Baked, and nobody could tell until one side ran out of something.
    BakedUntil(String),
}

/// What is wrong, and the module that shows it.
#[derive(Debug)]
pub struct Failure {
    /// What differs.
    pub text: String,
    /// The original module.
    pub wasm: Vec<u8>,
}

/// Checks the law on the module that the bytes make.
///
/// # Errors
///
/// If the law is broken, or something fails that must not.
pub fn check(input: &[u8]) -> std::result::Result<Outcome, Failure> {
    let (head, body) = input.split_at(HEAD.min(input.len()));
    let mut choices = Choices::from_bytes(head);
    let Some(guest) = generate(&mut choices, body) else {
        return Ok(Outcome::NoModule);
    };
    on_large_stack(|| law(&guest, choices)).map_err(|text| Failure {
        text,
        wasm: guest.wasm,
    })
}

/// Whether the harness tells a module whose init has run from one whose init has not: what it is worth. `None` where
/// there is nothing to compare.
#[must_use]
pub fn notices_what_init_did(input: &[u8]) -> Option<bool> {
    let (head, body) = input.split_at(HEAD.min(input.len()));
    let mut choices = Choices::from_bytes(head);
    let guest = generate(&mut choices, body).filter(|guest| !guest.has_shared_memory)?;
    let compared = on_large_stack(|| {
        let module = Module::new(engine()?, &guest.wasm)?;
        let seed = Choices::new(choices.number());
        let (_, Ok(original)) = find_init(&guest, &module, &seed, KeepInit::Keep, 1)? else {
            return Ok(None);
        };
        let compared = compare(
            &module,
            original,
            &guest.wasm,
            &[],
            KeepInit::Keep,
            &seed,
            &mut choices,
        );
        Ok(Some(compared.is_err()))
    });
    compared.ok().flatten()
}

/// Calls of the guest use this thread's stack, which has to be larger than their bound.
fn on_large_stack<T: Send>(run: impl FnOnce() -> Result<T> + Send) -> std::result::Result<T, String> {
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .name("law".to_owned())
            .stack_size(THREAD_STACK)
            .spawn_scoped(scope, run)
            .map_err(|error| format!("no thread: {error}"))?;
        thread
            .join()
            .map_err(|_| "the harness panicked".to_owned())?
            .map_err(|error| format!("{error:?}"))
    })
}

/// The input that a seed stands for.
#[must_use]
pub fn input(seed: u64) -> Vec<u8> {
    let mut choices = Choices::new(seed);
    let length = HEAD + 200 + choices.below(2800);
    choices.bytes(length)
}

/// The module that the bytes make.
#[must_use]
pub fn module(input: &[u8]) -> Option<Vec<u8>> {
    let (head, body) = input.split_at(HEAD.min(input.len()));
    generate(&mut Choices::from_bytes(head), body).map(|guest| guest.wasm)
}

/// Looks for a smaller input that fails, too: wasm-smith makes smaller modules of fewer bytes.
#[must_use]
pub fn shrink(input: &[u8], failure: Failure) -> (Vec<u8>, Failure) {
    let mut best = (input.to_vec(), failure);
    let mut cut = input.len() / 2;
    while cut > 0 {
        let Some(length) = best.0.len().checked_sub(cut).filter(|length| *length > HEAD) else {
            cut /= 2;
            continue;
        };
        match check(&best.0[..length]) {
            Err(failure) => best = (best.0[..length].to_vec(), failure),
            Ok(_) => cut /= 2,
        }
    }
    best
}

fn law(guest: &Guest, mut choices: Choices) -> Result<Outcome> {
    if guest.has_shared_memory {
        // It may wait for other threads for ever.
        return match bake(
            &guest.wasm,
            &options(vec![guest.inits[0].clone()], KeepInit::Remove),
        ) {
            Err(error @ BakeError::Refused(_)) => refusal(error),
            Err(error) => bail!("a shared memory must be refused: {error}"),
            Ok(_) => bail!("a shared memory must be refused"),
        };
    }
    let module = Module::new(engine()?, &guest.wasm).context("the original does not compile")?;
    let seed = Choices::new(choices.number());
    let keep = if choices.chance(1, 4) {
        KeepInit::Keep
    } else {
        KeepInit::Remove
    };
    let count = if choices.chance(1, 5) { 2 } else { 1 };
    let (inits, init) = find_init(guest, &module, &seed, keep, count)?;
    match &init {
        // An endless loop would only end with the bake's time.
        Err(End::Trap(Trap::OutOfFuel)) => return Ok(Outcome::InitFails("no end".to_owned())),
        Err(End::NoImport) => return Ok(Outcome::InitFails("an import that cannot be made".to_owned())),
        Ok(_) | Err(_) => {}
    }
    let options = options(inits.clone(), keep);
    let baked = bake(&guest.wasm, &options);
    let (original, baked) = match (init, baked) {
        (Ok(world), Ok(baked)) if world.store.data().log.is_empty() => (world, baked),
        (Ok(_), Ok(_)) => bail!("baked, though init calls an import"),
        // Collected values may take more room here than there.
        (Err(End::Resource(why)), Ok(_)) => return Ok(Outcome::InitFails(why)),
        // A segment may not fit into what the host gives: then it does not in either.
        (Err(end), Ok(baked)) => {
            let output = Module::new(engine()?, &baked.wasm).context("the baked module does not compile")?;
            return match World::new(&output, &seed, &BTreeSet::new())? {
                Err(found) if format!("{found:?}") == format!("{end:?}") => {
                    Ok(Outcome::InitFails("instantiation, in both".to_owned()))
                }
                Err(found) => bail!("the original ends with {end:?}, and the baked module with {found:?}"),
                Ok(_) => bail!("baked, though the original ends with {end:?}"),
            };
        }
        (_, Err(error @ BakeError::Refused(_))) => return refusal(error),
        (init, Err(error)) => return why_not(init, &error),
    };
    if choices.chance(1, 4) {
        let again = bake(&guest.wasm, &options).context("the second bake failed")?;
        ensure!(again.wasm == baked.wasm, "another bake gives other bytes");
    }
    compare(&module, original, &baked.wasm, &inits, keep, &seed, &mut choices)
}

fn options(inits: Vec<String>, keep: KeepInit) -> BakeOptions {
    let mut options = BakeOptions {
        init_functions: inits,
        keep_init_functions: keep,
        ..BakeOptions::default()
    };
    options.limits.memory_bytes = MEMORY_BYTES;
    options.limits.table_elements = TABLE_ELEMENTS;
    options.limits.stack_bytes = STACK_BYTES;
    // Init has run in the original already, with little fuel.
    options.limits.timeout = Duration::from_secs(20);
    options
}

/// An instance of the original whose init has run, or how that ended.
type Initialised = std::result::Result<World, End>;

/// Tries the functions that could be init until one comes to its end without a call of an import.
fn find_init(
    guest: &Guest,
    module: &Module,
    seed: &Choices,
    keep: KeepInit,
    count: usize,
) -> Result<(Vec<String>, Initialised)> {
    let mut fallback: Option<(Vec<String>, Initialised)> = None;
    for position in 0..guest.inits.len() {
        let names = (position..position + count)
            .map(|position| guest.inits[position % guest.inits.len()].clone())
            .collect::<Vec<_>>();
        let init = run_init(module, seed, keep, &names)?;
        let rank = |init: &Initialised| match init {
            Ok(world) if world.store.data().log.is_empty() => 3,
            Ok(_) => 2,
            Err(End::Resource(_) | End::NoImport | End::Trap(Trap::OutOfFuel)) => 0,
            Err(_) => 1,
        };
        let found = rank(&init);
        if fallback.as_ref().is_none_or(|(_, best)| found > rank(best)) {
            fallback = Some((names, init));
        }
        if found == 3 {
            break;
        }
    }
    fallback.context("there is nothing that could be init")
}

fn run_init(module: &Module, seed: &Choices, keep: KeepInit, names: &[String]) -> Result<Initialised> {
    let hidden: BTreeSet<String> = match keep {
        KeepInit::Keep => BTreeSet::new(),
        KeepInit::Remove | KeepInit::Empty => names.iter().cloned().collect(),
    };
    let mut world = match World::new(module, seed, &hidden)? {
        Ok(world) => world,
        Err(end) => return Ok(Err(end)),
    };
    for name in names {
        if let Err(end) = world.run(name)? {
            return Ok(Err(end));
        }
    }
    Ok(Ok(world))
}

/// A refusal that is on the list.
fn refusal(error: BakeError) -> Result<Outcome> {
    let BakeError::Refused(refusals) = &error else {
        bail!("not a refusal: {error}");
    };
    let mut kinds = BTreeSet::new();
    for refusal in &refusals.0 {
        let kind = format!("{refusal:?}");
        let name = kind.split([' ', '{', '(']).next().unwrap_or_default().to_owned();
        ensure!(
            REFUSALS.iter().any(|(known, _)| *known == name),
            "a refusal that is not on the list: {error}"
        );
        let detail = kind.split("kind: ").nth(1).unwrap_or_default();
        kinds.insert(
            format!("{name} {}", detail.trim_end_matches([' ', '}']))
                .trim_end()
                .to_owned(),
        );
    }
    let kinds: Vec<String> = kinds.into_iter().collect();
    Ok(Outcome::Refused(kinds.join(", ")))
}

/// Whether a bake had to fail like that.
fn why_not(init: Initialised, error: &BakeError) -> Result<Outcome> {
    let BakeError::Run(RunError::Stopped(stopped)) = error else {
        bail!("not baked: {error}");
    };
    match (init, &stopped.cause) {
        (Ok(world), Cause::Import { .. }) if !world.store.data().log.is_empty() => {
            Ok(Outcome::Refused("init calls an import".to_owned()))
        }
        // What came before the trap may have called an import, where the bake stops.
        (Err(_), Cause::Import { .. }) => Ok(Outcome::Refused("init calls an import".to_owned())),
        // How deep a stack can get depends on how functions are compiled.
        (_, Cause::Stack(_)) => Ok(Outcome::InitFails("the stack".to_owned())),
        // The original got past it, or to another end.
        (_, Cause::External(_)) => Ok(Outcome::Refused("init touches what is imported".to_owned())),
        // A segment does not fit into what the host gives, and the bake, which does not know that, gets further.
        (
            Err(End::Trap(Trap::MemoryOutOfBounds | Trap::TableOutOfBounds)),
            Cause::Trap(_) | Cause::Timeout(_),
        ) => Ok(Outcome::InitFails("differently in both".to_owned())),
        (Err(End::Trap(trap)), Cause::Trap(text)) => {
            ensure!(
                is_text_of(trap, text),
                "the original ends with {trap:?}, the bake with {text}"
            );
            Ok(Outcome::InitFails("a trap".to_owned()))
        }
        (Err(End::Exception(_)), Cause::Exception) => Ok(Outcome::InitFails("an exception".to_owned())),
        // The run copy's own globals and exports take nothing of either, but collected values are counted by heap.
        (_, Cause::Memory(_) | Cause::Tables(_)) => Ok(Outcome::InitFails("a bound".to_owned())),
        (Ok(_), cause) => bail!("not baked, though the original's init ends: {cause:?}: {error}"),
        (Err(end), cause) => bail!("the original ends with {end:?}, the bake with {cause:?}: {error}"),
    }
}

fn is_text_of(trap: Trap, text: &str) -> bool {
    trap.to_string().trim_start_matches("wasm trap: ") == text
}

/// Compares the two modules from outside.
fn compare(
    module: &Module,
    original: World,
    baked: &[u8],
    inits: &[String],
    keep: KeepInit,
    seed: &Choices,
    choices: &mut Choices,
) -> Result<Outcome> {
    let output = Module::new(engine()?, baked).context("the baked module does not compile")?;
    let names = |module: &Module| -> Vec<String> {
        let mut names: Vec<String> = module
            .exports()
            .map(|export| export.name().to_owned())
            .filter(|name| keep == KeepInit::Keep || !inits.contains(name))
            .collect();
        names.sort();
        names
    };
    let found = names(&output);
    ensure!(found.len() == output.exports().count(), "init is still exported");
    ensure!(found == names(module), "other exports");
    let imports = |module: &Module| -> Vec<String> {
        let imports = module.imports();
        imports
            .map(|import| format!("{} {} {:?}", import.module(), import.name(), import.ty()))
            .collect()
    };
    ensure!(imports(&output) == imports(module), "other imports");
    let copy = match World::new(&output, seed, &BTreeSet::new())? {
        Ok(world) => world,
        Err(end) => bail!("the baked module cannot be instantiated: {end:?}"),
    };
    ensure!(
        copy.store.data().log.is_empty(),
        "to instantiate the baked module calls imports"
    );
    let mut pair = Pair {
        original,
        baked: copy,
        names: found,
    };
    pair.compare("at the start")?;
    let steps = 4 + choices.below(16);
    for number in 0..steps {
        if let Step::Over(why) = pair.step(choices).with_context(|| format!("step {number}"))? {
            return Ok(Outcome::BakedUntil(why));
        }
        if number % 4 == 3 {
            pair.compare(&format!("after step {number}"))?;
        }
    }
    pair.compare("at the end")?;
    Ok(Outcome::Baked)
}
