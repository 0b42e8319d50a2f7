//! Why a run stopped, in the user's terms.

use std::fmt;
use std::time::Duration;

use wasmtime::{Store, Trap, WasmBacktrace};

use super::host::Host;
use super::imports::{ExternalTouched, ImportCalled};
use super::limits::LimitReached;
use super::wasi::{Exited, HostWasi, NoMemory, Unreadable, WasiUse};
use crate::guest::answers;
use crate::guest::sdk::Item;
use crate::guest::{GuestModule, Linking};
use crate::init::InitPlan;
use crate::instrument::{ExternalPlace, UnsupportedFunction};
use crate::options::{BakeOptions, ImportAnswer};
use crate::refusal::Space;
use crate::shown;
use crate::text::demangle;

/// What was running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Instantiation: segments, and the start function.
    Start,
    /// The constructors that the linker collected.
    Constructors,
    /// A reactor's `_initialize`.
    Initialize,
    /// An item of the SDK.
    Item(Item),
    /// An exported function that was named.
    Function(String),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("the module's start"),
            Self::Constructors => f.write_str("the constructors"),
            Self::Initialize => f.write_str("`_initialize`"),
            Self::Item(item) => {
                let (name, file) = (shown::name(&item.name), shown::line(&item.file));
                write!(f, "{name} ({file}:{})", item.line)
            }
            Self::Function(name) => write!(f, "{}", shown::name(name)),
        }
    }
}

/// What stopped it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The engine trapped.
    Trap(String),
    /// The guest panicked; the text is the panic's.
    Panic(String),
    /// The item returned an `Err`; the text is the error's.
    Failed(String),
    /// The static was forced and still says that it is not set.
    Unset,
    /// A call to an import that nothing provides at build time.
    Import {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// It used state of which nothing is known at build time.
    External(ExternalPlace),
    /// It called a function that the engine does not take.
    Unsupported(UnsupportedFunction),
    /// It returned a number other than 0, which is a status.
    Status(i32),
    /// WASI was to read or write the memory that the guest exports as `memory`, and there is none.
    NoMemory,
    /// A call to `proc_exit`.
    Exit(i32),
    /// It asked for something in a directory that it was shown, of which this machine has nothing to say that would hold elsewhere.
    Unreadable {
        /// What, as the guest names it.
        path: String,
        /// Why.
        reason: String,
    },
    /// An exception that nothing caught.
    Exception,
    /// It ran longer than it may.
    Timeout(Duration),
    /// The memories grew beyond their bound, in bytes.
    Memory(u64),
    /// The tables grew beyond their bound, in elements.
    Tables(u64),
    /// This machine could not give a memory or a table the room that it asked for; the text is the system's.
    Machine(String),
    /// The calls nested deeper than the stack's bound, in bytes.
    Stack(usize),
    /// It printed more than it may, in bytes.
    Output(usize),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trap(text) => write!(f, "trapped: {text}"),
            // What std says starts with the word.
            Self::Panic(text) if text.starts_with("panicked ") => f.write_str(&shown::text(text)),
            Self::Panic(text) => write!(f, "panicked: {}", shown::text(text)),
            Self::Failed(text) => write!(f, "failed: {}", shown::text(text)),
            Self::Unset => f.write_str("was forced, but says that it is still not initialised"),
            Self::Import { module, name } => write!(
                f,
                "called the import {} {}, which does not exist at build time",
                shown::name(module),
                shown::name(name)
            ),
            Self::External(place) => write!(f, "used {place}"),
            Self::Unsupported(function) => write!(f, "called {function}"),
            Self::Status(status) => write!(f, "returned {status}, which stands for a failure"),
            Self::NoMemory => {
                f.write_str("called WASI, which works on an exported memory `memory`, and there is none")
            }
            Self::Exit(code) => write!(f, "ended the program with exit code {code}"),
            Self::Unreadable { path, reason } => {
                write!(
                    f,
                    "asked for {}, which cannot be read here: {reason}",
                    shown::name(path)
                )
            }
            Self::Exception => f.write_str("threw an exception that nothing caught"),
            Self::Timeout(limit) => write!(f, "was still running after {} s", limit.as_secs_f64()),
            Self::Memory(limit) => write!(f, "asked for more than {limit} bytes of memory"),
            Self::Tables(limit) => write!(f, "asked for more than {limit} table elements"),
            Self::Machine(text) => write!(f, "asked for more memory than this machine gives: {text}"),
            Self::Stack(limit) => write!(f, "nested its calls deeper than {limit} bytes of stack"),
            Self::Output(limit) => write!(f, "printed more than {limit} bytes"),
        }
    }
}

impl Cause {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Import { module, .. } if is_wasi(module) => Some(
                "allow WASI with `--allow-wasi` (its clock and random numbers are fixed), or let init do without",
            ),
            Self::Import { module, .. } if module == "wasm:js-string" => Some(
                "strings of JavaScript do not exist at build time: let init leave them for the first call that needs one",
            ),
            Self::Import { .. } => {
                Some("call it after start-up, or keep the call out of what runs at build time")
            }
            Self::External(ExternalPlace::Tag { .. }) => {
                Some("let the module define the tag, or keep the exception out of what runs at build time")
            }
            Self::External(ExternalPlace::Reference { .. }) => Some(
                "what the host refers to, such as a string constant of JavaScript, does not exist at build time: let init hand it \
                     on without looking into it, or look into it after start-up",
            ),
            Self::External(place) => Some(match place.space() {
                Some(Space::Memory) => {
                    "let the module define its memory and export it: link without `--import-memory` (Emscripten: without \
                     `-sIMPORTED_MEMORY`; AssemblyScript: without `--importMemory`), or keep it out of what runs at build time"
                }
                Some(Space::Table) => {
                    "let the module define its table and export it: link without `--import-table`, or keep it out of what runs \
                     at build time"
                }
                _ => "let the module define it, or keep it out of what runs at build time",
            }),
            Self::Unsupported(function) if function.is_legacy_exception => Some(
                "convert the module with `wasm-opt --emit-exnref`, or keep the function out of what runs at build time",
            ),
            Self::Unsupported(_) => Some("keep the function out of what runs at build time"),
            Self::Status(_) => Some("take any result with `--init-result ignore`, if it is no status"),
            Self::NoMemory => {
                Some("let the module export its memory as `memory`, or let init do without WASI")
            }
            Self::Exit(0) => Some("let init return instead"),
            Self::Unreadable { .. } => Some(
                "make it a file or a directory that can be read, or show init a directory without it: what is so on this \
                 machine only must not be so in every instance",
            ),
            Self::Timeout(_) => Some("give it longer with `--timeout SECONDS`, if it does end"),
            Self::Memory(_) => Some("allow more with `--max-memory BYTES`"),
            Self::Tables(_) => Some("allow more with `--max-table-elements N`"),
            Self::Machine(_) => Some("let init use less memory, or bake on a machine that has more"),
            Self::Stack(_) => Some("allow more with `--max-stack BYTES`, if the recursion does end"),
            Self::Output(_) => Some("allow more with `--max-output BYTES`"),
            Self::Exit(_)
            | Self::Trap(_)
            | Self::Panic(_)
            | Self::Failed(_)
            | Self::Unset
            | Self::Exception => None,
        }
    }
}

/// Whether a module name is one of WASI preview 1.
pub(crate) fn is_wasi(module: &str) -> bool {
    module == super::wasi::MODULE
}

/// The option that would have kept a run from being stopped by this.
fn answering(module: &GuestModule<'_>, cause: &Cause) -> Option<String> {
    match cause {
        Cause::Import { module: from, name } => answers::option(module, from, name, ImportAnswer::Zero),
        Cause::External(ExternalPlace::Imported {
            space: Space::Memory,
            module: from,
            name,
        }) => answers::option(module, from, name, ImportAnswer::Fresh),
        _ => None,
    }
}

/// A function on the guest's stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its index in the guest.
    pub index: u32,
    /// Its name, demangled, where the module has one.
    pub name: Option<String>,
}

/// The guest's stack, innermost first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuestStack(pub Vec<Frame>);

impl fmt::Display for GuestStack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Deep recursion repeats itself; both ends are what helps.
        const SHOWN: usize = 30;
        for (depth, frame) in self.0.iter().enumerate().take(SHOWN) {
            write!(f, "\n  {depth:>4}: ")?;
            match &frame.name {
                Some(name) => f.write_str(&shown::line(name))?,
                None => write!(f, "function {}, which has no name", frame.index)?,
            }
        }
        let more = self.0.len().saturating_sub(SHOWN);
        if more > 0 {
            write!(f, "\n        and {more} more")?;
        }
        Ok(())
    }
}

/// Why a run did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The compiler that takes every module does not take this one.
    #[error("the engine does not take the module: {}", shown::text(.0))]
    Compile(String),
    /// Winch was asked for, and does not take the module.
    #[error("the compiler Winch does not take the module: {}", shown::text(.0))]
    Winch(String),
    /// The engine could not be set up as asked.
    #[error("the engine could not be set up: {}", shown::text(.0))]
    Setup(String),
    /// The system gives no thread a stack as large as init may use.
    #[error("there is no thread with a stack of {0} bytes")]
    NoStack(usize),
    /// The structures and arrays that are alive are too large to be written down.
    #[error("the objects that are alive after init have more than {0} fields and elements")]
    TooManyFields(u64),
    /// An item's exports are not as the SDK makes them.
    #[error("the export {} is not as `preinit-guest` makes it", shown::name(.0))]
    Descriptor(String),
    /// The engine and the probe disagree, so nothing can be said for sure.
    #[error("{0}")]
    Bug(String),
    /// What ran was stopped.
    #[error(transparent)]
    Stopped(Box<Stopped>),
}

/// What ran, and why it did not come to its end.
#[derive(Debug, thiserror::Error)]
#[error("{step} {cause}{}", stack(.backtrace))]
pub struct Stopped {
    /// What was running.
    pub step: Step,
    /// What stopped it.
    pub cause: Cause,
    /// Where it was.
    pub backtrace: GuestStack,
    /// What it had printed until then.
    pub output: String,
    /// What it had asked of WASI until then.
    pub asked: WasiUse,
    /// How the guest was linked.
    pub(crate) linking: Linking,
    /// Whether WASI answered.
    pub(crate) is_wasi_allowed: bool,
    /// The option that would have answered, where one could.
    pub(crate) option: Option<String>,
}

fn stack(backtrace: &GuestStack) -> String {
    if backtrace.0.is_empty() {
        String::new()
    } else {
        format!("\nguest backtrace:{backtrace}")
    }
}

impl RunError {
    pub(super) fn stopped(step: Step, cause: Cause, wasi: &HostWasi) -> Self {
        Self::Stopped(Box::new(Stopped {
            step,
            cause,
            backtrace: GuestStack::default(),
            output: wasi.output(),
            asked: wasi.asked(),
            linking: Linking::default(),
            is_wasi_allowed: wasi.is_allowed(),
            option: None,
        }))
    }

    /// What would be said of a run that is certain to stop there, so that there is none.
    pub(crate) fn certain(module: &GuestModule<'_>, step: Step, cause: Cause, backtrace: GuestStack) -> Self {
        Self::Stopped(Box::new(Stopped {
            step,
            option: answering(module, &cause),
            cause,
            backtrace,
            output: String::new(),
            asked: WasiUse::default(),
            linking: module.linking(),
            is_wasi_allowed: false,
        }))
    }

    /// Adds what the guest tells of itself, and puts its function in place of a copy that only the run copy has: that of the
    /// constructors.
    pub(super) fn in_terms_of(mut self, module: &GuestModule<'_>, plan: &InitPlan) -> Self {
        if let Self::Stopped(stopped) = &mut self {
            stopped.linking = module.linking();
            stopped.option = answering(module, &stopped.cause);
        }
        if let (Self::Stopped(stopped), Some(constructors)) = (&mut self, plan.constructors) {
            for frame in &mut stopped.backtrace.0 {
                if frame.index as usize >= module.functions.len() {
                    frame.index = constructors.0;
                    frame.name = module.names.get(&constructors).map(|name| demangle(name));
                }
            }
        }
        self
    }

    /// What the guest had printed until then.
    #[must_use]
    pub fn output(&self) -> &str {
        match self {
            Self::Stopped(stopped) => &stopped.output,
            Self::Compile(_)
            | Self::Winch(_)
            | Self::Setup(_)
            | Self::NoStack(_)
            | Self::TooManyFields(_)
            | Self::Descriptor(_)
            | Self::Bug(_) => "",
        }
    }

    /// What to do about it, a line each.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        let help = match self {
            Self::Compile(_) | Self::Setup(_) | Self::Bug(_) => return Vec::new(),
            Self::Winch(_) => "use `--compiler auto`, which compiles with Cranelift what Winch does not take",
            Self::TooManyFields(_) => "let init keep smaller objects, or keep the data in a memory",
            Self::NoStack(_) => "allow less with `--max-stack BYTES`",
            Self::Descriptor(_) => "build the guest with the same version of `preinit-guest` throughout",
            Self::Stopped(stopped) => return stopped.help(),
        };
        vec![help.to_owned()]
    }
}

/// Turns the engine's error into ours. `message` is what the SDK recorded of a panic, `guarded` what the run copy noted before
/// it trapped.
pub(super) fn classify(
    error: wasmtime::Error,
    step: Step,
    options: &BakeOptions,
    store: &Store<Host>,
    message: Option<String>,
    guarded: Option<Cause>,
) -> RunError {
    let limits = &options.limits;
    let cause = if let Some(cause) = guarded {
        cause
    } else if let Some(ExternalTouched(place)) = error.downcast_ref() {
        Cause::External(place.clone())
    } else if let Some(called) = error.downcast_ref::<ImportCalled>() {
        Cause::Import {
            module: called.module.clone(),
            name: called.name.clone(),
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
            // A panic ends in `unreachable`, or in an abort; its text says more.
            Some(_) if message.is_some() => Cause::Panic(message.unwrap_or_default()),
            Some(trap) => Cause::Trap(describe(*trap)),
            None if store.data().limits.is_memory_reached() => Cause::Memory(limits.memory_bytes),
            None if is_of_machine(&error) => Cause::Machine(format!("{:#}", error.root_cause())),
            None => Cause::Trap(format!("{:#}", error.root_cause())),
        }
    };
    RunError::Stopped(Box::new(Stopped {
        step,
        cause,
        backtrace: backtrace(&error),
        output: store.data().wasi.output(),
        asked: store.data().wasi.asked(),
        linking: Linking::default(),
        is_wasi_allowed: store.data().wasi.is_allowed(),
        option: None,
    }))
}

/// Whether the engine could not get the memory that it needs for the guest's memories, tables or objects.
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

fn describe(trap: Trap) -> String {
    let text = trap.to_string();
    text.strip_prefix("wasm trap: ").unwrap_or(&text).to_owned()
}

fn backtrace(error: &wasmtime::Error) -> GuestStack {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else {
        return GuestStack::default();
    };
    let frames = backtrace.frames().iter().map(|frame| Frame {
        index: frame.func_index(),
        name: frame.func_name().map(demangle),
    });
    GuestStack(frames.collect())
}
