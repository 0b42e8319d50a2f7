use preinit_guest::preinit;

#[preinit]
fn load<T>() {}

fn main() {}
