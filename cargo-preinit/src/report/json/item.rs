//! A step of init as JSON, and where it asked WASI for something.

use serde::Serialize;

use crate::instrument::Allocator;
use crate::run::{Allocations, GuestStack, ItemRun, Read, Site, Step};
use crate::warning::{Asker, Warning};

/// A step of init. What is not known is `null`.
#[derive(Serialize)]
pub(super) struct Item<'a> {
    #[serde(flatten)]
    step: ItemStep,
    place: Option<&'a str>,
    seconds: f64,
    fuel: Option<u64>,
    bytes_changed: Option<u64>,
    bytes_kept: Option<u64>,
    bytes_added: Option<u64>,
    pages_grown: Option<u64>,
    globals_changed: Option<u64>,
    slots_changed: Option<u64>,
    allocations: Option<AllocationsLine>,
    reads: Vec<ReadLine<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum ItemStep {
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
struct AllocationsLine {
    counted: &'static str,
    allocations: u64,
    reallocations: u64,
    frees: u64,
    bytes_allocated: u64,
    bytes_freed: Option<u64>,
}

#[derive(Serialize)]
struct ReadLine<'a> {
    source: &'static str,
    calls: u64,
    /// Of random numbers.
    bytes: Option<u64>,
    paths: &'a [String],
    sites: Vec<SiteLine<'a>>,
}

#[derive(Serialize)]
struct SiteLine<'a> {
    function: Option<&'a str>,
    through: Option<&'static str>,
    /// Names of functions, the innermost first; `null` for one without a name.
    backtrace: Vec<Option<&'a str>>,
}

/// The first step that asked for what a warning is about, and where.
#[derive(Serialize, Default)]
pub(super) struct AskedAt<'a> {
    item: Option<ItemStep>,
    place: Option<&'a str>,
    function: Option<&'a str>,
    through: Option<&'static str>,
    backtrace: Vec<Option<&'a str>>,
}

impl From<&Step> for ItemStep {
    fn from(step: &Step) -> Self {
        match step {
            Step::Start => Self::Start,
            Step::Constructors => Self::Constructors,
            Step::Initialize => Self::Initialize,
            Step::Item(item) => Self::Item {
                name: item.name.clone(),
                file: item.file.clone(),
                line: item.line,
            },
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
    pub(super) fn of(warning: &'a Warning) -> Self {
        let Warning::Wasi { by, .. } = warning else {
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
pub(super) fn names(stack: &GuestStack) -> impl Iterator<Item = Option<&str>> {
    stack.0.iter().map(|frame| frame.name.as_deref())
}
