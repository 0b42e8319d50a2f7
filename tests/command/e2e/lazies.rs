//! Functions of items that run again after the bake, and so must not be removed as dead code.

use wasmtime::Result;

use crate::e2e::host::Guest;
use crate::e2e::sandbox::Sandbox;

/// Calls exports of the original and the baked module, and expects these results of both.
fn check(name: &str, source: &str, calls: &[(&str, i64)]) -> Result<()> {
    let sandbox = Sandbox::guest(name, source);
    let file = format!("{}.wasm", name.replace('-', "_"));
    for target in ["wasm32-unknown-unknown", "wasm32-wasip1"] {
        sandbox
            .preinit(&format!("--release --target {target}"))
            .succeeds();
        let dir = format!("target/{target}/release");
        for module in [format!("{dir}/{file}"), format!("{dir}/preinit/{file}")] {
            let mut guest = Guest::new(&sandbox.read(&module), &[])?;
            for (export, expected) in calls {
                assert_eq!(guest.call(export, &[])?, *expected, "{module}: {export}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_lazy_static_that_is_emptied_is_made_again() -> Result<()> {
    check(
        "lazy-that-empties",
        include_str!("../../fixtures/lazy_that_empties.rs"),
        &[("get", 6), ("reset", 0), ("get", 6)],
    )
}

/// Statics that call their function although they hold a value, and while they are locked.
#[test]
fn a_lazy_static_that_is_full_is_made_anew() -> Result<()> {
    let source = r#"
use std::sync::Mutex;

pub struct LazyLock {
    value: Mutex<Option<u32>>,
    make: fn() -> u32,
}

impl LazyLock {
    pub const fn new(make: fn() -> u32) -> Self {
        Self { value: Mutex::new(None), make }
    }
    fn get(&self) -> u32 {
        *self.value.lock().expect("nobody panicked").get_or_insert_with(self.make)
    }
    fn renew(&self) -> u32 {
        *self.value.lock().expect("nobody panicked").insert((self.make)())
    }
    fn make(&self) -> u32 {
        (self.make)()
    }
}

impl preinit_guest::Preinit for LazyLock {
    fn preinit(&'static self) {
        self.get();
        self.renew();
    }
    fn is_preinit(&self) -> bool {
        self.value.lock().expect("nobody panicked").is_some()
    }
}

impl preinit_guest::Lazy for LazyLock {
    type Value = u32;
}

#[preinit_guest::preinit]
static NUMBER: LazyLock = LazyLock::new(|| 500);

/// Made by the function of another static.
#[preinit_guest::preinit]
static NEXT: LazyLock = LazyLock::new(|| NUMBER.make() + 1);

#[unsafe(no_mangle)]
pub extern "C" fn number() -> u32 {
    NUMBER.renew()
}

#[unsafe(no_mangle)]
pub extern "C" fn next() -> u32 {
    NEXT.renew()
}
"#;
    let calls = [("next", 501), ("number", 500), ("number", 500), ("next", 501)];
    check("lazy-that-renews", source, &calls)
}

/// A function that fails during the bake, and another that always fails after its first success.
#[test]
fn a_function_that_fails_first_runs_once_it_can() -> Result<()> {
    let source = r#"
use std::sync::atomic::{AtomicU32, Ordering};

static TRIES: AtomicU32 = AtomicU32::new(0);

#[preinit_guest::preinit(order = 1)]
fn second_time() -> Result<(), String> {
    match TRIES.fetch_add(1, Ordering::Relaxed) {
        1 => Ok(()),
        tries => Err(format!("try {tries}")),
    }
}

#[preinit_guest::preinit]
fn first() {
    second_time().expect_err("it fails at first");
}

#[unsafe(no_mangle)]
pub extern "C" fn tries() -> u32 {
    first();
    while second_time().is_err() {}
    TRIES.load(Ordering::Relaxed)
}
"#;
    check(
        "a-function-that-fails-first",
        source,
        &[("tries", 2), ("tries", 2)],
    )
}

/// Compilers may merge an item's function with another that has the same body.
#[test]
fn a_function_like_that_of_an_item_stays() -> Result<()> {
    let source = r#"
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

static RUNS: AtomicU32 = AtomicU32::new(0);

#[inline(never)]
fn work() {
    RUNS.fetch_add(1, Ordering::Relaxed);
}

#[preinit_guest::preinit]
fn item() {
    work();
    work();
}

/// Its argument is that of an item's function.
#[inline(never)]
fn like_the_item(_: &mut u32) {
    work();
    work();
}

#[unsafe(no_mangle)]
pub extern "C" fn runs() -> u32 {
    item();
    std::hint::black_box(like_the_item as fn(&mut u32))(&mut 0);
    RUNS.load(Ordering::Relaxed)
}

fn make() -> u32 {
    std::hint::black_box(7)
}

#[preinit_guest::preinit]
static KEPT: LazyLock<u32> = LazyLock::new(make);

struct Lazy(fn() -> u32);

impl Lazy {
    const fn new(make: fn() -> u32) -> Self {
        Self(make)
    }
}

impl preinit_guest::Preinit for Lazy {
    fn preinit(&'static self) {}
    fn is_preinit(&self) -> bool {
        true
    }
}

impl preinit_guest::Lazy for Lazy {
    type Value = u32;
}

#[preinit_guest::preinit]
static MADE_EACH_TIME: Lazy = Lazy::new(make);

#[unsafe(no_mangle)]
pub extern "C" fn sum() -> u32 {
    *KEPT + (MADE_EACH_TIME.0)()
}
"#;
    let calls = [("runs", 4), ("runs", 6), ("sum", 14), ("sum", 14)];
    check("a-function-like-an-item", source, &calls)
}
