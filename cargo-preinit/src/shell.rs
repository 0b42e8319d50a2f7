//! Prints messages in cargo's style, on standard error.

use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;

use crate::shown;

/// How much to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// A line per guest.
    Normal,
    /// Also a line per item, and details.
    Verbose,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// What cargo calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// Prints messages. Control characters in them are escaped, so only the shell's own colours reach the terminal.
#[derive(Debug, Clone, Copy)]
pub struct Shell {
    verbosity: Verbosity,
    color: Color,
}

const STATUS: Style = AnsiColor::BrightGreen.on_default().bold();
const NOTE: Style = AnsiColor::BrightCyan.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const ERROR: Style = AnsiColor::BrightRed.on_default().bold();

impl Shell {
    /// A shell of this verbosity. Sets the colour choice of the whole process.
    #[must_use]
    pub fn new(verbosity: Verbosity, color: Color) -> Self {
        match color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        Self { verbosity, color }
    }

    /// How much it prints.
    #[must_use]
    pub fn verbosity(self) -> Verbosity {
        self.verbosity
    }

    /// When it uses colours.
    #[must_use]
    pub fn color(self) -> Color {
        self.color
    }

    /// Prints a verb in cargo's column, and a text.
    pub fn status(self, verb: &str, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.line(&format!("{STATUS}{verb:>12}{STATUS:#} {}", shown::ours(text)));
        }
    }

    /// Prints a line without a prefix.
    pub fn plain(self, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.line(&shown::ours(text));
        }
    }

    /// Prints a note.
    pub fn note(self, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.line(&format!("{NOTE}note{NOTE:#}: {}", shown::ours(text)));
        }
    }

    /// Prints a warning.
    pub fn warn(self, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.line(&format!("{WARNING}warning{WARNING:#}: {}", shown::ours(text)));
        }
    }

    /// Prints an error, also if quiet, and lines of advice.
    pub fn error(self, text: &str, help: &[String]) {
        let mut message = format!("{ERROR}error{ERROR:#}: {}", shown::ours(text));
        for line in help {
            message.push_str(&format!("\n{NOTE}help{NOTE:#}: {}", shown::ours(line)));
        }
        self.line(&message);
    }

    fn line(self, text: &str) {
        // If standard error is closed, that cannot be reported.
        let _ = writeln!(anstream::stderr(), "{text}");
    }
}
