//! Initialisers that only one item can call, and that the tool knows by their address.
//!
//! A `LazyLock` keeps a pointer to its function, and whoever reads the static seems to be able to call it. So nothing that
//! reads a module can tell that the function has done its work. An item says so itself: its descriptor names the function
//! that it is initialised by, if nothing calls that any more once it has succeeded.
//!
//! Such a function is never inlined, and it leaves a [`Mark`] that says whose it is. So no compiler takes it for the same
//! as another function, and no copy of it is left.

use core::hint;
use core::mem::MaybeUninit;
use core::ptr;

use crate::statics::Lazy;

/// The initialiser of a lazy static. It is not generic, since it could not be named then, so it leaves the value in a
/// [`Slot`].
pub type Initialiser = fn(&mut Slot);

/// Where an initialiser leaves its value.
#[derive(Debug)]
pub struct Slot {
    mark: Mark,
    value: *mut (),
}

impl Slot {
    /// Makes the value of a static, and puts it in.
    pub fn fill<L: Lazy>(&mut self, it: &'static L, make: fn() -> L::Value) {
        self.mark.leave(it);
        let value = make();
        // SAFETY: there is room for a value of this type: whoever called `initialise` answers for it.
        unsafe { self.value.cast::<L::Value>().write(value) };
    }
}

/// Makes the value of a static.
///
/// # Safety
///
/// The initialiser calls [`Slot::fill`], for a static of the same type, and does nothing else to its slot.
pub unsafe fn initialise<L: Lazy>(_: &'static L, initialiser: Initialiser) -> L::Value {
    let mut value = MaybeUninit::<L::Value>::uninit();
    let mut slot = Slot {
        mark: Mark::none(),
        value: value.as_mut_ptr().cast(),
    };
    initialiser(&mut slot);
    slot.mark.look();
    // SAFETY: it is filled.
    unsafe { value.assume_init() }
}

/// Where a function leaves the address of its item, which no other function does.
///
/// A check would tell functions apart as well, unless an optimiser is told that checks do not fail. What is written stays.
#[derive(Debug)]
pub struct Mark(*const ());

impl Mark {
    pub(crate) const fn none() -> Self {
        Self(ptr::null())
    }

    /// Leaves the address of an item.
    #[inline]
    pub fn leave<T>(&mut self, item: &'static T) {
        self.0 = ptr::from_ref(item).cast();
    }

    /// Looks at what was left, so that it has to be there.
    pub(crate) fn look(&self) {
        hint::black_box(self.0);
    }
}
