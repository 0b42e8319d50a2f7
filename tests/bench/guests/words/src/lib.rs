//! An index of words, as small as a guest with a standard library can be.

use std::collections::BTreeMap;
use std::sync::LazyLock;

#[cfg(not(feature = "wizer"))]
use preinit_guest::{ZeroFreed, preinit};

#[cfg(feature = "component")]
#[path = "../../component.rs"]
mod component;

#[cfg(not(feature = "wizer"))]
#[global_allocator]
static ALLOCATOR: ZeroFreed<std::alloc::System> = ZeroFreed::new(std::alloc::System);

#[cfg_attr(not(feature = "wizer"), preinit)]
static INDEX: LazyLock<BTreeMap<String, u32>> = LazyLock::new(|| {
    let mut seed = 1_u32;
    let mut word = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        format!("{seed:x}")
    };
    (0..500).map(|place| (word(), place)).collect()
});

#[cfg(feature = "wizer")]
#[unsafe(export_name = "wizer-initialize")]
extern "C" fn initialize() {
    LazyLock::force(&INDEX);
}

/// Looks up what begins with one of some digits.
#[cfg_attr(not(feature = "component"), unsafe(no_mangle))]
pub extern "C" fn run(request: u32) -> u32 {
    let first = ["3c", "a", "f0"][request as usize % 3];
    let found = INDEX.range(first.to_owned()..).take(9);
    found.map(|(word, place)| place * word.len() as u32).sum()
}
