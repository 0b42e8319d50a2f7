use core::cell::UnsafeCell;
use core::fmt;
use core::ptr;
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicPtr, AtomicU32};
use std::sync::OnceLock;

use crate::abi;
use crate::exports::PHASE;

/// A value that each instance makes for itself, when it is first used: it never becomes a part of the baked module.
///
/// What an item uses at build time, such as a generator of random numbers, an address of the host, or the time of the start, would be the
/// same in every instance. In this cell it is made for init, dropped and zeroed when the item that first used it ends, and made anew in each
/// instance. What the value had on the heap is freed then; [`ZeroFreed`](crate::ZeroFreed) zeroes that, too. Of an init function that is no item
/// (`--init-func`, `--warm-up`) the value stays in the module, and no instance uses it.
///
/// ```
/// use std::time::Instant;
/// use preinit_guest::PerInstance;
///
/// static STARTED: PerInstance<Instant> = PerInstance::new(Instant::now);
///
/// fn uptime() -> std::time::Duration {
///     STARTED.with(|started| started.elapsed())
/// }
///
/// assert!(uptime() < std::time::Duration::from_secs(3600));
/// ```
///
/// Without the tool, and in a native program, it is made once. The value is lent to a function, since a reference to it must not outlive
/// the item:
///
/// ```compile_fail
/// # use preinit_guest::PerInstance;
/// static NAME: PerInstance<String> = PerInstance::new(|| "Ada".to_owned());
/// let name: &'static str = NAME.with(|name| name.as_str()); // error: lifetime may not live long enough
/// ```
///
/// # Panics
///
/// [`with`](Self::with) panics if the function that makes the value uses the cell.
#[repr(C)]
pub struct PerInstance<T> {
    /// It comes first, so that its address is that of the cell.
    link: Link,
    /// The phase in which the value was made.
    made_in: AtomicU32,
    value: UnsafeCell<OnceLock<T>>,
    make: fn() -> T,
}

/// A cell that has a value at build time, and the next one.
struct Link {
    next: AtomicPtr<Link>,
    /// Drops the value of the cell that begins with this link.
    forget: unsafe fn(*const Link),
}

/// The cells that have a value at build time.
static CELLS: AtomicPtr<Link> = AtomicPtr::new(ptr::null_mut());

// SAFETY: the value is lent to all threads, and made by any: what holds for `OnceLock` holds here. Beyond that, the value is replaced in
// two cases only: at build time and when an instance uses it first, and an engine runs neither beside other threads, since a module with
// shared memory cannot be baked.
unsafe impl<T: Send + Sync> Sync for PerInstance<T> {}

impl<T> PerInstance<T> {
    /// A cell whose value this function makes.
    pub const fn new(make: fn() -> T) -> Self {
        Self {
            link: Link {
                next: AtomicPtr::new(ptr::null_mut()),
                forget: forget::<T>,
            },
            made_in: AtomicU32::new(abi::PHASE_PLAIN),
            value: UnsafeCell::new(OnceLock::new()),
            make,
        }
    }

    /// Lends the value to a function, and makes it before if there is none.
    pub fn with<R>(&'static self, use_it: impl FnOnce(&T) -> R) -> R {
        let phase = PHASE.load(Relaxed);
        if phase == abi::PHASE_DONE && self.made_in.swap(phase, Relaxed) != phase {
            // SAFETY: this instance uses the cell for the first time, and it has no other thread. Nobody has a reference to what init may
            // have left: `with` had to return before init could end.
            unsafe { self.value.get().write(OnceLock::new()) }
        }
        // SAFETY: the value is replaced only by `forget` and above, and neither happens while it is lent.
        let value = unsafe { &*self.value.get() };
        if phase == abi::PHASE_RUNNING && self.made_in.swap(phase, Relaxed) != phase {
            self.link.next.store(CELLS.load(Relaxed), Relaxed);
            CELLS.store((&raw const self.link).cast_mut(), Relaxed);
        }
        use_it(value.get_or_init(self.make))
    }
}

impl<T> fmt::Debug for PerInstance<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerInstance").finish_non_exhaustive()
    }
}

/// Drops the values that were made at build time. The tool's call of an item ends with this, so none is lent.
pub(crate) fn forget_all() {
    loop {
        let link = CELLS.load(Relaxed).cast_const();
        // SAFETY: the links are those of statics, and each begins its cell.
        let Some(cell) = (unsafe { link.as_ref() }) else {
            return;
        };
        // Before the value is dropped, since that may use another cell.
        CELLS.store(cell.next.swap(ptr::null_mut(), Relaxed), Relaxed);
        // SAFETY: `forget` is that of the cell's type, and the value is not lent.
        unsafe { (cell.forget)(link) };
    }
}

/// Drops the value of a cell, and zeroes it.
///
/// # Safety
///
/// `link` is that of a static `PerInstance<T>`, whose value is not lent.
unsafe fn forget<T>(link: *const Link) {
    // SAFETY: the link comes first in the cell, whose layout is C's.
    let cell = unsafe { &*link.cast::<PerInstance<T>>() };
    cell.made_in.store(abi::PHASE_PLAIN, Relaxed);
    let value = cell.value.get();
    // SAFETY: nobody has a reference to the value. While it is dropped, the cell has none.
    drop(unsafe { value.replace(OnceLock::new()) });
    let bytes = value.cast::<u8>();
    for place in 0..size_of::<OnceLock<T>>() {
        // SAFETY: the byte is one of the cell's.
        let byte = unsafe { bytes.add(place) };
        // SAFETY: as above. It is volatile, so that the optimiser does not take it for useless.
        unsafe { byte.write_volatile(0) }
    }
    // SAFETY: the cell is ours.
    unsafe { value.write(OnceLock::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phase::ALONE;
    use std::string::{String, ToString as _};
    use std::sync::PoisonError;
    use std::sync::atomic::AtomicUsize;

    static MADE: AtomicUsize = AtomicUsize::new(0);
    static DROPPED: AtomicUsize = AtomicUsize::new(0);

    struct Numbered(String);

    impl Drop for Numbered {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Relaxed);
        }
    }

    static CELL: PerInstance<Numbered> =
        PerInstance::new(|| Numbered(MADE.fetch_add(1, Relaxed).to_string()));
    static OTHER: PerInstance<u8> = PerInstance::new(|| 7);

    fn value() -> String {
        CELL.with(|cell| cell.0.clone())
    }

    #[test]
    fn each_phase_has_a_value_of_its_own() {
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        PHASE.store(abi::PHASE_RUNNING, Relaxed);
        assert_eq!((value().as_str(), value().as_str()), ("0", "0"));
        assert_eq!(OTHER.with(|other| *other), 7);
        forget_all();
        assert_eq!(DROPPED.load(Relaxed), 1);
        // A later item makes another one.
        assert_eq!(value(), "1");
        forget_all();
        forget_all();
        assert_eq!(DROPPED.load(Relaxed), 2);
        PHASE.store(abi::PHASE_DONE, Relaxed);
        assert_eq!((value().as_str(), value().as_str()), ("2", "2"));
        assert_eq!((OTHER.with(|other| *other), DROPPED.load(Relaxed)), (7, 2));
        PHASE.store(abi::PHASE_PLAIN, Relaxed);
    }
}
