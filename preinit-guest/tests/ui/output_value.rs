use preinit_guest::preinit;

#[preinit]
fn load() -> u32 {
    1
}

fn main() {}
