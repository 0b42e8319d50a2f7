//! Why a run did not come to its end, in the user's terms.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::wasi::{HostWasi, WasiUse};
use crate::guest::answers;
use crate::guest::index::InstanceId;
use crate::guest::sdk::Item;
use crate::guest::{Linking, Node};
use crate::init::InitPlan;
use crate::instrument::{ExternalPlace, UnsupportedFunction};
use crate::options::ImportAnswer;
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
#[non_exhaustive]
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

/// What the engine says, with its causes in one line.
#[derive(Debug)]
pub struct EngineError(wasmtime::Error);

impl From<wasmtime::Error> for EngineError {
    fn from(error: wasmtime::Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown::text(&format!("{:#}", self.0)))
    }
}

impl Error for EngineError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// Why a run did not come to its end.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The compiler that takes every module does not take this one.
    #[error("the engine does not take the module: {0}")]
    Compile(#[source] EngineError),
    /// Winch was asked for, and does not take the module.
    #[error("the compiler Winch does not take the module: {0}")]
    Winch(#[source] EngineError),
    /// The engine could not be set up as asked.
    #[error("the engine could not be set up: {0}")]
    Setup(#[source] EngineError),
    /// Nothing can be made up of the type, for an import that init does not touch.
    #[error("the engine could not be set up: nothing can stand in for a `{0}`")]
    NoStandIn(String),
    /// The functions of an embedder could not be defined.
    #[error("the engine could not be set up: the host's functions: {0}")]
    HostFunctions(#[source] EngineError),
    /// A function of an embedder has another type than the import that it is for.
    #[error(
        "the engine could not be set up: the host has no function for the import {} {} of the type that the module imports",
        shown::name(.module),
        shown::name(.name)
    )]
    HostFunctionType {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// A directory that init is to see cannot be listed.
    #[error("the engine could not be set up: `{}`: {source}", shown::path(.path))]
    Dir {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
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
    /// The instance that it was running in. Indices in the rest are its own.
    pub instance: InstanceId,
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
    pub(super) fn stopped(instance: InstanceId, step: Step, cause: Cause, wasi: &HostWasi) -> Self {
        Self::Stopped(Box::new(Stopped {
            instance,
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
    pub(crate) fn certain(module: &Node<'_>, step: Step, cause: Cause, backtrace: GuestStack) -> Self {
        Self::Stopped(Box::new(Stopped {
            instance: module.id,
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
    pub(super) fn in_terms_of(mut self, module: &Node<'_>, plan: &InitPlan) -> Self {
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
            | Self::NoStandIn(_)
            | Self::HostFunctions(_)
            | Self::HostFunctionType { .. }
            | Self::Dir { .. }
            | Self::NoStack(_)
            | Self::TooManyFields(_)
            | Self::Descriptor(_)
            | Self::Bug(_) => "",
        }
    }
}

/// The option that would have kept a run from being stopped by this.
fn answering(module: &Node<'_>, cause: &Cause) -> Option<String> {
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
