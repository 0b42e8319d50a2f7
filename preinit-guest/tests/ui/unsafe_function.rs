use preinit_guest::preinit;

#[preinit]
unsafe fn load() {}

fn main() {}
