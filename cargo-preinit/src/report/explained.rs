//! `cargo preinit why` for people.

use super::columns::{Page, counted, number, range};
use super::inspected::function;
use crate::inspect::{
    AddressIn, AddressReason, AfterInit, By, Explanation, FunctionReason, LastChange, PathItem, PathStep,
    Writer,
};
use crate::shown;

/// The answer to a question about a file, as text. Without `is_verbose`, long names end early.
pub(crate) fn explained(found: &Explanation, is_verbose: bool) -> String {
    match found {
        Explanation::Function(found) => explained_function(found, is_verbose),
        Explanation::Address(found) => explained_address(found, is_verbose),
    }
}

fn explained_function(found: &FunctionReason, is_verbose: bool) -> String {
    let mut page = Page::new(is_verbose);
    let mut facts = vec![format!("function {}", found.function.index)];
    match &found.crate_name {
        Some(crate_name) => {
            facts.push(format!("crate {}", shown::line(crate_name)));
            facts.push(counted(found.bytes, "byte"));
        }
        None => facts.push("imported".to_owned()),
    }
    facts.push(format!("type {}", found.ty));
    let name = match &found.function.name {
        Some(name) => page.name(name),
        None => "(no name)".to_owned(),
    };
    page.line(&format!("{name} ({})", facts.join(", ")));
    let Some(path) = &found.path else {
        page.line("  Nothing leads to it: no export, no start function, and no code or table that is alive.");
        page.line("  A bake that removes dead code leaves it out.");
        return page.finish();
    };
    for (place, step) in path.iter().enumerate() {
        let line = sentence(&page, step, place.checked_sub(1).map(|before| &path[before]));
        page.line(&format!("  {line}"));
    }
    if found.callers > 1 {
        page.line(&format!(
            "  {} call it directly; this is a shortest way",
            counted(u64::from(found.callers), "function")
        ));
    }
    page.finish()
}

/// What a step reaches, in words.
fn item(page: &Page, what: &PathItem) -> String {
    match what {
        PathItem::Function(named) => function(page, named),
        PathItem::Table { index } => format!("table {index}"),
        PathItem::ElementSegment { index } => format!("element segment {index}"),
        PathItem::Global { index, name } => match name {
            Some(name) => format!("global {index} {}", shown::name(name)),
            None => format!("global {index}"),
        },
        PathItem::Memory { index } => format!("memory {index}"),
        PathItem::Other => "a type".to_owned(),
    }
}

fn sentence(page: &Page, step: &PathStep, before: Option<&PathStep>) -> String {
    let what = item(page, &step.what);
    let from = before.map(|before| item(page, &before.what)).unwrap_or_default();
    match &step.by {
        By::Export { name } if page.name(name) == what => format!("{what} is exported"),
        By::Export { name } => format!("the export {} is {what}", shown::name(name)),
        By::Start => format!("the start function is {what}"),
        By::Import => format!("{what} is imported"),
        By::Segment => format!("{what} gets a segment whose place only the host knows"),
        By::Instruction { instruction } => match (&**instruction, &step.what) {
            ("call" | "return_call", _) => format!("{from} calls {what}"),
            ("call_indirect" | "return_call_indirect", _) => {
                format!("{from} calls what {what} holds ({instruction})")
            }
            _ => format!("{from} names {what} ({instruction})"),
        },
        By::Slot { slot } => format!("slot {slot} of {from} holds {what}"),
        By::Value => format!("{from} starts with {what}"),
    }
}

fn explained_address(found: &AddressReason, is_verbose: bool) -> String {
    let mut page = Page::new(is_verbose);
    let is_one = found.found.len() == 1;
    page.line(&format!(
        "address {:#x} ({})",
        found.address,
        number(found.address)
    ));
    for at in &found.found {
        if !is_one {
            page.heading(&format!("Core module {}, memory {}", at.module, at.memory));
        }
        of_memory(&mut page, at, found.address);
    }
    page.finish()
}

fn of_memory(page: &mut Page, at: &AddressIn, address: u64) {
    if at.memory_bytes.is_some_and(|bytes| address >= bytes) {
        let bytes = at.memory_bytes.map(|bytes| format!("{bytes:#x}"));
        page.line(&format!(
            "  is behind the end of memory {}, which starts with {} bytes",
            at.memory,
            bytes.unwrap_or_default()
        ));
    }
    if let Some(region) = at.region {
        page.line(&format!("  is in the {region}"));
    }
    match &at.segment {
        Some(segment) => {
            let name = segment
                .name
                .as_ref()
                .map(|name| format!(" {}", shown::name(name)));
            page.line(&format!(
                "  is byte {} of data segment {}{} ({}, {})",
                number(address.saturating_sub(segment.start)),
                segment.index,
                name.unwrap_or_default(),
                range(segment.start, segment.start.saturating_add(segment.bytes)),
                counted(segment.bytes, "byte"),
            ));
            page.line(&format!("  holds {}", segment.content));
        }
        None => page.line("  is in no data segment, so it starts as zero"),
    }
    if let Some(item) = &at.item {
        let offset = item.place.map(|place| address.saturating_sub(place.address));
        page.line(&format!(
            "  is byte {} of the static of the item {} ({}:{})",
            number(offset.unwrap_or_default()),
            shown::name(&item.name),
            shown::line(&item.file),
            item.line,
        ));
    }
    if let Some(symbol) = &at.symbol {
        page.line(&format!(
            "  is {} behind the exported address {}",
            counted(address.saturating_sub(symbol.address), "byte"),
            shown::name(&symbol.name),
        ));
    }
    if let Some(after) = &at.after_init {
        of_init(page, after);
    }
}

/// What init leaves there, and what wrote it.
fn of_init(page: &mut Page, after: &AfterInit) {
    page.line(&format!("  holds {} after init", after.content));
    let Some(LastChange {
        step,
        source,
        place,
        by,
    }) = &after.change
    else {
        page.line("  is not changed by init");
        return;
    };
    let mut by_step = shown::name(step).to_string();
    if let Some((file, line)) = source {
        by_step.push_str(&format!(" ({}:{line})", shown::line(file)));
    }
    if let Some(place) = place {
        by_step.push_str(&format!(" in {place}"));
    }
    match by {
        Writer::Import => page.line(&format!(
            "  is changed last while {by_step} runs, by an imported function that it called"
        )),
        Writer::Unknown => page.line(&format!(
            "  is changed last while {by_step} runs; several instances have the code that can do so"
        )),
        Writer::Code { function, backtrace } => {
            let function = match function {
                Some(function) => format!(", in {}", page.name(function)),
                None => String::new(),
            };
            page.line(&format!("  is changed last while {by_step} runs{function}:"));
            for (depth, name) in backtrace.iter().enumerate() {
                let name = match name {
                    Some(name) => page.name(name),
                    None => "(no name)".to_owned(),
                };
                page.line(&format!("    {depth:>4}: {name}"));
            }
        }
    }
}
