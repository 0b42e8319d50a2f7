//! Runs the steps of a plan in the instances of a guest.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use preinit_guest::abi;
use wasmtime::component::{Instance as ComponentInstance, InstancePre};
use wasmtime::{Instance, Store, Val};

mod memories;

use memories::reader;

use super::code::Code;
use super::component;
use super::core_instances;
use super::error::{Cause, RunError, Step};
use super::guest_stack::GuestStack;
use super::handles::{HandleCounter, HandleFunctions, HandleTable, Handles, MOST};
use super::host::Host;
use super::imports::Imports;
use super::profiler::{MemoryOwners, Profiler};
use super::running::Running;
use super::trap::{classify, stopped};
use super::values::values;
use super::wasi::Read;
use super::{Conditions, Figures, Instantiation, ItemRun, LeftLazy};
use crate::guest::index::{InstanceId, enumerate};
use crate::guest::sdk::{Item, Resume};
use crate::guest::{Guest, Node, count};
use crate::init::{GuestPlan, Init, InitPlan, NamedFunction, Purpose};
use crate::instrument::{GuestCopy, Injected, RunCopy, can_hold_handles, has_maker};
use crate::options::{BakeOptions, InitResult, Profile};
use crate::snapshot::{Reference, Value};

/// Runs the steps of a plan, and keeps what they did.
pub(super) struct Runner<'a> {
    options: &'a BakeOptions,
    pub(super) store: Store<Host>,
    /// By [`InstanceId`].
    pub(super) instances: Vec<Running<'a>>,
    pub(super) items: Vec<ItemRun>,
    pub(super) returned: BTreeMap<String, Vec<Value>>,
    /// The component, once it is instantiated.
    pub(super) component: Option<ComponentInstance>,
    /// The functions that make and drop handles.
    handles: Vec<HandleFunctions>,
    pub(super) instantiation: Instantiation,
    /// What a component asked WASI for while it was instantiated.
    pub(super) reads_at_start: Vec<Read>,
    /// Measures the steps, once the instances are known.
    profiler: Option<Profiler>,
    /// How long measuring took.
    pub(super) measuring: Duration,
    conditions: &'a Conditions<'a>,
    /// The items that do not run.
    left: &'a [LeftLazy],
    /// What is to run in each baked instance, in this order.
    pub(super) resumes: Vec<Resume>,
}

/// A step that runs.
struct Begun {
    begun: Instant,
    /// How long functions had been loaded.
    loading: Duration,
    fuel: Option<u64>,
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        options: &'a BakeOptions,
        store: Store<Host>,
        conditions: &'a Conditions<'a>,
        left: &'a [LeftLazy],
    ) -> Self {
        Self {
            options,
            store,
            instances: Vec::new(),
            items: Vec::new(),
            returned: BTreeMap::new(),
            component: None,
            handles: Vec::new(),
            instantiation: Instantiation::default(),
            reads_at_start: Vec::new(),
            profiler: None,
            measuring: Duration::ZERO,
            conditions,
            left,
            resumes: Vec::new(),
        }
    }

    /// Instantiates a core module.
    pub(super) fn instantiate(
        &mut self,
        node: &Node<'a>,
        copy: &'a RunCopy,
        plan: &'a InitPlan,
        code: &Code,
        imports: &Imports,
    ) -> Result<(), RunError> {
        let begun = self.begun();
        let instance = code.instantiate(&mut self.store, &imports.externs);
        self.instantiated(&begun);
        let instance = instance.map_err(|error| self.failed(error, node.id, Step::Start))?;
        if copy.inspects {
            imports.guard_references(node, &mut self.store, instance)?;
        }
        let node = *node;
        self.instances.push(Running {
            node,
            copy,
            plan,
            instance,
        });
        Ok(())
    }

    /// Instantiates a component, calls its exported functions, and finds its core instances.
    pub(super) fn instantiate_component(
        &mut self,
        guest: &'a Guest<'_>,
        copy: &'a GuestCopy,
        plan: &'a GuestPlan,
        linked: &InstancePre<Host>,
    ) -> Result<(), RunError> {
        // The indices in the engine's errors are of some instance that is not known yet.
        let id = InstanceId(0);
        let begun = self.begun();
        let instance = linked.instantiate(&mut self.store);
        self.instantiated(&begun);
        let instance = instance.map_err(|error| self.failed(error, id, Step::Start))?;
        self.reads_at_start = self.store.data_mut().wasi.take_reads();
        for call in &plan.calls {
            let step = Step::Function(call.text.clone());
            let begun = self.begin(&step);
            let results = component::call(instance, &mut self.store, call)?
                .map_err(|error| self.failed(error, id, step.clone()))?;
            self.end(&begun, id, step.clone());
            // A result that is an error is a status.
            if let [component::Val::Result(Err(value))] = &results[..]
                && self.options.init_result == InitResult::Check
                && call.purpose == Purpose::Init
            {
                let text = value.as_deref().map(component::show);
                let cause = Cause::Failed(text.unwrap_or_else(|| "it does not say why".to_owned()));
                return Err(self.stop(id, step, cause));
            }
        }
        self.component = Some(instance);
        let component::Instances { of_guest, handles } = component::instances(guest, &mut self.store)?;
        self.handles = handles;
        let nodes = guest.nodes().zip(&copy.nodes).zip(&plan.nodes).zip(of_guest);
        self.instances = nodes
            .map(|(((node, copy), plan), instance)| Running {
                node,
                copy,
                plan,
                instance,
            })
            .collect();
        Ok(())
    }

    /// The handles of a component that are alive, and whether later ones have the numbers that they should have.
    pub(super) fn handles(&mut self, guest: &Guest<'_>) -> Result<Handles, RunError> {
        let Some(around) = &guest.around else {
            return Ok(Handles::none());
        };
        // To count them, handles are made until there are too many, which is a trap: no function can be called later.
        if core_instances::is_debugged(&self.store) {
            return Ok(Handles::none());
        }
        let makes_resources = guest.makes_resources();
        let given = self.store.data().wasi.given_handles();
        if !around.makes_handles && !makes_resources && given == 0 {
            return Ok(Handles::none());
        }
        let count = HandleCounter::new(&mut self.store)?.count(&mut self.store)?;
        let wasi = &self.store.data().wasi;
        let of_host: Vec<String> = wasi.held().map(ToString::to_string).collect();
        // Where the host alone gives handles, and to one table, that has no more of them than it gave.
        let tried = match makes_resources || !guest.has_one_table_of_handles() {
            true => MOST,
            false => given + 1,
        };
        let are_of_host = of_host.len() == count;
        let mut tables = Vec::new();
        for functions in &self.handles {
            tables.extend(functions.read(&mut self.store, tried, are_of_host)?);
        }
        // Without the functions, nobody knows.
        let scopes = guest.scopes_in_order().into_iter();
        let mut components = scopes.filter_map(|scope| guest.component_of(scope));
        let are_all_read = components.all(|component| !can_hold_handles(component) || has_maker(component));
        let slots = tables.iter().flat_map(|table: &HandleTable| &table.slots);
        let alive = slots.flatten().count();
        Ok(Handles {
            count,
            of_host,
            tables: (are_all_read && alive == count).then_some(tables),
        })
    }

    fn failed(&self, error: wasmtime::Error, id: InstanceId, step: Step) -> RunError {
        classify(error, id, step, self.options, &self.store, None, None)
    }

    fn stop(&self, id: InstanceId, step: Step, cause: Cause) -> RunError {
        stopped(id, step, cause, GuestStack::default(), &self.store.data().wasi)
    }

    /// Runs what the plans say, in all instances.
    pub(super) fn run_plan(&mut self) -> Result<(), RunError> {
        for (id, address, bytes) in &self.conditions.patches {
            self.write(*id, *address, bytes);
        }
        if self.options.profile == Profile::Items || self.conditions.has_owners {
            let measuring = Instant::now();
            self.profiler = Some(Profiler::new(&mut self.store, &self.instances, &mut self.items));
            self.measuring += measuring.elapsed();
        }
        for running in self.instances.clone() {
            let Running { node, plan, .. } = running;
            // In a component, start functions run where they stand.
            if node.start.is_some() && node.place.is_none() {
                self.call(&running, &Injected::Start.name(), Step::Start, &[])?;
            }
            if plan.constructors.is_some() {
                self.call(&running, &Injected::Constructors.name(), Step::Constructors, &[])?;
            }
            if plan.initialize.is_some() {
                self.call(&running, &Injected::Initialize.name(), Step::Initialize, &[])?;
            }
        }
        self.read_resumes()?;
        self.set_phase(abi::PHASE_RUNNING);
        self.run_items()?;
        for running in self.instances.clone() {
            if let Init::Functions(functions) = &running.plan.init {
                for (position, named) in enumerate(functions) {
                    self.run_function(&running, position, named)?;
                }
            }
        }
        for running in self.instances.clone() {
            let plan = running.plan;
            // They come behind the functions of init.
            let first = match (&plan.init, &plan.sdk) {
                (Init::Functions(functions), _) => functions.len(),
                (Init::Items, sdk) => sdk.as_ref().map_or(0, |sdk| sdk.items.len()),
            };
            for (position, named) in (count(first)..).zip(&plan.warm_up) {
                let export = Injected::Init(position).name();
                self.call(
                    &running,
                    &export,
                    Step::Function(named.text.clone()),
                    &named.arguments,
                )?;
            }
        }
        self.set_phase(abi::PHASE_DONE);
        Ok(())
    }

    /// Runs an init function, checks its status, and keeps what it returns.
    fn run_function(
        &mut self,
        running: &Running<'_>,
        position: u32,
        named: &NamedFunction,
    ) -> Result<(), RunError> {
        let step = Step::Function(named.text.clone());
        let export = Injected::Init(position).name();
        let results = self.call(running, &export, step.clone(), &named.arguments)?;
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
            return Err(self.stop(running.node.id, step, Cause::Status(*status)));
        }
        self.returned.insert(named.export.clone(), returned);
        Ok(())
    }

    /// Runs the SDK's items of all instances, in the order of their descriptors' sort keys.
    fn run_items(&mut self) -> Result<(), RunError> {
        let mut items: Vec<(Item, String, Running<'_>, u32)> = Vec::new();
        for running in self.instances.clone() {
            let Some(sdk) = running
                .plan
                .sdk
                .as_ref()
                .filter(|_| running.plan.init == Init::Items)
            else {
                continue;
            };
            let reader = reader(&running, &mut self.store);
            for (position, exports) in enumerate(&sdk.items) {
                let item = reader
                    .item(exports.descriptor)
                    .ok_or_else(|| RunError::Descriptor(exports.run_export.clone()))?;
                items.push((item, exports.run_export.clone(), running, position));
            }
        }
        // Two versions of a crate may have the same item: the id in the export's name orders them the same on every machine.
        items.sort_by(|(a, x, i, _), (b, y, j, _)| {
            (a.sort_key(), x, i.node.id).cmp(&(b.sort_key(), y, j.node.id))
        });
        for (item, run_export, running, position) in items {
            if self.left.iter().any(|left| left.is(running.node.id, &item)) {
                continue;
            }
            let export = Injected::Init(position).name();
            let step = Step::Item(item);
            let results = self.call(&running, &export, step.clone(), &[])?;
            let status = results.first().and_then(Val::i32).map(i32::cast_unsigned);
            let cause = match status {
                Some(abi::RUN_DONE) => continue,
                Some(abi::RUN_FAILED) => {
                    let text = self.message(&running);
                    Cause::Failed(text.unwrap_or_else(|| "it does not say why".to_owned()))
                }
                Some(abi::RUN_UNSET) => Cause::Unset,
                _ => return Err(RunError::Descriptor(run_export)),
            };
            return Err(self.stop(running.node.id, step, cause));
        }
        Ok(())
    }

    /// Calls an export and returns its results.
    fn call(
        &mut self,
        running: &Running<'_>,
        export: &str,
        step: Step,
        arguments: &[Value],
    ) -> Result<Vec<Val>, RunError> {
        let id = running.node.id;
        let function = running
            .instance
            .get_func(&mut self.store, export)
            .ok_or_else(|| RunError::Descriptor(export.to_owned()))?;
        let ty = function.ty(&self.store);
        let arguments = values(&ty, arguments)?;
        let mut results = vec![Val::I32(0); ty.results().len()];
        let begun = self.begin(&step);
        match function.call(&mut self.store, &arguments, &mut results) {
            Ok(()) => {
                self.end(&begun, id, step);
                Ok(results)
            }
            Err(error) => {
                let message = self.message(running);
                let guarded = self.guarded(running);
                Err(classify(
                    error,
                    id,
                    step,
                    self.options,
                    &self.store,
                    message,
                    guarded,
                ))
            }
        }
    }

    fn begin(&mut self, step: &Step) -> Begun {
        (self.conditions.watch)(step);
        self.begun()
    }

    fn begun(&self) -> Begun {
        Begun {
            fuel: self.fuel(),
            loading: self.store.data().loading.elapsed(),
            begun: Instant::now(),
        }
    }

    /// Keeps how much work the instantiation was that has just ended.
    fn instantiated(&mut self, begun: &Begun) {
        let elapsed = begun.begun.elapsed();
        let fuel = begun.fuel.zip(self.fuel());
        self.instantiation = Instantiation {
            elapsed,
            fuel: fuel.map(|(before, after)| before.saturating_sub(after)),
        };
    }

    /// Keeps what a step did that has just returned.
    fn end(&mut self, begun: &Begun, instance: InstanceId, step: Step) {
        let loading = self.store.data().loading.elapsed().saturating_sub(begun.loading);
        let elapsed = begun.begun.elapsed().saturating_sub(loading);
        let fuel = begun.fuel.zip(self.fuel());
        let measuring = Instant::now();
        let owner = u16::try_from(self.items.len() + 1).ok();
        let figures = self.profiler.as_mut();
        let figures = figures.map(|profiler| profiler.step(&mut self.store, owner, instance));
        self.zero_free();
        self.measuring += measuring.elapsed();
        let mut reads = self.store.data_mut().wasi.take_reads();
        reads.extend(self.made_keys().then(Read::of_hash_keys));
        self.items.push(ItemRun {
            instance,
            place: None,
            step,
            elapsed,
            reads,
            figures: Figures {
                fuel: fuel.map(|(before, after)| before.saturating_sub(after)),
                ..figures.unwrap_or_default()
            },
        });
    }

    /// How much fuel is left, if it is counted.
    fn fuel(&self) -> Option<u64> {
        match self.options.profile {
            Profile::Items => self.store.get_fuel().ok(),
            Profile::Off => None,
        }
    }

    /// Who wrote the memories' bytes, if that was measured.
    pub(super) fn take_owners(&mut self) -> Option<MemoryOwners> {
        self.profiler.take().and_then(Profiler::into_owners)
    }

    /// Why code that was injected into the run copy trapped, if that is what trapped.
    fn guarded(&mut self, running: &Running<'_>) -> Option<Cause> {
        let (instance, copy) = (running.instance, running.copy);
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
    pub(super) fn stopped(&self, cause: Cause) -> RunError {
        let last = self.items.last();
        let (id, step) = last.map_or((InstanceId(0), Step::Start), |item| {
            (item.instance, item.step.clone())
        });
        self.stop(id, step, cause)
    }

    fn message(&mut self, running: &Running<'_>) -> Option<String> {
        let sdk = running.plan.sdk.as_ref()?;
        reader(running, &mut self.store).message(sdk.message)
    }
}

/// The entry of `list` that an injected global refers to by its position, counted from 1.
pub(super) fn noted<T: Clone>(
    store: &mut Store<Host>,
    instance: Instance,
    global: Injected,
    list: &[T],
) -> Option<T> {
    let global = instance.get_global(&mut *store, &global.name())?;
    let number = usize::try_from(global.get(store).i32()?).ok()?;
    list.get(number.checked_sub(1)?).cloned()
}
