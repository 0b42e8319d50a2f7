use preinit_guest::preinit;

#[preinit]
const fn load() {}

fn main() {}
