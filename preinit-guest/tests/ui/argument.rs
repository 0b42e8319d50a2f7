use preinit_guest::preinit;

#[preinit]
fn load(_path: &str, _depth: usize) {}

fn main() {}
