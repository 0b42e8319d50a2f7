use preinit_guest::preinit;

use std::sync::OnceLock;

#[preinit(with = || 1)]
static TABLE: OnceLock<u32> = OnceLock::new();

fn main() {}
