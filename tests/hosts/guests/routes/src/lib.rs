//! What every guest does: it finds the route of a path, by patterns that take long to compile.

use std::sync::LazyLock;

use preinit_guest::preinit;
use regex::Regex;

/// How many routes there are.
const COUNT: usize = 20;

/// What a letter is, and of which case, is Unicode's, which makes each of them a large automaton.
#[preinit]
static ROUTES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = (0..COUNT).map(|n| format!(r"(?i)^/route-{n}/(\w+)/([0-9]+)$"));
    let routes = patterns.map(|pattern| Regex::new(&pattern).expect("it is a pattern"));
    routes.collect()
});

/// Whether the patterns are compiled. In a baked guest they are before anything is called.
pub fn is_ready() -> bool {
    LazyLock::get(&ROUTES).is_some()
}

/// The route of a path, and whether the patterns were compiled before this call.
pub fn answer(path: &str) -> String {
    let ready = if is_ready() { "ready" } else { "made now" };
    let found = ROUTES.iter().enumerate().find_map(|(n, route)| {
        let captures = route.captures(path)?;
        Some(format!("route {n}, {} {}", &captures[1], &captures[2]))
    });
    let found = found.unwrap_or_else(|| format!("no route for {path}"));
    format!("{found} (patterns {ready})")
}
