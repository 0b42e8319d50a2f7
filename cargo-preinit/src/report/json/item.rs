//! A step of init as JSON, and where it asked WASI for something.

use serde::Serialize;

use crate::instrument::Allocator;
use crate::pipeline::Growth;
use crate::run::{Allocations, GuestStack, ItemRun, Read, Site, Step};
use crate::warning::{Asker, Warning};

/// A step of init. What is not known is `null`.
#[derive(Serialize)]
pub(in crate::report) struct Item<'a> {
    #[serde(flatten)]
    pub(in crate::report) step: ItemStep,
    pub(in crate::report) place: Option<&'a str>,
    pub(in crate::report) seconds: f64,
    pub(in crate::report) fuel: Option<u64>,
    pub(in crate::report) bytes_changed: Option<u64>,
    pub(in crate::report) bytes_kept: Option<u64>,
    pub(in crate::report) bytes_added: Option<u64>,
    pub(in crate::report) pages_grown: Option<u64>,
    pub(in crate::report) globals_changed: Option<u64>,
    pub(in crate::report) slots_changed: Option<u64>,
    pub(in crate::report) allocations: Option<AllocationsLine>,
    pub(in crate::report) reads: Vec<ReadLine<'a>>,
}

/// Why an output is much larger than its input.
#[derive(Serialize)]
pub(in crate::report) struct GrowthLine {
    by: Vec<GrownByLine>,
    free_bytes: u64,
    filled_bytes: u64,
}

#[derive(Serialize)]
struct GrownByLine {
    item: ItemStep,
    bytes: u64,
}

impl From<&Growth> for GrowthLine {
    fn from(growth: &Growth) -> Self {
        let by = growth.by.iter().map(|by| GrownByLine {
            item: ItemStep::from(&by.step),
            bytes: by.bytes,
        });
        Self {
            by: by.collect(),
            free_bytes: growth.free,
            filled_bytes: growth.filled,
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(in crate::report) enum ItemStep {
    /// What starts the module.
    Start,
    Constructors,
    Initialize,
    Item {
        name: String,
        file: String,
        line: u32,
    },
    Function {
        name: String,
    },
}

#[derive(Serialize)]
pub(in crate::report) struct AllocationsLine {
    pub(in crate::report) counted: &'static str,
    pub(in crate::report) allocations: u64,
    pub(in crate::report) reallocations: u64,
    pub(in crate::report) frees: u64,
    pub(in crate::report) bytes_allocated: u64,
    pub(in crate::report) bytes_freed: Option<u64>,
}

#[derive(Serialize)]
pub(in crate::report) struct ReadLine<'a> {
    pub(in crate::report) source: &'static str,
    pub(in crate::report) calls: u64,
    /// Of random numbers.
    pub(in crate::report) bytes: Option<u64>,
    pub(in crate::report) paths: &'a [String],
    pub(in crate::report) sites: Vec<SiteLine<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct SiteLine<'a> {
    pub(in crate::report) function: Option<&'a str>,
    pub(in crate::report) through: Option<&'static str>,
    /// Names of functions, the innermost first; `null` for one without a name.
    pub(in crate::report) backtrace: Vec<Option<&'a str>>,
}

/// The first step that asked for what a warning is about, and where.
#[derive(Serialize, Default)]
pub(in crate::report) struct AskedAt<'a> {
    pub(in crate::report) item: Option<ItemStep>,
    pub(in crate::report) place: Option<&'a str>,
    pub(in crate::report) function: Option<&'a str>,
    pub(in crate::report) through: Option<&'static str>,
    pub(in crate::report) backtrace: Vec<Option<&'a str>>,
}

impl ItemStep {
    /// An item of the SDK.
    pub(in crate::report) fn of(item: &crate::guest::sdk::Item) -> Self {
        Self::Item {
            name: item.name.clone(),
            file: item.file.clone(),
            line: item.line,
        }
    }

    /// Its name, as the guest has it: it may contain control characters.
    pub(in crate::report) fn name(&self) -> &str {
        match self {
            Self::Start => "the module's start",
            Self::Constructors => "the constructors",
            Self::Initialize => "_initialize",
            Self::Item { name, .. } | Self::Function { name } => name,
        }
    }
}

impl From<&Step> for ItemStep {
    fn from(step: &Step) -> Self {
        match step {
            Step::Start => Self::Start,
            Step::Constructors => Self::Constructors,
            Step::Initialize => Self::Initialize,
            Step::Item(item) => Self::of(item),
            Step::Function(name) => Self::Function { name: name.clone() },
        }
    }
}

impl<'a> From<&'a ItemRun> for Item<'a> {
    fn from(item: &'a ItemRun) -> Self {
        let figures = &item.figures;
        let memory = figures.memory;
        Self {
            step: (&item.step).into(),
            place: item.place.as_deref(),
            seconds: item.elapsed.as_secs_f64(),
            fuel: figures.fuel,
            bytes_changed: memory.map(|memory| memory.bytes_changed),
            bytes_kept: memory.and_then(|memory| memory.bytes_kept),
            bytes_added: memory.and_then(|memory| memory.bytes_added),
            pages_grown: memory.map(|memory| memory.pages_grown),
            globals_changed: figures.globals_changed,
            slots_changed: figures.slots_changed,
            allocations: figures.allocations.map(AllocationsLine::from),
            reads: item.reads.iter().map(ReadLine::from).collect(),
        }
    }
}

impl From<Allocations> for AllocationsLine {
    fn from(of: Allocations) -> Self {
        Self {
            counted: match of.by {
                Allocator::Rust => "rust",
                Allocator::C => "c",
            },
            allocations: of.allocations,
            reallocations: of.reallocations,
            frees: of.frees,
            bytes_allocated: of.bytes_allocated,
            bytes_freed: of.bytes_freed,
        }
    }
}

impl<'a> From<&'a Read> for ReadLine<'a> {
    fn from(read: &'a Read) -> Self {
        Self {
            source: read.source.code(),
            calls: read.calls,
            bytes: (read.bytes > 0).then_some(read.bytes),
            paths: &read.paths,
            sites: read.sites.iter().map(SiteLine::from).collect(),
        }
    }
}

impl<'a> From<&'a Site> for SiteLine<'a> {
    fn from(site: &'a Site) -> Self {
        Self {
            function: site.function.as_deref(),
            through: site.through.map(|through| through.code()),
            backtrace: names(&site.backtrace).collect(),
        }
    }
}

impl<'a> AskedAt<'a> {
    pub(in crate::report) fn of(warning: &'a Warning) -> Self {
        if let Warning::LeftLazy(left) = warning {
            return Self {
                item: Some((&Step::Item(left.item.clone())).into()),
                place: left.place.as_deref(),
                ..Self::default()
            };
        }
        let (Warning::Wasi { by, .. } | Warning::HashKeys { by }) = warning else {
            return Self::default();
        };
        let Some(Asker { step, place, sites }) = by.first() else {
            return Self::default();
        };
        let site = sites.first();
        Self {
            item: step.as_ref().map(ItemStep::from),
            place: place.as_deref(),
            function: site.and_then(|site| site.function.as_deref()),
            through: site.and_then(|site| Some(site.through?.code())),
            backtrace: site.map_or_else(Vec::new, |site| names(&site.backtrace).collect()),
        }
    }
}

/// The names of the functions on a stack.
pub(in crate::report) fn names(stack: &GuestStack) -> impl Iterator<Item = Option<&str>> {
    stack.0.iter().map(|frame| frame.name.as_deref())
}
