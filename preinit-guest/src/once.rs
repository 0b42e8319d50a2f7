//! The state of a function that runs once.

use core::sync::atomic::{AtomicBool, Ordering};

use crate::initialiser::Mark;
use crate::outcome::Outcome;

// Who may run the body right now. One thread needs only a flag to notice that a function calls itself; so does a crate
// without `std`, where other threads spin.
#[cfg(not(all(feature = "std", any(not(target_family = "wasm"), target_feature = "atomics"))))]
#[path = "once/flag.rs"]
mod turn;
#[cfg(all(feature = "std", any(not(target_family = "wasm"), target_feature = "atomics")))]
#[path = "once/threads.rs"]
mod turn;

/// Runs a body until it succeeds, one thread at a time, and never again.
///
/// Unlike `std::sync::Once`, it is not poisoned by a panic, an `Err` leaves it as it was, and a body that calls itself
/// panics instead of waiting for itself.
#[derive(Debug)]
pub struct Once {
    name: &'static str,
    done: AtomicBool,
    turn: turn::Turn,
}

impl Once {
    /// One that has not run. The name is that of the function.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            done: AtomicBool::new(false),
            turn: turn::Turn::new(),
        }
    }

    /// Runs the body, unless it has already succeeded.
    #[inline]
    pub fn run<R: Outcome>(&self, body: impl FnOnce(&mut Mark) -> R) -> R {
        if self.done.load(Ordering::Acquire) {
            R::done()
        } else {
            self.first(body)
        }
    }

    #[cold]
    fn first<R: Outcome>(&self, body: impl FnOnce(&mut Mark) -> R) -> R {
        let _turn = self.expect(self.turn.take());
        // Another thread may have run it while this one waited.
        if self.done.load(Ordering::Acquire) {
            return R::done();
        }
        let mut mark = Mark::none();
        let outcome = body(&mut mark);
        mark.look();
        if outcome.failure().is_none() {
            self.done.store(true, Ordering::Release);
        }
        outcome
    }

    /// Panics if there is no turn.
    ///
    /// A panic in this file would put the file's path into the module, and with it where the SDK is on the machine that
    /// builds. What is called by its address panics where it is defined, and the standard library has the same path
    /// everywhere.
    fn expect<T>(&self, turn: Option<T>) -> T {
        let expect: fn(Result<T, &'static str>, &str) -> T = Result::expect;
        let text = "a `#[preinit]` function called itself while it was being preinitialised";
        expect(turn.ok_or(self.name), text)
    }
}
