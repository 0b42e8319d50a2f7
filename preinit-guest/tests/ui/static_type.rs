use preinit_guest::preinit;

#[preinit]
static TABLE: u32 = 1;

fn main() {}
