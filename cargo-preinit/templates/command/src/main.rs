//! Prints the prime factors of its arguments, by a table of primes that is made at build time.

use std::process::ExitCode;
use std::sync::LazyLock;

use preinit_guest::preinit;

/// The primes whose squares are 32-bit numbers. `cargo preinit` makes this table, and puts it in the program; under `cargo build` and
/// `cargo test` it is made at its first use.
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

fn main() -> ExitCode {
    for argument in std::env::args().skip(1) {
        match argument.parse() {
            Ok(number) => println!("{number}: {:?}", factors(number)),
            Err(error) => {
                eprintln!("{argument}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_primes() {
        assert_eq!(factors(360), [2, 2, 2, 3, 3, 5]);
        assert_eq!(factors(4_294_967_291), [4_294_967_291]);
        assert_eq!(factors(1), []);
    }
}
