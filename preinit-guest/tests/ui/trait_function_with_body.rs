use preinit_guest::preinit;

trait Guest {
    #[preinit]
    fn load() {}
}

fn main() {}
