//! Equivalence of random modules: the original after init, and the baked module, must look the same to a host.
//!
//! [`check`] derives everything from bytes: the module, the init function, and the host's later calls. So a seed, or a fuzzer's
//! input, reproduces a failure.

mod baked;
mod calls;
mod choices;
mod generate;
mod observe;
mod special;
mod values;
mod world;

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use cargo_preinit::emit::walrus::WalrusError;
use cargo_preinit::run::{Cause, RunError};
use cargo_preinit::{
    BakeError, BakeOptions, Baked, CompiledFunctions, EmitError, InitError, InitResult, KeepInit, Rewriter,
    bake,
};
use wasmtime::error::{Context as _, Result, bail, ensure};
use wasmtime::{Module, Trap, Val};

use crate::parts::{self, Compiled};

use baked::{Sides, compare};
pub use choices::Choices;
use generate::{Guest, Init, generate, mute};
pub use special::Special;
use world::{End, MEMORY_BYTES, STACK_BYTES, TABLE_ELEMENTS, THREAD_STACK, World, engine};

/// How many bytes of the input decide about everything but wasm-smith's module.
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
        "NonNullableCycle",
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

/// The outcome of an input that shows no failure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// No module can be made of the input.
    NoModule,
    /// Init does not complete, in the original, in the bake or in both.
    InitFails(String),
    /// Refused, for an expected reason.
    Refused(String),
    /// Baked, without a visible difference.
    Baked,
    /// Baked, without a visible difference until one side reached a bound.
    BakedUntil(String),
}

/// A failure, and the module that shows it.
#[derive(Debug)]
pub struct Failure {
    /// What differs.
    pub text: String,
    /// The original module.
    pub wasm: Vec<u8>,
}

/// The outcome of an input, and its special features.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checked {
    /// The outcome.
    pub outcome: Outcome,
    /// The special features.
    pub specials: BTreeSet<Special>,
}

/// Checks equivalence on the module that the bytes make.
///
/// # Errors
///
/// If the two are not equivalent, or something fails that must not.
pub fn check(input: &[u8]) -> std::result::Result<Checked, Failure> {
    let (head, body) = input.split_at(HEAD.min(input.len()));
    let mut choices = Choices::from_bytes(head);
    let Some(guest) = generate(&mut choices, body) else {
        return Ok(Checked {
            outcome: Outcome::NoModule,
            specials: BTreeSet::new(),
        });
    };
    let checked = on_large_stack(|| {
        let mut specials = guest.specials.clone();
        let outcome = equivalence(&guest, choices, &mut specials);
        let outcome = outcome.with_context(|| format!("with {specials:?}"))?;
        Ok(Checked { outcome, specials })
    });
    checked.map_err(|text| Failure {
        text,
        wasm: guest.wasm,
    })
}

/// Whether the harness notices a module whose init has not run in place of the baked module. `None` if there is nothing to
/// compare.
#[must_use]
pub fn notices_what_init_did(input: &[u8]) -> Option<bool> {
    let (head, body) = input.split_at(HEAD.min(input.len()));
    let mut choices = Choices::from_bytes(head);
    let guest = generate(&mut choices, body)
        .filter(|guest| !guest.has_shared_memory && !guest.inits.is_empty() && guest.first.is_empty())?;
    let compared = on_large_stack(|| {
        let module = Module::new(engine()?, &guest.oracle)?;
        let mut plan = Plan::new(&guest, &mut choices);
        plan.keep = KeepInit::Keep;
        let Ok(original) = find_init(&guest, &module, &mut plan)? else {
            return Ok(None);
        };
        let sides = Sides {
            guest: &guest,
            module: &module,
            baked: &mute(&guest.wasm)?.0,
            plan: &plan,
        };
        let compared = compare(&sides, original, &mut BTreeSet::new(), &mut choices);
        Ok(Some(compared.is_err()))
    });
    compared.ok().flatten()
}

/// Runs on a thread whose stack is larger than the bound of the guest's calls, which use it.
fn on_large_stack<T: Send>(run: impl FnOnce() -> Result<T> + Send) -> std::result::Result<T, String> {
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .name("equivalence".to_owned())
            .stack_size(THREAD_STACK)
            .spawn_scoped(scope, run)
            .map_err(|error| format!("no thread: {error}"))?;
        thread
            .join()
            .map_err(|_| "the harness panicked".to_owned())?
            .map_err(|error| format!("{error:?}"))
    })
}

/// The input for a seed.
#[must_use]
pub fn input(seed: u64) -> Vec<u8> {
    let mut choices = Choices::new(seed);
    let length = HEAD + 200 + choices.below(2800);
    choices.bytes(length)
}

/// The module that is made of the bytes.
#[must_use]
pub fn module(input: &[u8]) -> Option<Vec<u8>> {
    let (head, body) = input.split_at(HEAD.min(input.len()));
    generate(&mut Choices::from_bytes(head), body).map(|guest| guest.wasm)
}

/// Looks for a shorter input that also fails, since wasm-smith makes smaller modules of fewer bytes.
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

/// How a module is baked.
struct Plan {
    /// Decides what the host provides and answers.
    seed: Choices,
    keep: KeepInit,
    result: InitResult,
    /// The number of init functions.
    count: usize,
    /// Whether each of two init functions is run by its own bake.
    again: bool,
    rewriter: Rewriter,
    inits: Vec<Init>,
}

impl Plan {
    fn new(guest: &Guest, choices: &mut Choices) -> Self {
        let seed = Choices::new(choices.number());
        let keep = match choices.below(8) {
            0 | 1 => KeepInit::Keep,
            2 => KeepInit::Empty,
            _ => KeepInit::Remove,
        };
        let result = match choices.chance(1, 2) {
            true => InitResult::Check,
            false => InitResult::Ignore,
        };
        let count = match choices.chance(1, 4) {
            true => guest.inits.len().min(2),
            false => guest.inits.len().min(1),
        };
        // The first bake zeroes the unused stack, and the second init function might read it.
        let is_dropped = guest.stack.as_ref().is_some_and(|stack| stack.stated.is_some());
        Self {
            seed,
            keep,
            result,
            count,
            again: count == 2 && !is_dropped && choices.chance(2, 3),
            rewriter: match choices.chance(1, 3) {
                true => Rewriter::Walrus,
                false => Rewriter::Splice,
            },
            inits: Vec::new(),
        }
    }

    fn options(&self, inits: &[Init]) -> BakeOptions {
        let mut options = BakeOptions {
            init_functions: inits.iter().map(Init::text).collect(),
            keep_init_functions: self.keep,
            init_result: self.result,
            rewriter: self.rewriter,
            ..BakeOptions::default()
        };
        options.limits.memory_bytes = MEMORY_BYTES;
        options.limits.table_elements = TABLE_ELEMENTS;
        options.limits.stack_bytes = STACK_BYTES;
        // Init has already run in the original, with little fuel.
        options.limits.timeout = Duration::from_secs(20);
        options
    }

    fn bake(&self, wasm: &[u8]) -> std::result::Result<Baked, BakeError> {
        self.bake_with(wasm, CompiledFunctions::Auto)
    }

    fn bake_with(&self, wasm: &[u8], compile: CompiledFunctions) -> std::result::Result<Baked, BakeError> {
        let options = |inits: &[Init]| BakeOptions {
            compile,
            ..self.options(inits)
        };
        match self.inits.as_slice() {
            [first, second] if self.again => {
                let once = bake(wasm, &options(std::slice::from_ref(first)))?;
                bake(&once.wasm, &options(std::slice::from_ref(second)))
            }
            inits => bake(wasm, &options(inits)),
        }
    }

    /// The special features of the bake.
    fn specials(&self, original: &Initialised) -> BTreeSet<Special> {
        let mut specials: BTreeSet<Special> =
            self.inits.iter().flat_map(|init| init.specials.clone()).collect();
        if self.inits.iter().any(|init| !init.arguments.is_empty()) {
            specials.insert(Special::Arguments);
        }
        if self.again {
            specials.insert(Special::BakedAgain);
        }
        if self.keep == KeepInit::Empty && self.count > 0 {
            specials.insert(Special::KeptEmpty);
        }
        for (_, results) in original.iter().flat_map(|original| &original.results) {
            specials.extend(match results.as_slice() {
                [] => None,
                [Val::I32(0)] => Some(Special::StatusZero),
                [Val::I32(_)] => Some(Special::StatusIgnored),
                _ => Some(Special::Results),
            });
        }
        specials
    }
}

fn equivalence(guest: &Guest, mut choices: Choices, specials: &mut BTreeSet<Special>) -> Result<Outcome> {
    let mut plan = Plan::new(guest, &mut choices);
    if guest.has_shared_memory {
        // Init may wait for other threads for ever, so it is not run in the original.
        plan.inits = guest.inits.iter().take(1).cloned().collect();
        return match plan.bake(&guest.wasm) {
            Err(error @ BakeError::Refused(_)) => refusal(error),
            Err(BakeError::Init(error)) => no_init(&error, guest, &plan),
            Err(error) => bail!("a shared memory must be refused: {error}"),
            Ok(_) => bail!("a shared memory must be refused"),
        };
    }
    let module = Module::new(engine()?, &guest.oracle).context("the original does not compile")?;
    let init = find_init(guest, &module, &mut plan)?;
    match &init {
        // The bake of an endless loop would end only at its timeout.
        Err(End::Trap(Trap::OutOfFuel)) => return Ok(Outcome::InitFails("no end".to_owned())),
        Err(End::NoImport) => return Ok(Outcome::InitFails("an import that cannot be made".to_owned())),
        Ok(_) | Err(_) => {}
    }
    specials.extend(plan.specials(&init));
    let mut baked = plan.bake(&guest.wasm);
    if let Err(BakeError::Emit(EmitError::Walrus(WalrusError::CannotKeep(_)))) = &baked {
        plan.rewriter = Rewriter::Splice;
        baked = plan.bake(&guest.wasm);
    }
    if plan.rewriter == Rewriter::Walrus {
        specials.insert(Special::ByWalrus);
    }
    if parts::check(&baked, |compile| plan.bake_with(&guest.wasm, compile))? == Compiled::InParts {
        specials.insert(Special::InParts);
    }
    let (original, baked) = match (init, baked) {
        (Ok(original), Ok(baked)) if original.world.store.data().log.is_empty() => (original, baked),
        (Ok(_), Ok(_)) => bail!("baked, though init calls an import"),
        // Collected objects may take more memory in the original than in the bake.
        (Err(End::Resource(why)), Ok(_)) => return Ok(Outcome::InitFails(why)),
        // A segment may not fit into the host's memory or table. Then it must not fit in the baked module either.
        (Err(end), Ok(baked)) => {
            let (output, _) = mute(&baked.wasm)?;
            let output = Module::new(engine()?, &output).context("the baked module does not compile")?;
            return match World::new(&output, &plan.seed, &BTreeSet::new())? {
                Err(found) if format!("{found:?}") == format!("{end:?}") => {
                    Ok(Outcome::InitFails("instantiation, in both".to_owned()))
                }
                Err(found) => bail!("the original ends with {end:?}, and the baked module with {found:?}"),
                Ok(_) => bail!("baked, though the original ends with {end:?}"),
            };
        }
        (_, Err(BakeError::Init(error))) => return no_init(&error, guest, &plan),
        (_, Err(error @ BakeError::Refused(_))) => return refusal(error),
        (init, Err(error)) => return why_not(init, &error),
    };
    ensure!(
        !guest.specials.contains(&Special::CommandExportsStripped),
        "baked, though nobody can tell its constructors"
    );
    if choices.chance(1, 4) {
        let again = plan.bake(&guest.wasm).context("the second bake failed")?;
        ensure!(again.wasm == baked.wasm, "another bake gives other bytes");
    }
    let (output, muted) = mute(&baked.wasm)?;
    let (_, foreign) = mute(&guest.wasm)?;
    ensure!(
        muted == foreign,
        "{muted} of {foreign} exported functions that the engine does not take are left"
    );
    let sides = Sides {
        guest,
        module: &module,
        baked: &output,
        plan: &plan,
    };
    compare(&sides, original, specials, &mut choices)
}

/// An instance of the original whose init has run.
struct Original {
    world: World,
    /// What each init function returned.
    results: Vec<(String, Vec<Val>)>,
}

/// The original after init, or how its init failed.
type Initialised = std::result::Result<Original, End>;

/// Tries the candidates for init until one ends without a call of an import, and puts it into the plan.
fn find_init(guest: &Guest, module: &Module, plan: &mut Plan) -> Result<Initialised> {
    let mut fallback: Option<(Vec<Init>, Initialised)> = None;
    for position in 0..guest.inits.len().max(1) {
        let inits = (position..position + plan.count)
            .map(|position| guest.inits[position % guest.inits.len()].clone())
            .collect::<Vec<_>>();
        let init = run_init(guest, module, plan, &inits)?;
        let rank = |init: &Initialised| match init {
            Ok(original) if original.world.store.data().log.is_empty() => 3,
            Ok(_) => 2,
            Err(End::Resource(_) | End::NoImport | End::Trap(Trap::OutOfFuel)) => 0,
            Err(_) => 1,
        };
        let found = rank(&init);
        if fallback.as_ref().is_none_or(|(_, best)| found > rank(best)) {
            fallback = Some((inits, init));
        }
        if found == 3 {
            break;
        }
    }
    let (inits, init) = fallback.context("there is nothing that could be init")?;
    plan.inits = inits;
    Ok(init)
}

fn run_init(guest: &Guest, module: &Module, plan: &Plan, inits: &[Init]) -> Result<Initialised> {
    let mut hidden: BTreeSet<String> = BTreeSet::new();
    if plan.keep != KeepInit::Keep {
        hidden.extend(inits.iter().map(|init| init.export.clone()));
    }
    let mut world = match World::new(module, &plan.seed, &hidden)? {
        Ok(world) => world,
        Err(end) => return Ok(Err(end)),
    };
    for name in &guest.first {
        if let Err(end) = world.run(name, &[])? {
            return Ok(Err(end));
        }
    }
    let mut results = Vec::new();
    for init in inits {
        let values = match world.run(&init.export, &init.arguments)? {
            Ok(values) => values,
            Err(end) => return Ok(Err(end)),
        };
        match values.as_slice() {
            [Val::I32(status)] if *status != 0 && plan.result == InitResult::Check => {
                return Ok(Err(End::Status(*status)));
            }
            _ => results.push((init.export.clone(), values)),
        }
    }
    Ok(Ok(Original { world, results }))
}

/// Checks that a bake rightly found no init function that it can run.
fn no_init(error: &InitError, guest: &Guest, plan: &Plan) -> Result<Outcome> {
    let is_right = match error {
        InitError::MaybeConstructors { .. } => guest.specials.contains(&Special::CommandExportsStripped),
        InitError::ReturnsReference { .. } => plan.keep == KeepInit::Empty,
        _ => false,
    };
    ensure!(is_right, "nothing to run: {error}");
    let kind = format!("{error:?}");
    let name = kind.split([' ', '{', '(']).next().unwrap_or_default();
    Ok(Outcome::Refused(name.to_owned()))
}

/// Checks that all refusals are on the list.
fn refusal(error: BakeError) -> Result<Outcome> {
    let BakeError::Refused(refusals) = &error else {
        bail!("not a refusal: {error}");
    };
    let mut kinds = BTreeSet::new();
    for refused in &refusals.0 {
        let kind = format!("{:?}", refused.refusal);
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

/// Checks that a bake stopped for a reason that the original explains.
fn why_not(init: Initialised, error: &BakeError) -> Result<Outcome> {
    let BakeError::Run(RunError::Stopped(stopped)) = error else {
        bail!("not baked: {error}");
    };
    match (init, &stopped.cause) {
        (Ok(original), Cause::Import { .. }) if !original.world.store.data().log.is_empty() => {
            Ok(Outcome::Refused("init calls an import".to_owned()))
        }
        // The original may have called an import before its trap, and the bake stops at that call.
        (Err(_), Cause::Import { .. }) => Ok(Outcome::Refused("init calls an import".to_owned())),
        // How many calls fit on the stack depends on the compiled code.
        (_, Cause::Stack(_)) => Ok(Outcome::InitFails("the stack".to_owned())),
        // The original can access imported state, and goes on.
        (_, Cause::External(_)) => Ok(Outcome::Refused("init touches what is imported".to_owned())),
        // A segment does not fit into the host's memory or table. The bake uses a larger one, and gets further.
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
        (Err(End::Status(status)), Cause::Status(found)) if status == *found => {
            Ok(Outcome::InitFails("a status".to_owned()))
        }
        (Err(End::Exception(_)), Cause::Exception) => Ok(Outcome::InitFails("an exception".to_owned())),
        // What is added to the run copy does not count, but the memory of collected objects may differ.
        (_, Cause::Memory(_) | Cause::Tables(_)) => Ok(Outcome::InitFails("a bound".to_owned())),
        (Ok(_), cause) => bail!("not baked, though the original's init ends: {cause:?}: {error}"),
        (Err(end), cause) => bail!("the original ends with {end:?}, the bake with {cause:?}: {error}"),
    }
}

fn is_text_of(trap: Trap, text: &str) -> bool {
    trap.to_string().trim_start_matches("wasm trap: ") == text
}
