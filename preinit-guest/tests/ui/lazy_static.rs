use preinit_guest::preinit;

lazy_static::lazy_static! {
    /// Squares.
    #[preinit]
    static ref INSIDE: Vec<u32> = (0..10).map(|n| n * n).collect();
}

#[preinit]
lazy_static::lazy_static! {
    static ref AROUND: Vec<u32> = vec![1];
}

fn main() {
    assert_eq!(INSIDE[2] + AROUND[0], 5);
}
