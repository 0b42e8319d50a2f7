//! Results as Markdown.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use crate::results::{Against, Metric, Results, Row, Target};

/// The lines between which a file holds the table.
pub const MARKERS: [&str; 2] = [
    "<!-- comparison: written by `cargo compare` -->",
    "<!-- end of the comparison -->",
];

/// The text with the table between the markers.
pub fn replace(text: &str, table: &str) -> Result<String> {
    let [begin, end] = MARKERS;
    let (before, rest) = text.split_once(begin).context("the first marker is missing")?;
    let (_, after) = rest.split_once(end).context("the second marker is missing")?;
    Ok(format!("{before}{begin}\n{table}\n{end}{after}"))
}

/// Ours in relation to Wizer's: a line per metric, a column per module. What misses its target is bold.
pub fn summary(results: &Results) -> String {
    let of = |metric| {
        results
            .rows
            .iter()
            .filter(move |row| row.metric == metric && row.wizer.is_some())
    };
    let mut names: Vec<&str> = Vec::new();
    for row in Metric::ALL
        .into_iter()
        .filter(|metric| metric.is_of_modules())
        .flat_map(of)
    {
        if !names.contains(&row.subject.as_str()) {
            names.push(&row.subject);
        }
    }
    let mut text = results.notes.join("\n");
    let _ = writeln!(
        text,
        "\n\n| ours / Wizer | {} |\n| --- |{}",
        names.join(" | "),
        " --: |".repeat(names.len())
    );
    for metric in Metric::ALL.into_iter().filter(|metric| metric.is_of_modules()) {
        let cells: Vec<String> = names
            .iter()
            .map(|name| {
                let row = of(metric).find(|row| row.subject == *name);
                let value = row.and_then(Row::ratio).map_or(String::new(), ratio);
                if row.is_some_and(|row| !row.misses().is_empty()) {
                    format!("**{value}**")
                } else {
                    value
                }
            })
            .collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            let _ = writeln!(text, "| {} | {} |", metric.title(), cells.join(" | "));
        }
    }
    let aimed = || results.rows.iter().filter(|row| !row.targets.is_empty());
    let met = aimed().filter(|row| row.misses().is_empty()).count();
    let _ = writeln!(
        text,
        "\n{met} of {} figures meet their targets; those that do not are bold. Instantiation in wasmtime is to take \
         at most 1.5 times what that of an empty module takes.",
        aimed().count()
    );
    text
}

/// The summary, and a table for each metric.
pub fn markdown(results: &Results) -> String {
    let mut text = summary(results);
    for metric in Metric::ALL {
        let rows: Vec<&Row> = results.rows.iter().filter(|row| row.metric == metric).collect();
        if !rows.is_empty() {
            table(&mut text, metric, &rows);
        }
    }
    stages(&mut text, results);
    text
}

fn table(text: &mut String, metric: Metric, rows: &[&Row]) {
    let (title, unit) = (metric.title(), metric.unit().name());
    let has = |column: fn(&Row) -> bool| rows.iter().any(|row| column(row));
    let has_input = has(|row| row.input.is_some());
    let has_wizer = has(|row| row.wizer.is_some());
    let has_empty = has(|row| row.empty.is_some());
    let has_targets = has(|row| !row.targets.is_empty());
    let mut head = vec![format!("{title} ({unit})")];
    head.extend(has_input.then(|| "before".to_owned()));
    head.push("ours".to_owned());
    head.extend(has_wizer.then(|| "Wizer".to_owned()));
    head.extend(has_wizer.then(|| "ours / Wizer".to_owned()));
    head.extend(has_empty.then(|| "empty module".to_owned()));
    head.extend(has_empty.then(|| "with one byte".to_owned()));
    if has_targets {
        head.extend(["target".to_owned(), "met".to_owned()]);
    }
    let rule: Vec<&str> = (0..head.len())
        .map(|column| if column == 0 { "---" } else { "--:" })
        .collect();
    let _ = writeln!(text, "\n| {} |\n| {} |", head.join(" | "), rule.join(" | "));
    for row in rows {
        let some = |value: Option<f64>| value.map_or(String::new(), number);
        let mut cells = vec![match &row.note {
            Some(note) => format!("{} ({note})", row.subject),
            None => row.subject.clone(),
        }];
        cells.extend(has_input.then(|| some(row.input)));
        cells.push(number(row.ours));
        cells.extend(has_wizer.then(|| some(row.wizer)));
        cells.extend(has_wizer.then(|| row.ratio().map_or(String::new(), ratio)));
        cells.extend(has_empty.then(|| some(row.empty)));
        cells.extend(has_empty.then(|| some(row.one_byte)));
        if has_targets {
            let targets: Vec<String> = row.targets.iter().map(|target| goal(*target, unit)).collect();
            cells.extend([targets.join(", "), verdict(row)]);
        }
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

fn goal(Target { against, at_most }: Target, unit: &str) -> String {
    match against {
        Against::Wizer => format!("{at_most:.2} of Wizer"),
        Against::Input => format!("{at_most:.2} of before"),
        Against::Empty => format!("{at_most:.2} of empty"),
        Against::Nothing => format!("{at_most} {unit}"),
    }
}

/// Whether all targets of a row are met, or by how much they are not.
fn verdict(row: &Row) -> String {
    let missed: Vec<String> = row
        .misses()
        .into_iter()
        .map(|(target, value)| match target.against {
            Against::Nothing => format!("**no**: {}", number(value)),
            // What is above by a hair would look as if it were not.
            _ if value / target.at_most < 1.01 => format!("**no**: {value:.4}"),
            _ => format!("**no**: {}", ratio(value)),
        })
        .collect();
    match missed[..] {
        [] if row.targets.is_empty() => String::new(),
        [] => "yes".to_owned(),
        _ => missed.join(", "),
    }
}

/// Where our bakes spend their time: a column per module, a line per stage.
fn stages(text: &mut String, results: &Results) {
    let Some((_, first)) = results.stages.iter().max_by_key(|(_, stages)| stages.len()) else {
        return;
    };
    let names: Vec<&str> = results.stages.iter().map(|(name, _)| name.as_str()).collect();
    let _ = writeln!(
        text,
        "\n| Our bake by stages (ms; peak memory so far in MiB) | {} |\n| --- |{}",
        names.join(" | "),
        " --: |".repeat(names.len())
    );
    for stage in first {
        let cells: Vec<String> = results
            .stages
            .iter()
            .map(|(_, stages)| {
                let same = stages.iter().find(|other| other.name == stage.name);
                same.map_or(String::new(), |same| {
                    let peak = same.peak_kib / 1024;
                    format!("{} ({peak})", number(same.wall.as_secs_f64() * 1e3))
                })
            })
            .collect();
        let _ = writeln!(text, "| {} | {} |", stage.name, cells.join(" | "));
    }
}

/// Three digits that count, and thousands apart.
pub fn number(value: f64) -> String {
    let decimals = match value {
        value if value >= 99.95 => 0,
        value if value >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    let digits = text.find('.').unwrap_or(text.len());
    text.char_indices()
        .flat_map(|(at, digit)| {
            let apart = at > 0 && at < digits && (digits - at) % 3 == 0;
            apart.then_some(',').into_iter().chain([digit])
        })
        .collect()
}

/// A ratio, with as many decimals as it takes to tell it from nothing.
pub fn ratio(value: f64) -> String {
    match value {
        value if value < 0.01 => format!("{value:.4}"),
        value if value < 10.0 => format!("{value:.2}"),
        value => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        let text: Vec<String> = [0.123, 9.996, 99.96, 1234.5, 1_234_567.0].map(number).to_vec();
        assert_eq!(text, ["0.12", "10.0", "100", "1,234", "1,234,567"]);
        assert_eq!([0.00123, 0.123, 12.3].map(ratio), ["0.0012", "0.12", "12"]);
    }

    #[test]
    fn the_table_goes_between_the_markers() {
        let [begin, end] = MARKERS;
        let text = replace(&format!("a\n{begin}\nold\n{end}\nb\n"), "new").expect("both are there");
        assert_eq!(text, format!("a\n{begin}\nnew\n{end}\nb\n"));
        assert!(replace("nothing", "new").is_err());
    }
}
