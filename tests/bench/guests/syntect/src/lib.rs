//! A syntax highlighter with the grammars and themes that come with it.

use std::sync::LazyLock;

#[cfg(not(feature = "wizer"))]
use preinit_guest::{ZeroFreed, preinit};
use syntect::easy::HighlightLines;
use syntect::highlighting::{Style, ThemeSet};
use syntect::parsing::SyntaxSet;

#[cfg(not(feature = "wizer"))]
#[global_allocator]
static ALLOCATOR: ZeroFreed<std::alloc::System> = ZeroFreed::new(std::alloc::System);

#[cfg_attr(not(feature = "wizer"), preinit)]
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

#[cfg_attr(not(feature = "wizer"), preinit)]
static THEMES: LazyLock<ThemeSet> = LazyLock::new(ThemeSet::load_defaults);

/// The patterns of a grammar are compiled when they are first needed: here for JSON.
#[cfg_attr(not(feature = "wizer"), preinit)]
fn warm_up() {
    run(0);
}

#[cfg(feature = "wizer")]
#[unsafe(export_name = "wizer-initialize")]
extern "C" fn initialize() {
    LazyLock::force(&SYNTAXES);
    LazyLock::force(&THEMES);
    warm_up();
}

const LINES: [&str; 3] = [
    "{\"name\": \"a syntax highlighter\", \"version\": [1, 2.5e3], \"stable\": true}\n",
    "[null, false, {\"nested\": {\"escaped\": \"a \\\"quote\\\"\"}}]\n",
    "{\"not\": json} // a comment\n",
];

/// Highlights one of the lines: a sum over the pieces and their colours.
#[unsafe(no_mangle)]
pub extern "C" fn run(request: u32) -> u32 {
    let syntax = SYNTAXES
        .find_syntax_by_extension("json")
        .expect("JSON is among the defaults");
    let mut highlighter = HighlightLines::new(syntax, &THEMES.themes["base16-ocean.dark"]);
    let line = LINES[request as usize % LINES.len()];
    let pieces: Vec<(Style, &str)> = highlighter
        .highlight_line(line, &SYNTAXES)
        .expect("the grammar is one of the defaults");
    pieces.iter().fold(0, |sum, (style, piece)| {
        let color = style.foreground;
        let weight = u32::from(color.r) + u32::from(color.g) * 3 + u32::from(color.b) * 7;
        (sum * 31 + weight * piece.len() as u32) & 0xff_ffff
    })
}
