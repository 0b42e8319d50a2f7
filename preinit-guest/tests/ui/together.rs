use preinit_guest::preinit;

#[preinit(order = 1.5, fast)]
const fn load<T>(_size: usize) {}

fn user() {
    load::<u32>(1);
}

fn main() {}
