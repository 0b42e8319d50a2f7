//! The drawing of a memory: rows of cells, coloured by what is in them, and beneath each row a line for the stack, the statics and the heap.

use super::data::{Content, MemoryData};
use super::{colour, name, words};
use crate::report::json::item::Item;

/// How many cells a row has.
const COLUMNS: u64 = 96;

/// The width and the height of a cell, and the distance of rows, in CSS pixels.
const CELL: (u64, u64) = (10, 11);
const ROW: u64 = 15;

/// The room for addresses at the left.
const MARGIN: u64 = 74;

/// A memory, drawn.
pub(super) struct MapView {
    pub(super) title: String,
    pub(super) size: String,
    /// What a cell is.
    pub(super) cell: String,
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) labels: Vec<Label>,
    pub(super) boxes: Vec<Box>,
    pub(super) lines: Vec<Box>,
    pub(super) legend: Vec<Entry>,
}

/// The address at which a row begins.
pub(super) struct Label {
    pub(super) y: u64,
    pub(super) text: String,
}

/// Cells of a row with the same contents.
pub(super) struct Box {
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) class: String,
    pub(super) text: String,
}

/// A line of the legend.
pub(super) struct Entry {
    pub(super) class: String,
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) size: String,
    pub(super) share: String,
}

pub(super) fn view(memory: &MemoryData, items: &[Item<'_>]) -> MapView {
    let title = match (&memory.place, memory.memory) {
        (Some(place), 0) => words::line(place),
        (Some(place), index) => format!("{}, memory {index}", words::line(place)),
        (None, index) => format!("Memory {index}"),
    };
    let mut boxes = Vec::new();
    let mut first = 0;
    for (count, content) in &memory.cells {
        let (class, text) = named(*content, items);
        boxes.extend(in_rows(first..first + count, 0, CELL.1).map(|mut found| {
            found.class.clone_from(&class);
            let cells = (
                found.y / ROW * COLUMNS + (found.x - MARGIN) / CELL.0,
                found.width / CELL.0,
            );
            let start = cells.0 * memory.cell;
            let end = memory.bytes.min(start + cells.1 * memory.cell);
            found.text = format!("{text}: {start:#x} to {:#x}", end.saturating_sub(1));
            found
        }));
        first += count;
    }
    let rows = first.div_ceil(COLUMNS);
    // About twelve addresses, at whole rows.
    let step = rows.div_ceil(12).max(1);
    let labels = (0..rows).step_by(usize::try_from(step).unwrap_or(1));
    let labels = labels.map(|row| Label {
        y: row * ROW + CELL.1 - 2,
        text: format!("{:#x}", row * COLUMNS * memory.cell),
    });
    let legend = memory.amounts.iter().map(|amount| {
        let (class, name) = named(amount.content, items);
        Entry {
            class,
            name,
            bytes: amount.bytes,
            size: words::size(amount.bytes),
            share: share(amount.bytes, memory.bytes),
        }
    });
    MapView {
        title,
        size: words::size(memory.bytes),
        cell: words::size(memory.cell),
        width: MARGIN + COLUMNS * CELL.0,
        height: rows * ROW,
        labels: labels.collect(),
        boxes,
        lines: lines(memory, first),
        legend: legend.collect(),
    }
}

/// The class and the name of contents.
fn named(content: Content, items: &[Item<'_>]) -> (String, String) {
    let (class, name) = match content {
        Content::Stack => ("stack", "stack (zeros)"),
        Content::Data => ("data", "the guest's own data"),
        Content::Statics => ("statics", "statics that are zero"),
        Content::Heap => ("heap", "heap (zeros)"),
        Content::Zeros => ("zeros", "zeros"),
        Content::Item(position) => return (colour(position), name(items, position)),
    };
    (class.to_owned(), name.to_owned())
}

fn share(part: u64, whole: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
    let percent = part as f64 / whole.max(1) as f64 * 100.0;
    match percent {
        percent if percent > 0.0 && percent < 0.05 => "< 0.1 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

/// The line beneath the rows: where the linker puts what.
fn lines(memory: &MemoryData, cells: u64) -> Vec<Box> {
    let cell_of = |address: u64| (address / memory.cell).min(cells);
    let stack = memory
        .stack
        .map(|[low, high]| cell_of(low)..cell_of(high).max(cell_of(low)));
    let heap = memory.heap.map(|heap| cell_of(heap)..cells);
    let mut lines = Vec::new();
    let mut add = |range: std::ops::Range<u64>, class: &str, text: &str| {
        lines.extend(in_rows(range, CELL.1, 2).map(|mut found| {
            class.clone_into(&mut found.class);
            text.clone_into(&mut found.text);
            found
        }));
    };
    if let Some(heap) = &heap {
        // The statics are what is left in front of the heap.
        let (before, behind) = match &stack {
            Some(stack) => (
                0..stack.start.min(heap.start),
                stack.end.min(heap.start)..heap.start,
            ),
            None => (0..0, 0..heap.start),
        };
        add(before, "of-statics", "static data");
        add(behind, "of-statics", "static data");
    }
    if let Some(stack) = stack {
        add(stack, "of-stack", "stack");
    }
    if let Some(heap) = heap {
        add(heap, "of-heap", "heap");
    }
    lines
}

/// Cells as boxes, one in each row, of this height and so far below the row's upper edge.
fn in_rows(cells: std::ops::Range<u64>, below: u64, height: u64) -> impl Iterator<Item = Box> {
    let rows = match cells.is_empty() {
        true => 0..0,
        false => cells.start / COLUMNS..cells.end.div_ceil(COLUMNS),
    };
    rows.map(move |row| {
        let start = cells.start.max(row * COLUMNS);
        let end = cells.end.min((row + 1) * COLUMNS);
        Box {
            x: MARGIN + start % COLUMNS * CELL.0,
            y: row * ROW + below,
            width: (end - start) * CELL.0,
            height,
            class: String::new(),
            text: String::new(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_divided_into_rows() {
        let boxes = |cells| {
            in_rows(cells, 1, 2)
                .map(|found| (found.x - MARGIN, found.y, found.width))
                .collect::<Vec<_>>()
        };
        assert_eq!(boxes(5..5), []);
        assert_eq!(boxes(0..1), [(0, 1, 10)]);
        assert_eq!(boxes(95..97), [(950, 1, 10), (0, 1 + ROW, 10)]);
        assert_eq!(boxes(96..288), [(0, 1 + ROW, 960), (0, 1 + 2 * ROW, 960)]);
    }
}
