//! The drawing of two files: treemaps of their bytes, at one scale.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::parts::{Kind, Part};
use super::treemap::{Rect, squarify};
use super::{colour, name, words};
use crate::inspect::Change;
use crate::report::json::item::Item;

/// The size of the larger drawing, in CSS pixels.
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 400.0;

/// The width of a character in a label, and the least rectangle that has a label.
const CHARACTER: f64 = 6.3;
const LABELLED: (f64, f64) = (34.0, 15.0);

/// How many crates have a colour of their own.
const COLOURS: usize = 8;

/// Both files, drawn.
pub(super) struct TreesView {
    pub(super) trees: Vec<TreeView>,
    pub(super) legend: Vec<LegendLine>,
}

/// A file, drawn.
pub(super) struct TreeView {
    pub(super) title: &'static str,
    pub(super) size: String,
    pub(super) width: String,
    pub(super) height: String,
    pub(super) boxes: Vec<TreeBox>,
}

/// A part of a file.
pub(super) struct TreeBox {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) width: String,
    pub(super) height: String,
    pub(super) class: String,
    /// What it is, and its bytes.
    pub(super) text: String,
    /// What is written into it, where there is room.
    pub(super) label: Option<TreeLabel>,
    /// Its size, written beneath, where there is room as well.
    pub(super) amount: Option<TreeLabel>,
}

pub(super) struct TreeLabel {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) text: String,
}

/// A colour, and the bytes that have it before and after.
pub(super) struct LegendLine {
    pub(super) class: String,
    pub(super) name: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// What has a colour of its own, in the order of the legend.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Tone {
    /// A crate, by its rank among the largest.
    Crate(usize),
    OtherCode,
    Data,
    Zeros,
    Item(usize),
    Custom,
    Section,
}

impl Tone {
    fn class(&self) -> String {
        match self {
            Self::Crate(rank) => format!("c{rank}"),
            Self::OtherCode => "other-code".to_owned(),
            Self::Data => "data".to_owned(),
            Self::Zeros => "gaps".to_owned(),
            Self::Item(position) => colour(*position),
            Self::Custom => "custom".to_owned(),
            Self::Section => "section".to_owned(),
        }
    }
}

pub(super) fn view(sizes: &Change<Vec<Part>>, items: &[Item<'_>]) -> TreesView {
    let crates = largest_crates(sizes);
    let total = |parts: &[Part]| parts.iter().map(|part| part.bytes).sum::<u64>();
    let largest = total(&sizes.old).max(total(&sizes.new)).max(1);
    let mut sums: BTreeMap<Tone, [u64; 2]> = BTreeMap::new();
    let sides = [("Before", &sizes.old), ("After", &sizes.new)];
    let trees = sides.iter().enumerate().map(|(side, (title, parts))| {
        let bytes = total(parts);
        #[expect(clippy::cast_precision_loss, reason = "a length in pixels")]
        let scale = (bytes as f64 / largest as f64).sqrt();
        let whole = Rect {
            x: 0.0,
            y: 0.0,
            width: WIDTH * scale,
            height: HEIGHT * scale,
        };
        let mut boxes = Vec::new();
        let mut path = Path {
            crates: &crates,
            items,
            names: Vec::new(),
        };
        draw(parts, whole, &mut path, &mut |tone, part, drawn| {
            sums.entry(tone).or_default()[side] += part.bytes;
            boxes.push(drawn);
        });
        TreeView {
            title,
            size: words::size(bytes),
            width: length(whole.width),
            height: length(whole.height),
            boxes,
        }
    });
    let trees: Vec<TreeView> = trees.collect();
    let legend = sums.into_iter().map(|(tone, [before, after])| LegendLine {
        name: match &tone {
            Tone::Crate(rank) => format!("code of {}", words::line(crates[*rank])),
            Tone::OtherCode => "other code".to_owned(),
            Tone::Data => "data: the guest's own".to_owned(),
            Tone::Zeros => "data: zeros between".to_owned(),
            Tone::Item(position) => format!("data: {}", name(items, *position)),
            Tone::Custom => "names and other custom sections".to_owned(),
            Tone::Section => "other sections, and headers".to_owned(),
        },
        class: tone.class(),
        before: words::size(before),
        after: words::size(after),
    });
    TreesView {
        legend: legend.collect(),
        trees,
    }
}

/// The names of the crates that have colours: the largest, by what they are before or after.
fn largest_crates(sizes: &Change<Vec<Part>>) -> Vec<&str> {
    let mut bytes: BTreeMap<&str, u64> = BTreeMap::new();
    let groups = sizes.old.iter().chain(&sizes.new);
    for part in groups
        .flat_map(|group| &group.parts)
        .filter(|part| part.kind == Kind::Crate)
    {
        let of_crate = bytes.entry(&part.name).or_default();
        *of_crate = part.bytes.max(*of_crate);
    }
    let mut crates: Vec<(&str, u64)> = bytes.into_iter().collect();
    crates.sort_by_key(|(_, bytes)| Reverse(*bytes));
    crates.truncate(COLOURS);
    crates.into_iter().map(|(name, _)| name).collect()
}

/// Where a part is.
struct Path<'p> {
    crates: &'p [&'p str],
    items: &'p [Item<'p>],
    /// The names of what it is in, and the kinds.
    names: Vec<(&'p str, Kind)>,
}

impl Path<'_> {
    fn tone(&self, part: &Part) -> Tone {
        if let Kind::Item(position) = part.kind {
            return Tone::Item(position);
        }
        if part.kind == Kind::Zeros {
            return Tone::Zeros;
        }
        if part.kind == Kind::Section && self.names.first().is_none_or(|(_, kind)| *kind != Kind::Custom) {
            return Tone::Section;
        }
        match self.names.first().map_or(part.kind, |(_, kind)| *kind) {
            Kind::Code => {
                let name = self.names.get(1).map_or(&*part.name, |(name, _)| name);
                let rank = self.crates.iter().position(|of_crate| *of_crate == name);
                rank.map_or(Tone::OtherCode, Tone::Crate)
            }
            Kind::Data => Tone::Data,
            Kind::Custom => Tone::Custom,
            _ => Tone::Section,
        }
    }
}

/// Draws the parts that have no parts.
fn draw<'p>(parts: &'p [Part], whole: Rect, path: &mut Path<'p>, each: &mut dyn FnMut(Tone, &Part, TreeBox)) {
    let mut order: Vec<&Part> = parts.iter().collect();
    // What is joined of small parts stands at the end, and may be larger than those before it.
    order.sort_by_key(|part| Reverse(part.bytes));
    let weights: Vec<u64> = order.iter().map(|part| part.bytes).collect();
    for (part, rect) in order.into_iter().zip(squarify(&weights, whole)) {
        if part.parts.is_empty() {
            let tone = path.tone(part);
            let drawn = leaf(part, rect, path, tone.class());
            each(tone, part, drawn);
        } else {
            path.names.push((&part.name, part.kind));
            draw(&part.parts, rect, path, each);
            path.names.pop();
        }
    }
}

fn leaf(part: &Part, rect: Rect, path: &Path<'_>, class: String) -> TreeBox {
    let full = match part.kind {
        Kind::Item(position) => name(path.items, position),
        _ => words::line(&part.name),
    };
    let place = path.names.last().map(|(name, _)| words::line(name));
    let text = match place {
        Some(place) => format!("{full}, in {place}: {}", words::size(part.bytes)),
        None => format!("{full}: {}", words::size(part.bytes)),
    };
    let at = |below: f64, text: String| TreeLabel {
        x: length(rect.x + 4.0),
        y: length(rect.y + below),
        text,
    };
    let short = match part.kind {
        Kind::More => path
            .names
            .last()
            .map_or(full.clone(), |(name, _)| format!("{}: {full}", words::line(name))),
        Kind::Function | Kind::Item(_) => last_segment(&full).to_owned(),
        _ => full.clone(),
    };
    let has_room = rect.width >= LABELLED.0 && rect.height >= LABELLED.1;
    let label = has_room.then(|| fitting(&short, rect.width)).flatten();
    let amount = Some(words::size(part.bytes)).filter(|amount| {
        label.is_some()
            && rect.height >= 2.0 * LABELLED.1
            && fitting(amount, rect.width).as_ref() == Some(amount)
    });
    TreeBox {
        x: length(rect.x),
        y: length(rect.y),
        width: length(rect.width),
        height: length(rect.height),
        class,
        text,
        label: label.map(|text| at(12.0, text)),
        amount: amount.map(|text| at(25.0, text)),
    }
}

/// A length with two decimals.
fn length(pixels: f64) -> String {
    format!("{pixels:.2}")
}

/// The part of a path behind the last `::` that is not within brackets.
fn last_segment(name: &str) -> &str {
    let mut depth = 0_usize;
    let mut start = 0;
    let mut previous = ' ';
    for (position, character) in name.char_indices() {
        match character {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' if previous == '-' => {}
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ':' if previous == ':' && depth == 0 => start = position + 1,
            _ => {}
        }
        previous = character;
    }
    match &name[start..] {
        "" => name,
        segment => segment,
    }
}

/// As much of a text as fits a width; `None` if that says nothing.
fn fitting(text: &str, width: f64) -> Option<String> {
    const LEAST: usize = 4;
    let room = (1..text.chars().count() + 1)
        .take_while(|count| f64::from(u32::try_from(*count).unwrap_or(u32::MAX)) * CHARACTER <= width - 6.0)
        .count();
    if text.chars().count() <= room {
        return Some(text.to_owned());
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    (room > LEAST).then(|| format!("{}…", kept.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_fit() {
        assert_eq!(
            fitting("abcdef", 6.0 + 6.0 * CHARACTER + 0.1).as_deref(),
            Some("abcdef")
        );
        assert_eq!(
            fitting("abcdef", 6.0 + 5.0 * CHARACTER + 0.1).as_deref(),
            Some("abcd…")
        );
        assert_eq!(fitting("abcdef", 6.0 + 4.0 * CHARACTER + 0.1), None);
    }

    #[test]
    fn the_last_segment_of_a_path() {
        assert_eq!(last_segment("a::b::c"), "c");
        assert_eq!(last_segment("<a::X as b::Y>::z"), "z");
        assert_eq!(last_segment("a::b::<impl c::D>"), "<impl c::D>");
        assert_eq!(last_segment("f"), "f");
        assert_eq!(last_segment("a::"), "a::");
        assert_eq!(last_segment("a::f<fn() -> u32>::{{closure}}"), "{{closure}}");
    }
}
