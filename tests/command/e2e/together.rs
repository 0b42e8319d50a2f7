//! Two runs of `cargo preinit` at the same time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::e2e::sandbox::Sandbox;

#[test]
fn twice_in_one_workspace() {
    let source = "#[preinit_guest::preinit]\nfn load() {}\n";
    let sandbox = Sandbox::guest("twice-at-once", source);
    sandbox.preinit("--release -q").expect(0, "");
    let path = "target/wasm32-wasip1/release/preinit/twice_at_once.wasm";
    let new = sandbox.read(path);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                assert!(sandbox.read(path) == new, "a part is there");
            }
        });
        let baker = scope.spawn(|| {
            for round in 0..5 {
                // Each has other options, so that neither is fresh.
                let mut both = [10, 20].map(|mebibytes| {
                    let memory = mebibytes + round;
                    let mut command =
                        sandbox.command(&format!("preinit --release -q --max-memory {memory}MiB"));
                    command.spawn().expect("cargo can be started")
                });
                for run in &mut both {
                    assert!(run.wait().expect("it is a child").success());
                }
            }
        });
        let baked = baker.join();
        is_over.store(true, Ordering::Relaxed);
        baked.expect("every run succeeded");
    });
    let beside = crate::tool::files(&sandbox.dir().join("target/wasm32-wasip1/release/preinit"));
    assert_eq!(beside, [".twice_at_once.wasm.fingerprint", "twice_at_once.wasm"]);
}
