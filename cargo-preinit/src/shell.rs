//! What is printed, and how it looks: cargo's way, on standard error.

use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;

use crate::shown;

/// How much to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// A line per guest.
    Normal,
    /// A line per item, too.
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

/// The only printer. What drives a terminal is never printed but for the shell's own colours.
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
    /// A shell that says this much. Sets the colours of the whole process.
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

    /// How much it says.
    #[must_use]
    pub fn verbosity(self) -> Verbosity {
        self.verbosity
    }

    /// Whether it may use colours.
    #[must_use]
    pub fn color(self) -> Color {
        self.color
    }

    /// A verb in cargo's column, and what it is about.
    pub fn status(self, verb: &str, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.line(&format!("{STATUS}{verb:>12}{STATUS:#} {}", shown::ours(text)));
        }
    }

    /// A line as it is.
    pub fn plain(self, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.line(&shown::ours(text));
        }
    }

    /// Something to know.
    pub fn note(self, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.line(&format!("{NOTE}note{NOTE:#}: {}", shown::ours(text)));
        }
    }

    /// Something that may not be meant.
    pub fn warn(self, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.line(&format!("{WARNING}warning{WARNING:#}: {}", shown::ours(text)));
        }
    }

    /// Something that ends what was asked for, and what to do about it.
    pub fn error(self, text: &str, help: &[String]) {
        let mut message = format!("{ERROR}error{ERROR:#}: {}", shown::ours(text));
        for line in help {
            message.push_str(&format!("\n{NOTE}help{NOTE:#}: {}", shown::ours(line)));
        }
        self.line(&message);
    }

    fn line(self, text: &str) {
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(anstream::stderr(), "{text}");
    }
}
