//! A core module in what `cargo preinit inspect` says.

use super::SHOWN;
use crate::inspect::{
    Element, ElementMode, Export, Function, Global, Import, Inspection, Memory, Module, Producer, Sizes,
    Table, Value,
};
use crate::report::columns::Side::{Left, Right};
use crate::report::columns::{Page, counted, number, range};
use crate::shown;

pub(super) fn of_module(page: &mut Page, module: &Module, found: &Inspection) {
    if found.is_component {
        let name = module.name.as_ref().map(|name| format!(" {}", shown::name(name)));
        let place = module.component.map(|id| format!(" of nested component {id}"));
        page.heading(&format!(
            "Core module {}{}{}: {}, {}",
            module.index,
            name.unwrap_or_default(),
            place.unwrap_or_default(),
            counted(module.bytes, "byte"),
            counted(u64::from(module.functions_defined), "function"),
        ));
        for instance in &module.instances {
            page.line(&format!("  {}", shown::line(instance)));
        }
    }
    for memory in &module.memories {
        of_memory(page, memory, module.index, &found.sizes);
    }
    passive(page, module.index, &found.sizes);
    for table in &module.tables {
        of_table(page, table);
    }
    elements(page, &module.elements);
    globals(page, &module.globals);
    imports(page, &module.imports);
    exports(page, &module.exports);
    if let Some(start) = &module.start {
        page.heading(&format!("Start function: {}", function(page, start)));
    }
    producers(page, &module.producers);
    if page.is_verbose() && !module.target_features.is_empty() {
        page.heading("Target features");
        page.line(&format!("  {}", shown::line(&module.target_features.join(" "))));
    }
}

/// How something is imported and exported, in words.
fn around(import: Option<&String>, exports: &[String]) -> String {
    let mut words = String::new();
    if let Some(import) = import {
        words.push_str(&format!(", imported as {}", shown::name(import)));
    }
    if !exports.is_empty() {
        words.push_str(&format!(", exported as {}", shown::names(exports)));
    }
    words
}

fn named(index: u32, name: Option<&String>) -> String {
    match name {
        Some(name) => format!("{index} {}", shown::name(name)),
        None => index.to_string(),
    }
}

fn of_memory(page: &mut Page, memory: &Memory, module: u32, sizes: &Sizes) {
    /// The size of a page, unless a proposal says otherwise.
    const PAGE: u32 = 64 << 10;
    let pages = match memory.page_bytes {
        PAGE => String::new(),
        bytes => format!(" of {}", counted(u64::from(bytes), "byte")),
    };
    let maximum = match memory.maximum {
        Some(maximum) => format!("at most {}", number(maximum)),
        None => "no maximum".to_owned(),
    };
    let width = if memory.address_bits == 32 { "" } else { ", 64-bit" };
    let shared = if memory.is_shared { ", shared" } else { "" };
    page.heading(&format!(
        "Memory {}: {}{pages}, {maximum}{width}{shared}{}",
        named(memory.index, memory.name.as_ref()),
        counted(memory.minimum, "page"),
        around(memory.import.as_ref(), &memory.exports),
    ));
    page.line(&format!(
        "  {} initialised by {}, {} of them not zero",
        counted(memory.bytes_initialised, "byte"),
        counted(u64::from(memory.segments), "segment"),
        number(memory.bytes_nonzero),
    ));
    let mut segments: Vec<_> = sizes.data.iter().collect();
    segments.retain(|segment| segment.module == module && segment.memory == Some(memory.index));
    let all = segments.len();
    if !page.is_verbose() && all > SHOWN + 1 {
        segments.sort_by_key(|segment| std::cmp::Reverse(segment.bytes));
        segments.truncate(SHOWN);
        segments.sort_by_key(|segment| segment.index);
    }
    let rows: Vec<Vec<String>> = segments
        .iter()
        .map(|segment| {
            let place = match (segment.offset, &segment.expression) {
                (Some(offset), _) => range(offset, offset.saturating_add(segment.bytes)),
                (None, Some(expression)) => format!("at {}", shown::line(expression)),
                (None, None) => String::new(),
            };
            vec![
                format!("[{}]", segment.index),
                place,
                counted(segment.bytes, "byte"),
                format!("{} not zero", number(segment.nonzero)),
                segment
                    .name
                    .as_ref()
                    .map(|name| page.name(name))
                    .unwrap_or_default(),
            ]
        })
        .collect();
    page.rows(&[Right, Left, Right, Right, Left], &rows);
    if rows.len() < all {
        page.line(&format!(
            "  … {} more, smaller ones",
            number((all - rows.len()) as u64)
        ));
    }
}

fn passive(page: &mut Page, module: u32, sizes: &Sizes) {
    let segments = sizes.data.iter();
    let segments: Vec<_> = segments
        .filter(|segment| segment.module == module && segment.memory.is_none())
        .collect();
    if segments.is_empty() {
        return;
    }
    page.heading("Passive data segments");
    page.list(
        &[Right, Right, Left],
        &segments,
        SHOWN,
        |segment| {
            vec![
                format!("[{}]", segment.index),
                counted(segment.bytes, "byte"),
                segment.name.as_deref().map(shown::line).unwrap_or_default(),
            ]
        },
        |rest| format!("{} more", number(rest.len() as u64)),
    );
}

fn of_table(page: &mut Page, table: &Table) {
    let maximum = match table.maximum {
        Some(maximum) if maximum == table.minimum => "no more".to_owned(),
        Some(maximum) => format!("at most {}", number(maximum)),
        None => "no maximum".to_owned(),
    };
    let width = if table.index_bits == 32 { "" } else { ", 64-bit" };
    page.heading(&format!(
        "Table {}: {} of {}, {maximum}{width}{}",
        named(table.index, table.name.as_ref()),
        counted(table.minimum, "slot"),
        table.element_type,
        around(table.import.as_ref(), &table.exports),
    ));
    if let Some(initial) = &table.initial {
        page.line(&format!("  all others start as {}", value(page, initial)));
    }
    if page.is_verbose() {
        let rows: Vec<Vec<String>> = table
            .slots
            .iter()
            .map(|slot| vec![slot.slot.to_string(), value(page, &slot.value)])
            .collect();
        page.rows(&[Right, Left], &rows);
    } else {
        let mut slots = table.slots.as_slice();
        let mut runs = Vec::new();
        while let Some(first) = slots.first() {
            let run = (0_u64..)
                .zip(slots)
                .take_while(|(place, slot)| first.slot.checked_add(*place) == Some(slot.slot))
                .count();
            let (run, rest) = slots.split_at(run);
            runs.push(run);
            slots = rest;
        }
        let rows: Vec<Vec<String>> = runs
            .iter()
            .map(|run| {
                let held: Vec<String> = run.iter().take(3).map(|slot| value(page, &slot.value)).collect();
                let more = run.len() - held.len();
                let more = match more {
                    0 => String::new(),
                    more => format!(" and {} more", number(more as u64)),
                };
                let place = match run {
                    [only] => format!("slot {}", only.slot),
                    [first, .., last] => format!("slots {}..={}", first.slot, last.slot),
                    [] => String::new(),
                };
                vec![place, held.join(", ") + &more]
            })
            .collect();
        page.list(&[Left, Left], &rows, SHOWN, Clone::clone, |rest| {
            format!("{} more ranges", number(rest.len() as u64))
        });
    }
    for segment in &table.segments_elsewhere {
        page.line(&format!(
            "  and what element segment {segment} sets, whose place the host knows"
        ));
    }
}

fn elements(page: &mut Page, elements: &[Element]) {
    // What active segments hold is in the slots of their tables.
    let is_shown = |element: &&Element| page.is_verbose() || element.mode != ElementMode::Active;
    let shown: Vec<&Element> = elements.iter().filter(is_shown).collect();
    if shown.is_empty() {
        return;
    }
    page.heading("Element segments");
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|element| {
            let mode = match element.mode {
                ElementMode::Active => "active",
                ElementMode::Passive => "passive",
                ElementMode::Declared => "declared",
            };
            let count = if page.is_verbose() { usize::MAX } else { 3 };
            let items: Vec<String> = element
                .items
                .iter()
                .take(count)
                .map(|item| value(page, item))
                .collect();
            let more = match element.items.len() - items.len() {
                0 => String::new(),
                more => format!(" and {} more", number(more as u64)),
            };
            let place = element.table.zip(element.offset.as_ref());
            let place =
                place.map(|(table, offset)| format!("table {table}, from slot {}", shown::line(offset)));
            vec![
                format!("[{}]", element.index),
                mode.to_owned(),
                format!(
                    "{} of {}",
                    counted(u64::from(element.len), "item"),
                    element.element_type
                ),
                place.unwrap_or_else(|| items.join(", ") + &more),
            ]
        })
        .collect();
    page.list(&[Right, Left, Left, Left], &rows, SHOWN, Clone::clone, |rest| {
        format!("{} more", number(rest.len() as u64))
    });
}

fn globals(page: &mut Page, globals: &[Global]) {
    if globals.is_empty() {
        return;
    }
    page.heading(&format!("Globals ({})", number(globals.len() as u64)));
    let rows: Vec<Vec<String>> = globals
        .iter()
        .map(|global| {
            let names = around(global.import.as_ref(), &global.exports);
            vec![
                format!("[{}]", global.index),
                global.name.as_deref().map(shown::line).unwrap_or_default(),
                global.ty.clone(),
                global
                    .value
                    .as_ref()
                    .map(|held| format!("= {}", value(page, held)))
                    .unwrap_or_default(),
                names.trim_start_matches(", ").to_owned(),
            ]
        })
        .collect();
    page.list(
        &[Right, Left, Left, Left, Left],
        &rows,
        SHOWN,
        Clone::clone,
        |rest| format!("{} more", number(rest.len() as u64)),
    );
}

fn imports(page: &mut Page, imports: &[Import]) {
    if imports.is_empty() {
        return;
    }
    page.heading(&format!("Imports ({})", number(imports.len() as u64)));
    page.list(
        &[Left, Left, Left],
        imports,
        SHOWN,
        |import| {
            vec![
                import.kind.to_owned(),
                shown::line(&format!("{}.{}", import.module, import.name)),
                import.ty.clone(),
            ]
        },
        |rest| format!("{} more", number(rest.len() as u64)),
    );
}

fn exports(page: &mut Page, exports: &[Export]) {
    if exports.is_empty() {
        return;
    }
    page.heading(&format!("Exports ({})", number(exports.len() as u64)));
    let rows: Vec<Vec<String>> = exports
        .iter()
        .map(|export| {
            let function = export
                .function
                .as_ref()
                .filter(|function| **function != export.name);
            vec![
                export.kind.to_owned(),
                page.name(&export.name),
                export.ty.clone(),
                function
                    .map(|function| format!("is {}", page.name(function)))
                    .unwrap_or_default(),
            ]
        })
        .collect();
    page.list(&[Left, Left, Left, Left], &rows, SHOWN, Clone::clone, |rest| {
        format!("{} more", number(rest.len() as u64))
    });
}

pub(super) fn producers(page: &mut Page, producers: &[Producer]) {
    if producers.is_empty() {
        return;
    }
    page.heading("Producers");
    let rows: Vec<Vec<String>> = producers
        .iter()
        .map(|producer| {
            let text = format!("{} {}", producer.name, producer.version);
            vec![shown::line(&producer.field), shown::line(text.trim_end())]
        })
        .collect();
    page.rows(&[Left, Left], &rows);
}

/// A function by its name, else by its index.
pub(in crate::report) fn function(page: &Page, function: &Function) -> String {
    match &function.name {
        Some(name) => page.name(name),
        None => format!("function {}", function.index),
    }
}

fn value(page: &Page, value: &Value) -> String {
    match &value.function {
        Some(named) => function(page, named),
        None => shown::line(&value.text),
    }
}
