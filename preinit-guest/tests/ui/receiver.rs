use preinit_guest::preinit;

struct Guest;

impl Guest {
    #[preinit]
    fn load(&self) {}
}

fn main() {}
