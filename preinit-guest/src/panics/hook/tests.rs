use std::panic::{AssertUnwindSafe, catch_unwind};
use std::string::{String, ToString as _};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{MutexGuard, PoisonError};
use std::{slice, str};

use super::*;
use crate::abi;
use crate::exports::{MESSAGE, PHASE};
use crate::phase::ALONE;

/// The hook, the phase and the message are global: one test at a time, each from the default hook.
fn alone() -> MutexGuard<'static, ()> {
    let guard = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    drop(panic::take_hook());
    guard
}

fn bake(job: impl FnOnce()) {
    PHASE.store(abi::PHASE_RUNNING, Ordering::Relaxed);
    watch(job);
    PHASE.store(abi::PHASE_DONE, Ordering::Relaxed);
}

/// Panics as far as a hook can see.
fn panics(text: &str) {
    let caught = catch_unwind(AssertUnwindSafe(|| panic!("{text}")));
    assert!(caught.is_err());
}

fn message() -> String {
    let (start, len) = (
        MESSAGE.start.load(Ordering::Relaxed),
        MESSAGE.len.load(Ordering::Relaxed),
    );
    // SAFETY: the message is a leaked text.
    let bytes = unsafe { slice::from_raw_parts(start, len) };
    str::from_utf8(bytes).expect("a message is UTF-8").to_string()
}

fn is_default() -> bool {
    let before = Before::take();
    let is_default = before.is_default;
    if !is_default {
        panic::set_hook(before.hook);
    }
    is_default
}

#[test]
fn leaves_the_text() {
    let _alone = alone();
    bake(|| panics("no table"));
    let message = message();
    let (place, text) = message.rsplit_once(": ").expect("a place and a text");
    assert_eq!(text, "no table");
    assert!(
        place.starts_with("panicked at ") && place.contains("tests.rs:"),
        "{place}"
    );
}

#[test]
fn restores_the_default_hook() {
    let _alone = alone();
    bake(|| assert!(!is_default()));
    assert!(is_default());
}

#[test]
fn restores_and_calls_the_hook_that_was_set() {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let _alone = alone();
    panic::set_hook(Box::new(|_| {
        CALLS.fetch_add(1, Ordering::Relaxed);
    }));
    bake(|| panics("while watched"));
    assert_eq!(CALLS.load(Ordering::Relaxed), 1);
    panics("afterwards");
    assert_eq!(CALLS.load(Ordering::Relaxed), 2);
    assert!(message().ends_with(": while watched"));
    drop(panic::take_hook());
}

#[test]
fn keeps_the_hook_of_the_job() {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let _alone = alone();
    bake(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            CALLS.fetch_add(1, Ordering::Relaxed);
            if CALLS.load(Ordering::Relaxed) == 1 {
                hook(info);
            }
        }));
        panics("while watched");
    });
    assert!(message().ends_with(": while watched"));
    panics("afterwards");
    assert_eq!(CALLS.load(Ordering::Relaxed), 2);
    drop(panic::take_hook());
}

#[test]
fn keeps_the_default_hook_if_the_job_chose_it() {
    let _alone = alone();
    bake(|| drop(panic::take_hook()));
    assert!(is_default());
}
