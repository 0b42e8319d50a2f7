//! `cargo preinit inspect` for people.

mod module;

use super::columns::{Page, Side, counted, number, share};
use crate::inspect::{Inspection, Module, Sizes};
use crate::shown;
use module::{of_module, producers};

use Side::{Left, Right};

pub(super) use module::function;

/// How many lines of a list are shown if not all is asked for.
const SHOWN: usize = 10;

/// What a file has, as text. Without `is_verbose`, long lists end early and say what they leave out.
pub(crate) fn inspected(file: &str, found: &Inspection, is_verbose: bool) -> String {
    let mut page = Page::new(is_verbose);
    head(&mut page, file, found);
    baked(&mut page, found);
    sections(&mut page, &found.sizes);
    code(&mut page, &found.sizes);
    if let Some(component) = &found.component {
        let items = [("Imports", &component.imports), ("Exports", &component.exports)];
        for (heading, items) in items {
            if items.is_empty() {
                continue;
            }
            page.heading(&format!(
                "{heading} of the component ({})",
                number(items.len() as u64)
            ));
            page.list(
                &[Left, Left],
                items,
                SHOWN,
                |item| vec![item.kind.clone(), shown::line(&item.name)],
                |rest| format!("{} more", number(rest.len() as u64)),
            );
        }
        producers(&mut page, &component.producers);
    }
    for module in &found.modules {
        of_module(&mut page, module, found);
    }
    page.finish()
}

fn head(page: &mut Page, file: &str, found: &Inspection) {
    let sum = |count: fn(&Module) -> u32| found.modules.iter().map(|module| u64::from(count(module))).sum();
    let defined: u64 = sum(|module| module.functions_defined);
    let imported: u64 = sum(|module| module.functions_imported);
    let kind = match &found.component {
        None => "core module".to_owned(),
        Some(component) => {
            let modules = counted(found.modules.len() as u64, "core module");
            match component.nested {
                0 => format!("component of {modules}"),
                nested => format!(
                    "component of {modules} and {}",
                    counted(u64::from(nested), "nested component")
                ),
            }
        }
    };
    let imported = match found.is_component {
        true => String::new(),
        false => format!(" and {} imported", number(imported)),
    };
    page.line(&format!(
        "{file}: {kind}, {}, {}{imported}",
        counted(found.sizes.bytes, "byte"),
        counted(defined, "function"),
    ));
    for note in &found.notes {
        page.line(&format!("  note: {}", shown::line(note)));
    }
}

fn baked(page: &mut Page, found: &Inspection) {
    if let Some(stamp) = &found.stamp {
        page.heading(&format!(
            "Baked by {} {}, which ran",
            shown::line(&stamp.tool),
            shown::line(&stamp.version)
        ));
        page.list(
            &[Left],
            &stamp.ran,
            SHOWN,
            |name| vec![shown::line(name)],
            |rest| format!("{} more", number(rest.len() as u64)),
        );
        let memories: u64 = stamp.memories.iter().map(|memory| memory.bytes).sum();
        let slots: u64 = stamp.tables.iter().map(|table| table.slots).sum();
        page.line(&format!(
            "  and kept {} of memory, {}, {} and {}",
            counted(memories, "byte"),
            counted(stamp.globals, "global"),
            counted(slots, "table slot"),
            counted(stamp.objects, "object"),
        ));
        for (import, answer) in &stamp.imports {
            page.line(&format!(
                "  with {} answered by {}",
                shown::line(import),
                shown::line(answer)
            ));
        }
    } else if let Some(version) = &found.baked_by {
        page.heading(&format!(
            "Baked by cargo-preinit {}; what it ran is only said by a bake with `--stamp`",
            shown::line(version)
        ));
    }
    for module in found.modules.iter().filter(|module| !module.items.is_empty()) {
        page.heading(&format!(
            "Not baked: {} would run",
            counted(module.items.len() as u64, "item")
        ));
        page.list(
            &[Left, Left, Left],
            &module.items,
            SHOWN,
            |item| {
                let place = match item.place {
                    Some(place) => format!(
                        "static of {} at {:#x}",
                        counted(place.bytes, "byte"),
                        place.address
                    ),
                    None => "function".to_owned(),
                };
                let file = format!("{}:{}:{}", item.file, item.line, item.column);
                vec![shown::line(&item.name), place, shown::line(&file)]
            },
            |rest| format!("{} more", number(rest.len() as u64)),
        );
    }
}

fn sections(page: &mut Page, sizes: &Sizes) {
    page.heading("Sections");
    let mut rows = Vec::new();
    for section in &sizes.sections {
        // The customs are listed one by one.
        if section.name != "custom" {
            rows.push((section.name.clone(), section.bytes));
        }
    }
    for custom in &sizes.customs {
        rows.push((format!("custom {}", shown::name(&custom.name)), custom.bytes));
    }
    rows.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let sum = |rows: &[(String, u64)]| rows.iter().map(|(_, bytes)| bytes).sum::<u64>();
    page.list(
        &[Left, Right, Right],
        &rows,
        SHOWN,
        |(name, bytes)| vec![name.clone(), number(*bytes), share(*bytes, sizes.bytes)],
        |rest| {
            format!(
                "{} more, {}",
                number(rest.len() as u64),
                counted(sum(rest), "byte")
            )
        },
    );
}

fn code(page: &mut Page, sizes: &Sizes) {
    if sizes.functions.is_empty() {
        return;
    }
    let code: u64 = sizes.functions.iter().map(|function| function.bytes).sum();
    page.heading(&format!("Code by crate ({})", counted(code, "byte")));
    page.list(
        &[Left, Right, Right, Right],
        &sizes.crates,
        SHOWN,
        |of_crate| {
            vec![
                shown::line(&of_crate.name),
                number(of_crate.bytes),
                share(of_crate.bytes, code),
                counted(u64::from(of_crate.functions), "function"),
            ]
        },
        |rest| {
            let bytes = rest.iter().map(|of_crate| of_crate.bytes).sum();
            format!("{} more, {}", number(rest.len() as u64), counted(bytes, "byte"))
        },
    );
    let mut functions: Vec<_> = sizes.functions.iter().collect();
    functions.sort_by_key(|function| std::cmp::Reverse(function.bytes));
    let heading = match page.is_verbose() {
        true => "Functions",
        false => "Largest functions",
    };
    page.heading(heading);
    let is_one = functions
        .iter()
        .all(|function| function.module == functions[0].module);
    let rows: Vec<Vec<String>> = functions
        .iter()
        .map(|function| {
            let module = match is_one {
                true => String::new(),
                false => format!("module {} ", function.module),
            };
            vec![
                number(function.bytes),
                share(function.bytes, code),
                format!("{module}[{}]", function.index),
                page.name(function.name.as_deref().unwrap_or("(no name)")),
            ]
        })
        .collect();
    page.list(&[Right, Right, Right, Left], &rows, SHOWN, Clone::clone, |rest| {
        format!("{} more", number(rest.len() as u64))
    });
}
