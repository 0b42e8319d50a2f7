//! Compiled regular expressions with Unicode classes, as a router or a validator has them.

use std::sync::LazyLock;

#[cfg(not(feature = "wizer"))]
use preinit_guest::{ZeroFreed, preinit};
use regex::{Regex, RegexSet};

#[cfg(not(feature = "wizer"))]
#[global_allocator]
static ALLOCATOR: ZeroFreed<std::alloc::System> = ZeroFreed::new(std::alloc::System);

#[cfg_attr(not(feature = "wizer"), preinit)]
static NAMES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b\p{Lu}\w+").expect("a valid pattern"));

#[cfg_attr(not(feature = "wizer"), preinit)]
static DATES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})").expect("a valid pattern")
});

#[cfg_attr(not(feature = "wizer"), preinit)]
static ROUTES: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"^/$",
        r"^/users/[0-9]+$",
        r"^/users/[0-9]+/posts/[a-z0-9-]+$",
        r"^/static/.*\.(css|js|png|svg)$",
    ])
    .expect("valid patterns")
});

#[cfg(feature = "wizer")]
#[unsafe(export_name = "wizer-initialize")]
extern "C" fn initialize() {
    LazyLock::force(&NAMES);
    LazyLock::force(&DATES);
    LazyLock::force(&ROUTES);
}

const TEXTS: [&str; 3] = [
    "Ada Lovelace, born 1815-12-10, and Émile at the Café Über den Linden",
    "/users/42/posts/hello-world",
    "Łukasz und Ирина, seen 2024-02-29 at /static/site.css",
];

/// What the patterns find in one of the texts.
#[unsafe(no_mangle)]
pub extern "C" fn run(request: u32) -> u32 {
    let text = TEXTS[request as usize % TEXTS.len()];
    let names = NAMES.find_iter(text).map(|found| found.len()).sum::<usize>();
    let dates = DATES
        .captures(text)
        .map_or(0, |found| found["day"].bytes().map(usize::from).sum());
    let routes = ROUTES.matches(text).iter().sum::<usize>();
    (names * 10_000 + dates * 100 + routes) as u32
}
