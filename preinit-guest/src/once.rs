//! The state of a function that runs once.

use core::sync::atomic::{AtomicBool, Ordering};

use crate::initialiser::Mark;
use crate::outcome::Outcome;

// Which caller may run the body. On single-threaded targets, a flag is enough to notice that a function calls itself. Without
// `std` there is only the flag, and other threads spin.
#[cfg(not(all(feature = "std", any(not(target_family = "wasm"), target_feature = "atomics"))))]
#[path = "once/flag.rs"]
mod turn;
#[cfg(all(feature = "std", any(not(target_family = "wasm"), target_feature = "atomics")))]
#[path = "once/threads.rs"]
mod turn;

/// Runs a body, one thread at a time, until it has succeeded once.
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
    /// A `Once` whose body has not run. `name` is the function's.
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
        // Another thread may have run the body while this one waited.
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

    /// Returns the turn, or panics if there is none.
    ///
    /// A panic here would put the path of this file into the module, and so the SDK's place on the machine that builds it. A
    /// function that is called through a pointer panics with its own location, and the standard library's path is the same
    /// everywhere.
    fn expect<T>(&self, turn: Option<T>) -> T {
        let expect: fn(Result<T, &'static str>, &str) -> T = Result::expect;
        let text = "a `#[preinit]` function called itself while it was being preinitialised";
        expect(turn.ok_or(self.name), text)
    }
}
