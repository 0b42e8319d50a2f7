//! Code that only init reached is not in the baked module, even if later code still refers to the initialised static.

use wasmtime::Result;

use crate::e2e::host::Guest;
use crate::e2e::sandbox::Sandbox;

const SOURCE: &str = r#"
use std::sync::{LazyLock, OnceLock};
use std::sync::atomic::{AtomicU32, Ordering};

use preinit_guest::{Calls, preinit};

#[preinit]
static CLOSURE: LazyLock<Vec<u32>> = LazyLock::new(|| only_for_the_closure(7));

#[preinit]
static PATH: LazyLock<Vec<u32>> = LazyLock::new(only_for_the_path);

/// A type whose name leaves its lifetime out.
#[preinit]
static BORROWED: LazyLock<std::borrow::Cow<str>> = LazyLock::new(|| only_for_the_borrowed("abc").into());

#[preinit(with = only_for_the_cell)]
static CELL: OnceLock<Vec<u32>> = OnceLock::new();

#[preinit]
static ONCE: once_cell::sync::Lazy<Vec<u32>> = once_cell::sync::Lazy::new(|| only_for_once_cell(4));

/// A type of the guest's own. What it promises depends on a parameter.
struct Lazy<const PROMISES: bool>(OnceLock<u32>, fn() -> u32);

impl<const PROMISES: bool> Lazy<PROMISES> {
    const fn new(make: fn() -> u32) -> Self {
        Self(OnceLock::new(), make)
    }
    fn get(&self) -> u32 {
        *self.0.get_or_init(self.1)
    }
}

impl<const PROMISES: bool> preinit_guest::Preinit for Lazy<PROMISES> {
    fn preinit(&'static self) {
        self.get();
    }
    fn is_preinit(&self) -> bool {
        self.0.get().is_some()
    }
}

impl<const PROMISES: bool> preinit_guest::Lazy for Lazy<PROMISES> {
    type Value = u32;
    const CALLS: Calls = match PROMISES {
        // SAFETY: only `get_or_init` calls the function, and the value stays.
        true => unsafe { Calls::until_preinit() },
        false => Calls::any_time(),
    };
}

#[preinit]
static PROMISED: Lazy<true> = Lazy::new(|| only_for_the_promised(3));

#[preinit]
static NOT_PROMISED: Lazy<false> = Lazy::new(|| also_for_the_run_path(3));

static WARM: AtomicU32 = AtomicU32::new(0);

#[preinit]
fn warm_up() -> Result<(), String> {
    WARM.store(only_for_the_function(5), Ordering::Relaxed);
    Ok(())
}

#[inline(never)]
fn only_for_the_closure(n: u32) -> Vec<u32> {
    (0..std::hint::black_box(n)).collect()
}

#[inline(never)]
fn only_for_the_path() -> Vec<u32> {
    vec![std::hint::black_box(100); 3]
}

#[inline(never)]
fn only_for_the_borrowed(text: &'static str) -> &'static str {
    std::hint::black_box(text)
}

#[inline(never)]
fn only_for_the_cell() -> Vec<u32> {
    vec![std::hint::black_box(1000); 2]
}

#[inline(never)]
fn only_for_once_cell(n: u32) -> Vec<u32> {
    vec![std::hint::black_box(n) * 10_000; 2]
}

#[inline(never)]
fn only_for_the_promised(n: u32) -> u32 {
    std::hint::black_box(n * 100_000)
}

#[inline(never)]
fn also_for_the_run_path(n: u32) -> u32 {
    std::hint::black_box(n * 200_000)
}

#[inline(never)]
fn only_for_the_function(n: u32) -> u32 {
    std::hint::black_box(n * 2000)
}

#[unsafe(no_mangle)]
pub extern "C" fn sum() -> u32 {
    warm_up().expect("it cannot fail");
    let vectors = [&*CLOSURE, &*PATH, CELL.get().expect("it is initialised"), &*ONCE];
    let numbers = [PROMISED.get(), NOT_PROMISED.get(), WARM.load(Ordering::Relaxed), BORROWED.len() as u32];
    vectors.into_iter().flatten().chain(&numbers).sum()
}
"#;

/// The functions that init calls. All but the last are called by init only.
const FUNCTIONS: [&str; 8] = [
    "only_for_the_closure",
    "only_for_the_path",
    "only_for_the_borrowed",
    "only_for_the_cell",
    "only_for_the_function",
    "only_for_once_cell",
    "only_for_the_promised",
    "also_for_the_run_path",
];

/// Which of [`FUNCTIONS`] occur in a module, by name.
fn found(wasm: &[u8]) -> Vec<&'static str> {
    let has = |name: &str| wasm.windows(name.len()).any(|window| window == name.as_bytes());
    FUNCTIONS.into_iter().filter(|name| has(name)).collect()
}

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::guest(name, SOURCE);
    sandbox.configure("dependencies.once_cell = \"1.21\"");
    sandbox.configure("dependencies.preinit-guest.features = [\"once_cell\"]");
    sandbox
}

#[test]
fn what_only_initialisers_call_is_gone() -> Result<()> {
    let sandbox = sandbox("dead-code");
    for (target, profile) in [
        ("wasm32-unknown-unknown", "release"),
        ("wasm32-wasip1", "release"),
    ] {
        sandbox
            .preinit(&format!("--profile {profile} --target {target} --verify"))
            .succeeds();
        let dir = format!("target/{target}/{profile}");
        let original = sandbox.read(&format!("{dir}/dead_code.wasm"));
        assert_eq!(found(&original), FUNCTIONS);
        let baked = sandbox.read(&format!("{dir}/preinit/dead_code.wasm"));
        assert_eq!(found(&baked), ["also_for_the_run_path"], "{target}");
        assert_eq!(Guest::new(&baked, &[])?.call("sum", &[])?, 992324);
    }
    Ok(())
}

#[test]
fn it_stays_where_that_is_asked_for() -> Result<()> {
    let sandbox = sandbox("dead-code-kept");
    sandbox
        .preinit("--release --target wasm32-unknown-unknown --keep-dead-code")
        .succeeds();
    let baked = sandbox.read("target/wasm32-unknown-unknown/release/preinit/dead_code_kept.wasm");
    assert_eq!(found(&baked), FUNCTIONS);
    assert_eq!(Guest::new(&baked, &[])?.call("sum", &[])?, 992324);
    Ok(())
}
