use preinit_guest::preinit;

#[preinit(with = make)]
fn load() {}

fn main() {}
