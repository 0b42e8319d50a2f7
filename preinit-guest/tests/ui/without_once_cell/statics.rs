use once_cell::sync::{Lazy, OnceCell};
use preinit_guest::preinit;

fn squares() -> Vec<u32> {
    (0..10).map(|n| n * n).collect()
}

#[preinit]
static SQUARES: Lazy<Vec<u32>> = Lazy::new(squares);

#[preinit]
static BY_PATH: once_cell::sync::Lazy<Vec<u32>> = once_cell::sync::Lazy::new(|| squares());

#[preinit(with = squares)]
static ONCE: OnceCell<Vec<u32>> = OnceCell::new();

fn main() {
    assert_eq!(SQUARES[2] + BY_PATH[1] + ONCE.get_or_init(squares)[1], 6);
}
