//! What of the baked state follows from the answers that a warning is about, as JSON.

use serde::Serialize;

use super::item::ItemStep;
use crate::impurity::{Effect, Part, Tainted};
use crate::warning::Warning;

/// What follows from the answers. Both are `null` if that was not found out, or if the warning is about something else.
#[derive(Serialize, Default)]
pub(super) struct EffectLine<'a> {
    /// How init fails with other answers.
    fails: Option<&'a str>,
    state: Option<Vec<PartLine<'a>>>,
}

#[derive(Serialize)]
struct PartLine<'a> {
    part: &'static str,
    /// The name of a static, or the index of a memory or a table.
    of: Option<Of<'a>>,
    item: Option<ItemStep>,
    place: Option<&'a str>,
    count: u64,
    first: u64,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Of<'a> {
    Name(&'a str),
    Index(u32),
}

impl<'a> EffectLine<'a> {
    pub(super) fn of(warning: &'a Warning) -> Self {
        match warning {
            Warning::Wasi {
                effect: Effect::Fails(how),
                ..
            } => Self {
                fails: Some(how),
                state: None,
            },
            Warning::Wasi {
                effect: Effect::State(parts),
                ..
            } => Self {
                fails: None,
                state: Some(parts.iter().map(PartLine::from).collect()),
            },
            Warning::Leak { parts, .. } => Self {
                fails: None,
                state: Some(parts.iter().map(PartLine::from).collect()),
            },
            _ => Self::default(),
        }
    }
}

impl<'a> From<&'a Tainted> for PartLine<'a> {
    fn from(tainted: &'a Tainted) -> Self {
        let (part, of) = match &tainted.part {
            Part::Static(name) => ("static", Some(Of::Name(name))),
            Part::MapKeys => ("map-keys", None),
            Part::Data => ("data", None),
            Part::Heap => ("heap", None),
            Part::Memory(index) => ("memory", Some(Of::Index(*index))),
            Part::Size(index) => ("memory-size", Some(Of::Index(*index))),
            Part::Globals => ("globals", None),
            Part::Slots(index) => ("slots", Some(Of::Index(*index))),
            Part::Length(index) => ("table-size", Some(Of::Index(*index))),
            Part::Objects => ("objects", None),
            Part::Other => ("other", None),
        };
        Self {
            part,
            of,
            item: tainted.step.as_ref().map(ItemStep::from),
            place: tainted.place.as_deref(),
            count: tainted.count,
            first: tainted.first,
        }
    }
}
