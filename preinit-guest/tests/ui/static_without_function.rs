use preinit_guest::preinit;

use std::sync::OnceLock;

#[preinit]
static TABLE: OnceLock<u32> = OnceLock::new();

fn main() {}
