//! Turns the engine's error into the reason why a run stopped.

use wasmtime::{AsContext, FrameInfo, Module, Store, Trap, WasmBacktrace};

use super::engine::MAX_FRAMES;
use super::error::{Cause, RunError, Step, Stopped};
use super::guest_stack::{Frame, GuestStack};
use super::host::Host;
use super::limits::LimitReached;
use super::parts::NotCompiled;
use super::stand_in::{ExternalTouched, ImportCalled};
use super::wasi::{Exited, HostWasi, NoMemory, Unreadable};
use crate::guest::Linking;
use crate::guest::index::InstanceId;
use crate::options::BakeOptions;
use crate::text::demangle;

/// Turns the engine's error into a [`RunError`]. `message` is the panic message that the SDK recorded, `guarded` the cause that
/// the run copy recorded before it trapped.
pub(super) fn classify(
    mut error: wasmtime::Error,
    instance: InstanceId,
    step: Step,
    options: &BakeOptions,
    store: &Store<Host>,
    message: Option<String>,
    guarded: Option<Cause>,
) -> RunError {
    if error.is::<NotCompiled>() {
        match error.downcast::<NotCompiled>() {
            Ok(not_compiled) => return not_compiled.into_error(),
            Err(other) => error = other,
        }
    }
    let limits = &options.limits;
    let cause = if let Some(cause) = guarded {
        cause
    } else if let Some(ExternalTouched(place)) = error.downcast_ref() {
        Cause::External(place.clone())
    } else if let Some(called) = error.downcast_ref::<ImportCalled>() {
        let (module, name) = (called.module.clone(), called.name.clone());
        match called.is_forbidden {
            true => Cause::Forbidden { module, name },
            false => Cause::Import { module, name },
        }
    } else if let Some(limit) = error.downcast_ref::<LimitReached>() {
        match limit {
            LimitReached::Memory => Cause::Memory(limits.memory_bytes),
            LimitReached::Tables => Cause::Tables(limits.table_elements),
            LimitReached::Machine(text) => Cause::Machine(text.clone()),
            LimitReached::Output => Cause::Output(limits.output_bytes),
        }
    } else if let Some(exit) = error.downcast_ref::<Exited>() {
        Cause::Exit(exit.0)
    } else if error.is::<NoMemory>() {
        Cause::NoMemory
    } else if let Some(unreadable) = error.downcast_ref::<Unreadable>() {
        Cause::Unreadable {
            path: unreadable.path.clone(),
            reason: unreadable.reason.clone(),
        }
    } else if error.is::<wasmtime::ThrownException>() {
        Cause::Exception
    } else {
        match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => Cause::Timeout(limits.timeout),
            Some(Trap::StackOverflow) => Cause::Stack(limits.stack_bytes),
            // A panic ends in `unreachable` or in an abort; its message says more than the trap.
            Some(_) if message.is_some() => Cause::Panic(message.unwrap_or_default()),
            Some(trap) => Cause::Trap(describe(*trap)),
            None if store.data().limits.is_memory_reached() => Cause::Memory(limits.memory_bytes),
            None if is_of_machine(&error) => Cause::Machine(format!("{:#}", error.root_cause())),
            None => Cause::Trap(format!("{:#}", error.root_cause())),
        }
    };
    let host = store.data();
    stopped(instance, step, cause, backtrace(&error, host), &host.wasi)
}

/// The error of a step that was stopped. Its advice is added where the guest is known.
pub(super) fn stopped(
    instance: InstanceId,
    step: Step,
    cause: Cause,
    backtrace: GuestStack,
    wasi: &HostWasi,
) -> RunError {
    RunError::Stopped(Box::new(Stopped {
        instance,
        place: None,
        step,
        cause,
        backtrace,
        output: wasi.output(),
        asked: wasi.asked(),
        linking: Linking::default(),
        is_wasi_allowed: wasi.is_allowed(),
        option: None,
        renamed: Vec::new(),
    }))
}

/// Whether the system or the engine had too little memory for the guest's memories, tables or objects.
fn is_of_machine(error: &wasmtime::Error) -> bool {
    let cause = error.root_cause();
    #[cfg(unix)]
    let is_of_system = cause.is::<rustix::io::Errno>();
    #[cfg(not(unix))]
    let is_of_system = cause.is::<std::io::Error>();
    is_of_system
        || error.is::<wasmtime::error::OutOfMemory>()
        || error.is::<wasmtime::GcHeapOutOfMemory<()>>()
}

pub(super) fn describe(trap: Trap) -> String {
    let text = trap.to_string();
    text.strip_prefix("wasm trap: ").unwrap_or(&text).to_owned()
}

fn backtrace(error: &wasmtime::Error, host: &Host) -> GuestStack {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else {
        return GuestStack::default();
    };
    frames(backtrace, host)
}

/// The guest's stack at a call of the host.
pub(super) fn stack_of(store: impl AsContext<Data = Host>) -> GuestStack {
    let backtrace = WasmBacktrace::capture(&store);
    frames(&backtrace, store.as_context().data())
}

/// The frames of the guest: those of modules that answer imports are left out.
fn frames(backtrace: &WasmBacktrace, host: &Host) -> GuestStack {
    let is_of_guest = |frame: &&FrameInfo| {
        !host
            .answering
            .iter()
            .any(|module| Module::same(module, frame.module()))
    };
    let frames = backtrace.frames().iter().filter(is_of_guest);
    let frames = frames.filter_map(|frame| match &host.loader {
        Some(loader) => loader.frame(frame),
        None => Some(Frame {
            index: frame.func_index(),
            name: frame.func_name().map(demangle),
        }),
    });
    GuestStack(frames.take(MAX_FRAMES).collect())
}
