//! Initialisers that only one item can call, and whose addresses the tool knows.
//!
//! A `LazyLock` keeps a pointer to its function, so code that reads the static seems to be able to call it, and the module
//! alone does not show that the function has done its work. So an item's descriptor names the item's initialiser, if nothing
//! calls that again once it has succeeded.
//!
//! Such a function is never inlined, and it leaves a [`Mark`] with the address of its item. So no compiler merges it with
//! another function or copies it.

use core::hint;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;

use crate::statics::{Calls, Lazy};

/// The initialiser of a lazy static. It leaves the value in a [`Slot`] instead of returning it, so that this type is not
/// generic and can be named.
pub type Initialiser = fn(&mut Slot);

/// Where an initialiser leaves its value.
#[derive(Debug)]
pub struct Slot {
    mark: Mark,
    value: *mut (),
}

impl Slot {
    /// Makes the value of a static, and puts it in.
    pub fn fill<L, V, F>(&mut self, it: &'static L, _: Kind<L, V, F>, make: fn() -> V) {
        self.mark.leave(it);
        let value = make();
        // SAFETY: `value` has room for a value of this type, as the caller of `initialise` promises.
        unsafe { self.value.cast::<V>().write(value) };
    }
}

/// What the expansion needs to know of the type `L` of a lazy static, whose values are of type `V`.
///
/// Only [`kind`] asks for the trait, so that a type without it is reported in the same words at each use, which the compiler prints
/// once.
#[derive(Debug, Clone, Copy)]
pub struct Kind<L, V, F> {
    pub(crate) calls: Calls,
    /// Initialises the static, and says whether it is. It is no pointer, which would keep a function in the module.
    pub(crate) force: F,
    of: PhantomData<fn(L) -> V>,
}

/// What the expansion needs to know of a type. `V` is always its [`Lazy::Value`].
#[must_use]
pub const fn kind<L: Lazy + 'static>() -> Kind<L, L::Value, impl Fn(&'static L) -> bool + Copy> {
    Kind {
        calls: L::CALLS,
        force: |it: &'static L| {
            it.preinit();
            it.is_preinit()
        },
        of: PhantomData,
    }
}

/// Makes the value of a static.
///
/// # Safety
///
/// The initialiser calls [`Slot::fill`], for a static of the same type, and does nothing else to its slot.
pub unsafe fn initialise<L, V, F>(_: &'static L, _: Kind<L, V, F>, initialiser: Initialiser) -> V {
    let mut value = MaybeUninit::<V>::uninit();
    let mut slot = Slot {
        mark: Mark::none(),
        value: value.as_mut_ptr().cast(),
    };
    initialiser(&mut slot);
    slot.mark.look();
    // SAFETY: the initialiser has filled the slot, as the caller promises.
    unsafe { value.assume_init() }
}

/// The place where a function leaves the address of its item, which no other function does.
///
/// A check would distinguish functions as well, but an optimiser may assume that checks do not fail. A write stays.
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

    /// Reads the address, so that its write cannot be removed.
    pub(crate) fn look(&self) {
        hint::black_box(self.0);
    }
}
