//! The tables of a page: facts, the start, items, warnings and options.

use askama::Template;

use super::colour;
use super::data::{PageData, Phase, StartData, WarningData};
use super::set::SetOption;
use super::words::{self, UNKNOWN, counted, number, size, time};
use crate::report::json::item::{Item, ItemStep, ReadLine, SiteLine};

/// A fact, and what it is about.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) text: String,
}

/// A figure: as it is, and as it is shown.
#[derive(Template)]
#[template(path = "figure.html")]
pub(super) struct Figure {
    /// `None` if it is not known.
    pub(super) value: Option<String>,
    pub(super) text: String,
}

impl Figure {
    fn new(value: Option<u64>, show: impl FnOnce(u64) -> String) -> Self {
        Self {
            value: value.map(|value| value.to_string()),
            text: value.map_or_else(|| UNKNOWN.to_owned(), show),
        }
    }

    fn seconds(seconds: f64) -> Self {
        Self {
            // As in the data of the page.
            value: Some(serde_json::json!(seconds).to_string()),
            text: time(seconds),
        }
    }
}

/// The facts of the heading.
pub(super) fn facts(data: &PageData<'_>) -> Vec<Fact> {
    let fact = |name: &str, text: String| Fact {
        name: name.to_owned(),
        text,
    };
    let producers = data
        .producers
        .iter()
        .map(|producer| match producer.version.as_str() {
            "" => words::line(&producer.name),
            version => words::line(&format!("{} {version}", producer.name)),
        });
    let producers: Vec<String> = producers.collect();
    let mut facts = Vec::new();
    facts.extend(data.target.map(|target| fact("Target", words::line(target))));
    if !producers.is_empty() {
        facts.push(fact("Made by", producers.join(", ")));
    }
    facts.push(fact("Baked by", format!("cargo-preinit {}", data.tool)));
    facts.push(fact(
        "Data in segments",
        format!(
            "{} → {}",
            size(data.data_bytes_before),
            size(data.data_bytes_after)
        ),
    ));
    facts.push(fact(
        "Functions removed",
        counted(data.functions_removed as u64, "function", "functions"),
    ));
    facts.push(fact("Stack and heap zeroed", size(data.bytes_scrubbed)));
    facts.push(fact(
        "Init ran for",
        format!("{}, compiled by {}", time(data.seconds), data.compiler),
    ));
    facts.push(fact("SHA-256 of the guest", data.guest_sha256.clone()));
    facts.push(fact("SHA-256 of the baked module", data.output_sha256.clone()));
    facts
}

/// The options that were set.
pub(super) fn options(options: &[SetOption]) -> Vec<Fact> {
    let facts = options.iter().map(|option| Fact {
        name: option.name.to_owned(),
        text: words::line(&option.values.join(", ")),
    });
    facts.collect()
}

/// The start, before and after.
pub(super) struct StartView {
    pub(super) before: Vec<PhaseView>,
    pub(super) after: Vec<PhaseView>,
    pub(super) totals: [Figures; 2],
    /// Why there is nothing after.
    pub(super) unknown: Option<String>,
    /// Whether bars have the length of fuel. Else it is that of times.
    pub(super) counts_fuel: bool,
}

/// The fuel and the time of a start.
pub(super) struct Figures {
    pub(super) fuel: Figure,
    pub(super) seconds: Figure,
}

/// A part of the start.
pub(super) struct PhaseView {
    pub(super) name: String,
    pub(super) class: String,
    pub(super) figures: Figures,
    /// Where its bar begins, and how long it is, in percent of the longest start.
    pub(super) start: String,
    pub(super) share: String,
}

fn percent(part: u64, whole: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a length")]
    let percent = part as f64 / whole as f64 * 100.0;
    format!("{percent:.2}")
}

pub(super) fn start(data: &StartData) -> StartView {
    let after = data.after.as_deref().unwrap_or_default();
    let fuel = |phases: &[Phase]| phases.iter().map(|phase| phase.fuel).sum::<Option<u64>>();
    // Fuel is the same in every bake. It is not counted where functions are compiled as init reaches them.
    let counts_fuel = data.before.iter().chain(after).any(|phase| phase.fuel.is_some());
    let length = |phase: &Phase| match counts_fuel {
        true => phase.fuel.unwrap_or(0),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a length, from a duration"
        )]
        false => (phase.seconds * 1e9) as u64,
    };
    let longest = |phases: &[Phase]| phases.iter().map(length).sum::<u64>();
    let longest = longest(&data.before).max(longest(after)).max(1);
    let phases = |phases: &[Phase]| {
        let mut begin = 0;
        let phases = phases.iter().map(|phase| {
            let start = percent(begin, longest);
            begin += length(phase);
            PhaseView {
                name: words::line(&phase.name),
                class: phase.item.map_or_else(|| "data".to_owned(), colour),
                figures: Figures {
                    fuel: Figure::new(phase.fuel, number),
                    seconds: Figure::seconds(phase.seconds),
                },
                start,
                share: percent(length(phase), longest),
            }
        });
        phases.collect::<Vec<PhaseView>>()
    };
    let total = |phases: &[Phase]| Figures {
        fuel: Figure::new(fuel(phases), number),
        seconds: Figure::seconds(phases.iter().map(|phase| phase.seconds).sum()),
    };
    StartView {
        before: phases(&data.before),
        after: phases(after),
        totals: [total(&data.before), total(after)],
        unknown: data.unknown.as_deref().map(words::line),
        counts_fuel,
    }
}

/// A step of init.
pub(super) struct ItemView {
    pub(super) class: String,
    pub(super) name: String,
    /// Where it is: its line, and in a component its instance.
    pub(super) place: String,
    pub(super) seconds: Figure,
    pub(super) fuel: Figure,
    pub(super) allocated: Figure,
    pub(super) freed: Figure,
    pub(super) changed: Figure,
    pub(super) kept: Figure,
    pub(super) added: Figure,
    pub(super) reads: Vec<ReadView>,
}

/// Something that init read.
pub(super) struct ReadView {
    pub(super) what: String,
    pub(super) calls: u64,
    /// The functions that did, and for what, where that is known.
    pub(super) sites: Vec<(String, Option<&'static str>)>,
    pub(super) paths: String,
}

pub(super) fn item(position: usize, item: &Item<'_>) -> ItemView {
    let line = match &item.step {
        ItemStep::Item { file, line, .. } => Some(words::line(&format!("{file}:{line}"))),
        ItemStep::Start | ItemStep::Constructors | ItemStep::Initialize | ItemStep::Function { .. } => None,
    };
    let place: Vec<String> = line.into_iter().chain(item.place.map(words::line)).collect();
    let allocations = item.allocations.as_ref();
    ItemView {
        class: colour(position),
        name: words::line(item.step.name()),
        place: place.join(", "),
        seconds: Figure::seconds(item.seconds),
        fuel: Figure::new(item.fuel, number),
        allocated: Figure::new(allocations.map(|of| of.bytes_allocated), size),
        freed: Figure::new(allocations.and_then(|of| of.bytes_freed), size),
        changed: Figure::new(item.bytes_changed, size),
        kept: Figure::new(item.bytes_kept, size),
        added: Figure::new(item.bytes_added, size),
        reads: item.reads.iter().map(read).collect(),
    }
}

fn read(read: &ReadLine<'_>) -> ReadView {
    let sites = read.sites.iter().map(|site: &SiteLine<'_>| {
        let function = site
            .function
            .map_or_else(|| "a function without a name".to_owned(), words::line);
        let through = site.through.map(|through| match through {
            "std-hash-keys" => "std's hash keys",
            through => through,
        });
        (function, through)
    });
    let mut sites: Vec<(String, Option<&str>)> = sites.collect();
    sites.dedup();
    let paths: Vec<String> = read.paths.iter().map(|path| words::line(path)).collect();
    ReadView {
        what: match read.bytes {
            Some(bytes) => format!("{} ({})", read.source, size(bytes)),
            None => read.source.to_owned(),
        },
        calls: read.calls,
        sites,
        paths: paths.join(", "),
    }
}

/// A warning.
pub(super) struct WarningView {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Vec<String>,
    /// The functions on the stack, the innermost first.
    pub(super) backtrace: Vec<String>,
}

pub(super) fn warning(warning: &WarningData<'_>) -> WarningView {
    let backtrace = warning.asked.backtrace.iter();
    WarningView {
        code: warning.code,
        message: words::line(&warning.message),
        help: warning.help.iter().map(|help| words::line(help)).collect(),
        backtrace: backtrace
            .map(|name| name.map_or_else(|| "a function without a name".to_owned(), words::line))
            .collect(),
    }
}
