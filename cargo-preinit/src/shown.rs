//! Escapes untrusted text for messages: names in the guest, its output, paths, messages of other tools.
//!
//! Such text may contain terminal control sequences, or lines that look like messages of this tool. So control characters are
//! shown as Rust's escapes, and all lines of a text but the first stand behind a gutter.

use std::fmt;
use std::path::Path;

/// The prefix of each line but the first.
const GUTTER: &str = "  | ";

/// A name, in backticks.
pub(crate) fn name(name: &str) -> impl fmt::Display + '_ {
    Escaped {
        text: name,
        quote: "`",
    }
}

/// Names, in backticks, with commas between.
pub(crate) fn names<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<String> = names.iter().map(|text| name(text.as_ref()).to_string()).collect();
    names.join(", ")
}

/// A path. Parts that are not UTF-8 are shown as U+FFFD.
pub(crate) fn path(path: &Path) -> String {
    line(&path.to_string_lossy())
}

/// A text as one line: line breaks are escaped.
pub(crate) fn line(text: &str) -> String {
    Escaped { text, quote: "" }.to_string()
}

/// A text of several lines. All but the first stand behind a gutter, so that they do not look like messages of this tool.
pub(crate) fn text(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join(&format!("\n{GUTTER}"))
}

/// A message of this tool, whose line breaks are kept. It may contain untrusted text, so all other control characters are escaped.
pub(crate) fn ours(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(line).collect();
    lines.join("\n")
}

struct Escaped<'a> {
    text: &'a str,
    quote: &'static str,
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        f.write_str(self.quote)?;
        for c in self.text.chars() {
            if c != '\t' && (c.is_control() || is_format(c)) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        f.write_str(self.quote)
    }
}

/// Whether a character is invisible or changes how its neighbours are shown: those of the [general categories][categories] Cf, Zl and
/// Zp, and fillers, which are letters without a glyph.
///
/// [categories]: https://www.unicode.org/Public/17.0.0/ucd/extracted/DerivedGeneralCategory.txt
fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_drives_a_terminal() {
        assert_eq!(
            line("a\u{1b}[2J\r\nb\u{9b}é\\\tc"),
            "a\\u{1b}[2J\\r\\nb\\u{9b}é\\\tc"
        );
        assert_eq!(name("a\u{202e}b\u{2028}").to_string(), r"`a\u{202e}b\u{2028}`");
        assert_eq!(
            line("\u{ad}\u{206a}\u{3164}\u{fffb}\u{e0041}❤\u{fe0f}"),
            "\\u{ad}\\u{206a}\\u{3164}\\u{fffb}\\u{e0041}❤\u{fe0f}"
        );
        assert_eq!(names(&["a", "\u{7f}"]), r"`a`, `\u{7f}`");
        assert_eq!(text("one\nerror: two\u{8}\r\n"), "one\n  | error: two\\u{8}");
        assert_eq!(ours("one\n\u{7}two\n"), "one\n\\u{7}two\n");
    }
}
