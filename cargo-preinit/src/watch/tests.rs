//! Tests of the bounds, and of what the watch passes or ends.

use super::*;
use crate::precompile::Precompile;

fn bounds(timeout: Option<Duration>, options: &BakeOptions) -> Bounds {
    Bounds::of_bake(timeout, options, 1)
}

/// Work that never ends.
fn endless() {
    loop {
        thread::park();
    }
}

#[test]
fn what_modules_need_is_within_the_bounds() {
    let options = BakeOptions::default();
    // A module of 58 MB took Cranelift 322 s.
    assert!(bounds(None, &options).time(58_000_000) > Duration::from_secs(3 * 322));
    assert!(bounds(None, &options).time(1000) <= Duration::from_secs(140));
    let second = Duration::from_secs(1);
    assert_eq!(bounds(Some(second), &options).time(58_000_000), second);
    // The memory that the bake of 256 MiB of data was measured to take, without and with a replay.
    let options = BakeOptions {
        limits: Limits {
            memory_bytes: 256 << 20,
            ..Limits::default()
        },
        ..BakeOptions::default()
    };
    assert!(bounds(None, &options).memory(147) > 2 * 806_000_000);
    let checked = BakeOptions {
        check: Check::Replay,
        ..options.clone()
    };
    assert!(bounds(None, &checked).memory(147) > 3_000_000_000);
    assert!(bounds(None, &checked).time(147) > bounds(None, &options).time(147));
    let most = Limits {
        memory_bytes: u64::MAX,
        timeout: Duration::MAX,
        ..Limits::default()
    };
    let most = BakeOptions {
        limits: most,
        precompile: Precompile::default(),
        ..options
    };
    assert_eq!(bounds(None, &most).memory(u64::MAX), u64::MAX);
    assert_eq!(bounds(None, &most).time(u64::MAX), Duration::MAX);
}

#[test]
fn what_is_done_in_time_is_handed_over() {
    let watch = Watch::new(
        "nothing".to_owned(),
        bounds(None, &BakeOptions::default()),
        &Process::default(),
    );
    let _clock = watch.start();
    assert_eq!(watch.over(|| 42).expect("there is time"), 42);
    let mut seen = Vec::new();
    let work = |done: &dyn Fn(u32)| {
        done(1);
        done(2);
        3
    };
    let each = |number| {
        seen.push(number);
        Ok(())
    };
    assert_eq!(watch.over_each(work, each).expect("there is time"), 3);
    assert_eq!(seen, [1, 2]);
}

#[test]
fn the_stage_is_named() {
    let time = Duration::from_millis(1);
    let bounds = bounds(Some(time), &BakeOptions::default());
    let watch = Watch::new("`a` was not baked".to_owned(), bounds, &Process::default());
    let clock = watch.start();
    clock.enter(Stage::Emit);
    let error = watch.over(endless).expect_err("it does not end");
    assert_eq!(
        error.to_string(),
        "`a` was not baked: still making the baked module after 0.001 s in all"
    );
    assert_eq!(clock.left_of(time), Duration::ZERO);
    assert!(clock.overrun().is_some());
}

/// Each piece of work has its own clock; the first that runs out ends all.
#[test]
fn there_are_several_clocks() {
    let time = Duration::from_millis(1);
    let watch = Watch::new(
        String::new(),
        bounds(Some(time), &BakeOptions::default()),
        &Process::default(),
    );
    let done = watch.start();
    let (in_init, late) = (watch.start(), watch.start());
    in_init.enter(Stage::Init);
    late.enter(Stage::CheckOutput);
    drop(done);
    let Err(Error::Overrun { overrun, .. }) = watch.over(endless) else {
        panic!("it does not end");
    };
    assert_eq!(overrun.stage, Stage::CheckOutput);
    assert_eq!(overrun.bound, Bound::Time(time));
}

/// Memory is the process's: its bound is for all that is under way, and only for that.
#[test]
fn bounds_on_memory_add_up() {
    let process = Process::default();
    let bounds = bounds(None, &BakeOptions::default());
    let watch = || Watch::new(String::new(), bounds, &process);
    let (first, second) = (watch(), watch());
    second.input_is(1000);
    let sum = bounds.memory(0) + bounds.memory(1000);
    assert_eq!(process.memory(), (sum, 2));
    drop(second);
    assert_eq!(process.memory(), (bounds.memory(0), 1));
    drop(first);
}

#[test]
fn who_is_not_watched_has_all_time() {
    let clock = Clock::unwatched();
    clock.enter(Stage::Init);
    assert_eq!(clock.left_of(Duration::MAX), Duration::MAX);
    assert_eq!(clock.overrun(), None);
}

#[test]
#[cfg(target_os = "linux")]
fn memory_is_counted() {
    let before = resident().expect("Linux tells");
    let bytes = vec![1_u8; 64 << 20];
    let after = resident().expect("Linux tells");
    assert!(std::hint::black_box(&bytes).len() as u64 <= after);
    assert!(before > 0);
    let no_more = Bounds {
        limits: Limits {
            memory_bytes: 0,
            ..Limits::default()
        },
        ..bounds(None, &BakeOptions::default())
    };
    assert_eq!(no_more.memory(0), MEMORY);
}
