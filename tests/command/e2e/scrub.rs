//! Bytes that the guest no longer reads are not in the baked module.

use wasmtime::Result;

use crate::e2e::host::{Guest, output};
use crate::e2e::sandbox::Sandbox;

const TARGETS: [&str; 2] = ["wasm32-wasip1", "wasm32-unknown-unknown"];

/// Each profile and its directory.
const PROFILES: [(&str, &str); 3] = [("dev", "debug"), ("release", "release"), ("smallest", "smallest")];

const SMALLEST: &str = r#"
profile.smallest = { inherits = "release", lto = "fat", strip = true, codegen-units = 1 }
"#;

/// Bytes that init has in memory for a while. The guests compute them, so they are in none of their constants.
const SECRET: &[u8] = b"LEFT BEHIND BY INIT";

fn holds_secret(wasm: &[u8]) -> bool {
    wasm.windows(SECRET.len()).any(|bytes| bytes == SECRET)
}

/// Init fills an array on the stack and keeps only a sum of it.
const STACK: &str = r#"
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

static SUM: AtomicU32 = AtomicU32::new(0);

#[preinit_guest::preinit]
fn prepare() {
    SUM.store(sum(), Relaxed);
}

#[inline(never)]
fn sum() -> u32 {
    let mut bytes = [0_u8; 100_000];
    let made = black_box(*b"left behind by init");
    for chunk in bytes.chunks_mut(made.len()) {
        for (byte, letter) in chunk.iter_mut().zip(made) {
            *byte = letter.to_ascii_uppercase();
        }
    }
    black_box(&mut bytes).iter().map(|byte| u32::from(*byte)).sum()
}

#[unsafe(no_mangle)]
pub extern "C" fn answer() -> u32 {
    prepare();
    SUM.load(Relaxed)
}
"#;

#[test]
fn the_dead_stack() -> Result<()> {
    for target in TARGETS {
        let sandbox = Sandbox::guest(&format!("dead-stack-{target}"), STACK);
        sandbox.configure(SMALLEST);
        let name = format!("dead_stack_{}", target.replace('-', "_"));
        for (profile, directory) in PROFILES {
            let said = sandbox.preinit(&format!("-v --verify --target {target} --profile {profile}"));
            said.succeeds();
            let scrubbed = format!("    Scrubbed {name}.wasm: ");
            assert!(said.stderr.contains(&scrubbed), "{}", said.stderr);
            let plain = sandbox.read(&format!("target/{target}/{directory}/{name}.wasm"));
            let baked = sandbox.read(&format!("target/{target}/{directory}/preinit/{name}.wasm"));
            assert!(!holds_secret(&baked));
            let (mut plain, mut baked) = (Guest::new(&plain, &[])?, Guest::new(&baked, &[])?);
            assert_eq!(plain.call("answer", &[])?, baked.call("answer", &[])?);
        }
    }
    Ok(())
}

#[test]
fn the_dead_stack_of_a_program() -> Result<()> {
    let sandbox = Sandbox::guest("dead-stack-bin", "");
    sandbox.configure(SMALLEST);
    sandbox.write(
        "src/main.rs",
        &format!("{STACK}\nfn main() {{ println!(\"{{}}\", answer()); }}"),
    );
    for (profile, directory) in PROFILES {
        let said = sandbox.preinit(&format!("-v --bins --profile {profile}"));
        said.succeeds();
        assert!(
            said.stderr.contains("    Scrubbed dead-stack-bin.wasm: "),
            "{}",
            said.stderr
        );
        let path = |place: &str| format!("target/wasm32-wasip1/{directory}/{place}dead-stack-bin.wasm");
        let baked = sandbox.read(&path("preinit/"));
        assert!(!holds_secret(&baked));
        assert_eq!(output(&baked, &[])?, output(&sandbox.read(&path("")), &[])?);
    }
    Ok(())
}

/// Init makes many texts, some longer and some shorter than at first, and keeps some of them. `work` uses the heap.
const HEAP: &str = r#"
use std::hint::black_box;
use std::sync::{LazyLock, Mutex};

static KEPT: LazyLock<Mutex<Vec<String>>> = LazyLock::new(|| Mutex::new(texts().step_by(7).map(|text| text.to_lowercase()).collect()));

#[preinit_guest::preinit]
fn prepare() {
    KEPT.lock().unwrap().retain(|text| text.len() % 2 == 0);
}

fn texts() -> impl Iterator<Item = String> {
    let all: Vec<String> = (0..2000).map(text).collect();
    let joined = all.concat();
    assert!(joined.len() > 100_000);
    all.into_iter()
}

fn text(n: usize) -> String {
    let secret = black_box("left behind by init ");
    let mut text = String::with_capacity(4);
    for letter in secret.chars().cycle().take(40 + n % 700) {
        text.push(letter.to_ascii_uppercase());
    }
    text.truncate(20 + n % 300);
    text.shrink_to_fit();
    text
}

#[unsafe(no_mangle)]
pub extern "C" fn work(rounds: u32) -> u64 {
    prepare();
    let mut kept = KEPT.lock().unwrap();
    let mut sum = 0_u64;
    for round in 0..rounds as usize {
        let mut more: Vec<Vec<u8>> = (0..100).map(|n| vec![round as u8; (n * 37 + round * 101) % 3000]).collect();
        more.retain(|bytes| bytes.len() % 3 != 0);
        kept.push(format!("round {round}"));
        let at = round * 13 % kept.len();
        kept.swap_remove(at);
        sum ^= more.iter().flatten().map(|byte| u64::from(*byte)).sum::<u64>();
        let bytes = kept.iter().flat_map(|text| text.bytes());
        sum = bytes.fold(sum, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    }
    sum
}
"#;

const ZERO_FREED: &str = "
#[global_allocator]
static ALLOCATOR: preinit_guest::ZeroFreed<std::alloc::System> = preinit_guest::ZeroFreed::new(std::alloc::System);
";

/// Bakes a guest, and compares the results of its `work` with the original's.
fn bake_and_work(
    sandbox: &Sandbox,
    name: &str,
    target: &str,
    profile: (&str, &str),
    args: &str,
) -> Result<Vec<u8>> {
    let (profile, directory) = profile;
    let said = sandbox.preinit(&format!(
        "-q --verify --target {target} --profile {profile} {args}"
    ));
    said.expect(0, "");
    let plain = sandbox.read(&format!("target/{target}/{directory}/{name}.wasm"));
    let baked = sandbox.read(&format!("target/{target}/{directory}/preinit/{name}.wasm"));
    let (mut before, mut after) = (Guest::new(&plain, &[])?, Guest::new(&baked, &[])?);
    for rounds in [1, 50, 200] {
        assert_eq!(before.call("work", &[rounds])?, after.call("work", &[rounds])?);
    }
    Ok(baked)
}

/// Checks that `left` still holds freed memory, and `zeroed` does not.
fn check_zeroed(left: &[u8], zeroed: &[u8], of: &str) {
    assert!(holds_secret(left), "{of}");
    assert!(!holds_secret(zeroed), "{of}");
    let (left, zeroed) = (left.len(), zeroed.len());
    assert!(zeroed + 100_000 < left, "{of}: {zeroed} < {left}");
}

#[test]
fn what_is_freed_is_zeroed_by_the_allocator() -> Result<()> {
    for target in TARGETS {
        let sandbox = Sandbox::guest(&format!("freed-{target}"), HEAP);
        sandbox.configure(SMALLEST);
        let name = format!("freed_{}", target.replace('-', "_"));
        for profile in PROFILES {
            sandbox.write("src/lib.rs", HEAP);
            let left = bake_and_work(&sandbox, &name, target, profile, "")?;
            sandbox.write("src/lib.rs", &format!("{HEAP}{ZERO_FREED}"));
            let zeroed = bake_and_work(&sandbox, &name, target, profile, "")?;
            check_zeroed(&left, &zeroed, &format!("{target} {profile:?}"));
        }
    }
    Ok(())
}

#[test]
fn what_is_free_is_found_from_outside() -> Result<()> {
    for target in TARGETS {
        let sandbox = Sandbox::guest(&format!("free-{target}"), HEAP);
        sandbox.configure(SMALLEST);
        let name = format!("free_{}", target.replace('-', "_"));
        for profile in PROFILES {
            let left = bake_and_work(&sandbox, &name, target, profile, "")?;
            let zeroed = bake_and_work(&sandbox, &name, target, profile, "--scrub-heap=dlmalloc")?;
            check_zeroed(&left, &zeroed, &format!("{target} {profile:?}"));
        }
    }
    Ok(())
}

/// Allocates, frees, and reallocates at random. `zero` and `one` append a bit to the seed, and `grow` grows the memory by a page
/// that the allocator does not own, so that its heap continues behind it.
const SHAPES: &str = r#"
use std::cell::RefCell;

thread_local! {
    static STATE: RefCell<(u64, Vec<Vec<u8>>)> = const { RefCell::new((1, Vec::new())) };
}

fn append(bit: u64) {
    STATE.with_borrow_mut(|(seed, _)| *seed = *seed * 2 + bit);
}

#[unsafe(no_mangle)]
pub extern "C" fn zero() {
    append(0);
}

#[unsafe(no_mangle)]
pub extern "C" fn one() {
    append(1);
}

#[unsafe(no_mangle)]
pub extern "C" fn few() {
    work(40);
}

#[unsafe(no_mangle)]
pub extern "C" fn many() {
    work(3000);
}

#[unsafe(no_mangle)]
pub extern "C" fn clear() {
    STATE.with_borrow_mut(|(_, live)| live.clear());
}

#[unsafe(no_mangle)]
pub extern "C" fn grow() {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::memory_grow(0, 1);
}

#[unsafe(no_mangle)]
pub extern "C" fn work(rounds: u32) -> u64 {
    STATE.with_borrow_mut(|(seed, live)| {
        for _ in 0..rounds {
            *seed ^= *seed << 13;
            *seed ^= *seed >> 7;
            *seed ^= *seed << 17;
            let (random, most) = (*seed >> 16, [64, 64, 64, 64, 2000, 2000, 2000, 60_000][*seed as usize / 16 % 8]);
            let len = random as usize % most;
            let at = (random >> 20) as usize % live.len().max(1);
            match seed.wrapping_rem(10) {
                0..5 => live.push(vec![random as u8 | 1; len]),
                _ if live.is_empty() => {}
                5..8 => drop(live.swap_remove(at)),
                8 => live[at].resize(len, 3),
                _ => {
                    live[at].truncate(10);
                    live[at].shrink_to_fit();
                }
            }
        }
        let bytes = live.iter().flatten();
        bytes.fold(live.len() as u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)))
    })
}
"#;

#[test]
fn heaps_of_many_shapes() {
    for target in TARGETS {
        let sandbox = Sandbox::guest(&format!("shapes-{target}"), SHAPES);
        sandbox
            .cargo(&format!("build --release --target {target}"))
            .succeeds();
        let guest = format!("target/{target}/release/shapes_{}.wasm", target.replace('-', "_"));
        for init in [
            "few",
            "one few clear",
            "one zero many",
            "zero one one many clear",
            "one one few grow many",
            "one one one many grow many grow many clear",
        ] {
            let init: String = init
                .split(' ')
                .map(|name| format!(" --init-func {name}"))
                .collect();
            let options = format!("{init} --scrub-heap dlmalloc --allow-wasi");
            let said = sandbox.preinit(&format!("bake {guest} -o baked.wasm --verify -v{options}"));
            said.succeeds();
            assert!(said.stderr.contains("    Scrubbed "), "{}", said.stderr);
            assert!(!said.stderr.contains("warning"), "{}", said.stderr);
            let calls = "--call work(0) --call work(500) --call work(3000) --call work(0)";
            let said = sandbox.preinit(&format!("verify baked.wasm {guest} -q{options} {calls}"));
            said.expect(0, "");
        }
    }
}
