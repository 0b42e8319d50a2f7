//! Initialisers that only one item can call, and that the tool knows by their address.
//!
//! A `LazyLock` keeps a pointer to its function, and whoever reads the static seems to be able to call it. So nothing that
//! reads a module can tell that the function has done its work. An item says so itself: its descriptor names the function
//! that it is initialised by, and once that has succeeded nothing calls it any more.
//!
//! Such a function is never inlined, and it looks at the state of its own item first. So no compiler takes it for the same
//! as another function, and no copy of it is left.

use core::any::TypeId;
use core::mem::MaybeUninit;

use crate::statics::Lazy;

/// The initialiser of a lazy static. It is not generic, since it could not be named then, so it leaves the value in a
/// [`Slot`].
pub type Initialiser = fn(&mut Slot);

/// Where an initialiser leaves its value.
#[derive(Debug)]
pub struct Slot {
    /// The type of the static, and so that of the value.
    ty: TypeId,
    value: *mut (),
    is_filled: bool,
}

impl Slot {
    /// Puts the value of a static in.
    pub fn fill<L: Lazy>(&mut self, it: &'static L, make: fn() -> L::Value) {
        assert!(!it.is_preinit(), "the static is initialised already");
        assert!(self.ty == TypeId::of::<L>(), "the initialiser of another static");
        let value = make();
        // SAFETY: `initialise` made room for a value of this very type.
        unsafe { self.value.cast::<L::Value>().write(value) };
        self.is_filled = true;
    }
}

/// Makes the value of a static.
pub fn initialise<L: Lazy>(_: &'static L, initialiser: Initialiser) -> L::Value {
    let mut value = MaybeUninit::<L::Value>::uninit();
    let mut slot = Slot {
        ty: TypeId::of::<L>(),
        value: value.as_mut_ptr().cast(),
        is_filled: false,
    };
    initialiser(&mut slot);
    assert!(slot.is_filled, "the initialiser of no static");
    // SAFETY: it is filled, and only `fill` says so.
    unsafe { value.assume_init() }
}
