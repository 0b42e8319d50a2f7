use preinit_guest::preinit;

#[preinit]
fn load() -> impl Sized {}

fn main() {}
