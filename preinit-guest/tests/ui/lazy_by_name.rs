use std::sync::OnceLock;

use preinit_guest::{Preinit, preinit};

pub struct Lazy<T>(OnceLock<T>, fn() -> T);

impl<T> Lazy<T> {
    const fn new(make: fn() -> T) -> Self {
        Self(OnceLock::new(), make)
    }
}

impl<T> Preinit for Lazy<T> {
    fn preinit(&'static self) {
        self.0.get_or_init(self.1);
    }
    fn is_preinit(&self) -> bool {
        self.0.get().is_some()
    }
}

#[preinit]
static NAMED: Lazy<u32> = Lazy::new(|| 1);

#[preinit]
static BY_ANOTHER_PATH: Lazy<u32> = <Lazy<u32>>::new(|| 1);

fn main() {}
