//! Code that only init reached is not in the baked module, even where the run path still names what was initialised.

use wasmtime::Result;

use crate::host::Guest;
use crate::sandbox::Sandbox;

const SOURCE: &str = r#"
use std::sync::{LazyLock, OnceLock};
use std::sync::atomic::{AtomicU32, Ordering};

use preinit_guest::preinit;

#[preinit]
static CLOSURE: LazyLock<Vec<u32>> = LazyLock::new(|| only_for_the_closure(7));

#[preinit]
static PATH: LazyLock<Vec<u32>> = LazyLock::new(only_for_the_path);

/// A type whose name leaves its lifetime out.
#[preinit]
static BORROWED: LazyLock<std::borrow::Cow<str>> = LazyLock::new(|| only_for_the_borrowed("abc").into());

#[preinit(with = only_for_the_cell)]
static CELL: OnceLock<Vec<u32>> = OnceLock::new();

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
fn only_for_the_function(n: u32) -> u32 {
    std::hint::black_box(n * 2000)
}

#[unsafe(no_mangle)]
pub extern "C" fn sum() -> u32 {
    warm_up().expect("it cannot fail");
    let vectors = [&*CLOSURE, &*PATH, CELL.get().map_or(&Vec::new(), |cell| cell)].map(|all| all.iter().sum::<u32>());
    vectors.iter().sum::<u32>() + WARM.load(Ordering::Relaxed) + BORROWED.len() as u32
}
"#;

/// The functions that are only there for init.
const FUNCTIONS: [&str; 5] = [
    "only_for_the_closure",
    "only_for_the_path",
    "only_for_the_borrowed",
    "only_for_the_cell",
    "only_for_the_function",
];

/// Which of them the names of a module tell.
fn found(wasm: &[u8]) -> Vec<&'static str> {
    let has = |name: &str| wasm.windows(name.len()).any(|window| window == name.as_bytes());
    FUNCTIONS.into_iter().filter(|name| has(name)).collect()
}

#[test]
fn what_only_initialisers_call_is_gone() -> Result<()> {
    let sandbox = Sandbox::guest("dead-code", SOURCE);
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
        assert_eq!(found(&baked), [""; 0], "{target}");
        assert_eq!(Guest::new(&baked, &[])?.call("sum", &[])?, 12324);
    }
    Ok(())
}

#[test]
fn it_stays_where_that_is_asked_for() -> Result<()> {
    let sandbox = Sandbox::guest("dead-code-kept", SOURCE);
    sandbox
        .preinit("--release --target wasm32-unknown-unknown --keep-dead-code")
        .succeeds();
    let baked = sandbox.read("target/wasm32-unknown-unknown/release/preinit/dead_code_kept.wasm");
    assert_eq!(found(&baked), FUNCTIONS);
    assert_eq!(Guest::new(&baked, &[])?.call("sum", &[])?, 12324);
    Ok(())
}
