use std::cell::Cell;

use preinit_guest::preinit;

thread_local! {
    #[preinit]
    static INSIDE: Cell<u32> = Cell::new(1);

    #[preinit]
    static CONSTANT: Cell<u32> = const { Cell::new(2) };
}

#[preinit]
thread_local!(static AROUND: Cell<u32> = Cell::new(3));

fn main() {
    assert_eq!(INSIDE.get() + CONSTANT.get() + AROUND.get(), 6);
}
