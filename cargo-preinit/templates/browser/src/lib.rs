//! Answers `web/index.js` from a table of primes that is made at build time.

use std::sync::LazyLock;

use preinit_guest::preinit;

const COUNT: usize = 10_000;

/// The first primes. `cargo preinit` makes this table, and puts it in the module; under `cargo build` and `cargo test` it is made at
/// its first use.
#[preinit]
static PRIMES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut primes: Vec<u32> = Vec::with_capacity(COUNT);
    for number in 2.. {
        if primes.len() == COUNT {
            break;
        }
        let mut divisors = primes.iter().take_while(|prime| *prime * *prime <= number);
        if divisors.all(|prime| number % prime != 0) {
            primes.push(number);
        }
    }
    primes
});

/// The prime with this index: 2 for 0. Behind the end of the table it is 0.
#[unsafe(no_mangle)]
pub extern "C" fn prime(index: u32) -> u32 {
    PRIMES.get(index as usize).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes() {
        assert_eq!([prime(0), prime(1), prime(9_999)], [2, 3, 104_729]);
        assert_eq!(prime(10_000), 0);
    }
}
