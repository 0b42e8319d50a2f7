//! What a step of init did, as lines for people.

use crate::pipeline::Growth;
use crate::run::{Allocations, ItemRun, MemoryFigures, Read, Source};
use crate::shown;
use crate::text::size;
use crate::warning::places;

/// The lines about a step: a verb, and a text. What a step did not do has no line, nor has what is not known.
pub(super) fn lines(item: &ItemRun) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    lines.extend(
        item.figures
            .allocations
            .and_then(|of| allocated(&of))
            .map(|text| ("Allocated", text)),
    );
    let changed = changed(item);
    if !changed.is_empty() {
        lines.push(("Changed", changed.join(", ")));
    }
    for read in &item.reads {
        lines.push(("Read", asked(item, read)));
    }
    lines
}

/// Why an output is much larger than its input, and what would help: a line for each.
pub(super) fn growth(growth: &Growth) -> String {
    let by = growth.by.iter();
    let by = by.map(|by| format!("\n  - {} of data by {}", size(by.bytes), by.step));
    let free = (growth.free > 0).then(|| {
        format!(
            "\n  - {} is memory that was freed again: `--scrub-heap=dlmalloc`, or `preinit_guest::ZeroFreed` around the allocator, \
             leaves that out",
            size(growth.free)
        )
    });
    // Less is not worth a word.
    let filled = (growth.filled >= 1 << 20).then(|| {
        format!(
            "\n  - {} are zeros in gaps, so that wasmtime maps the memory: for hosts that do not, `--memory-layout compact` leaves them out",
            size(growth.filled)
        )
    });
    by.chain(free).chain(filled).collect()
}

fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

fn allocated(of: &Allocations) -> Option<String> {
    let Allocations {
        allocations,
        reallocations,
        frees,
        bytes_allocated,
        bytes_freed,
        ..
    } = *of;
    if allocations == 0 && reallocations == 0 && frees == 0 {
        return None;
    }
    let mut text = format!(
        "{} in {}",
        size(bytes_allocated),
        counted(allocations, "allocation", "allocations")
    );
    if reallocations > 0 {
        text.push_str(&format!(
            " and {}",
            counted(reallocations, "reallocation", "reallocations")
        ));
    }
    text.push_str(&match (frees, bytes_freed) {
        (0, None | Some(0)) => ", and freed nothing".to_owned(),
        (_, Some(bytes)) => format!(", and freed {} ({frees}x)", size(bytes)),
        (_, None) => format!(", and freed {}", counted(frees, "allocation", "allocations")),
    });
    Some(text)
}

fn changed(item: &ItemRun) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(memory) = item.figures.memory {
        let MemoryFigures {
            bytes_changed,
            pages_grown,
            bytes_kept,
            bytes_added,
        } = memory;
        if bytes_changed > 0 {
            let mut text = format!("{} of memory", size(bytes_changed));
            if let Some(kept) = bytes_kept {
                text.push_str(&format!(", of which the baked module keeps {}", size(kept)));
                if let Some(added) = bytes_added.filter(|added| *added > 0) {
                    text.push_str(&format!(" ({} more data)", size(added)));
                }
            }
            parts.push(text);
        }
        if pages_grown > 0 {
            parts.push(format!("{} more", counted(pages_grown, "page", "pages")));
        }
    }
    let figures = &item.figures;
    for (count, one, many) in [
        (figures.globals_changed, "global", "globals"),
        (figures.slots_changed, "slot of a table", "slots of tables"),
    ] {
        parts.extend(
            count
                .filter(|count| *count > 0)
                .map(|count| counted(count, one, many)),
        );
    }
    parts
}

fn asked(item: &ItemRun, read: &Read) -> String {
    /// If many paths were looked up, the first few show which they are.
    const SHOWN: usize = 5;
    let paths = shown::names(&read.paths[..read.paths.len().min(SHOWN)]);
    let more = match read.paths.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = match read.source {
        Source::Random => format!("{} of random numbers", size(read.bytes)),
        Source::Directories if !read.paths.is_empty() => format!("directories: {paths}{more}"),
        source => source.to_string(),
    };
    format!(
        "{what} ({}x){}",
        read.calls,
        places(Some(&item.step), &read.sites)
    )
}
