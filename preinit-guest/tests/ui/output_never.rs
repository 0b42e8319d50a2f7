use preinit_guest::preinit;

#[preinit]
fn load() -> ! {
    loop {}
}

fn main() {}
