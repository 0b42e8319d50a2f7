//! Runs the run copy's init under wasmtime, within limits.
//!
//! **In** a `RunCopy`, its `InitPlan`, the options and the host functions. **Out** a `Ran`: the live instances, whose state is then captured.
//! **Keeps** wasmtime to itself: only this file and those in `run/` use its types, and
//! [`crate::precompile`](mod@crate::precompile), which compiles with it and runs nothing.
//! **Refuses** to go on after a trap, an exit, a call to an import that is not provided, or a limit that was reached;
//! the error says which step ran, and carries the guest's backtrace.

mod advice;
mod answers;
mod code;
mod code_cache;
mod compiled;
mod compiler;
mod component;
mod core_instances;
mod engine;
mod error;
mod figures;
mod guest_stack;
mod handles;
mod heap;
pub mod host;
mod imports;
mod limits;
mod loading;
pub(crate) mod owners;
mod parts;
mod probe;
mod profiler;
mod replay;
mod runner;
mod running;
mod site;
mod stand_in;
mod started;
mod state;
mod trap;
mod values;
mod wasi;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use wasmtime::Store;

use crate::guest::Guest;
use crate::guest::index::InstanceId;
use crate::guest::sdk::{Item, Resume};
use crate::init::GuestPlan;
use crate::instrument::{Guard, GuestCopy};
use crate::options::{BakeOptions, OnDenied, Profile};
use crate::snapshot::Value;

use code::{Code, CompiledCode};
pub(crate) use compiled::Compiled;
pub use compiler::Compiler;
pub(crate) use engine::LaterCalls;
#[cfg(feature = "cli")]
pub(crate) use engine::enable_proposals;
pub use error::{Cause, EngineError, RunError, Step, Stopped};
pub use figures::{Allocations, Figures, MemoryFigures};
pub use guest_stack::{Frame, GuestStack};
use host::{Host, HostFunctions};
use imports::Imports;
use limits::Deadline;
pub(crate) use profiler::MemoryOwners;
pub(crate) use replay::{Answer, End};
use runner::Runner;
pub use site::{Site, Through};
use started::Started;
pub use state::{LiveGuest, LiveInstance};
pub(crate) use state::{LiveReference, LiveValue};
pub(crate) use values::show_value;
pub(crate) use wasi::link::{of_type as wasi_functions_of_type, signature as wasi_signature};
pub(crate) use wasi::vary::can_vary;
pub(crate) use wasi::{Keys, is_wasi};
pub use wasi::{Read, ReadInputs, Source, WasiUse, WasiWarning};

/// A guest whose init has run.
#[derive(Debug)]
pub struct Ran {
    /// The live instances.
    pub live: LiveGuest,
    /// What the run did.
    pub summary: RunSummary,
    /// Which step wrote each byte of the memories last, by its position in the summary, counted from 1. `None` if that was not measured.
    pub(crate) owners: Option<MemoryOwners>,
}

/// How much work the instantiation is: without what starts a core module, and with it in a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Instantiation {
    /// How long it took.
    pub elapsed: Duration,
    /// In wasmtime's units of fuel, if that was measured: see [`Profile`].
    pub fuel: Option<u64>,
}

/// What a run did.
#[derive(Debug, Clone)]
pub struct RunSummary {
    /// The instantiation, before the first step.
    pub instantiation: Instantiation,
    /// The steps, in the order in which they ran.
    pub items: Vec<ItemRun>,
    /// How long instantiation and all steps took together, without compilation.
    pub elapsed: Duration,
    /// Which compiler the engine used.
    pub compiler: Compiler,
    /// How many functions of a core module were compiled, and how many it defines; `None` if all were. See
    /// [`CompiledFunctions`](crate::CompiledFunctions).
    pub compiled: Option<(usize, usize)>,
    /// What init asked WASI for. The answers are in the baked module, so they are the same in every instance.
    pub wasi: WasiUse,
    /// The calls of imports that an option answers, in the order of the imports. The answers, too, are the same in every instance.
    pub answered: Vec<AnsweredCalls>,
    /// What a component asked WASI for while it was instantiated, before any step.
    pub reads_at_start: Vec<Read>,
    /// What init read of what the options show.
    pub inputs: ReadInputs,
    /// What init printed: standard output, then standard error.
    pub output: String,
    /// The items that were left for run time.
    pub left: Vec<LeftLazy>,
    /// The keys of hash maps that Rust's standard library drew.
    pub(crate) hash_keys: Vec<Keys>,
    /// What is to run in each baked instance, in this order.
    pub resumes: Vec<Resume>,
    /// What init functions returned, by their exports: numbers, and null in place of any reference.
    pub(crate) returned: BTreeMap<String, Vec<Value>>,
}

/// An import that init called and that an option answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredCalls {
    /// The import's module.
    pub module: String,
    /// The import's name.
    pub name: String,
    /// The answer, as the option has it.
    pub answer: String,
    /// Whether an option gave it. Else it is known what a host does there, and that it leaves nothing with the host.
    pub is_asked_for: bool,
    /// How often it was called.
    pub calls: u64,
}

/// A step that ran.
#[derive(Debug, Clone)]
pub struct ItemRun {
    /// The instance that the step ran in.
    pub instance: InstanceId,
    /// The instance in words; `None` if there is no other, or if the step is a function of a component.
    pub place: Option<String>,
    /// The step.
    pub step: Step,
    /// How long the step took.
    pub elapsed: Duration,
    /// What it asked WASI for, in the order in which it did.
    pub reads: Vec<Read>,
    /// What it did, as far as that was measured: see [`Profile`].
    pub figures: Figures,
}

impl ItemRun {
    /// Names the instance, and in stacks the guest's functions.
    fn in_terms_of(&mut self, guest: &Guest<'_>, plan: &GuestPlan) {
        self.place = self.step.place(guest, self.instance);
        for read in &mut self.reads {
            read.in_terms_of(guest, plan, self.instance);
        }
    }
}

/// What a run is like, besides its options.
pub(crate) struct Conditions<'r> {
    /// How long it may take. That may be less than the timeout of the options.
    pub(crate) time: Duration,
    /// Is told each step before it runs.
    pub(crate) watch: &'r dyn Fn(&Step),
    /// What is answered otherwise than in a bake.
    pub(crate) varied: Option<Source>,
    /// Whether it is found out which step wrote what, as for a profile.
    pub(crate) has_owners: bool,
    /// The instances in whose memories 0 what the allocator has free is zeroed behind each step, so that nothing is left behind in what it
    /// hands out later. No guest can tell.
    pub(crate) zeroes_free: Vec<InstanceId>,
    /// What is written into memories 0 before the first step: where, and the bytes.
    pub(crate) patches: Vec<(InstanceId, u64, Vec<u8>)>,
}

impl Conditions<'_> {
    /// Those of a bake, which nobody watches.
    pub(crate) fn of_bake(time: Duration) -> Self {
        Self {
            time,
            watch: &|_| {},
            varied: None,
            has_owners: false,
            zeroes_free: Vec::new(),
            patches: Vec::new(),
        }
    }
}

/// Compiles and instantiates the run copy, and runs the steps of the plan. Init may call the functions of `host`.
///
/// # Errors
///
/// If the engine cannot be set up or does not compile the copy, or if init does not return normally within its limits.
pub fn run(
    guest: &Guest<'_>,
    copy: &GuestCopy,
    plan: &GuestPlan,
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Ran, RunError> {
    run_with(guest, copy, plan, options, host, LaterCalls::None)
}

/// As [`run`]; functions of a component may be called later.
pub(crate) fn run_with(
    guest: &Guest<'_>,
    copy: &GuestCopy,
    plan: &GuestPlan,
    options: &BakeOptions,
    host: &HostFunctions,
    calls: LaterCalls,
) -> Result<Ran, RunError> {
    let compiled = Compiled::new(guest, copy, options, host, calls)?;
    let conditions = Conditions::of_bake(options.limits.timeout);
    run_compiled(guest, copy, plan, options, &compiled, &conditions)
}

/// As [`run`], for a copy that is compiled already.
pub(crate) fn run_compiled(
    guest: &Guest<'_>,
    copy: &GuestCopy,
    plan: &GuestPlan,
    options: &BakeOptions,
    compiled: &Compiled,
    conditions: &Conditions<'_>,
) -> Result<Ran, RunError> {
    let mut left: Vec<LeftLazy> = Vec::new();
    loop {
        let code = compiled.code();
        let ran = run_copy(
            guest,
            copy,
            plan,
            options,
            (compiled.host(), &code),
            conditions,
            &left,
        )
        .map_err(|error| error.in_terms_of(guest, plan, wasi_functions_of_type));
        match ran {
            // Nothing of the run is left, so it begins anew.
            Err(error) if compiled.fall_back(&code, &error, options)? => {}
            Ok(mut ran) => {
                ran.summary.left = left;
                return Ok(ran);
            }
            // Init has begun to write, so it runs anew.
            Err(RunError::Stopped(stopped)) if options.on_denied == OnDenied::LeaveLazy => {
                let one = LeftLazy::of(*stopped)?;
                if left.iter().any(|known| known.is(one.instance, &one.item)) {
                    return Err(RunError::Bug("an item ran that was left out".to_owned()));
                }
                left.push(one);
            }
            Err(error) => return Err(error),
        }
    }
}

/// An item that was left for run time, since it called an import that does not exist at build time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftLazy {
    /// The instance that has it.
    pub instance: InstanceId,
    /// The instance in words; `None` if there is no other.
    pub place: Option<String>,
    /// The item.
    pub item: Item,
    /// What stopped it.
    pub cause: Cause,
}

impl LeftLazy {
    /// The item that was stopped.
    ///
    /// # Errors
    ///
    /// If something else was stopped, or by something else.
    fn of(stopped: Stopped) -> Result<Self, RunError> {
        match (&stopped.step, &stopped.cause) {
            (Step::Item(item), Cause::Import { .. } | Cause::Forbidden { .. }) => Ok(Self {
                instance: stopped.instance,
                item: item.clone(),
                place: stopped.place,
                cause: stopped.cause,
            }),
            _ => Err(RunError::Stopped(Box::new(stopped))),
        }
    }

    /// Whether it is this item of this instance.
    pub(crate) fn is(&self, instance: InstanceId, item: &Item) -> bool {
        self.instance == instance && self.item == *item
    }
}

fn run_copy(
    guest: &Guest<'_>,
    copy: &GuestCopy,
    plan: &GuestPlan,
    options: &BakeOptions,
    (host_functions, compiled): (&HostFunctions, &CompiledCode),
    conditions: &Conditions<'_>,
    left: &[LeftLazy],
) -> Result<Ran, RunError> {
    let time = conditions.time;
    let mut host = Host::new(guest, options)?;
    if let Some(source) = conditions.varied {
        host.wasi.vary(source);
    }
    let mut store = Store::new(compiled.code.engine(), host);
    store.limiter(|host| &mut host.limits);
    let loading = store.data().loading.clone();
    limits::hold_to_deadline(&mut store, time, &loading);
    if options.profile == Profile::Items && compiled.code.counts_fuel() {
        let fueled = store.set_fuel(u64::MAX);
        fueled.map_err(|error| RunError::Setup(error.into()))?;
    }
    let begun = match &compiled.code {
        Code::Module(_) | Code::Parts(_) => {
            let module = compiled
                .code
                .importing()
                .ok_or_else(|| RunError::Bug("it is a module".to_owned()))?;
            let imports = Imports::resolve(&guest.root(), module, host_functions, &mut store, options)?;
            Begun::Module(imports)
        }
        Code::Component(component) => {
            let linked = component::link(component, &store, &options.imports, host_functions)?;
            Begun::Component(Box::new(linked))
        }
    };
    let deadline = Deadline::start(compiled.code.engine(), time, &loading);
    let started = Instant::now();
    let mut runner = Runner::new(options, store, conditions, left);
    match (&compiled.code, &begun) {
        (code @ (Code::Module(_) | Code::Parts(_)), Begun::Module(imports)) => {
            runner.instantiate(&guest.root(), &copy.nodes[0], &plan.nodes[0], code, imports)?;
        }
        (Code::Component(_), Begun::Component(linked)) => {
            runner.instantiate_component(guest, copy, plan, linked)?;
        }
        _ => return Err(RunError::Bug("the code is not of the guest's form".to_owned())),
    }
    runner.run_plan()?;
    let elapsed = started
        .elapsed()
        .saturating_sub(runner.measuring + loading.elapsed());
    drop(deadline);
    if elapsed > time {
        // The timeout passed while the host ran a function, such as a read from a pipe, which the epoch does not interrupt.
        return Err(runner.stopped(Cause::Timeout(options.limits.timeout)));
    }
    // Init is over: the deadline must not interrupt the calls that read the state.
    runner.store.set_epoch_deadline(u64::MAX / 2);
    let handles = runner.handles(guest)?;
    let owners = runner.take_owners();
    let Runner {
        mut store,
        instances,
        mut items,
        returned,
        component,
        reads_at_start,
        instantiation,
        resumes,
        ..
    } = runner;
    for item in &mut items {
        item.in_terms_of(guest, plan);
    }
    if let Begun::Module(imports) = &begun
        && copy.nodes[0].guard == Guard::On
    {
        imports.check_untouched(&guest.root(), &mut store)?;
    }
    let answered = answers::answered_calls(guest, &store.data().answered);
    let host = store.data();
    let summary = RunSummary {
        instantiation,
        items,
        elapsed,
        compiler: compiled.compiler,
        compiled: host.loader.as_ref().map(|loader| loader.compiled()),
        wasi: host.wasi.asked(),
        answered,
        reads_at_start,
        inputs: host
            .wasi
            .inputs()
            .map_err(|error| RunError::Setup(EngineError::from(wasmtime::Error::new(error))))?,
        output: host.wasi.output(),
        left: Vec::new(),
        hash_keys: host.wasi.hash_keys().to_vec(),
        resumes,
        returned,
    };
    let started = instances.into_iter().map(|running| Started {
        tokens: match &begun {
            Begun::Module(imports) => imports.token_functions(&running.node, &mut store),
            Begun::Component(_) => BTreeMap::new(),
        },
        node: running.node,
        copy: running.copy,
        instance: running.instance,
    });
    let started: Vec<Started<'_>> = started.collect();
    let live = LiveGuest::new(store, started, component, handles)?;
    Ok(Ran {
        live,
        summary,
        owners,
    })
}

/// What is linked, before anything is instantiated.
enum Begun {
    Module(Imports),
    Component(Box<wasmtime::component::InstancePre<Host>>),
}
