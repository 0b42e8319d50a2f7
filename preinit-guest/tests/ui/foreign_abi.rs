use preinit_guest::preinit;

#[preinit]
extern "system" fn load() {}

fn main() {}
