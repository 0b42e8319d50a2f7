//! `cargo preinit diff` for people.

use super::columns::Side::{Left, Right};
use super::columns::{Page, counted, difference, number, range, share};
use super::inspected::function;
use crate::inspect::{Change, Comparison, FunctionChanges, ModuleComparison, Names, SizeChange};
use crate::shown;

/// How many lines of a list are shown if not all is asked for.
const SHOWN: usize = 10;

/// What changed between two files, as text. Without `is_verbose`, long lists end early and say what they leave out.
pub(crate) fn compared(files: Change<&str>, found: &Comparison, is_verbose: bool) -> String {
    let mut page = Page::new(is_verbose);
    let Change { old, new } = found.bytes;
    page.line(&format!("{} -> {}", files.old, files.new));
    if found.is_same {
        page.line(&format!("  the same {}", counted(new, "byte")));
        return page.finish();
    }
    let sign = if new < old { "-" } else { "+" };
    let rate = share(old.abs_diff(new), old);
    let rate = if rate.is_empty() {
        rate
    } else {
        format!(" ({sign}{rate})")
    };
    page.line(&format!(
        "  {} -> {} bytes, {}{rate}",
        number(old),
        number(new),
        difference(old, new)
    ));
    names(&mut page, "Items that init ran", &found.items);
    // The customs are listed one by one.
    let sections = found.sections.iter().filter(|section| section.name != "custom");
    let mut sections: Vec<SizeChange> = sections.cloned().collect();
    sections.extend(found.customs.iter().map(|custom| SizeChange {
        name: format!("custom {}", shown::name(&custom.name)),
        bytes: custom.bytes,
    }));
    sizes(&mut page, "Sections", &sections);
    sizes(&mut page, "Code by crate", &found.crates);
    names(&mut page, "Imports of the component", &found.imports);
    names(&mut page, "Exports of the component", &found.exports);
    let is_one = found.modules.len() == 1;
    for module in &found.modules {
        of_module(&mut page, module, is_one);
    }
    page.finish()
}

fn sizes(page: &mut Page, heading: &str, all: &[SizeChange]) {
    let shown = all
        .iter()
        .filter(|size| page.is_verbose() || size.bytes.is_change());
    let shown: Vec<&SizeChange> = shown.collect();
    if shown.is_empty() {
        return;
    }
    page.heading(heading);
    page.list(
        &[Left, Right, Left, Right, Right],
        &shown,
        SHOWN,
        |size| {
            vec![
                shown::line(&size.name),
                number(size.bytes.old),
                "->".to_owned(),
                number(size.bytes.new),
                difference(size.bytes.old, size.bytes.new),
            ]
        },
        |rest| {
            let sum = |of: fn(&Change<u64>) -> u64| rest.iter().map(|size| of(&size.bytes)).sum();
            let difference = difference(sum(|bytes| bytes.old), sum(|bytes| bytes.new));
            format!("{} more, {difference}", number(rest.len() as u64))
        },
    );
}

fn names(page: &mut Page, heading: &str, names: &Names) {
    let added = names.added.iter().map(|name| ("+", name));
    let removed = names.removed.iter().map(|name| ("-", name));
    let all: Vec<_> = removed.chain(added).collect();
    if all.is_empty() {
        return;
    }
    page.heading(heading);
    page.list(
        &[Left, Left],
        &all,
        SHOWN,
        |(sign, name)| vec![(*sign).to_owned(), shown::line(name)],
        |rest| format!("{} more", number(rest.len() as u64)),
    );
}

fn of_module(page: &mut Page, module: &ModuleComparison, is_one: bool) {
    if !is_one {
        let name = module.name.as_ref().map(|name| format!(" {}", shown::name(name)));
        let state = match (module.is_added, module.is_removed) {
            (true, _) => ": only the new file has it",
            (_, true) => ": only the old file has it",
            _ => "",
        };
        page.heading(&format!(
            "Core module {}{}{state}",
            module.index,
            name.unwrap_or_default()
        ));
    }
    functions(page, &module.functions);
    memories(page, module);
    tables(page, module);
    globals(page, module);
    names(page, "Imports", &module.imports);
    names(page, "Exports", &module.exports);
    if let Some(start) = &module.start {
        let text = |start: &Option<_>| {
            let start: Option<&crate::inspect::Function> = start.as_ref();
            start.map_or_else(|| "none".to_owned(), |start| function(page, start))
        };
        let line = format!("Start function: {} -> {}", text(&start.old), text(&start.new));
        page.heading(&line);
    }
}

fn functions(page: &mut Page, functions: &FunctionChanges) {
    let FunctionChanges {
        added,
        removed,
        changed,
        unchanged,
    } = functions;
    if added.is_empty() && removed.is_empty() && changed.is_empty() {
        return;
    }
    let count = |count: usize| number(count as u64);
    page.heading(&format!(
        "Functions: {} removed, {} added, {} changed, {} the same",
        count(removed.len()),
        count(added.len()),
        count(changed.len()),
        number(u64::from(*unchanged)),
    ));
    for (sign, functions) in [("-", removed), ("+", added)] {
        let rows: Vec<(u64, Vec<String>)> = functions
            .iter()
            .map(|sized| {
                let name = function(page, &sized.function);
                let row = vec![sign.to_owned(), counted(sized.bytes, "byte"), name];
                (sized.bytes, row)
            })
            .collect();
        page.list(
            &[Left, Right, Left],
            &rows,
            SHOWN,
            |(_, row)| row.clone(),
            |rest| {
                let bytes = rest.iter().map(|(bytes, _)| bytes).sum();
                format!("{} more, {}", number(rest.len() as u64), counted(bytes, "byte"))
            },
        );
    }
    let rows: Vec<Vec<String>> = changed
        .iter()
        .map(|changed| {
            let size = match changed.bytes.is_change() {
                true => format!(
                    "{} -> {}",
                    number(changed.bytes.old),
                    counted(changed.bytes.new, "byte")
                ),
                false => counted(changed.bytes.new, "byte"),
            };
            vec!["~".to_owned(), size, page.name(&changed.name)]
        })
        .collect();
    page.list(&[Left, Right, Left], &rows, SHOWN, Clone::clone, |rest| {
        format!("{} more", number(rest.len() as u64))
    });
}

/// A number before and after; once, if it is the same.
fn change<T: PartialEq>(both: &Change<T>, text: impl Fn(&T) -> String) -> String {
    match both.is_change() {
        true => format!("{} -> {}", text(&both.old), text(&both.new)),
        false => text(&both.new),
    }
}

fn optional(number_of: Option<u64>) -> String {
    number_of.map_or_else(|| "none".to_owned(), number)
}

fn memories(page: &mut Page, module: &ModuleComparison) {
    for memory in &module.memories {
        let differing: u64 = memory.ranges.iter().map(|range| range.end - range.start).sum();
        page.heading(&format!(
            "Memory {}: {} pages, maximum {}",
            memory.index,
            change(&memory.minimum, |pages| optional(*pages)),
            change(&memory.maximum, |pages| optional(*pages)),
        ));
        page.line(&format!(
            "  {} bytes initialised by {} segments",
            change(&memory.bytes_initialised, |bytes| number(*bytes)),
            change(&memory.segments, |segments| number(u64::from(*segments))),
        ));
        if memory.ranges.is_empty() {
            continue;
        }
        page.line(&format!(
            "  {} differ in {}",
            counted(differing, "byte"),
            counted(memory.ranges.len() as u64, "range")
        ));
        page.list(
            &[Left, Right],
            &memory.ranges,
            SHOWN,
            |differing| {
                let bytes = counted(differing.end - differing.start, "byte");
                vec![range(differing.start, differing.end), bytes]
            },
            |rest| format!("{} more", number(rest.len() as u64)),
        );
    }
}

fn tables(page: &mut Page, module: &ModuleComparison) {
    for table in &module.tables {
        page.heading(&format!(
            "Table {}: {} slots, maximum {}",
            table.index,
            change(&table.minimum, |slots| optional(*slots)),
            change(&table.maximum, |slots| optional(*slots)),
        ));
        let rows: Vec<Vec<String>> = table
            .slots
            .iter()
            .map(|slot| {
                let held = |held: &Option<String>| {
                    held.as_deref()
                        .map_or_else(|| "none".to_owned(), |held| page.name(held))
                };
                let text = format!("{} -> {}", held(&slot.value.old), held(&slot.value.new));
                vec![format!("slot {}", slot.slot), text]
            })
            .collect();
        page.list(&[Left, Left], &rows, SHOWN, Clone::clone, |rest| {
            format!("{} more", number(rest.len() as u64))
        });
    }
}

fn globals(page: &mut Page, module: &ModuleComparison) {
    if module.globals.is_empty() {
        return;
    }
    page.heading("Globals");
    let rows: Vec<Vec<String>> = module
        .globals
        .iter()
        .map(|global| {
            let index = global.index.new.or(global.index.old).unwrap_or_default();
            let held = |held: &Option<String>| held.as_deref().map_or_else(String::new, shown::line);
            let (sign, text) = match (global.index.old, global.index.new) {
                (Some(_), None) => ("-", held(&global.value.old)),
                (None, Some(_)) => ("+", held(&global.value.new)),
                _ => ("~", change(&global.value, held)),
            };
            let ty = match (&global.ty.old, &global.ty.new) {
                (Some(old), Some(new)) if old != new => format!("{old} -> {new}"),
                (old, new) => new.as_ref().or(old.as_ref()).cloned().unwrap_or_default(),
            };
            vec![
                sign.to_owned(),
                format!("[{index}]"),
                global.name.as_deref().map(shown::line).unwrap_or_default(),
                ty,
                text,
            ]
        })
        .collect();
    page.list(
        &[Left, Right, Left, Left, Left],
        &rows,
        SHOWN,
        Clone::clone,
        |rest| format!("{} more", number(rest.len() as u64)),
    );
}
