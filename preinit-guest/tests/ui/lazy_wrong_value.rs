use std::sync::LazyLock;

use preinit_guest::preinit;

#[preinit]
static TABLE: LazyLock<u32> = LazyLock::new(|| "seven");

fn main() {}
