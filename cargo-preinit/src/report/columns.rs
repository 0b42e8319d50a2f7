//! Text in columns, for what goes to standard output.

use crate::shown;

/// How long a name may be before its end is left out, if not all is asked for.
const LONG: usize = 100;

/// Text that is built line by line.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    /// Whether all is shown.
    is_verbose: bool,
}

/// On which side a column has its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl Page {
    pub(super) fn new(is_verbose: bool) -> Self {
        Self {
            text: String::new(),
            is_verbose,
        }
    }

    pub(super) fn is_verbose(&self) -> bool {
        self.is_verbose
    }

    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// An empty line, and a heading.
    pub(super) fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.line(text);
    }

    /// Rows whose columns stand below each other.
    pub(super) fn rows(&mut self, sides: &[Side], rows: &[Vec<String>]) {
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..sides.len()).map(width).collect();
        for row in rows {
            let cells = row.iter().zip(sides).zip(&widths);
            let cells = cells.map(|((cell, side), width)| match side {
                Side::Left => format!("{cell:<width$}"),
                Side::Right => format!("{cell:>width$}"),
            });
            let cells: Vec<String> = cells.collect();
            self.line(&format!("  {}", cells.join("  ")));
        }
    }

    /// Rows of a list, of which the first `shown` are kept if not all is asked for. `rest` says what the others are together.
    pub(super) fn list<T>(
        &mut self,
        sides: &[Side],
        items: &[T],
        shown: usize,
        row: impl Fn(&T) -> Vec<String>,
        rest: impl Fn(&[T]) -> String,
    ) {
        let kept = match self.is_verbose {
            true => items.len(),
            // A line that says there is one more takes as much room as that one.
            false if items.len() == shown + 1 => items.len(),
            false => items.len().min(shown),
        };
        let rows: Vec<Vec<String>> = items[..kept].iter().map(row).collect();
        self.rows(sides, &rows);
        if kept < items.len() {
            self.line(&format!("  … {}", rest(&items[kept..])));
        }
    }

    /// A name, whose end is left out if it is long and not all is asked for.
    pub(super) fn name(&self, name: &str) -> String {
        let name = shown::line(name);
        if self.is_verbose || name.chars().count() <= LONG {
            return name;
        }
        let start: String = name.chars().take(LONG - 1).collect();
        format!("{start}…")
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// A number with commas between its thousands.
pub(super) fn number(number: u64) -> String {
    const GROUP: usize = 3;
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(GROUP) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and a noun, which gets an `s` unless the number is 1.
pub(super) fn counted(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", number(count))
}

/// How much of `whole` a part is.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    let thousandths = u128::from(part) * 1000 / u128::from(whole);
    format!("{}.{} %", thousandths / 10, thousandths % 10)
}

/// The difference of two sizes, with its sign.
pub(super) fn difference(old: u64, new: u64) -> String {
    let sign = match new.cmp(&old) {
        std::cmp::Ordering::Less => "-",
        std::cmp::Ordering::Equal => "",
        std::cmp::Ordering::Greater => "+",
    };
    format!("{sign}{}", number(old.abs_diff(new)))
}

/// A range of addresses, its end not in it.
pub(super) fn range(start: u64, end: u64) -> String {
    format!("{start:#x}..{end:#x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(counted(1, "byte"), "1 byte");
        assert_eq!(counted(1_234, "byte"), "1,234 bytes");
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(1, 0), "");
        assert_eq!(difference(1_500, 300), "-1,200");
        assert_eq!(difference(1, 2), "+1");
        assert_eq!(difference(2, 2), "0");
    }

    #[test]
    fn columns_stand_below_each_other() {
        let rows = ["a", "bcd", "e\nf"].map(|name| vec![shown::line(name), number(name.len() as u64 * 500)]);
        let mut page = Page::new(false);
        page.heading("Names");
        page.list(&[Side::Left, Side::Right], &rows, 1, Clone::clone, |rest| {
            format!("{} more", rest.len())
        });
        assert_eq!(page.finish(), "\nNames\n  a  500\n  … 2 more\n");
        let mut page = Page::new(true);
        page.list(&[Side::Left, Side::Right], &rows, 1, Clone::clone, |_| {
            String::new()
        });
        assert_eq!(page.finish(), "  a       500\n  bcd   1,500\n  e\\nf  1,500\n");
    }
}
