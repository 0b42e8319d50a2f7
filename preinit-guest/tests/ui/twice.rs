use preinit_guest::preinit;

#[preinit]
#[preinit]
fn load() {}

fn main() {}
