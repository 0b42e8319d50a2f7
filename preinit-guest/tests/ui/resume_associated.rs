use preinit_guest::preinit;

struct Guest;

impl Guest {
    #[preinit(resume)]
    fn load() {}
}

fn main() {}
