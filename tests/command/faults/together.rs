//! Several bakes of one guest at the same time, while the output is read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::faults::scene::{Scene, alone};

#[test]
fn many_bakes_to_one_output() {
    const ROUNDS: usize = 6;
    const BAKES: usize = 8;
    let _alone = alone();
    let scene = Scene::large();
    let status = scene.tool().status().expect("the tool can be started");
    assert!(status.success());
    let new = scene.output().expect("it was written");
    let output = scene.path("out/out.wasm");
    let is_over = AtomicBool::new(false);
    let reads = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0;
            while !is_over.load(Ordering::Relaxed) {
                if let Some(found) = scene.output() {
                    assert!(found == new, "a part of {} bytes is there", found.len());
                    reads += 1;
                }
            }
            reads
        });
        let baker = scope.spawn(|| {
            for round in 0..ROUNDS {
                // Then the first bake creates the output, and the others replace it.
                if round % 2 == 0 {
                    fs_err::remove_file(&output).expect("the last round wrote it");
                }
                let bakes: Vec<_> = (0..BAKES)
                    .map(|_| scene.tool().spawn().expect("the tool can be started"))
                    .collect();
                for mut bake in bakes {
                    assert!(bake.wait().expect("it is a child").success());
                }
                assert!(scene.output().as_ref() == Some(&new));
                assert_eq!(scene.beside(), ["out.wasm"]);
            }
        });
        let baked = baker.join();
        is_over.store(true, Ordering::Relaxed);
        baked.expect("every bake succeeded");
        reader.join().expect("every read found a whole module")
    });
    assert!(reads > 0);
}
