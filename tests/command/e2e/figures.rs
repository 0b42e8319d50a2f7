//! The gain of a bake for a guest in Rust, within bounds that hold for every compiler version. `tests/library/figures.rs` has exact
//! figures for modules in the text format.

use wasmtime::Result;

use crate::e2e::sandbox::Sandbox;
use preinit_tests::figures::{Shape, start};

/// A guest whose init makes 4,000 numbers, of which `run` returns the last.
const PRIMES: &str = r#"
    use std::sync::LazyLock;

    #[preinit_guest::preinit]
    static PRIMES: LazyLock<Vec<u32>> = LazyLock::new(|| {
        let mut primes: Vec<u32> = Vec::with_capacity(COUNT);
        let mut next = 2;
        while primes.len() < COUNT {
            if primes.iter().take_while(|prime| *prime * *prime <= next).all(|prime| next % prime != 0) {
                primes.push(next);
            }
            next += 1;
        }
        primes
    });

    const COUNT: usize = 4000;

    #[unsafe(no_mangle)]
    pub extern "C" fn run() -> u32 {
        PRIMES[COUNT - 1]
    }
"#;

#[test]
fn a_guest_starts_at_once_and_grows_by_its_state() -> Result<()> {
    let sandbox = Sandbox::guest("primes", PRIMES);
    let args = "--release --target wasm32-unknown-unknown";
    sandbox.cargo(&format!("build {args}")).succeeds();
    sandbox.preinit(args).succeeds();
    let directory = "target/wasm32-unknown-unknown/release";
    let before = sandbox.read(&format!("{directory}/primes.wasm"));
    let after = sandbox.read(&format!("{directory}/preinit/primes.wasm"));

    let [(answer, fuel_before), (same, fuel_after)] = [start(&before)?, start(&after)?];
    assert_eq!([answer, same], [37_813; 2]);
    // `run` checks whether the static is initialised, and reads a number from it.
    assert!(fuel_after < 100, "{fuel_after}");
    assert!(fuel_before > 1000 * fuel_after, "{fuel_before} -> {fuel_after}");

    let [was, is] = [Shape::of(&before)?, Shape::of(&after)?];
    let numbers = 4 * 4000;
    assert!(
        is.data_bytes < was.data_bytes + numbers + 2048,
        "{was:?} -> {is:?}"
    );
    assert!(is.bytes < was.bytes + numbers + 2048, "{was:?} -> {is:?}");
    assert!(is.functions < was.functions, "{was:?} -> {is:?}");
    assert!(is.data <= 20, "{was:?} -> {is:?}");
    assert_eq!(is.expressions, 0);
    Ok(())
}
