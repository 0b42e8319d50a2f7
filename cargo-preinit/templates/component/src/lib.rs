//! Finds prime factors, by a table of primes that is made at build time. `wit/world.wit` says what the component exports.

use std::sync::LazyLock;

use preinit_guest::preinit;

wit_bindgen::generate!();

/// The primes whose squares are 32-bit numbers. `cargo preinit` makes this table, and puts it in the component; under `cargo build`
/// and `cargo test` it is made at its first use.
#[preinit]
static PRIMES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut primes: Vec<u32> = Vec::new();
    for number in 2..=u32::from(u16::MAX) {
        let mut divisors = primes.iter().take_while(|prime| *prime * *prime <= number);
        if divisors.all(|prime| number % prime != 0) {
            primes.push(number);
        }
    }
    primes
});

struct Component;

impl Guest for Component {
    fn factors(mut number: u32) -> Vec<u32> {
        let mut factors = Vec::new();
        for prime in PRIMES.iter() {
            while number > 1 && number % prime == 0 {
                factors.push(*prime);
                number /= prime;
            }
        }
        if number > 1 {
            factors.push(number);
        }
        factors
    }
}

export!(Component);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_primes() {
        assert_eq!(Component::factors(360), [2, 2, 2, 3, 3, 5]);
        assert_eq!(Component::factors(4_294_967_291), [4_294_967_291]);
        assert_eq!(Component::factors(1), []);
    }
}
