//! Other answers than those of a bake, to see what of the state follows from them.
//!
//! Answers have as many bytes as in the bake, so that the guest's allocator hands out the same addresses, and only what follows from the
//! answers themselves differs.

use super::HostWasi;
use super::random::FixedRandom;
use super::reads::Source;
use crate::options::WasiOptions;

impl HostWasi {
    /// Answers what is asked of this source otherwise.
    pub(in crate::run) fn vary(&mut self, source: Source) {
        match source {
            Source::Random => self.random = FixedRandom::other(),
            Source::Clock | Source::Wait => self.clock.shift(),
            Source::Environment => {
                for entry in &mut self.environment {
                    if let Some((name, value)) = entry.split_once('=') {
                        *entry = format!("{name}={}", other(value));
                    }
                }
            }
            Source::Arguments => {
                for argument in &mut self.arguments {
                    *argument = other(argument);
                }
            }
            Source::Directories => {
                self.files.vary();
                self.descriptors.vary();
            }
            Source::Stdin | Source::HashKeys => {}
        }
    }
}

/// Whether there is another answer, where init is shown this.
pub(crate) fn can_vary(shown: &WasiOptions, source: Source) -> bool {
    let has_other = |text: &String| other(text) != *text;
    match source {
        Source::Random | Source::Clock | Source::Wait => true,
        Source::Environment => shown.env.iter().any(|(_, value)| has_other(value)),
        Source::Arguments => shown.args.iter().any(has_other),
        Source::Directories => !shown.dirs.is_empty(),
        Source::Stdin | Source::HashKeys => false,
    }
}

/// A text with other letters and digits, and the same signs between them: what is parsed as a number or a path still is one.
fn other(text: &str) -> String {
    let next = |c: char, last: char, first: char| if c == last { first } else { char::from(c as u8 + 1) };
    let chars = text.chars().map(|c| match c {
        'a'..='z' => next(c, 'z', 'a'),
        'A'..='Z' => next(c, 'Z', 'A'),
        '0'..='9' => next(c, '9', '0'),
        c => c,
    });
    chars.collect()
}

/// Another name of a directory entry, with the same extension, by which guests tell what to read.
pub(super) fn other_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => format!("{}.{extension}", other(stem)),
        _ => other(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_form() {
        for (text, expected) in [
            ("Ada", "Beb"),
            ("z9/Z.é-", "a0/A.é-"),
            ("2026-01-01", "3137-12-12"),
            ("", ""),
        ] {
            assert_eq!(other(text), expected);
            assert_eq!(other(text).len(), text.len());
        }
        for (name, expected) in [
            ("a1.txt", "b2.txt"),
            (".git", ".hju"),
            ("zoo", "app"),
            ("x.tar.gz", "y.ubs.gz"),
        ] {
            assert_eq!(other_name(name), expected);
        }
    }
}
