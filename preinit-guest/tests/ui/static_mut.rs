use preinit_guest::preinit;

use std::sync::LazyLock;

#[preinit]
static mut TABLE: LazyLock<u32> = LazyLock::new(|| 1);

fn main() {}
