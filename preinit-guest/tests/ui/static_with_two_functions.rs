use preinit_guest::preinit;

use std::sync::LazyLock;

#[preinit(with = u32::default)]
static TABLE: LazyLock<u32> = LazyLock::new(|| 1);

fn main() {}
