use preinit_guest::preinit;

unsafe extern "C" {
    #[preinit]
    static TABLE: u32;
    #[preinit]
    fn load();
}

fn main() {}
