//! Why a run was stopped or could not start, in the user's terms.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use wasmparser::FuncType;

use super::guest_stack::GuestStack;
use super::wasi::asked::WasiUse;
use crate::guest::answers;
use crate::guest::index::InstanceId;
use crate::guest::javascript::is_javascript;
use crate::guest::sdk::Item;
use crate::guest::{Guest, ImportKind, Linking, Node};
use crate::init::GuestPlan;
use crate::instrument::{ExternalPlace, UnsupportedFunction};
use crate::options::ImportAnswer;
use crate::refusal::Space;
use crate::shown;

/// A step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Instantiation: its segments, and the start function.
    Start,
    /// The constructors that the linker collected in one function.
    Constructors,
    /// A reactor's `_initialize`.
    Initialize,
    /// An item of the SDK.
    Item(Item),
    /// An exported function that the options or a convention name.
    Function(String),
}

impl Step {
    /// Its name, as the guest has it: it may contain control characters.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Start => "start".to_owned(),
            Self::Constructors => "constructors".to_owned(),
            Self::Initialize => "_initialize".to_owned(),
            Self::Item(item) => item.name.clone(),
            Self::Function(name) => name.clone(),
        }
    }

    /// The name of the instance that it runs in, in a component. The engine does not say that of a component's own functions.
    pub(super) fn place(&self, guest: &Guest<'_>, id: InstanceId) -> Option<String> {
        match self {
            Self::Start | Self::Function(_) => None,
            Self::Constructors | Self::Initialize | Self::Item(_) => guest.name_of(id),
        }
    }
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

/// What stopped a run.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The engine trapped.
    Trap(String),
    /// The guest panicked; the text is the panic's.
    Panic(String),
    /// The item returned an `Err`; the text is the error's.
    Failed(String),
    /// The item's run function returned, and the static is still not set.
    Unset,
    /// A call to an import that is not provided at build time.
    Import {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// A call to an import that the options say must not be called.
    Forbidden {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// The step used state whose value is not known at build time.
    External(ExternalPlace),
    /// The step called a function whose instructions the engine does not support.
    Unsupported(UnsupportedFunction),
    /// The init function returned a number other than 0, which is taken for a status.
    Status(i32),
    /// A WASI function had to read or write the guest's memory, and the guest has none that WASI can use.
    NoMemory,
    /// A call to `proc_exit`.
    Exit(i32),
    /// The guest asked for something in a mapped directory that cannot be read, or that need not be the same on another machine.
    Unreadable {
        /// The path, as the guest names it.
        path: String,
        /// Why it cannot be read.
        reason: String,
    },
    /// An exception that was not caught.
    Exception,
    /// The run took longer than its limit.
    Timeout(Duration),
    /// The memories grew beyond their limit, in bytes.
    Memory(u64),
    /// The tables grew beyond their limit, in elements.
    Tables(u64),
    /// The machine could not provide the space that a memory or a table asked for; the text is the system's.
    Machine(String),
    /// The calls nested deeper than the stack's limit, in bytes.
    Stack(usize),
    /// The guest printed more than its limit, in bytes.
    Output(usize),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trap(text) => write!(f, "trapped: {text}"),
            // The messages of Rust's std start with this word.
            Self::Panic(text) if text.starts_with("panicked ") => f.write_str(&shown::text(text)),
            Self::Panic(text) => write!(f, "panicked: {}", shown::text(text)),
            Self::Failed(text) => write!(f, "failed: {}", shown::text(text)),
            Self::Unset => f.write_str("was forced, but says that it is still not initialised"),
            Self::Import { module, name } => write!(
                f,
                "called the import {}, which does not exist at build time",
                answers::named(module, name)
            ),
            Self::Forbidden { module, name } => write!(
                f,
                "called the import {}, which `--import` has trap",
                answers::named(module, name)
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

/// An error of the engine, shown with its causes in one line.
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

/// Finds the functions of WASI preview 1 that have a type.
pub(crate) type WasiOfType = fn(&FuncType) -> Vec<&'static str>;

/// Why a run was stopped or could not start.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Cranelift, which compiles every module that the engine supports, does not compile this one.
    #[error("the engine does not take the module: {0}")]
    Compile(#[source] EngineError),
    /// The options choose Winch, and it does not compile the module.
    #[error("the compiler Winch does not take the module: {0}")]
    Winch(#[source] EngineError),
    /// The engine could not be configured as the options say.
    #[error("the engine could not be set up: {0}")]
    Setup(#[source] EngineError),
    /// A module that answers imports cannot be instantiated.
    #[error("{} cannot answer imports, since it cannot be instantiated: {}", shown::name(.file), shown::line(.what))]
    Answering {
        /// The name of its file.
        file: String,
        /// Why not.
        what: String,
    },
    /// There is no value of the type that could stand in for an import that init does not use.
    #[error("the engine could not be set up: nothing can stand in for a `{0}`")]
    NoStandIn(String),
    /// A function of a component that is to answer with zero returns a handle, or something with one in it.
    #[error("the import {} cannot answer with zero, since it returns a handle, which belongs to the host", shown::name(.0))]
    NoZero(String),
    /// The embedder's host functions could not be defined.
    #[error("the engine could not be set up: the host's functions: {0}")]
    HostFunctions(#[source] EngineError),
    /// A host function of the embedder has another type than its import.
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
    /// A mapped directory cannot be listed.
    #[error("the directory `{}` of `--dir` cannot be listed: {}", shown::path(.path), shown::line(&.source.to_string()))]
    Dir {
        /// The directory.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The system cannot start a thread with a stack as large as init may use, in bytes.
    #[error("there is no thread with a stack of {0} bytes")]
    NoStack(usize),
    /// The structs and arrays that are alive have more fields and elements than this limit.
    #[error("the objects that are alive after init have more than {0} fields and elements")]
    TooManyFields(u64),
    /// The arguments of an init function of a component are not of its type.
    #[error("the call {} cannot be made: {}", shown::name(.call), shown::line(.message))]
    Arguments {
        /// The call, as the user wrote it.
        call: String,
        /// What is wrong with the arguments.
        message: String,
    },
    /// An instance of a component holds an object whose type its module does not have.
    #[error(
        "an instance holds a structure or an array of a type that its module does not have, since another instance made it"
    )]
    ForeignObject,
    /// The exports of an SDK item are not as the SDK makes them.
    #[error("the export {} is not as `preinit-guest` makes it", shown::name(.0))]
    Descriptor(String),
    /// A bug of this crate, such as a run copy that lacks something it should have.
    #[error("{0}")]
    Bug(String),
    /// A step was stopped.
    #[error(transparent)]
    Stopped(Box<Stopped>),
}

/// A step that was stopped, and why.
#[derive(Debug, thiserror::Error)]
#[error("{}{step} {}{}", in_place(.place.as_deref()), said(.cause, .backtrace), stack(.backtrace))]
pub struct Stopped {
    /// The instance that the step was running in. The indices in the other fields are of this instance.
    pub instance: InstanceId,
    /// The instance in words; `None` if there is no other.
    pub place: Option<String>,
    /// The step.
    pub step: Step,
    /// What stopped the step.
    pub cause: Cause,
    /// The guest's stack when it was stopped.
    pub backtrace: GuestStack,
    /// What the guest had printed before.
    pub output: String,
    /// What the guest had asked WASI for before.
    pub asked: WasiUse,
    /// How the guest was linked.
    pub(crate) linking: Linking,
    /// Whether WASI was allowed.
    pub(crate) is_wasi_allowed: bool,
    /// The option that would have prevented the stop, if there is one.
    pub(crate) option: Option<String>,
    /// The options that say which function of WASI's the import may be: those of its type, where its name was shortened.
    pub(crate) renamed: Vec<String>,
}

fn in_place(place: Option<&str>) -> String {
    place.map_or_else(String::new, |place| format!("in {place}, "))
}

/// What stopped a step. wasm-bindgen makes up the names of imports, so it is the function that called one which says what was called.
fn said(cause: &Cause, backtrace: &GuestStack) -> String {
    let Cause::Import { module, name } = cause else {
        return cause.to_string();
    };
    match is_javascript(module) {
        true => format!(
            "called JavaScript{}, and there is none at build time: the import {}",
            caller(backtrace)
                .map(|caller| format!(" in {}", shown::name(caller)))
                .unwrap_or_default(),
            answers::named(module, name)
        ),
        false => cause.to_string(),
    }
}

/// The function that called an import of wasm-bindgen's, apart from shims.
fn caller(backtrace: &GuestStack) -> Option<&str> {
    const SHIMS: [&str; 4] = ["wasm_bindgen::", "__wb", "externref shim", "core::"];
    let mut names = backtrace.0.iter().filter_map(|frame| frame.name.as_deref());
    // A method of a trait begins with `<`.
    names.find(|name| {
        !SHIMS
            .iter()
            .any(|shim| name.trim_start_matches('<').starts_with(shim))
    })
}

fn stack(backtrace: &GuestStack) -> String {
    if backtrace.0.is_empty() {
        String::new()
    } else {
        format!("\nguest backtrace:{backtrace}")
    }
}

impl RunError {
    /// The error of a run that is certain to stop there, so that it is reported without a run.
    pub(crate) fn certain(
        module: &Node<'_>,
        step: Step,
        cause: Cause,
        backtrace: GuestStack,
        wasi: WasiOfType,
    ) -> Self {
        Self::Stopped(Box::new(Stopped {
            instance: module.id,
            place: None,
            step,
            option: answering(module, &cause),
            renamed: renamed(module, &cause, wasi),
            cause,
            backtrace,
            output: String::new(),
            asked: WasiUse::default(),
            linking: module.linking(),
            is_wasi_allowed: false,
        }))
    }

    /// Adds what the guest says of its linking and the option that would have helped. In the backtrace, replaces the run copy's
    /// copy of the constructors by the guest's function.
    pub(super) fn in_terms_of(mut self, guest: &Guest<'_>, plan: &GuestPlan, wasi: WasiOfType) -> Self {
        let Self::Stopped(stopped) = &mut self else {
            return self;
        };
        let Some(module) = &guest.instance(stopped.instance) else {
            return self;
        };
        stopped.place = stopped.step.place(guest, stopped.instance);
        stopped.linking = module.linking();
        stopped.option = match (&guest.around, &stopped.cause) {
            (Some(around), Cause::Import { module, name }) => {
                answers::option_of_component(around, module, name)
            }
            (Some(_), _) => None,
            (None, cause) => answering(module, cause),
        };
        if guest.around.is_none() {
            stopped.renamed = renamed(module, &stopped.cause, wasi);
        }
        stopped.backtrace.in_terms_of(module, plan);
        self
    }

    /// Whether the run took longer than it may.
    pub(crate) fn is_timeout(&self) -> bool {
        matches!(self, Self::Stopped(stopped) if matches!(stopped.cause, Cause::Timeout(_)))
    }

    /// Of a run that may take this long, which is less than the timeout of the options.
    pub(crate) fn after(mut self, time: Duration) -> Self {
        if let Self::Stopped(stopped) = &mut self
            && let Cause::Timeout(limit) = &mut stopped.cause
        {
            *limit = Duration::from_secs_f64(time.as_secs_f64().round().max(1.0));
        }
        self
    }

    /// What the guest had printed before the run stopped.
    #[must_use]
    pub fn output(&self) -> &str {
        match self {
            Self::Stopped(stopped) => &stopped.output,
            Self::Compile(_)
            | Self::Winch(_)
            | Self::Answering { .. }
            | Self::Setup(_)
            | Self::NoStandIn(_)
            | Self::HostFunctions(_)
            | Self::NoZero(_)
            | Self::HostFunctionType { .. }
            | Self::Dir { .. }
            | Self::NoStack(_)
            | Self::TooManyFields(_)
            | Self::Descriptor(_)
            | Self::Arguments { .. }
            | Self::ForeignObject
            | Self::Bug(_) => "",
        }
    }
}

/// The option that would have prevented this stop, if there is one.
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

/// The options by which an import whose name Emscripten has shortened, as in `a.b`, is one of WASI's functions. Their types say which it
/// may be.
fn renamed(module: &Node<'_>, cause: &Cause, wasi: WasiOfType) -> Vec<String> {
    /// How many bytes the names that Emscripten makes have at most, of the module and of the import.
    const SHORT: (usize, usize) = (1, 3);
    let Cause::Import { module: from, name } = cause else {
        return Vec::new();
    };
    if from.len() > SHORT.0 || name.len() > SHORT.1 {
        return Vec::new();
    }
    let mut imports = module.imports.iter();
    let import = imports.find(|import| (import.module, import.name) == (from, name));
    let ty = import.and_then(|import| match import.kind {
        ImportKind::Function(index) => module.signature(index),
        _ => None,
    });
    let functions = ty.map_or_else(Vec::new, wasi).into_iter();
    let options = functions.map(|function| ImportAnswer::Wasi(function.to_owned()));
    let options = options.filter_map(|answer| answers::option(module, from, name, answer));
    options.collect()
}
