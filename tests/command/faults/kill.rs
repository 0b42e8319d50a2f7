//! Bakes that are killed at any moment: the output is the old file or the new one, and no other file is in its directory.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use crate::faults::scene::{Scene, alone, namespace};

const OLD: &[u8] = b"old";

/// The number of kills of each kind.
const KILLS: u32 = 100;

/// Counts of what the kills left, by which a test checks that all moments were met.
#[derive(Debug, Default)]
struct Found {
    before: u32,
    after: u32,
    while_writing: u32,
}

/// When to kill.
#[derive(Clone, Copy)]
enum Moment {
    /// This long after the start.
    After(Duration),
    /// This long after the new file was opened.
    Writing(Duration),
}

/// The median time of a whole bake, and its output.
fn whole(scene: &Scene) -> (Duration, Vec<u8>) {
    let mut times: Vec<Duration> = (0..7)
        .map(|_| {
            let started = Instant::now();
            let status = scene.tool().status().expect("the tool can be started");
            assert!(status.success());
            started.elapsed()
        })
        .collect();
    times.sort();
    let new = scene.output().expect("it was written");
    (times[times.len() / 2], new)
}

/// Waits in a loop, since a sleep would be too coarse.
fn wait_until(mut reached: impl FnMut() -> bool) {
    while !reached() {
        thread::yield_now();
    }
}

/// Whether a process has a file in the directory open, and so is writing it. A process that has ended has none.
fn writes_in(child: &Child, dir: &Path) -> bool {
    let Ok(open) = fs_err::read_dir(format!("/proc/{}/fd", child.id())) else {
        return false;
    };
    open.flatten()
        .filter_map(|entry| fs_err::read_link(entry.path()).ok())
        .any(|file: PathBuf| file != dir && file.starts_with(dir))
}

/// Kills a bake, and returns whether it was writing.
fn kill(scene: &Scene, prefix: &[&str], moment: Moment) -> bool {
    let out = scene.path("out").canonicalize().expect("it is there");
    let mut child = scene.prefixed(prefix).spawn().expect("the tool can be started");
    let is_writing = match moment {
        Moment::After(delay) => {
            let started = Instant::now();
            wait_until(|| started.elapsed() >= delay);
            false
        }
        Moment::Writing(delay) => {
            let mut is_writing = false;
            wait_until(|| {
                is_writing = writes_in(&child, &out);
                is_writing || child.try_wait().expect("it is a child").is_some()
            });
            let started = Instant::now();
            wait_until(|| started.elapsed() >= delay);
            is_writing
        }
    };
    // The child may have ended already.
    let _ = child.kill();
    let _ = child.wait();
    is_writing
}

/// Kills many bakes, and checks what each leaves.
fn kills(scene: &Scene, old: Option<&[u8]>, check: impl Fn(&Scene)) {
    let _alone = alone();
    let (usual, new) = whole(scene);
    let mut found = Found::default();
    // Up to one and a half times the usual time, so that some kills come too late even if a bake takes longer.
    let sweep = (0..KILLS).map(|step| Moment::After(usual * 3 / 2 * step / KILLS));
    // Writing takes about a millisecond.
    let writing = (0..KILLS).map(|step| Moment::Writing(Duration::from_micros(20) * step));
    // On a busy machine nobody may look in that millisecond, so there are more attempts, as long as none was in time.
    let again = writing.clone().cycle().take(9 * KILLS as usize);
    for (moment, is_again) in sweep
        .chain(writing)
        .map(|moment| (moment, false))
        .chain(again.map(|moment| (moment, true)))
    {
        if is_again && found.while_writing > 0 {
            break;
        }
        let output = scene.path("out/out.wasm");
        match old {
            Some(old) => fs_err::write(output, old).expect("the directory is writable"),
            None if output.exists() => fs_err::remove_file(output).expect("the directory is writable"),
            None => {}
        }
        found.while_writing += u32::from(kill(scene, &[], moment));
        match scene.output() {
            left if left.as_deref() == Some(&*new) => found.after += 1,
            left if left.as_deref() == old => found.before += 1,
            left => panic!("a part of {} bytes is there", left.unwrap_or_default().len()),
        }
        check(scene);
    }
    eprintln!("a bake takes {usual:?}; {found:?}");
    assert!(
        found.before > 0 && found.after > 0 && found.while_writing > 0,
        "not all moments were met: {found:?}"
    );
}

#[test]
fn without_an_output_before() {
    let scene = Scene::large();
    kills(&scene, None, |scene| {
        let beside = scene.beside();
        assert!(beside.is_empty() || beside == ["out.wasm"], "{beside:?}");
    });
}

/// To replace an output the new file needs a temporary name for a moment, in the directory for temporary files.
#[test]
fn with_an_output_before() {
    let scene = Scene::large();
    kills(&scene, Some(OLD), |scene| {
        assert_eq!(scene.beside(), ["out.wasm"])
    });
}

/// Without `/proc` an unnamed file cannot be named. Then, as on other systems, the new file has a temporary name from the start, which
/// a kill leaves. The next bake removes it.
#[test]
fn where_every_file_has_a_name() {
    let Some(namespace) = namespace() else { return };
    let _alone = alone();
    let scene = Scene::large();
    let (_, new) = whole(&scene);
    let hidden: Vec<&str> = namespace
        .iter()
        .copied()
        .chain(["bash", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "bash"])
        .collect();
    for step in 0..KILLS / 2 {
        fs_err::write(scene.path("out/out.wasm"), OLD).expect("the directory is writable");
        let delay = Duration::from_micros(20) * step;
        kill(&scene, &hidden, Moment::Writing(delay));
        let output = scene.output().expect("it was there before");
        assert!(output == OLD || output == new);
        let mut beside = scene.beside();
        beside.retain(|name| name != "out.wasm");
        assert!(beside.len() <= 1, "{beside:?}");
    }
    // It is chance whether a kill leaves a temporary file, so the test adds one.
    fs_err::write(scene.path("out/.preinit-dead.tmp"), OLD).expect("the directory is writable");
    let status = scene.prefixed(&hidden).status().expect("the tool can be started");
    assert!(status.success());
    assert_eq!(scene.beside(), ["out.wasm"]);
    assert_eq!(scene.output(), Some(new));
}
