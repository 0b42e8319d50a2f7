use preinit_guest::preinit;

use std::sync::OnceLock;

fn make() -> u64 {
    1
}

#[preinit(with = make)]
static TABLE: OnceLock<u32> = OnceLock::new();

fn main() {}
