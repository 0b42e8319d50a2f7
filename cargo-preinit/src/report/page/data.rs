//! What a page shows, as plain values. The page holds it as JSON.

use serde::Serialize;

use super::parts::{self, Part};
use super::set::{self, SetOption};
use super::{PageError, Subject};
use crate::hash::hash;
use crate::inspect::{self, Change, Producer};
use crate::pipeline::{BakeReport, Contents, MemoryMap};
use crate::report::json::item::{AskedAt, Item};
use crate::run::Instantiation;
use crate::warning::Warning;

/// The version of this form. A field may be added to a version.
const VERSION: u32 = 1;

/// What a page shows. Sizes are in bytes, and what is not known is `null`. Only `seconds` differs between two bakes of the same guest.
#[derive(Serialize)]
pub(super) struct PageData<'a> {
    version: u32,
    pub(super) tool: &'static str,
    pub(super) module: &'a str,
    pub(super) target: Option<&'a str>,
    /// The SHA-256 of the guest as it was given.
    pub(super) guest_sha256: String,
    /// The SHA-256 of the baked module.
    pub(super) output_sha256: String,
    /// What made the guest, as it says itself.
    pub(super) producers: Vec<Producer>,
    pub(super) bytes_before: usize,
    pub(super) bytes_after: usize,
    pub(super) data_bytes_before: u64,
    pub(super) data_bytes_after: u64,
    pub(super) seconds: f64,
    pub(super) compiler: String,
    pub(super) functions_removed: usize,
    pub(super) bytes_scrubbed: u64,
    pub(super) items: Vec<Item<'a>>,
    pub(super) start: StartData,
    pub(super) memories: Vec<MemoryData>,
    pub(super) sizes: Change<Vec<Part>>,
    pub(super) warnings: Vec<WarningData<'a>>,
    pub(super) options: Vec<SetOption>,
}

/// What happens until an instance is ready: in the bake, and with the baked module.
#[derive(Serialize)]
pub(super) struct StartData {
    pub(super) before: Vec<Phase>,
    /// `null` if it could not be measured.
    pub(super) after: Option<Vec<Phase>>,
    /// Why it could not.
    pub(super) unknown: Option<String>,
}

/// A part of the start.
#[derive(Serialize)]
pub(super) struct Phase {
    pub(super) name: String,
    /// The position of the item, if it is one.
    pub(super) item: Option<usize>,
    pub(super) fuel: Option<u64>,
    pub(super) seconds: f64,
}

/// A memory of the baked module.
#[derive(Serialize)]
pub(super) struct MemoryData {
    /// The core instance, in a component.
    pub(super) place: Option<String>,
    pub(super) memory: u32,
    pub(super) bytes: u64,
    /// The first address of the stack, and the one behind it.
    pub(super) stack: Option<[u64; 2]>,
    /// The first address of the heap.
    pub(super) heap: Option<u64>,
    pub(super) amounts: Vec<Amount>,
    pub(super) cell: u64,
    /// How many cells, and what is in them.
    pub(super) cells: Vec<(u64, Content)>,
}

/// How many bytes of a memory are something.
#[derive(Serialize)]
pub(super) struct Amount {
    pub(super) content: Content,
    pub(super) bytes: u64,
}

/// What is in bytes of a memory.
#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Content {
    Stack,
    Data,
    Statics,
    Heap,
    Zeros,
    /// The position of the item.
    Item(usize),
}

/// A warning, as in `preinit-warning`.
#[derive(Serialize)]
pub(super) struct WarningData<'a> {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Vec<String>,
    #[serde(flatten)]
    pub(super) asked: AskedAt<'a>,
}

impl<'a> PageData<'a> {
    pub(super) fn of(subject: &Subject<'a>) -> Result<Self, PageError> {
        let report: &'a BakeReport = subject.report;
        let items: Vec<Item<'a>> = report.run.items.iter().map(Item::from).collect();
        let (before, after) = (inspect::sizes(subject.guest)?, inspect::sizes(subject.baked)?);
        let whole = before.bytes.max(after.bytes);
        let sizes = Change {
            old: parts::of(&before, None, whole),
            new: parts::of(&after, Some(&report.memories), whole),
        };
        let warnings = report.warnings.iter().map(|warning: &'a Warning| WarningData {
            code: warning.kind().code(),
            message: warning.to_string(),
            help: warning.help(),
            asked: AskedAt::of(warning),
        });
        Ok(Self {
            version: VERSION,
            tool: env!("CARGO_PKG_VERSION"),
            module: subject.module,
            target: subject.target,
            guest_sha256: hash(subject.guest),
            output_sha256: hash(subject.baked),
            producers: inspect::made_by(subject.guest)?,
            bytes_before: report.size_before,
            bytes_after: report.size_after,
            data_bytes_before: report.data.before,
            data_bytes_after: report.data.after,
            seconds: report.run.elapsed.as_secs_f64(),
            compiler: report.run.compiler.to_string(),
            functions_removed: *report.dead_code.as_ref().unwrap_or(&0),
            bytes_scrubbed: report.scrubbed,
            start: start(subject, &items),
            items,
            memories: report.memories.iter().map(MemoryData::from).collect(),
            sizes,
            warnings: warnings.collect(),
            options: set::options(subject.options),
        })
    }
}

fn start(subject: &Subject<'_>, items: &[Item<'_>]) -> StartData {
    let phase = |name: &str, of: Instantiation| Phase {
        name: name.to_owned(),
        item: None,
        fuel: of.fuel,
        seconds: of.elapsed.as_secs_f64(),
    };
    let mut before = vec![phase("instantiation", subject.report.run.instantiation)];
    before.extend(items.iter().enumerate().map(|(position, item)| Phase {
        name: item.step.name().to_owned(),
        item: Some(position),
        fuel: item.fuel,
        seconds: item.seconds,
    }));
    match &subject.start {
        Ok(start) => {
            let mut after = vec![phase("instantiation", start.instantiation)];
            after.extend(start.function.map(|of| phase("the start function", of)));
            StartData {
                before,
                after: Some(after),
                unknown: None,
            }
        }
        Err(error) => StartData {
            before,
            after: None,
            unknown: Some(error.to_string()),
        },
    }
}

impl From<&MemoryMap> for MemoryData {
    fn from(map: &MemoryMap) -> Self {
        let amounts = map.amounts.iter().map(|(contents, bytes)| Amount {
            content: (*contents).into(),
            bytes: *bytes,
        });
        Self {
            place: map.place.clone(),
            memory: map.memory,
            bytes: map.bytes,
            stack: map.stack.as_ref().map(|stack| [stack.start, stack.end]),
            heap: map.heap,
            amounts: amounts.collect(),
            cell: map.cell,
            cells: map
                .cells
                .iter()
                .map(|(count, contents)| (*count, (*contents).into()))
                .collect(),
        }
    }
}

impl From<Contents> for Content {
    fn from(contents: Contents) -> Self {
        match contents {
            Contents::Stack => Self::Stack,
            Contents::Data => Self::Data,
            Contents::Statics => Self::Statics,
            Contents::Heap => Self::Heap,
            Contents::Zeros => Self::Zeros,
            Contents::Step(position) => Self::Item(position),
        }
    }
}
