//! Runs the run copy's init under wasmtime, within limits.
//!
//! **In** a `RunCopy`, its `InitPlan`, the options and the host functions. **Out** a `Ran`: the live instance, whose state is then captured.
//! **Keeps** wasmtime to itself: only this file and those in `run/` use its types, and
//! [`crate::precompile`](mod@crate::precompile), which compiles with it and runs nothing.
//! **Refuses** to go on after a trap, an exit, a call to an import that is not provided, or a limit that was reached;
//! the error says which step ran, and carries the guest's backtrace.

mod advice;
mod code_cache;
mod compiled;
mod compiler;
mod engine;
mod error;
mod heap;
pub mod host;
mod imports;
mod limits;
mod probe;
mod replay;
mod stand_in;
mod state;
mod trap;
mod values;
mod wasi;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use preinit_guest::abi;
use wasmtime::{Instance, Store, Val};

use crate::guest::Node;
use crate::guest::index::{InstanceId, MemoryIndex};
use crate::guest::sdk::{Address, GuestReader, Item, PointerWidth, Sdk};
use crate::init::{Init, InitPlan, NamedFunction};
use crate::instrument::{Guard, Injected, RunCopy};
use crate::options::{BakeOptions, InitResult};
use crate::snapshot::{Reference, Value};

pub(crate) use compiled::Compiled;
pub use compiler::Compiler;
pub use error::{Cause, EngineError, Frame, GuestStack, RunError, Step, Stopped};
use host::{Host, HostFunctions};
use imports::Imports;
use limits::Deadline;
pub(crate) use replay::Answer;
pub use state::LiveInstance;
pub(crate) use state::{LiveReference, LiveValue};
use trap::{classify, stopped};
pub(crate) use values::show_value;
use values::values;
pub(crate) use wasi::is_wasi;
pub use wasi::{WasiUse, WasiWarning};

/// A guest whose init has run.
#[derive(Debug)]
pub struct Ran {
    /// The live instance.
    pub live: LiveInstance,
    /// What the run did.
    pub summary: RunSummary,
}

/// What a run did.
#[derive(Debug, Clone)]
pub struct RunSummary {
    /// The steps, in the order in which they ran.
    pub items: Vec<ItemRun>,
    /// How long instantiation and all steps took together, without compilation.
    pub elapsed: Duration,
    /// Which compiler the engine used.
    pub compiler: Compiler,
    /// What init asked WASI for. The answers are in the baked module, so they are the same in every instance.
    pub wasi: WasiUse,
    /// The calls of imports that an option answers, in the order of the imports. The answers, too, are the same in every instance.
    pub answered: Vec<AnsweredCalls>,
    /// What init printed: standard output, then standard error.
    pub output: String,
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
    /// How often it was called.
    pub calls: u64,
}

/// A step that ran.
#[derive(Debug, Clone)]
pub struct ItemRun {
    /// The instance that the step ran in.
    pub instance: InstanceId,
    /// The step.
    pub step: Step,
    /// How long the step took.
    pub elapsed: Duration,
}

/// Compiles and instantiates the run copy, and runs the steps of the plan. Init may call the functions of `host`.
///
/// # Errors
///
/// If the engine cannot be set up or does not compile the module, or if init does not return normally within its limits.
pub fn run(
    module: &Node<'_>,
    copy: &RunCopy,
    plan: &InitPlan,
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Ran, RunError> {
    let compiled = Compiled::new(module, copy, options, host)?;
    let time = options.limits.timeout;
    run_compiled(module, copy, plan, options, &compiled, time)
}

/// As [`run`], for a copy that is compiled already. `time` may be less than the timeout of the options.
pub(crate) fn run_compiled(
    module: &Node<'_>,
    copy: &RunCopy,
    plan: &InitPlan,
    options: &BakeOptions,
    compiled: &Compiled,
    time: Duration,
) -> Result<Ran, RunError> {
    run_copy(module, copy, plan, options, compiled, time).map_err(|error| error.in_terms_of(module, plan))
}

fn run_copy(
    module: &Node<'_>,
    copy: &RunCopy,
    plan: &InitPlan,
    options: &BakeOptions,
    compiled: &Compiled,
    time: Duration,
) -> Result<Ran, RunError> {
    let host = Host::new(module, options)?;
    let mut store = Store::new(compiled.module.engine(), host);
    store.limiter(|host| &mut host.limits);
    limits::hold_to_deadline(&mut store, time);
    let imports = Imports::resolve(module, compiled, &mut store, options)?;
    let deadline = Deadline::start(store.engine(), time);
    let started = Instant::now();
    let instance = Instance::new(&mut store, &compiled.module, &imports.externs)
        .map_err(|error| classify(error, module.id, Step::Start, options, &store, None, None))?;
    if copy.inspects {
        imports.guard_references(module, &mut store, instance)?;
    }
    let mut runner = Runner {
        id: module.id,
        options,
        copy,
        sdk: plan.sdk.as_ref(),
        instance,
        store,
        items: Vec::new(),
        returned: BTreeMap::new(),
        pointers: match module.memories.first() {
            Some(memory) if memory.memory64 => PointerWidth::Eight,
            _ => PointerWidth::Four,
        },
    };
    if module.start.is_some() {
        runner.call(&Injected::Start.name(), Step::Start, &[])?;
    }
    runner.run_plan(plan)?;
    let elapsed = started.elapsed();
    drop(deadline);
    if elapsed > time {
        // The timeout passed while the host ran a function, such as a read from a pipe, which the epoch does not interrupt.
        return Err(runner.stopped(Cause::Timeout(options.limits.timeout)));
    }
    let Runner {
        mut store,
        items,
        returned,
        ..
    } = runner;
    // Init is over: the deadline must not interrupt the calls that read the state.
    store.set_epoch_deadline(u64::MAX / 2);
    if copy.guard == Guard::On {
        imports.check_untouched(module, &mut store)?;
    }
    let host = store.data();
    let summary = RunSummary {
        items,
        elapsed,
        compiler: compiled.compiler(),
        wasi: host.wasi.asked(),
        answered: imports::answered_calls(module, &host.answered),
        output: host.wasi.output(),
        returned,
    };
    let live = LiveInstance::new(store, instance, module, copy, &imports)?;
    Ok(Ran { live, summary })
}

/// The entry of `list` that an injected global refers to by its position, counted from 1.
fn noted<T: Clone>(store: &mut Store<Host>, instance: Instance, global: Injected, list: &[T]) -> Option<T> {
    let global = instance.get_global(&mut *store, &global.name())?;
    let number = usize::try_from(global.get(store).i32()?).ok()?;
    list.get(number.checked_sub(1)?).cloned()
}

struct Runner<'a> {
    id: InstanceId,
    options: &'a BakeOptions,
    copy: &'a RunCopy,
    sdk: Option<&'a Sdk>,
    instance: Instance,
    store: Store<Host>,
    items: Vec<ItemRun>,
    returned: BTreeMap<String, Vec<Value>>,
    pointers: PointerWidth,
}

impl Runner<'_> {
    fn run_plan(&mut self, plan: &InitPlan) -> Result<(), RunError> {
        if plan.constructors.is_some() {
            self.call(&Injected::Constructors.name(), Step::Constructors, &[])?;
        }
        if plan.initialize.is_some() {
            self.call(&Injected::Initialize.name(), Step::Initialize, &[])?;
        }
        self.set_phase(abi::PHASE_RUNNING);
        match &plan.init {
            Init::Items => self.run_items()?,
            Init::Functions(functions) => {
                for (position, named) in crate::guest::index::enumerate(functions) {
                    self.run_function(position, named)?;
                }
            }
        }
        self.set_phase(abi::PHASE_DONE);
        Ok(())
    }

    /// Runs an init function, checks its status, and keeps what it returns.
    fn run_function(&mut self, position: u32, named: &NamedFunction) -> Result<(), RunError> {
        let step = Step::Function(named.text.clone());
        let results = self.call(&Injected::Init(position).name(), step.clone(), &named.arguments)?;
        let returned: Vec<Value> = results
            .iter()
            .map(|result| match *result {
                Val::I32(value) => Value::I32(value),
                Val::I64(value) => Value::I64(value),
                Val::F32(bits) => Value::F32(bits),
                Val::F64(bits) => Value::F64(bits),
                Val::V128(value) => Value::V128(value.as_u128()),
                Val::FuncRef(_) | Val::ExternRef(_) | Val::AnyRef(_) | Val::ExnRef(_) | Val::ContRef(_) => {
                    Value::Reference(Reference::Null)
                }
            })
            .collect();
        if let ([Value::I32(status)], InitResult::Check) = (&returned[..], self.options.init_result)
            && *status != 0
        {
            let cause = Cause::Status(*status);
            return Err(stopped(
                self.id,
                step,
                cause,
                GuestStack::default(),
                &self.store.data().wasi,
            ));
        }
        self.returned.insert(named.export.clone(), returned);
        Ok(())
    }

    /// Runs the SDK's items in the order of their descriptors' sort keys.
    fn run_items(&mut self) -> Result<(), RunError> {
        let Some(sdk) = self.sdk else { return Ok(()) };
        let reader = self.reader();
        let mut items: Vec<(Item, u32, String)> = Vec::new();
        for (position, exports) in crate::guest::index::enumerate(&sdk.items) {
            let item = reader
                .item(exports.descriptor)
                .ok_or_else(|| RunError::Descriptor(exports.run_export.clone()))?;
            items.push((item, position, exports.run_export.clone()));
        }
        // Two versions of a crate may have the same item: the id in the export's name orders them the same on every machine.
        items.sort_by(|(a, _, x), (b, _, y)| (a.sort_key(), x).cmp(&(b.sort_key(), y)));
        for (item, position, run_export) in items {
            let export = Injected::Init(position).name();
            let step = Step::Item(item);
            let results = self.call(&export, step.clone(), &[])?;
            let status = results.first().and_then(Val::i32).map(i32::cast_unsigned);
            let cause = match status {
                Some(abi::RUN_DONE) => continue,
                Some(abi::RUN_FAILED) => {
                    let text = self.message();
                    Cause::Failed(text.unwrap_or_else(|| "it does not say why".to_owned()))
                }
                Some(abi::RUN_UNSET) => Cause::Unset,
                _ => return Err(RunError::Descriptor(run_export)),
            };
            return Err(stopped(
                self.id,
                step,
                cause,
                GuestStack::default(),
                &self.store.data().wasi,
            ));
        }
        Ok(())
    }

    /// Calls an export and returns its results.
    fn call(&mut self, export: &str, step: Step, arguments: &[Value]) -> Result<Vec<Val>, RunError> {
        let started = Instant::now();
        let function = self
            .instance
            .get_func(&mut self.store, export)
            .ok_or_else(|| RunError::Descriptor(export.to_owned()))?;
        let ty = function.ty(&self.store);
        let arguments = values(&ty, arguments)?;
        let mut results = vec![Val::I32(0); ty.results().len()];
        match function.call(&mut self.store, &arguments, &mut results) {
            Ok(()) => {
                let elapsed = started.elapsed();
                self.items.push(ItemRun {
                    instance: self.id,
                    step,
                    elapsed,
                });
                Ok(results)
            }
            Err(error) => {
                let message = self.message();
                let guarded = self.guarded();
                Err(classify(
                    error,
                    self.id,
                    step,
                    self.options,
                    &self.store,
                    message,
                    guarded,
                ))
            }
        }
    }

    /// Why code that was injected into the run copy trapped, if that is what trapped.
    fn guarded(&mut self) -> Option<Cause> {
        let (instance, copy) = (self.instance, self.copy);
        if let Some(touched) = noted(&mut self.store, instance, Injected::Touched, &copy.external) {
            return Some(Cause::External(touched));
        }
        let called = noted(
            &mut self.store,
            instance,
            Injected::Unsupported,
            &copy.unsupported,
        )?;
        Some(Cause::Unsupported(called))
    }

    /// The error for a run that was stopped after its last step had returned.
    fn stopped(&self, cause: Cause) -> RunError {
        let step = self.items.last().map_or(Step::Start, |item| item.step.clone());
        stopped(
            self.id,
            step,
            cause,
            GuestStack::default(),
            &self.store.data().wasi,
        )
    }

    fn reader(&mut self) -> GuestReader<'_> {
        let name = Injected::Memory(MemoryIndex(0)).name();
        let memory = self.instance.get_memory(&mut self.store, &name);
        GuestReader {
            memory: memory.map_or(&[], |memory| memory.data(&self.store)),
            pointers: self.pointers,
        }
    }

    fn message(&mut self) -> Option<String> {
        let sdk = self.sdk?;
        self.reader().message(sdk.message)
    }

    /// Writes the phase into the SDK's static. Memory keeps it, so the baked module reads [`abi::PHASE_DONE`].
    fn set_phase(&mut self, phase: u32) {
        let Some(&Sdk {
            phase: Address(address),
            ..
        }) = self.sdk
        else {
            return;
        };
        let name = Injected::Memory(MemoryIndex(0)).name();
        if let Some(memory) = self.instance.get_memory(&mut self.store, &name)
            && let Ok(address) = usize::try_from(address)
        {
            // An address outside of memory is not the SDK's static, so the failed write does not matter.
            let _ = memory.write(&mut self.store, address, &phase.to_le_bytes());
        }
    }
}
