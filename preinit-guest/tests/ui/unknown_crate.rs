use preinit_guest::preinit;

#[preinit(crate = sdk)]
fn load() {}

fn main() {}
