//! What nothing reads any more is not in the baked module.

use wasmtime::Result;

use crate::host::{Guest, output};
use crate::sandbox::Sandbox;

const TARGETS: [&str; 2] = ["wasm32-wasip1", "wasm32-unknown-unknown"];

/// Each profile and its directory.
const PROFILES: [(&str, &str); 3] = [("dev", "debug"), ("release", "release"), ("smallest", "smallest")];

const SMALLEST: &str = r#"
profile.smallest = { inherits = "release", lto = "fat", strip = true, codegen-units = 1 }
"#;

/// What init has in memory for a while. The guests make it from other bytes, so it is in none of their constants.
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
